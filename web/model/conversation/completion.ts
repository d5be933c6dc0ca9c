/** What stands before the caret and may be completed: the name of somebody in a room, the name of an emoji. Pure. */
/** `from` to `to`: where it stands, its sign included; `typed`: without. `closed`: the second colon is typed, too. */
export type TypedWord = {
  readonly kind: "person" | "emoji";
  readonly from: number;
  readonly to: number;
  readonly typed: string;
  readonly closed?: true;
};

const PERSON = /(?<=^|[\s("'])@([^\s@]{0,40})$/u;
/** At least two letters: `:)`, `:D` and `12:30` are none. */
const EMOJI = /(?<=^|[\s(])(:([\p{L}\p{N}_+-]{2,40}))(:?)$/u;
/** Longer words are not looked at. */
const LENGTH_MAX = 60;

/** @param people whether there are people to be named */
export function typedWord(text: string, caret: number, people: boolean): TypedWord | undefined {
  const begins = Math.max(0, caret - LENGTH_MAX);
  const before = text.slice(begins, caret);
  const person = people ? PERSON.exec(before) : null;
  if (person !== null) return { kind: "person", from: begins + person.index, to: caret, typed: person[1] ?? "" };
  const emoji = EMOJI.exec(before);
  if (emoji === null) return undefined;
  const { index, 2: typed = "", 3: end = "" } = emoji;
  return { kind: "emoji", from: begins + index, to: caret, typed, ...(end !== "" && { closed: true }) };
}

/** The text with something in place of the word, a space behind it, and where the caret is then. */
export function completed(text: string, { from, to }: TypedWord, instead: string): { text: string; caret: number } {
  const rest = text.slice(to);
  const put = `${instead}${rest.startsWith(" ") ? "" : " "}`;
  return { text: text.slice(0, from) + put + rest, caret: from + instead.length + 1 };
}
