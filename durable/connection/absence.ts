/** Whether anybody looks, and what the plan is to know of the stream while nobody does (`resting.ts`). */
import type { BareJid, Time } from "../../worker/contract/names.ts";
import type { ConnectionParts } from "./parts.ts";
import { type LookingIn, lookOf } from "./looking-in.ts";
import type { Situation } from "./plan.ts";
import type { Unwatched } from "./resting.ts";

export class Absence {
  readonly #parts: Pick<ConnectionParts, "stores" | "browsers" | "current" | "rings">;
  readonly #replan: () => Promise<unknown>;
  /** When a session began that is not the one from before; undefined where this life of the object has seen none begin. */
  #beganAt: Time | undefined;
  #readyAt: Time | undefined;

  /** `replan`: what is known here has changed. */
  constructor(
    parts: Pick<ConnectionParts, "stores" | "browsers" | "current" | "rings">,
    replan: () => Promise<unknown>,
  ) {
    this.#parts = parts;
    this.#replan = replan;
  }

  /** The server has accepted this account's password of a person, which makes the account this object's. */
  proved(account: BareJid): void {
    const { stores, browsers } = this.#parts;
    stores.meta.bind(account);
    // The page that signed in attaches in a moment: until then the grace keeps the link. What is kept brings nobody.
    if (browsers.attached().size === 0) stores.note(() => stores.meta.set("left-at", Date.now()));
  }

  /** A stream stands. Another session than before was not kept for us: it does not rest at once. */
  began(resumed: boolean): void {
    this.#readyAt = undefined;
    if (resumed) return;
    this.#beganAt = Date.now();
    this.#forget();
  }

  /** Everything is read on it. */
  ready(): void {
    this.#readyAt = Date.now();
  }

  /** The stream is let go. */
  rests(): void {
    const { stores } = this.#parts;
    stores.note(() => stores.meta.set("rested-at", Date.now()));
  }

  /** A browser has said whether somebody looks at it. */
  async watched(visible: boolean): Promise<void> {
    if (visible) this.#forget();
    await this.#replan();
  }

  /** Something waits to be sent, or to be sealed: where the account rests, the next look is now. */
  async hurry(): Promise<void> {
    const { stores, current } = this.#parts;
    if (current.live || !this.rested) return;
    stores.note(() => stores.meta.set("rested-at", 0));
    await this.#replan();
  }

  /** It has let go of a stream since somebody looked. */
  get rested(): boolean {
    return this.#restedAt !== undefined;
  }

  /** What of the situation time and people make. `returns`: see `Unwatched`. */
  situation(returns: boolean | undefined): Omit<Situation, "link" | "unlocked"> {
    const { stores, browsers } = this.#parts;
    const { meta } = stores;
    const attached = browsers.attached().size;
    const now = Date.now();
    // A reset of the object closes every socket without an event: from now on the grace runs until a browser attaches.
    if (attached === 0 && meta.owner !== undefined) stores.note(() => meta.leave(now));
    return {
      now,
      attached,
      stayOnline: (meta.get("stay-online") ?? false) && !this.looksIn,
      leftAt: meta.get("left-at"),
      unwatched: this.#unwatched(returns),
      rested: this.rested,
      looking: attached === 0 ? this.#looking : undefined,
    };
  }

  /** The account does not stay online and looks in now and then instead, which takes the same key. */
  get looksIn(): boolean {
    return this.#parts.stores.meta.get("looks-in") === true;
  }

  /** Nobody is attached, nor was just now, and some are to be rung: what is opened now nobody is to see. */
  get unseen(): boolean {
    const { stores, browsers } = this.#parts;
    return this.looksIn && browsers.attached().size === 0 && stores.meta.get("look") !== undefined;
  }

  /** The stream is let go because nobody is here. */
  closes(): void {
    const { stores } = this.#parts;
    const looking = this.#looking;
    if (looking) stores.note(() => stores.meta.set("look", lookOf(looking, Date.now())));
  }

  /** Something has come, as the server says: the next look is now. */
  async woken(): Promise<void> {
    const { stores } = this.#parts;
    stores.note(() => stores.meta.set("woken", Date.now()));
    await this.#replan();
  }

  /** Somebody is here: what comes is seen, so nights begin anew. */
  came(): void {
    const { stores } = this.#parts;
    if (stores.meta.get("look") !== undefined) stores.note(() => stores.meta.delete("look"));
  }

  get #looking(): LookingIn | undefined {
    const { stores, current, rings } = this.#parts;
    if (!this.looksIn || !rings.any) return undefined;
    return {
      last: stores.meta.get("look"),
      position: stores.log.position,
      readyAt: this.#readyAt,
      quiet: (current.link?.quiet ?? true) && !rings.busy,
      pushed: stores.meta.get("server-push") !== undefined,
      woken: stores.meta.get("woken"),
    };
  }

  /** Undefined while somebody looks, or where no browser is attached. */
  #unwatched(returns: boolean | undefined): Unwatched | undefined {
    const { stores, browsers, current } = this.#parts;
    const { hiddenSince } = browsers;
    if (hiddenSince === undefined) return undefined;
    return {
      since: Math.max(hiddenSince, this.#beganAt ?? 0),
      restedAt: this.#restedAt,
      resumableMs: stores.stream.resumableMs,
      readyAt: this.#readyAt,
      quiet: current.link?.quiet ?? true,
      returns,
    };
  }

  get #restedAt(): Time | undefined {
    return this.#parts.stores.meta.get("rested-at");
  }

  #forget(): void {
    const { stores } = this.#parts;
    if (this.rested) stores.note(() => stores.meta.delete("rested-at"));
  }
}
