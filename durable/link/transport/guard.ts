/**
 * What comes before the parser. The parser of `@xmpp/xml` knows no limits and takes comments, instructions and
 * document types for text; RFC 6120 §11.1 forbids them. The guard cuts the bytes of a stream into complete elements,
 * so the parser never holds half a stanza. One that is too large or too deep is stepped over, not fatal: killing the
 * stream would bring the same stanza back with the next one. Its work grows with what comes, not with the number of
 * pieces in which it comes.
 */

import { Outline } from "./outline.ts";
import { readLongTag, readTag, TAG_LENGTH, TagEnd, type Tag } from "./tag.ts";

/** UTF-16 code units of one stanza. */
export const STANZA_LENGTH = 1024 * 1024;
/** Elements inside one another, the stanza itself counted. */
export const STANZA_DEPTH = 64;
/** Elements of one stanza: a header with a key for every device of a room. */
export const STANZA_ELEMENTS = 16_384;
/** A list that was asked for is handed on in parts of about so much, cut between two of its items. */
export const PART_LENGTH = 128 * 1024;
export const PART_ELEMENTS = 4_096;
/** UTF-16 code units of such a list, all parts together: a roster of 100,000. */
export const LIST_LENGTH = 16 * 1024 * 1024;

/** `stream`: RFC 6120, one root element that stays open. `framed`: RFC 7395, one element per message. */
export type Framing = "stream" | "framed";

export type Piece =
  /** The opening tag of the root, without the XML declaration. */
  | { readonly kind: "header"; readonly text: string }
  | { readonly kind: "element"; readonly text: string }
  /** Some of the items of a list that is longer than one piece, within the tags that are around all of them; more follows. */
  | { readonly kind: "part"; readonly text: string }
  /** A well-formed stanza over a limit; nothing of it is left but its name. */
  | { readonly kind: "oversized"; readonly name: string }
  | { readonly kind: "footer"; readonly text: string }
  /** The stream must end with this condition (RFC 6120 §4.9.3). */
  | { readonly kind: "fault"; readonly condition: "not-well-formed" | "restricted-xml" | "policy-violation" };

/** XML 1.0 §2.8: each in its place, the first alone is needed. */
const DECLARATION = new RegExp(
  `^<\\?xml${given("version", "1\\.[0-9]+")}(?:${given("encoding", "[A-Za-z][A-Za-z0-9._-]*")})?` +
    `(?:${given("standalone", "(?:yes|no)")})?[ \\t\\r\\n]*\\?>$`,
);
/** Everything but the five entities and numeric references; whether a number is a character is left to the parser. */
const BAD_REFERENCE = /&(?!(?:lt|gt|amp|quot|apos|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});)/;
/** What XML 1.0 §2.2 excludes; lone surrogates do not survive UTF-8. */
const BAD_CHARACTER = /(?![\t\r\n\u007F-\u009F])\p{Cc}|[\uFFFE\uFFFF]/u;

type Shell = { readonly name: string; readonly tag: string };

export class Guard {
  readonly #base: number;
  readonly #takesParts: (outline: NonNullable<ReturnType<Outline["read"]>>) => boolean;
  /** What was written and not looked at yet begins at `#at`. */
  #input = "";
  #at = 0;
  /** The tag that is incomplete, and where it ends; what is over the limit of one tag is only counted. */
  #tag = "";
  #tagLength = 0;
  #end = new TagEnd();
  /** Of the stanza that is incomplete: what came before, but nothing of one that is stepped over. */
  #text = "";
  #depth = 0;
  #declared = false;
  #name = "";
  readonly #outline = new Outline();
  #elements = 0;
  #oversized = false;
  /** The stanza's start tag, and that of its child: around every part of a list. */
  #shell: Shell[] = [];
  #parts: "unknown" | "wanted" | "unwanted" = "unknown";
  /** Handed on as parts already. */
  #handedOn = 0;
  #over = false;

  /** `takesParts` says of a long stanza, by its outline, whether somebody waits for it in parts. */
  constructor(
    framing: Framing,
    takesParts: (outline: NonNullable<ReturnType<Outline["read"]>>) => boolean = () => false,
  ) {
    this.#base = framing === "stream" ? 1 : 0;
    this.#takesParts = takesParts;
  }

  /** Something was written that `next` has not returned, be it half an element. */
  get pending(): boolean {
    return !this.#over && (this.#at < this.#input.length || this.#tagLength > 0 || this.#depth > this.#base);
  }

  /** Of the stanza that came last, or broke off: where it belongs. Undefined where that is no stanza. */
  outline(): ReturnType<Outline["read"]> {
    return this.#outline.read();
  }

  /** More of what was received, split anywhere; `next` hands out what is whole. */
  write(text: string): void {
    this.#input = this.#at < this.#input.length ? this.#input.slice(this.#at) + text : text;
    this.#at = 0;
  }

  /** The next complete piece; undefined: more input is needed. After a fault there is nothing more. */
  next(): Piece | undefined {
    if (this.#depth <= this.#base && this.#tagLength === 0) this.#outline.clear();
    while (!this.#over && this.#at < this.#input.length) {
      const piece = this.#tagLength > 0 ? this.#readTag() : this.#readText();
      if (piece) return piece;
    }
    return undefined;
  }

  /** Up to the next `<`. */
  #readText(): Piece | undefined {
    if (this.#depth <= this.#base && !this.#skipSpace()) return this.#fault("not-well-formed");
    const open = this.#input.indexOf("<", this.#at);
    const end = open === -1 ? this.#input.length : open;
    this.#keep(this.#input.slice(this.#at, end));
    this.#at = end;
    if (open !== -1) {
      this.#end = new TagEnd();
      this.#addToTag(end + 1);
    }
    return undefined;
  }

  #readTag(): Piece | undefined {
    if (this.#tagLength === 1 && this.#input.charAt(this.#at) === "!") return this.#fault("restricted-xml");
    const from = this.#at;
    const end = this.#end.find(this.#input, from);
    this.#addToTag(end === -1 ? this.#input.length : end);
    const long = this.#tagLength > TAG_LENGTH;
    // XML 1.0 §3.1: a `<` stands in no tag. Of what is only counted nothing else is looked at.
    if (long && this.#input.slice(from, this.#at).includes("<")) return this.#fault("not-well-formed");
    if (this.#tagLength > STANZA_LENGTH) return this.#fault("policy-violation");
    if (end === -1) return undefined;
    const text = this.#tag;
    this.#tag = "";
    this.#tagLength = 0;
    return long ? this.#takeLong(text) : this.#take(text);
  }

  /** The input up to here belongs to the tag. */
  #addToTag(end: number): void {
    if (this.#tagLength <= TAG_LENGTH) this.#tag += this.#input.slice(this.#at, end);
    this.#tagLength += end - this.#at;
    this.#at = end;
  }

  #take(text: string): Piece | undefined {
    if (text.startsWith("<?")) {
      const first = this.#base === 1 && this.#depth === 0 && !this.#declared && DECLARATION.test(text);
      this.#declared = true;
      return first ? undefined : this.#fault("restricted-xml");
    }
    const tag = readTag(text);
    if (!tag) return this.#fault("not-well-formed");
    if (tag.kind === "end") return this.#close(text);
    if (this.#depth === 0 && this.#base === 1) {
      if (tag.kind === "empty") return this.#fault("not-well-formed");
      this.#depth = 1;
      return this.#checked({ kind: "header", text });
    }
    return this.#open(tag, text);
  }

  /** A tag that is longer than any that is needed: its stanza is stepped over. */
  #takeLong(head: string): Piece | undefined {
    const tag = readLongTag(head, this.#end.empty);
    if (!tag) return this.#fault("not-well-formed");
    if (this.#depth < this.#base) return this.#fault("policy-violation");
    return this.#open(tag, head);
  }

  #open(tag: Tag, text: string): Piece | undefined {
    const level = this.#depth - this.#base;
    if (level === 0) this.#begin(tag.name);
    if (level < 2) this.#shell = [...this.#shell.slice(0, level), { name: tag.name, tag: text }];
    this.#outline.open(level, tag.name, text, tag.kind === "empty");
    this.#depth += 1;
    this.#elements += 1;
    if (level >= STANZA_DEPTH || this.#elements > STANZA_ELEMENTS || tag.crowded) this.#stepOver();
    this.#keep(text);
    if (tag.kind === "start") return undefined;
    this.#depth -= 1;
    return this.#closed();
  }

  #begin(name: string): void {
    this.#name = name;
    this.#elements = 0;
    this.#parts = "unknown";
    this.#handedOn = 0;
  }

  #close(text: string): Piece | undefined {
    if (this.#depth === 0) return this.#fault("not-well-formed");
    this.#depth -= 1;
    if (this.#depth < this.#base) {
      this.#over = true;
      return { kind: "footer", text };
    }
    this.#outline.close(this.#depth - this.#base);
    this.#keep(text);
    return this.#closed();
  }

  /** An element has ended: the stanza, or one inside it. */
  #closed(): Piece | undefined {
    if (this.#depth > this.#base) return this.#depth === this.#base + 2 ? this.#part() : undefined;
    const text = this.#text;
    this.#text = "";
    if (this.#oversized) {
      this.#oversized = false;
      return { kind: "oversized", name: this.#name };
    }
    return this.#checked({ kind: "element", text });
  }

  /** Between two items of a list: those that were collected, if they are many and somebody waits for them. */
  #part(): Piece | undefined {
    if (this.#oversized || (this.#text.length < PART_LENGTH && this.#elements < PART_ELEMENTS)) return undefined;
    if (this.#parts === "unknown") {
      const outline = this.outline();
      this.#parts = outline && this.#takesParts(outline) ? "wanted" : "unwanted";
    }
    if (this.#parts === "unwanted") return undefined;
    const [stanza, list] = this.#shell;
    if (!stanza || !list) return undefined;
    const text = `${this.#text}</${list.name}></${stanza.name}>`;
    this.#handedOn += this.#text.length;
    this.#text = stanza.tag + list.tag;
    this.#elements = this.#shell.length;
    if (this.#handedOn > LIST_LENGTH) this.#stepOver();
    return this.#checked({ kind: "part", text });
  }

  #checked(piece: Piece & { readonly text: string }): Piece {
    const bad = BAD_REFERENCE.test(piece.text) || BAD_CHARACTER.test(piece.text);
    return bad ? this.#fault("not-well-formed") : piece;
  }

  /** Between stanzas only white space may stand (RFC 6120 §4.6.1: keep-alive); it is dropped. */
  #skipSpace(): boolean {
    while (this.#at < this.#input.length) {
      const character = this.#input.charAt(this.#at);
      if (character === "<") return true;
      if (!" \t\r\n".includes(character)) return false;
      this.#at += 1;
    }
    return true;
  }

  #keep(text: string): void {
    if (this.#oversized || this.#depth < this.#base) return;
    this.#text += text;
    if (this.#text.length > STANZA_LENGTH) this.#stepOver();
  }

  /** Nothing of this stanza is kept any more. */
  #stepOver(): void {
    this.#oversized = true;
    this.#text = "";
  }

  #fault(condition: "not-well-formed" | "restricted-xml" | "policy-violation"): Piece {
    this.#over = true;
    this.#input = "";
    this.#tag = "";
    this.#text = "";
    return { kind: "fault", condition };
  }
}

function given(name: string, value: string): string {
  return `[ \\t\\r\\n]+${name}[ \\t\\r\\n]*=[ \\t\\r\\n]*(?:"${value}"|'${value}')`;
}
