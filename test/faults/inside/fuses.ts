/**
 * Where an object can be made to lose its memory: in its n-th turn, before its n-th SQL statement, at its n-th write to
 * the server. Fuses belong to the isolate and not to the object, so one that is set outlives a reset by another.
 */
export type Fuse = {
  readonly id: number;
  readonly at: "turn" | "statement" | "write";
  readonly count: number;
  readonly moment: "inside" | "after" | "stored" | "before";
};

type Burning = { readonly fuse: Fuse; left: number };

const burning = new Map<string, Burning[]>();
const fired: number[] = [];

/** Counts from now on; several fuses of an account count side by side. */
export function setFuse(account: string, fuse: Fuse): void {
  burning.set(account, [...(burning.get(account) ?? []), { fuse, left: fuse.count }]);
}

export function clearFuses(): void {
  burning.clear();
}

/** Ids of fuses that have gone off since workerd was started. */
export function firedFuses(): readonly number[] {
  return fired;
}

/** One more turn, statement or write: the fuse that goes off with it, if one does. */
export function step(account: string | undefined, at: Fuse["at"]): Fuse | undefined {
  const list = account === undefined ? undefined : burning.get(account);
  if (account === undefined || list === undefined) return undefined;
  for (const entry of list) if (entry.fuse.at === at) entry.left -= 1;
  const due = list.find(({ fuse, left }) => fuse.at === at && left <= 0);
  if (!due) return undefined;
  burning.set(
    account,
    list.filter((entry) => entry !== due),
  );
  fired.push(due.fuse.id);
  return due.fuse;
}
