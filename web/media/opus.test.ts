import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { oggDuration, oggPages, oggSum, readOgg, writeOgg } from "./ogg.ts";
import { isOpusHead, opusDuration, type OpusStream, packetSamples, preSkipOf } from "./opus.ts";
import { readWebm } from "./webm.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** About two seconds of a microphone that beeps, as browsers recorded it. */
const recorded = async (name: string) =>
  new Uint8Array(await readFile(new URL(`../../test/vectors/voice/${name}`, import.meta.url)));
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

function headOf(preSkip: number, channels = 1): Bytes {
  const head = new Uint8Array(19);
  head.set(Buffer.from("OpusHead\x01", "latin1"));
  head[9] = channels;
  new DataView(head.buffer).setUint16(10, preSkip, true);
  new DataView(head.buffer).setUint32(12, 48_000, true);
  return head;
}

/** Packets of 20 ms (CELT, configuration 31) of so many bytes. */
const packet = (length: number, fill = 7) => Uint8Array.from({ length }, (_, at) => (at === 0 ? 31 << 3 : fill));

test("a packet says how long it is, whatever it was made of (RFC 6716 §3.1)", () => {
  const rows: readonly [readonly number[], number][] = [
    [[0 << 3], 480],
    [[3 << 3], 2_880],
    [[9 << 3], 960],
    [[12 << 3], 480],
    [[15 << 3], 960],
    [[16 << 3], 120],
    [[31 << 3], 960],
    [[(31 << 3) | 1], 1_920],
    [[(31 << 3) | 2], 1_920],
    [[(31 << 3) | 3, 3], 2_880],
    [[(31 << 3) | 3, 0x80 | 6], 5_760],
    [[(31 << 3) | 3, 7], 0],
    [[(31 << 3) | 3, 0], 0],
    [[(31 << 3) | 3], 0],
    [[], 0],
  ];
  for (const [bytes, samples] of rows) assert.equal(packetSamples(Uint8Array.from(bytes)), samples, bytes.join());
});

test("what Chromium records becomes a file with the same packets, a duration and nothing about its maker", async () => {
  const stream = readWebm(await recorded("chromium.webm"));
  assert.ok(stream);
  assert.equal(stream.packets.length, 35);
  assert.equal(opusDuration(stream), 2_100);
  const file = writeOgg(stream);
  assert.equal(oggDuration(file), 2_100);
  const again = readOgg(file);
  assert.deepEqual(again?.packets.map(hex), stream.packets.map(hex));
  assert.equal(hex(again?.head ?? new Uint8Array()), hex(stream.head));
  assert.ok(!Buffer.from(file).includes("Chrome"));
});

test("so does what Firefox records, in both of its containers", async () => {
  for (const [name, read] of [
    ["firefox.webm", readWebm],
    ["firefox.ogg", readOgg],
  ] as const) {
    const stream = read(await recorded(name));
    assert.ok(stream, name);
    assert.equal(preSkipOf(stream.head), 312);
    const file = writeOgg(stream);
    const duration = opusDuration(stream);
    assert.ok(duration > 2_000 && duration < 2_200, `${name}: ${duration} ms`);
    assert.equal(oggDuration(file), duration, name);
    assert.deepEqual(readOgg(file)?.packets.map(hex), stream.packets.map(hex));
    assert.ok(!Buffer.from(file).includes("Mozilla"));
  }
});

test("the end inside the last packet is kept", async () => {
  const original = await recorded("firefox.ogg");
  const stream = readOgg(original);
  assert.ok(stream && stream.spare > 0, `${stream?.spare} samples`);
  assert.equal(oggDuration(writeOgg(stream)), oggDuration(original));
});

test("each page is whole: numbered, summed, its position the end of its last packet", async () => {
  const stream: OpusStream = {
    head: headOf(312),
    packets: Array.from({ length: 130 }, (_, at) => packet(20 + at * 7)),
    spare: 100,
  };
  const file = writeOgg(stream);
  const view = new DataView(file.buffer);
  let [at, number, samples] = [0, 0, 0];
  const flags: number[] = [];
  for (const page of oggPages(file)) {
    const size = 27 + page.lacing.length + page.body.length;
    const bare = file.slice(at, at + size);
    bare.fill(0, 22, 26);
    assert.equal(view.getUint32(at + 22, true), oggSum(bare), `sum of page ${number}`);
    assert.equal(view.getUint32(at + 18, true), number);
    const ended = page.lacing.filter((length) => length < 255).length;
    if (number > 1) samples += ended * 960;
    const isLast = at + size === file.length;
    assert.equal(page.position, isLast ? samples - 100 : samples, `position of page ${number}`);
    flags.push(page.flags);
    [at, number] = [at + size, number + 1];
  }
  assert.equal(at, file.length);
  assert.equal(samples, 130 * 960);
  assert.deepEqual([flags[0], flags.at(-1)], [2, 4], "the first begins the stream, the last ends it");
  assert.ok(flags.slice(1, -1).every((one) => one === 0));
});

test("the sum is the one of others: of each page that Firefox has written", async () => {
  const file = await recorded("firefox.ogg");
  let at = 0;
  for (const page of oggPages(file)) {
    const size = 27 + page.lacing.length + page.body.length;
    const bare = file.slice(at, at + size);
    const said = new DataView(file.buffer).getUint32(at + 22, true);
    bare.fill(0, 22, 26);
    assert.equal(oggSum(bare), said);
    at += size;
  }
  assert.equal(at, file.length);
});

test("lacing: packets of 0 to 1,275 bytes come back as they were, those of whole segments too", () => {
  const lengths = [1, 2, 254, 255, 256, 509, 510, 511, 765, 1_274, 1_275];
  const packets = lengths.map((length) => packet(length));
  const back = readOgg(writeOgg({ head: headOf(0), packets, spare: 0 }));
  assert.deepEqual(
    back?.packets.map(({ length }) => length),
    lengths,
  );
});

test("blocks with several frames: as they are, by Xiph's sizes, by EBML's, all of one size (RFC 9559 §10.3)", () => {
  const frames = [packet(300, 1), packet(40, 2), packet(600, 3)];
  const track = (codec: string) =>
    element(0xae, element(0xd7, [1]), element(0x86, Buffer.from(codec)), element(0x63a2, headOf(312)));
  const file = (...blocks: readonly Uint8Array[]) =>
    new Uint8Array(
      Buffer.concat([
        element(0x1a45dfa3, element(0x4282, Buffer.from("webm"))),
        Buffer.from("18538067" + "01ffffffffffffff", "hex"),
        element(0x1654ae6b, track("A_OPUS")),
        Buffer.from("1f43b675" + "01ffffffffffffff", "hex"),
        element(0xe7, [0]),
        ...blocks,
      ]),
    );
  const block = (flags: number, ...parts: readonly (Uint8Array | readonly number[])[]) =>
    Buffer.concat([Buffer.from([0x81, 0, 0, flags]), ...parts.map((part) => Buffer.from(part))]);
  const all = frames.map(hex);
  const none = file(...frames.map((frame) => element(0xa3, block(0x80, frame))));
  assert.deepEqual(readWebm(none)?.packets.map(hex), all);
  const xiph = file(element(0xa3, block(0x02, [2, 255, 45, 40], ...frames)));
  assert.deepEqual(readWebm(xiph)?.packets.map(hex), all);
  // 300, then -260 around 8,191.
  const difference = 8_191 - 260;
  const ebml = file(
    element(0xa3, block(0x06, [2, 0x41, 300 - 256, 0x40 | (difference >> 8), difference & 0xff], ...frames)),
  );
  assert.deepEqual(readWebm(ebml)?.packets.map(hex), all);
  const same = file(element(0xa0, element(0xa1, block(0x04, [1], packet(50, 4), packet(50, 5)))));
  assert.deepEqual(readWebm(same)?.packets.map(hex), [packet(50, 4), packet(50, 5)].map(hex));
  const padded = file(element(0xa0, element(0xa1, block(0, packet(9))), element(0x75a2, [0x98, 0x96, 0x80])));
  assert.equal(readWebm(padded)?.spare, 480, "10 ms of its end are not played");
  const others = file(element(0xa3, Buffer.from([0x82, 0, 0, 0, 1, 2, 3])));
  assert.equal(readWebm(others), undefined, "blocks of a track that it does not name");
  for (const wrong of [
    file(element(0xa3, block(0x02, [2, 255, 255, 255, 255, 45, 40], packet(9)))),
    file(element(0xa3, block(0x06, [9, 0x41], packet(9)))),
    file(element(0xa3, block(0x04, [6], packet(9)))),
  ])
    assert.equal(readWebm(wrong), undefined, "sizes that cannot be");
});

function element(id: number, ...content: readonly (Uint8Array | readonly number[])[]): Buffer {
  const body = Buffer.concat(content.map((part) => Buffer.from(part)));
  const name = id.toString(16);
  return Buffer.concat([
    Buffer.from(name.length % 2 === 0 ? name : `0${name}`, "hex"),
    Buffer.from([0x40 | (body.length >> 8), body.length & 0xff]),
    body,
  ]);
}

test("T60: what is cut off, damaged or something else is no recording, or ends where it ends", async () => {
  for (const name of ["chromium.webm", "firefox.webm", "firefox.ogg", "chromium.m4a"]) {
    const whole = await recorded(name);
    for (let length = 0; length < whole.length; length += 61) {
      for (const read of [readWebm, readOgg]) {
        const stream = read(whole.slice(0, length));
        if (stream !== undefined) assert.ok(isOpusHead(stream.head) && opusDuration(stream) <= 2_200);
      }
    }
    for (let seed = 1; seed < 300; seed += 1) {
      const torn = whole.slice();
      for (let change = 0; change < 8; change += 1)
        torn[(seed * 7_919 * (change + 1)) % torn.length] = (seed * 31 + change) & 0xff;
      readWebm(torn);
      readOgg(torn);
      oggDuration(torn);
    }
  }
  for (const bytes of [new Uint8Array(5_000_000), new Uint8Array(5_000_000).fill(0xff)]) {
    assert.equal(readWebm(bytes), undefined);
    assert.equal(readOgg(bytes), undefined);
  }
});
