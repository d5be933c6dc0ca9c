/**
 * Version 1 of the store kept private keys as bytes. On the first opening afterwards they become handles that cannot be
 * exported, and the bytes go, all in one transaction: WebCrypto cannot be waited for inside a version change.
 */
import type { SessionType } from "@privacyresearch/libsignal-protocol-typescript";
import { knownBase64 } from "../../../worker/shared/base64.ts";
import type { Bytes } from "../bytes.ts";
import type { Unit } from "../store/unit.ts";
import { importScalar } from "./curve.ts";
import { handleOf } from "./handles.ts";
import { identityOf } from "./identity.ts";
import { LiveRecord } from "./record.ts";
import type { IdentityRow, PreKeyRow, SessionRow, SignedPreKeyRow } from "../store/device-rows.ts";

type KeyBytes<Row> = Omit<Row, "privateKey"> & { readonly privateKey: Bytes };
type IdentityRow1 = Pick<IdentityRow, "name" | "device" | "createdAt"> & { readonly seed: Bytes };
type SessionRow1 = Omit<SessionRow, "sessions"> & { readonly record: string };

/** Nothing where there is no device, or where its keys are handles already. The device stays the same one. */
export async function adoptKeys(unit: Unit): Promise<void> {
  const row = (await unit.get("identity", "self")) as IdentityRow | IdentityRow1 | undefined;
  if (row === undefined || !("seed" in row)) return;
  const { name, device, createdAt, seed } = row;
  unit.put("identity", { name, device, createdAt, ...(await identityOf(seed)) });
  for (const key of (await unit.all("preKeys")) as readonly unknown[] as readonly KeyBytes<PreKeyRow>[]) {
    unit.put("preKeys", { ...key, privateKey: await importScalar(key.privateKey) });
  }
  for (const key of (await unit.all("signedPreKeys")) as readonly unknown[] as readonly KeyBytes<SignedPreKeyRow>[]) {
    unit.put("signedPreKeys", { ...key, privateKey: await importScalar(key.privateKey) });
  }
  for (const session of (await unit.all("sessions")) as readonly unknown[] as readonly SessionRow1[]) {
    const { record, ...rest } = session;
    unit.put("sessions", { ...rest, sessions: (await adoptRecord(record)).stored() });
  }
}

async function adoptRecord(text: string): Promise<LiveRecord> {
  const record = new LiveRecord();
  Object.assign(record.sessions, sessionsIn(text));
  for (const { currentRatchet } of Object.values(record.sessions)) {
    const pair = currentRatchet.ephemeralKeyPair;
    if (pair === undefined) continue;
    const scalar = new Uint8Array(pair.privKey);
    currentRatchet.ephemeralKeyPair = { pubKey: pair.pubKey, privKey: handleOf(await importScalar(scalar)) };
  }
  return record;
}

/** The library's text of a record (its version `v1`): every string in it is the base64 of a buffer, but for the version. */
function sessionsIn(text: string): Record<string, SessionType> {
  const read = (name: string, value: unknown) =>
    typeof value === "string" && name !== "version" ? knownBase64(value).buffer : value;
  return (JSON.parse(text, read) as { readonly sessions: Record<string, SessionType> }).sessions;
}
