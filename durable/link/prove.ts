/** Sign-ins that only prove something: a SASL exchange each, on a connection of its own that binds nothing. Nobody sees them. */
import type { Result } from "../../worker/contract/failures.ts";
import { drop } from "../../worker/shared/drop.ts";
import { domainOf } from "../../worker/shared/jid.ts";
import { signIn } from "./negotiate.ts";
import { type Enter, reach } from "./reach.ts";
import type { Credentials, FastToken, Keys, Mechanism } from "./sasl/credentials.ts";
import type { Authenticated } from "./sasl/sasl.ts";
import type { LinkSettings } from "./settings.ts";
import type { Stream } from "./stream.ts";
import { withinTime } from "../../worker/shared/within.ts";

/** For everything from a domain name to a stream that stands. */
export const OPEN_TIMEOUT_MS = 60_000;

export type SignedIn = {
  /** A token where the server gives one, else what SCRAM needs; undefined after PLAIN without a token. */
  readonly keys: Keys | undefined;
  readonly mechanism: string;
  /** URI of the endpoint that took the sign-in. */
  readonly endpoint: string;
};

/** Proves credentials at the server. Fails with every kind that finding the server, connecting and SASL can fail with. */
export function prove(settings: LinkSettings, credentials: Credentials): Promise<Result<SignedIn>> {
  return exchangeOnly(settings, credentials, false);
}

/**
 * A token's last sign-in, which makes the server forget it (XEP-0484). Where the server cannot be reached the token ends
 * by its date. Fails as `prove` does.
 */
export function invalidateToken(settings: LinkSettings, token: FastToken): Promise<Result<SignedIn>> {
  return exchangeOnly(settings, token, true);
}

/** The same settings, with the account's domain at this very endpoint (a URI). */
export function settingsAt(settings: LinkSettings, endpoint: string): LinkSettings {
  return { ...settings, endpoints: { ...settings.endpoints, [domainOf(settings.account)]: endpoint } };
}

function exchangeOnly(
  settings: LinkSettings,
  credentials: Credentials,
  invalidate: boolean,
): Promise<Result<SignedIn>> {
  const { account, userAgent } = settings;
  const exchange: Enter<Authenticated> = (stream, used) =>
    signIn(stream, account, used, { userAgent, invalidate }, NOBODY);
  return withinTime(OPEN_TIMEOUT_MS, async (signal) => {
    const reached = await reach(settings, credentials, signal, NOBODY, exchange);
    if (!reached.ok) return reached;
    const { stream, outcome } = reached.value;
    // The proof is complete; whether the stream closes cleanly does not matter.
    drop(stream.close());
    return { ok: true, value: signedIn(stream, outcome) };
  });
}

const NOBODY = (): undefined => undefined;

/** What a sign-in on this stream came to. */
export function signedIn(
  stream: Stream,
  { keys, mechanism }: { readonly keys: Keys | undefined; readonly mechanism: Mechanism },
): SignedIn {
  return { keys, mechanism, endpoint: stream.endpoint.uri };
}
