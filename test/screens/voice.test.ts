/** Voice messages by pointer and by key, with a scripted engine and a microphone of the scene. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { onStage } from "./on-stage.ts";

const stage = onStage();
const { comes, read } = stage;
const asks = new Set<unknown>();
/** Longer than a tap. */
const HELD_MS = 700;

const bar = (state: string) => `document.querySelector(".voice")?.dataset.voice === "${state}"`;
const resting = `document.querySelector(".voice") === null && document.querySelector(".voice-main") !== null`;
const rows = () => read(`document.querySelectorAll(".bubble-file .sound").length`);
const focused = `document.activeElement?.ariaLabel`;

/** What was recorded and not sent holds the page: whoever goes is asked first. */
async function show(...where: Parameters<typeof stage.show>): Promise<void> {
  if (!asks.has(stage.page)) stage.page.on("dialog", (asked) => void asked.accept());
  asks.add(stage.page);
  await stage.show(...where);
}

async function middle(): Promise<{ readonly x: number; readonly y: number }> {
  const place = (await read(
    `(() => { const { x, y, width, height } = document.querySelector(".voice-main").getBoundingClientRect();
      return { x: x + width / 2, y: y + height / 2 }; })()`,
  )) as { readonly x: number; readonly y: number };
  await stage.page.mouse.move(place.x, place.y);
  return place;
}

async function isHeld(): Promise<{ readonly x: number; readonly y: number }> {
  const place = await middle();
  await stage.page.mouse.down();
  await comes("it records under the finger", `${bar("recording")} && document.querySelector(".voice-cancel") !== null`);
  return place;
}

test("a finger that stays down speaks, and what it has said is sent when it goes", async () => {
  await show("voice-messages");
  const before = Number(await rows());
  await isHeld();
  await sleep(HELD_MS);
  await stage.page.mouse.up();
  await comes("it is on its way", `document.querySelectorAll(".bubble-file .sound").length === ${before + 1}`);
  await comes("and the microphone rests", resting);
});

test("drawn up, it goes on without the finger; stopped, it can be listened to, and thrown away", async () => {
  await show("voice-messages");
  const { x, y } = await isHeld();
  await stage.page.mouse.move(x, y - 90, { steps: 4 });
  await comes("it is locked", `document.querySelector(".voice-cancel") === null && ${bar("recording")}`);
  await stage.page.mouse.up();
  await comes("it goes on", bar("recording"));
  await stage.page.keyboard.press("Escape");
  await comes("it is ready", `${bar("ready")} && document.querySelector(".voice .sound") !== null`);
  await read(`document.querySelector(".voice [aria-label='Throw away']").click()`);
  await comes("it is gone", resting);
});

test("drawn back along the line nothing is wanted, whichever way one reads", async () => {
  for (const [how, along] of [
    [undefined, -1],
    ["language=ar", 1],
  ] as const) {
    await show("voice-messages", how);
    const before = await rows();
    const { x, y } = await isHeld();
    await stage.page.mouse.move(x + 120 * along, y, { steps: 4 });
    await comes("it is gone", resting);
    await stage.page.mouse.up();
    await sleep(50);
    assert.equal(await read(resting), true, "the click at its end begins nothing");
    assert.equal(await rows(), before);
  }
});

test("by keys: Enter begins, once however long it is down, Escape stops, and the focus is on what sends it", async () => {
  await show("voice-messages");
  await read(`document.querySelector(".voice-main").focus()`);
  await stage.page.keyboard.down("Enter");
  await stage.page.keyboard.down("Enter");
  await stage.page.keyboard.up("Enter");
  await comes("it records", bar("recording"));
  assert.equal(await read(focused), "Send the voice message");
  await stage.page.keyboard.press("Escape");
  await comes("it is ready", bar("ready"));
  assert.equal(await read(focused), "Send the voice message");
  assert.equal(await read(`app.openChat.value`), "bob@example.org");
  const before = Number(await rows());
  await stage.page.keyboard.press("Enter");
  await comes("it is on its way", `document.querySelectorAll(".bubble-file .sound").length === ${before + 1}`);
  await comes("and one may write", `document.activeElement === document.querySelector(".composer textarea")`);
});

test("where something is written there is no microphone; what was recorded stays while one looks elsewhere", async () => {
  await show("voice-messages");
  await read(`app.openChat.value && (app.conversation("bob@example.org").writing.text.value = "words")`);
  await comes("it makes room", `document.querySelector(".voice-main") === null`);
  await read(`app.conversation("bob@example.org").writing.text.value = ""`);
  await comes("it is back", resting);
  await read(`document.querySelector(".voice-main").click()`);
  await comes("it records", bar("recording"));
  await read(`app.go({ screen: "chats", chat: "mina@tidepool.example" })`);
  await comes("another conversation has its own", resting);
  await read(`app.go({ screen: "chats", chat: "bob@example.org" })`);
  await comes(
    "it waits, and says why it ended",
    `${bar("ready")} && document.querySelector(".voice-why").textContent.includes("left this chat")`,
  );
});

test("the place in a sound is a slider by keys, and none of them walks to another message or answers one", async () => {
  await show("voice-messages");
  await comes("it is here", `document.querySelector(".bubble-file .sound-seek")?.max === "10"`);
  const value = `document.activeElement.valueAsNumber`;
  await read(`document.querySelector(".bubble-file .sound-seek").focus()`);
  for (const [key, at] of [
    ["ArrowRight", 2],
    ["PageUp", 10],
    ["ArrowLeft", 8],
    ["End", 10],
    ["Home", 0],
  ] as const) {
    await stage.page.keyboard.press(key);
    await comes(`${key} leads to ${at}`, `document.activeElement.type === "range" && ${value} === ${at}`);
  }
});

test("under a finger there is the camera, until somebody writes; what it gives waits in the tray", async () => {
  await stage.page.setViewport({ width: 390, height: 780, hasTouch: true, isMobile: true });
  await show("voice-messages");
  const camera = `document.querySelector('.composer input[capture=environment][accept="image/*"]')`;
  await comes("it is there", `${camera} !== null`);
  const line = `[...document.querySelectorAll(".composer-line > *, .voice-main")].map((one) => one.getBoundingClientRect())`;
  assert.equal(await read(`${line}.every(({ right }) => right <= innerWidth)`), true, "everything has room");
  assert.equal(await read(`document.querySelector(".composer-line textarea").clientHeight < 50`), true, "one line");
  await read(`(() => {
    const chosen = new DataTransfer();
    chosen.items.add(new File([new Uint8Array(9)], "photo.jpg", { type: "image/jpeg" }));
    ${camera}.files = chosen.files;
    ${camera}.dispatchEvent(new Event("change", { bubbles: true }));
  })()`);
  await comes("it waits", `document.querySelectorAll(".tray-file").length === 1`);
  await read(`app.conversation("bob@example.org").chosenFiles.value = []`);
  await read(`app.conversation("bob@example.org").writing.text.value = "words"`);
  await comes("words have its room", `${camera} === null`);
});
