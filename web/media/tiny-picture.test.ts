import assert from "node:assert/strict";
import { test } from "node:test";
import { toBase64 } from "../../worker/shared/base64.ts";
import { drawTinyPicture, type Points, writeTinyPicture } from "./tiny-picture.ts";

/** Redder to the right, greener downwards, blue by a pattern. */
function pattern(width: number, height: number): Points {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1)
      data.set([(x * 255) / width, (y * 255) / height, (x ^ y) & 255, 255], (y * width + x) * 4);
  return { width, height, data };
}

test("a tiny picture is, byte for byte, what the published encoder makes of the same points", () => {
  // Of npm `thumbhash` 0.1.1.
  const rows: readonly [width: number, height: number, bytes: string][] = [
    [40, 30, "FgsKNZqAhndxh3eIeHeIeGKAB/iH"],
    [30, 40, "FvsJNRqBh3CIh4doeHh3d3CCBvd4"],
    [50, 50, "1woKNxqAh4dwiIeId3h4h4eHCAd5gI8H"],
    [100, 3, "lVkOMZqAh3dyeHeIhoAH+Ic="],
    [2, 90, "k4kNMRpzcHiId4d3cIUX94g="],
    [1, 1, "AAgCBwAAAAAAAAAAAAAAAAAAAAAAAAAA"],
  ];
  for (const [width, height, bytes] of rows)
    assert.equal(toBase64(writeTinyPicture(pattern(width, height))), bytes, `${width} × ${height}`);
});

test("what is drawn of it has the shape and the colours of the picture", () => {
  const drawn = drawTinyPicture(writeTinyPicture(pattern(80, 40)));
  assert.ok(drawn);
  assert.deepEqual([drawn.width, drawn.height], [32, 18]);
  const point = (x: number, y: number) => [...drawn.data.slice((y * 32 + x) * 4, (y * 32 + x) * 4 + 4)];
  const [left = 0] = point(1, 9);
  const [right = 0] = point(30, 9);
  assert.ok(right - left > 120, `${left} to ${right}`);
  const [, high = 0] = point(16, 1);
  const [, low = 0] = point(16, 16);
  assert.ok(low - high > 120, `${high} to ${low}`);
  assert.equal(point(5, 5)[3], 255);
});

test("bytes that are no such picture are none: cut off, longer, of no side, one that shines through", () => {
  const good = writeTinyPicture(pattern(40, 30));
  assert.ok(drawTinyPicture(good));
  const changed = (at: number, value: number) => {
    const bytes = good.slice();
    bytes[at] = value;
    return bytes;
  };
  for (const bytes of [
    good.slice(0, -1),
    new Uint8Array([...good, 0]),
    new Uint8Array(),
    changed(2, 0x80),
    changed(3, 0),
  ])
    assert.equal(drawTinyPicture(bytes), undefined, toBase64(bytes));
});

test("whatever the bytes are, it is drawn or it is not, and never larger than 32 points", () => {
  for (let seed = 1; seed < 2_000; seed += 1) {
    const bytes = Uint8Array.from({ length: seed % 40 }, (_, at) => (seed * 7_919 + at * 104_729) >> 3);
    const drawn = drawTinyPicture(bytes);
    assert.ok(drawn === undefined || (drawn.width <= 32 && drawn.height <= 32));
  }
});
