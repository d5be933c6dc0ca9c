/** Reads Opus in Ogg (RFC 3533, RFC 7845, RFC 6716) without anything of the app: what somebody's phone makes of it. */
import assert from "node:assert/strict";

const FRAME_MS = [10, 20, 40, 60, 10, 20, 40, 60, 10, 20, 40, 60, 10, 20, 10, 20] as const;
const CELT_MS = [2.5, 5, 10, 20] as const;

/** Bit by bit. */
function sumOf(page: Buffer): number {
  let sum = 0;
  for (const byte of page) {
    sum = (sum ^ (byte << 24)) >>> 0;
    for (let bit = 0; bit < 8; bit += 1) sum = ((sum << 1) ^ (sum >>> 31 ? 0x04c11db7 : 0)) >>> 0;
  }
  return sum;
}

/** Throws where a page, its sum, its number or its position is wrong. */
export function opusIn(file: Buffer): { readonly seconds: number; readonly packets: number } {
  const packets: Buffer[] = [];
  const positions: number[] = [];
  let [at, number, half] = [0, 0, Buffer.alloc(0)];
  let last = 0;
  while (at < file.length) {
    assert.equal(file.toString("latin1", at, at + 5), "OggS\0", `page ${number}`);
    const segments = file.subarray(at + 27, at + 27 + file.readUInt8(at + 26));
    const begin = at + 27 + segments.length;
    const end = begin + segments.reduce((all, one) => all + one, 0);
    const page = Buffer.from(file.subarray(at, end));
    page.fill(0, 22, 26);
    assert.equal(sumOf(page), file.readUInt32LE(at + 22), `sum of page ${number}`);
    assert.equal(file.readUInt32LE(at + 18), number, "pages are numbered");
    last = file.readUInt8(at + 5);
    assert.equal((last & 2) === 2, number === 0, "the first alone begins");
    positions.push(Number(file.readBigUInt64LE(at + 6)));
    let from = begin;
    for (const length of segments) {
      half = Buffer.concat([half, file.subarray(from, from + length)]);
      from += length;
      if (length === 255) continue;
      packets.push(half);
      half = Buffer.alloc(0);
    }
    [at, number] = [end, number + 1];
  }
  assert.equal(last & 4, 4, "the last ends it");
  const [head, tags, ...sound] = packets;
  assert.equal(head?.toString("latin1", 0, 8), "OpusHead");
  assert.equal(tags?.toString("latin1", 0, 8), "OpusTags");
  assert.deepEqual(
    positions,
    positions.toSorted((a, b) => a - b),
    "positions grow",
  );
  const milliseconds = sound.reduce((all, packet) => all + lengthOf(packet), 0);
  const skipped = head?.readUInt16LE(10) ?? 0;
  const seconds = ((positions.at(-1) ?? 0) - skipped) / 48_000;
  const spoken = milliseconds / 1_000 - skipped / 48_000;
  assert.ok(spoken - seconds < 0.13 && spoken >= seconds, `${spoken} s in packets, ${seconds} s by its position`);
  return { seconds, packets: sound.length };
}

function lengthOf(packet: Buffer): number {
  const toc = packet.readUInt8(0);
  const frame = toc >> 3 < 16 ? FRAME_MS[toc >> 3] : CELT_MS[(toc >> 3) & 3];
  const count = [1, 2, 2, packet.length > 1 ? packet.readUInt8(1) & 63 : 0][toc & 3];
  return (frame ?? 0) * (count ?? 0);
}
