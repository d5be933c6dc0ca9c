// XEP-0184: Message Delivery Receipts, version 1.4.0

import xml, { type Element } from "@xmpp/xml";
import type { BareJid } from "../../worker/contract/names.ts";
import { attribute, child } from "./element.ts";
import { buildHint } from "./hints.ts";
import { buildOriginId, usableId } from "./ids.ts";

export const NS_RECEIPTS = "urn:xmpp:receipts";

/** Inside a message: please say that it arrived. */
export function buildReceiptRequest(): Element {
  return xml("request", { xmlns: NS_RECEIPTS });
}

/** Whether a message wants a receipt. One in answer to a receipt would never end (§5.5). */
export function asksForReceipt(message: Element): boolean {
  return child(message, "request", NS_RECEIPTS) !== undefined && parseReceipt(message) === undefined;
}

/** `of`: the `id` attribute of the message that arrived. */
export function buildReceipt(receipt: { readonly to: BareJid; readonly id: string; readonly of: string }): Element {
  return xml(
    "message",
    { to: receipt.to, type: "chat", id: receipt.id },
    xml("received", { xmlns: NS_RECEIPTS, id: receipt.of }),
    buildHint("store"),
    buildOriginId(receipt.id),
  );
}

/** Which message arrived; undefined where the stanza is no receipt. */
export function parseReceipt(message: Element): string | undefined {
  const received = child(message, "received", NS_RECEIPTS);
  return usableId(received && attribute(received, "id"));
}
