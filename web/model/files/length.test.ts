import assert from "node:assert/strict";
import { test } from "node:test";
import { lengthText } from "./length.ts";

test("a length is said in minutes and seconds, in the figures of the reader", () => {
  const said = [0, 0.9, 7.6, 59.99, 60, 754, 3_690].map((seconds) => lengthText(seconds, "en"));
  assert.deepEqual(said, ["0:00", "0:00", "0:07", "0:59", "1:00", "12:34", "61:30"]);
  assert.equal(lengthText(67, "ar-EG"), "١:٠٧");
  assert.equal(lengthText(-3, "en"), "0:00");
});
