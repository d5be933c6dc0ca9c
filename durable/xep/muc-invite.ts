// XEP-0045: Multi-User Chat, version 1.35.1. Invitations by way of the room (§7.8.2); XEP-0249: Direct MUC Invitations,
// version 1.2

import xml, { type Element } from "@xmpp/xml";
import { LIMITS } from "../../worker/contract/limits.ts";
import type { BareJid, Time } from "../../worker/contract/names.ts";
import { attribute, child } from "./element.ts";
import { bareOf, parseBareJid, resourceOf } from "../../worker/shared/jid.ts";
import { NS_MUC_USER } from "./muc.ts";

/** Somebody asks us into a room; `password`: what it asks for, where they say so. */
export type Invitation = { readonly room: BareJid; readonly by: BareJid; readonly password?: string };

const NS_CONFERENCE = "jabber:x:conference";
/** An archive shows old ones, too: after this nobody waits for an answer any more. */
const STANDS_MS = 14 * 24 * 60 * 60_000;

/** Ask somebody in; the room passes it on in its own name. */
export function buildInvitation(room: BareJid, to: BareJid): Element {
  return xml("message", { to: room }, xml("x", { xmlns: NS_MUC_USER }, xml("invite", { to })));
}

/** Whose invitation it would be, and when it was sent and read. `sender` is the message's own: the room, or whoever asks directly. */
type Received = { readonly account: BareJid; readonly sender: BareJid; readonly at: Time; readonly now: Time };

/** Who asks us where. */
export function parseInvitation(message: Element, { account, sender, at, now }: Received): Invitation | undefined {
  const type = attribute(message, "type");
  if (type === "error" || type === "groupchat" || at < now - STANDS_MS) return undefined;
  const x = child(message, "x", NS_MUC_USER);
  const invite = x && child(x, "invite", NS_MUC_USER);
  // In somebody else's name speaks the room alone: people and occupants have a resource (§7.8.2, RFC 6120 §8.1.2.1).
  if (x && invite && resourceOf(attribute(message, "from") ?? "") === undefined) {
    const named = bareOf(attribute(invite, "from") ?? "") ?? sender;
    return {
      room: sender,
      by: named === account ? sender : named,
      ...passwordOf(child(x, "password", NS_MUC_USER)?.getText()),
    };
  }
  const direct = child(message, "x", NS_CONFERENCE);
  const room = direct && parseBareJid(attribute(direct, "jid") ?? "");
  if (direct === undefined || room === undefined || room === sender) return undefined;
  return { room, by: sender, ...passwordOf(attribute(direct, "password")) };
}

function passwordOf(text: string | undefined): Pick<Invitation, "password"> {
  return text === undefined || text === "" || text.length > LIMITS.roomNameLength ? {} : { password: text };
}
