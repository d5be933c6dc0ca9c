/** A new browser reads the old messages: Chromium gives them to Firefox, and Firefox to another Chromium, over a real server. */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import type { ElementHandle } from "puppeteer-core";
import { keptOf, named, putPast } from "../handover/past.ts";
import { ALICE, BOB } from "../stack.ts";
import { findTexts } from "./canaries.ts";
import type { Person } from "./person.ts";
import { png } from "./png.ts";
import { Story } from "./story.ts";
import { until } from "./waiting.ts";

const story = Story.stage({ name: "handed-over", endpoint: "starttls" });
const PAST = { messages: 5_000, people: named("friend", 14), rooms: named("room", 6, "rooms.localhost") } as const;
const DATABASE = "alcove:alice@localhost";
/** Firefox takes as long as it takes. */
const PATIENCE_MS = 120_000;
const WIDE = 48;
/** Said between alice and bob with real keys: hello, three of his, a picture. */
const SAID = 5;

const folder = await mkdtemp(join(tmpdir(), "alcove-handed-over-"));
after(() => rm(folder, { recursive: true, force: true }));

let chromium: Person;
let firefox: Person;
let third: Person;

/** A long past is in the browser, as in one that has read it or in one that came later; what is said now stands behind it. */
async function has(who: Person, as: "texts" | "places"): Promise<void> {
  await who.page.evaluate(putPast, DATABASE, { ...PAST, as });
  await who.reload();
  await who.isConnected();
}

/** What stands in a conversation, without what is each browser's own. */
async function screenOf(person: Person, name: string) {
  await person.openChat(name);
  await until(`${person.called} sees ${name}`, async () => (await person.messages()).length > 4, {
    withinMs: PATIENCE_MS,
  });
  return person.messages();
}

const pictures = ({ page }: Person) =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLImageElement>(".file-open img")].map((image) => image.naturalWidth),
  );

/** The person presses Allow in one browser, and Yes in the other one, which says how many messages came. */
async function isLetIn(newer: Person, by: Person): Promise<number> {
  await newer.reads(/\b\d{3} \d{3}\b/);
  await by.press("Allow and send history");
  await newer.reads(/Did it show this code\?/);
  await newer.press("Yes, the same");
  const came = await until(
    `${newer.called} says what has come`,
    async () => /([\d,]+) older messages came from/.exec((await newer.notices()).join("\n"))?.[1],
    { withinMs: PATIENCE_MS, describe: () => newer.notices() },
  );
  await by.reads(new RegExp(`${came} older messages went to`));
  for (const who of [newer, by]) await who.press("Got it");
  return Number(came.replaceAll(",", ""));
}

async function areTheSame(one: Person, other: Person): Promise<void> {
  const [all, given] = [await one.page.evaluate(keptOf, DATABASE), await other.page.evaluate(keptOf, DATABASE)];
  assert.equal(all.length, PAST.messages + SAID);
  assert.deepEqual(given, all, "every message, in its place, with its marks");
  for (const name of ["bob", "friend3", "room2"]) {
    const [here, there] = [await screenOf(one, name), await screenOf(other, name)];
    const rows = Math.min(here.length, there.length);
    assert.deepEqual(there.slice(-rows), here.slice(-rows), `the screen of ${name}`);
  }
}

story.test("alice has talked with twenty in Chromium, and with bob just now", async () => {
  chromium = await story.signedIn(ALICE, { called: "alice in Chromium" });
  await has(chromium, "texts");
  const bob = await story.peer(BOB);
  await chromium.openChat("bob");
  await chromium.send("hello bob");
  await bob.reads("hello bob");
  for (let n = 1; n <= 3; n += 1) await bob.send("alice@localhost", `bob wrote ${n}`);
  await chromium.sees("bob wrote 3");
  const path = join(folder, "picture.png");
  await writeFile(path, png(WIDE, 90));
  const input = (await chromium.page.$("input[type=file]")) as ElementHandle<HTMLInputElement> | null;
  await input?.uploadFile(path);
  await until("it is in the tray", () =>
    chromium.page.evaluate(() => document.querySelectorAll(".tray-file").length === 1),
  );
  await chromium.press("Send");
  await until("the picture is sent", async () => (await pictures(chromium)).join() === String(WIDE));
  await until("bob has it", async () => (await chromium.messages()).at(-1)?.state === "sent" || undefined);
});

story.test("Firefox is let in with the history: all 5,000 are the same there, pictures and marks too", async () => {
  firefox = await story.signedIn(ALICE, { called: "alice in Firefox", browser: "firefox", others: () => [] });
  await has(firefox, "places");
  assert.equal(await isLetIn(firefox, chromium), PAST.messages + SAID);
  await areTheSame(chromium, firefox);
  await firefox.openChat("bob");
  await until("Firefox shows the picture", async () => (await pictures(firefox)).join() === String(WIDE), {
    withinMs: PATIENCE_MS,
  });
});

story.test("Firefox gives it on to a third browser, the first one being closed", async () => {
  await story.leaves(chromium);
  third = await story.signedIn(ALICE, { called: "alice in another Chromium", others: () => [] });
  await has(third, "places");
  assert.equal(await isLetIn(third, firefox), PAST.messages + SAID);
  await areTheSame(firefox, third);
});

story.test("nothing that was handed over can be read in the object", async () => {
  const { texts } = await third.page.evaluate(async (name) => {
    const opening = indexedDB.open(name);
    const database = await new Promise<IDBDatabase>((resolve) => {
      opening.onsuccess = () => resolve(opening.result);
    });
    const asking = database.transaction("messages").objectStore("messages").getAll(undefined, 400);
    const rows = await new Promise<{ body: { text: string } }[]>((resolve) => {
      asking.onsuccess = () => resolve(asking.result);
    });
    database.close();
    return { texts: rows.map(({ body }) => body.text) };
  }, DATABASE);
  const canaries = ["bob wrote 2", ...texts.filter((_, n) => n % 20 === 0)];
  assert.deepEqual(await findTexts(await story.stack.objectDatabases(), canaries), []);
});
