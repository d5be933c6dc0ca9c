import assert from "node:assert/strict";
import { test } from "node:test";
import { type Bytes, concat, fromHex, randomBytes } from "../bytes.ts";
import { decryptFile, encryptFile, FileCipher, sameTag, TAG_BYTES } from "./gcm.ts";

const KEY = { key: randomBytes(32), iv: randomBytes(12) };

/** Encrypts in pieces of one length. */
async function inPieces(plain: Bytes, key: typeof KEY, length: number): Promise<Bytes> {
  const cipher = await FileCipher.of(key);
  const parts: Bytes[] = [];
  for (let at = 0; at < plain.length; at += length) {
    const part = await cipher.crypt(plain.slice(at, at + length), at);
    await cipher.add(part);
    parts.push(part);
  }
  return concat(...parts, await cipher.tag());
}

test("a file that goes through in pieces is the same as in one go, of whatever length", async () => {
  for (const length of [0, 1, 15, 16, 17, 31, 32, 33, 255, 256, 4_096, 4_097, 10_000]) {
    const plain = randomBytes(length);
    const whole = await encryptFile(plain, KEY);
    for (const piece of [16, 48, 1_024, 16_384])
      assert.deepEqual(await inPieces(plain, KEY, piece), whole, `${length} in ${piece}`);
    assert.deepEqual(await decryptFile(whole, KEY), plain);
  }
});

test("an IV of 16 bytes, as older apps send it, in pieces too", async () => {
  const key = { ...KEY, iv: randomBytes(16) };
  const plain = randomBytes(5_000);
  assert.deepEqual(await inPieces(plain, key, 160), await encryptFile(plain, key));
});

test("a piece is as it was after it went into the tag", async () => {
  const cipher = await FileCipher.of(KEY);
  const piece = randomBytes(64);
  const before = piece.slice();
  await cipher.add(piece.slice());
  await cipher.add(piece);
  assert.deepEqual(piece, before);
});

test("T46: one changed byte, a tag cut short or none at all: nothing comes out", async () => {
  const sealed = await encryptFile(fromHex("00ff".repeat(500)), KEY);
  for (const at of [0, 500, sealed.length - 1]) {
    const changed = sealed.slice();
    changed[at] = (changed[at] ?? 0) ^ 1;
    assert.equal(await decryptFile(changed, KEY), undefined);
  }
  for (const length of [0, 1, TAG_BYTES - 1, TAG_BYTES, sealed.length - 1])
    assert.equal(await decryptFile(sealed.slice(0, length), KEY), undefined);
  assert.equal(await decryptFile(sealed, { ...KEY, key: randomBytes(32) }), undefined);
});

test("T46: two tags are the same when all of both is", () => {
  const tag = randomBytes(16);
  assert.ok(sameTag(tag, tag.slice()));
  for (const other of [tag.slice(0, 15), concat(tag, tag), tag.map((byte, at) => (at === 15 ? byte ^ 128 : byte))])
    assert.ok(!sameTag(tag, new Uint8Array(other)));
});
