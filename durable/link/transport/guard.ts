/**
 * What comes before the parser. The parser of `@xmpp/xml` knows no limits and takes comments, instructions and
 * document types for text; RFC 6120 §11.1 forbids them. The guard cuts the bytes of a stream into complete elements,
 * so the parser never holds half a stanza. One that is too large or too deep is stepped over, not fatal: killing the
 * stream would bring the same stanza back with the next one.
 */

import { Outline } from "./outline.ts";

/** UTF-16 code units of one stanza. */
export const STANZA_LENGTH = 1024 * 1024;
/** Elements inside one another, the stanza itself counted. */
export const STANZA_DEPTH = 64;
/** Elements of one stanza. A roster of some thousands has that many, and a header with a key for every device of a room. */
export const STANZA_ELEMENTS = 16_384;
export const ELEMENT_ATTRIBUTES = 64;
/** ` a=""` is the shortest attribute. */
const ATTRIBUTE_LENGTH_MIN = 5;

/** `stream`: RFC 6120, one root element that stays open. `framed`: RFC 7395, one element per message. */
export type Framing = "stream" | "framed";

export type Piece =
  /** The opening tag of the root, without the XML declaration. */
  | { readonly kind: "header"; readonly text: string }
  | { readonly kind: "element"; readonly text: string }
  /** A well-formed stanza over a limit; nothing of it is left but its name. */
  | { readonly kind: "oversized"; readonly name: string }
  | { readonly kind: "footer"; readonly text: string }
  /** The stream must end with this condition (RFC 6120 §4.9.3). */
  | { readonly kind: "fault"; readonly condition: "not-well-formed" | "restricted-xml" | "policy-violation" };

// XML 1.0 §2.3 and Namespaces in XML §4.
const NAME_START =
  "A-Z_a-z\\u{C0}-\\u{D6}\\u{D8}-\\u{F6}\\u{F8}-\\u{2FF}\\u{370}-\\u{37D}\\u{37F}-\\u{1FFF}\\u{200C}\\u{200D}" +
  "\\u{2070}-\\u{218F}\\u{2C00}-\\u{2FEF}\\u{3001}-\\u{D7FF}\\u{F900}-\\u{FDCF}\\u{FDF0}-\\u{FFFD}\\u{10000}-\\u{EFFFF}";
const NAME = `[${NAME_START}][${NAME_START}\\-.0-9\\u{B7}\\u{300}-\\u{36F}\\u{203F}\\u{2040}]*`;
const QUALIFIED = `${NAME}(?::${NAME})?`;
const SPACE = "[ \\t\\r\\n]";
const ATTRIBUTE = `${SPACE}+${QUALIFIED}${SPACE}*=${SPACE}*(?:"[^<"]*"|'[^<']*')`;
const TAG = new RegExp(`^<(?:/(${QUALIFIED})${SPACE}*|(${QUALIFIED})(?:${ATTRIBUTE})*${SPACE}*(/?))>$`, "u");
const DECLARATION = /^<\?xml[ \t\r\n][^<>?]*\?>$/;
/** Everything but the five entities and numeric references; whether a number is a character is left to the parser. */
const BAD_REFERENCE = /&(?!(?:lt|gt|amp|quot|apos|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});)/;
/** What XML 1.0 §2.2 excludes; lone surrogates do not survive UTF-8. */
const BAD_CHARACTER = /(?![\t\r\n\u007F-\u009F])\p{Cc}|[\uFFFE\uFFFF]/u;
const NOT_SPACE = /[^ \t\r\n]/;

export class Guard {
  readonly #base: number;
  #buffer = "";
  /** Where to look for the next tag; what lies before it belongs to the element that is still incomplete. */
  #position = 0;
  #depth = 0;
  #name = "";
  readonly #outline = new Outline();
  #elements = 0;
  #oversized = false;
  #over = false;

  constructor(framing: Framing) {
    this.#base = framing === "stream" ? 1 : 0;
  }

  /** Something was written that `next` has not returned, be it half an element. */
  get pending(): boolean {
    return this.#buffer !== "";
  }

  /** Of the stanza that came last, or broke off: where it belongs. Undefined where that is no stanza. */
  outline(): ReturnType<Outline["read"]> {
    return this.#outline.read();
  }

  /** More of what was received, split anywhere; `next` hands out what is whole. */
  write(text: string): void {
    this.#buffer += text;
  }

  /** The next complete piece; undefined: more input is needed. After a fault there is nothing more. */
  next(): Piece | undefined {
    if (this.#depth <= this.#base) this.#outline.clear();
    while (!this.#over) {
      if (this.#depth <= this.#base && !this.#skipSpace()) return this.#fault("not-well-formed");
      const open = this.#buffer.indexOf("<", this.#position);
      if (open === -1) return this.#wait(this.#buffer.length);
      const mark = this.#buffer[open + 1];
      if (mark === "!") return this.#fault("restricted-xml");
      const close = endOfTag(this.#buffer, open);
      if (close === -1) return this.#wait(open);
      const piece = this.#take(this.#buffer.slice(open, close), close);
      if (piece) return piece;
    }
    return undefined;
  }

  #take(tag: string, close: number): Piece | undefined {
    if (tag.startsWith("<?")) {
      const first = this.#base === 1 && this.#depth === 0 && DECLARATION.test(tag);
      if (!first) return this.#fault("restricted-xml");
      this.#cut(close);
      return undefined;
    }
    const parts = TAG.exec(tag);
    if (!parts) return this.#fault("not-well-formed");
    const [, closing, opening = "", empty] = parts;
    if (closing !== undefined) return this.#closeTag(tag, close);
    if (this.#depth === 0 && this.#base === 1) {
      if (empty || BAD_REFERENCE.test(tag)) return this.#fault("not-well-formed");
      this.#depth = 1;
      this.#cut(close);
      return { kind: "header", text: tag };
    }
    if (this.#depth === this.#base) {
      this.#name = opening;
      this.#elements = 0;
    }
    this.#outline.open(this.#depth - this.#base, opening, tag, empty === "/");
    this.#depth += 1;
    this.#elements += 1;
    if (this.#depth - this.#base > STANZA_DEPTH || this.#elements > STANZA_ELEMENTS || hasManyAttributes(tag)) {
      this.#oversized = true;
    }
    if (empty) this.#depth -= 1;
    return this.#advance(close);
  }

  #closeTag(tag: string, close: number): Piece | undefined {
    if (this.#depth === 0) return this.#fault("not-well-formed");
    this.#depth -= 1;
    if (this.#depth < this.#base) {
      this.#cut(close);
      this.#over = true;
      return { kind: "footer", text: tag };
    }
    this.#outline.close(this.#depth - this.#base);
    return this.#advance(close);
  }

  #advance(close: number): Piece | undefined {
    this.#position = close;
    if (this.#depth > this.#base) {
      if (close > STANZA_LENGTH) this.#oversized = true;
      if (this.#oversized) this.#cut(close);
      return undefined;
    }
    const text = this.#buffer.slice(0, close);
    this.#cut(close);
    if (this.#oversized || text.length > STANZA_LENGTH) {
      this.#oversized = false;
      return { kind: "oversized", name: this.#name };
    }
    if (BAD_REFERENCE.test(text) || BAD_CHARACTER.test(text)) return this.#fault("not-well-formed");
    return { kind: "element", text };
  }

  /** Between stanzas only white space may stand (RFC 6120 §4.6.1: keep-alive); it is dropped. */
  #skipSpace(): boolean {
    const found = this.#buffer.slice(this.#position).search(NOT_SPACE);
    if (found === -1) this.#cut(this.#buffer.length);
    else if (this.#buffer[this.#position + found] !== "<") return false;
    else this.#cut(this.#position + found);
    return true;
  }

  /** Everything before `position` was seen and can wait for the rest. */
  #wait(position: number): Piece | undefined {
    this.#position = position;
    if (this.#oversized) this.#cut(position);
    if (this.#buffer.length <= STANZA_LENGTH) return undefined;
    if (this.#depth <= this.#base) return this.#fault("policy-violation");
    this.#oversized = true;
    this.#cut(position);
    // One tag alone over the limit: there is no telling where it ends.
    return this.#buffer.length > STANZA_LENGTH ? this.#fault("policy-violation") : undefined;
  }

  #cut(position: number): void {
    this.#buffer = this.#buffer.slice(position);
    this.#position = 0;
  }

  #fault(condition: "not-well-formed" | "restricted-xml" | "policy-violation"): Piece {
    this.#over = true;
    this.#buffer = "";
    return { kind: "fault", condition };
  }
}

/** Just behind the `>` that ends the tag, quotes respected; −1 while it is incomplete. */
function endOfTag(text: string, from: number): number {
  let position = from;
  for (;;) {
    const close = text.indexOf(">", position);
    if (close === -1) return -1;
    const quote = firstQuote(text, position, close);
    if (quote === -1) return close + 1;
    const end = text.indexOf(text.charAt(quote), quote + 1);
    if (end === -1) return -1;
    position = end + 1;
  }
}

/** Of a tag that is well-formed: every attribute has one pair of quotes. */
function hasManyAttributes(tag: string): boolean {
  if (tag.length < ELEMENT_ATTRIBUTES * ATTRIBUTE_LENGTH_MIN) return false;
  let count = 0;
  for (let quote = firstQuote(tag, 0, tag.length); quote !== -1; ) {
    count += 1;
    const end = tag.indexOf(tag.charAt(quote), quote + 1);
    quote = firstQuote(tag, end + 1, tag.length);
  }
  return count > ELEMENT_ATTRIBUTES;
}

function firstQuote(text: string, from: number, to: number): number {
  for (let index = from; index < to; index += 1) {
    const character = text.charCodeAt(index);
    if (character === 0x22 || character === 0x27) return index;
  }
  return -1;
}
