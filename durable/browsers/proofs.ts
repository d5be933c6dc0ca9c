/** Whether a request comes from the browser whose session it carries (`worker/shared/proof.ts`), and for the first time. */
import type { Base64, BrowserId, Time } from "../../worker/contract/names.ts";
import { fromBase64 } from "../../worker/shared/base64.ts";
import { isSignedBy, type Proof, PROOF_KEY, timeOf } from "../../worker/shared/proof.ts";

/** How far a browser's idea of our time may be off, and how long a request may be on its way. */
const WINDOW_MS = 5 * 60_000;

/** Undefined where these bytes are no public key of the curve. `key`: the uncompressed point, 65 bytes. */
export async function importSigningKey(key: Base64): Promise<CryptoKey | undefined> {
  const point = fromBase64(key);
  if (!point) return undefined;
  try {
    return await crypto.subtle.importKey("raw", point, PROOF_KEY, false, ["verify"]);
  } catch (error) {
    // WebCrypto says so by `DataError`, the platform by one of its own.
    if (error instanceof Error) return undefined;
    throw error;
  }
}

export class Proofs {
  readonly #keys = new Map<Base64, CryptoKey>();
  /** What was shown before, in memory: after a reset somebody who reads along inside TLS could repeat a request once. */
  readonly #shown = new Map<string, Time>();

  /** Whether the request was signed by this key, just now, and never came before. */
  async holds(browser: BrowserId, key: Base64, proof: Proof | undefined, now: Time): Promise<boolean> {
    if (!proof) return false;
    const at = timeOf(proof.nonce);
    const name = `${browser} ${proof.nonce}`;
    if (!(Math.abs(now - at) <= WINDOW_MS) || this.#shown.has(name)) return false;
    const imported = this.#keys.get(key) ?? (await importSigningKey(key));
    if (!imported) return false;
    this.#keys.set(key, imported);
    if (!(await isSignedBy(imported, proof)) || this.#shown.has(name)) return false;
    this.#forget(now);
    this.#shown.set(name, now);
    return true;
  }

  /** Those that would be refused by their time alone. They stand in the order in which they came. */
  #forget(now: Time): void {
    for (const [name, cameAt] of this.#shown) {
      // A clock that was set back forgets as well.
      if (Math.abs(now - cameAt) <= 2 * WINDOW_MS) return;
      this.#shown.delete(name);
    }
  }
}
