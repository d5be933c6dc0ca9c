/** Reed-Solomon codewords over GF(2^8) with the polynomial of QR codes (ISO/IEC 18004 §7.5). */

const POLYNOMIAL = 0x11d;

/** Product in the field. */
function multiply(a: number, b: number): number {
  let product = 0;
  for (let at = 7; at >= 0; at--) {
    product = (product << 1) ^ ((product >>> 7) * POLYNOMIAL);
    product ^= ((b >>> at) & 1) * a;
  }
  return product;
}

/** `count` codewords that go with these, so that a damaged picture can be put right. */
export function correctionOf(data: readonly number[], count: number): readonly number[] {
  const generator = generatorOf(count);
  const rest = Array<number>(count).fill(0);
  for (const byte of data) {
    const factor = byte ^ (rest.shift() ?? 0);
    rest.push(0);
    for (const [at, coefficient] of generator.entries()) rest[at] = (rest[at] ?? 0) ^ multiply(coefficient, factor);
  }
  return rest;
}

/** The product of (x - 2^i), without its leading 1. */
function generatorOf(degree: number): readonly number[] {
  const result = Array<number>(degree).fill(0);
  result[degree - 1] = 1;
  let root = 1;
  for (let i = 0; i < degree; i++) {
    for (let at = 0; at < degree; at++) result[at] = multiply(result[at] ?? 0, root) ^ (result[at + 1] ?? 0);
    root = multiply(root, 2);
  }
  return result;
}
