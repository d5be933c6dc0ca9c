/** What is counted in milliseconds, on a machine that does nothing else (`tools/schedule.ts`). */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openStage, READY_TIMEOUT_MS, type Stage } from "./stage.ts";

const SETTLE_MS = 150;

let stage: Stage;
before(async () => {
  stage = await openStage();
  await stage.page.setViewport({ width: 1180, height: 760 });
});
after(() => stage.close());

async function show(scene: string): Promise<void> {
  await stage.page.goto(`${stage.address}?scene=${scene}`);
  await stage.page.waitForSelector(`html[data-ready="${scene}"]`, { timeout: READY_TIMEOUT_MS });
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
}

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
