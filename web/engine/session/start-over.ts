/**
 * A browser that was signed out by another one comes back as a new device, and so does one whose keys were given back as
 * nothing: its texts stay, its keys go. The account took the device off its list and nobody encrypts for it any more;
 * whoever trusted it is to decide anew.
 */
import type { BareJid, DeviceId } from "../../../worker/contract/names.ts";
import type { MetaName } from "../store/schema.ts";
import type { Unit } from "../store/unit.ts";

/** What belonged to the device, or to the name that the object knew this browser by. */
const OF_THE_DEVICE: readonly MetaName[] = [
  "preKeys",
  "numbers",
  "behind",
  "joined",
  "returned",
  "stale",
  "admission",
  "repairs",
  "held",
  "greeting",
  "receipts",
  // Whoever signed this browser out may have done so for its disk: it keeps nothing up any more before the words are shown again.
  "copy",
  "copySeen",
];
const NOTICES_OF_THE_DEVICE = ["awaiting", "returned"];

/**
 * Forgets the device of this database. What was not sent yet waits to be encrypted by the next one. Which devices of the
 * account were there before (`ownDevices`) is not forgotten: that this browser begins anew is the object's word, or that of
 * whoever has a session, and neither may bring in a device of theirs with it (T42).
 */
export async function forgetDevice(unit: Unit, account: BareJid): Promise<void> {
  // It names the former device, which to the next one would be somebody else's.
  unit.delete("deviceLists", account);
  unit.delete("identity", "self");
  for (const { id } of await unit.all("preKeys")) unit.delete("preKeys", id);
  for (const { id } of await unit.all("signedPreKeys")) unit.delete("signedPreKeys", id);
  for (const { address } of await unit.all("sessions")) unit.delete("sessions", address);
  for (const name of OF_THE_DEVICE) unit.delete("meta", name);
  for (const chunk of await unit.chunks()) unit.delete("copies", chunk);
  for (const key of NOTICES_OF_THE_DEVICE) unit.delete("notices", key);
  for (const row of await unit.all("outbox")) {
    if (row.purpose === "transport") unit.delete("outbox", row.client);
    if (row.purpose === "transport" || row.stage === "accepted") continue;
    const { content: _bytes, number: _number, ...unsealed } = row;
    if (row.purpose === "act") {
      unit.put("outbox", { ...unsealed, content: { kind: "none" }, stage: "finished" });
      continue;
    }
    unit.put("outbox", { ...unsealed, stage: row.stage === "failed" ? "failed" : "waiting" });
  }
}

/**
 * The same for a device whose keys the browser has given back as nothing. Nobody has them any more, and its number stays on
 * the list until the next device is published: that is no news. Nothing is encrypted to it, for it is none of the first.
 */
export async function forgetLostDevice(unit: Unit, account: BareJid, lost: DeviceId): Promise<void> {
  await forgetDevice(unit, account);
  const own = await unit.meta("ownDevices");
  if (own !== undefined) unit.put("meta", { ...own, first: own.first ?? own.known, known: [...own.known, lost] });
}
