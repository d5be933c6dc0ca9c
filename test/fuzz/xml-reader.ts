/**
 * A slow reading of an XMPP stream, of the whole of it at once and letter by letter: XML 1.0 with what RFC 6120 §11.1
 * forbids left out, and the project's limits on depth and attributes. It is XML without namespaces: a prefix that nobody
 * declared and `]]>` in a text are taken, for there is one way to read them, and to end a stream brings the stanza back.
 * White space in values and line ends stay as they are.
 */
import { STANZA_DEPTH } from "../../durable/link/transport/guard.ts";
import { ELEMENT_ATTRIBUTES } from "../../durable/link/transport/tag.ts";

export type Tree = readonly [string, readonly (readonly [string, string])[], readonly (Tree | string)[]];
/** What was handed on, in order, and how it ended; `waits`: there has to come more. */
export type Reading = {
  readonly events: readonly (readonly [string, unknown])[];
  readonly end: "waits" | "restricted-xml" | "not-well-formed" | "over";
};

type Tag = {
  readonly kind: "start" | "empty" | "end";
  readonly name: string;
  readonly attributes: readonly (readonly [string, string])[];
};

class Refused extends Error {}

const SPACE = " \t\r\n";
const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

/** @param framed each element is a document of its own (RFC 7395), not a child of a root that stays open */
export function readStream(text: string, framed: boolean): Reading {
  const events: (readonly [string, unknown])[] = [];
  const ends = (end: Reading["end"]): Reading => ({ events, end });
  const base = framed ? 0 : 1;
  let depth = 0;
  let declared = false;
  let root = "";
  /** Of the stanza that is open: its tags and texts, and whether it is too deep or crowded. */
  let tokens: (Tag | string)[] = [];
  let oversized = false;
  let at = 0;
  while (at < text.length) {
    if (text[at] !== "<") {
      const from = at;
      while (at < text.length && text[at] !== "<") at += 1;
      const words = text.slice(from, at);
      if (depth > base) tokens.push(words);
      else if ([...words].some((letter) => !SPACE.includes(letter))) return ends("not-well-formed");
      continue;
    }
    if (text[at + 1] === "!") return ends("restricted-xml");
    const close = endOfTag(text, at);
    if (close === -1) return ends("waits");
    const written = text.slice(at, close);
    at = close;
    if (written.startsWith("<?")) {
      if (framed || depth > 0 || declared || !isDeclaration(written)) return ends("restricted-xml");
      declared = true;
      continue;
    }
    const tag = readTag(written);
    if (tag === undefined) return ends("not-well-formed");
    if (depth < base) {
      if (tag.kind !== "start" || !wellFormed([tag])) return ends("not-well-formed");
      root = tag.name;
      depth = 1;
      events.push(["header", treeOf([tag, { ...tag, kind: "end" }])]);
      continue;
    }
    if (tag.kind === "end") {
      if (depth === 0) return ends("not-well-formed");
      if (depth === base) return ends(tag.name === root ? "over" : "not-well-formed");
      depth -= 1;
    } else {
      if (depth === base) {
        tokens = [];
        oversized = false;
      }
      if (depth - base >= STANZA_DEPTH || tag.attributes.length > ELEMENT_ATTRIBUTES) oversized = true;
      if (tag.kind === "start") depth += 1;
    }
    tokens.push(tag);
    if (depth > base) continue;
    if (oversized) {
      const [first] = tokens;
      events.push(["oversized", typeof first === "object" ? first.name : ""]);
      continue;
    }
    if (!wellFormed(tokens)) return ends("not-well-formed");
    events.push(["element", treeOf(tokens)]);
  }
  return ends("waits");
}

/** Just behind the `>` that is in no quotes; −1: not here yet. */
function endOfTag(text: string, from: number): number {
  let quote = "";
  for (let at = from; at < text.length; at += 1) {
    const letter = text[at] ?? "";
    if (quote !== "") {
      if (letter === quote) quote = "";
    } else if (letter === '"' || letter === "'") quote = letter;
    else if (letter === ">") return at + 1;
  }
  return -1;
}

/** XML 1.0 §2.8 */
function isDeclaration(text: string): boolean {
  const inside = text.slice("<?xml".length, -"?>".length);
  if (!text.startsWith("<?xml") || !text.endsWith("?>") || !SPACE.includes(inside[0] ?? "x")) return false;
  const tag = readTag(`<x${inside}/>`);
  if (tag === undefined) return false;
  const names = tag.attributes.map(([name]) => name);
  const allowed = ["version", "encoding", "standalone"].filter((name) => names.includes(name));
  const [, version] = tag.attributes[0] ?? [];
  return names.join() === allowed.join() && /^1\.[0-9]+$/.test(version ?? "");
}

function readTag(text: string): Tag | undefined {
  let at = 1;
  const name = (): string | undefined => {
    const from = at;
    while (at < text.length && !`${SPACE}=/>"'<`.includes(text[at] ?? "")) at += 1;
    const found = text.slice(from, at);
    return isName(found) ? found : undefined;
  };
  const space = (): boolean => {
    const from = at;
    while (SPACE.includes(text[at] ?? "x")) at += 1;
    return at > from;
  };
  const end = text[at] === "/";
  if (end) at += 1;
  const own = name();
  if (own === undefined) return undefined;
  const attributes: (readonly [string, string])[] = [];
  for (;;) {
    const apart = space();
    if (text[at] === ">") return { kind: end ? "end" : "start", name: own, attributes };
    if (text.startsWith("/>", at)) return end ? undefined : { kind: "empty", name: own, attributes };
    if (end || !apart) return undefined;
    const attribute = name();
    space();
    if (attribute === undefined || text[at] !== "=") return undefined;
    at += 1;
    space();
    const quote = text[at] ?? "";
    const close = quote === '"' || quote === "'" ? text.indexOf(quote, at + 1) : -1;
    if (close === -1) return undefined;
    const value = text.slice(at + 1, close);
    // XML 1.0 §3.1: no `<` in a value, no attribute twice.
    if (value.includes("<") || attributes.some(([other]) => other === attribute)) return undefined;
    attributes.push([attribute, value]);
    at = close + 1;
  }
}

/** Namespaces in XML §4: a name, or two with a colon between them. */
function isName(text: string): boolean {
  const parts = text.split(":");
  return parts.length <= 2 && parts.every((part) => part !== "" && [...part].every(isNameLetter) && isNameStart(part));
}

/** XML 1.0 §2.3, as ranges. */
const STARTS: readonly (readonly [number, number])[] = [
  ...([
    [0x41, 0x5a],
    [0x5f, 0x5f],
    [0x61, 0x7a],
    [0xc0, 0xd6],
    [0xd8, 0xf6],
    [0xf8, 0x2ff],
    [0x370, 0x37d],
  ] as const),
  ...([
    [0x37f, 0x1fff],
    [0x200c, 0x200d],
    [0x2070, 0x218f],
    [0x2c00, 0x2fef],
    [0x3001, 0xd7ff],
  ] as const),
  ...([
    [0xf900, 0xfdcf],
    [0xfdf0, 0xfffd],
    [0x10000, 0xeffff],
  ] as const),
];
const OTHERS: readonly (readonly [number, number])[] = [
  ...([
    [0x2d, 0x2e],
    [0x30, 0x39],
    [0xb7, 0xb7],
    [0x300, 0x36f],
    [0x203f, 0x2040],
  ] as const),
];

function isNameStart(text: string): boolean {
  const code = text.codePointAt(0) ?? 0;
  return STARTS.some(([from, to]) => code >= from && code <= to);
}

function isNameLetter(letter: string): boolean {
  const code = letter.codePointAt(0) ?? 0;
  return isNameStart(letter) || OTHERS.some(([from, to]) => code >= from && code <= to);
}

/** References and characters of everything, and every element closed by its own name. */
function wellFormed(tokens: readonly (Tag | string)[]): boolean {
  const open: string[] = [];
  try {
    for (const token of tokens) {
      if (typeof token === "string") decoded(token);
      else if (token.kind === "end") {
        if (open.pop() !== token.name) return false;
      } else {
        for (const [, value] of token.attributes) decoded(value);
        if (token.kind === "start") open.push(token.name);
      }
    }
  } catch (error) {
    if (error instanceof Refused) return false;
    throw error;
  }
  return true;
}

/** XML 1.0 §2.2, §4.1. A number has seven digits at most: no character has more without leading zeros. */
function decoded(text: string): string {
  let result = "";
  for (let at = 0; at < text.length; ) {
    const code = text.codePointAt(at) ?? 0;
    if (text[at] !== "&") {
      if (!isCharacter(code)) throw new Refused();
      result += String.fromCodePoint(code);
      at += code > 0xffff ? 2 : 1;
      continue;
    }
    const end = text.indexOf(";", at);
    const name = end === -1 ? "" : text.slice(at + 1, end);
    const number = /^#[0-9]{1,7}$/.test(name)
      ? Number(name.slice(1))
      : /^#x[0-9A-Fa-f]{1,6}$/.test(name)
        ? Number(`0x${name.slice(2)}`)
        : undefined;
    const entity = Object.hasOwn(ENTITIES, name) ? ENTITIES[name] : undefined;
    if (number === undefined ? entity === undefined : !isCharacter(number)) throw new Refused();
    result += number === undefined ? (entity ?? "") : String.fromCodePoint(number);
    at = end + 1;
  }
  return result;
}

function isCharacter(code: number): boolean {
  if (code < 0x20) return code === 0x9 || code === 0xa || code === 0xd;
  return code <= 0xd7ff || (code >= 0xe000 && code <= 0xfffd) || (code >= 0x10000 && code <= 0x10ffff);
}

/** Of what is well-formed. The parser drops an attribute `__proto__`, for which nobody asks. */
function treeOf(tokens: readonly (Tag | string)[]): Tree | undefined {
  const open: (readonly [string, readonly (readonly [string, string])[], (Tree | string)[]])[] = [];
  for (const token of tokens) {
    const inside = open.at(-1)?.[2];
    if (typeof token === "string") {
      inside?.push(decoded(token));
      continue;
    }
    if (token.kind !== "end") {
      const attributes = token.attributes.filter(([name]) => name !== "__proto__");
      const one = [token.name, sorted(attributes.map(([name, value]) => [name, decoded(value)] as const)), []] as const;
      inside?.push(one as unknown as Tree);
      open.push(one as unknown as (typeof open)[number]);
    }
    if (token.kind !== "start") {
      const closed = open.pop();
      if (open.length === 0) return closed;
    }
  }
  return undefined;
}

export function sorted(attributes: readonly (readonly [string, string])[]): readonly (readonly [string, string])[] {
  return attributes.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}
