/** Key messages of OMEMO, as bytes (a letter of the input is one): `parsePreKeyMessage` and `parseSignalMessage`. */
import { parsePreKeyMessage, parseSignalMessage } from "../../web/engine/omemo/wire.ts";
import type { Random } from "../faults/random.ts";
import { mutated } from "./mutation.ts";
import { plainPreKeyMessage, plainSignalMessage } from "./plain-protobuf.ts";
import { compared, type Target } from "./target.ts";

const VERSION = "\x33";
const MAC = "m".repeat(8);
const KEY = `\x05${"k".repeat(32)}`;
const TOKENS = [
  ...[
    "\x08",
    "\x0a",
    "\x12",
    "\x1a",
    "\x22",
    "\x30",
    "\xff\xff\xff\xff\x0f",
    "\xff\xff\xff\xff\x7f",
    "\x80\x80\x80\x80\x80\x00",
  ],
  ...["\x80\x00", "\x00", "\x0d\x01\x01\x01\x01", "\x0a\x21", KEY, MAC, VERSION, "\xfa\xff\xff\xff\x0f", "\x22\x00"],
];

type Output = { readonly preKey: unknown; readonly signal: unknown };

export const protobuf: Target<Output> = {
  name: "protobuf",
  share: 0.2,
  make: (random) => {
    const inner = signalMessage(random);
    const text = random.between(0, 2) === 0 ? inner : preKeyMessage(random, inner);
    return asBytes(random.between(0, 3) === 0 ? text : mutated(random, text, TOKENS));
  },
  run: (input) => {
    const bytes = new Uint8Array(Buffer.from(asBytes(input), "latin1"));
    return { preKey: parsePreKeyMessage(bytes), signal: parseSignalMessage(bytes) };
  },
  judge: (input, { preKey, signal }) => {
    const bytes = [...Buffer.from(asBytes(input), "latin1")];
    const asPreKey = compared(listed(preKey), plainPreKeyMessage(bytes));
    return asPreKey.wrong !== undefined || asPreKey.taken
      ? asPreKey
      : compared(listed(signal), plainSignalMessage(bytes));
  },
};

function signalMessage(random: Random): string {
  const fields = [field(1, KEY), number(2, random), number(3, random), field(4, "c".repeat(random.between(0, 48)))];
  return VERSION + random.shuffle(fields).join("") + MAC;
}

function preKeyMessage(random: Random, inner: string): string {
  const fields = [
    number(1, random),
    field(2, KEY),
    field(3, KEY),
    field(4, inner),
    number(5, random),
    number(6, random),
  ];
  return VERSION + random.shuffle(fields).join("");
}

function field(name: number, content: string): string {
  return String.fromCharCode((name << 3) | 2) + varint(content.length) + content;
}

function number(name: number, random: Random): string {
  return String.fromCharCode(name << 3) + varint(random.pick([0, 1, 127, 128, 300, 2 ** 31, 2 ** 32 - 1]));
}

function varint(value: number): string {
  const low = String.fromCharCode((value % 128) | (value >= 128 ? 0x80 : 0));
  return value >= 128 ? low + varint(Math.floor(value / 128)) : low;
}

function asBytes(text: string): string {
  return text.replace(/[\u0100-\uffff]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) & 0xff));
}

/** Bytes as lists of numbers, at any depth. */
function listed(value: unknown): unknown {
  if (value instanceof Uint8Array) return [...value];
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, listed(inner)]));
}
