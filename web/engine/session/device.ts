/** The device that an account has in this browser: opened, or made where there is none and one is wanted. */
import type { BareJid, BrowserId } from "../../../worker/contract/names.ts";
import { markBehind } from "../object/send-counter.ts";
import type { DeviceKeys } from "../omemo/identity.ts";
import type { Self } from "../omemo/sessions.ts";
import type { LoadLater } from "./later.ts";
import { needed } from "./needed.ts";
import type { IdentityRow } from "../store/device-rows.ts";
import { isWhole } from "../store/key-keeping.ts";
import { Store } from "../store/store.ts";
import type { Unit } from "../store/unit.ts";

export type Wanted = {
  readonly account: BareJid;
  readonly browser: BrowserId;
  /** Keys for an account that has none here; undefined: do not make a device. */
  readonly newKeys: NewKeys | undefined;
  /** This browser does not know the account: a device that is there all the same was restored from a copy, and may not encrypt. */
  readonly unremembered?: boolean;
  /** The device that is there was signed out by another browser: its texts stay, a new one takes its place. */
  readonly startOver?: boolean;
};

/** Made already (while the sign-in was under way), or to be made when they are needed. */
type NewKeys = Promise<DeviceKeys> | (() => Promise<DeviceKeys>);

export type OpenedDevice = { readonly self: Self; readonly store: Store };

/** Opens the device or makes it; undefined: there is none, and none is wanted. @throws when the disk does not take it */
export async function openDevice(wanted: Wanted, later: LoadLater): Promise<OpenedDevice | undefined> {
  const store = await Store.open(wanted.account);
  const identity = await store.work((unit) => identityIn(unit, wanted, later));
  if (identity === undefined) {
    await store.close();
    return undefined;
  }
  const { device, publicKey, agreement, createdAt } = identity;
  const self = { jid: wanted.account, browser: wanted.browser, device, identityKey: publicKey, agreement, createdAt };
  return { self, store };
}

async function identityIn(unit: Unit, wanted: Wanted, later: LoadLater): Promise<IdentityRow | undefined> {
  const { account, browser, newKeys, unremembered, startOver } = wanted;
  const before = await unit.get("identity", "self");
  if (before !== undefined && "seed" in before) await (await needed(later)).adoptKeys(unit);
  if (startOver === true) await (await needed(later)).forgetDevice(unit, account);
  const stored = await unit.get("identity", "self");
  // A row whose keys the browser gave back as nothing is no identity: it is never used, and never published.
  const existing = isWhole(stored) ? stored : undefined;
  if (existing === undefined && newKeys === undefined) return undefined;
  if ((await unit.meta("browser"))?.id !== browser) unit.put("meta", { name: "browser", id: browser });
  if (existing !== undefined) {
    if (unremembered === true) await markBehind(unit);
    return existing;
  }
  const keys = await (typeof newKeys === "function" ? newKeys() : newKeys);
  if (keys === undefined) return undefined;
  if (stored !== undefined) await (await needed(later)).forgetLostDevice(unit, account, stored.device);
  return storeKeys(unit, keys);
}

function storeKeys(unit: Unit, { device, identity, signedPreKey, preKeys }: DeviceKeys): IdentityRow {
  const createdAt = Date.now();
  const row: IdentityRow = { name: "self", device, createdAt, ...identity };
  unit.put("identity", row);
  unit.put("signedPreKeys", { ...signedPreKey, createdAt });
  for (const preKey of preKeys) unit.put("preKeys", preKey);
  unit.put("meta", { name: "preKeys", next: preKeys.length + 1 });
  return row;
}
