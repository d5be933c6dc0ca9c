/** What somebody was about to say is still there after the tab has gone. */
import assert from "node:assert/strict";
import { ALICE, BOB } from "../stack.ts";
import type { PythonPeer } from "../interop/python-peer.ts";
import type { Person } from "./person.ts";
import { Story } from "./story.ts";
import { until } from "./waiting.ts";

const story = Story.stage({ name: "drafts", endpoint: "starttls" });

let alice: Person;
let other: Person;
let bob: PythonPeer;

const rowSays = (person: Person) =>
  person.page.evaluate(() => document.querySelector("[data-jid='bob@localhost'] .row-preview")?.textContent ?? "");

story.test("U7, B1: half a thought is there after a reload, and its row says so", async () => {
  [alice, bob] = await Promise.all([story.signedIn(ALICE, { called: "alice" }), story.peer(BOB)]);
  await bob.send("alice@localhost", "coffee?");
  await alice.openChat("bob");
  await alice.sees("coffee?");
  await alice.types("yes, but not before");
  await alice.leaveChat();
  // Kept a moment after the last letter: what was typed in that moment may go with the page.
  await until("it is kept", async () => /^Draft:.*yes, but not before/.test(await rowSays(alice)));
  await alice.openChat("bob");
  await alice.reload();
  await alice.isConnected();
  await until("it stands in the composer", async () => (await alice.draft()) === "yes, but not before");
  await alice.leaveChat();
  await until("the row says so", async () => /^Draft:.*yes, but not before/.test(await rowSays(alice)));
});

story.test("U7: a browser of hers that comes later has it, too", async () => {
  other = await story.signedIn(ALICE, { called: "alice in another browser" });
  await until("its row says so there", async () => /^Draft:.*yes, but not before/.test(await rowSays(other)));
  await other.openChat("bob");
  await until("it stands in the composer there", async () => (await other.draft()) === "yes, but not before");
  await other.leaveChat();
});

story.test("U7: once it is sent it is a message everywhere and a draft nowhere, also after a reload", async () => {
  await alice.openChat("bob");
  await other.openChat("bob");
  await alice.send("yes, but not before ten");
  await Promise.all([bob.reads("yes, but not before ten"), other.sees("yes, but not before ten")]);
  await alice.reload();
  await alice.isConnected();
  await alice.sees("yes, but not before ten");
  assert.equal(await alice.draft(), "");
  await alice.leaveChat();
  assert.doesNotMatch(await rowSays(alice), /Draft/);
  await until("nor in the other browser", async () => !/Draft/.test(await rowSays(other)));
});
