import assert from "node:assert/strict";
import { test } from "node:test";
import { readWebm } from "./webm.ts";

const bytes = (...parts: readonly (Uint8Array | readonly number[])[]) =>
  new Uint8Array(Buffer.concat(parts.map((part) => Buffer.from(part))));
/** With a size of four bytes. */
function element(id: readonly number[], ...content: readonly (Uint8Array | readonly number[])[]): Uint8Array {
  const body = bytes(...content);
  const size = [0x10 | (body.length >> 24), (body.length >> 16) & 0xff, (body.length >> 8) & 0xff, body.length & 0xff];
  return bytes(id, size, body);
}
const head = bytes(Buffer.from("OpusHead"), [1, 1], new Uint8Array(9));
const codec = (name: Uint8Array) => element([0x86], name);
const TRACK = [0xae, 0x80];
const track = bytes(TRACK, element([0xd7], [1]), codec(Buffer.from("A_OPUS")), element([0x63, 0xa2], head));
const PACKET = [31 << 3, 7, 7];
const block = (flags: number, ...content: readonly (Uint8Array | readonly number[])[]) =>
  element([0xa3], [0x81, 0, 0, flags], ...content);
const repeated = (part: Uint8Array, times: number) => bytes(...Array.from<Uint8Array>({ length: times }).fill(part));

test("T60: frames of nothing are none, so a few bytes never stand for hundreds of packets", () => {
  const empty = [
    block(0x04, [255]),
    block(0x06, [255], new Uint8Array(255).fill(0xbf).fill(0x80, 0, 1)),
    block(0x02, [255], new Uint8Array(255)),
  ];
  for (const nothing of empty) {
    assert.equal(readWebm(bytes(track, nothing)), undefined);
    const read = readWebm(bytes(track, repeated(nothing, 2_000), block(0, PACKET)));
    assert.deepEqual(read?.packets.map(String), [String(PACKET)]);
  }
});

test("T60: a file of more packets than anybody speaks, or of many tracks, is not taken apart", () => {
  const all = block(0x04, [255], new Uint8Array(256).fill(31 << 3));
  assert.equal(readWebm(bytes(track, repeated(all, 10)))?.packets.length, 2_560);
  assert.equal(readWebm(bytes(track, repeated(all, 2_000))), undefined);
  assert.equal(readWebm(bytes(track, repeated(bytes(TRACK), 100_000), block(0, PACKET))), undefined);
});

test("T60: a codec with a name of a megabyte, and a packet longer than any, make no sound and no error", () => {
  const named = bytes(TRACK, codec(new Uint8Array(1_000_000).fill(0x41)), block(0, PACKET));
  assert.equal(readWebm(named), undefined);
  assert.equal(readWebm(bytes(track, block(0, PACKET, new Uint8Array(70_000)))), undefined);
});
