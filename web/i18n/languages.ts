/** The languages that there are words in. Another one is a catalogue beside this file and a line here (CONTRIBUTING.md). */
import type { Catalogue, Direction } from "./text.ts";

type Words = () => Promise<{ readonly default: Catalogue }>;
type Language = {
  /** What those who read it call it. */
  readonly name: string;
  readonly direction: Direction;
  /** Texts may be missing, and are said in English; else `npm run check` wants all of them. */
  readonly partial?: true;
  /** None for English, which is part of the first script. */
  readonly words?: Words;
};

export const LANGUAGES = {
  en: { name: "English", direction: "ltr" },
  de: { name: "Deutsch", direction: "ltr", words: () => import("./de.json", { with: { type: "json" } }) },
  ar: {
    name: "العربية",
    direction: "rtl",
    words: () => import("./ar.json", { with: { type: "json" } }),
  },
} as const satisfies Readonly<Record<string, Language>>;

export type LanguageTag = keyof typeof LANGUAGES;

export function isLanguage(tag: string | null | undefined): tag is LanguageTag {
  return typeof tag === "string" && Object.hasOwn(LANGUAGES, tag);
}

/** Undefined for English. */
export function wordsOf(tag: LanguageTag): Words | undefined {
  const language: Language = LANGUAGES[tag];
  return language.words;
}

/**
 * The language to speak.
 *
 * @param chosen in this browser, if any
 * @param wanted what the browser says of its reader, the best first (BCP 47, as `navigator.languages`)
 */
export function languageFor(chosen: string | undefined, wanted: readonly string[]): LanguageTag {
  const known = [chosen, ...wanted.flatMap((tag) => [tag, primaryOf(tag)])];
  return known.find(isLanguage) ?? "en";
}

/** The language with the reader's region where the browser knows one: a British reader's day comes before the month. */
export function localeFor(language: LanguageTag, wanted: readonly string[]): string {
  return wanted.find((tag) => tag === language || primaryOf(tag) === language) ?? language;
}

function primaryOf(tag: string): string {
  return (tag.split("-")[0] ?? "").toLowerCase();
}
