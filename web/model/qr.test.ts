import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { qrOf } from "./qr.ts";

describe("the QR code", () => {
  it("is the standard's example (ISO/IEC 18004, annex I, 1-M)", () => {
    const data = [0x10, 0x20, 0x0c, 0x56, 0x61, 0x80, 0xec, 0x11, 0xec, 0x11, 0xec, 0x11, 0xec, 0x11, 0xec, 0x11];
    const correction = [0xa5, 0x24, 0xd4, 0xc1, 0xed, 0x36, 0xc7, 0x87, 0x2c, 0x55];
    assert.deepEqual(codewordsOf("01234567"), [...data, ...correction]);
  });

  it("grows with the text, and is none where the text is too long", () => {
    assert.equal(qrOf("a")?.length, 21);
    assert.equal(qrOf("x".repeat(14))?.length, 21);
    assert.equal(qrOf("x".repeat(15))?.length, 25);
    assert.equal(qrOf("x".repeat(997))?.length, 25 * 4 + 17);
    assert.equal(qrOf("x".repeat(998)), undefined);
  });

  it("holds its text: read back module by module, without the mask", () => {
    for (const text of ["xmpp:a", "grüße"]) assert.equal(readSmall(text), text);
  });
});

/** The text of a version 1 code in byte mode. */
function readSmall(text: string): string {
  const bits = codewordsOf(text).flatMap((word) => [...word.toString(2).padStart(8, "0")].map(Number));
  const number = (from: number, length: number) => Number.parseInt(bits.slice(from, from + length).join(""), 2);
  assert.equal(number(0, 4), 4, "bytes");
  const bytes = Array.from({ length: number(4, 8) }, (_, at) => number(12 + at * 8, 8));
  return new TextDecoder().decode(new Uint8Array(bytes));
}

/** Reads a version 1 code: one block, so the data stand in the order in which the modules are placed, then the correction. */
function codewordsOf(text: string): readonly number[] {
  const modules = qrOf(text);
  assert.equal(modules?.length, 21);
  const dark = (x: number, y: number) => modules?.[y]?.[x] === true;
  const word = [0, 1, 2, 3, 4, 5].reduce((sum, at) => sum | (Number(dark(8, at)) << at), 0);
  const high = [[8, 7, 6], [8, 8, 7], [7, 8, 8], ...[9, 10, 11, 12, 13, 14].map((at) => [14 - at, 8, at])] as const;
  const format = high.reduce((sum, [x = 0, y = 0, at = 0]) => sum | (Number(dark(x, y)) << at), word) ^ 0x5412;
  assert.equal(format >>> 13, 0, "level M");
  const mask = (format >>> 10) & 7;
  const masks = [
    (x: number, y: number) => (x + y) % 2,
    (_x: number, y: number) => y % 2,
    (x: number) => x % 3,
    (x: number, y: number) => (x + y) % 3,
    (x: number, y: number) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2,
    (x: number, y: number) => ((x * y) % 2) + ((x * y) % 3),
    (x: number, y: number) => (((x * y) % 2) + ((x * y) % 3)) % 2,
    (x: number, y: number) => (((x + y) % 2) + ((x * y) % 3)) % 2,
  ];
  const bits: number[] = [];
  const columns = [20, 18, 16, 14, 12, 10, 8, 5, 3, 1];
  for (const [turn, right] of columns.entries())
    for (let step = 0; step < 21; step++) {
      const y = turn % 2 === 0 ? 20 - step : step;
      for (const x of [right, right - 1]) {
        const fixed = x === 6 || y === 6 || (x < 9 && y < 9) || (x > 12 && y < 9) || (x < 9 && y > 12);
        if (!fixed) bits.push(Number(dark(x, y) !== (masks[mask]?.(x, y) === 0)));
      }
    }
  return Array.from({ length: bits.length / 8 }, (_, at) =>
    Number.parseInt(bits.slice(at * 8, at * 8 + 8).join(""), 2),
  );
}
