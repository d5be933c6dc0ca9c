/** Which language this browser speaks: what was chosen here, else what it says of its reader. */
import { effect } from "@preact/signals-core";
import { report } from "../../../worker/shared/report.ts";
import { isLanguage, LANGUAGES, languageFor, type LanguageTag, localeFor, wordsOf } from "../../i18n/languages.ts";
import { speak } from "../../i18n/text.ts";
import type { App } from "../../model/app.ts";
import { fetchLater } from "./later.ts";

/** Of this browser, not of an account: it is read before anybody is known, and says nothing of anybody. */
const KEY = "alcove-language";
/** English is better than an empty page. */
const WORDS_WITHIN_MS = 5_000;

/** What was chosen in this browser; undefined: what the browser itself wants. */
export function chosenLanguage(): LanguageTag | undefined {
  try {
    const chosen = localStorage.getItem(KEY);
    return isLanguage(chosen) ? chosen : undefined;
  } catch {
    // Some private windows have no such storage: as if nothing had been chosen.
    return undefined;
  }
}

/**
 * Speaks another language from the next start of the page on, which is now, or as soon as nothing is lost by it.
 *
 * @param tag undefined: what the browser itself wants
 * @returns `waits`: for what is being written, and that is to be said
 */
export function chooseLanguage(app: App, tag: LanguageTag | undefined): "now" | "waits" {
  try {
    if (tag === undefined) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, tag);
  } catch (error) {
    report("the language could not be kept", error);
  }
  const waits = app.writing.peek();
  effect(() => {
    if (!app.writing.value) location.reload();
  });
  return waits ? "waits" : "now";
}

/** Has the page speak its language. Undefined where it does so at once: English waits for nothing. */
export function beginSpeaking(): Promise<void> | undefined {
  const tag = languageFor(chosenLanguage(), navigator.languages);
  const words = wordsOf(tag);
  if (words !== undefined) return fetchWords(tag, words);
  speakIn(tag, {});
  return undefined;
}

async function fetchWords(tag: LanguageTag, words: NonNullable<ReturnType<typeof wordsOf>>): Promise<void> {
  let late: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<never>((_, reject) => {
    late = setTimeout(() => reject(new Error("The words did not come in time")), WORDS_WITHIN_MS);
  });
  try {
    const fetched = (async () => {
      await fetchLater(tag);
      return words();
    })();
    speakIn(tag, (await Promise.race([fetched, silence])).default);
  } catch (error) {
    report("the words of a language could not be loaded", error);
    speakIn("en", {});
  } finally {
    clearTimeout(late);
  }
}

function speakIn(tag: LanguageTag, words: Readonly<Record<string, string>>): void {
  const { direction } = LANGUAGES[tag];
  speak({ locale: localeFor(tag, navigator.languages), direction, words });
  const { documentElement } = document;
  documentElement.lang = tag;
  documentElement.dir = direction;
}
