/** Keys of this device that are made, replaced and forgotten in their time. */
import type { Time } from "../../../worker/contract/names.ts";
import { createPreKeys, createSignedPreKey } from "../omemo/identity.ts";
import { planRotation } from "../omemo/rotation.ts";
import { planPreKeys } from "../omemo/used-pre-keys.ts";
import type { Unit } from "../store/unit.ts";

const DAY_MS = 24 * 60 * 60 * 1_000;
/** A signed pre-key is replaced after the catch-up; where that does not end, so much later all the same. */
export const OVERDUE_MS = 7 * DAY_MS;

/**
 * Forgets keys whose time is over. It goes by the clock alone: a server that puts the end of the catch-up off for ever, or
 * shows no bundle, must not keep a used key usable (S17).
 */
export async function forgetOldKeys(unit: Unit, now: Time): Promise<void> {
  const used = (await unit.all("preKeys")).filter((row) => row.used !== undefined);
  for (const id of planPreKeys(used, used.length, now).expired) unit.delete("preKeys", id);
  for (const id of planRotation(await unit.all("signedPreKeys"), now).expired) unit.delete("signedPreKeys", id);
}

/** Makes new pre-keys in the place of those that were used. False: none was made. */
export async function replaceUsedKeys(unit: Unit, now: Time): Promise<boolean> {
  const all = await unit.all("preKeys");
  const used = all.filter((row) => row.used !== undefined);
  const { fresh: count } = planPreKeys(used, all.length, now);
  if (used.length === 0 || count === 0) return false;
  const next = (await unit.meta("preKeys"))?.next ?? 1;
  const fresh = await createPreKeys(next, count);
  for (const preKey of fresh) unit.put("preKeys", preKey);
  unit.put("meta", { name: "preKeys", next: next + fresh.length });
  unit.put("meta", { name: "stale", since: now });
  return true;
}

/** Makes the next signed pre-key when it is time. False: nothing to publish. */
export async function rotate(unit: Unit, now: Time): Promise<boolean> {
  const { fresh } = planRotation(await unit.all("signedPreKeys"), now);
  const identity = fresh === undefined ? undefined : await unit.get("identity", "self");
  if (fresh === undefined || identity === undefined) return false;
  unit.put("signedPreKeys", { ...(await createSignedPreKey(identity, fresh)), createdAt: Date.now() });
  unit.put("meta", { name: "stale", since: Date.now() });
  return true;
}
