/**
 * XEP-0484 0.2.0 with HT-SHA-256-NONE (draft-schmaus-kitten-sasl-ht): a token that the server made takes the place of the
 * password. The variants that bind to the TLS channel are out of reach, because the runtime shows nothing of it.
 */
import { xml, type Element } from "@xmpp/xml";
import type { Result } from "../../../worker/contract/failures.ts";
import type { Time } from "../../../worker/contract/names.ts";
import { failed } from "../../../worker/shared/failed.ts";
import { type Exchange, FAST_MECHANISM, type FastToken } from "./credentials.ts";
import { NS_FAST } from "../../xep/namespaces.ts";
import { sameBytes } from "./scram.ts";

/** Some servers renew tokens by themselves (Prosody, daily), some only when asked (ejabberd). */
const RENEW_BEFORE_EXPIRY_MS = 14 * 24 * 60 * 60_000;
const MOST_TOKEN_CHARACTERS = 4_096;
const utf8 = new TextEncoder();

/** § Client authenticates using FAST: the count grows with every attempt, also with those that lead nowhere. */
export function nextAttempt(token: FastToken): FastToken {
  return { ...token, count: token.count + 1 };
}

/** Whether the server's `<fast/>` (a feature inside SASL 2) has the mechanism that is possible here. */
export function offersTokens(fast: Element | undefined): boolean {
  return fast?.getChildren("mechanism").some((element) => element.getText().trim() === FAST_MECHANISM) ?? false;
}

/** A token is worth asking for: there is none yet, or it ends before long. */
export function wantsToken(token: FastToken | undefined, now: Time): boolean {
  return token === undefined || (token.expiry !== undefined && token.expiry - now < RENEW_BEFORE_EXPIRY_MS);
}

/** The same token, as one that ends now: the server is asked for another one with it. */
export function dueForRenewal(token: FastToken): FastToken {
  return { ...token, expiry: 0 };
}

/** § Requesting a FAST token: inside `<authenticate/>`. */
export function requestToken(): Element {
  return xml("request-token", { xmlns: NS_FAST, mechanism: FAST_MECHANISM });
}

/** Says that this attempt is made with a token; with `invalidate` it is the token's last. */
export function announceToken({ count }: FastToken, invalidate: boolean): Element {
  return xml("fast", { xmlns: NS_FAST, count, ...(invalidate && { invalidate: "true" }) });
}

/** The token in a `<success/>`, asked for or not. */
export function readToken(success: Element): FastToken | undefined {
  const { token, expiry } = success.getChild("token", NS_FAST)?.attrs ?? {};
  if (!token || token.length > MOST_TOKEN_CHARACTERS) return undefined;
  const end = Date.parse(expiry ?? "");
  return {
    kind: "fast",
    mechanism: FAST_MECHANISM,
    token,
    expiry: Number.isNaN(end) ? undefined : end,
    count: 0,
  };
}

export class FastExchange implements Exchange {
  readonly first: Uint8Array;
  readonly #token: FastToken;
  readonly #expected: Uint8Array;

  private constructor(token: FastToken, first: Uint8Array, expected: Uint8Array) {
    this.#token = token;
    this.first = first;
    this.#expected = expected;
  }

  /**
   * `username`: the local part of the address. The first message is the token's proof; it holds no nonce of the server.
   */
  static async begin(username: string, token: FastToken): Promise<FastExchange> {
    const key = await crypto.subtle.importKey(
      "raw",
      utf8.encode(token.token),
      { name: "HMAC", hash: "SHA-256" },
      false,
      ["sign"],
    );
    const sign = async (text: string) => new Uint8Array(await crypto.subtle.sign("HMAC", key, utf8.encode(text)));
    const first = new Uint8Array([...utf8.encode(`${username}\0`), ...(await sign("Initiator"))]);
    return new FastExchange(token, first, await sign("Responder"));
  }

  respond(): Promise<Result<Uint8Array>> {
    return Promise.resolve(failed("server-error", "sasl"));
  }

  /** A server that does not know the token cannot say "Responder" with it. */
  conclude(data: Uint8Array): Result<FastToken> {
    return sameBytes(data, this.#expected) ? { ok: true, value: this.#token } : failed("server-not-proven", "token");
  }
}
