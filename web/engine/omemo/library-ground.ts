/**
 * Stands in for what lies under the ratchet library's sessions in the browser's build: its modules `internal`, `helpers`,
 * `session-lock`, `session-types` and `types`, which were compiled for browsers without `async` and do all that they do for
 * two curves. What it exports has the library's names. `installCurve` puts the curve and HKDF in, as it does in the library.
 */
import { type Bytes, concat, fromBinaryString, randomBytes, toBinaryString } from "../bytes.ts";
import { isPublicKey } from "./wire.ts";

type Pair = { readonly pubKey: ArrayBuffer; readonly privKey: ArrayBuffer };
/** Public keys without their type. */
type Curve = {
  readonly keyPair: (random: ArrayBuffer) => Promise<Pair>;
  readonly sharedSecret: (publicKey: ArrayBuffer, privateKey: ArrayBuffer) => Promise<ArrayBuffer>;
};
type Hkdf = (input: ArrayBuffer, salt: ArrayBuffer, info: ArrayBuffer) => Promise<readonly ArrayBuffer[]>;

const { subtle } = globalThis.crypto;
const CIPHER = "AES-CBC";
const HMAC = { name: "HMAC", hash: "SHA-256" } as const;
const KEY_BYTES = 32;
/** Of a public key of Curve25519, in front of it. */
const KEY_TYPE = Uint8Array.of(5);

/** `types`, `session-types`. */
export const Direction = { SENDING: 1, RECEIVING: 2 } as const;
export const ChainType = { SENDING: 1, RECEIVING: 2 } as const;
export const BaseKeyType = { OURS: 1, THEIRS: 2 } as const;

/** `helpers`. */
export const uint8ArrayToString = toBinaryString;
export const binaryStringToArrayBuffer = (text: string): ArrayBuffer => fromBinaryString(text).buffer;
export const uint8ArrayToArrayBuffer = (bytes: Bytes): ArrayBuffer => bytes.slice().buffer;

/** `session-lock`: the lock of the store is around everything that is done with a session. */
export const SessionLock = {
  errors: [] as unknown[],
  _promises: [] as unknown[],
  queueJobForNumber: <T>(_id: string, job: () => Promise<T>): Promise<T> => job(),
};

let curve: Curve | undefined;

export function setCurve(own: Curve): void {
  curve = own;
}

function installed(): Curve {
  if (curve === undefined) throw new TypeError("no curve is installed");
  return curve;
}

const notInstalled: Hkdf = async () => {
  throw new TypeError("no HKDF is installed");
};

/** `internal/crypto`. */
export const crypto = {
  HKDF: notInstalled,

  async encrypt(key: ArrayBuffer, data: BufferSource, iv: ArrayBuffer): Promise<ArrayBuffer> {
    const handle = await subtle.importKey("raw", key, CIPHER, false, ["encrypt"]);
    return subtle.encrypt({ name: CIPHER, iv }, handle, data);
  },

  async decrypt(key: ArrayBuffer, data: BufferSource, iv: ArrayBuffer): Promise<ArrayBuffer> {
    const handle = await subtle.importKey("raw", key, CIPHER, false, ["decrypt"]);
    return subtle.decrypt({ name: CIPHER, iv }, handle, data);
  },

  async sign(key: ArrayBuffer, data: BufferSource): Promise<ArrayBuffer> {
    return subtle.sign("HMAC", await subtle.importKey("raw", key, HMAC, false, ["sign"]), data);
  },

  async createKeyPair(): Promise<Pair> {
    const { pubKey, privKey } = await installed().keyPair(randomBytes(KEY_BYTES).buffer);
    return { pubKey: concat(KEY_TYPE, new Uint8Array(pubKey)).buffer, privKey };
  },

  /** @throws TypeError for what is no public key with its type; as the curve does for one of low order */
  async ECDHE(publicKey: ArrayBuffer | Bytes, privateKey: ArrayBuffer): Promise<ArrayBuffer> {
    const bytes = new Uint8Array(publicKey);
    if (!isPublicKey(bytes)) throw new TypeError("no public key");
    return installed().sharedSecret(bytes.slice(1).buffer, privateKey);
  },
};

export async function HKDF(input: ArrayBuffer, salt: ArrayBuffer, info: string): Promise<readonly ArrayBuffer[]> {
  return crypto.HKDF(input, salt, binaryStringToArrayBuffer(info));
}

/** @throws Error where the first `length` bytes of the HMAC are others; how long that takes says nothing of them */
export async function verifyMAC(data: BufferSource, key: ArrayBuffer, mac: ArrayBuffer, length: number): Promise<void> {
  const [given, made] = [new Uint8Array(mac), new Uint8Array(await crypto.sign(key, data))];
  let differs = given.length ^ length;
  for (let at = 0; at < length; at += 1) differs |= (given[at] ?? 0) ^ (made[at] ?? 0);
  if (differs !== 0) throw new Error("Bad MAC");
}
