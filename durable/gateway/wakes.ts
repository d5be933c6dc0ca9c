/**
 * How often accounts are woken by what servers say: some times at once, then now and then, whatever comes. Nothing that is held back
 * is lost: it is one call later. Only accounts of this deployment have a place here, so strangers cannot make it grow.
 */
import { drop } from "../../worker/shared/drop.ts";
import type { Time } from "../../worker/contract/names.ts";
import { type Allowance, spend } from "../store/allowance.ts";
import type { Meant } from "./node.ts";

/** A server that tells its people of everything that comes, which it may, costs the deployment no more than that. */
export const WAKING: Allowance = { atOnce: 20, everyMs: 2 * 60_000 };
/** Accounts that are remembered; who is one too many hears of it by its own poll. */
const MOST_ACCOUNTS = 10_000;

/** `until`: see `spend`. */
type Woken = { until: Time; later: ReturnType<typeof setTimeout> | undefined };

export class Wakes {
  readonly #ask: (meant: Meant) => Promise<boolean>;
  readonly #accounts = new Map<string, Woken>();

  /** `ask`: tells the account's object, and says whether that knows the pass. */
  constructor(ask: (meant: Meant) => Promise<boolean>) {
    this.#ask = ask;
  }

  /** What the object says; undefined where it is not asked now: it is later, or cannot be. */
  async wake(meant: Meant): Promise<boolean | undefined> {
    const now = Date.now();
    const known = this.#accounts.get(meant.object);
    if (known?.later !== undefined) return undefined;
    const until = spend(known?.until, now, WAKING);
    if (until === undefined) {
      if (known !== undefined) known.later = setTimeout(() => this.#now(meant, known), waitsMs(known, now));
      return undefined;
    }
    if (known === undefined && !this.#hasRoom(now)) return undefined;
    this.#accounts.set(meant.object, { until, later: undefined });
    return this.#ask(meant);
  }

  #now(meant: Meant, known: Woken): void {
    known.later = undefined;
    drop(this.wake(meant));
  }

  /** Of those whom nothing came for lately nothing has to be known. */
  #hasRoom(now: Time): boolean {
    if (this.#accounts.size < MOST_ACCOUNTS) return true;
    for (const [object, { until, later }] of this.#accounts)
      if (later === undefined && until <= now) this.#accounts.delete(object);
    return this.#accounts.size < MOST_ACCOUNTS;
  }
}

/** Until there is room for one more. */
function waitsMs({ until }: Woken, now: Time): number {
  return Math.max(0, until + WAKING.everyMs - now - WAKING.atOnce * WAKING.everyMs);
}
