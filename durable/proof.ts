/** Sign-ins that only prove something: a SASL exchange each, on a connection of its own that binds nothing. */
import type { Result } from "../worker/contract.ts";
import type { FastToken } from "./link/sasl/fast.ts";
import type { Credentials, LinkSettings, SignedIn } from "./link/link.ts";
import { invalidateToken, proveCredentials } from "./link/prove.ts";
import { withinTime } from "./time-limit.ts";

/** For everything from a domain name to a stream that stands. */
export const OPEN_TIMEOUT_MS = 60_000;

export function prove(settings: LinkSettings, credentials: Credentials): Promise<Result<SignedIn>> {
  return withinTime(OPEN_TIMEOUT_MS, (signal) => proveCredentials(settings, credentials, signal));
}

/** A token's last sign-in (XEP-0484). Where it does not come to that, the token ends by its date. */
export async function giveBack(settings: LinkSettings, token: FastToken): Promise<void> {
  await withinTime(OPEN_TIMEOUT_MS, (signal) => invalidateToken(settings, token, signal));
}

/** The same, at this very endpoint. */
export function settingsAt(settings: LinkSettings, endpoint: string): LinkSettings {
  const domain = settings.account.slice(settings.account.indexOf("@") + 1);
  return { ...settings, endpoints: { ...settings.endpoints, [domain]: endpoint } };
}
