/** What the link is told about this account and this deployment. */
import type { BareJid } from "../../worker/contract.ts";
import { parseAllowedDomains } from "../../worker/shared/allowed-domains.ts";
import { normaliseDomain } from "../../worker/shared/domains.ts";
import { resolver } from "../link/discovery/resolver.ts";
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
    allowedDomains: allowedDomains(env),
    resolver,
    memory: stream,
    limit: meta.limit,
  };
}

/** Domain → endpoint URI, the domains normalised. Throws where it is no JSON. */
export function parseEndpoints(text: string): Readonly<Record<string, string>> {
  const endpoints = JSON.parse(text || "{}") as Record<string, string>;
  return Object.fromEntries(Object.entries(endpoints).map(([domain, uri]) => [normaliseDomain(domain), uri]));
}
