import assert from "node:assert/strict";
import { test } from "node:test";
import type { EntryId, Position } from "../../worker/contract/names.ts";
import { GAP_ROOM, type OpenGap, openGapAfter, nextPosition, positionsBefore } from "./positions.ts";

const gap = (id: string, position: number, next: number): OpenGap => ({
  id: id as EntryId,
  position: position as Position,
  next: next as Position,
});
const NEW = undefined;

/** Reads a page: positions of new messages, `-` for known ones, and the gaps that closed, in order. */
function read(gaps: readonly OpenGap[], newest: number, page: readonly (number | undefined)[]): readonly string[] {
  let positions = { gaps, newest: newest as Position };
  return page.flatMap((known) => {
    const step = nextPosition(positions, known as Position | undefined);
    positions = step.positions;
    return [...step.closed.map(({ id }) => `closed ${id}`), step.position === undefined ? "-" : `${step.position}`];
  });
}

for (const [what, gaps, newest, page, expected] of [
  ["nothing missing: appended", [], 5, [NEW, NEW], ["6", "7"]],
  ["known ones stay, new ones follow", [], 5, [4, 5, NEW], ["-", "-", "6"]],
  ["an open gap is filled from its beginning", [gap("a", 100, 6)], 103, [5, NEW, NEW], ["-", "6", "7"]],
  ["going on where the last page ended", [gap("a", 100, 8)], 103, [NEW], ["8"]],
  [
    "the first one behind the marker closes it",
    [gap("a", 100, 6)],
    103,
    [NEW, 101, NEW],
    ["6", "closed a", "-", "104"],
  ],
  ["one from before the gap closes nothing", [gap("a", 100, 6)], 103, [3, NEW], ["-", "6"]],
  [
    "two absences: each gap gets its own",
    [gap("a", 100, 6), gap("b", 200, 103)],
    201,
    [NEW, 101, 102, NEW, 201, NEW],
    ["6", "closed a", "-", "-", "103", "closed b", "-", "202"],
  ],
  [
    "nothing came between two gaps: one message closes both",
    [gap("a", 100, 6), gap("b", 200, 101)],
    201,
    [NEW, 201],
    ["6", "closed a", "closed b", "-"],
  ],
  ["a full gap counts as closed", [gap("a", 8, 7)], 9, [NEW, NEW], ["7", "closed a", "10"]],
  ["two full gaps, too", [gap("a", 8, 8), gap("b", 12, 12)], 20, [NEW], ["closed a", "closed b", "21"]],
] as const) {
  test(what, () => {
    assert.deepEqual(read(gaps, newest, page), expected);
  });
}

test("a gap opens behind everything and leaves room before its marker", () => {
  assert.deepEqual(openGapAfter(5 as Position), { position: 6 + GAP_ROOM, next: 6 });
});

test("history comes below what was there, in its own order", () => {
  const at = positionsBefore(1 as Position, 3);
  assert.deepEqual([at(0), at(1), at(2)], [-2, -1, 0]);
});
