/**
 * Links to encrypted files (XEP-0454, version 0.1.0): `aesgcm://host/path#` with the IV and the key of AES-256-GCM in hex. The
 * key is in the link, so it is shown nowhere and told to nobody.
 */
import { toHex } from "../../worker/shared/hex.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** `iv`: 12 bytes; older apps send 16. `key`: 32. */
export type FileKey = { readonly iv: Bytes; readonly key: Bytes };

/** `url`: where the ciphertext is, `https:` and without the key. `key`: its bytes as they stand in the link, in hex. */
export type EncryptedFile = { readonly url: string; readonly key: string };

/** IV and key; below them perhaps a small picture on a line of its own (§3), which is not read. */
const LINK = /^aesgcm:\/\/([^\s#/\\][^\s#]*)#([0-9a-f]{88}|[0-9a-f]{96})(?:\n[^\n]*)?$/i;
/** RFC 6761 §6.3, as URLs spell it. */
const LOOPBACK: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);
const KEY_DIGITS = 64;
/** `FILE_LIMITS.linkLength` of the contract, which a page has in another of its scripts. */
export const LINK_LENGTH = 2_048;
/** A link, its key, and a small picture of at most some 5 KiB. */
const TEXT_LENGTH = 16_384;

/**
 * The file that a whole text stands for; undefined where it is anything else: words around it, a key of another length, no
 * key, another host than the one that it shows.
 *
 * @example readFileLink(`aesgcm://files.example/a.jpg#${iv}${key}`) // { url: "https://files.example/a.jpg", key: … }
 */
export function readFileLink(text: string): EncryptedFile | undefined {
  const [, place, key] = text.length > TEXT_LENGTH ? [] : (LINK.exec(text) ?? []);
  if (place === undefined || key === undefined) return undefined;
  if (!URL.canParse(`https://${place}`)) return undefined;
  const url = new URL(`https://${place}`);
  // Nothing leaves this machine: a server that somebody tries out here has no certificate.
  if (LOOPBACK.has(url.hostname)) url.protocol = "http:";
  const plain = url.username === "" && url.password === "";
  if (!plain || url.href.length > LINK_LENGTH) return undefined;
  return { url: url.href, key: key.toLowerCase() };
}

/** The text that stands for a file, as every app reads it: 12 bytes of IV, small letters. `url`: without a `#`. */
export function writeFileLink(url: string, { iv, key }: FileKey): string {
  return `aesgcm:${url.slice(url.indexOf("//"))}#${toHex(iv)}${toHex(key)}`;
}

/** IV and key of a link. */
export function readFileKey(digits: string): FileKey {
  const at = digits.length - KEY_DIGITS;
  return { iv: fromDigits(digits.slice(0, at)), key: fromDigits(digits.slice(at)) };
}

function fromDigits(hex: string): Bytes {
  return Uint8Array.from(hex.match(/../g) ?? [], (digits) => Number.parseInt(digits, 16));
}
