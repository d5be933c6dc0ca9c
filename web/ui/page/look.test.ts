import assert from "node:assert/strict";
import { test } from "node:test";
import { type Look, readLook, writeLook } from "./look.ts";

const PLAIN: Look = { theme: "system", text: "normal", density: "comfortable" };

test("what was chosen for this device is read as it was written, and only what was chosen is", () => {
  const chosen: Look = { theme: "dark", text: "large", density: "compact" };
  assert.deepEqual(readLook(writeLook(chosen)), chosen);
  assert.equal(writeLook(PLAIN), "{}");
  assert.equal(writeLook({ ...PLAIN, theme: "light" }), '{"theme":"light"}');
});

test("what is missing, of another release or of somebody else looks as the system does", () => {
  for (const kept of [null, "", "null", "[]", "dark", '{"theme":"sepia","text":7}'])
    assert.deepEqual(readLook(kept), PLAIN, String(kept));
});
