/**
 * A picture in some twenty bytes: the lowest waves of its brightness and of two differences of colour, each in four bits, in the
 * layout that is called ThumbHash (evanw/thumbhash), the one without transparency. Enough to see what is about to come.
 */
import type { Size } from "./picture-header.ts";

type Bytes = Uint8Array<ArrayBuffer>;
/** Four bytes a point, row by row. */
export type Points = Size & { readonly data: Uint8ClampedArray<ArrayBuffer> };

/** Points of the longer side of what is drawn of it. */
const DRAWN_SIDE = 32;
/** Waves along the longer side of brightness, and along either of colour. */
const LIGHT_WAVES = 7;
const COLOUR_WAVES = 3;
const HEAD_BYTES = 5;
/** Colours lose most in four bits, so they are drawn a little stronger. */
const COLOUR_GAIN = 1.25;

/** @param points at most 100 points a side, none of which shines through */
export function writeTinyPicture({ width, height, data }: Points): Bytes {
  const count = width * height;
  const light = new Float64Array(count);
  const yellow = new Float64Array(count);
  const red = new Float64Array(count);
  for (let at = 0; at < count; at += 1) {
    const [r = 0, g = 0, b = 0] = [data[at * 4], data[at * 4 + 1], data[at * 4 + 2]].map((one = 0) => one / 255);
    light[at] = (r + g + b) / 3;
    yellow[at] = (r + g) / 2 - b;
    red[at] = r - g;
  }
  const [along, down] = wavesOf({ width, height });
  const channel = (values: Float64Array, x: number, y: number) => measured(values, { width, height }, x, y);
  const l = channel(light, Math.max(COLOUR_WAVES, along), Math.max(COLOUR_WAVES, down));
  const p = channel(yellow, COLOUR_WAVES, COLOUR_WAVES);
  const q = channel(red, COLOUR_WAVES, COLOUR_WAVES);
  const broad = width > height;
  const first =
    Math.round(63 * l.mean) |
    (Math.round(31.5 + 31.5 * p.mean) << 6) |
    (Math.round(31.5 + 31.5 * q.mean) << 12) |
    (Math.round(31 * l.scale) << 18);
  const second =
    (broad ? down : along) |
    (Math.round(63 * p.scale) << 3) |
    (Math.round(63 * q.scale) << 9) |
    ((broad ? 1 : 0) << 15);
  const waves = [l, p, q].flatMap(({ scale, waves: found }) =>
    found.map((wave) => Math.round(15 * (scale === 0 ? 0 : 0.5 + (0.5 / scale) * wave))),
  );
  const bytes = new Uint8Array(HEAD_BYTES + Math.ceil(waves.length / 2));
  bytes.set([first & 255, (first >> 8) & 255, first >> 16, second & 255, second >> 8]);
  for (const [at, wave] of waves.entries()) {
    const byte = HEAD_BYTES + (at >> 1);
    bytes[byte] = (bytes[byte] ?? 0) | (wave << ((at & 1) * 4));
  }
  return bytes;
}

/** Undefined for what is no such picture, is cut off, or shines through. */
export function drawTinyPicture(bytes: Uint8Array): Points | undefined {
  const [a = 0, b = 0, c = 0, d = 0, e = 0] = bytes;
  const first = a | (b << 8) | (c << 16);
  const second = d | (e << 8);
  const broad = second >> 15 === 1;
  const short = second & 7;
  const [along, down] = broad ? [LIGHT_WAVES, short] : [short, LIGHT_WAVES];
  const [x, y] = [Math.max(COLOUR_WAVES, along), Math.max(COLOUR_WAVES, down)];
  const lightWaves = places(x, y);
  const colourWaves = places(COLOUR_WAVES, COLOUR_WAVES);
  const whole = HEAD_BYTES + Math.ceil((lightWaves.length + 2 * colourWaves.length) / 2);
  if (first >> 23 !== 0 || short === 0 || bytes.length !== whole) return undefined;
  let at = 0;
  const next = (scale: number) => {
    const wave = ((bytes[HEAD_BYTES + (at >> 1)] ?? 0) >> ((at & 1) * 4)) & 15;
    at += 1;
    return (wave / 7.5 - 1) * scale;
  };
  const l = lightWaves.map(() => next(((first >> 18) & 31) / 31));
  const p = colourWaves.map(() => next((((second >> 3) & 63) / 63) * COLOUR_GAIN));
  const q = colourWaves.map(() => next((((second >> 9) & 63) / 63) * COLOUR_GAIN));
  const means = [(first & 63) / 63, ((first >> 6) & 63) / 31.5 - 1, ((first >> 12) & 63) / 31.5 - 1] as const;

  const ratio = along / down;
  const width = Math.round(ratio > 1 ? DRAWN_SIDE : DRAWN_SIDE * ratio);
  const height = Math.round(ratio > 1 ? DRAWN_SIDE / ratio : DRAWN_SIDE);
  const data = new Uint8ClampedArray(width * height * 4);
  const across = cosines(width, x);
  const downwards = cosines(height, y);
  for (let row = 0; row < height; row += 1) {
    const [light, yellow, redness] = [
      lineOf(l, lightWaves, { across, downwards, row, width, mean: means[0] }),
      lineOf(p, colourWaves, { across, downwards, row, width, mean: means[1] }),
      lineOf(q, colourWaves, { across, downwards, row, width, mean: means[2] }),
    ];
    for (let column = 0; column < width; column += 1) {
      const bright = light[column] ?? 0;
      const blue = bright - (2 / 3) * (yellow[column] ?? 0);
      const red = (3 * bright - blue + (redness[column] ?? 0)) / 2;
      const at = (row * width + column) * 4;
      data[at] = red * 255;
      data[at + 1] = (red - (redness[column] ?? 0)) * 255;
      data[at + 2] = blue * 255;
      data[at + 3] = 255;
    }
  }
  return { width, height, data };
}

type Line = {
  readonly across: readonly (readonly number[])[];
  readonly downwards: readonly (readonly number[])[];
  readonly row: number;
  readonly width: number;
  readonly mean: number;
};

/**
 * One line of a channel. First what the waves are at this height, then along the line: to go through all waves for each point
 * takes ten times as long, and a conversation of pictures draws fifty at once.
 */
function lineOf(
  waves: readonly number[],
  where: readonly Place[],
  { across, downwards, row, width, mean }: Line,
): Float64Array {
  const here = new Float64Array(LIGHT_WAVES);
  for (const [one, [along, down]] of where.entries())
    here[along] = (here[along] ?? 0) + 2 * (waves[one] ?? 0) * (downwards[down]?.[row] ?? 0);
  const line = new Float64Array(width).fill(mean);
  for (const [along, height] of here.entries()) {
    const wave = across[along];
    if (wave === undefined || height === 0) continue;
    for (let column = 0; column < width; column += 1) line[column] = (line[column] ?? 0) + height * (wave[column] ?? 0);
  }
  return line;
}

type Place = readonly [along: number, down: number];

/** Which waves are kept: those below the diagonal, without the mean. */
function places(x: number, y: number): readonly Place[] {
  const all: Place[] = [];
  for (let cy = 0; cy < y; cy += 1) for (let cx = cy > 0 ? 0 : 1; cx * y < x * (y - cy); cx += 1) all.push([cx, cy]);
  return all;
}

function wavesOf({ width, height }: Size): readonly [along: number, down: number] {
  const longer = Math.max(width, height);
  const of = (side: number) => Math.max(1, Math.round((LIGHT_WAVES * side) / longer));
  return [of(width), of(height)];
}

/** Of each wave its value at the middle of each point. */
function cosines(side: number, waves: number): readonly (readonly number[])[] {
  return Array.from({ length: waves }, (_, wave) =>
    Array.from({ length: side }, (__, at) => Math.cos((Math.PI / side) * wave * (at + 0.5))),
  );
}

type Measured = { readonly mean: number; readonly scale: number; readonly waves: readonly number[] };

function measured(values: Float64Array, { width, height }: Size, x: number, y: number): Measured {
  const [across, downwards] = [cosines(width, x), cosines(height, y)];
  const of = ([cx, cy]: Place) => {
    let all = 0;
    for (let row = 0; row < height; row += 1)
      for (let column = 0; column < width; column += 1)
        all += (values[row * width + column] ?? 0) * (across[cx]?.[column] ?? 0) * (downwards[cy]?.[row] ?? 0);
    return all / (width * height);
  };
  const waves = places(x, y).map(of);
  return { mean: of([0, 0]), scale: Math.max(0, ...waves.map(Math.abs)), waves };
}
