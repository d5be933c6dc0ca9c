/** Reactions to a message as they are shown: each emoji once, with whoever chose it. */
import type { MessageItem } from "../../engine/protocol/conversations.ts";
import { shownName } from "../../words/names.ts";

/** `names`: of others, as far as they are known. */
export type Chip = {
  readonly emoji: string;
  readonly count: number;
  readonly own: boolean;
  readonly names: readonly string[];
};

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });
const PICTURE = /\p{Extended_Pictographic}|\p{Regional_Indicator}{2}|[#*0-9]\u{FE0F}?\u{20E3}/u;
const VARIATION = /\u{FE0F}/gu;

/** Whether it is one emoji (XEP-0444 §3.2); whatever else somebody sends as a reaction is not shown. */
export function isEmoji(text: string): boolean {
  const [first, ...more] = graphemes.segment(text);
  return first !== undefined && more.length === 0 && PICTURE.test(text);
}

/** Up to this many emoji and nothing else are shown large. */
const FEW = 3;
/** The longest emoji, a family with its skins and its genders or a flag with its tags, is shorter. */
const LONGEST = 40;

/** Whether a text is an emoji or two, flags and keycaps among them (UTS #51 §1.4). */
export function isFewEmoji(text: string): boolean {
  // Most texts have none: to cut one into its signs takes longer than all else that a row does with it.
  if (text.length > FEW * LONGEST || !PICTURE.test(text)) return false;
  const signs = [...graphemes.segment(text)].flatMap(({ segment }) => (segment.trim() === "" ? [] : segment));
  return signs.length > 0 && signs.length <= FEW && signs.every(isEmoji);
}

/** Apps write one emoji with and without its variation selector. */
function nameOf(emoji: string): string {
  return emoji.replace(VARIATION, "");
}

/** In the order in which they were first chosen; `other`: what the contact is called, undefined in a room. */
export function chipsOf(
  { reactions = [] }: Pick<MessageItem, "reactions">,
  other: string | undefined,
): readonly Chip[] {
  const chips = new Map<string, Chip>();
  for (const { own, nick, emojis } of reactions) {
    for (const emoji of emojis.filter(isEmoji)) {
      const before = chips.get(nameOf(emoji)) ?? { emoji, count: 0, own: false, names: [] };
      const name = nick === undefined ? other : shownName(nick, "?");
      const names = own || name === undefined ? before.names : [...before.names, name];
      chips.set(nameOf(emoji), { ...before, count: before.count + 1, own: before.own || own, names });
    }
  }
  return [...chips.values()];
}

/** Chips below a message before somebody asks for more, and how many come each time. */
export const CHIPS_FEW = 12;
export const CHIPS_MORE = 50;

/** Those that are drawn, ours always among them; a single one is not worth a button. */
export function firstOf(chips: readonly Chip[], most: number): readonly Chip[] {
  const first = chips.filter(({ own }, at) => at < most || own);
  return first.length + 1 >= chips.length ? chips : first;
}

/** Our reactions once this one was added, or taken off where it is one of them. */
export function toggled({ reactions = [] }: Pick<MessageItem, "reactions">, emoji: string): readonly string[] {
  const own = reactions.find((one) => one.own)?.emojis ?? [];
  const without = own.filter((one) => nameOf(one) !== nameOf(emoji));
  return without.length === own.length ? [...own, emoji] : without;
}
