// XEP-0060: Publish-Subscribe, version 1.26.0; on accounts by XEP-0163: Personal Eventing Protocol, version 1.2.2

import xml, { type Element } from "@xmpp/xml";
import type { BareJid } from "../../worker/contract/names.ts";
import { attribute, child, children } from "./element.ts";
import { buildSubmission, type FormField } from "./forms.ts";
import { iqGet, iqSet } from "./stanzas.ts";

export const NS_PUBSUB = "http://jabber.org/protocol/pubsub";
export const FEATURE_PUBLISH_OPTIONS = `${NS_PUBSUB}#publish-options`;

/** The item id of nodes that hold one item (XEP-0060 §12.20). */
export const SINGLE_ITEM = "current";

/** What everybody may read and what is there after a restart: device lists and bundles. */
export const PUBLIC_NODE: readonly FormField[] = [
  { name: "pubsub#persist_items", values: ["true"] },
  { name: "pubsub#access_model", values: ["open"] },
];

/** What those may read who see our presence, and what is there after a restart (XEP-0163 §7.1): pictures and names. */
export const CONTACTS_NODE: readonly FormField[] = [
  { name: "pubsub#persist_items", values: ["true"] },
  { name: "pubsub#access_model", values: ["presence"] },
];

/** What only the own account may read, as many items as there are, told to nobody who comes later. */
export const PRIVATE_NODE: readonly FormField[] = [
  { name: "pubsub#persist_items", values: ["true"] },
  { name: "pubsub#max_items", values: ["max"] },
  { name: "pubsub#send_last_published_item", values: ["never"] },
  { name: "pubsub#access_model", values: ["whitelist"] },
];

export type NewItem = { readonly id: string; readonly payload: Element };

export type PubsubItem = { readonly id?: string; readonly payload?: Element };

/**
 * Publish at the own account. `options` are a precondition (§7.1.5): a node that is configured otherwise refuses
 * with `precondition-not-met`. Left out where the server does not announce `FEATURE_PUBLISH_OPTIONS`.
 */
export function buildPublish(node: string, item: NewItem, options?: readonly FormField[]): Element {
  return iqSet(
    xml(
      "pubsub",
      { xmlns: NS_PUBSUB },
      xml("publish", { node }, xml("item", { id: item.id }, item.payload)),
      options && xml("publish-options", {}, buildSubmission(FEATURE_PUBLISH_OPTIONS, options)),
    ),
  );
}

/** Take an item back at the own account (§7.2); subscribers are told. */
export function buildRetract(node: string, id: string): Element {
  return iqSet(xml("pubsub", { xmlns: NS_PUBSUB }, xml("retract", { node, notify: "true" }, xml("item", { id }))));
}

/** All items of a node (§6.5.2), of the own account or somebody's. `max`: only so many of the newest. */
export function requestItems(node: string, of?: BareJid, max?: number): Element {
  return iqGet(xml("pubsub", { xmlns: NS_PUBSUB }, xml("items", { node, max_items: max })), of);
}

/** One item of a node (§6.5.6), of the own account or somebody's. */
export function requestItem(node: string, id: string, of?: BareJid): Element {
  return iqGet(xml("pubsub", { xmlns: NS_PUBSUB }, xml("items", { node }, xml("item", { id }))), of);
}

/** The items in an answer for this node; undefined where it is an error or about something else. */
export function parseItems(iq: Element, node: string): readonly PubsubItem[] | undefined {
  if (attribute(iq, "type") !== "result") return undefined;
  const pubsub = child(iq, "pubsub", NS_PUBSUB);
  const items = pubsub && child(pubsub, "items", NS_PUBSUB);
  return items === undefined || attribute(items, "node") !== node ? undefined : readItems(items, NS_PUBSUB);
}

/** The items inside `<items>`, of an answer or of an event. */
export function readItems(items: Element, namespace: string): readonly PubsubItem[] {
  return children(items, "item", namespace).map((item) => {
    const id = attribute(item, "id");
    const [payload] = item.getChildElements();
    return { ...(id !== undefined && { id }), ...(payload !== undefined && { payload }) };
  });
}
