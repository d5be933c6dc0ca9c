import assert from "node:assert/strict";
import { test } from "node:test";
import { type Bytes, randomBytes } from "../bytes.ts";
import { InMemory } from "./on-disk.ts";
import { decrypted, openFile, piecesToSend } from "./opening.ts";

const KEY = { key: randomBytes(32), iv: randomBytes(12) };
const OPENING = { key: KEY, size: undefined, most: 100_000_000, sink: async () => new InMemory() };

async function* inPieces(file: Blob, length: number): AsyncGenerator<Bytes> {
  for (let at = 0; at < file.size; at += length) yield new Uint8Array(await file.slice(at, at + length).arrayBuffer());
}
async function encrypted(plain: Blob, key: typeof KEY): Promise<Blob> {
  const pieces: Bytes[] = [];
  for await (const piece of piecesToSend(plain, key)) pieces.push(piece);
  return new Blob(pieces);
}
const bytesOf = async (file: Blob) => new Uint8Array(await file.arrayBuffer());
/** Larger than what is decrypted in one go, and no multiple of anything. */
const LARGE = 17 * 1024 * 1024 + 12_345;
const large = () => {
  const bytes = new Uint8Array(LARGE);
  for (let at = 0; at < LARGE; at += 65_536) crypto.getRandomValues(bytes.subarray(at, Math.min(LARGE, at + 65_536)));
  return new Blob([bytes]);
};

test("a file comes out as it went in, a small one and one that goes through in pieces", async () => {
  for (const plain of [new Blob([randomBytes(1)]), new Blob([randomBytes(50_000)]), large()]) {
    const sealed = await encrypted(plain, KEY);
    assert.equal(sealed.size, plain.size + 16);
    for (const size of [sealed.size, undefined]) {
      const steps: number[] = [];
      const told = (done: number) => steps.push(done);
      const opened = await openFile(inPieces(sealed, 300_007), { ...OPENING, size, told });
      assert.ok(Buffer.from(await bytesOf(opened.plain)).equals(await bytesOf(plain)));
      const { file: again } = await opened.sealed();
      assert.ok(Buffer.from(await bytesOf(again)).equals(await bytesOf(sealed)));
      assert.equal(opened.size, sealed.size);
      assert.equal(steps.at(-1), sealed.size);
    }
  }
});

test("T46: of a large file with one changed bit, or cut short, nothing comes out", async () => {
  const sealed = await encrypted(large(), KEY);
  for (const at of [0, 5_000_000, sealed.size - 1]) {
    const bytes = await bytesOf(sealed);
    bytes[at] = (bytes[at] ?? 0) ^ 4;
    await assert.rejects(decrypted(new Blob([bytes]), KEY), { kind: "file", detail: "damaged" });
  }
  await assert.rejects(decrypted(sealed.slice(0, sealed.size - 16), KEY), { kind: "file", detail: "damaged" });
  await assert.rejects(decrypted(new Blob([]), KEY), { kind: "file", detail: "damaged" });
});

test("no more comes in than was asked for", async () => {
  let given = 0;
  async function* endless(): AsyncGenerator<Bytes> {
    for (;;) {
      given += 1;
      yield new Uint8Array(1_000);
    }
  }
  await assert.rejects(openFile(endless(), { ...OPENING, key: undefined, most: 10_000 }), {
    kind: "file",
    detail: "large",
  });
  assert.equal(given, 11);
});

test("a file in clear is what came", async () => {
  const plain = new Blob([randomBytes(3_000)]);
  const opened = await openFile(inPieces(plain, 999), { ...OPENING, key: undefined, size: plain.size });
  assert.deepEqual(await bytesOf(opened.plain), await bytesOf(plain));
});
