/**
 * Message styling (XEP-0393 1.1.1): a text as a tree of blocks and spans, with its addresses as links. Never markup: whoever
 * draws the tree makes text nodes of its words. Each letter is looked at a bounded number of times: quotations are read to
 * a depth, spans of one kind are never within each other.
 */
import { linkify, type TextPart } from "./linkify.ts";

export type Style = "strong" | "emphasis" | "strike" | "code";

/** Words, an address, a file, or these between two marks. Joined, marks included, they are the text. */
export type Inline =
  | TextPart
  | { readonly kind: "styled"; readonly style: Style; readonly mark: string; readonly parts: readonly Inline[] };

export type Block =
  /** Lines as they were written. */
  | { readonly kind: "text"; readonly parts: readonly Inline[] }
  | { readonly kind: "quote"; readonly blocks: readonly Block[] }
  /** `info`: what follows the opening grave accents, which some use to say what language it is. */
  | { readonly kind: "code"; readonly info: string; readonly parts: readonly TextPart[] };

const STYLES: ReadonlyMap<string, Style> = new Map([
  ["*", "strong"],
  ["_", "emphasis"],
  ["~", "strike"],
  ["`", "code"],
]);
const MARKED = /[*_~`]/;
const FENCE = "```";
const QUOTE = ">";
/** Deeper ones are words: nobody reads them, and each level is read again. */
export const QUOTES_DEEP = 6;
/** The characters with the property White_Space (UAX #44), and those of category Z. */
const SPACE = /[\s\p{Z}\u0085]/u;

const isSpace = (letter: string | undefined) => letter === undefined || SPACE.test(letter);

/**
 * The blocks of a text. Empty lines next to a quotation or to code are left out: they only set it apart.
 *
 * @example styled("> *hi*") // [{ kind: "quote", blocks: [{ kind: "text", parts: [{ kind: "styled", style: "strong", … }] }] }]
 */
export function styled(words: string): readonly Block[] {
  return blocksOf(words.split("\n"), 0);
}

/** The same tree of a text that asks not to be styled (§6, `unstyled`): its links alone. */
export function unstyled(words: string): readonly Block[] {
  return [{ kind: "text", parts: linkify(words) }];
}

function blocksOf(lines: readonly string[], depth: number): readonly Block[] {
  const isQuoted = (line: string) => depth < QUOTES_DEEP && line.startsWith(QUOTE);
  const begins = (line: string) => line.startsWith(FENCE) || isQuoted(line);
  const blocks: Block[] = [];
  for (let at = 0; at < lines.length; ) {
    const line = lines[at] ?? "";
    if (line.startsWith(FENCE)) {
      const end = endOf(lines, at + 1, (one) => one === FENCE);
      const parts = withoutLinks(linkify(lines.slice(at + 1, end).join("\n")));
      blocks.push({ kind: "code", info: line.slice(FENCE.length), parts });
      at = end + 1;
    } else if (isQuoted(line)) {
      const end = endOf(lines, at, (one) => !one.startsWith(QUOTE));
      blocks.push({ kind: "quote", blocks: blocksOf(lines.slice(at, end).map(withoutQuote), depth + 1) });
      at = end;
    } else {
      const end = endOf(lines, at, begins);
      const text = withoutEmpty(lines.slice(at, end), at > 0, end < lines.length).join("\n");
      if (text !== "" || lines.length === 1) blocks.push({ kind: "text", parts: inlineOf(text) });
      at = end;
    }
  }
  return blocks;
}

function endOf(lines: readonly string[], from: number, ends: (line: string) => boolean): number {
  const found = lines.slice(from).findIndex(ends);
  return found === -1 ? lines.length : from + found;
}

/** §5.1.3: the mark, and the first white space behind it. */
function withoutQuote(line: string): string {
  const inside = line.slice(QUOTE.length);
  return inside !== "" && isSpace(inside[0]) ? inside.slice(1) : inside;
}

function withoutEmpty(lines: readonly string[], before: boolean, behind: boolean): readonly string[] {
  const said = (line: string) => line !== "";
  const from = before ? lines.findIndex(said) : 0;
  if (from === -1) return [];
  return lines.slice(from, behind ? lines.findLastIndex(said) + 1 : lines.length);
}

/** Code leads nowhere; what must not be shown is not shown in it either. */
function withoutLinks(parts: readonly TextPart[]): readonly TextPart[] {
  return parts.map((part) => (part.kind === "link" ? { kind: "text", text: part.text } : part));
}

/** The spans of lines (§5.2). An address is no place for a mark (Converse #2857). */
function inlineOf(text: string): readonly Inline[] {
  const leaves = linkify(text);
  if (!MARKED.test(text)) return leaves;
  const ends = endsIn(text, leaves);
  const take = leafTaker(leaves);
  const spansOf = (from: number, to: number): readonly Inline[] => {
    const spans: Inline[] = [];
    let plain = from;
    for (let at = from; at < to; ) {
      const end = ends[at] ?? 0;
      const opens = end > 0 && end < to && (at === from || isSpace(text[at - 1]));
      if (!opens) {
        at += 1;
        continue;
      }
      const mark = text.charAt(at);
      const style = STYLES.get(mark) ?? "code";
      spans.push(...take(plain, at));
      const parts = style === "code" ? withoutLinks(take(at + 1, end)) : spansOf(at + 1, end);
      spans.push({ kind: "styled", style, mark, parts });
      at = end + 1;
      plain = at;
    }
    spans.push(...take(plain, to));
    return spans;
  };
  return spansOf(0, text.length);
}

/**
 * For each mark that could open a span by what follows it, where that would end: at the nearest mark of its kind that can
 * close one, on the same line. 0: nowhere, or nothing would be between them. From the end, so that each letter is looked at
 * once.
 */
function endsIn(text: string, leaves: readonly TextPart[]): Uint32Array {
  const ends = new Uint32Array(text.length);
  /** The nearest closing mark behind, by kind. */
  const closing = new Map<string, number>();
  let at = text.length;
  for (const leaf of leaves.toReversed()) {
    const from = at - leaf.text.length;
    if (leaf.kind !== "text") at = from;
    for (; at > from; ) {
      at -= 1;
      const letter = text.charAt(at);
      if (letter === "\n") closing.clear();
      if (!STYLES.has(letter)) continue;
      const end = closing.get(letter);
      if (end !== undefined && end > at + 1 && !isSpace(text[at + 1])) ends[at] = end;
      if (!isSpace(text[at - 1])) closing.set(letter, at);
    }
  }
  return ends;
}

/** Gives the leaves of one stretch after the other; no stretch begins or ends within an address. */
function leafTaker(leaves: readonly TextPart[]): (from: number, to: number) => readonly TextPart[] {
  let [at, begins] = [0, 0];
  return (from, to) => {
    const taken: TextPart[] = [];
    for (let leaf = leaves[at]; leaf !== undefined && begins < to; leaf = leaves[at]) {
      const ends = begins + leaf.text.length;
      const text = leaf.text.slice(Math.max(0, from - begins), to - begins);
      if (ends > from && text !== "") taken.push(leaf.kind === "text" ? { kind: "text", text } : leaf);
      if (ends > to) break;
      at += 1;
      begins = ends;
    }
    return taken;
  };
}

/** The words of a tree in their order, without the marks; `fileWords` stands for a file. */
export function wordsOf(blocks: readonly Block[], fileWords: string): string {
  return blocks
    .map((block) => (block.kind === "quote" ? wordsOf(block.blocks, fileWords) : inlineWords(block.parts, fileWords)))
    .join("\n");
}

function inlineWords(parts: readonly Inline[], fileWords: string): string {
  return parts
    .map((part) =>
      part.kind === "styled" ? inlineWords(part.parts, fileWords) : part.kind === "file" ? fileWords : part.text,
    )
    .join("");
}
