// XEP-0030: Service Discovery, version 2.5.0; extensions by XEP-0128, version 1.0.1

import xml, { type Element } from "@xmpp/xml";
import { NS_REACTIONS, NS_RETRACT } from "./about-another.ts";
import { NS_AVATAR_METADATA } from "./avatar.ts";
import { NS_BOOKMARKS } from "./bookmarks.ts";
import { attribute, child, children } from "./element.ts";
import { NS_CHAT_STATES } from "./chat-states.ts";
import { NS_EME } from "./encryption.ts";
import { parseForms, type Form } from "./forms.ts";
import { NS_SID } from "./ids.ts";
import { NS_MARKERS } from "./markers.ts";
import { NS_MDS } from "./mds.ts";
import { NS_NICK } from "./nick.ts";
import { DEVICE_LIST_NODE } from "./omemo-devices.ts";
import { NS_PING } from "./ping.ts";
import { NS_RECEIPTS } from "./receipts.ts";
import { NS_CORRECTION, NS_REPLY } from "./references.ts";
import { buildPageRequest, type Page, type PageRequest, parsePage } from "./rsm.ts";
import { iqGet } from "./stanzas.ts";

const NS_DISCO_INFO = "http://jabber.org/protocol/disco#info";
export const NS_DISCO_ITEMS = "http://jabber.org/protocol/disco#items";
export const NS_CAPS = "http://jabber.org/protocol/caps";

export type Identity = {
  readonly category: string;
  readonly type: string;
  readonly lang?: string;
  readonly name?: string;
};
export type DiscoInfo = {
  readonly identities: readonly Identity[];
  readonly features: readonly string[];
  readonly forms: readonly Form[];
};

/**
 * What this client is and can do. One resource stands for all browsers, so this is the same whichever of them are
 * there. `+notify` asks for the events of a node (XEP-0163 §4.2).
 */
export const OUR_INFO: DiscoInfo = {
  identities: [{ category: "client", type: "web", name: "Alcove" }],
  features: [
    NS_CAPS,
    NS_DISCO_INFO,
    NS_PING,
    NS_RECEIPTS,
    NS_MARKERS,
    NS_CHAT_STATES,
    NS_CORRECTION,
    NS_REPLY,
    NS_REACTIONS,
    NS_RETRACT,
    NS_EME,
    NS_SID,
    `${DEVICE_LIST_NODE}+notify`,
    `${NS_BOOKMARKS}+notify`,
    `${NS_MDS}+notify`,
    `${NS_NICK}+notify`,
    `${NS_AVATAR_METADATA}+notify`,
  ].sort(),
  forms: [],
};

/** What is that entity and what can it do? */
export function requestInfo(of: string, node?: string): Element {
  return iqGet(xml("query", { xmlns: NS_DISCO_INFO, node }), of);
}

/** What belongs to that entity (§4.1)? `page`: of a long list only that (§4.8); who knows no pages answers with all of it. */
export function requestItems(of: string, page?: PageRequest): Element {
  return iqGet(xml("query", { xmlns: NS_DISCO_ITEMS }, page && buildPageRequest(page)), of);
}

/** The same with what they are called, and where the page ends. Undefined where it is an error or about something else. */
export function parseNamedItems(
  iq: Element,
): { readonly items: readonly { readonly jid: string; readonly name?: string }[]; readonly page: Page } | undefined {
  const query = child(iq, "query", NS_DISCO_ITEMS);
  if (query === undefined || attribute(iq, "type") !== "result") return undefined;
  const items = children(query, "item", NS_DISCO_ITEMS).flatMap((item) => {
    const [jid, name, node] = ["jid", "name", "node"].map((key) => attribute(item, key));
    return jid === undefined || node !== undefined ? [] : [{ jid, ...(name !== undefined && { name }) }];
  });
  return { items, page: parsePage(query) };
}

/** Addresses of what belongs to it, each once; items with a node are no entities of their own. */
export function parseItems(iq: Element): readonly string[] {
  const query = child(iq, "query", NS_DISCO_ITEMS);
  if (query === undefined || attribute(iq, "type") !== "result") return [];
  const items = children(query, "item", NS_DISCO_ITEMS).filter((item) => attribute(item, "node") === undefined);
  return [...new Set(items.flatMap((item) => attribute(item, "jid") ?? []))];
}

/** The `<query>` of a request; undefined where it asks for something else. */
export function infoQuery(iq: Element): Element | undefined {
  return child(iq, "query", NS_DISCO_INFO);
}

/** The payload of an answer. The `node` of the request is mirrored (§3.2). */
export function buildInfo(info: DiscoInfo, node?: string): Element {
  return xml(
    "query",
    { xmlns: NS_DISCO_INFO, node },
    info.identities.map(({ category, type, name, lang }) =>
      xml("identity", { category, type, name, "xml:lang": lang }),
    ),
    info.features.map((feature) => xml("feature", { var: feature })),
  );
}

/** What somebody answered; undefined where it is an error or about something else. */
export function parseInfo(iq: Element): DiscoInfo | undefined {
  const query = infoQuery(iq);
  if (query === undefined || attribute(iq, "type") !== "result") return undefined;
  const identities = children(query, "identity", NS_DISCO_INFO).flatMap((identity) => readIdentity(identity) ?? []);
  const features = children(query, "feature", NS_DISCO_INFO).flatMap((feature) => attribute(feature, "var") ?? []);
  return { identities, features: [...new Set(features)], forms: parseForms(query) };
}

function readIdentity(identity: Element): Identity | undefined {
  const category = attribute(identity, "category");
  const type = attribute(identity, "type");
  const name = attribute(identity, "name");
  const lang = attribute(identity, "xml:lang");
  if (category === undefined || type === undefined) return undefined;
  return { category, type, ...(lang !== undefined && { lang }), ...(name !== undefined && { name }) };
}
