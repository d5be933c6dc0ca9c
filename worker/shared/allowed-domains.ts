/** Whose accounts may sign in here, as the deployment's `ALLOWED_DOMAINS` says it. */
import type { BareJid } from "../contract/names.ts";
import { parseDomains } from "./domains.ts";
import { domainOf } from "./jid.ts";

/** `nobody`: the deployer has not said yet, so nobody new is let in. `everybody` needs the explicit `*`. */
export type AllowedDomains =
  | { readonly kind: "nobody" }
  | { readonly kind: "everybody" }
  | { readonly kind: "listed"; readonly domains: readonly string[] };

const EVERYBODY = "*";

/** Reads a list of domains (`"example.org münchen.example"`), as `parseDomains` does. */
export function parseAllowedDomains(text: string): AllowedDomains {
  const domains = parseDomains(text);
  if (domains.includes(EVERYBODY)) return { kind: "everybody" };
  return domains.length === 0 ? { kind: "nobody" } : { kind: "listed", domains };
}

/** Undefined where an account may sign in; else `domain-refused`, or `no-domains` where nobody may. */
export function refusalOf(allowed: AllowedDomains, account: BareJid): "domain-refused" | "no-domains" | undefined {
  switch (allowed.kind) {
    case "everybody":
      return undefined;
    case "nobody":
      return "no-domains";
    case "listed":
      return allowed.domains.includes(domainOf(account)) ? undefined : "domain-refused";
  }
}
