/** The grammar of one tag (XML 1.0 §3.1, Namespaces in XML §4), and where a tag ends that comes in pieces. */

/** UTF-16 code units of one tag that is read. Two addresses have 6,142 at most (RFC 7622 §3.1). */
export const TAG_LENGTH = 64 * 1024;
export const ELEMENT_ATTRIBUTES = 64;

// XML 1.0 §2.3 and Namespaces in XML §4.
const NAME_START =
  "A-Z_a-z\\u{C0}-\\u{D6}\\u{D8}-\\u{F6}\\u{F8}-\\u{2FF}\\u{370}-\\u{37D}\\u{37F}-\\u{1FFF}\\u{200C}\\u{200D}" +
  "\\u{2070}-\\u{218F}\\u{2C00}-\\u{2FEF}\\u{3001}-\\u{D7FF}\\u{F900}-\\u{FDCF}\\u{FDF0}-\\u{FFFD}\\u{10000}-\\u{EFFFF}";
const NAME = `[${NAME_START}][${NAME_START}\\-.0-9\\u{B7}\\u{300}-\\u{36F}\\u{203F}\\u{2040}]*`;
const QUALIFIED = `${NAME}(?::${NAME})?`;
const SPACE = "[ \\t\\r\\n]";
const ATTRIBUTE = `${SPACE}+${QUALIFIED}${SPACE}*=${SPACE}*(?:"[^<"]*"|'[^<']*')`;
const TAG = new RegExp(`^<(?:/(${QUALIFIED})${SPACE}*|(${QUALIFIED})(?:${ATTRIBUTE})*${SPACE}*(/?))>$`, "u");
/** The beginning of a start tag whose attributes are too long to be read. */
const HEAD = new RegExp(`^<(${QUALIFIED})${SPACE}`, "u");

export type Tag = {
  readonly kind: "start" | "empty" | "end";
  readonly name: string;
  /** It has more attributes than an element may have. */
  readonly crowded: boolean;
};

/** Undefined where the text, from `<` to `>`, is no tag. */
export function readTag(text: string): Tag | undefined {
  const [found, closing, opening = "", empty] = TAG.exec(text) ?? [];
  if (found === undefined) return undefined;
  if (closing !== undefined) return { kind: "end", name: closing, crowded: false };
  const count = countAttributes(text);
  if (count === undefined) return undefined;
  return { kind: empty === "/" ? "empty" : "start", name: opening, crowded: count > ELEMENT_ATTRIBUTES };
}

/** Of a start tag that is too long: its name alone, from how it begins. */
export function readLongTag(head: string, empty: boolean): Tag | undefined {
  const [, name] = HEAD.exec(head) ?? [];
  return name === undefined ? undefined : { kind: empty ? "empty" : "start", name, crowded: true };
}

/**
 * Finds the end of a tag, quotes respected. It is given each piece once and looks at each character once, however small
 * the pieces are (S15).
 */
export class TagEnd {
  /** The quote that is open. */
  #quote = "";
  #last = "";

  /** The tag ended with `/>`. */
  get empty(): boolean {
    return this.#last === "/";
  }

  /** Just behind the `>`, counted in this piece; −1: it goes on in the next one. */
  find(piece: string, from: number): number {
    for (let position = from; position < piece.length; position += 1) {
      if (this.#quote !== "") {
        const end = piece.indexOf(this.#quote, position);
        if (end === -1) return -1;
        this.#quote = "";
        this.#last = "";
        position = end;
        continue;
      }
      const code = piece.charCodeAt(position);
      if (code === 0x3e) return position + 1;
      if (code === 0x22 || code === 0x27) this.#quote = piece.charAt(position);
      this.#last = code === 0x2f ? "/" : "";
    }
    return -1;
  }
}

/** Of a tag of this grammar; undefined where one attribute comes twice (XML 1.0 §3.1). */
function countAttributes(tag: string): number | undefined {
  const first = tag.indexOf("=");
  if (first === -1) return 0;
  // Most tags have one: then nothing is compared.
  if (tag.lastIndexOf("=") === first) return 1;
  const names = new Set<string>();
  let count = 0;
  let from = tag.search(/[ \t\r\n]/);
  for (let equals = first; equals !== -1; equals = tag.indexOf("=", from)) {
    count += 1;
    if (names.add(tag.slice(from, equals).trim()).size < count) return undefined;
    const quote = firstQuote(tag, equals);
    from = tag.indexOf(tag.charAt(quote), quote + 1) + 1;
  }
  return count;
}

function firstQuote(text: string, from: number): number {
  for (let index = from; index < text.length; index += 1) {
    const character = text.charCodeAt(index);
    if (character === 0x22 || character === 0x27) return index;
  }
  return -1;
}
