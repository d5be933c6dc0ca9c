/** Whether there is anybody under an address, as far as servers say. */
import type { Result } from "../../worker/contract/failures.ts";
import type { BareJid } from "../../worker/contract/names.ts";
import type { CurrentLink } from "../connection/current-link.ts";
import { buildProbe } from "../xep/message.ts";

/** A server that has to be found first takes seconds. */
const WITHIN_MS = 6_000;

/** What servers answer where nobody is: RFC 6121 §8.5.1, and what is seen besides. */
const MISSING: Readonly<Record<string, "account" | "server">> = {
  "service-unavailable": "account",
  "item-not-found": "account",
  "recipient-unavailable": "account",
  gone: "account",
  "remote-server-not-found": "server",
  // A server that sends to no others.
  "not-allowed": "server",
};

/**
 * Questions are answered alike for accounts that are there and for those that are not, so that nobody can list them; a
 * message that cannot be delivered comes back. One without a word, that no archive keeps and no app shows, is enough. Who
 * has blocked us looks like nobody. Fails with `offline`.
 */
export async function lookFor(
  link: Pick<CurrentLink, "send" | "returned">,
  jid: BareJid,
): Promise<Result<{ readonly missing?: "account" | "server" }>> {
  const id = crypto.randomUUID();
  const back = link.returned.wait(id, WITHIN_MS);
  if (!link.send(buildProbe(jid, id))) {
    link.returned.take(id, "not sent");
    return { ok: false, error: { kind: "offline" } };
  }
  const missing = MISSING[(await back) ?? ""];
  return { ok: true, value: missing === undefined ? {} : { missing } };
}
