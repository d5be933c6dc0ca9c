import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { kindOf } from "./file-kind.ts";
import { movieIn, movieOf, plainSound } from "./mp4.ts";

/** About two seconds, as Chromium records into this container: Safari knows no other. */
const recorded = async () =>
  new Uint8Array(await readFile(new URL("../../test/vectors/voice/chromium.m4a", import.meta.url)));

function box(name: string, ...content: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const body = Buffer.concat(content);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(body.length + 8);
  head.write(name, 4, "latin1");
  return new Uint8Array(Buffer.concat([head, body]));
}
const handler = (of: string) =>
  box("trak", box("mdia", box("hdlr", Buffer.alloc(8), Buffer.from(of), Buffer.alloc(12))));
/** 90 s in hundredths. */
const header = () => {
  const body = Buffer.alloc(100);
  body.writeUInt32BE(0xe730533b, 4);
  body.writeUInt32BE(100, 12);
  body.writeUInt32BE(9_000, 16);
  return box("mvhd", body);
};
const type = (brand: string) => box("ftyp", Buffer.from(brand), Buffer.alloc(8));
const file = (...parts: readonly Uint8Array[]) => new Uint8Array(Buffer.concat(parts));

test("a film without anything to be seen is a sound, whatever brand it names", async () => {
  assert.equal(kindOf(await recorded()).type, "audio/mp4");
  const sound = file(type("isom"), box("moov", header(), handler("soun")));
  assert.deepEqual(kindOf(sound), { kind: "audio", type: "audio/mp4" });
  assert.equal(kindOf(file(type("isom"), box("moov", handler("soun"), handler("vide")))).kind, "video");
  assert.equal(kindOf(file(type("isom"), box("mdat", Buffer.alloc(9)))).kind, "video", "nobody knows yet");
});

test("phones write last what it is: it is found there, with how long it lasts", async () => {
  const phones = new Blob([
    file(type("mp42"), box("mdat", Buffer.alloc(200_000)), box("moov", header(), handler("soun"))),
  ]);
  assert.deepEqual(await movieOf(phones), { soundOnly: true, duration: 90_000 });
  const film = new Blob([file(type("mp42"), box("moov", header(), handler("vide"), handler("soun")))]);
  assert.deepEqual(await movieOf(film), { soundOnly: false, duration: 90_000 });
  for (const odd of [new Blob([]), new Blob([new Uint8Array(40)]), new Blob([file(type("mp42"), box("moov"))])])
    assert.equal(await movieOf(odd), undefined);
});

test("what is sent of a recording says it is a sound, and not when it was made", async () => {
  const given = await recorded();
  const plain = plainSound(given);
  assert.ok(plain);
  assert.equal(Buffer.from(plain.subarray(4, 12)).toString("latin1"), "ftypM4A ");
  assert.ok(Buffer.from(given).includes(Buffer.from("e730533b", "hex")), "it said so");
  assert.ok(!Buffer.from(plain).includes(Buffer.from("e730533b", "hex")));
  assert.equal(plain.length, given.length);
  assert.deepEqual(movieIn(plain), movieIn(given));
  assert.equal(plainSound(given.slice(0, 300)), undefined);
  assert.equal(plainSound(file(type("isom"), box("moov", handler("vide")))), undefined);
});

test("T60: a film of nothing but tiny boxes, or of one that has no end, is not read to its end", async () => {
  const reads: number[] = [];
  class Counted extends Blob {
    override slice(from = 0, to = this.size): Blob {
      reads.push(from);
      return super.slice(from, to);
    }
  }
  const tiny = new Uint8Array(8 * 20_000);
  for (let at = 0; at < tiny.length; at += 8) tiny.set([0, 0, 0, 8, 0x66, 0x72, 0x65, 0x65], at);
  const moov = box("moov", header(), handler("soun"));
  assert.equal(await movieOf(new Counted([type("isom"), tiny, moov])), undefined);
  assert.ok(reads.length <= 500, `${reads.length} reads`);
  reads.length = 0;
  const endless = new Uint8Array(100_000);
  endless.set([0, 0, 0, 0, 0x6d, 0x64, 0x61, 0x74]);
  assert.equal(await movieOf(new Counted([type("isom"), endless])), undefined);
  assert.equal(reads.length, 2);
  const last = moov.slice();
  last.fill(0, 0, 4);
  assert.deepEqual(await movieOf(new Blob([type("isom"), last])), { soundOnly: true, duration: 90_000 });
});
