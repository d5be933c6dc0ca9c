/**
 * What one browser of the account says to another one while both are attached. The object knows who speaks, from whose session
 * it is, and how much; nothing of it is kept, and a browser that is not there hears nothing of it later.
 */
import type { RelayArguments } from "../../worker/contract/calls.ts";
import type { Result } from "../../worker/contract/failures.ts";
import { LIMITS } from "../../worker/contract/limits.ts";
import type { BrowserId, RoadId, Time } from "../../worker/contract/names.ts";
import type { Browser } from "../store/browser-row.ts";
import type { Feed } from "./feed.ts";

const MINUTE_MS = 60_000;

/** What a browser has said since the minute began. */
type Said = { readonly since: Time; calls: number; length: number; readonly roads: Set<RoadId> };

export class Relay {
  readonly #feed: Pick<Feed, "hand">;
  readonly #said = new Map<BrowserId, Said>();

  constructor(feed: Pick<Feed, "hand">) {
    this.#feed = feed;
  }

  /** See the call `relay`. */
  pass(
    { id, device }: Pick<Browser, "id" | "device">,
    { to, road, bytes }: RelayArguments,
  ): Result<{ readonly done: true }> {
    if (device === undefined || device === to) return { ok: false, error: { kind: "not-found" } };
    if (!this.#mayMore(id, road, bytes.length)) return { ok: false, error: { kind: "too-busy" } };
    if (!this.#feed.hand(to, { type: "relayed", from: device, road, bytes }))
      return { ok: false, error: { kind: "not-found" } };
    return { ok: true, value: { done: true } };
  }

  #mayMore(id: BrowserId, road: RoadId, length: number): boolean {
    const now = Date.now();
    const before = this.#said.get(id);
    const said =
      before === undefined || before.since <= now - MINUTE_MS
        ? { since: now, calls: 0, length: 0, roads: new Set<RoadId>() }
        : before;
    this.#said.set(id, said);
    const full = said.calls >= LIMITS.relaysAMinute || said.length + length > LIMITS.relayLengthAMinute;
    if (full || (!said.roads.has(road) && said.roads.size >= LIMITS.roadsAMinute)) return false;
    said.calls += 1;
    said.length += length;
    said.roads.add(road);
    return true;
  }
}
