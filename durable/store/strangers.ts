/**
 * How much of what strangers send is kept: so many at once, then so many an hour, of each of them and of all together.
 * Strangers are not on the roster, nobody asked them, and nobody of this account has written to them. What is over it stays
 * in the server's archive alone; its place is marked, once a stranger.
 */
import type { BareJid, Time } from "../../worker/contract/names.ts";
import { type Allowance, spend } from "./allowance.ts";
import type { Meta } from "./meta.ts";

const MINUTE_MS = 60_000;
const OF_ONE: Allowance = { atOnce: 100, everyMs: 5 * MINUTE_MS };
const OF_ALL: Allowance = { atOnce: 500, everyMs: 2 * MINUTE_MS };
/** Strangers over it are marked; so many of them, then nothing is said of further ones for a while. */
const MARKERS: Allowance = { atOnce: 200, everyMs: 10 * MINUTE_MS };
/** Requests that may wait for an answer. A server tells those that were passed over again at the next stream. */
export const REQUESTS_MAX = 100;
/** Of so many strangers it is remembered by name. */
const REMEMBERED = 500;

export class Strangers {
  readonly #meta: Meta;
  readonly #each = new Map<BareJid, Time>();
  readonly #marked = new Set<BareJid>();
  #markers: Time | undefined;

  constructor(meta: Meta) {
    this.#meta = meta;
  }

  /** Something of a stranger's: kept, left out with a marker in its place, or left out. Runs inside a turn. */
  take(jid: BareJid, now: Time): "keep" | "mark" | "leave" {
    const all = spend(this.#meta.get("strangers"), now, OF_ALL);
    const one = spend(this.#each.get(jid), now, OF_ONE);
    if (all === undefined || one === undefined) return this.#mark(jid, now);
    this.#meta.set("strangers", all);
    this.#marked.delete(jid);
    this.#each.delete(jid);
    this.#each.set(jid, one);
    const [oldest] = this.#each.keys();
    if (this.#each.size > REMEMBERED && oldest !== undefined) this.#each.delete(oldest);
    return "keep";
  }

  #mark(jid: BareJid, now: Time): "mark" | "leave" {
    const markers = this.#marked.has(jid) ? undefined : spend(this.#markers, now, MARKERS);
    if (markers === undefined) return "leave";
    this.#markers = markers;
    this.#marked.add(jid);
    return "mark";
  }
}
