/**
 * Words of the product. A catalogue is flat: `topic.modifier--name`, with `#one`, `#other` … for plural forms
 * (CLDR categories, chosen by `Intl.PluralRules`). Keys are typed from the English catalogue, so a missing text is a
 * compile error. English is what stands here at once, and what another language lacks; the words of that come before the
 * first screen (`languages.ts`). What is read on the screens that come first is here; the rest is fetched with its screens
 * (`aside.ts`), or when something goes wrong (`failures.ts`).
 */
import { withoutDirections } from "../words/visible.ts";
import en from "./en.json" with { type: "json" };

type PluralForm = `${string}#${string}`;
/** Keys of texts that do not depend on a count. */
export type TextKeyOf<Catalogue> = Exclude<keyof Catalogue & string, PluralForm>;
/** Keys of texts that do, without the form. */
export type PluralKeyOf<Catalogue> = keyof Catalogue extends infer Key
  ? Key extends `${infer Base}#other`
    ? Base
    : never
  : never;
export type TextKey = TextKeyOf<typeof en>;
export type PluralKey = PluralKeyOf<typeof en>;
export type Values = Readonly<Record<string, string | number>>;

export type Catalogue = Readonly<Record<string, string>>;
export type Direction = "ltr" | "rtl";

/** A language as it is spoken here: its words, and how its reader writes numbers and dates. */
export type Spoken = {
  /** BCP 47, with the reader's region where one is known. */
  readonly locale: string;
  readonly direction: Direction;
  /** Of all parts of the page; what it lacks is said in English. */
  readonly words: Catalogue;
};
type Speaker = Spoken & { readonly plurals: Intl.PluralRules; readonly numbers: Intl.NumberFormat };

const ENGLISH = speakerOf({ locale: "en", direction: "ltr", words: {} });
let speaker = ENGLISH;

function speakerOf(spoken: Spoken): Speaker {
  const { locale } = spoken;
  return { ...spoken, plurals: new Intl.PluralRules(locale), numbers: new Intl.NumberFormat(locale) };
}

/** From now on everything is said in this language. Before the first word is: what stands on the screen is not said again. */
export function speak(spoken: Spoken): void {
  speaker = speakerOf(spoken);
}

/** As it was given to `speak`: for a script that has to say something where there is no page. */
export function spoken(): Spoken {
  const { locale, direction, words } = speaker;
  return { locale, direction, words };
}

/** For `Intl`: of the language that is spoken, and of its reader's region. */
export function spokenLocale(): string {
  return speaker.locale;
}

export function spokenDirection(): Direction {
  return speaker.direction;
}

const PLACEHOLDER = /\{([a-z]+)\}/g;
/** Letters that run from right to left, and marks of direction: where there is none, nothing around can be turned. */
const TURNS =
  /[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufeff\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
const [ISOLATE, ISOLATE_LTR, POP] = ["\u2068", "\u2066", "\u2069"];

function fill(words: string, values: Values, by: Speaker): string {
  return words.replace(PLACEHOLDER, (placeholder, name: string) => {
    const value = values[name];
    if (value === undefined) return placeholder;
    return typeof value === "number" ? by.numbers.format(value) : isolated(value, by);
  });
}

/** UAX #9 §6.3: what comes from elsewhere has its own direction and leaves that of the sentence alone. */
function isolated(value: string, { direction }: Speaker): string {
  return direction === "rtl" || TURNS.test(value) ? ISOLATE + withoutDirections(value) + POP : value;
}

/** English in the place of words that the language lacks: its full stop stays at its end. */
function inEnglish(words: string, values: Values): string {
  const said = fill(words, values, ENGLISH);
  return speaker.direction === "rtl" ? ISOLATE_LTR + said + POP : said;
}

/** The text of a key of any English catalogue, in the language that is spoken, with its placeholders filled. */
export function say(english: string, key: string, values: Values): string {
  const words = speaker.words[key];
  return words === undefined ? inEnglish(english, values) : fill(words, values, speaker);
}

function formOf(words: Catalogue, key: string, count: number, { plurals }: Speaker): string | undefined {
  return words[`${key}#${plurals.select(count)}`] ?? words[`${key}#other`];
}

/** The form of a text of any English catalogue that the count asks for; `{count}` is the count, formatted. */
export function sayInPlural(english: Catalogue, key: string, count: number, values: Values = {}): string {
  const form = formOf(speaker.words, key, count, speaker);
  if (form !== undefined) return fill(form, { ...values, count }, speaker);
  return inEnglish(formOf(english, key, count, ENGLISH) ?? key, { ...values, count });
}

/**
 * The text of a key with its placeholders filled.
 *
 * @example text("consent--agree", { domain: "example.org" })
 */
export function text(key: TextKey, values: Values = {}): string {
  return say(en[key], key, values);
}

/**
 * The text of a key in the plural form that the count asks for.
 *
 * @example plural("list--unread", 3)
 */
export function plural(key: PluralKey, count: number, values?: Values): string {
  return sayInPlural(en, key, count, values);
}

/** A number on its own, in the digits of the language. */
export function numberText(value: number): string {
  return speaker.numbers.format(value);
}

/** Names one after the other, with the last word of such a list between the last two: "and", or "or". */
export function listText(names: Iterable<string>, type: "conjunction" | "disjunction" = "conjunction"): string {
  return new Intl.ListFormat(speaker.locale, { type }).format(Array.from(names, (name) => isolated(name, speaker)));
}
