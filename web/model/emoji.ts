/** Emoji by group, name and tone. Their table, `emoji-en.json`, is fetched when it is wanted; `npm run emoji` makes it. */
import { folded } from "../words/folded.ts";

export type Emoji = {
  readonly emoji: string;
  /** What it is called, read aloud. */
  readonly label: string;
  /** As it is written between colons, the best known first. */
  readonly names: readonly string[];
  /** Words that somebody may look for. */
  readonly words: readonly string[];
  /** There are skin tones of it. */
  readonly tones: boolean;
};

/** As in the table. */
export const GROUPS = [
  "smileys",
  "people",
  "animals",
  "food",
  "places",
  "activities",
  "objects",
  "symbols",
  "flags",
] as const;
export type Group = (typeof GROUPS)[number];

/** From light to dark (UTS #51 §1.4.3); the first is none. */
export const TONES: readonly string[] = ["", "\u{1f3fb}", "\u{1f3fc}", "\u{1f3fd}", "\u{1f3fe}", "\u{1f3ff}"];
const BASE = /(\p{Emoji_Modifier_Base})\u{fe0f}?/gu;
const TONE = /\p{Emoji_Modifier}/gu;

/** All emoji in the order of CLDR. */
export type EmojiTable = { readonly all: readonly Emoji[]; readonly groups: ReadonlyMap<Group, readonly Emoji[]> };

/** @param lines of each group, as `emoji-en.json` has them */
export function tableOf(lines: readonly string[]): EmojiTable {
  const groups = new Map(GROUPS.map((group, at) => [group, (lines[at] ?? "").split("\n").map(emojiOf)]));
  return { groups, all: [...groups.values()].flat() };
}

function emojiOf(line: string): Emoji {
  const [emoji = "", label = "", names = "", words = "", tones = ""] = line.split("\t");
  const said = folded(`${label} ${names.replaceAll("_", " ")} ${words}`).split(/[\s:,.()“”]+/u);
  return { emoji, label, names: names.split(" "), words: said.filter((word) => word !== ""), tones: tones !== "" };
}

/** An emoji in a skin tone; as it is where it has none. */
export function toned({ emoji, tones }: Pick<Emoji, "emoji" | "tones">, tone: string): string {
  return tones && tone !== "" ? emoji.replace(BASE, `$1${tone}`) : emoji;
}

/** Without a skin tone. */
export function untoned(emoji: string): string {
  return emoji.replace(TONE, "");
}

/** How well it fits: its name, the beginning of its name, of a word, something within a name. */
function rankOf({ names, words }: Emoji, wanted: string): number | undefined {
  if (names.includes(wanted)) return 0;
  if (names.some((name) => name.startsWith(wanted))) return 1;
  if (words.some((word) => word.startsWith(wanted))) return 2;
  return names.some((name) => name.includes(wanted)) ? 3 : undefined;
}

/** Emoji that fit what is typed, the best first; of several words all fit. */
export function findEmoji({ all }: EmojiTable, typed: string, most: number): readonly Emoji[] {
  const wanted = folded(typed.trim()).split(/\s+/u);
  if (wanted.join("") === "") return [];
  return all
    .flatMap((emoji) => {
      const ranks = wanted.map((word) => rankOf(emoji, word));
      return ranks.includes(undefined) ? [] : [{ emoji, rank: Math.max(...ranks.map((rank) => rank ?? 0)) }];
    })
    .sort((a, b) => a.rank - b.rank)
    .slice(0, most)
    .map(({ emoji }) => emoji);
}

/** The emoji of a name between colons. */
export function emojiNamed({ all }: EmojiTable, name: string): Emoji | undefined {
  const wanted = folded(name);
  return all.find(({ names }) => names.includes(wanted));
}

/** What is known of one that was chosen before; in whatever tone. */
export function emojiOfText({ all }: EmojiTable, text: string): Emoji {
  const plain = untoned(text);
  const known = all.find(({ emoji }) => emoji === plain);
  return known ?? { emoji: text, label: text, names: [], words: [], tones: false };
}
