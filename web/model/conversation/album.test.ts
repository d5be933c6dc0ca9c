import assert from "node:assert/strict";
import { test } from "node:test";
import type { ShownItem } from "./corrections.ts";
import { laidOut } from "./album.ts";
import type { Row } from "./row.ts";

const picture = (key: string, more: object = {}): Row => ({
  ...{ kind: "message", key, first: false, last: false },
  item: {
    ...{
      key,
      outgoing: true,
      encrypted: true,
      state: "sent",
      body: { kind: "text", text: "aesgcm://a.example/x.jpg" },
    },
    seen: { kind: "image", width: 400, height: 300 },
    ...more,
  } as unknown as ShownItem,
});
const words = (key: string): Row => picture(key, { seen: undefined, body: { kind: "text", text: "hello" } });
const tiles = (rows: readonly Row[]) =>
  laidOut(rows)
    .map((row) => (row.kind === "message" ? (row.tile ?? "-") : row.kind))
    .join(" ");
const first = (row: Row): Row => (row.kind === "message" ? { ...row, first: true } : row);

test("pictures that follow each other stand two and two, one that is left over below them", () => {
  for (const [count, expected] of [
    [1, "-"],
    [2, "- -"],
    [3, "left right wide"],
    [4, "left right left end"],
    [5, "left right left right wide"],
  ] as const)
    assert.equal(tiles(Array.from({ length: count }, (_, at) => picture(`p${at}`))), expected);
});

test("another author, words, a day, or what was long after ends it", () => {
  const [a, b, c, d] = ["a", "b", "c", "d"].map((key) => picture(key)) as [Row, Row, Row, Row];
  assert.equal(tiles([words("w"), a, b, c, words("v"), d]), "- left right wide - -");
  assert.equal(tiles([a, b, first(c), d]), "- - - -", "a group of their own each");
  assert.equal(tiles([a, { kind: "day", key: "day", at: 0 }, b, c, d]), "- day left right wide");
  assert.equal(tiles([a, { kind: "unread", key: "unread" }, b, c, d]), "- unread left right wide");
});

test("one that says more than its picture stands by itself, so that all of it is seen", () => {
  for (const more of [
    { quote: { author: "bob" } },
    { reactions: [{ emojis: ["👍"] }] },
    { state: "failed" },
    { edited: true },
    { doubt: "late" },
    { retold: "phone" },
    { whisper: { nick: "bob" } },
    { shared: { url: "https://a.example/x.jpg" }, body: { kind: "text", text: "look at this" } },
    { seen: { kind: "video", width: 400, height: 300 } },
    { seen: { kind: "image" } },
  ])
    assert.equal(
      tiles([picture("a"), picture("b"), picture("c", more), picture("d")]),
      "- - - -",
      JSON.stringify(more),
    );
});

test("what follows behind an album changes none of it but its end, and rows that are none stay the same objects", () => {
  const four = ["a", "b", "c", "d"].map((key) => picture(key));
  assert.equal(tiles([...four, words("w")]), `${tiles(four)} -`);
  const rows = [words("v"), ...four];
  assert.equal(laidOut(rows)[0], rows[0]);
});

test("what is mounted above an album, or comes behind it, changes none of those that stand beside each other", () => {
  const many = Array.from({ length: 12 }, (_, at) => picture(`p${at}`));
  /** Those that stand beside each other, by number. */
  const pairsIn = (rows: readonly Row[]) =>
    rows.flatMap((row, at) => {
      const next = rows[at + 1];
      const isLeft = row.kind === "message" && row.tile === "left" && next?.kind === "message";
      return isLeft ? [`${row.key}+${next.key}`] : [];
    });
  for (const [from, to, above, below] of [
    [7, 12, 3, 0],
    [7, 12, 1, 0],
    [6, 10, 3, 0],
    [5, 8, 4, 1],
    [4, 9, 0, 3],
    [3, 6, 3, 6],
  ] as const) {
    const mounted = laidOut(many.slice(from, to));
    const more = laidOut(many.slice(from - above, to + below), mounted);
    const pairs = pairsIn(mounted);
    assert.ok(pairs.length > 0);
    assert.deepEqual(
      pairsIn(more).filter((pair) => pairs.includes(pair)),
      pairs,
      `${above} above, ${below} below ${from} to ${to}`,
    );
    // As many lines as there were and are: each pair is as high as one that stands alone.
    const linesOf = (rows: readonly Row[]) =>
      rows.filter((row) => row.kind === "message" && row.tile !== "left").length;
    assert.ok(linesOf(more) <= Math.ceil(more.length / 2) + 1);
  }
  const odd = laidOut(many.slice(4, 12), laidOut(many.slice(7, 12)));
  assert.deepEqual(
    odd.map((row) => (row.kind === "message" ? row.tile : "")),
    ["wide", "left", "right", "left", "right", "left", "right", "wide"],
  );
});

test("what leaves above an album leaves the others as they stand, also where two are left", () => {
  const five = ["a", "b", "c", "d", "e"].map((key) => picture(key));
  const all = laidOut(five);
  const tilesIn = (rows: readonly Row[]) => rows.map((row) => (row.kind === "message" ? row.tile : "")).join(" ");
  assert.equal(tilesIn(laidOut(five.slice(1), all)), "wide left right wide");
  assert.equal(tilesIn(laidOut(five.slice(2, 4), all)), "left end");
});

test("two that stood large stay so when others are mounted above them, and are an album with a third that comes", () => {
  const five = ["a", "b", "c", "d", "e"].map((key) => picture(key));
  const two = laidOut(five.slice(3));
  const tilesIn = (rows: readonly Row[]) =>
    rows.map((row) => (row.kind === "message" ? (row.tile ?? "-") : "")).join(" ");
  assert.equal(tilesIn(laidOut(five, two)), "left right wide - -");
  assert.equal(tilesIn(laidOut(five.slice(2), two)), "- - -");
  assert.equal(tilesIn(laidOut(five.slice(0, 3), laidOut(five.slice(0, 2)))), "left right wide");
});
