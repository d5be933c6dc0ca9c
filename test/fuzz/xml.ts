/** XML as a stream gives it, cut anywhere: the guard, and the parser behind it, as `durable/link/stream.ts` has them. */
import FramedParser from "@xmpp/websocket/lib/FramedParser.js";
import { type Element, Parser } from "@xmpp/xml";
import { Guard, type Piece } from "../../durable/link/transport/guard.ts";
import type { Random } from "../faults/random.ts";
import { mutated } from "./mutation.ts";
import { REFUSED, TAKEN, type Target, type Verdict, wrong } from "./target.ts";
import { type Reading, readStream, sorted, type Tree } from "./xml-reader.ts";

/** Where the input is cut; no sentence of any grammar here needs this character (private use). */
const CUT = "\uf8ff";
/** Begins an input of RFC 7395: each of its pieces is a message. */
const FRAMED = "\uf8fe";
const MARKS = /[\uf8fe\uf8ff]/g;
const HEADER = "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>";
const NAMES = ["message", "presence", "iq", "body", "a", "x:y", "é", "__proto__", "constructor", "b-1.2"];
const WORDS = [
  ...["hello", "&lt;", "&amp;&#65;", "&#x1F600;", "&#0;", "&#xD800;", "&bad;", "&", ">", "]]>", "5 > 4", "é", "🎈"],
  ...["\u0001", "\ufffe", "\u0085", " ", "\n", "&apos;&quot;", "&#x110000;", "&#00000065;"],
];
const TOKENS = [
  ...WORDS,
  ...["<!--", "-->", "<![CDATA[", "<?xml version='1.0'?>", "<?php ?>", "<!DOCTYPE a [<!ENTITY b 'c'>]>", "</", "/>"],
  ...["<", "'", '"', "=", " a='1'", " a='2'", ' xmlns:x="u"', "<a>", "</a>", "<a/>", "</stream:stream>", HEADER, CUT],
];
const PARTS_MAX = 4;
const DEPTH_MAX = 4;

export const xml: Target<{ readonly whole: Reading; readonly pieces: Reading }> = {
  name: "XML in pieces",
  share: 1,
  make: (random) => {
    const stream = random.between(0, 7) > 0;
    const start = stream ? `${random.pick(["", "<?xml version='1.0'?>", "\n"])}${HEADER}` : FRAMED;
    const text = start + inside(random, 0, random.between(1, PARTS_MAX)) + random.pick(["", "", "</stream:stream>"]);
    return cut(random, random.between(0, 2) === 0 ? text : mutated(random, text, TOKENS));
  },
  run: (input) => ({
    whole: readingOf([plain(input)], isFramed(input)),
    pieces: readingOf(cutUp(input), isFramed(input)),
  }),
  judge: (input, { whole, pieces }) => {
    if (JSON.stringify(whole) !== JSON.stringify(pieces))
      return wrong(`in pieces ${JSON.stringify(pieces)}, whole ${JSON.stringify(whole)}`);
    return judged(whole, readStream(plain(input), isFramed(input)));
  },
};

/** A fault in what is not complete may be told at once or when it is: nothing of it is handed on either way. */
function judged(found: Reading, expected: Reading): Verdict {
  if (JSON.stringify(found.events) !== JSON.stringify(expected.events))
    return wrong(`handed on ${JSON.stringify(found)}, should be ${JSON.stringify(expected)}`);
  const early = expected.end === "not-well-formed" && found.end === "waits";
  if (found.end !== expected.end && !early) return wrong(`ended as ${found.end}, should be ${expected.end}`);
  return found.events.some(([kind]) => kind === "element") ? TAKEN : REFUSED;
}

/** What `Stream` would hand on; it ends at the first fault, of the guard or of the parser. */
function readingOf(chunks: readonly string[], framed: boolean): Reading {
  const events: (readonly [string, unknown])[] = [];
  const guard = new Guard(framed ? "framed" : "stream");
  const parser = framed ? new FramedParser() : new Parser();
  let refused = false;
  const hear = (kind: string) => (element: Element) => void (refused || events.push([kind, treeOf(element)]));
  parser.on("start", hear(framed ? "element" : "header"));
  parser.on("element", hear("element"));
  if (framed) parser.on("end", hear("element"));
  parser.on("error", () => {
    refused = true;
  });
  const parse = (text: string) => {
    try {
      parser.write(text);
    } catch (error) {
      // It throws where a reference names no character, and says it in these words alone.
      if (!(error instanceof Error && error.message.startsWith("Illegal XML"))) throw error;
      refused = true;
    }
  };
  for (const chunk of chunks) {
    guard.write(chunk);
    for (let piece = guard.next(); piece; piece = guard.next()) {
      const end = taken(piece, events, parse);
      if (refused) return { events, end: "not-well-formed" };
      if (end !== undefined) return { events, end };
    }
  }
  return { events, end: "waits" };
}

function taken(piece: Piece, events: (readonly [string, unknown])[], parse: (text: string) => void) {
  switch (piece.kind) {
    case "fault":
      return piece.condition === "restricted-xml" ? piece.condition : "not-well-formed";
    case "oversized":
      events.push(["oversized", piece.name]);
      return undefined;
    case "footer":
      parse(piece.text);
      return "over";
    default:
      parse(piece.text);
      return undefined;
  }
}

function treeOf({ name, attrs, children }: Element): Tree {
  const attributes = Object.entries(attrs as Readonly<Record<string, string>>);
  return [name, sorted(attributes), children.map((child) => (typeof child === "string" ? child : treeOf(child)))];
}

function inside(random: Random, depth: number, parts: number): string {
  return Array.from({ length: parts }, () => {
    if (depth > 0 && random.between(0, 1) === 0) return random.pick(WORDS);
    const name = random.pick(NAMES);
    const attributes = Array.from({ length: random.between(0, 2) }, (_, at) => attribute(random, at)).join("");
    if (depth >= DEPTH_MAX || random.between(0, 3) === 0) return `<${name}${attributes}/>`;
    return `<${name}${attributes}>${inside(random, depth + 1, random.between(0, 2))}</${name}>`;
  }).join("");
}

function attribute(random: Random, at: number): string {
  const quote = random.pick(["'", '"']);
  const value = random.pick(WORDS).replaceAll(quote, "");
  return ` ${random.pick(["to", "id", "xml:lang", "__proto__"])}${at || ""}=${quote}${value}${quote}`;
}

function cut(random: Random, text: string): string {
  if (random.between(0, 9) === 0) return [...text].join(CUT);
  let marked = text;
  for (let cuts = random.between(0, 3); cuts > 0; cuts -= 1) {
    const at = random.between(0, marked.length);
    marked = marked.slice(0, at) + CUT + marked.slice(at);
  }
  return marked;
}

function isFramed(input: string): boolean {
  return input.startsWith(FRAMED);
}

/** UTF-8 has no halves of characters, and is decoded before it comes here. */
function plain(input: string): string {
  return Buffer.from(input.replace(MARKS, "")).toString();
}

function cutUp(input: string): readonly string[] {
  const whole = plain(input);
  let at = 0;
  const pieces = input
    .replaceAll(FRAMED, "")
    .split(CUT)
    .map((piece) => {
      const from = at;
      at += piece.length;
      return whole.slice(from, at);
    });
  return pieces.filter((piece) => piece !== "");
}
