/** The words of the product, read from `web/i18n/`. */
import { readdir, readFile } from "node:fs/promises";
import { LANGUAGES } from "../web/i18n/languages.ts";
import type { Catalogue, Translation } from "./catalogues.ts";
import { inProject } from "./project.ts";

/** Parts of the English catalogue: `en.json` is what comes first; each other one is fetched with a part of the page. */
const ENGLISH = /^(en(?:-[a-z-]+)?)\.json$/;

/** All English texts, in the order of their files. */
export async function readEnglish(): Promise<Catalogue> {
  const files = (await readdir(inProject("web/i18n"))).flatMap((file) => ENGLISH.exec(file)?.[1] ?? []);
  const parts = await Promise.all(files.toSorted().map(readCatalogue));
  return Object.assign({}, ...parts) as Catalogue;
}

/** Every other language. */
export async function readTranslations(): Promise<readonly (Translation & { readonly name: string })[]> {
  const others = Object.entries(LANGUAGES).filter(([tag]) => tag !== "en");
  return Promise.all(
    others.map(async ([tag, language]) => ({
      tag,
      name: language.name,
      complete: !("partial" in language),
      words: await readCatalogue(tag),
    })),
  );
}

async function readCatalogue(name: string): Promise<Catalogue> {
  return JSON.parse(await readFile(inProject(`web/i18n/${name}.json`), "utf8")) as Catalogue;
}
