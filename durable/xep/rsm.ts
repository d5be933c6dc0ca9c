// XEP-0059: Result Set Management, version 1.0

import xml, { type Element } from "@xmpp/xml";
import { child, integer } from "./element.ts";

const NS_RSM = "http://jabber.org/protocol/rsm";
const COUNT_MAX = Number.MAX_SAFE_INTEGER;

/** Which page: behind an item, before one, or (`before: ""`, §2.5) the last one. */
export type PageRequest = { readonly max: number; readonly after?: string; readonly before?: string };

/** Where a page begins and ends; an empty page has neither. */
export type Page = { readonly first?: string; readonly last?: string; readonly count?: number };

/** Inside a query. */
export function buildPageRequest({ max, after, before }: PageRequest): Element {
  return xml(
    "set",
    { xmlns: NS_RSM },
    xml("max", {}, String(max)),
    after !== undefined && after !== "" ? xml("after", {}, after) : undefined,
    before !== undefined ? xml("before", {}, before) : undefined,
  );
}

/** Inside an answer; an answer without one has no bounds to tell. */
export function parsePage(answer: Element): Page {
  const set = child(answer, "set", NS_RSM);
  if (set === undefined) return {};
  const first = child(set, "first", NS_RSM)?.getText();
  const last = child(set, "last", NS_RSM)?.getText();
  const count = integer(child(set, "count", NS_RSM)?.getText(), 0, COUNT_MAX);
  return { ...(first && { first }), ...(last && { last }), ...(count !== undefined && { count }) };
}
