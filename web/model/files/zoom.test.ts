import assert from "node:assert/strict";
import { test } from "node:test";
import { isLargest, LARGEST, spread, stepped, toggled, Touching, wheeled } from "./zoom.ts";

test("keys go from step to step, also from between them, and no further than the ends", () => {
  assert.deepEqual([stepped(1, 1), stepped(1.2, 1), stepped(5, 1), stepped(LARGEST, 1)], [1.5, 1.5, LARGEST, LARGEST]);
  assert.deepEqual([stepped(LARGEST, -1), stepped(1.2, -1), stepped(1, -1)], [5, 1, 1]);
  assert.ok(isLargest(LARGEST) && !isLargest(5));
});

test("a press twice brings it near, and back", () => {
  assert.deepEqual([toggled(1), toggled(2), toggled(1.1)], [2, 1, 1]);
});

test("a wheel makes it larger and smaller by as much as it is turned, whatever it counts in, within the ends", () => {
  assert.equal(wheeled(1, { deltaY: -300, deltaMode: 0 }), 2);
  assert.equal(wheeled(2, { deltaY: 300, deltaMode: 0 }), 1);
  assert.equal(wheeled(1, { deltaY: -3, deltaMode: 1 }), wheeled(1, { deltaY: -48, deltaMode: 0 }));
  assert.equal(wheeled(1, { deltaY: -1, deltaMode: 2 }), wheeled(1, { deltaY: -400, deltaMode: 0 }));
  assert.deepEqual(
    [wheeled(1, { deltaY: 300, deltaMode: 0 }), wheeled(5, { deltaY: -3_000, deltaMode: 0 })],
    [1, LARGEST],
  );
});

test("two fingers that go apart make it so much larger about the place between them, whichever moves", () => {
  const touching = new Touching();
  touching.down(1, { x: 100, y: 100 });
  touching.down(2, { x: 200, y: 100 });
  assert.deepEqual(touching.move(2, { x: 300, y: 100 }), { kind: "spread", by: 2, x: 200, y: 100 });
  assert.deepEqual(touching.move(1, { x: 200, y: 100 }), { kind: "spread", by: 0.5, x: 250, y: 100 });
  assert.deepEqual([spread(1, 2), spread(1, 0.5), spread(5, 5)], [2, 1, LARGEST]);
  // What two have done is no wish for the next one, whatever the last one does.
  assert.equal(touching.up(2, { x: 300, y: 100 }), undefined);
  assert.deepEqual(touching.move(1, { x: 0, y: 100 }), { kind: "drawn", x: -200, y: 0 });
  assert.equal(touching.up(1, { x: 0, y: 100 }), undefined);
});

test("one finger draws it, and far enough aside it wants the next one", () => {
  for (const [to, wish] of [
    [{ x: 20, y: 100 }, -80],
    [{ x: 180, y: 120 }, 80],
    [{ x: 60, y: 100 }, undefined],
    [{ x: 180, y: 160 }, undefined],
  ] as const) {
    const touching = new Touching();
    touching.down(1, { x: 100, y: 100 });
    assert.deepEqual(touching.move(1, to), { kind: "drawn", x: to.x - 100, y: to.y - 100 });
    assert.equal(touching.up(1, to), wish);
  }
});

test("a third finger, and a pointer that is not down, mean nothing", () => {
  const touching = new Touching();
  assert.equal(touching.move(9, { x: 1, y: 1 }), undefined);
  touching.down(1, { x: 0, y: 0 });
  assert.equal(touching.up(9, { x: 1_000, y: 0 }), undefined);
  for (const id of [2, 3]) touching.down(id, { x: id * 10, y: 0 });
  assert.equal(touching.move(3, { x: 100, y: 0 }), undefined);
});
