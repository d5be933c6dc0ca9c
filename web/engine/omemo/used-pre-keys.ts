/**
 * How long a pre-key opens sessions after it was used. Everybody draws from the published bundle by themselves, so two
 * people may draw the same pre-key: whoever did so before the bundle was replaced is still to be read.
 */
import type { Time } from "../../../worker/contract/names.ts";
import type { PreKeyRow } from "../store/device-rows.ts";

/** Published with every bundle; refilled to this after use (XEP-0384 §4.6 asks for 100, never below 20). */
export const PRE_KEYS = 100;
const MINUTE_MS = 60 * 1_000;
/** After the bundle without it was published: a message made with the former bundle may be on its way. */
export const WITHDRAWN_KEPT_MS = 10 * MINUTE_MS;
/** After its use, even where no bundle can be published: a server that refuses must not keep it alive. */
const USED_KEPT_MS = 24 * 60 * MINUTE_MS;

type Row = Pick<PreKeyRow, "id" | "used" | "withdrawn">;

export type PreKeyPlan = {
  /** How many pre-keys are to be made. */
  readonly fresh: number;
  /** Ids of those whose time is over. */
  readonly expired: readonly number[];
};

/** `used` are those that were used, `count` is how many there are with the others. */
export function planPreKeys(used: readonly Row[], count: number, now: Time): PreKeyPlan {
  const unused = count - used.length;
  return {
    fresh: Math.max(0, PRE_KEYS - unused),
    expired: used.flatMap((row) => (isOver(row, now) ? [row.id] : [])),
  };
}

/**
 * The time of a pre-key is over: it opens no session any more, whether it has been deleted yet or not, and whatever a
 * server says about older messages that are still to come (S17).
 */
export function isOver({ used, withdrawn }: Pick<Row, "used" | "withdrawn">, now: Time): boolean {
  if (used === undefined) return false;
  return used <= now - USED_KEPT_MS || (withdrawn !== undefined && withdrawn <= now - WITHDRAWN_KEPT_MS);
}
