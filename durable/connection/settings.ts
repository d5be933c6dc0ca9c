/** What the link is told about this account and this deployment. */
import type { BareJid } from "../../worker/contract/names.ts";
import { parseAllowedDomains } from "../../worker/shared/allowed-domains.ts";
import { normaliseDomain } from "../../worker/shared/domains.ts";
import type { Ports } from "../link/discovery/names.ts";
import { resolverOf } from "../link/discovery/resolver.ts";
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

/** `"7443 8443-8450"`; what cannot be read allows nothing. */
export function parsePorts(list: string): Ports {
  return list.split(/[\s,;]+/).flatMap((text) => {
    const [, first, last = first] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text) ?? [];
    return first === undefined ? [] : [[Number(first), Number(last)] as const];
  });
}

/** Domain → endpoint URIs, the domains normalised. Throws where it is no JSON. */
export function parseEndpoints(text: string): Readonly<Record<string, string>> {
  const endpoints = JSON.parse(text || "{}") as Record<string, string>;
  return Object.fromEntries(Object.entries(endpoints).map(([domain, uri]) => [normaliseDomain(domain), uri]));
}
