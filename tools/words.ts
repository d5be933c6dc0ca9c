/**
 * `npm run words`: how much of each language is there. `npm run words -- de`: what is missing in German, in English, as the
 * lines that belong into its catalogue.
 */
import { readEnglish, readTranslations } from "./catalogue-files.ts";
import { type Catalogue, missingKeys } from "./catalogues.ts";
import { say } from "./step.ts";

const [wanted] = process.argv.slice(2);
const english = await readEnglish();
const translations = await readTranslations();
const chosen = translations.find(({ tag }) => tag === wanted);

function englishOf(key: string, texts: Catalogue): string {
  return texts[key] ?? texts[`${key.split("#")[0]}#other`] ?? "";
}

if (wanted !== undefined && chosen === undefined) {
  say(`There are words in ${translations.map(({ tag }) => tag).join(", ")}. Another language: see CONTRIBUTING.md.`);
  process.exit(1);
} else if (chosen === undefined) {
  for (const translation of translations) {
    const missing = missingKeys(english, translation).length;
    const rest = missing === 0 ? "complete" : `${missing} missing`;
    say(`${translation.tag}  ${translation.name}: ${Object.keys(translation.words).length} texts, ${rest}`);
  }
} else {
  const missing = missingKeys(english, chosen).map((key) => [key, englishOf(key, english)]);
  process.stdout.write(`${JSON.stringify(Object.fromEntries(missing), undefined, 2)}\n`);
}
