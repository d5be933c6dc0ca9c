/** In and out: what is asked before there is a session, and when it ends. */
import type { BareJid, Base64, BrowserId } from "./names.ts";
import type { BrowserKind } from "./state.ts";

/** Public half of a browser's own key on P-256: the uncompressed point, 65 bytes, as base64. */
export type BrowserKey = Base64;

/** SCRAM (RFC 5802, RFC 7677), the strongest first; without channel binding, which the platform does not offer. */
export const SCRAM_MECHANISMS = ["SCRAM-SHA-512", "SCRAM-SHA-256", "SCRAM-SHA-1"] as const;
export type ScramMechanism = (typeof SCRAM_MECHANISMS)[number];

/** What a server wants made of the password: the hash, and salt and rounds of PBKDF2 (RFC 5802 §3). */
export type ScramChallenge = { readonly mechanism: ScramMechanism; readonly salt: Base64; readonly iterations: number };

/** RFC 5802 §3: they sign in where salt and rounds are the same, and show that the server knows the password as well. */
export type ScramProof = { readonly clientKey: Base64; readonly serverKey: Base64 };

/** `POST /api/sign-in`, the first step: asks the XMPP server how it wants the password proved. */
export type SignInArguments = {
  readonly address: string;
  /** Only where the person agreed that this server gets the password itself (SASL PLAIN, over verified TLS only). */
  readonly password?: string;
  readonly name: string;
  readonly kind: BrowserKind;
  /** By which it will sign what it asks; a page of the release before sends none. */
  readonly key?: BrowserKey;
  /** This browser was here before and kept its device. */
  readonly browser?: BrowserId;
  /** The token of an invitation to this deployment. */
  readonly invitation?: string;
};
export type SignedIn = { readonly account: BareJid; readonly browser: BrowserId; readonly epoch: string };
export type SignInReply =
  /** The browser makes the keys. The server waits meanwhile, half a minute at most; `attempt` names this sign-in. */
  | ({ readonly step: "prove"; readonly attempt: string } & ScramChallenge)
  /** The server had the password itself: signed in, the session cookie is set. */
  | ({ readonly step: "done" } & SignedIn);

/**
 * `POST /api/sign-in/finish`, the second step: completes the exchange with the server; sets the session cookie. Once for
 * each attempt; fails with `sign-in-lapsed` where nothing waits for it, and with `too-many-tries` as the first step does.
 */
export type SignInProof = ScramProof & { readonly attempt: string };

/**
 * `POST /api/sign-out`. `erase` also removes the device from the list and its bundle from the server. `deletes`: the whole
 * account, at its server first (XEP-0077 §3.2) and then here; fails with `offline` where it is not known whether it is gone there,
 * and with `peer-refused`, and nothing has ended then.
 */
export type SignOutArguments = { readonly erase: boolean; readonly deletes?: boolean };
