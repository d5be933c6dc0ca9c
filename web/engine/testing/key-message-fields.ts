/** The fields of a key message as they stand in its bytes, so that tests can leave one out, repeat it or put another there. */
import { type Bytes, concat } from "../bytes.ts";

/** `raw` is tag and value as they came. */
export type Field = { readonly number: number; readonly raw: Bytes };

/** The fields of a pre-key message; a message without one ends with a MAC, which has to be cut off before. */
export function fieldsOf(bytes: Bytes): readonly Field[] {
  const fields: Field[] = [];
  for (let at = 1; at < bytes.length; ) {
    const start = at;
    const varint = () => {
      let value = 0;
      for (let shift = 0; ; shift += 7) {
        const byte = bytes[at++] ?? 0;
        value += (byte & 0x7f) * 2 ** shift;
        if (byte < 0x80) return value;
      }
    };
    const tag = varint();
    const value = varint();
    if ((tag & 7) === 2) at += value;
    fields.push({ number: tag >>> 3, raw: bytes.slice(start, at) });
  }
  return fields;
}

/** A field that holds a number. */
export function numberField(number: number, value: number): Field {
  return { number, raw: concat(Uint8Array.of(number << 3), varintOf(value)) };
}

/** A field that holds bytes. */
export function bytesField(number: number, value: Bytes): Field {
  return { number, raw: concat(Uint8Array.of((number << 3) | 2), varintOf(value.length), value) };
}

/** Version byte, fields, and what stands behind them. */
export function messageOf(fields: readonly Field[], behind: Bytes = new Uint8Array()): Bytes {
  return concat(Uint8Array.of(0x33), ...fields.map(({ raw }) => raw), behind);
}

function varintOf(value: number): Bytes {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  return Uint8Array.from([...bytes, rest]);
}
