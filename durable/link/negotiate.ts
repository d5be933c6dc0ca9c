/**
 * From a fresh connection to a session, one step after the other: TLS, sign-in, then a stream that is resumed or a
 * resource that is bound (RFC 6120 §5, §6, §7). Where the server has SASL 2, the last two are one step (XEP-0388, 0386,
 * 0484, 0198).
 */
import type { Element } from "@xmpp/xml";
import type { Result } from "../../worker/contract/failures.ts";
import type { BareJid } from "../../worker/contract/names.ts";
import { bindResource, isAddressOf, isResourceOf, requestResumption } from "./bind.ts";
import { buildBind } from "./sasl/bind2.ts";
import type { Credentials, Keys, Mechanism } from "./sasl/credentials.ts";
import {
  buildResume,
  readAcknowledged,
  readEnabled,
  type Acknowledged,
  type Resume,
  type Resumption,
} from "./management/answers.ts";
import { NS_BIND2, NS_CLIENT_STATE, NS_MANAGEMENT, NS_STREAM } from "../xep/namespaces.ts";
import { parseStanzaLimit } from "../xep/stream-limits.ts";
import { authenticate, type Authenticated } from "./sasl/sasl.ts";
import { authenticate2, chooseSasl2, missesToken, readSasl2Offer, type Sasl2Success } from "./sasl/sasl2.ts";
import { failed } from "../../worker/shared/failed.ts";
import { secure } from "./secure.ts";
import type { Stream } from "./stream.ts";

/** Elements between the end of the sign-in and the features that should follow it. */
const MOST_EARLY = 100;

export type Progress = (state: "securing" | "authenticating") => void;

/** Who signs in from where: a UUID of version 4 that the account keeps for ever (XEP-0388 § user-agent). */
export type UserAgent = { readonly userAgent: string };

export type Wish = UserAgent & {
  /** Where the server lets us choose; with Bind 2 it makes one that stays the same for the user agent. */
  readonly resource: string;
  readonly resume?: Resume;
};

/**
 * Stream management on the new stream. `offered`: the session enables it. `enabled`: it is, and both counts began at zero
 * with the last element of the sign-in; a second `<enable/>` would be refused, though ejabberd still lists the feature.
 */
type ManagementState =
  | { readonly kind: "none" }
  | { readonly kind: "offered" }
  | { readonly kind: "enabled"; readonly resumption: Resumption | undefined };

export type Negotiated = {
  /** What to sign in with the next time; undefined after PLAIN without a token. */
  readonly keys: Keys | undefined;
  readonly mechanism: Mechanism;
  /** The full address. */
  readonly jid: string;
} & Entered;

/** How the sign-in ended. What arrives afterwards waits in the stream until somebody listens. */
type Entered =
  | {
      readonly kind: "bound";
      readonly management: ManagementState;
      /** XEP-0352 is offered. */
      readonly clientState: boolean;
      /** Bytes of the largest stanza that the server takes, as it says now that we are signed in (XEP-0478). */
      readonly largest: number | undefined;
      /** XEP-0280 is on already. */
      readonly carbons: boolean;
      /** A stream was to be resumed and is gone; `acknowledged` of its stanzas had arrived. */
      readonly notResumed: { readonly acknowledged: Acknowledged } | undefined;
    }
  /** The old stream goes on: its address, its counts. `acknowledged`: how many of our stanzas have arrived. */
  | { readonly kind: "resumed"; readonly acknowledged: number };

/**
 * Prove credentials and go no further: no resource appears, nobody sees it. With `invalidate` a token is given back.
 * Fails as `negotiate` does.
 */
export async function signIn(
  stream: Stream,
  account: BareJid,
  credentials: Credentials,
  { userAgent, invalidate = false }: UserAgent & { readonly invalidate?: boolean },
  progress: Progress,
): Promise<Result<Authenticated>> {
  const features = await untilFeatures(stream, progress);
  if (!features.ok) return features;
  const offer = readSasl2Offer(features.value);
  if (missesToken(credentials, offer)) return failed("no-mechanism", "no tokens");
  const mechanism = offer && chooseSasl2(offer, credentials, stream.secure);
  if (!offer || !mechanism?.ok) return authenticate(stream, features.value, account, credentials);
  const request = { account, userAgent, inline: [], invalidate };
  const proof = await authenticate2(stream, offer, mechanism.value, credentials, request);
  if (!proof.ok) return proof;
  return isAddressOf(proof.value.identifier, account) ? proof : stream.fail({ kind: "wrong-account" });
}

/**
 * All the way. Fails with what `authenticate` fails with, `no-encryption`, `bad-certificate`, `wrong-account` where the
 * server signs in another address (CVE-2018-10847), `server-error`, or the end of the stream.
 */
export async function negotiate(
  stream: Stream,
  account: BareJid,
  credentials: Credentials,
  wish: Wish,
  progress: Progress,
): Promise<Result<Negotiated>> {
  const features = await untilFeatures(stream, progress);
  if (!features.ok) return features;
  const offer = readSasl2Offer(features.value);
  if (missesToken(credentials, offer)) return failed("no-mechanism", "no tokens");
  const mechanism = offer && chooseSasl2(offer, credentials, stream.secure);
  if (!offer || !mechanism?.ok) {
    const proof = await authenticate(stream, features.value, account, credentials);
    if (!proof.ok) return proof;
    const restarted = await stream.open();
    return restarted.ok ? classic(stream, restarted.value, account, wish, proof.value) : restarted;
  }
  // A server that resumes only after the sign-in must not bind before.
  const apart = wish.resume !== undefined && !offer.resumption;
  const inline = apart ? [] : [wish.resume && buildResume(wish.resume), offer.bind && buildBind(offer.bind)];
  const request = { account, userAgent: wish.userAgent, inline, invalidate: false };
  const proof = await authenticate2(stream, offer, mechanism.value, credentials, request);
  if (!proof.ok) return proof;
  const { success } = proof.value;
  const resumed = success.getChild("resumed", NS_MANAGEMENT);
  if (resumed) return goOn(stream, resumed, wish.resume, proof.value, proof.value.identifier);
  const notResumed = refusalIn(success);
  const next = await featuresOf(stream);
  if (!next.ok) return next;
  const bound = success.getChild("bound", NS_BIND2);
  if (!bound) {
    if (!isAddressOf(proof.value.identifier, account)) return stream.fail({ kind: "wrong-account" });
    // The server has refused the resumption already; it is not asked again.
    const { resource, userAgent, resume } = wish;
    const left = notResumed || !resume ? { resource, userAgent } : { resource, userAgent, resume };
    return classic(stream, next.value, account, left, proof.value, notResumed);
  }
  if (!isResourceOf(proof.value.identifier, account)) return stream.fail({ kind: "wrong-account" });
  return {
    ok: true,
    value: {
      ...proofOf(proof.value),
      kind: "bound",
      jid: proof.value.identifier,
      management: managementOf(bound, next.value),
      clientState: offer.bind?.clientState === true || offersClientState(next.value),
      largest: parseStanzaLimit(next.value),
      carbons: offer.bind?.carbons === true,
      notResumed,
    },
  };
}

/** A stream that is signed in and nothing else: the old one goes on, or else a resource is bound. */
async function classic(
  stream: Stream,
  features: Element,
  account: BareJid,
  wish: Wish,
  proof: Authenticated,
  refused?: { readonly acknowledged: Acknowledged },
): Promise<Result<Negotiated>> {
  let notResumed = refused;
  const management = managementIn(features);
  if (wish.resume && management.kind === "offered") {
    const answer = await requestResumption(stream, wish.resume);
    if (!answer.ok) return answer;
    if (answer.value.is("resumed")) return goOn(stream, answer.value, wish.resume, proof, wish.resume.jid);
    notResumed = { acknowledged: readAcknowledged(answer.value) };
  }
  const bound = await bindResource(stream, features, account, wish.resource);
  if (!bound.ok) return bound;
  const clientState = offersClientState(features);
  const largest = parseStanzaLimit(features);
  const how = { management, clientState, largest, carbons: false, notResumed } as const;
  const session = { kind: "bound", jid: bound.value, ...how } as const;
  return { ok: true, value: { ...proofOf(proof), ...session } };
}

/** It has to be our stream under our address: not the id of another session, not the address of another account. */
function goOn(
  stream: Stream,
  resumed: Element,
  resume: Resume | undefined,
  proof: Authenticated,
  identifier: string,
): Result<Negotiated> {
  const acknowledged = readAcknowledged(resumed);
  if (!resume || resumed.attrs["previd"] !== resume.id || acknowledged === undefined) {
    return stream.fail({ kind: "server-error", detail: "resumption" });
  }
  const bare = resume.jid.slice(0, resume.jid.indexOf("/"));
  if (identifier !== resume.jid && identifier !== bare) return stream.fail({ kind: "wrong-account" });
  return { ok: true, value: { ...proofOf(proof), kind: "resumed", jid: resume.jid, acknowledged } };
}

/** Open and secure. No byte of SASL leaves before TLS is verified. */
export async function untilFeatures(stream: Stream, progress: Progress): Promise<Result<Element>> {
  progress("securing");
  const opened = await stream.open();
  if (!opened.ok) return opened;
  const features = await secure(stream, opened.value);
  if (features.ok) progress("authenticating");
  return features;
}

/** XEP-0388 § Success: features follow at once, without a restart. What comes before them all the same waits again. */
async function featuresOf(stream: Stream): Promise<Result<Element>> {
  const early: Element[] = [];
  while (early.length < MOST_EARLY) {
    const next = await stream.next();
    if (!next.ok) return next;
    if (next.value.is("features", NS_STREAM)) {
      stream.unread(early);
      return next;
    }
    early.push(next.value);
  }
  return stream.fail({ kind: "server-error", detail: "no features" });
}

/** The server has bound a resource in place of the stream that was to be resumed. */
function refusalIn(success: Element): { readonly acknowledged: Acknowledged } | undefined {
  const failed = success.getChild("failed", NS_MANAGEMENT);
  return failed && { acknowledged: readAcknowledged(failed) };
}

/** What came of the `<enable/>` within the binding (XEP-0198 with Bind 2). */
function managementOf(bound: Element, features: Element): ManagementState {
  const enabled = bound.getChild("enabled", NS_MANAGEMENT);
  if (enabled) return { kind: "enabled", resumption: readEnabled(enabled) };
  return bound.getChild("failed", NS_MANAGEMENT) ? { kind: "none" } : managementIn(features);
}

function managementIn(features: Element): ManagementState {
  return { kind: features.getChild("sm", NS_MANAGEMENT) ? "offered" : "none" };
}

function offersClientState(features: Element): boolean {
  return features.getChild("csi", NS_CLIENT_STATE) !== undefined;
}

/** What a sign-in has shown, without how the server said so. */
function proofOf({ keys, mechanism }: Authenticated | Sasl2Success): Authenticated {
  return { keys, mechanism };
}
