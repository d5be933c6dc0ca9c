import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { boundedSound } from "./decoded.ts";
import { readOgg, writeOgg } from "./ogg.ts";

type Bytes = Uint8Array<ArrayBuffer>;

const recorded = async (name: string): Promise<Bytes> =>
  new Uint8Array(await readFile(new URL(`../../test/vectors/voice/${name}`, import.meta.url)));

function headOf(channels: number): Bytes {
  const head = new Uint8Array(19);
  head.set(Buffer.from("OpusHead\x01", "latin1"));
  head[9] = channels;
  new DataView(head.buffer).setUint32(12, 48_000, true);
  return head;
}

/** So many packets of 120 ms, each of three bytes: silence. */
const silence = (count: number, channels = 1) => {
  const packet = Uint8Array.of((3 << 3) | 3, 2, 0);
  return writeOgg({ head: headOf(channels), packets: Array.from({ length: count }, () => packet), spare: 0 });
};

function box(name: string, ...content: readonly Uint8Array[]): Bytes {
  const body = Buffer.concat(content);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(body.length + 8);
  head.write(name, 4, "latin1");
  return new Uint8Array(Buffer.concat([head, body]));
}
function numbers(...all: readonly number[]): Buffer {
  const bytes = Buffer.alloc(all.length * 4);
  for (const [at, one] of all.entries()) bytes.writeUInt32BE(one, at * 4);
  return bytes;
}
/** A track of so many frames, all of one length. */
const movie = (frames: number, sizes = "stsz", codec = "mp4a", beside = "free") =>
  box(
    "moov",
    box(
      "trak",
      box("mdia", box("minf", box("stbl", box("stsd", numbers(0, 1), box(codec)), box(sizes, numbers(0, 7, frames))))),
    ),
    box(beside),
  );

test("a voice message of a few minutes is decoded, as it was counted", () => {
  const voice = silence(2_000);
  assert.deepEqual(boundedSound(voice, "audio/ogg"), voice);
  const film = movie(2_000);
  assert.equal(boundedSound(film, "audio/mp4"), film);
  assert.ok(boundedSound(new Uint8Array(1_000_000), "audio/wav"));
});

test("days of silence in a few bytes are not, whatever they say of their length", () => {
  const bomb = silence(20_000);
  assert.ok(bomb.length < 200_000);
  // Each page says that it ends at the beginning.
  const view = new DataView(bomb.buffer);
  for (let at = 0; at + 27 < bomb.length; at += 1)
    if (bomb[at] === 0x4f && view.getUint32(at) === 0x4f676753) view.setBigUint64(at + 6, 960n, true);
  assert.equal(boundedSound(bomb, "audio/ogg"), undefined);
  assert.ok(boundedSound(silence(5_000), "audio/ogg"), "for one ear");
  assert.equal(boundedSound(silence(6_000, 2), "audio/ogg"), undefined, "for two");
});

test("what stands behind the end of a sound is not decoded with it", () => {
  const short = silence(10);
  const both = new Uint8Array([...short, 0, ...silence(20_000)]);
  const bounded = boundedSound(both, "audio/ogg");
  assert.equal(bounded?.length, short.length);
  assert.equal(bounded && readOgg(bounded)?.packets.length, 10);
});

test("of a container that counts its frames it is the count that counts, of AAC alone, in one piece", async () => {
  const bounded = (film: Bytes) => boundedSound(film, "audio/mp4");
  assert.ok(bounded(movie(7_000)));
  assert.equal(bounded(movie(4_000_000_000)), undefined);
  assert.equal(bounded(movie(4_000_000_000, "stz2")), undefined);
  assert.equal(bounded(movie(100, "none")), undefined);
  assert.equal(bounded(movie(100, "stsz", "fLaC")), undefined);
  assert.equal(bounded(movie(100, "stsz", "mp4a", "mvex")), undefined);
  assert.equal(bounded(await recorded("chromium.m4a")), undefined, "in fragments, of Opus");
});

test("of others nobody can tell", () => {
  for (const type of ["audio/mpeg", "audio/flac", "audio/aac", "audio/webm", ""])
    assert.equal(boundedSound(new Uint8Array(1_000), type), undefined);
  assert.equal(boundedSound(new Uint8Array(2_000_000), "audio/wav"), undefined);
  assert.equal(boundedSound(new Uint8Array(100), "audio/ogg"), undefined);
  assert.equal(boundedSound(new Uint8Array(100), "audio/mp4"), undefined);
});

test("what a browser has recorded into WebM is decoded as the Ogg that it can become", async () => {
  const bounded = boundedSound(await recorded("chromium.webm"), "audio/webm");
  assert.ok(bounded);
  assert.ok((readOgg(bounded)?.packets.length ?? 0) > 30);
  assert.equal(boundedSound(silence(10), "audio/webm"), undefined, "it is none");
});
