/** The words with which filters are typed: those of the page's language, and the English ones everywhere. */
import { text } from "../../i18n/aside.ts";
import { folded } from "../../words/folded.ts";
import type { SearchFilter } from "../places.ts";

type Kind = SearchFilter["kind"];

const KINDS: readonly Kind[] = ["from", "in", "before", "after", "has"];
/** Of a word and its colon. */
const LONGEST = 24;
const WORD = /^[\p{L}\p{M}]+:/u;

/** In the catalogue several words of one meaning stand side by side. */
function wordsOf(said: string): readonly string[] {
  return said.split("|").map((word) => folded(word.trim()));
}

/** The filter that begins here, with its word and colon as they stand; undefined: none does. */
export function filterAt(typed: string): { readonly kind: Kind; readonly length: number } | undefined {
  const [said] = WORD.exec(typed.slice(0, LONGEST)) ?? [];
  if (said === undefined) return undefined;
  const word = folded(said.slice(0, -1));
  const kind =
    KINDS.find((one) => one === word) ?? KINDS.find((one) => wordsOf(text(`search-word--${one}`)).includes(word));
  return kind && { kind, length: said.length };
}

/** As it is typed into the field for whoever chooses a filter there. */
export function wordOf(kind: Kind): string {
  return text(`search-word--${kind}`).split("|")[0] ?? kind;
}

export function isLinkWord(value: string): boolean {
  const word = folded(value);
  return ["links", ...wordsOf(text("search-word--link"))].some((known) => known.startsWith(word));
}

export function isOwnWord(value: string): boolean {
  return ["me", ...wordsOf(text("search-word--me"))].includes(folded(value));
}
