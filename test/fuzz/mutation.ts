/** Inputs out of other inputs: what a slip, a cut connection or somebody with bad intent makes of a good one. */
import type { Random } from "../faults/random.ts";

const EDITS_MAX = 4;
/** One input in so many is blown up, to show what does not grow in a straight line. */
const LONG_ONE_IN = 400;
const LONG_LENGTH = 20_000;
const COPIES_MAX = 3;
const CODE_UNITS = 0x10000;
const ASCII_END = 0x7e;

type Edit = (random: Random, text: string, tokens: readonly string[]) => string;

const EDITS: readonly Edit[] = [
  (random, text) => {
    const [from, to] = span(random, text);
    return text.slice(0, from) + text.slice(to);
  },
  (random, text) => {
    const [from, to] = span(random, text);
    return text.slice(0, to) + text.slice(from, to).repeat(random.between(1, COPIES_MAX)) + text.slice(to);
  },
  (random, text, tokens) => insert(random, text, random.pick(tokens)),
  (random, text, tokens) => {
    const [from, to] = span(random, text);
    return text.slice(0, from) + random.pick(tokens) + text.slice(to);
  },
  (random, text, tokens) => {
    const at = random.between(0, text.length);
    return text.slice(0, at) + random.pick(tokens) + text.slice(at + 1);
  },
  (random, text) => insert(random, text, String.fromCharCode(random.between(0, ASCII_END))),
  (random, text) => insert(random, text, String.fromCharCode(random.between(0, CODE_UNITS - 1))),
  (random, text) => {
    const [from, to] = span(random, text);
    return text.slice(0, from) + [...text.slice(from, to)].reverse().join("") + text.slice(to);
  },
  (random, text) => text.slice(0, random.between(0, text.length)),
];

/**
 * A text with one to four edits: something cut out, doubled, turned round, broken off, or put in its place.
 * @param tokens what means something in this grammar
 */
export function mutated(random: Random, text: string, tokens: readonly string[]): string {
  let changed = text;
  for (let edits = random.between(1, EDITS_MAX); edits > 0; edits -= 1)
    changed = random.pick(EDITS)(random, changed, tokens);
  return random.between(1, LONG_ONE_IN) === 1 ? blownUp(random, changed, tokens) : changed;
}

/** A few code units or a token over and over again, at any place. */
function blownUp(random: Random, text: string, tokens: readonly string[]): string {
  const [from, to] = span(random, text);
  const part = random.between(0, 1) === 0 || from === to ? random.pick(tokens) : text.slice(from, to);
  if (part === "") return text;
  return insert(random, text, part.repeat(Math.ceil(LONG_LENGTH / part.length)));
}

function insert(random: Random, text: string, part: string): string {
  const at = random.between(0, text.length);
  return text.slice(0, at) + part + text.slice(at);
}

/** Mostly short ones. */
function span(random: Random, text: string): readonly [number, number] {
  const from = random.between(0, text.length);
  const length = random.between(0, random.between(0, 2) === 0 ? text.length : 4);
  return [from, Math.min(text.length, from + length)];
}
