/** Sign-ins that end before binding: nobody sees them. */
import type { Result } from "../../worker/contract.ts";
import { drop } from "../../worker/shared/drop.ts";
import type { Credentials, Keys, Mechanism } from "./sasl/exchange.ts";
import type { FastToken } from "./sasl/fast.ts";
import { signIn } from "./negotiate.ts";
import { reach } from "./reach.ts";
import type { LinkSettings } from "./settings.ts";
import type { Stream } from "./stream.ts";

export type SignedIn = {
  /** A token where the server gives one, else what SCRAM needs; undefined after PLAIN without a token. */
  readonly keys: Keys | undefined;
  readonly mechanism: string;
  readonly endpoint: string;
};

/** Proves a password by a SASL exchange of its own and closes before binding, so no resource appears. */
export async function proveCredentials(
  settings: LinkSettings,
  credentials: Credentials,
  signal: AbortSignal,
): Promise<Result<SignedIn>> {
  return exchangeOnly(settings, credentials, false, signal);
}

/** Makes the server forget a token: a sign-in that is the token's last. */
export async function invalidateToken(
  settings: LinkSettings,
  token: FastToken,
  signal: AbortSignal,
): Promise<Result<SignedIn>> {
  return exchangeOnly(settings, token, true, signal);
}

async function exchangeOnly(
  settings: LinkSettings,
  credentials: Credentials,
  invalidate: boolean,
  signal: AbortSignal,
): Promise<Result<SignedIn>> {
  const { account, userAgent } = settings;
  const reached = await reach(settings, credentials, signal, NOBODY, (stream) =>
    signIn(stream, account, credentials, { userAgent, invalidate }, NOBODY),
  );
  if (!reached.ok) return reached;
  // The proof is complete; how the server says goodbye changes nothing about it.
  drop(reached.value.stream.close());
  return { ok: true, value: signedIn(reached.value.stream, reached.value.outcome) };
}

const NOBODY = (): undefined => undefined;

export function signedIn(
  stream: Stream,
  { keys, mechanism }: { readonly keys: Keys | undefined; readonly mechanism: Mechanism },
): SignedIn {
  return { keys, mechanism, endpoint: stream.endpoint.uri };
}
