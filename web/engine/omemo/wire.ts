/**
 * The outside of Signal messages, version 3: enough to decide about a message before the ratchet library touches it.
 * It does not enforce trust, does not tell a missing pre-key from a broken one and gives no counter.
 */
import type { Bytes } from "../bytes.ts";

const VERSION = 0x33;
const MAC_BYTES = 8;
const KEY_BYTES = 33;
const KEY_TYPE = 0x05;
/** Larger ones are never sent: a key message carries at most 48 bytes. */
const MESSAGE_BYTES = 4_096;

export type SignalMessage = { readonly ratchetKey: Bytes; readonly counter: number };

export type PreKeyMessage = {
  readonly preKeyId: number;
  readonly signedPreKeyId: number;
  readonly baseKey: Bytes;
  readonly identityKey: Bytes;
  readonly message: SignalMessage;
};

/** Reads a SignalMessage; undefined when it is truncated, of another version or otherwise not one. */
export function parseSignalMessage(bytes: Bytes): SignalMessage | undefined {
  if (bytes.length <= MAC_BYTES || bytes.length > MESSAGE_BYTES || bytes[0] !== VERSION) return undefined;
  const fields = readFields(bytes.subarray(1, bytes.length - MAC_BYTES));
  const ratchetKey = fields?.bytes.get(1);
  if (fields === undefined || !isPublicKey(ratchetKey) || !fields.bytes.has(4)) return undefined;
  return { ratchetKey, counter: fields.numbers.get(2) ?? 0 };
}

/** Reads a PreKeySignalMessage. One without a pre-key id is not one (XEP-0384: must be rejected). */
export function parsePreKeyMessage(bytes: Bytes): PreKeyMessage | undefined {
  if (bytes.length > MESSAGE_BYTES || bytes[0] !== VERSION) return undefined;
  const fields = readFields(bytes.subarray(1));
  if (fields === undefined) return undefined;
  const preKeyId = fields.numbers.get(1);
  const baseKey = fields.bytes.get(2);
  const identityKey = fields.bytes.get(3);
  const inner = fields.bytes.get(4);
  if (preKeyId === undefined || !isPublicKey(baseKey) || !isPublicKey(identityKey) || inner === undefined)
    return undefined;
  const message = parseSignalMessage(inner);
  if (message === undefined) return undefined;
  return { preKeyId, signedPreKeyId: fields.numbers.get(6) ?? 0, baseKey, identityKey, message };
}

/** 33 bytes of type 5. */
export function isPublicKey(key: Bytes | undefined): key is Bytes {
  return key !== undefined && key.length === KEY_BYTES && key[0] === KEY_TYPE;
}

export type Fields = { readonly numbers: ReadonlyMap<number, number>; readonly bytes: ReadonlyMap<number, Bytes> };

/** The two wire types these messages use; a repeated field, another type or an overrun makes it malformed. */
export function readFields(data: Bytes): Fields | undefined {
  const numbers = new Map<number, number>();
  const bytes = new Map<number, Bytes>();
  let at = 0;
  const varint = (): number | undefined => {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = data[at++];
      if (byte === undefined) return undefined;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value <= 0xffffffff ? value : undefined;
    }
    return undefined;
  };
  while (at < data.length) {
    const tag = varint();
    if (tag === undefined) return undefined;
    const field = tag >>> 3;
    if (field === 0 || numbers.has(field) || bytes.has(field)) return undefined;
    const value = varint();
    if (value === undefined) return undefined;
    switch (tag & 7) {
      case 0:
        numbers.set(field, value);
        break;
      case 2:
        if (at + value > data.length) return undefined;
        bytes.set(field, data.slice(at, at + value));
        at += value;
        break;
      default:
        return undefined;
    }
  }
  return { numbers, bytes };
}
