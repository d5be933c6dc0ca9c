/** What OMEMO puts on the wire (XEP-0384 0.3.0), with keys for one receiver or for all. */
import type { Base64, DeviceId } from "./names.ts";

/** XEP-0384 0.3.0, the version in the field. */
export const OMEMO_NAMESPACE = "eu.siacs.conversations.axolotl";

/** The largest number of a device (they begin at 1) and of a pre-key: 31 bits (XEP-0384 §4.1). */
export const OMEMO_ID_MAX = 2 ** 31 - 1;

/** One `<key>`: a ratchet message for one device. `prekey` marks one that opens a session. */
export type OmemoKey = { readonly rid: DeviceId; readonly prekey: boolean; readonly data: Base64 };

/**
 * What an own browser and other Alcoves say beside an encrypted text (`docs/decisions/sealed-details.md`): an element of this
 * namespace with base64, sealed under a key that whoever can read the text has.
 */
export const DETAILS_NAMESPACE = "urn:alcove:details:0";

/** One `<encrypted>`. Without `payload` it is a key transport: it moves the ratchet and shows nothing. */
export type OmemoMessage = {
  readonly sid: DeviceId;
  readonly iv: Base64;
  readonly keys: readonly OmemoKey[];
  readonly payload?: Base64;
  /** Beside a payload alone. */
  readonly details?: Base64;
};

/** Public keys are 33 bytes (0x05 and the Curve25519 u-coordinate), the signature 64. */
export type OmemoBundle = {
  readonly identityKey: Base64;
  readonly signedPreKey: { readonly id: number; readonly key: Base64; readonly signature: Base64 };
  readonly preKeys: readonly { readonly id: number; readonly key: Base64 }[];
};
