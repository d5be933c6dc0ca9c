// For tests: a stanza from its text, as the stream would deliver it.

import { Parser, type Element } from "@xmpp/xml";

/** Reads one element. A stanza that names no namespace gets that of its stream, `jabber:client`. */
export function stanza(text: string): Element {
  const parser = new Parser();
  const found: Element[] = [];
  parser.on("element", (element: Element) => found.push(element));
  parser.write(`<stream xmlns='jabber:client'>${text.trim().replace(/>\s+</g, "><")}`);
  const [first] = found;
  if (first === undefined || found.length > 1) throw new Error("a fixture is exactly one element");
  return first;
}

/** An element's text on one line, to compare what was built with what the XEP prints. */
export function line(text: string): string {
  return text.trim().replace(/>\s+</g, "><").replaceAll("'", '"');
}
