/** A push message, sealed for one browser alone (RFC 8291, in the content coding `aes128gcm` of RFC 8188). */
import { fromBase64Url } from "../../worker/shared/base64.ts";

/** What a browser has given to be pushed to: its public key (P-256, 65 bytes) and a secret of 16 bytes, both base64url. */
export type PushTarget = { readonly key: string; readonly auth: string };

/** What sealing draws at random; given by the test of the RFC's own example alone. */
export type Drawn = { readonly salt: Uint8Array<ArrayBuffer>; readonly pair: CryptoKeyPair };

const CURVE = { name: "ECDH", namedCurve: "P-256" } as const;
const AES = "AES-GCM";
const SALT_BYTES = 16;
const HASH_BITS = 256;
const KEY_BITS = 128;
const NONCE_BITS = 96;
/** Of the last record, and there is one (RFC 8188 §2). */
const LAST = 2;
/** Salt, record size, length of the key's name, and the name: the public key (RFC 8188 §2.1, RFC 8291 §4). */
const HEADER_BYTES = SALT_BYTES + 4 + 1 + 65;
const RECORD_SIZE = 4_096;
const TAG_BYTES = 16;

/**
 * Lengths that a message is filled up to, so that its length says nothing. What every service takes is 4096 bytes in all (RFC 8030 §7.2); a
 * browser on a phone may be reached by a road that takes about 3000 (Firefox on Android), so what fits is made no longer.
 */
const FILLED_BYTES = [2_820, RECORD_SIZE - HEADER_BYTES - TAG_BYTES - 1] as const;
/** Bytes of the longest message. */
export const MOST_BYTES = FILLED_BYTES[1];

const text = (words: string) => Uint8Array.from(new TextEncoder().encode(words));

/** @returns the body of a push: `content-encoding: aes128gcm`. @throws where the target's key is none, or the message too long */
export async function sealPush(
  message: Uint8Array<ArrayBuffer>,
  { key, auth }: PushTarget,
  filled = filledTo(message.length),
  drawn?: Drawn,
): Promise<Uint8Array<ArrayBuffer>> {
  const { salt, pair } = drawn ?? (await draw());
  const theirs = fromBase64Url(key);
  const ours = new Uint8Array((await crypto.subtle.exportKey("raw", pair.publicKey)) as ArrayBuffer);
  const publicKey = await crypto.subtle.importKey("raw", theirs, CURVE, false, []);
  // The platform's types call `public` otherwise than the platform does.
  const shared = await crypto.subtle.deriveBits({ ...CURVE, public: publicKey } as never, pair.privateKey, HASH_BITS);
  const info = new Uint8Array([...text("WebPush: info\0"), ...theirs, ...ours]);
  const secret = await derived(shared, fromBase64Url(auth), info, HASH_BITS);
  const contentKey = await derived(secret, salt, text("Content-Encoding: aes128gcm\0"), KEY_BITS);
  const nonce = await derived(secret, salt, text("Content-Encoding: nonce\0"), NONCE_BITS);
  const plain = new Uint8Array(filled + 1);
  plain.set(message);
  plain[message.length] = LAST;
  const aes = await crypto.subtle.importKey("raw", contentKey, AES, false, ["encrypt"]);
  const sealed = new Uint8Array(await crypto.subtle.encrypt({ name: AES, iv: nonce }, aes, plain));
  const body = new Uint8Array(HEADER_BYTES + sealed.length);
  body.set(salt);
  new DataView(body.buffer).setUint32(SALT_BYTES, RECORD_SIZE);
  body[SALT_BYTES + 4] = ours.length;
  body.set(ours, SALT_BYTES + 5);
  body.set(sealed, HEADER_BYTES);
  return body;
}

/** Whether a browser has given what can be sealed for: a point on the curve, and a secret. */
export async function isTarget({ key, auth }: PushTarget): Promise<boolean> {
  try {
    await crypto.subtle.importKey("raw", fromBase64Url(key), CURVE, false, []);
    return fromBase64Url(auth).length === SALT_BYTES;
  } catch {
    // No point of the curve, or no base64.
    return false;
  }
}

/** @throws where no push takes so much */
function filledTo(length: number): number {
  const filled = FILLED_BYTES.find((most) => length <= most);
  if (filled === undefined) throw new RangeError("a push message is too long");
  return filled;
}

async function draw(): Promise<Drawn> {
  const pair = (await crypto.subtle.generateKey(CURVE, false, ["deriveBits"])) as CryptoKeyPair;
  return { salt: crypto.getRandomValues(new Uint8Array(SALT_BYTES)), pair };
}

async function derived(
  secret: ArrayBuffer,
  salt: Uint8Array<ArrayBuffer>,
  info: Uint8Array<ArrayBuffer>,
  bits: number,
): Promise<ArrayBuffer> {
  const key = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveBits"]);
  return crypto.subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt, info }, key, bits);
}
