// XEP-0433: Extended Channel Search, version 0.1.0

import xml, { type Element } from "@xmpp/xml";
import type { RoomDetails } from "../../worker/contract/rooms.ts";
import { parseBareJid } from "../../worker/shared/jid.ts";
import { attribute, child, children, integer, isTrue, legalText } from "./element.ts";
import { buildSubmission } from "./forms.ts";
import { detailsOf } from "./muc-info.ts";
import { buildPageRequest, type Page, type PageRequest, parsePage } from "./rsm.ts";
import { iqGet } from "./stanzas.ts";

/** Also the feature of a service that searches. */
export const NS_CHANNEL_SEARCH = "urn:xmpp:channel-search:0:search";
const PARAMETERS = "urn:xmpp:channel-search:0:search-params";
const BY_PEOPLE = "{urn:xmpp:channel-search:0:order}nusers";
const ROOMS = "xep-0045";
const PEOPLE_MAX = 1_000_000;

/** Rooms whose name, description or address has these words; without words all of them. The fullest come first. */
export function buildSearch(service: string, words: string, page: PageRequest): Element {
  const yes = ["sinname", "sindescription", "sinaddr"].map((name) => ({ name, values: ["true"] }));
  const asked =
    words === "" ? [{ name: "all", values: ["true"] }] : [{ name: "q", values: [legalText(words)] }, ...yes];
  const form = buildSubmission(PARAMETERS, [
    ...asked,
    { name: "types", values: [ROOMS] },
    { name: "key", values: [BY_PEOPLE] },
  ]);
  return iqGet(xml("search", { xmlns: NS_CHANNEL_SEARCH }, buildPageRequest(page), form), service);
}

/** What was found, and where the page ends; channels that are no rooms are left out. Undefined where it is no such answer. */
export function parseFound(iq: Element): { readonly rooms: readonly RoomDetails[]; readonly page: Page } | undefined {
  const result = child(iq, "result", NS_CHANNEL_SEARCH);
  if (result === undefined || attribute(iq, "type") !== "result") return undefined;
  const rooms = children(result, "item", NS_CHANNEL_SEARCH).flatMap((item) => {
    const jid = parseBareJid(attribute(item, "address") ?? "");
    const text = (name: string) => child(item, name, NS_CHANNEL_SEARCH)?.getText();
    const type = text("service-type");
    if (jid === undefined || (type !== undefined && type !== ROOMS)) return [];
    const [open, mode] = [text("is-open"), text("anonymity-mode")];
    return detailsOf(jid, {
      name: text("name"),
      description: text("description"),
      people: integer(text("nusers"), 0, PEOPLE_MAX),
      // Empty, or a word.
      membersOnly: open === undefined ? undefined : open !== "" && !isTrue(open),
      password: undefined,
      hides: mode === undefined ? undefined : mode !== "none",
    });
  });
  return { rooms, page: parsePage(result) };
}
