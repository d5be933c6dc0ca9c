/** What a finger presses on a phone is as large as a finger: 44 px (WCAG 2.5.5), by what is hit and not by what is drawn. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { onStage } from "./on-stage.ts";

const stage = onStage();
const { read, show } = stage;

const SIZE = 44;
const SCENES = ["new-chat", "chat-failed", "chat-exposed", "chat-older-failed", "offline", "page-older", "room"];
const MISSED = `(() => {
  const top = document.querySelector("dialog[open]") ?? document.body;
  return [...top.querySelectorAll("button.link, button.button, .dialog button")].filter((button) => button.checkVisibility() && !button.matches(".skip:not(:focus)")).flatMap((button) => {
    button.scrollIntoView({ block: "center" });
    const { left, right, top, bottom } = button.getBoundingClientRect();
    const [x, y] = [(left + right) / 2, (top + bottom) / 2];
    const reach = ${SIZE} / 2 - 1;
    return [-reach, reach].every((by) => button.contains(document.elementFromPoint(x, y + by))) ? [] : [button.textContent];
  });
})()`;

for (const scene of SCENES)
  test(`${scene}: every button takes a finger`, async () => {
    await stage.page.setViewport({ width: 390, height: 844 });
    await show(scene);
    assert.deepEqual(await read(MISSED), []);
  });

test("on a touch screen Enter breaks the line, and with Ctrl it sends: there may be a keyboard beside it", async () => {
  await stage.page.setViewport({ width: 390, height: 844, hasTouch: true, isMobile: true });
  await show("chat");
  await stage.page.focus(".composer textarea");
  const { keyboard } = stage.page;
  await keyboard.type("one");
  await keyboard.press("Enter");
  await keyboard.type("two");
  assert.equal(await read(`document.querySelector(".composer textarea").value`), "one\ntwo");
  await keyboard.down("Control");
  await keyboard.press("Enter");
  await keyboard.up("Control");
  assert.equal(await read(`document.querySelector(".composer textarea").value`), "");
});
