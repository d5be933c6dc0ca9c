/**
 * Keys under which own browsers seal choices for one another: they hand them on in messages without a text, encrypted to each
 * browser by itself, and only to those that are trusted. Whoever lacks one asks.
 */
import type { BareJid, DeviceId } from "../../../worker/contract/names.ts";
import { type Bytes, concat } from "../bytes.ts";
import { keyOf, KEY_BYTES } from "./sealing-key.ts";
import { mayEncryptTo } from "../omemo/trust-pins.ts";
import type { DeviceAddress } from "../store/device-rows.ts";
import type { Sealing, SealingKey } from "../store/schema.ts";
import type { Unit } from "../store/unit.ts";

/** Behind the sixteen random bytes of a key transport; 1 are heads (`heads.ts`). */
const AT = 16;
const HANDED = 2;
const ASKED = 3;
const COUNT_BYTES = 4;
/** That are remembered, the newest; and that are handed on at once. */
const KEYS = 64;
const KEYS_HANDED = 20;

export const ASKING = Uint8Array.of(ASKED);

export async function sealingIn(unit: Unit): Promise<Sealing> {
  return (await unit.meta("sealing")) ?? { name: "sealing", keys: [], removed: [] };
}

/** Nobody has it who was taken off. */
export function isOpen({ closed, late }: SealingKey): boolean {
  return closed !== true && late !== true;
}

/** What hands these over; it says of how many devices it is known here that they were taken off. */
export function handing(keys: readonly SealingKey[], { removed }: Sealing): Bytes {
  const count = new Uint8Array(COUNT_BYTES);
  new DataView(count.buffer).setUint32(0, removed.length);
  return concat(Uint8Array.of(HANDED), count, ...keys.slice(-KEYS_HANDED).map(({ key }) => key));
}

/** Reads what own devices have said since. */
export async function readTold(unit: Unit, own: BareJid): Promise<void> {
  const waiting = await unit.meta("sealingTold");
  if (waiting === undefined) return;
  for (const { device, inner } of waiting.told) await takeSealing(unit, { jid: own, device }, inner);
  unit.delete("meta", "sealingTold");
}

/** An own device has handed over keys, or asks for them: the content of a message without a text. */
async function takeSealing(unit: Unit, from: DeviceAddress, inner: Bytes): Promise<void> {
  const told = inner.slice(AT + 1);
  const kind = inner[AT];
  if ((kind !== HANDED && kind !== ASKED) || !(await mayEncryptTo(unit, from))) return;
  const sealing = await sealingIn(unit);
  if (sealing.removed.includes(from.device)) return;
  if (kind === ASKED) {
    const keys = sealing.keys.map((one) => ({ ...one, given: one.given.filter((device) => device !== from.device) }));
    unit.put("meta", { ...sealing, keys });
    return;
  }
  if (told.length < COUNT_BYTES) return;
  const late = new DataView(told.buffer).getUint32(0) < sealing.removed.length;
  const end = Math.min(told.length, COUNT_BYTES + KEYS_HANDED * KEY_BYTES);
  let { keys } = sealing;
  for (let at = COUNT_BYTES; at + KEY_BYTES <= end; at += KEY_BYTES)
    keys = withKey(keys, await keyOf(told.slice(at, at + KEY_BYTES)), { from: from.device, late });
  unit.put("meta", { ...sealing, keys: keys.slice(-KEYS) });
}

/** A key is called by itself: what is known of it, also that it is closed, stays. */
function withKey(
  keys: readonly SealingKey[],
  key: Pick<SealingKey, "id" | "key">,
  { from, late }: { readonly from: DeviceId; readonly late: boolean },
): readonly SealingKey[] {
  const known = keys.find(({ id }) => id === key.id);
  if (known === undefined) return [...keys, { ...key, given: [from], ...(late && { late }) }];
  const given = known.given.includes(from) ? known.given : [...known.given, from];
  return keys.map((one) => (one === known ? { ...one, given, late: late ? one.late : undefined } : one));
}
