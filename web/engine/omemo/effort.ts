/**
 * What messages may cost that do not open. A page of the log is read in one turn of the store, and everybody's messages
 * wait for it: so little is spent there, and what would cost more is worked on later, in a turn of its own (S1).
 */
import type { BareJid } from "../../../worker/contract/names.ts";
import type { Unit } from "../store/unit.ts";

/** Steps of a chain for one message, all its keys and sessions together, while others wait for the same turn. */
const STEPS_IN_TURN = 64;
/** In a turn of its own: the rest of one chain and the beginning of the next may skip 1000 each (XEP-0384 §4.5). */
const STEPS_ALONE = 2 * 1_001;
/** Sessions that were made or tried in vain in one turn: for one sender, for all. */
const VAIN_OF_ONE = 40;
const VAIN_OF_ALL = 120;

/** A chain would have to be walked further than this message may cost now; no step was made. */
export class EffortError extends RangeError {
  override readonly name = "EffortError";
}

/** The steps that one message may still cost. */
export class Steps {
  #left: number;

  private constructor(left: number) {
    this.#left = left;
  }

  static inTurn(): Steps {
    return new Steps(STEPS_IN_TURN);
  }

  static alone(): Steps {
    return new Steps(STEPS_ALONE);
  }

  /** Takes steps before they are made. @throws EffortError where fewer are left */
  take(count: number): void {
    if (count > this.#left) throw new EffortError("the chain is too far behind");
    this.#left -= Math.max(0, count);
  }
}

type Vain = { all: number; readonly of: Map<BareJid, number> };

const turns = new WeakMap<Unit, Vain>();

/** So many sessions were made or tried for a message that did not open. */
export function noteVain(unit: Unit, sender: BareJid, sessions: number): void {
  const vain = turns.get(unit) ?? { all: 0, of: new Map() };
  turns.set(unit, vain);
  vain.all += sessions;
  vain.of.set(sender, (vain.of.get(sender) ?? 0) + sessions);
}

/** A message of this sender has opened: what failed before was no attack. */
export function forgetVain(unit: Unit, sender: BareJid): void {
  turns.get(unit)?.of.delete(sender);
}

/** Whether enough was tried in vain in this turn: by this sender, or by all together. */
export function isSpent(unit: Unit, sender: BareJid): boolean {
  const vain = turns.get(unit);
  return vain !== undefined && (vain.all >= VAIN_OF_ALL || (vain.of.get(sender) ?? 0) >= VAIN_OF_ONE);
}
