import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { deflateSync } from "node:zlib";
import { LIMITS } from "../../worker/contract/limits.ts";
import type { PictureId } from "../../worker/contract/names.ts";
import { pictureSize, pictureType } from "../media/picture-header.ts";
import { drawable } from "./picture.ts";

const idOf = (bytes: Uint8Array) => createHash("sha1").update(bytes).digest("hex") as PictureId;
const drawn = (bytes: Uint8Array, id = idOf(bytes)) => drawable(new Uint8Array(bytes), id);

function png(width: number, height: number): Buffer {
  const chunk = (name: string, body: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(body.length);
    return Buffer.concat([length, Buffer.from(name), body, Buffer.alloc(4)]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 6, 0, 0, 0], 8);
  const signature = Buffer.from("89504e470d0a1a0a", "hex");
  return Buffer.concat([
    signature,
    chunk("IHDR", header),
    chunk("IDAT", deflateSync("")),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** With a segment before the frame, as cameras write them; `fill`: bytes that some writers put between. */
function jpeg(width: number, height: number, fill = ""): Buffer {
  const [w, h] = [width, height].map((side) => side.toString(16).padStart(4, "0"));
  return Buffer.from(
    `ffd8ffe000104a46494600010100000100010000${fill}ffc0001108${h}${w}03012200021101031101ffd9`,
    "hex",
  );
}

function webp(kind: "VP8 " | "VP8L" | "VP8X", width: number, height: number): Buffer {
  const file = Buffer.alloc(40);
  file.write("RIFF");
  file.writeUInt32LE(32, 4);
  file.write("WEBP", 8);
  file.write(kind, 12);
  if (kind === "VP8 ") {
    file.writeUInt16LE(width, 26);
    file.writeUInt16LE(height, 28);
  } else if (kind === "VP8L") {
    file.writeUInt8(0x2f, 20);
    file.writeUInt32LE(width - 1 + (height - 1) * 2 ** 14, 21);
  } else {
    file.writeUIntLE(width - 1, 24, 3);
    file.writeUIntLE(height - 1, 27, 3);
  }
  return file;
}

function gif(width: number, height: number): Buffer {
  const file = Buffer.alloc(20);
  file.write("GIF89a");
  file.writeUInt16LE(width, 6);
  file.writeUInt16LE(height, 8);
  return file;
}

const FILES = [
  ["image/png", png(256, 192)],
  ["image/jpeg", jpeg(256, 192)],
  ["image/jpeg", jpeg(256, 192, "ffff")],
  ["image/gif", gif(256, 192)],
  ["image/webp", webp("VP8 ", 256, 192)],
  ["image/webp", webp("VP8L", 256, 192)],
  ["image/webp", webp("VP8X", 256, 192)],
] as const;

for (const [type, bytes] of FILES)
  test(`a ${type} (${bytes.length} bytes) is known by its bytes, and how large it is by its header`, async () => {
    assert.equal(pictureType(bytes), type);
    assert.deepEqual(pictureSize(bytes, type), { width: 256, height: 192 });
    assert.equal((await drawn(bytes))?.type, type);
  });

test("bytes that are not those of the name are not drawn", async () => {
  const [one, other] = [png(10, 10), png(10, 11)];
  assert.equal(await drawn(one, idOf(other)), undefined);
});

for (const [what, bytes] of [
  ["an SVG", Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>")],
  ["an SVG behind a byte order mark", Buffer.from("\ufeff<?xml version='1.0'?><svg/>")],
  ["a page", Buffer.from("<!doctype html><script>alert(1)</script>")],
  ["a PNG that is cut off", png(64, 64).subarray(0, 60)],
  ["a JPEG of which only the beginning is there", jpeg(64, 64).subarray(0, 24)],
  ["a JPEG whose segments lead nowhere", Buffer.from(`ffd8ff${"ff".repeat(64)}`, "hex")],
  ["a WebP that ends before it says", webp("VP8X", 64, 64).subarray(0, 34)],
  ["nothing", Buffer.alloc(0)],
  ["a bomb: 20,000 by 20,000 points in a few bytes", png(20_000, 20_000)],
  ["a strip of 1 by 60,000 points", gif(1, 60_000)],
  ["no points at all", png(0, 16)],
  ["a JPEG bomb", jpeg(65_000, 65_000)],
  ["a WebP bomb", webp("VP8X", 16_000, 16_000)],
  ["five megabytes", Buffer.concat([png(64, 64), Buffer.alloc(5_000_000)])],
  ["one byte too many", Buffer.concat([gif(64, 64), Buffer.alloc(LIMITS.pictureBytes)])],
] as const)
  test(`${what}: never drawn, whatever its name says`, async () => assert.equal(await drawn(bytes), undefined));
