/**
 * Words of the product. A catalogue is flat: `topic.modifier--name`, with `#one`, `#other` … for plural forms
 * (CLDR categories, chosen by `Intl.PluralRules`). Keys are typed from the English catalogue, so a missing text is a
 * compile error. What is read on the screens that come first is here; the rest is fetched with its screens (`aside.ts`), or
 * when something goes wrong (`failures.ts`).
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

const LOCALE = "en";
const catalogue: Readonly<Record<string, string>> = en;
const plurals = new Intl.PluralRules(LOCALE);
const numbers = new Intl.NumberFormat(LOCALE);

const PLACEHOLDER = /\{([a-z]+)\}/g;
/** Letters that run from right to left, and marks of direction: where there is none, nothing around can be turned. */
const TURNS =
  /[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufeff\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
const [ISOLATE, POP] = ["\u2068", "\u2069"];

/** A text of any catalogue with its placeholders filled. */
export function fill(words: string, values: Values): string {
  return words.replace(PLACEHOLDER, (placeholder, name: string) => {
    const value = values[name];
    if (value === undefined) return placeholder;
    return typeof value === "number" ? numbers.format(value) : isolated(value);
  });
}

/** UAX #9 §6.3: what comes from elsewhere has its own direction and leaves that of the sentence alone. */
function isolated(value: string): string {
  return TURNS.test(value) ? ISOLATE + withoutDirections(value) + POP : value;
}

/** The form of a text of any catalogue that the count asks for; `{count}` is the count, formatted. */
export function inPlural(
  words: Readonly<Record<string, string>>,
  key: string,
  count: number,
  values: Values = {},
): string {
  const form = words[`${key}#${plurals.select(count)}`] ?? words[`${key}#other`] ?? key;
  return fill(form, { ...values, count });
}

/**
 * The text of a key with its placeholders filled.
 *
 * @example text("consent--agree", { domain: "example.org" })
 */
export function text(key: TextKey, values: Values = {}): string {
  return fill(en[key], values);
}

/**
 * The text of a key in the plural form that the count asks for.
 *
 * @example plural("list--unread", 3)
 */
export function plural(key: PluralKey, count: number, values?: Values): string {
  return inPlural(catalogue, key, count, values);
}
