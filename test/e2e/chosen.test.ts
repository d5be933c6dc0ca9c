/** What somebody chooses for a conversation in one of their browsers is so in the other, and stays without a server. */
import assert from "node:assert/strict";
import { ALICE, BOB } from "../stack.ts";
import type { PythonPeer } from "../interop/python-peer.ts";
import type { Person } from "./person.ts";
import { Story } from "./story.ts";
import { until } from "./waiting.ts";

const story = Story.stage({ name: "chosen", endpoint: "starttls" });

let alice: Person;
let other: Person;
let bob: PythonPeer;

const ROW = `[role=option][data-jid="bob@localhost"]`;
/** Shapes in the row, by their names; undefined: it is not in the list. */
const signs = (person: Person) =>
  person.page.evaluate((row) => {
    const found = document.querySelector(row);
    return found && [...found.querySelectorAll(".row-sign, .badge-dot")].map((sign) => sign.getAttribute("aria-label"));
  }, ROW);
const shows = (person: Person, ...expected: readonly string[]) =>
  until(`${person.called} sees ${expected.join()}`, async () => (await signs(person))?.join() === expected.join(), {
    describe: () => signs(person),
  });

/** In the menu of the row; muting asks for how long. */
async function chooses(person: Person, entry: string, time?: string): Promise<void> {
  await person.clicks(ROW, { button: "right" });
  await person.clicks(`::-p-aria(${entry}[role="menuitem"])`);
  if (time !== undefined) await person.clicks(`::-p-aria(${time}[role="button"])`);
}

story.test("pinned, muted and marked in one browser is so in the other", async () => {
  [alice, bob] = await Promise.all([story.signedIn(ALICE, { called: "alice" }), story.peer(BOB)]);
  other = await story.signedIn(ALICE, { called: "alice in another browser" });
  await bob.send("alice@localhost", "coffee?");
  await alice.openChat("bob");
  await alice.sees("coffee?");
  await alice.leaveChat();
  await chooses(alice, "Pin");
  await Promise.all([alice, other].map((person) => shows(person, "Pinned")));
  await chooses(other, "Mute…", "Until I turn it on again");
  await Promise.all([alice, other].map((person) => shows(person, "Muted", "Pinned")));
  await chooses(alice, "Mark as unread");
  await Promise.all([alice, other].map((person) => shows(person, "Muted", "Pinned", "Marked as unread")));
});

story.test("whoever opens it has come back to it, in both", async () => {
  await other.openChat("bob");
  await Promise.all([alice, other].map((person) => shows(person, "Muted", "Pinned")));
  await other.leaveChat();
});

story.test("B4: muted, it counts nowhere in the title", async () => {
  await bob.send("alice@localhost", "or tea?");
  await alice.seesChat("bob@localhost", { unread: 1, preview: "or tea?" });
  assert.equal(await alice.page.title(), "Alcove");
  await chooses(alice, "Unmute");
  await until("the title says it", async () => /1/.test(await alice.page.title()));
  await until("so does the other one's", async () => /1/.test(await other.page.title()));
});

story.test("archived in one it leaves the list of both, and comes back with the next message", async () => {
  await chooses(alice, "Archive");
  for (const person of [alice, other])
    await until(`${person.called} does not see it`, async () => (await signs(person)) === null);
  await bob.send("alice@localhost", "are you there?");
  for (const person of [alice, other]) await person.seesChat("bob@localhost", { preview: "are you there?" });
});

story.test("with the server down everything is as it was chosen, and what is chosen then waits for it", async () => {
  await chooses(alice, "Pin");
  await shows(other, "Pinned");
  await until("the page is kept", () =>
    other.page.evaluate(async () => navigator.serviceWorker.controller !== null && (await caches.keys()).length > 0),
  );
  await story.outage(async () => {
    await story.stack.killWorker();
    await other.reload();
    await shows(other, "Pinned");
    await chooses(other, "Unpin");
    await shows(other);
    await chooses(other, "Mute…", "For an hour");
    await shows(other, "Muted");
    await story.stack.startWorker();
    await Promise.all([alice.isConnected(), other.isConnected()]);
  });
  await Promise.all([alice, other].map((person) => shows(person, "Muted")));
});

story.test("the page behind bob's name says until when he is silent, and ends it for both browsers", async () => {
  await alice.openChat("bob");
  await alice.clicks(".head-about");
  await alice.reads(/Muted until/);
  // Its name is longer: until when stands below it.
  await alice.clicks("main ::-p-text(Unmute)");
  await alice.reads(/Mute…/);
  await shows(other);
});
