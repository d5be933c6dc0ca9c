/**
 * What is said inside SASL (RFC 4422), apart from the elements that carry it: the same exchange runs over the SASL of
 * RFC 6120 and over SASL 2 (XEP-0388).
 */
import type { Result } from "../../../worker/contract.ts";
import { failed } from "../../../worker/shared/failed.ts";
import { type Credentials, type Exchange, FAST_MECHANISM, type Mechanism, type Offer } from "./credentials.ts";
import { FastExchange } from "./fast.ts";
import { ScramExchange } from "./scram-exchange.ts";

/**
 * SCRAM before PLAIN, always: a list from which somebody removed SCRAM must not cost the password (RFC 6120 §13.8.2).
 * Fails with `wrong-password` (kept keys are of no use here), `only-plain`, `no-mechanism`.
 */
export function chooseMechanism(
  offered: readonly string[],
  credentials: Credentials,
  secure: boolean,
): Result<Mechanism> {
  if (credentials.kind === "fast") {
    // HT-SHA-256-NONE can be replayed by whoever reads it.
    const usable = secure && offered.includes(credentials.mechanism);
    return usable ? { ok: true, value: FAST_MECHANISM } : failed("no-mechanism", "no tokens");
  }
  if (credentials.kind === "scram") {
    // Keys of another mechanism are of no use: the password is needed again.
    return offered.includes(credentials.mechanism)
      ? { ok: true, value: credentials.mechanism }
      : failed("wrong-password", "mechanism changed");
  }
  for (const mechanism of ["SCRAM-SHA-256", "SCRAM-SHA-1"] as const) {
    if (offered.includes(mechanism)) return { ok: true, value: mechanism };
  }
  if (!offered.includes("PLAIN") || !secure) return failed("no-mechanism", offered.join(" ").slice(0, 200));
  return credentials.plain ? { ok: true, value: "PLAIN" } : failed("only-plain");
}

/** `mechanism` is one that `chooseMechanism` chose for these credentials. */
export async function beginExchange(
  mechanism: Mechanism,
  username: string,
  credentials: Credentials,
  offer: Offer,
): Promise<Exchange> {
  switch (credentials.kind) {
    case "fast":
      return FastExchange.begin(username, credentials);
    case "scram":
      return new ScramExchange(credentials.mechanism, username, credentials, offer);
    case "password":
      return mechanism === "SCRAM-SHA-256" || mechanism === "SCRAM-SHA-1"
        ? new ScramExchange(mechanism, username, credentials, offer)
        : new PlainExchange(username, credentials.password);
  }
}

/** RFC 4616. There is nothing to keep but the password, and that is not kept. */
class PlainExchange implements Exchange {
  readonly first: Uint8Array;

  constructor(username: string, password: string) {
    this.first = new TextEncoder().encode(`\0${username}\0${password}`);
  }

  respond(): Promise<Result<Uint8Array>> {
    return Promise.resolve(failed("server-error", "sasl"));
  }

  conclude(): Result<undefined> {
    return { ok: true, value: undefined };
  }
}
