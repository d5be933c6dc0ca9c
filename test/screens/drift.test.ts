/** What is being read never moves by itself. Distances are CSS pixels. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { onStage } from "./on-stage.ts";
import { openTenThousand } from "./ten-thousand.ts";

const stage = onStage();
const { comes, read, show } = stage;

const DESKTOP = { width: 1180, height: 760 };
const PHONE = { width: 390, height: 780 };
const KEYBOARD_PX = 300;
const MOUNTED_ROWS = 170;
const STEP_PX = 4_000;
/** Rows are as high as their letters, a scroller stands on whole pixels: as much is rounded when rows come in above. */
const ROUNDED_PX = 1.5;

const FRAMES = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))";
const SCROLLER = `document.querySelector(".scroller")`;
/** Of a long conversation that was opened at its newest message, the first page. */
const ALL_DRAWN = `document.querySelectorAll("li[data-key]").length >= 50`;

/** Somebody writes something. */
const MESSAGE_COMES = `engine.tell({
  type: "messages", chat: "rui@example.net", removed: [], beforeDevice: 0,
  items: [{
    key: "newer", id: "newer", chat: "rui@example.net", position: 100_000, at: Date.now(), outgoing: false,
    encrypted: true, body: { kind: "text", text: "One more thing" },
  }],
})`;

/** Where the rows in sight stand: from the upper edge of the window, or from the lower edge of the timeline. */
async function places(from: "above" | "below"): Promise<Readonly<Record<string, number>>> {
  await read(FRAMES);
  return (await read(`(() => {
    const { top, bottom } = ${SCROLLER}.getBoundingClientRect();
    const rows = [...document.querySelectorAll("li[data-key]")].map((row) => [row.dataset.key, row.getBoundingClientRect()]);
    const seen = rows.filter(([, edge]) => edge.bottom > top && edge.top < bottom);
    return Object.fromEntries(seen.map(([key, edge]) => [key, ${from === "above" ? "edge.top" : "bottom - edge.bottom"}]));
  })()`)) as Readonly<Record<string, number>>;
}

/** All rows that are in sight both times stand where they stood; there is one at least. */
function stands(before: Readonly<Record<string, number>>, now: Readonly<Record<string, number>>, what: string): void {
  const both = Object.keys(now).filter((key) => key in before);
  assert.ok(both.length > 0, `${what}: other rows are in sight`);
  for (const key of both)
    assert.ok(
      Math.abs((now[key] ?? 0) - (before[key] ?? 0)) < 0.5,
      `${what}: ${key} moved by ${(now[key] ?? 0) - (before[key] ?? 0)}`,
    );
}

const scrollUp = (pixels: number) => read(`{ ${SCROLLER}.scrollBy(0, ${-pixels}); }`);

for (const where of ["at the newest message", "further up"] as const)
  test(`0 px: ${where}, the keyboard of a phone opens and closes, and the composer grows and shrinks`, async () => {
    await stage.page.setViewport(PHONE);
    await show("chat-long");
    if (where === "further up") await scrollUp(1_200);
    const before = await places("below");
    await stage.page.setViewport({ ...PHONE, height: PHONE.height - KEYBOARD_PX });
    stands(before, await places("below"), "the keyboard is open");
    await read(`app.conversation(app.openChat.value).writing.text.value = "one\\ntwo\\nthree\\nfour"`);
    await comes("the composer has grown", `document.querySelector("textarea").clientHeight > 80`);
    stands(before, await places("below"), "the composer has grown");
    if (where === "further up") {
      await read(MESSAGE_COMES);
      stands(before, await places("below"), "a message has come");
    }
    await read(`app.conversation(app.openChat.value).writing.text.value = ""`);
    await comes("it has shrunk", `document.querySelector("textarea").clientHeight < 60`);
    stands(before, await places("below"), "the composer has shrunk");
    await stage.page.setViewport(PHONE);
    stands(before, await places("below"), "the keyboard is closed");
    await stage.page.setViewport(DESKTOP);
  });

for (const where of ["at the newest message", "further up"] as const)
  test(`0 px: ${where}, a notice comes over the conversation and goes`, async () => {
    await show("chat-long");
    if (where === "further up") await scrollUp(1_200);
    const before = await places("above");
    await read(`engine.tell({ type: "notices", notices: [{ kind: "storage-not-kept", key: "storage-not-kept" }] })`);
    await comes("it is there", `document.querySelector("main [data-kind=storage-not-kept]") !== null`);
    stands(before, await places("above"), "it is there");
    if (where === "further up") {
      await read(MESSAGE_COMES);
      stands(before, await places("above"), "a message has come");
    }
    await read(`engine.tell({ type: "notices", notices: [] })`);
    await comes("it is gone", `document.querySelector("main [data-kind=storage-not-kept]") === null`);
    stands(before, await places("above"), "it is gone");
  });

/** Rows `from` to `to` of the conversation of 10,000, as the engine tells them; a reason in place of a text, or what came for it. */
const tell = (from: number, to: number, text: string | undefined) =>
  read(`engine.tell({
    type: "messages", chat: "rui@example.net", removed: [], beforeDevice: 0,
    items: Array.from({ length: ${Math.max(0, to - from)} }, (_, n) => ${from} + n).map((n) => ({
      key: "t" + n, id: "t" + n, chat: "rui@example.net", position: n, at: Date.now() - (10_000 - n) * 300_000,
      outgoing: false, encrypted: true, handedBy: "Firefox on Linux",
      body: ${text === undefined ? `{ kind: "reason", reason: "not-for-us" }` : `{ kind: "text", text: "${text}" }`},
    })),
  })`);

for (const where of ["at the newest message", "further up"] as const)
  test(`0 px: ${where}, texts that another browser hands over fill in above, and in sight`, async () => {
    await show("list");
    await openTenThousand(stage.page);
    await tell(9_950, 10_001, undefined);
    await comes("nothing can be read", `document.querySelectorAll(".messages li[data-reason]").length > 10`);
    if (where === "further up") await scrollUp(600);
    const before = await places("below");
    const numbers = Object.keys(before).map((key) => Number(key.slice(1)));
    const [oldest, newest] = [Math.min(...numbers), Math.max(...numbers)];
    const long = "A text of several lines. ".repeat(20);
    await tell(9_950, oldest, long);
    stands(before, await places("below"), "those above are filled in");
    // The eye rests on the newest row, or else on the uppermost one in sight: that one stands, others make room.
    const from = where === "further up" ? "above" : "below";
    const still = await places(from);
    const eye = where === "further up" ? `t${oldest}` : `t${newest}`;
    await tell(oldest, newest + 1, long);
    await comes(
      "those in sight are filled in",
      `document.querySelector("[data-key=t${newest}][data-reason]") === null`,
    );
    const now = await places(from);
    stands({ [eye]: still[eye] ?? Number.NaN }, now, "those in sight are filled in");
  });

test("0 px: the pictures of those who write arrive", async () => {
  await show("room-pictures");
  await comes("they are drawn", `document.querySelectorAll(".face img").length > 0`);
  const drawn = await places("above");
  await read(`for (const one of document.querySelectorAll(".face img")) one.remove()`);
  stands(await places("above"), drawn, "with and without them");
});

test("whoever comes back to a conversation is where they left it, to the pixel", async () => {
  await show("chat-long");
  await scrollUp(3_000);
  const before = await places("above");
  await stage.page.click("[role=option][data-jid='bob@example.org']");
  await comes("another one is open", `app.openChat.value === "bob@example.org"`);
  await read(FRAMES);
  await stage.page.click("[role=option][data-jid='rui@example.net']");
  await comes("it is open again", `document.querySelector("main[aria-label*=Rui] .messages") !== null`);
  stands(before, await places("above"), "from another conversation");
  await read(`app.go({ screen: "settings" })`);
  await read(FRAMES);
  await read(`app.go({ screen: "chats", chat: "rui@example.net" })`);
  await read(FRAMES);
  stands(before, await places("above"), "from the settings");
  await stage.page.click("aria/Jump to the newest message[role='button']");
  await read(FRAMES);
  await stage.page.click("[role=option][data-jid='bob@example.org']");
  await stage.page.click("[role=option][data-jid='rui@example.net']");
  await read(FRAMES);
  assert.equal(await read(`Math.abs(${SCROLLER}.scrollTop) < 1`), true, "who left at the newest comes back to it");
});

for (const size of [DESKTOP, PHONE, { width: 1180, height: 2400 }])
  test(`U19: 0 px: ${size.height} px high, a conversation opens with the rows in sight, and those above follow`, async () => {
    await stage.page.setViewport(size);
    await show("chat-long");
    const rows = () => read(`document.querySelectorAll("li[data-key]").length`) as Promise<number>;
    await comes("all are drawn", ALL_DRAWN);
    await read(`app.go({ screen: "chats", chat: "bob@example.org" })`);
    await read(FRAMES);
    // What follows comes when the test says so.
    await read(`{ window.later = []; window.then = setTimeout; setTimeout = (work) => later.push(work); }`);
    await read(`app.go({ screen: "chats", chat: "rui@example.net" })`);
    const before = await places("above");
    const [few, blank] = [
      await rows(),
      await read(
        `document.querySelector("li[data-row]").getBoundingClientRect().top > ${SCROLLER}.getBoundingClientRect().top`,
      ),
    ];
    assert.equal(blank, false, "the window is full");
    assert.ok(size.height > 2_000 || few < 40, `${few} rows at first`);
    await read(`{ setTimeout = then; for (const work of later) work(); }`);
    await comes("the others follow", ALL_DRAWN);
    const now = await places("above");
    assert.deepEqual(Object.keys(now), Object.keys(before));
    stands(before, now, "the others have followed");
    await stage.page.setViewport(DESKTOP);
  });

test("10,000 messages are scrolled to the first one: never a blank, a bounded number of rows, 0 px with each page", async () => {
  await show("list");
  await openTenThousand(stage.page);
  const walked = (await read(`(async () => {
    const scroller = ${SCROLLER};
    const frame = () => new Promise(requestAnimationFrame);
    const found = { most: 0, blank: 0, drift: 0, steps: 0, first: "" };
    for (; found.steps < 1_000; found.steps += 1) {
      const { top, bottom } = scroller.getBoundingClientRect();
      const rows = [...scroller.querySelectorAll("li[data-key]")];
      found.most = Math.max(found.most, rows.length);
      found.first = rows[0].dataset.key;
      if (rows[0].getBoundingClientRect().top > top && found.first !== "t1") found.blank += 1;
      const eye = rows.find((row) => row.getBoundingClientRect().bottom > top + 1);
      const from = scroller.scrollTop;
      const least = scroller.clientHeight - scroller.scrollHeight;
      const by = Math.max(-${STEP_PX}, least - from);
      const before = eye.getBoundingClientRect().top;
      scroller.scrollBy(0, by);
      await frame();
      await frame();
      if (eye.isConnected) found.drift = Math.max(found.drift, Math.abs(eye.getBoundingClientRect().top - before + by));
      if (found.first === "t1" && by > -1) break;
      if (by > -1) await new Promise((done) => setTimeout(done, 20));
    }
    return found;
  })()`)) as { readonly most: number; readonly blank: number; readonly drift: number; readonly first: string };
  assert.equal(walked.first, "t1");
  assert.ok(walked.most <= MOUNTED_ROWS, `${walked.most} rows`);
  assert.equal(walked.blank, 0);
  assert.ok(walked.drift <= ROUNDED_PX, `${walked.drift} px`);
});
