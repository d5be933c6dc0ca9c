// XEP-0401: Ad-hoc Account Invitation Generation, version 0.6.0, by a command of XEP-0050 (1.3.0)

import { FORM_LIMITS } from "../../worker/contract/forms.ts";
import xml, { type Element } from "@xmpp/xml";
import type { Time } from "../../worker/contract/names.ts";
import { child } from "./element.ts";
import { parseForm } from "./forms.ts";
import { iqSet } from "./stanzas.ts";

const NS_COMMANDS = "http://jabber.org/protocol/commands";
const INVITE = "urn:xmpp:invite#invite";

export type ServerInvitation = { readonly uri: string; readonly ends?: Time; readonly makesAccount: boolean };

/** An invitation to become our contact, and where the server allows that, to make an account for it (§3.1). */
export function requestInvitation(domain: string): Element {
  return iqSet(xml("command", { xmlns: NS_COMMANDS, node: INVITE, action: "execute" }), domain);
}

/** Undefined where the answer holds none: the server wants something else first. */
export function parseInvitation(iq: Element): ServerInvitation | undefined {
  const command = child(iq, "command", NS_COMMANDS);
  const fields = command && parseForm(command)?.fields;
  const answered = (name: string) => fields?.find((field) => field.name === name)?.values[0]?.trim();
  const uri = answered("uri");
  if (uri === undefined || !/^xmpp:/i.test(uri) || uri.length > FORM_LIMITS.formText) return undefined;
  const ends = Date.parse(answered("expire") ?? "");
  const makesAccount = /[?;&](?:ibr=y|register)(?:[;&]|$)/i.test(uri);
  return { uri, ...(Number.isFinite(ends) && { ends }), makesAccount };
}
