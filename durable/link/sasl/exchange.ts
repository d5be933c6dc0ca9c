/**
 * What is said inside SASL (RFC 4422), apart from the elements that carry it: the same exchange runs over the SASL of
 * RFC 6120 and over SASL 2 (XEP-0388).
 */
import type { Result } from "../../../worker/contract/failures.ts";
import { SCRAM_MECHANISMS, type ScramMechanism } from "../../../worker/contract/sign-in.ts";
import { failed } from "../../../worker/shared/failed.ts";
import { type Credentials, type Exchange, FAST_MECHANISM, type Mechanism, type Offer } from "./credentials.ts";
import { FastExchange } from "./fast.ts";
import { ScramExchange } from "./scram-exchange.ts";

/**
 * SCRAM before PLAIN, always: a list from which somebody removed SCRAM must not cost the password (RFC 6120 §13.8.2).
 * Fails with `keys-unfit` (kept keys are of no use here), `only-plain`, `no-mechanism`.
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
      : failed("keys-unfit", "another mechanism");
  }
  const scram = SCRAM_MECHANISMS.find((mechanism) => offered.includes(mechanism));
  if (scram) return { ok: true, value: scram };
  if (!offered.includes("PLAIN") || !secure) return failed("no-mechanism", offered.join(" ").slice(0, 200));
  return credentials.plain ? { ok: true, value: "PLAIN" } : failed("only-plain");
}

/** `mechanism` is one that `chooseMechanism` chose for these credentials. Fails as the person does who is asked. */
export async function beginExchange(
  mechanism: Mechanism,
  username: string,
  credentials: Credentials,
  offer: Offer,
): Promise<Result<Exchange>> {
  switch (credentials.kind) {
    case "fast":
      return { ok: true, value: await FastExchange.begin(username, credentials) };
    case "scram":
      return { ok: true, value: new ScramExchange(credentials.mechanism, username, credentials, offer) };
    case "person": {
      if (isScram(mechanism)) return { ok: true, value: new ScramExchange(mechanism, username, credentials, offer) };
      const password = await credentials.password();
      return password.ok ? { ok: true, value: new PlainExchange(username, password.value) } : password;
    }
  }
}

function isScram(mechanism: Mechanism): mechanism is ScramMechanism {
  return SCRAM_MECHANISMS.some((scram) => scram === mechanism);
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
