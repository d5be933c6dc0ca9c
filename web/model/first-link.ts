/** The link of a text that says something of itself beside it: the first that leads to a page. */
import { linkify, type TextPart } from "./linkify.ts";

type Link = Extract<TextPart, { readonly kind: "link" }>;

/** What it leads to shows in it, over https; a link in a quoted line is another's. Undefined where there is none. */
export function firstLink(text: string): Link | undefined {
  const own = text.replaceAll(/^>.*$/gm, "");
  return linkify(own).find(
    (part): part is Link => part.kind === "link" && part.href.startsWith("https:") && part.leadsTo === undefined,
  );
}

/** The same while somebody writes: what stands at the very end may go on. */
export function finishedLink(text: string): Link | undefined {
  const link = firstLink(text);
  return link !== undefined && !text.endsWith(link.text) ? link : undefined;
}
