/** The finer points of living with an app of another make. */
import assert from "node:assert/strict";
import { Story } from "../e2e/story.ts";
import type { Person } from "../e2e/person.ts";
import { publishedDevices } from "../e2e/published.ts";
import { ALICE, BOB } from "../stack.ts";
import type { PythonPeer } from "./python-peer.ts";

const story = Story.stage({ name: "another-app", endpoint: "starttls" });

let alice: Person;
let bob: PythonPeer;

story.test("whoever opens a session gets a silent answer, so that it is complete", async () => {
  [alice, bob] = await Promise.all([story.signedIn(ALICE, { called: "alice" }), story.peer(BOB)]);
  await alice.openChat("bob");
  await bob.send("alice@localhost", "I begin");
  await alice.sees("I begin");
  await bob.until("gets a silent answer", () => bob.events.some(({ event }) => event === "empty"));
  await alice.send("and I answer");
  await bob.reads("and I answer");
});

story.test("a message without content shows nothing and harms nothing", async () => {
  await bob.command("transport", { to: "alice@localhost" });
  await bob.send("alice@localhost", "after the silence");
  await alice.sees("after the silence");
  await alice.seesInOrder(["I begin", "and I answer", "after the silence"]);
  assert.ok((await alice.messages()).every(({ reason }) => reason === undefined));
});

story.test("the same message twice is shown once", async () => {
  await bob.send("alice@localhost", "only once");
  await bob.command("repeat");
  await bob.send("alice@localhost", "and on");
  await alice.sees("and on");
  await alice.seesInOrder(["I begin", "and I answer", "after the silence", "only once", "and on"]);
  assert.ok((await alice.messages()).every(({ reason }) => reason === undefined));
});

story.test("what alice writes while bob is away is read when bob is back, once", async () => {
  await bob.signOut();
  await alice.send("for later");
  await alice.send("and this");
  await alice.isMarked("and this", "sent");
  await bob.signIn();
  await bob.reads("and this");
  assert.deepEqual(bob.texts(), ["and I answer", "for later", "and this"]);
});

story.test("what bob writes while Alcove is away stands there when it is back, once and in order", async () => {
  const missed = ["one, missed", "two, missed", "three, missed"];
  await story.outage(async () => {
    await story.stack.killWorker();
    for (const text of missed) await bob.send("alice@localhost", text);
    await story.stack.startWorker();
    await alice.sees("three, missed");
    await alice.isConnected();
  });
  assert.deepEqual((await alice.texts()).slice(-3), missed);
  assert.equal(new Set(await alice.texts()).size, (await alice.texts()).length);
});

story.test("bob's second device reads what alice writes, and what bob writes there shows everywhere", async () => {
  const second = await story.peer(BOB, { resource: "second" });
  await bob.until("knows bob's other device", () =>
    bob.events.some(
      ({ event, jid, devices }) => event === "devices" && jid === bob.jid && devices?.includes(second.device),
    ),
  );
  assert.deepEqual(
    [...(await publishedDevices(second, bob.jid))].toSorted((x, y) => x - y),
    [bob.device, second.device].toSorted((x, y) => x - y),
  );
  await alice.send("to both of you");
  await Promise.all([bob.reads("to both of you"), second.reads("to both of you")]);
  await second.send("alice@localhost", "from the other one");
  await Promise.all([alice.sees("from the other one"), bob.reads("from the other one")]);
  await bob.send("alice@localhost", "from the first");
  await Promise.all([alice.sees("from the first"), second.reads("from the first")]);
  const theirs = (await alice.messages()).filter(({ own }) => !own).map(({ text }) => text);
  assert.deepEqual(theirs.slice(-2), ["from the other one", "from the first"]);
});
