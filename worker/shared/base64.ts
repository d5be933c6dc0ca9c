/** Base64 (RFC 4648 §4), written on one line with padding. */

/** Bytes with a buffer of their own: WebCrypto takes no shared memory. */
type Bytes = Uint8Array<ArrayBuffer>;

/** Arguments that one call of `fromCharCode` may take in every engine. */
const CHUNK = 0x8000;

/** One line, padded. */
export function toBase64(bytes: ArrayBuffer | Uint8Array): string {
  const view = bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes);
  let binary = "";
  for (let at = 0; at < view.length; at += CHUNK) binary += String.fromCharCode(...view.subarray(at, at + CHUNK));
  return btoa(binary);
}

/** Base64url without padding (RFC 4648 §5): for cookies, names and addresses. */
export function toBase64Url(bytes: ArrayBuffer | Uint8Array): string {
  return toBase64(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/**
 * What somebody else wrote; white space is allowed (XEP-0384 0.3.0 texts are often wrapped), padding may be missing.
 * @returns undefined where it is not base64
 */
export function fromBase64(text: string): Bytes | undefined {
  const compact = text.replaceAll(/\s/g, "");
  const padded = compact.endsWith("=");
  if (compact.length % 4 === 1 || (padded && compact.length % 4 !== 0)) return undefined;
  return /^[A-Za-z0-9+/]*={0,2}$/.test(compact) ? bytesOf(atob(compact)) : undefined;
}

/**
 * What stands in a stanza, where line breaks and missing padding are common, on one line and padded. Undefined where it is
 * empty, longer than `lengthMax` characters, or not base64.
 */
export function tidyBase64(text: string, lengthMax: number): string | undefined {
  const bare = text.replace(/\s+/g, "").replace(/={1,2}$/, "");
  if (bare === "" || bare.length > lengthMax || bare.length % 4 === 1 || !/^[A-Za-z0-9+/]+$/.test(bare))
    return undefined;
  const padded = bare + "=".repeat((4 - (bare.length % 4)) % 4);
  return padded.length > lengthMax ? undefined : padded;
}

/** How many bytes a padded base64 text stands for. */
export function byteLength(base64: string): number {
  return (base64.length / 4) * 3 - (base64.endsWith("==") ? 2 : base64.endsWith("=") ? 1 : 0);
}

/** What was checked before or written by ourselves. @throws where it is not base64 after all */
export function knownBase64(text: string): Bytes {
  const bytes = fromBase64(text);
  if (bytes === undefined) throw new TypeError("a stored value is not base64");
  return bytes;
}

/** Base64url without padding (RFC 4648 §5), the spelling of numbers in a JWK (RFC 7517). @throws where it is not */
export function fromBase64Url(text: string): Bytes {
  return bytesOf(atob(text.replaceAll("-", "+").replaceAll("_", "/")));
}

/** Each character as the byte of its code. */
function bytesOf(binary: string): Bytes {
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < bytes.length; at++) bytes[at] = binary.charCodeAt(at);
  return bytes;
}
