/**
 * The outline of a stanza: those of its tags that say whose it is and where it belongs, without any text. All that is
 * kept of one that cannot be read, so that its place can be marked and it is recognised when it comes again (T61).
 */
import { type Element, Parser } from "@xmpp/xml";
import { NS_CLIENT } from "../../xep/namespaces.ts";

const STANZAS: ReadonlySet<string> = new Set(["message", "presence", "iq"]);
/** Wrappers and ids: XEP-0297, 0280, 0313, 0359, 0203. */
const TELLING: ReadonlySet<string> = new Set([
  ...["message", "forwarded", "received", "sent", "result", "stanza-id", "origin-id", "delay"],
]);
/** A stanza-id of a message in a wrapper is the fifth element from outside. */
const DEPTH = 5;
const TAGS = 64;
/** Characters of a tag that says what it has to say: two addresses, an id. */
const TAG_LENGTH = 8 * 1024;

export class Outline {
  #text = "";
  #tags = 0;
  /** Elements of the outline that are open, from outside. */
  #names: string[] = [];

  /** Between two stanzas. */
  clear(): void {
    if (this.#tags === 0) return;
    this.#text = "";
    this.#tags = 0;
    this.#names = [];
  }

  /** A start tag, at this depth within the stanza (0: the stanza itself). */
  open(depth: number, name: string, tag: string, empty: boolean): void {
    if (depth === 0) this.clear();
    const wanted = depth === 0 ? STANZAS.has(name) : this.#names.length === depth && TELLING.has(name);
    if (!wanted || depth >= DEPTH || this.#tags >= TAGS) return;
    if (tag.length > TAG_LENGTH && depth > 0) return;
    this.#tags += 1;
    this.#text += tag.length > TAG_LENGTH ? `<${name}${empty ? "/" : ""}>` : tag;
    if (!empty) this.#names.push(name);
  }

  /** An end tag; `depth` is that of its element. */
  close(depth: number): void {
    if (this.#names.length !== depth + 1) return;
    this.#text += `</${this.#names.pop()}>`;
  }

  /** The outline as an element, also of a stanza that has broken off; undefined where there is none. */
  read(): Element | undefined {
    if (this.#text === "") return undefined;
    let found: Element | undefined;
    const parser = new Parser();
    parser.on("element", (element: Element) => {
      found ??= element;
    });
    const closing = this.#names.map((name) => `</${name}>`).reverse();
    try {
      parser.write(`<stream xmlns='${NS_CLIENT}'>${this.#text}${closing.join("")}`);
    } catch {
      // A reference in an attribute names no character (XML 1.0 §4.1): then nobody can be named.
      return undefined;
    }
    return found;
  }
}
