/** Becoming contacts and ceasing to be (RFC 6121 §3). The roster push that follows is what changes the log. */
import type { Element } from "@xmpp/xml";
import type { ReportReason } from "../../worker/contract/calls.ts";
import type { Result } from "../../worker/contract/failures.ts";
import type { BareJid } from "../../worker/contract/names.ts";
import type { CurrentLink } from "../connection/current-link.ts";
import { failureOfRequest } from "../link/iq.ts";
import type { Contact } from "../store/contacts.ts";
import { buildBlock, buildUnblock } from "../xep/blocking.ts";
import { buildSubscribe, buildSubscribed, buildUnsubscribed } from "../xep/presence.ts";
import { preauth } from "../xep/register.ts";
import { buildRosterRemove, buildRosterSet } from "../xep/roster.ts";

type Done = Result<{ readonly done: true }>;
const DONE: Done = { ok: true, value: { done: true } };

/**
 * Ask for their presence, and let them see ours beforehand, so that nobody is asked twice (RFC 6121 §3.4; where the server
 * cannot keep that, `Contacts.welcomes` does). `groups`: the roster's, undefined where they are not on
 * it; `token`: of their invitation. Fails with `offline`, `peer-refused`.
 */
export async function askContact(
  link: Pick<CurrentLink, "request" | "send">,
  { jid, name, subscription }: Contact,
  groups: readonly string[] | undefined,
  token?: string,
): Promise<Done> {
  // Setting an item replaces it, name, groups and what else a server may keep there: one that is there stays as it is.
  const listed = groups !== undefined || subscription === "from" || subscription === "to" || subscription === "both";
  const added = listed ? DONE : await request(link, buildRosterSet(jid, name));
  if (!added.ok) return added;
  return write(link, [buildSubscribed(jid), buildSubscribe(jid, token === undefined ? undefined : preauth(token))]);
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

/**
 * Call somebody otherwise on the roster; their groups are said again, or they would be gone (RFC 6121 §2.3.3). `groups`: the
 * roster's. Fails with `offline`, `peer-refused`, and `not-found` where they are not on it.
 */
export async function renameContact(
  link: Pick<CurrentLink, "request">,
  jid: BareJid,
  name: string,
  groups: readonly string[] | undefined,
): Promise<Done> {
  if (groups === undefined) return { ok: false, error: { kind: "not-found" } };
  return request(link, buildRosterSet(jid, name.trim() || undefined, groups));
}

/**
 * Have the server keep somebody away, with a report where one is made, or no longer (XEP-0191, XEP-0377). Its push is what
 * changes the log. Fails with `offline`, and with `peer-refused` and `cannot block` where it does not know how.
 */
export async function blockContact(
  link: Pick<CurrentLink, "request">,
  jid: BareJid,
  how: { readonly block: boolean; readonly report?: ReportReason | undefined },
): Promise<Done> {
  const done = await request(link, how.block ? buildBlock(jid, how.report) : buildUnblock(jid));
  const unable = !done.ok && UNABLE.includes(done.error.detail ?? "");
  return unable ? { ok: false, error: { kind: "peer-refused", detail: "cannot block" } } : done;
}

const UNABLE: readonly string[] = ["service-unavailable", "feature-not-implemented"];

async function request(link: Pick<CurrentLink, "request">, iq: Element): Promise<Done> {
  const answer = await link.request(iq);
  return answer.ok ? DONE : { ok: false, error: failureOfRequest(answer.error) };
}

function write(link: Pick<CurrentLink, "request" | "send">, stanzas: readonly Element[]): Done {
  return stanzas.every((stanza) => link.send(stanza)) ? DONE : { ok: false, error: { kind: "offline" } };
}
