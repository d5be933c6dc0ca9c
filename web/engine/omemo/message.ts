/**
 * The payload of legacy OMEMO: AES-128-GCM over the body, the tag moved from the ciphertext to the key that each device
 * gets (XEP-0384 0.3.0 §4.4). What Alcoves say beside it: `docs/decisions/sealed-details.md`.
 */
import type { OmemoMessage } from "../../../worker/contract/omemo.ts";
import { toBase64 } from "../../../worker/shared/base64.ts";
import { type Bytes, concat, randomBytes, sameBytes } from "../bytes.ts";
import { addressOf, type DeviceAddress } from "../store/device-rows.ts";

export const IV_BYTES = 12;
const KEY_BYTES = 16;
const TAG_BYTES = 16;
/** In front of what is hashed: the key of a text, of what is said beside it; the key of that, of the other. */
const COMMITS = 1;
const SEALS = 2;
const SALT_BYTES = 32;
/** What is said beside a text fills up so many. */
const STEP_BYTES = 512;
/** Its key is for nothing else. */
const NO_IV = new Uint8Array(IV_BYTES);
/** Old clients send 16. */
const OLD_IV_BYTES = 16;

/**
 * `inner` is what goes through the ratchets: key and tag, 32 bytes. `details`: what is said beside the text, with its tag.
 */
export type SealedPayload = {
  readonly iv: Bytes;
  readonly payload: Bytes;
  readonly inner: Bytes;
  readonly details?: Bytes;
};

/** Encrypts a text under a fresh key, and under another that is made of it what is said beside it. */
export async function sealText(text: string, details?: string): Promise<SealedPayload> {
  const plain = details === undefined ? undefined : salted(details);
  const raw = plain === undefined ? randomBytes(KEY_BYTES) : await keyOf(COMMITS, plain);
  const iv = randomBytes(IV_BYTES);
  const sealed = await seal(raw, iv, new TextEncoder().encode(text));
  const split = sealed.length - TAG_BYTES;
  return {
    iv,
    payload: sealed.slice(0, split),
    inner: concat(raw, sealed.slice(split)),
    ...(plain && { details: await seal(await keyOf(SEALS, raw), NO_IV, plain) }),
  };
}

/**
 * What is said beside the text whose `inner` this is. Undefined where it cannot be opened, and where the key of the text was
 * not made of it: each who can read the text can encrypt under that key, but its sender alone has chosen it.
 */
export async function openDetails(sealed: Bytes, inner: Bytes): Promise<string | undefined> {
  const raw = inner.slice(0, KEY_BYTES);
  const [split, key] = [sealed.length - TAG_BYTES, await keyOf(SEALS, raw)];
  const plain = await openPayload(sealed.slice(0, split), NO_IV, concat(key, sealed.slice(split)));
  if (plain === undefined || !sameBytes(await keyOf(COMMITS, plain), raw)) return undefined;
  return new TextDecoder().decode(plain.subarray(SALT_BYTES)).trimEnd();
}

/** Behind random bytes, and filled up: its length tells little. */
function salted(details: string): Bytes {
  const text = new TextEncoder().encode(details);
  const plain = new Uint8Array(Math.ceil((SALT_BYTES + text.length) / STEP_BYTES) * STEP_BYTES).fill(0x20);
  plain.set(randomBytes(SALT_BYTES));
  plain.set(text, SALT_BYTES);
  return plain;
}

/** Half of a SHA-256: whoever has one key has none of the others. */
async function keyOf(use: number, bytes: Bytes): Promise<Bytes> {
  const digest = await crypto.subtle.digest("SHA-256", concat(new Uint8Array([use]), bytes));
  return new Uint8Array(digest, 0, KEY_BYTES).slice();
}

async function seal(raw: Bytes, iv: Bytes, plain: Bytes): Promise<Bytes> {
  const key = await crypto.subtle.importKey("raw", raw, { name: "AES-GCM" }, false, ["encrypt"]);
  return new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, plain));
}

/**
 * Decrypts a payload. Undefined for anything that is not exactly right: another key or IV length, a tag that was left
 * on the payload (the 2016 audit: such a sender does not authenticate), a changed byte, no UTF-8.
 */
export async function openText(payload: Bytes, iv: Bytes, inner: Bytes): Promise<string | undefined> {
  const plain = await openPayload(payload, iv, inner);
  if (plain === undefined) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(plain);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

/** The bytes of a payload: AES-128-GCM, `inner` is the key (16) and the tag (16). Undefined as in `openText`. */
export async function openPayload(payload: Bytes, iv: Bytes, inner: Bytes): Promise<Bytes | undefined> {
  if (inner.length !== KEY_BYTES + TAG_BYTES || (iv.length !== IV_BYTES && iv.length !== OLD_IV_BYTES))
    return undefined;
  const key = await crypto.subtle.importKey("raw", inner.slice(0, KEY_BYTES), { name: "AES-GCM" }, false, ["decrypt"]);
  try {
    const data = concat(payload, inner.slice(KEY_BYTES));
    return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, data));
  } catch (error) {
    if (error instanceof DOMException) return undefined;
    throw error;
  }
}

/**
 * Names a ciphertext for ever: `jid.device` that made it, and SHA-256 over IV and payload. So the same stanza under another
 * id is recognised.
 */
export async function cipherKeyOf(by: DeviceAddress, omemo: OmemoMessage): Promise<string> {
  return `${addressOf(by.jid, by.device)}\n${await digestOf(omemo)}`;
}

const digests = new WeakMap<OmemoMessage, Promise<string>>();

/** SHA-256 over IV and payload, in base64. */
export function digestOf(omemo: OmemoMessage): Promise<string> {
  // A row is looked for ahead and again when its turn has come.
  const digest = digests.get(omemo) ?? makeDigest(omemo);
  digests.set(omemo, digest);
  return digest;
}

async function makeDigest({ iv, payload = "" }: OmemoMessage): Promise<string> {
  return toBase64(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(`${iv}\n${payload}`)));
}
