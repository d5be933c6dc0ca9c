/** Becoming contacts and ceasing to be (RFC 6121 §3). The roster push that follows is what changes the log. */
import type { Element } from "@xmpp/xml";
import type { Result } from "../../worker/contract/failures.ts";
import type { BareJid } from "../../worker/contract/names.ts";
import type { CurrentLink } from "../connection/current-link.ts";
import { failureOfRequest } from "../link/iq.ts";
import type { Contact } from "../store/contacts.ts";
import { buildSubscribe, buildSubscribed, buildUnsubscribed } from "../xep/presence.ts";
import { buildRosterRemove, buildRosterSet } from "../xep/roster.ts";

type Done = Result<{ readonly done: true }>;
const DONE: Done = { ok: true, value: { done: true } };

/**
 * Ask for their presence and let them see ours when they ask back. `groups`: the roster's, undefined where they are not on
 * it. Fails with `offline`, `peer-refused`.
 */
export async function askContact(
  link: Pick<CurrentLink, "request" | "send">,
  { jid, name, subscription }: Contact,
  groups: readonly string[] | undefined,
): Promise<Done> {
  // Setting an item replaces it, name, groups and what else a server may keep there: one that is there stays as it is.
  const listed = groups !== undefined || subscription === "from" || subscription === "to" || subscription === "both";
  const added = listed ? DONE : await request(link, buildRosterSet(jid, name));
  if (!added.ok) return added;
  return write(link, [buildSubscribe(jid)]);
}

/** Grant a request and ask for the same. */
export async function approveContact(link: Pick<CurrentLink, "request" | "send">, jid: BareJid): Promise<Done> {
  return write(link, [buildSubscribed(jid), buildSubscribe(jid)]);
}

/** Refuse a request (RFC 6121 §3.1.5), or let them see our presence no longer (§3.2). Fails with `offline`. */
export async function declineContact(link: Pick<CurrentLink, "request" | "send">, jid: BareJid): Promise<Done> {
  return write(link, [buildUnsubscribed(jid)]);
}

/**
 * Take a contact off the roster; the server ends both subscriptions (RFC 6121 §2.5). Fails with `offline`,
 * `peer-refused`.
 */
export async function removeContact(link: Pick<CurrentLink, "request" | "send">, jid: BareJid): Promise<Done> {
  return request(link, buildRosterRemove(jid));
}

async function request(link: Pick<CurrentLink, "request" | "send">, iq: Element): Promise<Done> {
  const answer = await link.request(iq);
  return answer.ok ? DONE : { ok: false, error: failureOfRequest(answer.error) };
}

function write(link: Pick<CurrentLink, "request" | "send">, stanzas: readonly Element[]): Done {
  return stanzas.every((stanza) => link.send(stanza)) ? DONE : { ok: false, error: { kind: "offline" } };
}
