/// <reference types="vite/client" />
/** Scenes are told in English; whoever plays one in another language looks for the same things by their names there. */
import { isLanguage, LANGUAGES, wordsOf } from "../../web/i18n/languages.ts";
import { say, speak } from "../../web/i18n/text.ts";

type Catalogue = Readonly<Record<string, string>>;
const PARTS = import.meta.glob<Catalogue>("../../web/i18n/en*.json", { eager: true, import: "default" });
const ENGLISH: Catalogue = Object.assign({}, ...Object.values(PARTS)) as Catalogue;

/**
 * Has the page speak a language.
 * @returns what an English label may be called in it: what is one word here can be two there
 */
export async function inLanguage(tag: string): Promise<(english: string) => readonly string[]> {
  if (!isLanguage(tag)) throw new Error(`There are no words in ${tag}`);
  const { direction } = LANGUAGES[tag];
  speak({ locale: tag, direction, words: (await wordsOf(tag)?.())?.default ?? {} });
  Object.assign(document.documentElement, { lang: tag, dir: direction });
  return (english) => {
    // The whole text before one with something put in: "Password of the room" is no "Password of {account}".
    const texts = Object.entries(ENGLISH).toSorted(([, one], [, other]) => namesIn(one) - namesIn(other));
    const called = texts.flatMap(([key, words]) => {
      const found = patternOf(words).exec(english);
      if (found === null) return [];
      const { groups = {} } = found;
      return [groups, translated(groups)].map((values) => ({ said: say(words, key, values), names: namesIn(words) }));
    });
    const [fewest] = called;
    if (fewest === undefined) return [english];
    return called.filter(({ names }) => names === fewest.names).map(({ said }) => said);
  };
}

/** What is put into a text can be one itself: "Play" and "Voice message". */
function translated(values: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      const [key] = Object.entries(ENGLISH).find(([, english]) => english === value) ?? [];
      return [name, key === undefined ? value : say(value, key, {})];
    }),
  );
}

function namesIn(words: string): number {
  return words.split("{").length - 1;
}

function patternOf(words: string): RegExp {
  const seen = new Set<string>();
  const pattern = escaped(words).replace(/\\\{([a-z]+)\\\}/g, (_, name: string) => {
    if (seen.has(name)) return `\\k<${name}>`;
    seen.add(name);
    return `(?<${name}>.+)`;
  });
  return new RegExp(`^${pattern}$`);
}

function escaped(words: string): string {
  return words.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
