/** When the signed pre-key is replaced, and how long the old ones still open what was started with them. */
import type { Time } from "../../../worker/contract/names.ts";

const DAY_MS = 24 * 60 * 60 * 1_000;
/** XEP-0384 §4.6 of later versions: between once a week and once a month. */
const ROTATED_AFTER_MS = 28 * DAY_MS;
/** After it was replaced: a message started with it may wait in an archive, a cached bundle may be old. */
const KEPT_MS = 28 * DAY_MS;

export type RotationPlan = {
  /** The id of the signed pre-key to be made now, if one is. */
  readonly fresh: number | undefined;
  /** Ids of those whose time is over. */
  readonly expired: readonly number[];
};

/** `rows` are all signed pre-keys there are, in any order; ids grow with time. */
export function planRotation(
  rows: readonly { readonly id: number; readonly createdAt: Time }[],
  now: Time,
): RotationPlan {
  const sorted = rows.toSorted((a, b) => a.id - b.id);
  const newest = sorted.at(-1);
  if (newest === undefined) return { fresh: undefined, expired: [] };
  const expired = sorted.flatMap(({ id }, at) => {
    const successor = sorted[at + 1];
    return successor !== undefined && successor.createdAt <= now - KEPT_MS ? [id] : [];
  });
  return { fresh: newest.createdAt <= now - ROTATED_AFTER_MS ? newest.id + 1 : undefined, expired };
}
