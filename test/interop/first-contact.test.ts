/** Sessions with an app of another make: who begins, what overtakes, what is lost. */
import assert from "node:assert/strict";
import type { Person } from "../e2e/person.ts";
import { Story } from "../e2e/story.ts";
import { ALICE, BOB } from "../stack.ts";
import type { PythonPeer } from "./python-peer.ts";

const CAROL = { name: "carol", password: "crescent" } as const;
const DAVE = { name: "dave", password: "driftwood" } as const;
const TURNS = 3;

const accounts = [ALICE, BOB, CAROL, DAVE];
const story = Story.stage({ name: "first-contact", endpoint: "starttls", accounts });

let alice: Person;
let bob: PythonPeer;
let carol: PythonPeer;
let dave: PythonPeer;

const readable = async (person: Person) =>
  assert.ok(
    (await person.messages()).every(({ reason }) => reason === undefined),
    "no message is unreadable",
  );

let talks = 0;

/** A few turns each way, every text read by the other side; no two texts are the same. */
async function talk(peer: PythonPeer): Promise<void> {
  talks += 1;
  for (let turn = 1; turn <= TURNS; turn++) {
    await alice.send(`alice, talk ${talks}, turn ${turn}`);
    await peer.reads(`alice, talk ${talks}, turn ${turn}`);
    await peer.send("alice@localhost", `${peer.jid}, talk ${talks}, turn ${turn}`);
    await alice.sees(`${peer.jid}, talk ${talks}, turn ${turn}`);
  }
  assert.ok(peer.allEncrypted());
  assert.ok(peer.events.every(({ event }) => event !== "unreadable"));
  await readable(alice);
}

story.test("Alcove begins: its first message opens the session, and both go on", async () => {
  [alice, bob] = await Promise.all([story.signedIn(ALICE, { called: "alice" }), story.peer(BOB)]);
  await alice.openChat("bob");
  await alice.isEncryption("ready");
  await alice.send("I begin");
  await bob.reads("I begin");
  await talk(bob);
});

story.test("the other app begins: it is read, answered, and both go on", async () => {
  carol = await story.peer(CAROL);
  await carol.send("alice@localhost", "carol begins");
  await alice.seesChat("carol@localhost", { preview: "carol begins" });
  await alice.openChat("carol");
  await talk(carol);
});

story.test("both begin at the same moment: both first messages are read, and both go on", async () => {
  dave = await story.peer(DAVE);
  await alice.openChat("dave");
  await alice.isEncryption("ready");
  await dave.command("keep", { to: "alice@localhost", text: "dave begins" });
  await alice.send("alice begins");
  await dave.command("release");
  await Promise.all([alice.sees("dave begins"), dave.reads("alice begins")]);
  await talk(dave);
});

story.test("messages that overtake each other are all read", async () => {
  const texts = ["one", "two", "three", "four"];
  for (const text of texts) await dave.command("keep", { to: "alice@localhost", text });
  await dave.command("release");
  for (const text of texts) await alice.sees(text);
  await talk(dave);
});

story.test("messages that never arrive harm none of those after them", async () => {
  for (const text of ["lost", "lost, too"]) await dave.command("keep", { to: "alice@localhost", text });
  await dave.command("lose");
  await dave.send("alice@localhost", "not lost");
  await alice.sees("not lost");
  assert.ok(!(await alice.texts()).includes("lost"));
  await talk(dave);
});

story.test("key transports of 16 bytes between the messages show nothing", async () => {
  const before = await alice.texts();
  for (let turn = 1; turn <= TURNS; turn++) await dave.command("transport", { to: "alice@localhost" });
  await dave.send("alice@localhost", "after the transports");
  await alice.sees("after the transports");
  await alice.seesInOrder([...before, "after the transports"]);
  await readable(alice);
});
