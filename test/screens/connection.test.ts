/** What is said of the connection, and what that does to the rest of the screen. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { onStage } from "./on-stage.ts";

const stage = onStage();
const page = () => stage.page;

const CUT = `engine.tell({ type: "connection", connection: { ...app.connection.peek(), socket: "waiting", offline: true } })`;
const BACK = `engine.tell({ type: "connection", connection: { socket: "open", link: { state: "live", caughtUp: true }, encryption: "ready" } })`;
const PLACES = `[...document.querySelectorAll("[role=option], .message, .composer, .head, .account")].map((one) => {
  const { top, left } = one.getBoundingClientRect();
  return [one.dataset.jid ?? one.dataset.key ?? one.className, top, left];
})`;
/** What a person sees of an element, animations as they are at this moment. */
const SEEN = `(() => {
  const line = [...document.querySelectorAll(".connection")].find((one) => one.checkVisibility({ opacityProperty: true }));
  return line && Number(getComputedStyle(line).opacity) === 1 ? line.innerText : undefined;
})()`;

for (const scene of ["list", "chat"])
  test(`U18: the line over the ${scene} comes with its words, and moves nothing when it comes and goes`, async () => {
    await page().setViewport({ width: 1180, height: 760 });
    await stage.show(scene);
    const before = await stage.read(PLACES);
    await stage.read(CUT);
    await stage.read("new Promise(requestAnimationFrame)");
    assert.match(String(await stage.read(SEEN)), /You are offline/, "in the next frame");
    assert.deepEqual(await stage.read(PLACES), before);
    await stage.read(BACK);
    await stage.comes("the line is gone", `document.querySelector(".connection") === null`);
    assert.deepEqual(await stage.read(PLACES), before);
  });

test("U18: on a phone the line over a conversation moves nothing either", async () => {
  await page().setViewport({ width: 390, height: 780 });
  await stage.show("chat");
  await stage.comes(
    "the pane has slid in",
    `document.getAnimations().every(({ playState }) => playState !== "running")`,
  );
  const before = await stage.read(PLACES);
  await stage.read(CUT);
  await stage.comes("it is said", `/You are offline/.test(document.querySelector(".pane .connection")?.innerText)`);
  assert.deepEqual(await stage.read(PLACES), before);
});

test("U10: while nothing stands nobody is shown as online, the account's dot is not green, and it is said aloud", async () => {
  await page().setViewport({ width: 1180, height: 760 });
  await stage.show("list");
  const green = `[...document.querySelectorAll(".avatar-online, .account-fine")].filter((one) => one.checkVisibility()).length`;
  assert.ok(Number(await stage.read(green)) > 1);
  await stage.read(CUT);
  await stage.comes("no dot is green", `${green} === 0`);
  await stage.comes("it is said aloud", `document.querySelector("[aria-live]")?.textContent === "You are offline"`);
  await stage.read(BACK);
  await stage.comes("they are back", `${green} > 1`);
});
