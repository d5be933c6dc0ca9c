/** SCRAM (RFC 5802) as an exchange: with keys that a browser makes or with kept ones, and with XEP-0474 where the server speaks it. */
import type { Result } from "../../../worker/contract/failures.ts";
import type { ScramMechanism } from "../../../worker/contract/sign-in.ts";
import { failed } from "../../../worker/shared/failed.ts";
import { CHANGED_OFFER } from "../../../worker/shared/failure-causes.ts";
import { offerHolds } from "./downgrade.ts";
import type { Exchange, Offer, Person, ScramKeys } from "./credentials.ts";
import {
  clientFinal,
  clientFirst,
  keysFit,
  newNonce,
  readServerFirst,
  type ServerFirst,
  verifyServerFinal,
  wellFormed,
} from "./scram.ts";

export class ScramExchange implements Exchange {
  readonly first: Uint8Array;
  readonly #mechanism: ScramMechanism;
  readonly #credentials: Person | ScramKeys;
  readonly #offer: Offer;
  readonly #nonce = newNonce();
  readonly #bare: string;
  /** Set once our proof is made: with these keys, and this is how the server has to sign. */
  #proof: { readonly keys: ScramKeys; readonly signature: Uint8Array } | undefined;
  /** The server has signed. */
  #proven = false;

  constructor(mechanism: ScramMechanism, username: string, credentials: Person | ScramKeys, offer: Offer) {
    this.#mechanism = mechanism;
    this.#credentials = credentials;
    this.#offer = offer;
    const first = clientFirst(username, this.#nonce);
    this.#bare = first.bare;
    this.first = new TextEncoder().encode(first.message);
  }

  async respond(challenge: Uint8Array): Promise<Result<Uint8Array>> {
    const text = decode(challenge);
    if (text === undefined) return failed("server-error", "incorrect-encoding");
    if (!this.#proof) return this.#prove(text);
    // RFC 4422 §3.6: a server without "additional data with success" sends the signature as one more challenge.
    if (this.#proven) return failed("server-error", "sasl");
    const verified = verifyServerFinal(text, this.#proof.signature);
    if (!verified.ok) return verified;
    this.#proven = true;
    return { ok: true, value: new Uint8Array() };
  }

  conclude(data: Uint8Array): Result<ScramKeys> {
    if (!this.#proof) return failed("server-error", "sasl");
    if (this.#proven) return { ok: true, value: this.#proof.keys };
    const text = decode(data);
    if (text === undefined) return failed("server-error", "incorrect-encoding");
    const verified = verifyServerFinal(text, this.#proof.signature);
    return verified.ok ? { ok: true, value: this.#proof.keys } : verified;
  }

  async #prove(text: string): Promise<Result<Uint8Array>> {
    const server = readServerFirst(text, this.#nonce);
    if (!server.ok) return server;
    const { offerHash } = server.value;
    if (offerHash !== undefined && !(await offerHolds(this.#mechanism, this.#offer, offerHash))) {
      return failed("server-not-proven", CHANGED_OFFER);
    }
    const keys = await this.#keysFor(server.value);
    if (!keys.ok) return keys;
    const final = await clientFinal(keys.value, this.#bare, server.value);
    this.#proof = { keys: keys.value, signature: final.signature };
    return { ok: true, value: new TextEncoder().encode(final.message) };
  }

  async #keysFor(server: ServerFirst): Promise<Result<ScramKeys>> {
    const credentials = this.#credentials;
    if (credentials.kind === "scram") {
      // Some servers draw another salt for each exchange (ejabberd#2699), so it says nothing about the password.
      return keysFit(credentials, server) ? { ok: true, value: credentials } : failed("keys-unfit", "another salt");
    }
    const challenge = { mechanism: this.#mechanism, salt: server.salt, iterations: server.iterations };
    const proof = await credentials.keysFor(challenge);
    if (!proof.ok) return proof;
    const { clientKey, serverKey } = proof.value;
    const keys: ScramKeys = { kind: "scram", ...challenge, clientKey, serverKey };
    return wellFormed(keys) ? { ok: true, value: keys } : failed("malformed");
  }
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    // UTF-8 cannot be wrong in more than one way that matters here.
    return undefined;
  }
}
