/**
 * QR code of a short text (ISO/IEC 18004): byte mode, error correction M, the smallest version that holds it, the mask with
 * the lowest penalty. Written here because the only other use of a library would be this one picture.
 */
import { correctionOf } from "./qr-correction.ts";

/** Rows of modules; true is dark. */
export type QrModules = readonly (readonly boolean[])[];

/** By version: codewords of error correction in a block, and blocks (level M). */
const CORRECTION: readonly (readonly [perBlock: number, blocks: number])[] = [
  [10, 1],
  [16, 1],
  [26, 1],
  [18, 2],
  [24, 2],
  [16, 4],
  [18, 4],
  [22, 4],
  [22, 5],
  [26, 5],
  [30, 5],
  [22, 8],
  [22, 9],
  [24, 9],
  [24, 10],
  [28, 10],
  [28, 11],
  [26, 13],
  [26, 14],
  [26, 16],
  [26, 17],
  [28, 17],
  [28, 18],
  [28, 20],
  [28, 21],
];

/** Bits of level M in the format word. */
const LEVEL_M = 0;
const FORMAT_GENERATOR = 0x537;
const FORMAT_MASK = 0x5412;
const VERSION_GENERATOR = 0x1f25;
const BYTE_MODE = 0b0100;
const PADDING = [0xec, 0x11] as const;

const MASKS: readonly ((x: number, y: number) => boolean)[] = [
  (x, y) => (x + y) % 2 === 0,
  (_x, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

/** Undefined: the text is too long to be scanned from a screen. */
export function qrOf(text: string): QrModules | undefined {
  const data = new TextEncoder().encode(text);
  const version = CORRECTION.findIndex((_, at) => headBits(at + 1) + data.length * 8 <= capacity(at + 1) * 8) + 1;
  if (version === 0) return undefined;
  const codewords = interleave(codewordsOf(data, version), version);
  const candidates = MASKS.map((mask, index) => {
    const board = new Board(version);
    board.place(codewords, mask);
    board.format(index);
    return board.dark;
  });
  const [first, ...others] = candidates;
  if (first === undefined) throw new RangeError("there are masks");
  return others.reduce((best, next) => (penalty(next) < penalty(best) ? next : best), first);
}

function headBits(version: number): number {
  return 4 + (version < 10 ? 8 : 16);
}

/** All codewords of a version. */
function total(version: number): number {
  const align = version === 1 ? 0 : Math.floor(version / 7) + 2;
  const aligned = version === 1 ? 0 : (25 * align - 10) * align - 55;
  const bits = (16 * version + 128) * version + 64 - aligned - (version >= 7 ? 36 : 0);
  return Math.floor(bits / 8);
}

function capacity(version: number): number {
  const [perBlock, blocks] = CORRECTION[version - 1] ?? [0, 0];
  return total(version) - perBlock * blocks;
}

function codewordsOf(data: Uint8Array, version: number): readonly number[] {
  const bits: number[] = [];
  const push = (value: number, length: number) => {
    for (let at = length - 1; at >= 0; at--) bits.push((value >>> at) & 1);
  };
  push(BYTE_MODE, 4);
  push(data.length, headBits(version) - 4);
  for (const byte of data) push(byte, 8);
  const room = capacity(version) * 8;
  push(0, Math.min(4, room - bits.length));
  push(0, (8 - (bits.length % 8)) % 8);
  for (let at = 0; bits.length < room; at++) push(PADDING[at % 2] ?? 0, 8);
  return Array.from({ length: room / 8 }, (_, at) =>
    bits.slice(at * 8, at * 8 + 8).reduce((byte, bit) => (byte << 1) | bit, 0),
  );
}

/** Blocks with their corrections, taken in turns. The later blocks are one codeword longer where it does not divide. */
function interleave(data: readonly number[], version: number): readonly number[] {
  const [perBlock, count] = CORRECTION[version - 1] ?? [0, 0];
  const short = Math.floor(data.length / count);
  const shorter = count - (data.length % count);
  let at = 0;
  const blocks = Array.from({ length: count }, (_, index) => {
    const block = data.slice(at, at + short + (index < shorter ? 0 : 1));
    at += block.length;
    return { block, correction: correctionOf(block, perBlock) };
  });
  const inTurns = (lists: readonly (readonly number[])[], length: number) =>
    Array.from({ length }, (_, index) => lists.flatMap((list) => list[index] ?? [])).flat();
  return [
    ...inTurns(
      blocks.map(({ block }) => block),
      short + 1,
    ),
    ...inTurns(
      blocks.map(({ correction }) => correction),
      perBlock,
    ),
  ];
}

/** Remainder of a word in the field of bits, for the format and the version. */
function checked(word: number, generator: number, bits: number): number {
  let rest = word;
  for (let at = 0; at < bits; at++) rest = (rest << 1) ^ ((rest >>> (bits - 1)) * generator);
  return (word << bits) | rest;
}

class Board {
  readonly dark: boolean[][];
  readonly #fixed: boolean[][];
  readonly #size: number;

  constructor(version: number) {
    this.#size = version * 4 + 17;
    this.dark = Array.from({ length: this.#size }, () => Array<boolean>(this.#size).fill(false));
    this.#fixed = this.dark.map((row) => [...row]);
    this.#timing();
    this.#finders();
    this.#alignments(version);
    this.format(0);
    if (version >= 7) this.#version(version);
  }

  #set(x: number, y: number, dark: boolean): void {
    const [row, fixed] = [this.dark[y], this.#fixed[y]];
    if (row === undefined || fixed === undefined || x < 0 || x >= this.#size) return;
    row[x] = dark;
    fixed[x] = true;
  }

  #timing(): void {
    for (let at = 0; at < this.#size; at++) {
      this.#set(6, at, at % 2 === 0);
      this.#set(at, 6, at % 2 === 0);
    }
  }

  #finders(): void {
    const far = this.#size - 4;
    for (const [x, y] of [
      [3, 3],
      [far, 3],
      [3, far],
    ] as const) {
      for (let dy = -4; dy <= 4; dy++)
        for (let dx = -4; dx <= 4; dx++) {
          const ring = Math.max(Math.abs(dx), Math.abs(dy));
          this.#set(x + dx, y + dy, ring !== 2 && ring !== 4);
        }
    }
  }

  #alignments(version: number): void {
    if (version === 1) return;
    const count = Math.floor(version / 7) + 2;
    const step = Math.ceil((version * 4 + 4) / (count * 2 - 2)) * 2;
    const places = [6, ...Array.from({ length: count - 1 }, (_, at) => this.#size - 7 - at * step).reverse()];
    const last = count - 1;
    for (const [i, x] of places.entries())
      for (const [j, y] of places.entries()) {
        if ((i === 0 && j === 0) || (i === 0 && j === last) || (i === last && j === 0)) continue;
        for (let dy = -2; dy <= 2; dy++)
          for (let dx = -2; dx <= 2; dx++) this.#set(x + dx, y + dy, Math.max(Math.abs(dx), Math.abs(dy)) !== 1);
      }
  }

  /** Which mask was used, in both places. */
  format(mask: number): void {
    const word = checked((LEVEL_M << 3) | mask, FORMAT_GENERATOR, 10) ^ FORMAT_MASK;
    const bit = (at: number) => ((word >>> at) & 1) !== 0;
    for (let at = 0; at < 6; at++) this.#set(8, at, bit(at));
    this.#set(8, 7, bit(6));
    this.#set(8, 8, bit(7));
    this.#set(7, 8, bit(8));
    for (let at = 9; at < 15; at++) this.#set(14 - at, 8, bit(at));
    for (let at = 0; at < 8; at++) this.#set(this.#size - 1 - at, 8, bit(at));
    for (let at = 8; at < 15; at++) this.#set(8, this.#size - 15 + at, bit(at));
    this.#set(8, this.#size - 8, true);
  }

  #version(version: number): void {
    const word = checked(version, VERSION_GENERATOR, 12);
    for (let at = 0; at < 18; at++) {
      const dark = ((word >>> at) & 1) !== 0;
      const [far, near] = [this.#size - 11 + (at % 3), Math.floor(at / 3)];
      this.#set(far, near, dark);
      this.#set(near, far, dark);
    }
  }

  /** Two columns at a time, from the right, up and down in turns. */
  place(codewords: readonly number[], mask: (x: number, y: number) => boolean): void {
    let at = 0;
    for (let right = this.#size - 1; right >= 1; right -= 2) {
      if (right === 6) right = 5;
      for (let step = 0; step < this.#size; step++) {
        const y = ((right + 1) & 2) === 0 ? this.#size - 1 - step : step;
        for (const x of [right, right - 1]) {
          const row = this.dark[y];
          if (row === undefined || this.#fixed[y]?.[x] === true) continue;
          const bit = ((codewords[at >>> 3] ?? 0) >>> (7 - (at & 7))) & 1;
          row[x] = (bit === 1) !== mask(x, y);
          at += 1;
        }
      }
    }
  }
}

/** How hard a picture is to read: runs, blocks, shapes like a finder, too much of one colour. */
function penalty(dark: QrModules): number {
  const lines = [...dark, ...dark.map((_, x) => dark.map((row) => row[x] === true))];
  const words = lines.map((line) => line.map((module) => (module ? "1" : "0")).join(""));
  const runs = words.flatMap((word) => word.match(/1{5,}|0{5,}/g) ?? []).reduce((sum, run) => sum + run.length - 2, 0);
  const finders = words.flatMap((word) => word.match(/(?=10111010000)|(?=00001011101)/g) ?? []).length;
  let blocks = 0;
  for (const [y, row] of dark.entries())
    for (const [x, module] of row.entries()) {
      if (row[x + 1] === module && dark[y + 1]?.[x] === module && dark[y + 1]?.[x + 1] === module) blocks += 1;
    }
  const share = dark.flat().filter(Boolean).length / (dark.length * dark.length);
  return runs + finders * 40 + blocks * 3 + Math.floor(Math.abs(share * 20 - 10)) * 10;
}
