import assert from "node:assert/strict";
import { test } from "node:test";
import {
  afterChange,
  anchorsOf,
  correction,
  FETCH_PX,
  fewRows,
  hiddenOlder,
  jumped,
  moreRows,
  type RowWindow,
  shiftNewer,
  shiftOlder,
  sliceOf,
  rested,
  spareRows,
  WINDOW_ROWS,
  windowAround,
  windowAtNewest,
} from "./scroll-anchor.ts";

const items = Array.from({ length: 400 }, (_, index) => index);

test("a conversation opens at its newest rows", () => {
  assert.equal(sliceOf(items, windowAtNewest(items.length)).at(-1), 399);
  assert.deepEqual(sliceOf([1, 2], windowAtNewest(2)), [1, 2]);
});

test("U19: at first as many rows are drawn as fill the window, in steps the others, and all in the end", () => {
  assert.ok(fewRows(760) * 38 > 760 && fewRows(760) < windowAtNewest(400).shown / 2);
  let [drawn, steps] = [fewRows(760), 0];
  while (drawn < WINDOW_ROWS) {
    const next = moreRows(drawn, WINDOW_ROWS);
    assert.ok(next > drawn && (next - drawn <= 25 || next === Number.POSITIVE_INFINITY));
    drawn = next;
    steps += 1;
  }
  assert.ok(steps < 10);
  assert.equal(moreRows(fewRows(760), 3), Number.POSITIVE_INFINITY);
});

test("a row that is looked for has others around it, as many as there are, and never too many", () => {
  for (const index of [0, 30, 200, 399]) {
    const around = sliceOf(items, windowAround(index, items.length));
    assert.ok(around.includes(index), `row ${index}`);
    assert.ok(around.length <= WINDOW_ROWS);
    assert.ok(around.includes(Math.max(0, index - 40)) && around.includes(Math.min(399, index + 40)));
  }
  assert.deepEqual(sliceOf([1, 2], windowAround(0, 2)), [1, 2]);
});

test("scrolling to the beginning and back shows every row and never mounts more than the limit", () => {
  let window = windowAtNewest(items.length);
  const seen = new Set(sliceOf(items, window));
  while (hiddenOlder(items.length, window) > 0) {
    window = shiftOlder(window, items.length);
    assert.ok(window.shown <= WINDOW_ROWS);
    for (const item of sliceOf(items, window)) seen.add(item);
  }
  assert.equal(seen.size, items.length);
  while (window.newer > 0) window = shiftNewer(window);
  assert.equal(sliceOf(items, window).at(-1), 399);
});

const keys = items.map(String);
const reading = { atBottom: false, anchor: undefined };

test("a new message while reading older ones changes nothing in sight", () => {
  const window: RowWindow = { newer: 50, shown: 150 };
  const after = [...keys, "400"];
  assert.deepEqual(sliceOf(after, afterChange(window, keys, after, reading)), sliceOf(keys, window));
  const full: RowWindow = { newer: 0, shown: WINDOW_ROWS };
  assert.deepEqual(sliceOf(after, afterChange(full, keys, after, reading)), sliceOf(keys, full));
});

test("U19: no row goes in the frame in which one comes, and a thousand messages later hardly more are mounted", () => {
  const begin = windowAtNewest(400);
  let window = begin;
  let cuts = 0;
  for (let n = 0; n < 1_000; n += 1) {
    const before = items.slice(n % 200, (n % 200) + 200).map(String);
    const next = afterChange(window, before, [...before, `new ${n}`], { atBottom: true, anchor: undefined });
    assert.equal(next.shown, window.shown + 1);
    window = rested(next, next.shown - begin.shown);
    if (window !== next) cuts += 1;
    assert.ok(window.newer === 0 && window.shown >= begin.shown && window.shown < begin.shown + 20);
  }
  assert.equal(cuts, 1_000 / 20, "rows go many at once: where one goes, all below it are drawn again");
});

test("a screen with room for more keeps what it needs, and gives back what a reader far up has asked for", () => {
  const window: RowWindow = { newer: 0, shown: WINDOW_ROWS };
  assert.deepEqual(rested(window, 0), window);
  assert.deepEqual(rested(window, 30), { newer: 0, shown: WINDOW_ROWS - 30 });
  assert.deepEqual(rested(window, 1_000), windowAtNewest(400));
  const reading: RowWindow = { newer: 50, shown: WINDOW_ROWS };
  assert.deepEqual(rested(reading, 1_000), reading);
});

test("rows are spare where more is above than is fetched ahead, and none are known of an empty list", () => {
  assert.equal(spareRows(FETCH_PX, 40), 0);
  assert.ok(spareRows(4 * FETCH_PX, 40) * 40 < 3 * FETCH_PX);
  assert.ok(spareRows(4 * FETCH_PX, 40) > 20);
  assert.equal(spareRows(0, Number.POSITIVE_INFINITY), 0);
});

test("what comes unread at the newest end does not push the line above it out, until the reader writes", () => {
  const after = [...keys, ...Array.from({ length: 70 }, (_, n) => `unread ${n}`)];
  const window = afterChange(windowAtNewest(400), keys, after, { atBottom: true, anchor: undefined });
  assert.ok(sliceOf(after, window).includes("unread 0"));
  assert.deepEqual(jumped(window, after.length), windowAtNewest(after.length));
});

test("a new message at the newest end is shown", () => {
  const after = [...keys, "400"];
  const reader = { atBottom: true, anchor: "399" };
  const window = afterChange({ newer: 0, shown: WINDOW_ROWS }, keys, after, reader);
  assert.equal(sliceOf(after, window).at(-1), "400");
  assert.equal(window.shown, WINDOW_ROWS);
});

test("history that comes in above what is mounted changes nothing that is mounted", () => {
  const window: RowWindow = { newer: 50, shown: 100 };
  const after = [...Array.from({ length: 200 }, (_, at) => `old${at}`), ...keys];
  assert.deepEqual(sliceOf(after, afterChange(window, keys, after, reading)), sliceOf(keys, window));
});

test("what fills a gap behind what is mounted changes nothing that is mounted", () => {
  const window: RowWindow = { newer: 50, shown: 100 };
  const after = keys.toSpliced(380, 0, "x", "y", "z");
  const now = afterChange(window, keys, after, reading);
  assert.equal(now.newer, 53);
  assert.deepEqual(sliceOf(after, now), sliceOf(keys, window));
});

test("what fills a gap among mounted rows is mounted, and the row in sight stays however much it is", () => {
  const window: RowWindow = { newer: 0, shown: 100 };
  const few = keys.toSpliced(350, 0, "x", "y");
  const withFew = sliceOf(few, afterChange(window, keys, few, reading));
  assert.deepEqual([withFew[0], withFew.at(-1), withFew.length], ["300", "399", 102]);
  const flood = Array.from({ length: 1_000 }, (_, at) => `new${at}`);
  const many = keys.toSpliced(350, 0, ...flood);
  for (const anchor of ["300", "349", "350", "360", "399", "gone", undefined]) {
    const shown = sliceOf(many, afterChange(window, keys, many, { atBottom: false, anchor }));
    assert.equal(shown.length, WINDOW_ROWS);
    if (anchor !== undefined && anchor !== "gone") assert.ok(shown.includes(anchor), anchor);
  }
  const atBottom = sliceOf(many, afterChange(window, keys, many, { atBottom: true, anchor: "390" }));
  assert.equal(atBottom.at(-1), "399");
});

test("rows that are all gone give way to the newest", () => {
  assert.deepEqual(afterChange({ newer: 1, shown: 1 }, ["a", "b"], ["c"], reading), { newer: 0, shown: 1 });
});

const HEIGHT = 400;
/** `top`: from the upper edge of the scroller, which is where one thinks from. */
const edge = (key: string, top: number, lasting = true, height = HEIGHT) => ({
  key,
  ...{ top: top - height, bottom: top + 38 - height },
  lasting,
});

test("the row in sight stays when rows are added above it", () => {
  const anchors = anchorsOf([edge("a", -90), edge("b", -8)], HEIGHT);
  assert.equal(anchors[0]?.key, "b");
  assert.equal(correction(anchors, [edge("b", 192)], false), 200);
  assert.equal(correction(anchors, [edge("b", 192)], true), 0);
  assert.equal(correction(anchors, [edge("z", 0)], false), 0);
});

test("a gap that is filled takes nothing with it: what is held on to is a message, and the next one when that is gone", () => {
  const anchors = anchorsOf([edge("a", -90), edge("gap", -8, false), edge("b", 30), edge("c", 70)], HEIGHT);
  assert.deepEqual(
    anchors.map(({ key }) => key),
    ["b", "c", "gap"],
  );
  assert.equal(correction(anchors, [edge("a", -90), edge("x", -52), edge("b", -14), edge("c", 26)], false), -44);
  assert.equal(correction(anchors, [edge("c", 40)], false), -30);
});

test("a reader further up stays where they are when a notice or the composer has taken room, and then a message comes", () => {
  const anchors = anchorsOf([edge("a", -90), edge("b", -8), edge("c", 30)], HEIGHT);
  // A reversed scroller keeps what is at its lower edge: with 64 px less, each row is 64 px nearer to the upper one.
  const now = [edge("b", -8 - 64, true, HEIGHT - 64), edge("c", 30 - 64, true, HEIGHT - 64)];
  assert.equal(correction(anchors, now, false), 0);
});
