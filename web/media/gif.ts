/**
 * A moving picture (GIF89a) without what says something about the person: comments, and whatever programs have put beside the
 * picture. It cannot be drawn anew without standing still, so it is cut instead.
 */

type Bytes = Uint8Array<ArrayBuffer>;

const HEADER_BYTES = 13;
const [EXTENSION, IMAGE, TRAILER] = [0x21, 0x2c, 0x3b];
const [CONTROL, APPLICATION] = [0xf9, 0xff];
/** How often it is repeated is all that is kept of the extensions of programs. */
const LOOPS = new Set(["NETSCAPE2.0", "ANIMEXTS1.0"]);

/** Undefined for what is not whole or not written as it must be (GIF89a §§18 to 27). */
export function withoutNotes(bytes: Bytes): Bytes | undefined {
  const kept: Bytes[] = [];
  let at = HEADER_BYTES + tableBytes(bytes[10]);
  if (at > bytes.length) return undefined;
  kept.push(bytes.subarray(0, at));
  for (;;) {
    const end = endOfBlock(bytes, at);
    if (end === undefined) return undefined;
    if (isKept(bytes, at)) kept.push(bytes.subarray(at, end));
    if (bytes[at] === TRAILER) break;
    at = end;
  }
  const whole = new Uint8Array(kept.reduce((sum, { length }) => sum + length, 0));
  let to = 0;
  for (const part of kept) {
    whole.set(part, to);
    to += part.length;
  }
  return whole;
}

function isKept(bytes: Bytes, at: number): boolean {
  if (bytes[at] !== EXTENSION || bytes[at + 1] === CONTROL) return true;
  return bytes[at + 1] === APPLICATION && LOOPS.has(String.fromCharCode(...bytes.subarray(at + 3, at + 14)));
}

function endOfBlock(bytes: Bytes, at: number): number | undefined {
  switch (bytes[at]) {
    case TRAILER:
      return at + 1;
    case EXTENSION:
      return endOfParts(bytes, at + 2);
    case IMAGE:
      // A descriptor, its own table of colours, the size of a code, then the parts.
      return endOfParts(bytes, at + 10 + tableBytes(bytes[at + 9]) + 1);
    default:
      return undefined;
  }
}

/** Parts of up to 255 bytes, each with its length before it; one of none is the last. */
function endOfParts(bytes: Bytes, from: number): number | undefined {
  for (let at = from; at < bytes.length; ) {
    const length = bytes[at] ?? 0;
    at += 1 + length;
    if (length === 0) return at;
  }
  return undefined;
}

function tableBytes(flags = 0): number {
  return (flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1);
}
