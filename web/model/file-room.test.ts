import assert from "node:assert/strict";
import { test } from "node:test";
import { pictureIn, roomFor } from "./file-room.ts";

test("a picture has room in its own shape, and never less than a finger or more than a bubble", () => {
  const rows: readonly (readonly [number, number, number, number])[] = [
    [40, 30, 88, 88],
    [200, 150, 200, 150],
    [4_000, 3_000, 320, 240],
    [1_000, 4_000, 90, 360],
    [10_000, 10, 320, 88],
  ];
  for (const [width, height, w, h] of rows) assert.deepEqual(roomFor({ width, height }), { width: w, height: h });
  assert.deepEqual(roomFor(undefined), { width: 280, height: 210 });
});

test("its size is known by what was seen here, else by what its sender says within the encryption", () => {
  const said = (file: object) => ({ kind: "text", text: "aesgcm:…", details: JSON.stringify({ file }) }) as const;
  const seen = { kind: "image", type: "image/png", size: 9, width: 5, height: 6 } as const;
  assert.deepEqual(pictureIn({ body: said({ type: "image/jpeg", width: 3, height: 4 }) }), { width: 3, height: 4 });
  assert.deepEqual(pictureIn({ body: said({ type: "image/jpeg", width: 3, height: 4 }), seen }), {
    width: 5,
    height: 6,
  });
  for (const file of [
    { type: "video/mp4", width: 3, height: 4 },
    { type: "image/jpeg", width: -3, height: 4 },
    { type: "image/jpeg", width: 1e9, height: 4 },
    { type: 7, width: 3, height: 4 },
    {},
  ])
    assert.equal(pictureIn({ body: said(file) }), undefined, JSON.stringify(file));
  const file = { kind: "file", type: "application/octet-stream", size: 9 } as const;
  assert.equal(pictureIn({ body: said({ type: "image/jpeg", width: 3, height: 4 }), seen: file }), undefined);
});
