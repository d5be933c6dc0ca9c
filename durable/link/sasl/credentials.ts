/**
 * What an account signs in with, and what a mechanism of SASL (RFC 4422) has to do. Types only: the mechanisms stand in
 * files of their own and import this one.
 */
import type { Result } from "../../../worker/contract/failures.ts";
import type { Time } from "../../../worker/contract/names.ts";
import type { ScramChallenge, ScramMechanism, ScramProof } from "../../../worker/contract/sign-in.ts";

/** Somebody who knows the password. It stays in their browser, which answers by what it makes of it. */
export interface Person {
  readonly kind: "person";
  /** They agreed that this server may get the password itself. */
  readonly plain: boolean;
  /** Tokens are wanted above all: what SCRAM leaves is of no use at this server. */
  readonly prefersToken: boolean;
  /** Made of the password for this very challenge. Fails with `sign-in-lapsed`. */
  keysFor(challenge: ScramChallenge): Promise<Result<ScramProof>>;
  /** The password itself; asked for only where they agreed. Fails with `sign-in-lapsed`. */
  password(): Promise<Result<string>>;
}

/** Enough to sign in again without the password, as long as the server keeps salt and iterations (RFC 5802 §3). */
export type ScramKeys = { readonly kind: "scram" } & ScramChallenge & ScramProof;

export const FAST_MECHANISM = "HT-SHA-256-NONE";
type FastMechanism = typeof FAST_MECHANISM;

/** Belongs to the `user-agent` id under which it was asked for; with another one it is refused. */
export type FastToken = {
  readonly kind: "fast";
  readonly mechanism: FastMechanism;
  readonly token: string;
  /** Undefined where the server's date cannot be read: it will say itself when the token is over. */
  readonly expiry: Time | undefined;
  /** Attempts with this token, this one included: to be raised and stored before each (`nextAttempt`). */
  readonly count: number;
};

/** What signs in again without the password. */
export type Keys = ScramKeys | FastToken;
export type Credentials = Person | Keys;
export type Mechanism = ScramMechanism | FastMechanism | "PLAIN";

/** What a server offers to sign in with, as it stood in its features; XEP-0474 proves that nobody changed it. */
export type Offer = {
  readonly mechanisms: readonly string[];
  /** Undefined where the server names none (XEP-0440). */
  readonly channelBindings: readonly string[] | undefined;
};

export interface Exchange {
  /** The client speaks first in every mechanism here. */
  readonly first: Uint8Array;
  /** The answer to a challenge. A failure ends the exchange before anything more is told. */
  respond(challenge: Uint8Array): Promise<Result<Uint8Array>>;
  /** The server says that it is done. Succeeds only where it has proved itself; the value is what may be kept. */
  conclude(data: Uint8Array): Result<Keys | undefined>;
}
