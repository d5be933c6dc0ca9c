/** What a record may be, and what whoever hands one over cannot make of it. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { BareJid, EntryId, Position } from "../../../worker/contract/names.ts";
import { packed, unpacked } from "./packed.ts";
import { type MessageText, readRecord, writeRecord } from "./record.ts";

const FULL: MessageText = {
  id: "entry" as EntryId,
  archive: "alice@a.example\narchive",
  cipher: "7\nhash",
  origin: "bob@b.example\norigin",
  chat: "bob@b.example" as BareJid,
  at: 1_000,
  own: false,
  by: "bob@b.example",
  text: "hello",
  details: '{"file":{}}',
  unstyled: true,
  seen: { kind: "image", type: "image/png", size: 10, width: 3, height: 4, name: "cat.png" },
  quote: { id: "other" as EntryId, own: true, text: "what", author: "Bob", gone: true },
  earlier: [{ text: "helo", at: 900 }],
  editedAt: 1_100,
  correctedAt: 20 as Position,
  corrections: ["entry-2"],
  newest: "entry-2",
  doubt: "undecided",
};
const written = (change: object = {}) => ({ ...writeRecord(FULL), ...change });

describe("a record", () => {
  it("comes out as it was written, packed and unpacked", async () => {
    const read = readRecord(await unpacked(await packed(writeRecord(FULL)), 10_000));
    assert.deepEqual({ ...read }, { ...FULL });
  });

  const REFUSED: readonly (readonly [string, unknown])[] = [
    ["no object", "text"],
    ["a list", [written()]],
    ["nothing", null],
    ["no text", written({ x: undefined })],
    ["an empty text", written({ x: "" })],
    ["a text that is a number", written({ x: 7 })],
    ["a text longer than any message", written({ x: "x".repeat(200_000) })],
    ["no conversation", written({ h: "" })],
    ["a moment that is none", written({ t: 1e300 })],
    ["a moment before all", written({ t: -1 })],
    ["earlier texts without end", written({ v: Array.from({ length: 21 }, () => ["a", 1]) })],
    ["an earlier text that is none", written({ v: [["a"]] })],
    ["names without end", written({ n: Array.from({ length: 61 }, () => "name") })],
    ["a name that is none", written({ n: [{}] })],
    ["a quote that is a list", written({ q: [] })],
    ["a file of no kind", written({ s: { kind: "script", type: "a", size: 1 } })],
    ["a file without a size", written({ s: { kind: "image", type: "a" } })],
    ["a doubt that is none", written({ d: "trusted" })],
  ];
  for (const [what, value] of REFUSED) it(`is none with ${what}`, () => assert.equal(readRecord(value), undefined));

  it("takes nothing that an object only inherits, and hands nothing on that was not asked for", () => {
    const inherited = Object.assign(Object.create({ x: "inherited", h: FULL.chat, t: 1 }) as object, { i: "entry" });
    assert.equal(readRecord(inherited), undefined);
    const poisoned = JSON.parse(
      `{"h":"bob@b.example","t":1,"x":"a","__proto__":{"own":true},"constructor":{"prototype":{}}}`,
    );
    const read = readRecord(poisoned);
    assert.equal(read?.own, false);
    assert.deepEqual(Object.getPrototypeOf(read), Object.prototype);
    assert.deepEqual(Object.keys(read ?? {}).toSorted(), Object.keys(FULL).toSorted());
  });
});

describe("what is unpacked", () => {
  it("is never more than was asked for, whatever it was packed from", async () => {
    const bomb = await packed("x".repeat(5_000_000));
    assert.ok(bomb.length < 10_000);
    assert.equal(await unpacked(bomb, 100_000), undefined);
  });

  it("is nothing where it is cut off, no gzip, no text or no JSON", async () => {
    const whole = await packed({ a: "hello" });
    assert.equal(await unpacked(whole.slice(0, -4), 1_000), undefined);
    assert.equal(await unpacked(new Uint8Array([1, 2, 3]), 1_000), undefined);
    assert.deepEqual(await unpacked(whole, 1_000), { a: "hello" });
  });
});
