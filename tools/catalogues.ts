/** What is wrong with the words of a language, compared with the English ones. */

export type Catalogue = Readonly<Record<string, string>>;
export type Translation = {
  /** BCP 47. */
  readonly tag: string;
  /** Every English text has to be there. */
  readonly complete: boolean;
  readonly words: Catalogue;
};

/** So many numbers show whether a plural form is that of one number alone. */
const SAMPLES = 1_000;

/** Texts of `english` that a language has no words for, as keys of that language: with its own plural forms. */
export function missingKeys(english: Catalogue, { tag, words }: Omit<Translation, "complete">): readonly string[] {
  const wanted = Object.keys(english).flatMap((key) => {
    const [base, form] = key.split("#");
    if (form === undefined) return [key];
    return form === "other" ? formsOf(tag).map((one) => `${base}#${one}`) : [];
  });
  return wanted.filter((key) => words[key] === undefined);
}

/** Each finding begins with the key that it is about. */
export function checkCatalogue(english: Catalogue, translation: Translation): readonly string[] {
  const { tag, complete, words } = translation;
  const known = new Set(Object.keys(english).map(baseOf));
  const begun = new Set(Object.keys(words).map(baseOf));
  return [
    ...missingKeys(english, translation)
      .filter((key) => complete || begun.has(baseOf(key)))
      .map((key) => `${key} is missing`),
    ...Object.entries(words).flatMap(([key, text]) =>
      known.has(baseOf(key)) ? textFindings(english, tag, key, text) : [`${key} is no English text`],
    ),
  ];
}

function textFindings(english: Catalogue, tag: string, key: string, text: string): readonly string[] {
  const [, form] = key.split("#");
  const isPlural = english[`${baseOf(key)}#other`] !== undefined;
  if (isPlural !== (form !== undefined)) return [`${key} is ${isPlural ? "" : "not "}counted in English`];
  if (form !== undefined && !formsOf(tag).includes(form)) return [`${key} is no plural form of ${tag}`];
  if (text.trim() === "") return [`${key} is empty`];
  const wanted = placeholdersOf(english, baseOf(key));
  const there = new Set(namesIn(text));
  const saysCount = form !== undefined && isOneNumber(tag, form) ? ["count"] : [];
  return [
    ...[...wanted]
      .filter((name) => !there.has(name) && !saysCount.includes(name))
      .map((name) => `${key} lacks {${name}}`),
    ...[...there].filter((name) => !wanted.has(name)).map((name) => `${key} has {${name}}, which English has not`),
  ];
}

/** Of all forms of a text: the one for many says them all. */
function placeholdersOf(english: Catalogue, base: string): ReadonlySet<string> {
  const texts = [english[base], english[`${base}#other`], english[`${base}#one`]];
  return new Set(texts.flatMap((text) => namesIn(text ?? "")));
}

function namesIn(text: string): readonly string[] {
  return [...text.matchAll(/\{([^{}]*)\}/g)].map(([, name]) => name ?? "");
}

function baseOf(key: string): string {
  return key.split("#")[0] ?? key;
}

function formsOf(tag: string): readonly string[] {
  return new Intl.PluralRules(tag).resolvedOptions().pluralCategories;
}

/** A form that is for one number alone may say it in words: "a message". French says "un" for none, too. */
function isOneNumber(tag: string, form: string): boolean {
  const rules = new Intl.PluralRules(tag);
  const numbers = Array.from({ length: SAMPLES }, (_, number) => number);
  return numbers.filter((number) => rules.select(number) === form).length === 1;
}
