/** What the link is told about this account and this deployment. */
import type { BareJid } from "../../worker/contract.ts";
import { resolver } from "../link/discovery/resolver.ts";
import type { LinkSettings } from "../link/link.ts";
import type { Stores } from "../store/stores.ts";

/** `account` is given only before the first sign-in, when the object belongs to none. */
export function linkSettings(env: Env, { meta, stream }: Stores, account: BareJid = meta.account): LinkSettings {
  return {
    account,
    resource: meta.resource,
    userAgent: meta.userAgent,
    endpoints: JSON.parse(env.XMPP_ENDPOINTS || "{}") as Record<string, string>,
    allowedDomains: env.ALLOWED_DOMAINS.split(/\s+/).filter(Boolean),
    resolver,
    memory: stream,
  };
}
