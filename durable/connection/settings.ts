/** What the link is told about this account and this deployment. */
import type { BareJid } from "../../worker/contract/names.ts";
import { parseAllowedDomains } from "../../worker/shared/allowed-domains.ts";
import { normaliseDomain } from "../../worker/shared/domains.ts";
import { parsePorts } from "../../worker/network/names.ts";
import { resolverOf } from "../../worker/network/resolver.ts";
import type { LinkSettings } from "../link/link.ts";
import type { Stores } from "../store/stores.ts";

/** Where the deployer has not said yet (`nobody`), whoever is here already goes on; the Worker lets nobody new in. */
function allowedDomains(env: Env): readonly string[] {
  const allowed = parseAllowedDomains(env.ALLOWED_DOMAINS);
  return allowed.kind === "listed" ? allowed.domains : [];
}

/** `account` is given only before the first sign-in, when the object belongs to none. */
export function linkSettings(env: Env, { meta, stream }: Stores, account: BareJid = meta.account): LinkSettings {
  return {
    account,
    resource: meta.resource,
    userAgent: meta.userAgent,
    endpoints: parseEndpoints(env.XMPP_ENDPOINTS),
    allowedDomains: meta.invited ? [] : allowedDomains(env),
    ports: parsePorts(env.XMPP_PORTS ?? ""),
    resolver: resolverOf(env.DNS_RESOLVERS ?? ""),
    memory: stream,
    limit: meta.limit,
  };
}

/** Of a stream that is never gone back to. */
const NO_STREAM: LinkSettings["memory"] = {
  load: () => undefined,
  opened: () => undefined,
  written: () => undefined,
  acknowledged: () => undefined,
  received: () => undefined,
  resumed: () => undefined,
  proved: () => undefined,
  forget: () => undefined,
};

/** The same for whoever has no account yet, at the server of this domain. `invited`: whatever the list of domains says. */
export function strangerSettings(env: Env, domain: string, invited: boolean): LinkSettings {
  return {
    account: domain as BareJid,
    resource: "",
    userAgent: "",
    endpoints: parseEndpoints(env.XMPP_ENDPOINTS),
    allowedDomains: invited ? [] : allowedDomains(env),
    ports: parsePorts(env.XMPP_PORTS ?? ""),
    resolver: resolverOf(env.DNS_RESOLVERS ?? ""),
    memory: NO_STREAM,
    limit: { load: () => undefined, save: () => undefined },
  };
}

/** Domain → endpoint URIs, the domains normalised. Throws where it is no JSON. */
export function parseEndpoints(text: string): Readonly<Record<string, string>> {
  const endpoints = JSON.parse(text || "{}") as Record<string, string>;
  return Object.fromEntries(Object.entries(endpoints).map(([domain, uri]) => [normaliseDomain(domain), uri]));
}
