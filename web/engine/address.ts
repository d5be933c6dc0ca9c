/** Addresses as people give them to the page: typed, pasted, or as a link. */
import type { BareJid } from "../../worker/contract.ts";
import { bareOf } from "../../worker/shared/jid.ts";

/**
 * The account that is meant: ` Bob@Example.org `, `bob@example.org/phone` and `xmpp:bob@example.org?message` (RFC 5122)
 * are `bob@example.org`. Undefined where none is named, by the same rules as everywhere else (RFC 7622).
 */
export function typedJid(text: string): BareJid | undefined {
  const [address = ""] = text
    .trim()
    .replace(/^xmpp:/i, "")
    .split("?");
  return bareOf(address);
}
