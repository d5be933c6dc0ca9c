// XEP-0060: Publish-Subscribe, version 1.26.0. What a node tells its subscribers (§7.1.2, §7.2.2, §8.4, §8.5).

import type { Element } from "@xmpp/xml";
import type { BareJid } from "../../worker/contract/names.ts";
import { attribute, child, children } from "./element.ts";
import { parseBareJid } from "../../worker/shared/jid.ts";
import { readItems, type PubsubItem } from "./pubsub.ts";

const NS_EVENT = "http://jabber.org/protocol/pubsub#event";

export type PubsubEvent =
  | { readonly kind: "published"; readonly node: string; readonly items: readonly PubsubItem[] }
  /** Some items (`ids`) were taken back; others may still be there. */
  | { readonly kind: "retracted"; readonly node: string; readonly ids: readonly string[] }
  /** The node is gone, or holds nothing any more. */
  | { readonly kind: "emptied"; readonly node: string };

/** Whether a stanza poses as an event, rightly or not. */
export function isPubsubEvent(message: Element): boolean {
  return child(message, "event", NS_EVENT) !== undefined;
}

/** The event in a message; undefined where there is none or it is of another kind. */
export function parsePubsubEvent(message: Element): PubsubEvent | undefined {
  const event = child(message, "event", NS_EVENT);
  if (event === undefined || attribute(message, "type") === "error") return undefined;
  const emptied = child(event, "delete", NS_EVENT) ?? child(event, "purge", NS_EVENT);
  const items = child(event, "items", NS_EVENT);
  const node = attribute(emptied ?? items ?? event, "node");
  if (node === undefined) return undefined;
  if (emptied !== undefined) return { kind: "emptied", node };
  if (items === undefined) return undefined;
  const published = readItems(items, NS_EVENT);
  if (published.length > 0) return { kind: "published", node, items: published };
  const ids = children(items, "retract", NS_EVENT).map((retract) => attribute(retract, "id") ?? "");
  return ids.length === 0 ? undefined : { kind: "retracted", node, ids };
}

/**
 * Whose node speaks: XEP-0163 §4.3.1 sends events from the owner's bare JID, and no client can send from one, so a full
 * JID is a client that pretends. No `from` is the own account (RFC 6120 §8.1.2.1). A node's name proves nothing.
 */
export function eventOwner(message: Element, account: BareJid): BareJid | undefined {
  const from = attribute(message, "from");
  return from === undefined ? account : parseBareJid(from);
}
