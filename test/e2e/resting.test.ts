/**
 * D11: a page that nobody has looked at for long. Another tab is in front of it, as with a pinned tab; its account lets go of
 * the stream, looks in now and then, and stands again as soon as somebody looks.
 */
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "puppeteer-core";
import type { PythonPeer } from "../interop/python-peer.ts";
import { ALICE, BOB } from "../stack.ts";
import type { Meter } from "../bench/meter.ts";
import type { Person } from "./person.ts";
import { Story } from "./story.ts";
import { until } from "./waiting.ts";

const story = Story.stage({ name: "resting", endpoint: "starttls", entry: "test/bench/entry.ts" });
const WHOSE = "alice@localhost";
/** A hidden page rests at the next alarm, and does not look in by itself while the test lasts. */
const TIMES = { afterMs: 300, everyMs: 60 * 60_000, lookMs: 1_500 } as const;
const SOON_MS = 200;
/** The line of the connection appears after a second, if at all: of a second that is so much longer, where a machine may be slow. */
const SLOWER = 60;

let a: Person;
let bob: PythonPeer;
let front: Page;

const restedAt = async () => {
  const [row] = await story.stack.objectRows(WHOSE, "select value from meta where key = 'rested-at'");
  return row && Number(row["value"]);
};

async function rests(since = 0): Promise<void> {
  await until("the account rests", async () => {
    if (((await restedAt()) ?? 0) > since) return true;
    await story.stack.ringAlarm(WHOSE);
    return false;
  });
}

/** The time until the next look goes by at once. */
async function looksIn(): Promise<void> {
  await story.stack.objectRows(WHOSE, "update meta set value = '0' where key = 'rested-at'");
  await story.stack.hurryAlarm(WHOSE, SOON_MS);
  await until("it has looked", async () => (await restedAt()) !== 0);
}

/** People look at one tab of a window; the others are hidden. */
async function turnsAway(person: Person): Promise<void> {
  front = await person.page.browser().newPage();
  await person.page.emulateFocusedPage(false);
  await front.bringToFront();
  await until("the page is hidden", () => person.page.evaluate(() => document.visibilityState === "hidden"));
}

async function turnsBack(person: Person): Promise<void> {
  await person.page.bringToFront();
  await front.close();
  await person.page.emulateFocusedPage(true);
}

/** The page writes down whenever its line of the connection can be seen. */
const watchTheLine = (page: Page) =>
  page.evaluate(() => {
    const seen: string[] = [];
    Object.assign(globalThis, { seen });
    const look = () => {
      const line = document.querySelector<HTMLElement>("[data-testid=connection]");
      // It stands over what is below it, and takes no place.
      if (line !== null && Number(getComputedStyle(line).opacity) > 0) seen.push(line.textContent);
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
const lineSeen = (page: Page) => page.evaluate(() => (globalThis as unknown as { seen: readonly string[] }).seen);

/** What the object was asked by pages and by its alarm, since it was made. */
async function asked(): Promise<number> {
  const reply = await fetch(`${story.stack.url}/api/test/meter?account=${WHOSE}`, { method: "POST" });
  const { requests, frames } = (await reply.json()) as Meter;
  return requests + frames;
}

story.test("D11: hidden for long it rests; each look brings what came to the page that nobody sees", async () => {
  [a, bob] = await Promise.all([story.signedIn(ALICE, { called: "alice in A" }), story.peer(BOB)]);
  await a.openChat("bob");
  await a.send("do you read this?");
  await bob.reads("do you read this?");
  await bob.send(WHOSE, "yes");
  await a.sees("yes");
  await story.stack.setResting(TIMES);
  // In life it has five seconds, on a server that is not on a machine with all of this.
  await story.stack.setProving(60_000);
  await story.stack.ringAlarm(WHOSE);
  assert.equal(await restedAt(), undefined, "somebody looks");
  await turnsAway(a);
  await rests();
  const binds = await story.stack.xmpp.binds(WHOSE);
  await bob.send(WHOSE, "while nobody looked");
  await sleep(2 * SOON_MS);
  assert.equal(await a.page.title(), "Alcove");
  const tells = async () => {
    await looksIn();
    return /1/.test(await a.page.title());
  };
  await until("a look brings it, and the title tells", tells, { describe: () => a.page.title() });
  await rests();
  const before = await asked();
  await looksIn();
  await rests();
  assert.ok((await asked()) - before <= 4, "with nothing new there is little but the alarm");
  assert.equal(await story.stack.xmpp.binds(WHOSE), binds, "one session all along");
});

story.test("D11: whoever looks again finds it standing, without a word about a connection", async () => {
  await bob.send(WHOSE, "just before she looked");
  await watchTheLine(a.page);
  const slowly = await a.page.createCDPSession();
  await slowly.send("Animation.enable");
  await slowly.send("Animation.setPlaybackRate", { playbackRate: 1 / SLOWER });
  await turnsBack(a);
  await a.sees("just before she looked");
  await a.isConnected();
  assert.deepEqual(await lineSeen(a.page), []);
  await slowly.send("Animation.setPlaybackRate", { playbackRate: 1 });
  assert.equal(await restedAt(), undefined);
  await a.send("and writes at once");
  await bob.reads("and writes at once");
});

story.test("D11: two tabs, and one of them is looked at: it does not rest", async () => {
  const tab = await story.secondTab(a);
  await tab.isConnected();
  await turnsAway(a);
  assert.equal(await tab.page.evaluate(() => document.visibilityState), "visible");
  await story.stack.ringAlarm(WHOSE);
  await sleep(2 * TIMES.lookMs);
  await story.stack.ringAlarm(WHOSE);
  assert.equal(await restedAt(), undefined);
  await tab.closeTab();
  story.forget(tab);
  await rests();
  await turnsBack(a);
});
