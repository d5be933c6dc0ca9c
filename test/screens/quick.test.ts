/** What is counted in milliseconds, on a machine that does nothing else (`tools/schedule.ts`). */
import assert from "node:assert/strict";
import { test } from "node:test";
import { onStage } from "./on-stage.ts";

const SETTLE_MS = 150;

const stage = onStage(SETTLE_MS);
const { show } = stage;

test("a message stands on the screen within 50 ms of the key press", async () => {
  await show("chat");
  await stage.page.type("aria/Message[role='textbox']", "quick");
  const elapsedMs = (await stage.page.evaluate(`(async () => {
    const area = document.querySelector("textarea");
    const started = performance.now();
    area.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
    while (document.querySelector(".messages li:last-child .words").textContent !== "quick") await new Promise((resolve) => setTimeout(resolve));
    return performance.now() - started;
  })()`)) as number;
  assert.ok(elapsedMs <= 50, `${elapsedMs} ms`);
});
