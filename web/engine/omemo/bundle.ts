/** Checking a bundle before a session is built on it (XEP-0384 0.3.0 §4.3, defects of the library around it). */
import { LIMITS } from "../../../worker/contract/limits.ts";
import type { DeviceId } from "../../../worker/contract/names.ts";
import { OMEMO_ID_MAX, type OmemoBundle } from "../../../worker/contract/omemo.ts";
import { fromBase64 } from "../../../worker/shared/base64.ts";
import type { Bytes } from "../bytes.ts";
import { signatureValid } from "./curve.ts";
import { isPublicKey } from "./wire.ts";

/** Public keys are 33 bytes, the signature has been verified. */
export type CheckedBundle = {
  readonly identityKey: Bytes;
  readonly signedPreKey: { readonly id: number; readonly key: Bytes; readonly signature: Bytes };
  readonly preKeys: readonly { readonly id: number; readonly key: Bytes }[];
};

/** Decodes and verifies; undefined when any part is not as it must be. A single bad pre-key is left out. */
export async function checkBundle(bundle: OmemoBundle): Promise<CheckedBundle | undefined> {
  const identityKey = fromBase64(bundle.identityKey);
  const key = fromBase64(bundle.signedPreKey.key);
  const signature = fromBase64(bundle.signedPreKey.signature);
  if (!isPlainKey(identityKey) || !isPlainKey(key) || signature === undefined) return undefined;
  if (!isId(bundle.signedPreKey.id)) return undefined;
  if (!(await signatureValid(identityKey, key, signature))) return undefined;
  const preKeys = bundle.preKeys.slice(0, LIMITS.preKeys).flatMap(({ id, key: spelled }) => {
    const decoded = fromBase64(spelled);
    return isId(id) && isPlainKey(decoded) ? [{ id, key: decoded }] : [];
  });
  if (preKeys.length === 0) return undefined;
  return { identityKey, signedPreKey: { id: bundle.signedPreKey.id, key, signature }, preKeys };
}

/**
 * A random pre-key, so that two starters seldom pick the same one. Own browsers often start with one contact at the same
 * moment, and never pick the same: each draws from those ids whose remainder is its place among them. Id 0 is legal
 * (Converse publishes it) but the library cannot write it, so it is the last choice.
 *
 * @param starters the own devices, this one among them, in any order
 */
export function choosePreKey(
  bundle: CheckedBundle,
  starters: ReadonlySet<DeviceId>,
  self: DeviceId,
): { readonly id: number; readonly key: Bytes } {
  const place = [...starters].filter((device) => device < self).length;
  const own = bundle.preKeys.filter(({ id }) => id !== 0 && id % starters.size === place);
  const some = bundle.preKeys.filter(({ id }) => id !== 0);
  const from = [own, some, bundle.preKeys].find(({ length }) => length > 0) ?? [];
  const [drawn = 0] = crypto.getRandomValues(new Uint32Array(1));
  const chosen = from[drawn % from.length];
  if (chosen === undefined) throw new RangeError("a checked bundle has pre-keys");
  return chosen;
}

/** The highest bit counts for nothing (RFC 7748 §5): with it a key would be there once more, under another fingerprint. */
function isPlainKey(key: Bytes | undefined): key is Bytes {
  return isPublicKey(key) && (key.at(-1) ?? 0) < 0x80;
}

function isId(id: number): boolean {
  return Number.isInteger(id) && id >= 0 && id <= OMEMO_ID_MAX;
}
