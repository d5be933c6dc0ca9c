/** Rings at browsers that are closed while nobody looks at any: who, and when; with what says `delivery.ts`. */
import type { EntriesAsked, EntriesGiven, PushSubscribing } from "../../worker/contract/push.ts";
import { PUSH_LIMITS } from "../../worker/contract/push.ts";
import type { Result } from "../../worker/contract/failures.ts";
import type { BareJid, Seq, Time } from "../../worker/contract/names.ts";
import { failed } from "../../worker/shared/failed.ts";
import { toBase64Url } from "../../worker/shared/base64.ts";
import { epochOf, startOf } from "../browsers/own-epochs.ts";
import { entryFor } from "../log/entry-row.ts";
import { type Allowance, spend } from "../store/allowance.ts";
import type { Browser } from "../store/browser-row.ts";
import type { Stores } from "../store/stores.ts";
import { Delivery, PUSHING, type PushParts } from "./delivery.ts";
import { Due } from "./due.ts";
import { isTarget } from "./sealing.ts";
import { mayPushTo } from "./sending.ts";

const DONE = { ok: true, value: { done: true } } as const;
const TOPIC_BYTES = 24;
/** Two messages a moment apart ring twice; after that as often as an account that looks in would. */
export const MOST_PERHAPS: Allowance = { atOnce: 3, everyMs: 15 * 60_000 };

export class Pushes {
  readonly #parts: PushParts;
  readonly #due: Due;
  readonly #delivery: Delivery;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Up to here it was looked whether somebody is to be rung; undefined in an object that has just woken. */
  #looked: Seq | undefined;

  constructor(parts: PushParts) {
    this.#parts = parts;
    this.#due = new Due(parts.stores);
    this.#delivery = new Delivery(parts, this.#due);
  }

  /** A push is about to leave, or on its way. */
  get busy(): boolean {
    return this.#timer !== undefined || this.#delivery.busy;
  }

  /** Whether any browser is rung at all. */
  get any(): boolean {
    return this.#targets.any;
  }

  publicKey(): Promise<string> {
    return this.#delivery.publicKey();
  }

  /** See the call `pushSubscribe`. */
  async subscribe(browser: Browser, subscribing: PushSubscribing): Promise<Result<{ readonly done: true }>> {
    const { stores, reach } = this.#parts;
    if (!mayPushTo(subscribing.endpoint, { ...reach, own: subscribing.origin })) return failed("domain-refused");
    if (!(await isTarget(subscribing))) return failed("malformed");
    const topic = toBase64Url(crypto.getRandomValues(new Uint8Array(TOPIC_BYTES)));
    const { browsers, log } = stores;
    // It may have been signed out while its key was looked at.
    if (browsers.get(browser.id)?.signedOut !== false) return failed("not-signed-in");
    stores.turn(() => this.#targets.put(browser.id, subscribing, topic, log.head));
    return DONE;
  }

  /** See the call `pushUnsubscribe`. */
  unsubscribe({ id }: Browser): Result<{ readonly done: true }> {
    const target = this.#targets.get(id);
    if (target !== undefined) this.#parts.stores.note(() => this.#targets.forget(target));
    return DONE;
  }

  /** See the call `entries`. */
  entries({ id, device }: Browser, { epoch, since: named, at }: EntriesAsked): Result<EntriesGiven> {
    const { stores } = this.#parts;
    const since = startOf(stores, id, { epoch, since: named, at: at ?? null });
    stores.note(() => stores.browsers.seen(id, Date.now(), since));
    const { entries } = stores.log.page(since, PUSH_LIMITS.entries);
    const value = {
      epoch: epochOf(stores, id),
      since,
      head: stores.log.head,
      entries: entries.map((entry) => entryFor(entry, device)),
    };
    return { ok: true, value };
  }

  /** Call after every turn that appended to the log. */
  flush(): void {
    if (!this.any) return;
    const { log } = this.#parts.stores;
    const from = this.#looked ?? this.#notRung();
    this.#looked = log.head;
    if (this.#due.after(from) !== undefined) this.#gather();
  }

  /** Somebody asks the account into a room; what is stored of it may yet be taken back. */
  invited(room: BareJid): void {
    if (!this.any) return;
    this.#due.invited(room);
    this.#gather();
  }

  /**
   * The server says that something has come, and the account cannot look: every browser is rung without a word of what it may be, so seldom
   * that a server that says so without end is no nuisance.
   */
  perhaps(): void {
    const { stores, browsers } = this.#parts;
    if (!this.any || browsers.visible) return;
    const until = spend(stores.meta.get("perhaps-pushes"), Date.now() as Time, MOST_PERHAPS);
    if (until === undefined) return;
    stores.note(() => stores.meta.set("perhaps-pushes", until));
    for (const { browser } of this.#targets.all()) this.#delivery.tell(browser, true);
  }

  /** A browser has left, or was found gone: what was written to it after that it may never have had. */
  left(acked: Seq): void {
    if (!this.any) return;
    this.#looked = Math.min(this.#looked ?? this.#notRung(), acked) as Seq;
    this.flush();
  }

  #gather(): void {
    // Whoever looks sees it there, and nothing rings elsewhere.
    if (this.#timer !== undefined || this.#parts.browsers.visible) return;
    this.#timer = setTimeout(() => this.#ring(), PUSHING.gatherMs);
  }

  #ring(): void {
    this.#timer = undefined;
    // Somebody has come in the meantime.
    if (this.#parts.browsers.visible) return;
    for (const { browser } of this.#targets.all()) this.#delivery.tell(browser);
  }

  /** Nobody may have been rung for what was stored right before a reset. */
  #notRung(): Seq {
    const { log } = this.#parts.stores;
    return Math.min(log.head, ...this.#targets.all().map((target) => this.#due.toldTo(target))) as Seq;
  }

  get #targets(): Stores["pushTargets"] {
    return this.#parts.stores.pushTargets;
  }
}
