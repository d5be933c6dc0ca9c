// XEP-0511: Link Metadata, 0.1: what the sender of a link in clear says of the page behind it.

import type { Element } from "@xmpp/xml";
import type { SaidLink } from "../../worker/contract/entries.ts";
import { PREVIEW_LIMITS } from "../../worker/contract/preview.ts";
import { oneLine } from "../../worker/shared/one-line.ts";
import { children } from "./element.ts";

const NS_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
/** As the specification writes it, and as the vocabulary (ogp.me) does. */
const NS_OPEN_GRAPH = ["https://ogp.me/ns#", "http://ogp.me/ns#"];
/** More links than this nobody describes. */
const LOOKED_AT = 5;

/**
 * Of a link that the text has, the first that is described; undefined where none is. A picture is an address on the web, which
 * nobody asks here: it is left out.
 */
export function parseSaidLink(message: Element, text: string): SaidLink | undefined {
  for (const description of children(message, "Description", NS_RDF).slice(0, LOOKED_AT)) {
    const about = aboutOf(description);
    if (about === undefined || about.length > PREVIEW_LIMITS.linkLength || !text.includes(about)) continue;
    if (!/^https:/i.test(about) || !URL.canParse(about)) continue;
    const title = line(description, "title", PREVIEW_LIMITS.titleLength);
    const says = line(description, "description", PREVIEW_LIMITS.descriptionLength);
    if (title === undefined && says === undefined) continue;
    const { href: url } = new URL(about);
    return { url, ...(title !== undefined && { title }), ...(says !== undefined && { description: says }) };
  }
  return undefined;
}

/** `rdf:about`, by whatever prefix its sender has. */
function aboutOf({ attrs }: Element): string | undefined {
  const found = Object.entries(attrs).find(([name]) => name === "about" || name.endsWith(":about"));
  return typeof found?.[1] === "string" ? found[1] : undefined;
}

function line(parent: Element, name: string, most: number): string | undefined {
  for (const namespace of NS_OPEN_GRAPH)
    for (const one of children(parent, name, namespace)) {
      const text = oneLine(one.getText(), most);
      if (text !== "") return text;
    }
  return undefined;
}
