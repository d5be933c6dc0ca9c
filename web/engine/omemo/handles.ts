/**
 * Private keys as the ratchet library sees them. It wants 32-byte buffers, hands them around and gives them back to the
 * functions of `setCurve`, and does nothing else with them. So each is a HANDLE: a buffer without a secret in it, whose
 * identity leads to the browser's own key. A handle lives as long as the library holds it and is never stored.
 */
import { crypto as library, setCurve } from "@privacyresearch/libsignal-protocol-typescript/lib/internal/crypto.js";
import { generateKeyPair, sharedSecret, signatureValid } from "./curve.ts";
import { hkdf } from "./hkdf.ts";

const HANDLE_BYTES = 32;
/** The library takes the first three blocks of HKDF, always. */
const BLOCK_BYTES = 32;
const BLOCKS = 3;

const natives = new WeakMap<ArrayBuffer, CryptoKey>();

/** A new handle of a key. */
export function handleOf(key: CryptoKey): ArrayBuffer {
  const handle = new ArrayBuffer(HANDLE_BYTES);
  natives.set(handle, key);
  return handle;
}

/** The key behind a handle. Throws for any other buffer: a copy of a handle is none. */
export function keyOf(handle: ArrayBuffer): CryptoKey {
  const key = natives.get(handle);
  if (key === undefined) throw new TypeError("not a handle of a private key");
  return key;
}

/** Puts the browser's own curve and HKDF under the ratchet library. */
export function installCurve(): void {
  setCurve(curve as unknown as Parameters<typeof setCurve>[0]);
  // The library makes its three blocks of eight calls; this makes them of two.
  library.HKDF = async (input, salt, info) => {
    const blocks = await hkdf(new Uint8Array(input), new Uint8Array(salt), new Uint8Array(info), BLOCKS * BLOCK_BYTES);
    return [0, 1, 2].map((at) => blocks.slice(at * BLOCK_BYTES, (at + 1) * BLOCK_BYTES).buffer);
  };
}

const curve = {
  /**
   * The library draws 32 random bytes and asks for the pair of that private key. The bytes become the handle only: a key
   * made from them could be made again by whoever saw them, and they have been an ordinary buffer. The pair is the
   * browser's.
   */
  async keyPair(random: ArrayBuffer) {
    const { publicKey, privateKey } = await generateKeyPair();
    new Uint8Array(random).fill(0);
    natives.set(random, privateKey);
    return { pubKey: publicKey.slice(1).buffer, privKey: random };
  },
  async sharedSecret(publicKey: ArrayBuffer, handle: ArrayBuffer) {
    return (await sharedSecret(new Uint8Array(publicKey), keyOf(handle))).buffer;
  },
  async sign() {
    throw new TypeError("not by the library");
  },
  /** True when the signature is INVALID: that is how the library has it. */
  async verify(publicKey: ArrayBuffer, message: ArrayBuffer, signature: ArrayBuffer) {
    return !(await signatureValid(new Uint8Array(publicKey), new Uint8Array(message), new Uint8Array(signature)));
  },
};
