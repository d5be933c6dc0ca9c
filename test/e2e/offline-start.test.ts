/** The deployment's server is down: what is in the browser can be read, what is written waits. */
import assert from "node:assert/strict";
import { startDevWorker } from "../../tools/dev-worker.ts";
import { ALICE, BOB } from "../stack.ts";
import type { PythonPeer } from "../interop/python-peer.ts";
import type { Person } from "./person.ts";
import { Story } from "./story.ts";
import { until } from "./waiting.ts";

const story = Story.stage({ name: "offline-start", endpoint: "starttls", start: startDevWorker });

let alice: Person;
let tab: Person;
let bob: PythonPeer;

const isKept = (person: Person) =>
  person.page.evaluate(
    async () =>
      navigator.serviceWorker.controller !== null &&
      (
        await Promise.all((await caches.keys()).map((name) => caches.open(name).then((cache) => cache.match("/"))))
      ).some((page) => page !== undefined),
  );

story.test(
  "U9: with the server down a new tab starts from the browser, shows what it has, and says what is the matter",
  async () => {
    [alice, bob] = await Promise.all([story.signedIn(ALICE, { called: "alice" }), story.peer(BOB)]);
    await bob.send("alice@localhost", "before the storm");
    await alice.openChat("bob");
    await alice.sees("before the storm");
    await until("the page is kept", () => isKept(alice));
    await story.outage(async () => {
      await story.stack.killWorker();
      await alice.reload();
      await alice.reads(/You are offline|Alcove cannot be reached/);
      await alice.sees("before the storm");
      tab = await story.secondTab(alice);
      tab.troubles.outage = true;
      await tab.openChat("bob");
      await tab.sees("before the storm");
    });
    tab.troubles.outage = true;
  },
);

story.test("U9: the page from the browser's own keeping is as strict as the server's", async () => {
  // A tab that nobody watches: the browser writes what it refuses into the console.
  const bare = await tab.page.browser().newPage();
  await bare.goto(story.stack.url);
  const strict = await bare.evaluate(() => {
    try {
      document.createElement("p").innerHTML = "<b>bold</b>";
      return [false];
    } catch (error) {
      return [error instanceof TypeError, globalThis.crossOriginIsolated];
    }
  });
  await bare.close();
  assert.deepEqual(strict, [true, true]);
});

story.test("U9: what is written meanwhile waits and is sent when the server is back, in both tabs once", async () => {
  alice.troubles.outage = true;
  await tab.send("after the storm");
  await tab.isMarked("after the storm", "waiting");
  await story.stack.startWorker();
  await Promise.all([tab.isMarked("after the storm", "sent", "delivered", "read"), bob.reads("after the storm")]);
  await alice.sees("after the storm");
  for (const one of [alice, tab]) one.troubles.outage = false;
});

story.test("U9: erasing everything erases the kept page, too", async () => {
  await tab.closeTab();
  story.forget(tab);
  await alice.signOut("erase");
  await until("nothing is kept", () =>
    alice.page.evaluate(
      async () => (await caches.keys()).length === 0 && (await navigator.serviceWorker.getRegistrations()).length === 0,
    ),
  );
});
