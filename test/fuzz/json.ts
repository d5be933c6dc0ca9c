/** JSON as it may arrive: good values with parts put in other places, and the text itself broken. */
import type { Random } from "../faults/random.ts";
import { mutated } from "./mutation.ts";

const TOKENS = ["{", "}", "[", "]", ",", ":", '"', "null", "-0", "1e400", "\\u0000", "\\ud800", "\u212a", "\u017f"];
const ODD: readonly unknown[] = [
  ...[
    null,
    true,
    false,
    0,
    -1,
    1,
    1.5,
    2 ** 31,
    2 ** 53,
    -(2 ** 53) - 2,
    1e308,
    "",
    " ",
    "x",
    "\u0000",
    "\ud800",
    [],
    {},
  ],
  ...[[[]], { kind: "omemo" }, { __proto__: null, constructor: 1 }, "toString", "0", "NaN", "x".repeat(300)],
];
const EXTRA = ["more", "constructor", "toString", "hasOwnProperty", "kind", "type", ""];
const BROKEN_ONE_IN = 4;

/** The text of this value, in one of three it is as it should be. */
export function jsonText(random: Random, value: unknown): string {
  if (random.between(0, 2) === 0) return JSON.stringify(value);
  const text = JSON.stringify(changed(random, value));
  return random.between(1, BROKEN_ONE_IN) === 1 ? mutated(random, text, TOKENS) : text;
}

/** One part of it is another, is missing, is there twice, or has come along unasked. */
function changed(random: Random, value: unknown): unknown {
  if (typeof value !== "object" || value === null || random.between(0, 4) === 0) return odd(random, value);
  if (Array.isArray(value)) {
    if (value.length === 0) return [random.pick(ODD)];
    const at = random.between(0, value.length - 1);
    if (random.between(0, 2) === 0) return [...value, ...value];
    return value.with(at, changed(random, value[at]));
  }
  const entries: [string, unknown][] = Object.entries(value);
  if (entries.length === 0 || random.between(0, 4) === 0)
    return Object.fromEntries([...entries, [random.pick(EXTRA), random.pick(ODD)]]);
  const at = random.between(0, entries.length - 1);
  const [key, inner] = entries[at] ?? ["", undefined];
  if (random.between(0, 3) === 0) return Object.fromEntries(entries.toSpliced(at, 1));
  return Object.fromEntries(entries.with(at, [key, changed(random, inner)]));
}

function odd(random: Random, value: unknown): unknown {
  const kind = random.between(0, 3);
  if (kind === 0 && typeof value === "string") return mutated(random, value, TOKENS);
  if (kind === 1 && typeof value === "number") return value + random.pick([-1, 1, 0.5, 2 ** 31, -(2 ** 31)]);
  return kind === 2 ? [value] : random.pick(ODD);
}

/** As a server reads it; undefined where it is no JSON. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
