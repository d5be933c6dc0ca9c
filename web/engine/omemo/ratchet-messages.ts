/**
 * Stands in for the ratchet library's message formats, and the protobuf library under them, in the browser's build. What
 * comes in has been read by `wire.ts` before the library sees it; here it is read by the same rules, so that the two can
 * never disagree about what a message says. What goes out is byte for byte what the library writes.
 */
import { type Bytes, concat } from "../bytes.ts";
import { type Fields, readFields } from "./wire.ts";

type Written = { readonly finish: () => Bytes };

type WhisperFields = {
  ephemeralKey?: Bytes | undefined;
  counter: number;
  previousCounter: number;
  ciphertext?: Bytes | undefined;
};

type PreKeyWhisperFields = {
  registrationId: number;
  preKeyId: number;
  signedPreKeyId: number;
  baseKey?: Bytes | undefined;
  identityKey?: Bytes | undefined;
  message?: Bytes | undefined;
};

/** The names are the library's. Each `decode` throws a TypeError for what `wire.ts` would not take either. */
export const WhisperMessage = {
  fromJSON: (): WhisperFields => ({ counter: 0, previousCounter: 0 }),
  encode: (message: WhisperFields): Written =>
    written(
      bytesField(1, message.ephemeralKey),
      numberField(2, message.counter),
      numberField(3, message.previousCounter),
      bytesField(4, message.ciphertext),
    ),
  decode(data: Bytes): WhisperFields {
    const { bytes, numbers } = fieldsOf(data);
    return {
      ephemeralKey: bytes.get(1),
      counter: numbers.get(2) ?? 0,
      previousCounter: numbers.get(3) ?? 0,
      ciphertext: bytes.get(4),
    };
  },
};

export const PreKeyWhisperMessage = {
  fromJSON: (): PreKeyWhisperFields => ({ registrationId: 0, preKeyId: 0, signedPreKeyId: 0 }),
  encode: (message: PreKeyWhisperFields): Written =>
    written(
      numberField(5, message.registrationId),
      numberField(1, message.preKeyId),
      numberField(6, message.signedPreKeyId),
      bytesField(2, message.baseKey),
      bytesField(3, message.identityKey),
      bytesField(4, message.message),
    ),
  decode(data: Bytes): PreKeyWhisperFields {
    const { bytes, numbers } = fieldsOf(data);
    return {
      registrationId: numbers.get(5) ?? 0,
      preKeyId: numbers.get(1) ?? 0,
      signedPreKeyId: numbers.get(6) ?? 0,
      baseKey: bytes.get(2),
      identityKey: bytes.get(3),
      message: bytes.get(4),
    };
  },
};

function fieldsOf(data: Bytes): Fields {
  const fields = readFields(data);
  if (fields === undefined) throw new TypeError("this is no message of the ratchet");
  return fields;
}

function written(...fields: readonly Bytes[]): Written {
  return { finish: () => concat(...fields) };
}

/** Wire type 0 (protobuf, "Encoding"). */
function numberField(field: number, value: number): Bytes {
  return concat(Uint8Array.of(field << 3), varint(value));
}

/** Wire type 2. @throws TypeError when there is nothing to write: a message without a key, or without a text, is none */
function bytesField(field: number, value: Bytes | undefined): Bytes {
  if (value === undefined) throw new TypeError(`field ${field} is missing`);
  return concat(Uint8Array.of((field << 3) | 2), varint(value.length), value);
}

/** An unsigned number of 32 bits, seven at a time, the lowest first. */
function varint(value: number): Bytes {
  const bytes: number[] = [];
  let rest = value >>> 0;
  for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  return Uint8Array.of(...bytes, rest);
}
