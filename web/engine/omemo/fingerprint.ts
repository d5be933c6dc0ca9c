/** How an identity key is shown to people. */
import { toHex } from "../../../worker/shared/hex.ts";
import type { Bytes } from "../bytes.ts";

/** 64 lower-case hex digits of the u-coordinate, the same in every OMEMO client. */
export function fingerprintOf(identityKey: Bytes): string {
  return toHex(identityKey.slice(identityKey.length - 32));
}
