/** A piece of a text with what was looked for in it, as parts: never markup. Pure. */
import { folded } from "../../words/folded.ts";
import type { ExcerptPart } from "../protocol/search.ts";
import { withoutFiles } from "../store/sheet-lines.ts";

/** Letters before the first place, and in all. */
const BEFORE = 32;
const LENGTH = 160;
/** What was found further down in a very long text is in the message; its whole length is not worth the wait. */
const LOOKED_THROUGH = 20_000;

type Range = { readonly from: number; readonly to: number };

/** Folded words, and for each of their letters where it stands in the text; `ends`: what follows the letter. */
export function foldedWithPlaces(text: string): {
  readonly words: string;
  readonly starts: number[];
  readonly ends: number[];
} {
  let words = "";
  const starts: number[] = [];
  const ends: number[] = [];
  let at = 0;
  for (const character of text) {
    const letters = folded(character);
    const shown = letters === " " && words.endsWith(" ") ? "" : letters;
    const end = at + character.length;
    for (let n = 0; n < shown.length; n += 1) {
      starts.push(at);
      ends.push(end);
    }
    words += shown;
    // A mark belongs to the letter before it.
    if (shown === "" && ends.length > 0)
      for (let n = ends.length - 1; n >= 0 && starts[n] === starts.at(-1); n -= 1) ends[n] = end;
    at = end;
  }
  return { words, starts, ends };
}

/** Where these words stand in a text, in order, none within another. */
function placesOf(text: string, wanted: readonly string[]): readonly Range[] {
  const { words, starts, ends } = foldedWithPlaces(text);
  const ranges: Range[] = [];
  for (const word of wanted) {
    for (let at = words.indexOf(word); at >= 0 && word !== ""; at = words.indexOf(word, at + word.length))
      ranges.push({ from: starts[at] ?? 0, to: ends[at + word.length - 1] ?? text.length });
  }
  const joined: Range[] = [];
  for (const range of ranges.toSorted((a, b) => a.from - b.from)) {
    const last = joined.at(-1);
    if (last === undefined || range.from > last.to) joined.push(range);
    else joined[joined.length - 1] = { from: last.from, to: Math.max(last.to, range.to) };
  }
  return joined;
}

/** The text on one line, about the first place where these folded words stand. */
export function excerptOf(text: string, wanted: readonly string[]): readonly ExcerptPart[] {
  const line = withoutFiles(text.slice(0, LOOKED_THROUGH)).replace(/\s+/gu, " ").trim();
  const places = placesOf(line, wanted);
  const begin = beginning(line, places[0]?.from ?? 0);
  const end = ending(line, begin + LENGTH);
  const parts: ExcerptPart[] = begin > 0 ? [{ text: "…", found: false }] : [];
  let at = begin;
  const push = (to: number, found: boolean) => {
    if (to > at) parts.push({ text: line.slice(at, to), found });
    at = Math.max(at, to);
  };
  for (const { from, to } of places) {
    if (from >= end) break;
    push(from, false);
    push(Math.min(to, end), true);
  }
  push(end, false);
  if (end < line.length) parts.push({ text: "…", found: false });
  return parts;
}

/** At the beginning of a word, where there is one near. */
function beginning(line: string, first: number): number {
  if (first <= BEFORE) return 0;
  const from = first - BEFORE;
  const word = line.indexOf(" ", from) + 1;
  return word > 0 && word <= first ? word : whole(line, from);
}

function ending(line: string, most: number): number {
  if (most >= line.length) return line.length;
  const word = line.lastIndexOf(" ", most);
  return word > most - BEFORE ? word : whole(line, most);
}

/** Not between the two halves of a character. */
function whole(line: string, at: number): number {
  return /[\udc00-\udfff]/.test(line.charAt(at)) ? at - 1 : at;
}
