// XEP-0333: Displayed Markers, version 1.0.0; `received` and `acknowledged` are of the versions before

import xml, { type Element } from "@xmpp/xml";
import type { BareJid } from "../../worker/contract/names.ts";
import { attribute, child } from "./element.ts";
import { buildHint } from "./hints.ts";
import { buildOriginId, usableId } from "./ids.ts";

export const NS_MARKERS = "urn:xmpp:chat-markers:0";

export type Marker = { readonly of: string; readonly state: "delivered" | "read" };

/** Strongest first: whoever acknowledges has read, and whoever has read has received. */
const MARKERS = [
  ["acknowledged", "read"],
  ["displayed", "read"],
  ["received", "delivered"],
] as const;

/** Inside a message: it may be marked. */
export function buildMarkable(): Element {
  return xml("markable", { xmlns: NS_MARKERS });
}

/** Whether a message wants to be marked (§4.1). */
export function isMarkable(message: Element): boolean {
  return child(message, "markable", NS_MARKERS) !== undefined;
}

/** Everything up to and including the message with the id `of` was seen. */
export function buildDisplayed(marker: { readonly to: BareJid; readonly id: string; readonly of: string }): Element {
  return xml(
    "message",
    { to: marker.to, type: "chat", id: marker.id },
    xml("displayed", { xmlns: NS_MARKERS, id: marker.of }),
    buildHint("store"),
    buildOriginId(marker.id),
  );
}

/** What became of which message; undefined where the stanza marks nothing. */
export function parseMarker(message: Element): Marker | undefined {
  for (const [name, state] of MARKERS) {
    const element = child(message, name, NS_MARKERS);
    const of = usableId(element && attribute(element, "id"));
    if (of !== undefined) return { of, state };
  }
  return undefined;
}
