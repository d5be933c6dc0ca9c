/**
 * How many bundles are asked for: so many of one person's devices at once, then one a minute. Whoever makes a list, a contact
 * or their server, can change it as often as they like, and each change would cost as many questions as it has devices (S3).
 * In memory alone: whoever loads the page anew is a person.
 */
import type { BareJid, Time } from "../../../worker/contract/names.ts";

export const LOOKED_UP_AT_ONCE = 50;
const EVERY_MS = 60_000;
/** Of so many people it is remembered before those are forgotten who may ask for everything again. */
const REMEMBERED = 1_000;

export class LookUps {
  /** When it will be as if nothing had been asked (the generic cell rate algorithm). */
  readonly #until = new Map<BareJid, Time>();

  /** Whether one more bundle of theirs may be asked for now; counts it. */
  take(jid: BareJid, now: Time): boolean {
    const full = now + LOOKED_UP_AT_ONCE * EVERY_MS;
    const until = Math.max(this.#until.get(jid) ?? now, now);
    const granted = until + EVERY_MS <= full;
    if (this.#until.size >= REMEMBERED) this.#forgetOver(now);
    // A clock that was set back shuts nobody out for longer than all of it takes.
    this.#until.set(jid, granted ? until + EVERY_MS : Math.min(until, full));
    return granted;
  }

  /** A person wants it: everything may be asked for again. */
  reset(): void {
    this.#until.clear();
  }

  #forgetOver(now: Time): void {
    for (const [jid, until] of this.#until) if (until <= now) this.#until.delete(jid);
  }
}
