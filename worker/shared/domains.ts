/** Domains as whoever deploys Alcove writes them into a variable. */
import { normaliseAddress } from "./jid.ts";

/**
 * Those of a list, normalised as the domain of an account is (RFC 7622 §3.2): `"Example.NET, xn--mnchen-3ya.example"` →
 * `["example.net", "münchen.example"]`. What is no domain stays as it was written and is nobody's: a list in which nothing
 * can be read admits nobody, not everybody.
 */
export function parseDomains(list: string): readonly string[] {
  return list
    .split(/[\s,;]+/)
    .filter(Boolean)
    .map(normaliseDomain);
}

/** One of them; unchanged where it is none. */
export function normaliseDomain(text: string): string {
  return normaliseAddress(text.trim()) ?? text;
}
