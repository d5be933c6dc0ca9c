/**
 * XEP-0474 0.5.0: a server that hashes its list of mechanisms into SCRAM's signed messages shows that nobody took the
 * better ones out of it on the way, even without channel binding.
 */
import { toBase64 } from "../base64.ts";
import type { Offer } from "./exchange.ts";
import { HASHES, type ScramMechanism } from "./scram.ts";

type Delimiters = { readonly between: string; readonly before: string };

/** They cannot stand in XML, so no name can hold one (§ Security Considerations). */
const TODAY: Delimiters = { between: "\u001E", before: "\u001F" };
/** Up to 0.3.1, as servers of 2024 have it; these could stand in a name. */
const BEFORE: Delimiters = { between: ",", before: "|" };
/** RFC 4422 §3.1; names of channel bindings are of the same kind (RFC 5056 §7). */
const NAME = /^[A-Za-z0-9._-]+$/;

/** Whether `hash`, the `h` of the server-first message, is that of the offer we were shown. */
export async function offerHolds(mechanism: ScramMechanism, offer: Offer, hash: string): Promise<boolean> {
  if (hash === (await hashOf(mechanism, offer, TODAY))) return true;
  const names = [...offer.mechanisms, ...(offer.channelBindings ?? [])];
  // Two names may not pass for one: `SCRAM-SHA-1,SCRAM-SHA-256` as a name of its own would hide both.
  return names.every((name) => NAME.test(name)) && hash === (await hashOf(mechanism, offer, BEFORE));
}

/** § Server Sends Downgrade Protection Hash. Names are ASCII, so the order of UTF-16 units is that of i;octet. */
async function hashOf(mechanism: ScramMechanism, offer: Offer, { between, before }: Delimiters): Promise<string> {
  const list = (names: readonly string[]): string => [...names].sort().join(between);
  const bindings = offer.channelBindings ? before + list(offer.channelBindings) : "";
  const bytes = new TextEncoder().encode(list(offer.mechanisms) + bindings);
  return toBase64(await crypto.subtle.digest(HASHES[mechanism].name, bytes));
}
