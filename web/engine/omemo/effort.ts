/**
 * What messages may cost that do not open. A page of the log is read in one turn of the store, and everybody's messages
 * wait for it: so little is spent there, and what would cost more is worked on later, in a turn of its own (S1).
 */
import type { BareJid } from "../../../worker/contract/names.ts";
import type { Unit } from "../store/unit.ts";

/** Steps of a chain for one message, all its keys and sessions together, while others wait for the same turn. */
const STEPS_IN_TURN = 64;
/**
 * Besides, along chains of which something has opened: the newest of an absence is read ahead of the rest. As many as one
 * message may skip (XEP-0384 §4.5), a hundredth of a second, for one sender in one turn, whether it opens or not; for all.
 */
const STEPS_ON_OF_ONE = 1_001;
const STEPS_ON_OF_ALL = 4 * STEPS_ON_OF_ONE;
/** In a turn of its own: the rest of one chain and the beginning of the next may skip 1000 each (XEP-0384 §4.5). */
const STEPS_ALONE = 2 * 1_001;
/** Sessions that were made or tried in vain in one turn: for one sender, for all. */
const VAIN_OF_ONE = 40;
const VAIN_OF_ALL = 120;

/** A chain would have to be walked further than this message may cost now; no step was made. */
export class EffortError extends RangeError {
  override readonly name = "EffortError";
}

/** What was spent in one turn: by all, by each sender. */
class Spent {
  readonly #of = new Map<BareJid, number>();
  #all = 0;

  add(sender: BareJid, count: number): void {
    this.#all += count;
    this.#of.set(sender, this.by(sender) + count);
  }

  forget(sender: BareJid): void {
    this.#of.delete(sender);
  }

  by(sender: BareJid): number {
    return this.#of.get(sender) ?? 0;
  }

  get all(): number {
    return this.#all;
  }
}

type Turn = { readonly vain: Spent; readonly on: Spent };

const turns = new WeakMap<Unit, Turn>();

function turnOf(unit: Unit): Turn {
  const turn = turns.get(unit) ?? { vain: new Spent(), on: new Spent() };
  turns.set(unit, turn);
  return turn;
}

/** The steps that one message may still cost. */
export class Steps {
  readonly #further: (count: number) => boolean;
  #left: number;

  private constructor(left: number, further: (count: number) => boolean) {
    this.#left = left;
    this.#further = further;
  }

  static inTurn(unit: Unit, sender: BareJid): Steps {
    return new Steps(STEPS_IN_TURN, (count) => {
      const { on } = turnOf(unit);
      if (on.by(sender) + count > STEPS_ON_OF_ONE || on.all + count > STEPS_ON_OF_ALL) return false;
      on.add(sender, count);
      return true;
    });
  }

  static alone(): Steps {
    return new Steps(STEPS_ALONE, () => false);
  }

  /**
   * Takes steps before they are made. `known`: along a chain of which something has opened, so that whoever has made it is
   * somebody with whom there is a session. @throws EffortError where fewer are left
   */
  take(count: number, known: boolean): void {
    if (count <= this.#left) this.#left -= Math.max(0, count);
    else if (!known || !this.#further(count)) throw new EffortError("the chain is too far behind");
  }
}

/** So many sessions were made or tried for a message that did not open. */
export function noteVain(unit: Unit, sender: BareJid, sessions: number): void {
  turnOf(unit).vain.add(sender, sessions);
}

/** A message of this sender has opened: what failed before was no attack. */
export function forgetVain(unit: Unit, sender: BareJid): void {
  turnOf(unit).vain.forget(sender);
}

/** Whether enough was tried in vain in this turn: by this sender, or by all together. */
export function isSpent(unit: Unit, sender: BareJid): boolean {
  const { vain } = turnOf(unit);
  return vain.all >= VAIN_OF_ALL || vain.by(sender) >= VAIN_OF_ONE;
}
