/** Bytes and their text forms: characters as the ratchet library takes them, hex as constants of specifications are written. */

/** Bytes with a buffer of their own: WebCrypto and the ratchet library accept no shared memory. */
export type Bytes = Uint8Array<ArrayBuffer>;

const CHUNK = 0x8000;

/** Each byte as the character of that code, the form in which the ratchet library takes and gives messages. */
export function toBinaryString(bytes: Bytes): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += CHUNK) text += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  return text;
}

/** The opposite of `toBinaryString`; characters above 255 are not expected. */
export function fromBinaryString(text: string): Bytes {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
  return bytes;
}

/** Reads hex of either case; the length must be even. */
export function fromHex(text: string): Bytes {
  const bytes = new Uint8Array(text.length / 2);
  for (let at = 0; at < bytes.length; at++) bytes[at] = Number.parseInt(text.slice(at * 2, at * 2 + 2), 16);
  return bytes;
}

/** Public values only: the time taken depends on where they differ. */
export function sameBytes(a: Bytes, b: Bytes): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

/** One after the other in a new buffer. */
export function concat(...parts: readonly Bytes[]): Bytes {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** From the system's generator. */
export function randomBytes(length: number): Bytes {
  return crypto.getRandomValues(new Uint8Array(length));
}
