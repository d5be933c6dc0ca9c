/** When a contact was there last. */
import type { Result } from "../../worker/contract/failures.ts";
import type { BareJid, Time } from "../../worker/contract/names.ts";
import type { CurrentLink } from "../connection/current-link.ts";
import type { Stores } from "../store/stores.ts";
import { parseLast, requestLast } from "../xep/last-activity.ts";

const WITHIN_MS = 8_000;

/**
 * Their server's word, which it gives to those who may see their presence (XEP-0012 §5), or what we have seen ourselves:
 * whichever is later. Of others nobody is asked, for it would tell a stranger that somebody looks at them. Fails with
 * `offline` where nothing is known and nobody can be asked.
 */
export async function lastSeen(
  stores: Pick<Stores, "contacts" | "presence" | "turn">,
  link: Pick<CurrentLink, "request" | "live">,
  jid: BareJid,
): Promise<Result<{ readonly at?: Time }>> {
  const { contacts, presence } = stores;
  const { subscription } = contacts.get(jid);
  const shown = subscription === "to" || subscription === "both";
  const answer = shown && link.live ? await link.request(requestLast(jid), { timeoutMs: WITHIN_MS }) : undefined;
  const seconds = answer?.ok === true ? parseLast(answer.value) : undefined;
  // 0: they are there now, and who is there is told otherwise.
  if (seconds !== undefined && seconds > 0) stores.turn(() => presence.sawLast(jid, Date.now() - seconds * 1_000));
  const at = presence.lastSeen(jid);
  if (at === undefined && shown && !link.live) return { ok: false, error: { kind: "offline" } };
  return { ok: true, value: at === undefined ? {} : { at } };
}
