/**
 * Signal's messages of version 3 as protobuf says, byte by byte with numbers of any size. Stricter than protobuf in what the
 * project is: a field comes once, numbers have 32 bits, and there are no other wire types than 0 and 2.
 */

type Fields = ReadonlyMap<number, bigint | readonly number[]>;

/** In the form of `parseSignalMessage`, keys as lists of bytes. */
export function plainSignalMessage(bytes: readonly number[]): object | undefined {
  if (bytes[0] !== 0x33 || bytes.length > 4_096 || bytes.length < 9) return undefined;
  const fields = fieldsOf(bytes.slice(1, -8));
  const [ratchetKey, counter, text] = [fields?.get(1), fields?.get(2), fields?.get(4)];
  if (!isKey(ratchetKey) || typeof text !== "object") return undefined;
  return { ratchetKey, counter: typeof counter === "bigint" ? Number(counter) : 0 };
}

/** In the form of `parsePreKeyMessage`. */
export function plainPreKeyMessage(bytes: readonly number[]): object | undefined {
  if (bytes[0] !== 0x33 || bytes.length > 4_096) return undefined;
  const fields = fieldsOf(bytes.slice(1));
  const [preKeyId, baseKey, identityKey] = [fields?.get(1), fields?.get(2), fields?.get(3)];
  const [inner, signedPreKeyId] = [fields?.get(4), fields?.get(6)];
  if (typeof preKeyId !== "bigint" || !isKey(baseKey) || !isKey(identityKey) || typeof inner !== "object")
    return undefined;
  const message = plainSignalMessage(inner);
  if (message === undefined) return undefined;
  const signed = typeof signedPreKeyId === "bigint" ? Number(signedPreKeyId) : 0;
  return { preKeyId: Number(preKeyId), signedPreKeyId: signed, baseKey, identityKey, message };
}

function isKey(value: bigint | readonly number[] | undefined): boolean {
  return typeof value === "object" && value.length === 33 && value[0] === 5;
}

function fieldsOf(bytes: readonly number[]): Fields | undefined {
  const fields = new Map<number, bigint | readonly number[]>();
  let rest = bytes;
  while (rest.length > 0) {
    const tag = varint(rest);
    const value = tag && varint(tag.rest);
    if (!tag || !value) return undefined;
    const [field, type] = [Number(tag.value / 8n), tag.value % 8n];
    if (field === 0 || fields.has(field)) return undefined;
    if (type === 0n) {
      fields.set(field, value.value);
      rest = value.rest;
    } else if (type === 2n && value.value <= BigInt(value.rest.length)) {
      fields.set(field, value.rest.slice(0, Number(value.value)));
      rest = value.rest.slice(Number(value.value));
    } else return undefined;
  }
  return fields;
}

function varint(bytes: readonly number[]): { readonly value: bigint; readonly rest: readonly number[] } | undefined {
  const last = bytes.findIndex((byte) => byte < 0x80);
  if (last === -1 || last > 4) return undefined;
  const value = bytes.slice(0, last + 1).reduceRight((sum, byte) => (sum << 7n) | BigInt(byte & 0x7f), 0n);
  return value < 1n << 32n ? { value, rest: bytes.slice(last + 1) } : undefined;
}
