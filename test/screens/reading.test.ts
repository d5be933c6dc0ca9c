import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "../e2e/waiting.ts";
import { onStage } from "./on-stage.ts";

/** Rounding of sub-pixel positions. */
const STILL_PX = 1.5;
const MOUNTED_ROWS = 170;
const SETTLE_MS = 150;

const stage = onStage(SETTLE_MS);
const { comes, show } = stage;

const FRAMES = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))";
const pause = () => new Promise((resolve) => setTimeout(resolve, SETTLE_MS));

/** The first row in sight and where it stands. */
const rowInSight = (): Promise<{ readonly key: string; readonly top: number; readonly mounted: number }> =>
  stage.page.evaluate(`(() => {
    const scroller = document.querySelector(".scroller");
    const top = scroller.getBoundingClientRect().top;
    const rows = [...scroller.querySelectorAll("li[data-key]")];
    const row = rows.find((candidate) => candidate.getBoundingClientRect().bottom > top);
    return { key: row.dataset.key, top: row.getBoundingClientRect().top, mounted: rows.length };
  })()`) as never;

const topOf = (key: string): Promise<number | undefined> =>
  stage.page.evaluate(`document.querySelector('li[data-key="${key}"]')?.getBoundingClientRect().top`) as never;
const scrollBy = async (pixels: number): Promise<void> => {
  await stage.page.evaluate(`document.querySelector(".scroller").scrollBy(0, ${pixels})`);
};

test("scrolling to the beginning of a long conversation never moves the row in sight, and mounts a bounded number of rows", async () => {
  await show("chat-long");
  const seen = new Set<string>();
  const above = () =>
    stage.page.evaluate(`(() => {
      const { scrollTop, scrollHeight, clientHeight } = document.querySelector(".scroller");
      const first = document.querySelector(".scroller li.message .words").textContent;
      return scrollHeight - clientHeight + scrollTop >= 300 || first.startsWith("Stop number 1.");
    })()`);
  for (let step = 0; step < 200; step++) {
    await until("there is more above, or it is the beginning", async () => (await above()) === true);
    const row = await rowInSight();
    seen.add(row.key);
    assert.ok(row.mounted <= MOUNTED_ROWS, `${row.mounted} rows`);
    const before = row.top;
    await scrollBy(-300);
    await stage.read(FRAMES);
    const top = await topOf(row.key);
    assert.ok(top !== undefined, `row ${row.key} was unmounted in sight`);
    const first = (await stage.page.evaluate(
      `document.querySelector(".scroller li.message .words").textContent`,
    )) as string;
    const moved = top - before;
    if (Math.abs(moved - 300) > STILL_PX) {
      assert.ok(first.startsWith("Stop number 1."), `moved by ${moved} instead of 300`);
      return;
    }
  }
  assert.fail("the beginning was not reached");
});

test("a new message does not move what is being read further up, and is counted", async () => {
  await show("chat-long");
  await scrollBy(-2_000);
  await pause();
  const row = await rowInSight();
  await stage.page.evaluate(`(() => {
    const items = [{ key: "late", chat: "rui@example.net", position: 100000, at: Date.now(), outgoing: false, encrypted: true, body: { kind: "text", text: "One more thing" } }];
    engine.tell({ type: "messages", chat: "rui@example.net", items, removed: [], beforeDevice: 0, readTo: 0 });
    engine.tell({ type: "chats", removed: [], chats: [{ ...app.chats.peek().get("rui@example.net"), unread: 1 }] });
  })()`);
  await pause();
  assert.ok(Math.abs(((await topOf(row.key)) ?? Number.NaN) - row.top) <= STILL_PX);
  const jump = await stage.page.waitForSelector("aria/Jump to the newest message[role='button']");
  await comes("it is counted", `document.querySelector(".jump .badge")?.textContent === "1"`);
  await jump?.click();
  await comes(
    "it is shown, and there is nothing to jump to",
    `document.querySelector(".messages li:last-child .words")?.textContent === "One more thing" &&
      document.querySelector(".jump") === null`,
  );
});

test("U2: 300 unread messages: it begins at the first, the line stays, and what counts them agrees and falls on the way down", async () => {
  await show("chat-absence");
  const page = (script: string) => stage.page.evaluate(script);
  // The engine counts; here the page's own rows do.
  await page(`(() => {
    const row = () => app.chats.peek().get("rui@example.net");
    const { items } = app.conversation("rui@example.net").loaded;
    const left = (to) => items.peek().filter((item) => !item.outgoing && item.position > to).length;
    const tell = (readTo) => engine.tell({ type: "chats", removed: [], chats: [{ ...row(), readTo, unread: left(readTo) }] });
    engine.read = async ({ position }) => tell(position);
    tell(row().readTo);
  })()`);
  const counts = async () => {
    const [row, jump, title] = (await page(`[
      document.querySelector("[role=option][data-jid='rui@example.net'] .badge")?.textContent,
      document.querySelector(".jump .badge")?.textContent,
      /\\((.+)\\)/.exec(document.title)?.[1],
    ]`)) as readonly (string | undefined)[];
    return { row: Number(row ?? 0), jump: Number(jump ?? 0), others: Number(title ?? 0) - Number(row ?? 0) };
  };
  const below = () => page(`document.querySelector("li.unread")?.nextElementSibling?.dataset.key`);
  const first = await below();
  const shown = (await page(`(() => {
    const { top, bottom } = document.querySelector(".scroller").getBoundingClientRect();
    const line = document.querySelector("li.unread").getBoundingClientRect();
    return line.top > top && line.bottom < bottom;
  })()`)) as boolean;
  assert.ok(shown, "the line is in sight");
  const { key } = await rowInSight();
  assert.ok(key !== first, "with something of what was read before above it");
  const before = await counts();
  assert.ok(before.row > 250, `${before.row} are unread`);
  let last = before.row;
  for (let step = 0; step < 120 && last > 0; step += 1) {
    await scrollBy(900);
    await until("the counts agree", async () => {
      const now = await counts();
      return now.row === now.jump && now.others === before.others;
    });
    const now = (await counts()).row;
    assert.ok(now <= last, `${now} after ${last}`);
    last = now;
    const line = await below();
    assert.ok(line === undefined || line === first, "the line stands where it stood");
  }
  await until("all is read at the newest one", async () => (await counts()).row === 0);
  assert.ok(last < before.row / 2, "they fell on the way");
});

test("a gap that is filled moves nothing in sight, however much comes in above and between", async () => {
  await show("chat-long");
  await scrollBy(-2_000);
  await pause();
  const tell = (script: string) => stage.page.evaluate(`(() => { ${script} })()`);
  const row = await rowInSight();
  const place = Number(row.key.slice(1));
  const gap = (position: number) =>
    `{ gap: "g${position}", position: ${position}, at: Date.now(), state: "open", why: "catching-up" }`;
  const stands = async (what: string) => {
    await pause();
    const top = (await topOf(row.key)) ?? Number.NaN;
    assert.ok(Math.abs(top - row.top) <= STILL_PX, `${what}: ${top - row.top} px`);
  };
  await tell(`engine.tell({ type: "gaps", gaps: [${gap(place - 0.5)}, ${gap(place + 1.5)}] });`);
  await stands("two gaps are found");
  assert.equal(await stage.page.$$eval("[data-gap=open]", (rows) => rows.length), 2);
  const fill = (from: number) => `engine.tell({
    type: "messages", chat: "rui@example.net", removed: [], beforeDevice: 0, readTo: 100000,
    items: Array.from({ length: 120 }, (_, at) => ({ key: "fill${from}-" + at, chat: "rui@example.net",
      position: ${from} + at / 1000, at: Date.now(), outgoing: false, encrypted: true, body: { kind: "text", text: "Found again" } })),
  });`;
  await tell(fill(place - 0.7));
  await stands("the one above is filled");
  await tell(fill(place + 1.2));
  await stands("the one below is filled");
  await tell(`engine.tell({ type: "gaps", gaps: [] });`);
  await stands("both are gone");
  assert.equal(await stage.page.$("[data-gap]"), null);
  assert.ok((await rowInSight()).mounted <= MOUNTED_ROWS);
});

test("older messages that come from the archive push nothing down", async () => {
  await show("chat-older-loading");
  await stage.page.waitForSelector("[data-older=loading]");
  await show("chat-older-failed");
  await stage.page.waitForSelector("[data-older=failed]");
  await stage.page.click("aria/Try again[role='button']");
  await stage.page.waitForSelector("[data-older=failed]");
});

test("the list is one tab stop, walked with the arrow keys; Escape comes back to the row that was open", async () => {
  await show("list");
  assert.equal(
    await stage.page.$$eval(
      "[role=option]",
      (rows) => rows.filter((row) => (row as HTMLElement).tabIndex === 0).length,
    ),
    1,
  );
  await stage.page.focus("[role=option]");
  await stage.page.keyboard.press("ArrowDown");
  await stage.page.keyboard.press("Enter");
  await stage.page.waitForSelector("main[aria-label='Conversation with Bob Okafor']");
  await comes("the composer has the focus", `document.activeElement.getAttribute("aria-label") === "Message"`);
  await stage.page.keyboard.press("Escape");
  await comes("the row has it back", `document.activeElement.dataset.name === "Bob Okafor"`);
  await stage.page.keyboard.down("Control");
  await stage.page.keyboard.press("k");
  await stage.page.keyboard.up("Control");
  await comes("the switcher has it", `document.activeElement.getAttribute("aria-label") === "Person, room or message"`);
  await stage.page.keyboard.press("Escape");
  await comes("the switcher is gone", `document.querySelector("dialog") === null`);
  await stage.page.keyboard.press("/");
  await comes("the search has it", `document.activeElement.id === "filter"`);
});

test("a dialog closes on Escape and gives the focus back to what opened it", async () => {
  await show("list");
  await stage.page.click("aria/New chat[role='button']");
  await stage.page.waitForSelector("dialog[open]");
  await comes("its field has the focus", `document.activeElement.tagName === "INPUT"`);
  await stage.page.keyboard.press("Escape");
  await comes(
    "it is closed, and the button has it back",
    `document.querySelector("dialog") === null && document.activeElement.getAttribute("aria-label") === "New chat"`,
  );
});

test("the devices that are opened by keyboard have the focus, and Escape gives it back to what led there", async () => {
  const focus = () =>
    stage.page.evaluate(
      `(({ dataset, ariaLabel, textContent }) => dataset.name ?? ariaLabel ?? textContent)(document.activeElement)`,
    );
  await show("list");
  await stage.page.focus("aria/Account menu[role='button']");
  for (const key of ["Enter", "Tab", "Tab", "Enter"] as const) await stage.page.keyboard.press(key);
  await until("their title has the focus", async () => (await focus()) === "Your devices");
  await stage.page.keyboard.press("Escape");
  await until("the menu's button has it again", async () => (await focus()) === "Account menu");
  await stage.page.evaluate(`app.go({ screen: "devices", of: "bob@example.org" })`);
  await until("Bob's have it", async () => (await focus()) === "Devices of Bob Okafor");
  await stage.page.keyboard.press("Escape");
  await until("his row has it", async () => (await focus()) === "Bob Okafor");
});
