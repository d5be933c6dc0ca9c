/** Becoming contacts and ceasing to be (RFC 6121 §3). The roster push that follows is what changes the log. */
import type { Element } from "@xmpp/xml";
import type { BareJid, Result } from "../../worker/contract.ts";
import type { Connection } from "../connection/connection.ts";
import type { Contact } from "../store/contacts.ts";
import { buildSubscribe, buildSubscribed, buildUnsubscribed } from "../xep/presence.ts";
import { buildRosterRemove, buildRosterSet } from "../xep/roster.ts";

type Done = Result<{ readonly done: true }>;
const DONE: Done = { ok: true, value: { done: true } };

/** Ask for their presence and let them see ours when they ask back. */
export async function askContact(connection: Connection, { jid, name, subscription }: Contact): Promise<Done> {
  // Setting an item replaces it, name and groups included: one that is there stays as it is.
  const listed = subscription === "from" || subscription === "to" || subscription === "both";
  const added = listed ? DONE : await request(connection, buildRosterSet(jid, name));
  if (!added.ok) return added;
  return write(connection, [buildSubscribe(jid)]);
}

/** Grant a request and ask for the same. */
export async function approveContact(connection: Connection, jid: BareJid): Promise<Done> {
  return write(connection, [buildSubscribed(jid), buildSubscribe(jid)]);
}

export async function declineContact(connection: Connection, jid: BareJid): Promise<Done> {
  return write(connection, [buildUnsubscribed(jid)]);
}

export async function removeContact(connection: Connection, jid: BareJid): Promise<Done> {
  return request(connection, buildRosterRemove(jid));
}

async function request(connection: Connection, iq: Element): Promise<Done> {
  const answer = await connection.request(iq);
  if (answer.ok) return DONE;
  if (answer.error.kind !== "stanza-error") return { ok: false, error: { kind: "offline" } };
  return { ok: false, error: { kind: "peer-refused", detail: answer.error.condition } };
}

function write(connection: Connection, stanzas: readonly Element[]): Done {
  return stanzas.every((stanza) => connection.send(stanza)) ? DONE : { ok: false, error: { kind: "offline" } };
}
