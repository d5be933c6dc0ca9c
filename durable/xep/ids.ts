// XEP-0359: Unique and Stable Stanza IDs, version 0.7.0

import xml, { type Element } from "@xmpp/xml";
import type { BareJid } from "../../worker/contract/names.ts";
import { attribute, child, children } from "./element.ts";
import { parseBareJid } from "../../worker/shared/jid.ts";

export const NS_SID = "urn:xmpp:sid:0";

/** Ids are kept and indexed; a longer one is no id. Characters. */
const ID_LENGTH_MAX = 256;

/** The id that the sender gave, repeated where no server on the way rewrites it. */
export function buildOriginId(id: string): Element {
  return xml("origin-id", { xmlns: NS_SID, id });
}

/** origin-id, else the stanza's own `id`. Unique only together with the sender (§6). */
export function originIdOf(message: Element): string | undefined {
  const origin = child(message, "origin-id", NS_SID);
  return usableId(origin && attribute(origin, "id")) ?? usableId(attribute(message, "id"));
}

/**
 * The id under which `by` keeps a message. "The value of the 'by' attribute MUST be the XMPP address of the entity
 * assigning the unique and stable stanza ID"; that entity removes what others wrote in its name, so two of them mean
 * that nobody did. The caller knows whether `by` announces the feature at all (§6).
 */
export function stanzaIdBy(message: Element, by: BareJid): string | undefined {
  const [own, ...more] = children(message, "stanza-id", NS_SID).filter((element) => {
    return parseBareJid(attribute(element, "by") ?? "") === by;
  });
  return own === undefined || more.length > 0 ? undefined : usableId(attribute(own, "id"));
}

/** An id worth keeping: neither empty nor oversized. */
export function usableId(id: string | undefined): string | undefined {
  return id === undefined || id === "" || id.length > ID_LENGTH_MAX ? undefined : id;
}
