/** What a browser holds is erased for certain or said to be still there; what it has lost is called lost. */
import assert from "node:assert/strict";
import type { Page } from "puppeteer-core";
import type { PythonPeer } from "../interop/python-peer.ts";
import { ALICE, BOB } from "../stack.ts";
import type { Person } from "./person.ts";
import { publishedDevices } from "./published.ts";
import { Story } from "./story.ts";
import { until } from "./waiting.ts";

const story = Story.stage({ name: "erased-and-evicted", endpoint: "starttls" });
const ADDRESS = "alice@localhost";

let alice: Person;
let bob: PythonPeer;

async function ownDevice(): Promise<number> {
  const here = (await alice.devices()).find((row) => row.here);
  assert.ok(here, "alice has a device");
  return here.device;
}

const databases = (page: Page) => page.evaluate(async () => (await indexedDB.databases()).map(({ name = "" }) => name));

/** A page of the app's origin on which nothing of the app runs. */
async function bareOrigin(page: Page): Promise<void> {
  const style = await alice.page.evaluate(() => document.querySelector<HTMLLinkElement>("link[rel=stylesheet]")?.href);
  assert.ok(style, "the app has a style sheet");
  await page.goto(style);
}

story.test("a tab that hears nothing holds the data: it is called not erased, with what to do", async () => {
  [alice, bob] = await Promise.all([story.signedIn(ALICE, { called: "alice" }), story.peer(BOB)]);
  await alice.openChat("bob");
  await alice.send("a secret");
  await bob.reads("a secret");
  const device = await ownDevice();
  const deaf = await alice.page.browser().newPage();
  await bareOrigin(deaf);
  await deaf.evaluate(
    (name) =>
      new Promise<void>((resolve) => {
        const opening = indexedDB.open(name);
        // As a frozen tab does, it keeps its connection and does not answer when it is asked to let go.
        opening.onsuccess = () => resolve(void Object.assign(globalThis, { held: opening.result }));
      }),
    `alcove:${ADDRESS}`,
  );
  await alice.page.bringToFront();
  await alice.press("Account menu");
  await alice.press("Sign out");
  await alice.choice("Erase from this browser");
  await alice.reads(/Not erased yet/);
  await alice.reads(/Close every other tab and window with Alcove/);
  assert.ok((await databases(alice.page)).includes(`alcove:${ADDRESS}`), "nothing is claimed that is not so");
  await until("its device is off the list", async () => !(await publishedDevices(bob, ADDRESS)).includes(device));

  await alice.reload();
  await alice.reads(/Not erased yet/);
  await deaf.close();
  await alice.reads(/everything Alcove kept in this browser is erased/);
  assert.deepEqual(await databases(alice.page), ["alcove"]);
  await alice.reload();
  await alice.reads(/Use your XMPP account/);
});

story.test("the browser throws its storage away: alice is told, and agrees to be a new device", async () => {
  await alice.signIn(ALICE);
  await alice.openChat("bob");
  await bob.send(ADDRESS, "only for this browser");
  await alice.sees("only for this browser");
  const before = await ownDevice();
  await bareOrigin(alice.page);
  const session = await alice.page.createCDPSession();
  await session.send("Storage.clearDataForOrigin", { origin: story.stack.url, storageTypes: "indexeddb" });
  assert.deepEqual(await databases(alice.page), []);

  await alice.page.goto(story.stack.url);
  await alice.reads(/What this browser kept is gone/);
  await alice.reads(/becomes a new device with new keys/);
  assert.ok(!/history is still in this browser/.test(await alice.words()));
  assert.ok((await publishedDevices(bob, ADDRESS)).includes(before), "no device was made or removed silently");
  await alice.fill("Password", ALICE.password);
  await alice.press("Sign in as a new device");
  await alice.isConnected();
  const now = await ownDevice();
  assert.notEqual(now, before);
  await until("the new one took the place of the old", async () => {
    const listed = await publishedDevices(bob, ADDRESS);
    return listed.includes(now) && !listed.includes(before);
  });
  await alice.openChat("bob");
  await alice.send("here again");
  await bob.reads("here again");
  await bob.send(ADDRESS, "welcome");
  await alice.sees("welcome");
});

story.test(
  "a tab that stands still does not even say that it holds the data: within seconds the page does",
  async () => {
    const tab = await story.secondTab(alice);
    await tab.isConnected();
    const [engine] = alice.page.workers();
    assert.ok(engine, "the engine that leads");
    await engine.client.send("Debugger.enable");
    await engine.client.send("Debugger.pause");
    await tab.page.bringToFront();
    await tab.press("Account menu");
    await tab.press("Sign out");
    await tab.choice("Erase from this browser");
    await tab.reads(/Not erased yet/);
    await alice.closeTab();
    story.forget(alice);
    await tab.reads(/everything Alcove kept in this browser is erased/);
    assert.deepEqual(await databases(tab.page), ["alcove"]);
  },
);
