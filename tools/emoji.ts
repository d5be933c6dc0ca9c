/**
 * `npm run emoji -- <folder of emojibase-data>`: the table of emoji that the page carries, made of that package (MIT). It is
 * kept here as it is made: the package is 49 MB for 100 kB that change once a year.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inProject } from "./project.ts";
import { say } from "./step.ts";

type Listed = {
  readonly emoji: string;
  readonly hexcode: string;
  readonly label: string;
  readonly group?: number;
  readonly order?: number;
  readonly version: number;
  readonly tags?: readonly string[];
  readonly skins?: readonly { readonly emoji: string; readonly tone: number | readonly number[] }[];
};
type Names = Readonly<Record<string, string | readonly string[]>>;

/** Newer ones are empty boxes on systems of today. */
const VERSION_MAX = 15.1;
/** Parts of others, not to be chosen. */
const COMPONENTS = 2;
const FLAGS = 9;
const TONE = "\u{1f3fd}";
const MEDIUM = 3;

const [folder = ""] = process.argv.slice(2);
const read = (name: string): unknown => JSON.parse(readFileSync(join(folder, "en", name), "utf8"));
const all = read("data.json") as readonly Listed[];
/** The names that people know from other apps first. */
const names = ["github", "emojibase", "joypixels"].map((set) => read(`shortcodes/${set}.json`) as Names);

/** A sign that says "as a picture" is left out where that is so without it: most apps write none. */
const plain = (emoji: string) => emoji.replace(/(\p{Emoji_Presentation})\u{fe0f}/gu, "$1");
/** As the page makes it (`web/model/emoji.ts`). */
const toned = (emoji: string) => emoji.replace(/(\p{Emoji_Modifier_Base})\u{fe0f}?/gu, `$1${TONE}`);

const groups: string[][] = [];
for (const one of all.toSorted((a, b) => (a.order ?? 0) - (b.order ?? 0))) {
  if (one.group === undefined || one.group === COMPONENTS || one.version > VERSION_MAX) continue;
  const emoji = plain(one.emoji);
  // Two letters alone are a country to nobody who types.
  const short = [...new Set(names.flatMap((set) => set[one.hexcode] ?? []))]
    .filter((name) => one.group !== FLAGS || name.length > 2)
    .slice(0, 4);
  const said = new Set([
    ...one.label.toLowerCase().split(/[^\p{L}\p{N}]+/u),
    ...short.flatMap((name) => name.split("_")),
  ]);
  const tags = (one.tags ?? []).filter((tag) => !said.has(tag));
  const skins = one.skins?.find(({ tone }) => tone === MEDIUM)?.emoji === toned(emoji) ? "1" : "";
  const line = [emoji, one.label, short.join(" "), tags.join(" "), skins].join("\t").trimEnd();
  groups[one.group] = [...(groups[one.group] ?? []), line];
}
const table = groups.filter(Boolean).map((group) => group.join("\n"));
writeFileSync(inProject("web/model/emoji-en.json"), `${JSON.stringify(table, undefined, 1)}\n`);
say(`${table.join("\n").split("\n").length} emoji in ${table.length} groups`);
