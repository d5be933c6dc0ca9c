import assert from "node:assert/strict";
import { stripVTControlCharacters } from "node:util";
import { test } from "node:test";
import decodeQR from "qr/decode.js";
import { qrLines } from "./qr.ts";

const MODULE_PIXELS = 4;
const BYTES_A_PIXEL = 4;

test("the code in the terminal is read as the address", () => {
  const address = "https://alcove.somebody.workers.dev";
  const rows = qrLines(address).flatMap((line) => {
    const blocks = [...stripVTControlCharacters(line)];
    return [blocks.map((one) => "▀█".includes(one)), blocks.map((one) => "▄█".includes(one))];
  });
  const width = (rows[0]?.length ?? 0) * MODULE_PIXELS;
  const height = rows.length * MODULE_PIXELS;
  const data = new Uint8Array(width * height * BYTES_A_PIXEL).fill(255);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const dark = rows[Math.floor(y / MODULE_PIXELS)]?.[Math.floor(x / MODULE_PIXELS)] === true;
      data.fill(dark ? 0 : 255, (y * width + x) * BYTES_A_PIXEL, (y * width + x) * BYTES_A_PIXEL + 3);
    }
  }
  assert.equal(decodeQR({ width, height, data }), address);
});
