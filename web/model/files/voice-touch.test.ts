import assert from "node:assert/strict";
import { test } from "node:test";
import { CANCEL_PX, LOCK_PX, pulled } from "./voice-touch.ts";

test("a finger locks it by sliding up and throws it away by sliding back along the line, whichever is further", () => {
  assert.equal(pulled(0, 0), undefined);
  assert.equal(pulled(CANCEL_PX - 1, LOCK_PX - 1), undefined);
  assert.equal(pulled(0, LOCK_PX), "lock");
  assert.equal(pulled(CANCEL_PX, 0), "cancel");
  assert.equal(pulled(CANCEL_PX, CANCEL_PX + 20), "lock");
  assert.equal(pulled(CANCEL_PX + 20, LOCK_PX), "cancel");
  assert.equal(pulled(-300, -300), undefined);
});
