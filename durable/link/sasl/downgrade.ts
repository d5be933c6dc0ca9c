/**
 * XEP-0474 0.5.0: a server that hashes its list of mechanisms into SCRAM's signed messages shows that nobody took the
 * better ones out of it on the way, even without channel binding. (Up to 0.3.1 the hash was another one, under another
 * letter, which is passed over like any attribute that is not known.)
 */
import { toBase64 } from "../../../worker/shared/base64.ts";
import type { ScramMechanism } from "../../../worker/contract/sign-in.ts";
import type { Offer } from "./credentials.ts";
import { HASHES } from "./scram.ts";

/** They cannot stand in XML, so no name can hold one (§ Security Considerations). */
const BETWEEN_NAMES = "\u001E";
const BEFORE_BINDINGS = "\u001F";

/**
 * Whether `hash`, the `h` of the server-first message, is that of the offer we were shown (§ Server Sends Downgrade
 * Protection Hash). Names are ASCII, so the order of UTF-16 units is that of i;octet.
 */
export async function offerHolds(mechanism: ScramMechanism, offer: Offer, hash: string): Promise<boolean> {
  const list = (names: readonly string[]): string => [...names].sort().join(BETWEEN_NAMES);
  const bindings = offer.channelBindings ? BEFORE_BINDINGS + list(offer.channelBindings) : "";
  const bytes = new TextEncoder().encode(list(offer.mechanisms) + bindings);
  return hash === toBase64(await crypto.subtle.digest(HASHES[mechanism].name, bytes));
}
