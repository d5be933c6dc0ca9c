/** A conversation begun by a link or a code, which may say whose devices are whose. */
import type { Failure } from "../../worker/contract/failures.ts";
import type { BareJid } from "../../worker/contract/names.ts";
import type { App } from "./app.ts";
import { isContact } from "./chats.ts";
import { readServerInvitation } from "./server-invitation.ts";
import { start } from "./asking.ts";

/** As Conversations shares it where `xmpp:` leads nowhere. */
const SHARED = /^\s*https:\/\/conversations\.im\/i\//i;
const CARRIES_KEYS = /[?&;]omemo-sid-\d+=/i;

/**
 * Begins the conversation and asks whoever is no contact yet. Where the link carries fingerprints they are compared next: at
 * once if it was `scanned` from a screen; one that was `typed` may have come from anybody, so the person is asked. A
 * failure is for the dialog that asked.
 */
export async function startByLink(app: App, link: string, how: "typed" | "scanned"): Promise<Failure | undefined> {
  const address = link.replace(SHARED, "xmpp:");
  const invitation = readServerInvitation(address);
  if (invitation?.inviter !== undefined) return addInviter(app, invitation.inviter, invitation.token);
  const failure = await start(app, address);
  const jid = app.openChat.peek();
  if (failure !== undefined || jid === undefined || !CARRIES_KEYS.test(link)) return failure;
  const chat = app.chats.peek().get(jid);
  // Whoever gives their fingerprints away wants to be asked; both have asked then, and nobody is asked twice (RFC 6121 §3.4).
  if (chat === undefined || !isContact(chat)) await app.answer(jid, chat?.relation === "request" ? "accept" : "add");
  app.dialog.value = { kind: "verify-link", jid, link, compare: how === "scanned" };
  return undefined;
}

/** Whoever has invited us becomes a contact: their server lets us in by the token, without asking them again (XEP-0379). */
export async function addInviter(app: App, inviter: BareJid, token: string): Promise<Failure | undefined> {
  const answer = await app.engine.contact({ jid: inviter, action: "add", token });
  return answer.ok ? start(app, inviter) : answer.error;
}
