/**
 * Rows that cannot be read are asked of own browsers, for ever after and without a person: those that come, and at first those
 * that were there. Each browser is asked for each of them once; whoever is attached later is asked then.
 */
import type { BareJid, DeviceId } from "../../../worker/contract/names.ts";
import type { EngineEvent } from "../protocol/engine.ts";
import { NOTHING_READ } from "../protocol/conversations.ts";
import { isHole } from "../chunks/of-row.ts";
import type { Store } from "../store/store.ts";
import type { Touched } from "../store/touched.ts";
import { itemOf } from "../views/message.ts";
import type { Asker } from "./asker.ts";
import { ASKED } from "./frames.ts";
import { type Hole, newestHoles } from "./holes.ts";

/** Rows that are remembered to be asked for: those of one long absence. */
const KEPT = 2_000;
/** Conversations whose newest rows are looked through at first. */
const LOOKED_AT = 30;

export class Needs {
  readonly #store: Store;
  readonly #emit: (event: EngineEvent) => void;
  /** Which browsers have been asked for it, the oldest row first. */
  readonly #wanted = new Map<string, { readonly hole: Hole; readonly asked: Set<DeviceId> }>();
  #looked = false;

  constructor(store: Store, emit: (event: EngineEvent) => void) {
    this.#store = store;
    this.#emit = emit;
  }

  /** Rows that a commit has written. `whole`: those of before this device are asked for as well. Whether there are new ones. */
  see({ messages }: Touched, whole: boolean): boolean {
    const before = this.#wanted.size;
    for (const { rows, removed } of messages.values()) {
      for (const key of removed) this.#wanted.delete(key);
      for (const row of rows) {
        if (isHole(row) && (whole || row.hidden === 0)) this.#want(row);
        else this.#wanted.delete(row.key);
      }
    }
    return this.#wanted.size > before;
  }

  /** Once: those that were there. */
  async look(): Promise<void> {
    if (this.#looked) return;
    this.#looked = true;
    for (const hole of await newestHoles(this.#store.database, LOOKED_AT)) this.#want(hole);
  }

  /** Whether there is something that this browser has not been asked for. */
  isWorthAsking(device: DeviceId): boolean {
    return [...this.#wanted.values()].some(({ asked }) => !asked.has(device));
  }

  /** Asks one browser for all that it was not asked for. What it has fills in; of the rest is said only what is known. */
  async ask(device: DeviceId, asker: Asker): Promise<void> {
    for (;;) {
      const next = [...this.#wanted.values()].filter(({ asked }) => !asked.has(device)).slice(-ASKED);
      if (next.length === 0 || asker.ended) return;
      for (const { asked } of next) asked.add(device);
      const holes = next.map(({ hole }) => hole);
      this.#tell(holes, true);
      const { how } = await asker.ask(holes, undefined, true);
      if (how !== "answered") for (const { asked } of next) asked.delete(device);
      // As they are now: somebody may have reacted to one of them meanwhile.
      this.#tell(
        holes.flatMap(({ key }) => this.#wanted.get(key)?.hole ?? []),
        false,
      );
      if (how !== "answered") return;
    }
  }

  #want(hole: Hole): void {
    const { asked = new Set<DeviceId>() } = this.#wanted.get(hole.key) ?? {};
    this.#wanted.delete(hole.key);
    this.#wanted.set(hole.key, { hole, asked });
    const [oldest] = this.#wanted.keys();
    if (this.#wanted.size > KEPT && oldest !== undefined) this.#wanted.delete(oldest);
  }

  /** Rows that nobody shows are told to nobody. */
  #tell(holes: readonly Hole[], asking: boolean): void {
    const { cache } = this.#store;
    const chats = new Map<BareJid, Hole[]>();
    for (const hole of holes) if (hole.hidden === 0) chats.set(hole.chat, [...(chats.get(hole.chat) ?? []), hole]);
    for (const [chat, rows] of chats) {
      const items = rows.map((row) => ({ ...itemOf(row), ...(asking && { asking }) }));
      const beforeDevice = cache.counts.get(chat)?.beforeDevice ?? 0;
      const readTo = cache.chats.get(chat)?.readTo ?? NOTHING_READ;
      this.#emit({ type: "messages", chat, items, removed: [], beforeDevice, readTo });
    }
  }
}
