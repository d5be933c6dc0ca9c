/** Every scene of the gallery, as axe sees it; the other ways to look at them are those of `npm run axe`. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { findingsOf, WAYS } from "./every-scene.ts";

test("U22: axe finds nothing in any scene, and a pointer hits whatever is pressed", async () => {
  assert.deepEqual(await findingsOf(WAYS.axe), []);
});
