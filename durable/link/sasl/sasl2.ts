/** XEP-0388 1.0.4: SASL with other wishes in the same step - a resource, a stream to resume, a token for the next time. */
import { xml, type Element } from "@xmpp/xml";
import type { Result } from "../../../worker/contract/failures.ts";
import type { BareJid } from "../../../worker/contract/names.ts";
import { readBindOffer, type BindOffer } from "./bind2.ts";
import { localOf } from "../../../worker/shared/jid.ts";
import { type Credentials, FAST_MECHANISM, type Mechanism, type Offer } from "./credentials.ts";
import { beginExchange, chooseMechanism } from "./exchange.ts";
import { announceToken, offersTokens, readToken, requestToken, wantsToken } from "./fast.ts";
import { NS_FAST, NS_MANAGEMENT, NS_SASL2 } from "../../xep/namespaces.ts";
import { converse, encode, readOffer, type Authenticated, type SaslStream } from "./sasl.ts";

const SOFTWARE = "Alcove";

export type Sasl2Offer = Offer & {
  /** Bind 2, and what can be enabled with it. */
  readonly bind: BindOffer | undefined;
  /** XEP-0198: a stream can be resumed in the same step. */
  readonly resumption: boolean;
  /** XEP-0484, with a mechanism that is possible here. */
  readonly tokens: boolean;
};

export type Sasl2Request = {
  readonly account: BareJid;
  /** A UUID of version 4 that stays the same as long as the account does. ejabberd fails without one. */
  readonly userAgent: string;
  /** Further elements of the request. */
  readonly inline: readonly (Element | undefined)[];
  /** The token of these credentials is used for the last time. */
  readonly invalidate: boolean;
};

export type Sasl2Success = Authenticated & {
  /** The address that was signed in: a full one where a resource is bound. */
  readonly identifier: string;
  readonly success: Element;
};

/** Undefined where the server has no SASL 2. */
export function readSasl2Offer(features: Element): Sasl2Offer | undefined {
  const authentication = features.getChild("authentication", NS_SASL2);
  if (!authentication) return undefined;
  const inline = authentication.getChild("inline");
  return {
    ...readOffer(features, authentication),
    bind: readBindOffer(inline),
    // `<sm/>` in the field, `<resume/>` in the text of XEP-0198.
    resumption: inline?.getChildElements().some((child) => child.getNS() === NS_MANAGEMENT) ?? false,
    tokens: offersTokens(inline?.getChild("fast", NS_FAST)),
  };
}

/** Another endpoint may give the token that is wanted here. */
export function missesToken(credentials: Credentials, offer: Sasl2Offer | undefined): boolean {
  return credentials.kind === "person" && credentials.prefersToken && offer?.tokens !== true;
}

/** The mechanism for these credentials; fails like `chooseMechanism`, and then the older SASL may still do. */
export function chooseSasl2(offer: Sasl2Offer, credentials: Credentials, secure: boolean): Result<Mechanism> {
  // Mechanisms for tokens stand in a list of their own (XEP-0484 § Server advertises support).
  const offered = credentials.kind === "fast" ? (offer.tokens ? [FAST_MECHANISM] : []) : offer.mechanisms;
  return chooseMechanism(offered, credentials, secure);
}

/** Fails like `authenticate`, and with `no-mechanism` where the server wants a further step. */
export async function authenticate2(
  stream: SaslStream,
  offer: Sasl2Offer,
  mechanism: Mechanism,
  credentials: Credentials,
  request: Sasl2Request,
): Promise<Result<Sasl2Success>> {
  const { account, userAgent, inline, invalidate } = request;
  const exchange = await beginExchange(mechanism, localOf(account), credentials, offer);
  if (!exchange.ok) return exchange;
  const token = credentials.kind === "fast" ? credentials : undefined;
  // A token that anybody on the way could read is worth nothing.
  const asks = offer.tokens && stream.secure && !invalidate && wantsToken(token, Date.now());
  const start = xml(
    "authenticate",
    { xmlns: NS_SASL2, mechanism },
    xml("initial-response", {}, encode(exchange.value.first)),
    xml("user-agent", { id: userAgent }, xml("software", {}, SOFTWARE)),
    inline,
    token && announceToken(token, invalidate),
    asks ? requestToken() : undefined,
  );
  const dataOf = (success: Element): string => success.getChildText("additional-data") ?? "";
  const outcome = await converse(stream, { namespace: NS_SASL2, start, dataOf }, exchange.value);
  if (!outcome.ok) return outcome;
  const { keys, success } = outcome.value;
  const renewed = stream.secure ? readToken(success) : undefined;
  const identifier = success.getChildText("authorization-identifier")?.trim() ?? "";
  return { ok: true, value: { keys: renewed ?? keys, mechanism, identifier, success } };
}
