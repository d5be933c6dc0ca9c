/** One endpoint looked at, without an account: what listens, its TLS, what it offers. */
import type { Element } from "@xmpp/xml";
import type { ConnectionOptions } from "node:tls";
import { isBehindProxy } from "../../durable/link/discovery/discover.ts";
import type { Resolver } from "../../worker/network/resolver.ts";
import type { Endpoint } from "../../durable/link/discovery/endpoint.ts";
import type { Offer } from "../../durable/link/sasl/credentials.ts";
import { readOffer } from "../../durable/link/sasl/sasl.ts";
import { readSasl2Offer, type Sasl2Offer } from "../../durable/link/sasl/sasl2.ts";
import { NS_SASL } from "../../durable/xep/namespaces.ts";
import type { Failure, Result } from "../../worker/contract/failures.ts";
import type { Route } from "./route.ts";
import type { TlsSeen } from "./tls.ts";
import { Wire } from "./wire.ts";

/** XEP-0368 §3 */
const ALPN = "xmpp-client";
/** RFC 8996; OpenSSL itself would not go so low. */
const OLD_TLS: ConnectionOptions = { minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" };

export type Offered = {
  /** Of both versions of SASL: the second is asked first where it is there. */
  readonly sasl: Offer;
  readonly sasl2: Sasl2Offer | undefined;
};

export type Visit = {
  readonly endpoint: Endpoint;
  /** Its address is one that the platform's sockets refuse. */
  readonly hidden: boolean;
  readonly tls: TlsSeen | undefined;
  /** It takes TLS 1.0 or 1.1, too. */
  readonly oldTls: boolean;
  /** It speaks XMPP only to those who ask for it by ALPN. */
  readonly alpnOnly: boolean;
  readonly outcome:
    | { readonly kind: "offered"; readonly offered: Offered }
    | { readonly kind: "failed"; readonly failure: Failure };
};

export type VisitSettings = { readonly domain: string; readonly route: Route; readonly resolver: Resolver };

export async function visit(endpoint: Endpoint, settings: VisitSettings): Promise<Visit> {
  const hidden = endpoint.scheme !== "wss" && (await isBehindProxy(endpoint.hostname, settings.resolver));
  const first = await featuresAt(endpoint, settings);
  first.wire?.close();
  if (first.features.ok) {
    const old = await featuresAt(endpoint, { ...settings, tls: OLD_TLS });
    old.wire?.close();
    const oldTls = old.features.ok;
    const outcome = { kind: "offered", offered: offeredIn(first.features.value) } as const;
    return { endpoint, hidden, tls: first.wire?.tls, oldTls, alpnOnly: false, outcome };
  }
  const failure = first.features.error;
  const again = endpoint.scheme === "tls" && failure.kind !== "refused" && failure.kind !== "timed-out";
  const asked = again ? await featuresAt(endpoint, { ...settings, tls: { ALPNProtocols: [ALPN] } }) : undefined;
  asked?.wire?.close();
  const tls = first.wire?.tls ?? asked?.wire?.tls;
  return {
    endpoint,
    hidden,
    tls,
    oldTls: false,
    alpnOnly: asked?.features.ok === true,
    outcome: { kind: "failed", failure },
  };
}

/** Whether the object can sign in there. */
export function isUsable({ hidden, tls, outcome }: Visit): boolean {
  return !hidden && outcome.kind === "offered" && tls !== undefined && tls.fault === undefined;
}

/** As far as what is offered within TLS. The wire is open; nothing secret was said. */
export async function featuresAt(
  endpoint: Endpoint,
  settings: Pick<VisitSettings, "domain" | "route"> & { readonly tls?: ConnectionOptions },
): Promise<{ readonly wire?: Wire; readonly features: Result<Element> }> {
  const dialled = await Wire.to(endpoint, settings);
  if (!dialled.ok) return { features: dialled };
  const wire = dialled.value;
  const opened = await wire.open();
  const features = opened.ok && endpoint.scheme === "starttls" ? await wire.startTls(opened.value) : opened;
  return { wire, features };
}

function offeredIn(features: Element): Offered {
  return { sasl: readOffer(features, features.getChild("mechanisms", NS_SASL)), sasl2: readSasl2Offer(features) };
}
