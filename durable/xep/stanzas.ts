// RFC 6120 §8.2.3: requests and their answers

import xml, { type Element } from "@xmpp/xml";
import { attribute } from "./element.ts";

/** A question. Without `to` it goes to the own account (RFC 6120 §8.1.1.1). The link gives it its `id`. */
export function iqGet(payload: Element, to?: string): Element {
  return xml("iq", { type: "get", to }, payload);
}

/** An instruction. Without `to` it goes to the own account. The link gives it its `id`. */
export function iqSet(payload: Element, to?: string): Element {
  return xml("iq", { type: "set", to }, payload);
}

/** The answer to somebody's request: to whoever asked, with the id they gave. */
export function iqResult(request: Element, payload?: Element): Element {
  return xml("iq", { type: "result", to: attribute(request, "from"), id: attribute(request, "id") }, payload);
}

/** Whether an iq wants an answer; `result` and `error` are answers (RFC 6120 §8.2.3 rules 3 and 4). */
export function isRequest(iq: Element): boolean {
  const type = attribute(iq, "type");
  return type === "get" || type === "set";
}
