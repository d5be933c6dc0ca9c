// RFC 3492: Punycode, the reading half. The platform's URL parser writes it and has no way back.

const BASE = 36;
const T_MIN = 1;
const T_MAX = 26;
const SKEW = 38;
const DAMP = 700;
const INITIAL_BIAS = 72;
const FIRST_NON_ASCII = 0x80;
const LAST_CODE_POINT = 0x10ffff;

/** What stands behind `xn--` in a domain label, as Unicode; undefined where it is no Punycode (RFC 3492 §6.2). */
export function decodePunycode(text: string): string | undefined {
  const delimiter = text.lastIndexOf("-");
  const output = Array.from(delimiter > 0 ? text.slice(0, delimiter) : "");
  let codePoint = FIRST_NON_ASCII;
  let bias = INITIAL_BIAS;
  let index = 0;
  let at = delimiter > 0 ? delimiter + 1 : 0;
  while (at < text.length) {
    const before = index;
    let weight = 1;
    for (let k = BASE; ; k += BASE) {
      const digit = digitOf(text.charAt(at));
      at += 1;
      if (digit === undefined) return undefined;
      index += digit * weight;
      const threshold = Math.min(Math.max(k - bias, T_MIN), T_MAX);
      if (digit < threshold) break;
      weight *= BASE - threshold;
    }
    const length = output.length + 1;
    bias = adapt(index - before, length, before === 0);
    codePoint += Math.floor(index / length);
    index %= length;
    if (codePoint > LAST_CODE_POINT) return undefined;
    output.splice(index, 0, String.fromCodePoint(codePoint));
    index += 1;
  }
  return output.join("");
}

/** a … z are 0 … 25, the digits 26 … 35 (RFC 3492 §5). */
function digitOf(character: string): number | undefined {
  const value = character === "" ? Number.NaN : Number.parseInt(character, BASE);
  if (Number.isNaN(value)) return undefined;
  return value < 10 ? value + 26 : value - 10;
}

/** RFC 3492 §6.1. */
function adapt(delta: number, length: number, first: boolean): number {
  let rest = Math.floor(delta / (first ? DAMP : 2));
  rest += Math.floor(rest / length);
  let k = 0;
  for (; rest > ((BASE - T_MIN) * T_MAX) / 2; k += BASE) rest = Math.floor(rest / (BASE - T_MIN));
  return k + Math.floor(((BASE - T_MIN + 1) * rest) / (rest + SKEW));
}
