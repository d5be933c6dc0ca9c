// RFC 6120 §4.8, §8: how the files beside this one look into an element. Names never count without their namespace.

import type { Element } from "@xmpp/xml";
import { NS_CLIENT } from "./namespaces.ts";

/** Everything XML 1.0 §2.2 has no place for: a server must close a stream that carries one. */
const NOT_XML = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;
const REPLACEMENT = "\u{FFFD}";

/** An attribute's text. Own properties only: an attribute of the name `constructor` is no more than an attribute. */
export function attribute(element: Element, name: string): string | undefined {
  const value: unknown = Object.hasOwn(element.attrs, name) ? element.attrs[name] : undefined;
  return typeof value === "string" ? value : undefined;
}

/** The first child with this name in this namespace. */
export function child(element: Element, name: string, namespace: string): Element | undefined {
  return element.getChild(name, namespace);
}

/** All children with this name in this namespace, in their order. */
export function children(element: Element, name: string, namespace: string): readonly Element[] {
  return element.getChildren(name, namespace);
}

/** A child in the stanza's own namespace; a `<body xmlns='…xhtml'>` is not a body. */
export function ownChild(stanza: Element, name: string): Element | undefined {
  return stanza.getChildren(name).find((candidate) => candidate.getNS() === stanza.getNS());
}

/** The text of a child in the stanza's own namespace; undefined where it is missing or empty. */
export function ownText(stanza: Element, name: string): string | undefined {
  return ownChild(stanza, name)?.getText() || undefined;
}

/** A stanza straight from the stream; built ones name no namespace, the stream does. */
export function isStanza(element: Element, name: "message" | "presence" | "iq"): boolean {
  const namespace = element.getNS();
  return element.getName() === name && (namespace === undefined || namespace === NS_CLIENT);
}

/** Text as it may stand in a stanza: what XML cannot carry becomes U+FFFD. */
export function legalText(text: string): string {
  return text.replace(NOT_XML, REPLACEMENT);
}

/** A whole number in decimal digits within bounds, as ids and counts are written; undefined for anything else. */
export function integer(text: string | undefined, least: number, most: number): number | undefined {
  if (text === undefined || !/^(?:0|[1-9]\d{0,14})$/.test(text)) return undefined;
  const value = Number(text);
  return value >= least && value <= most ? value : undefined;
}

/** XML Schema boolean: `true` and `1` are true; `false`, `0`, nothing and nonsense are not. */
export function isTrue(text: string | undefined): boolean {
  return text === "true" || text === "1";
}
