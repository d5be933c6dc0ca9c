/** What other languages do to a screen: German words are long, Arabic lines run to the left. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { onStage } from "./on-stage.ts";

const stage = onStage();
const { comes, read, show } = stage;

const NARROW = { width: 320, height: 780 };
const DESKTOP = { width: 1180, height: 760 };
const FINGER = { width: 390, height: 780, hasTouch: true, isMobile: true };

/** Words that reach beyond the screen, or into what stands beside them. */
const CUT = `(() => {
  const top = document.querySelector("dialog[open]") ?? document.body;
  const shown = [...top.querySelectorAll("button, label, h1, h2, h3, p, dt")].filter((one) => one.checkVisibility());
  return shown.flatMap((one) => {
    const { left, right } = one.getBoundingClientRect();
    // The room around a small one is its own, and no words.
    const over = one.matches("dt, button:not(.link, .head-about)") && one.scrollWidth > one.clientWidth + 1;
    return left < 0 || right > innerWidth + 0.5 || over ? [one.textContent] : [];
  });
})()`;

/** Where the newest message is. */
const NEWEST = `(() => {
  const newest = [...document.querySelectorAll("li[data-key] .bubble")].at(-1).getBoundingClientRect();
  return [newest.left + newest.width / 2, newest.top + newest.height / 2];
})()`;

for (const scene of ["sign-in", "chat-request", "chat-stranger", "kept-away", "message-info", "devices", "stay-online"])
  test(`${scene}: no German word is cut off on the narrowest phone`, async () => {
    await stage.page.setViewport(NARROW);
    await show(scene, "language=de");
    assert.deepEqual(await read(CUT), []);
  });

test("from right to left an English name and preview begin where rows begin, and are cut off at their ends", async () => {
  await stage.page.setViewport(DESKTOP);
  await show("list", "language=ar");
  const rows = await read(`[...document.querySelectorAll(".row")].flatMap((row) => {
    const [preview] = row.querySelectorAll(".row-preview > bdi");
    if (preview === undefined || preview.scrollWidth <= preview.clientWidth) return [];
    const words = document.createRange();
    words.setStart(preview.firstChild, 0);
    words.setEnd(preview.firstChild, 1);
    return [words.getBoundingClientRect().left >= preview.getBoundingClientRect().left - 1];
  })`);
  assert.ok(Array.isArray(rows) && rows.length > 0, "one is cut off");
  assert.ok(rows.every(Boolean), "its first letter is there");
});

/** Of each time: whether what comes first in it stands where its language begins, at the right. */
const TIMES = `[...document.querySelectorAll("time")].flatMap((time) => {
  const words = time.firstChild;
  if (!time.checkVisibility() || !/\\d.*[ء-ي]/u.test(words?.data ?? "")) return [];
  const place = (from) => {
    const range = document.createRange();
    range.setStart(words, from);
    range.setEnd(words, from + 1);
    return range.getBoundingClientRect().left;
  };
  return [place(0) > place(words.length - 1) ? "" : time.textContent];
})`;

test("U22: from right to left the hour comes before what it is the hour of, in the list and beside a message", async () => {
  await stage.page.setViewport(DESKTOP);
  for (const scene of ["list", "chat", "room", "search-words"]) {
    await show(scene, "language=ar");
    await comes(`${scene} has times`, `(${TIMES}).length > 0`);
    const turned = (await read(TIMES)) as readonly string[];
    assert.deepEqual(turned.filter(Boolean), [], scene);
  }
});

test("from right to left an arrow back points to the right, and one on to the left", async () => {
  await show("writing-menu", "language=ar");
  const turned = await read(
    `["reply", "forward"].map((name) => getComputedStyle(document.querySelector("[role=menu] .icon-" + name)).transform)`,
  );
  assert.deepEqual(turned, ["matrix(-1, 0, 0, 1, 0, 0)", "matrix(-1, 0, 0, 1, 0, 0)"]);
});

test("from right to left own messages stand at the left, and the empty composer begins at the right", async () => {
  await stage.page.setViewport(DESKTOP);
  await show("chat", "language=ar");
  const sides = await read(`[".mine .bubble", ".message:not(.mine) .bubble"].map((bubble) => {
    const [one] = document.querySelectorAll(bubble);
    const [{ left, right }, all] = [one.getBoundingClientRect(), one.closest("li").getBoundingClientRect()];
    return left - all.left < all.right - right ? "left" : "right";
  })`);
  assert.deepEqual(sides, ["left", "right"]);
  assert.equal(await read(`getComputedStyle(document.querySelector("textarea")).direction`), "rtl");
});

test("from right to left a message is answered by drawing it to the left, not to the right", async () => {
  await stage.page.setViewport(FINGER);
  await show("chat", "language=ar");
  const at = await read(NEWEST);
  const [x = 0, y = 0] = at as readonly number[];
  const wrong = await stage.page.touchscreen.touchStart(x, y);
  for (const by of [20, 50, 90]) await wrong.move(x + by, y);
  assert.equal(await read(`document.querySelector("[data-swiped=enough]") === null`), true);
  await wrong.end();
  assert.equal(await read(`document.querySelector(".writing-bar") === null`), true);
  const swipe = await stage.page.touchscreen.touchStart(x, y);
  for (const by of [20, 50, 90]) await swipe.move(x - by, y);
  await comes("it follows the finger", `document.querySelector("[data-swiped=enough]") !== null`);
  await swipe.end();
  await comes("it is being answered", `document.querySelector(".writing-bar") !== null`);
});

test("from right to left a menu opens to the left of the pointer", async () => {
  await stage.page.setViewport(DESKTOP);
  await show("chat", "language=ar");
  const at = await read(NEWEST);
  const [x = 0, y = 0] = at as readonly number[];
  await stage.page.mouse.click(x, y, { button: "right" });
  // It grows a little while it opens.
  await comes(
    "its right edge is at the pointer",
    `Math.abs(document.querySelector(".floating-menu .menu")?.getBoundingClientRect().right - ${x}) < 1.5`,
  );
});
