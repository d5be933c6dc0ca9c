/** A part of the page that is fetched later and cannot be had: the way to it is cut, or a newer release has taken its place. */
import assert from "node:assert/strict";
import { ALICE, BOB } from "../stack.ts";
import type { Person } from "./person.ts";
import { Story } from "./story.ts";
import { until } from "./waiting.ts";

const story = Story.stage({ name: "part-missing", endpoint: "starttls" });
const LATER = /\/assets\/(?:aside|every-dialog|failures|menus|screens)-/;
const ENGINE_LATER = /\/assets\/engine-later-/;
/** As the Worker answers for the script of another release. */
const GONE = { status: 404, contentType: "text/plain; charset=UTF-8", body: "Not found" };

let alice: Person;
let cuts = 0;
let way: "open" | "gone" | "cut" = "gone";
let engineWay: "open" | "gone" = "gone";

story.test("what is told by a script that is gone says so, and what is being written stays", async () => {
  await story.signedIn(BOB, { called: "bob" });
  alice = await story.person({
    called: "alice",
    prepare: async (page) => {
      // What is kept for a start without the server would bring it all the same.
      await page.setBypassServiceWorker(true);
      await page.setRequestInterception(true);
      page.on("request", (request) => {
        if (engineWay === "gone" && ENGINE_LATER.test(request.url())) void request.respond(GONE);
        else if (way === "open" || !LATER.test(request.url())) void request.continue();
        else if (way === "cut") void request.abort("internetdisconnected").then(() => (cuts += 1));
        else void request.respond(GONE);
      });
    },
  });
  alice.troubles.outage = true;
  await alice.fillSignIn("alice@localhost", "not this one");
  const says = (words: RegExp) => async () => words.test((await alice.signInFailure()) ?? "");
  await until("it is said that the words are missing", says(/words that say why could not be loaded/));
  await alice.reads(/Details: not-loaded/);
  // Nothing of it was remembered: pressed again, it is fetched again.
  engineWay = "open";
  await alice.fillSignIn("alice@localhost", "not this one");
  await alice.reads(/Details: wrong-password/);
  await alice.signIn(ALICE);
  await alice.openChat("bob");
  await alice.types("half a thought");
  await alice.press("Account menu");
  await alice.press("Sign out");
  await alice.reads(/This part could not be loaded/);
  await alice.reads(/Nothing was lost\. Check that you are online and try again/);
  await alice.press("Close");
  assert.equal(await alice.draft(), "half a thought");
  await alice.send("half a thought, ended");
});

story.test("a screen whose script cannot be had says so, and the way back is there", async () => {
  way = "cut";
  await alice.press("Account menu");
  await alice.press("Devices");
  await alice.reads(/This part could not be loaded/);
  const before = cuts;
  await alice.press("Try again");
  await until("it was tried once more", async () => cuts > before);
  await alice.reads(/This part could not be loaded/);
});

story.test("once it can be had, Try again brings it", async () => {
  way = "open";
  // It is tried again by itself, too: where that was faster the button has gone.
  await alice.page.evaluate(() => {
    const buttons = [...document.querySelectorAll("button")];
    buttons.find(({ textContent }) => textContent === "Try again")?.click();
  });
  await until("her devices are shown", async () => (await alice.devices()).length > 0);
  await alice.openChat("bob");
  await alice.press("Account menu");
  await alice.press("Sign out");
  await alice.reads(/Keep on this browser/);
  await alice.press("Cancel");
  alice.troubles.outage = false;
});
