/** S3: the server adds a device to a contact's list. It is announced, and gets nothing before somebody has seen that. */
import assert from "node:assert/strict";
import type { PythonPeer } from "../interop/python-peer.ts";
import { ALICE, BOB } from "../stack.ts";
import type { Person } from "./person.ts";
import { Story } from "./story.ts";
import { until } from "./waiting.ts";

const CAROL = { name: "carol", password: "curator" } as const;
const story = Story.stage({ name: "new-device", endpoint: "starttls", accounts: [ALICE, BOB, CAROL] });

let alice: Person;
let bob: PythonPeer;
let carol: PythonPeer;
/** Of whoever has the accounts' servers: nothing else about them differs from a device of Bob's and Carol's own. */
let listedByBobsServer: PythonPeer;
let listedByCarolsServer: PythonPeer;

const banner = () =>
  alice.page.evaluate(() => document.querySelector<HTMLElement>("section[data-trust]")?.textContent ?? undefined);
const start = (fingerprint: string) => fingerprint.slice(0, 8);

story.test("S3: alice writes to bob, whose keys she believes, and to carol, whose key she has compared", async () => {
  [alice, bob, carol] = await Promise.all([
    story.signedIn(ALICE, { called: "alice", attentive: false }),
    story.peer(BOB),
    story.peer(CAROL),
  ]);
  for (const [name, peer] of [
    ["bob", bob],
    ["carol", carol],
  ] as const) {
    await alice.openChat(name);
    await alice.send(`hello ${name}`);
    await peer.reads(`hello ${name}`);
    assert.equal(await banner(), undefined, "on first use nothing is to be said");
  }
  await alice.press("More");
  await alice.press("Devices of Carol");
  await alice.opensDevice(carol.device);
  await alice.press("They match");
});

story.test("S3: a device that comes to bob's list is announced, and what alice writes waits", async () => {
  await alice.openChat("bob");
  listedByBobsServer = await story.peer(BOB, { resource: "tablet" });
  const words = await until("alice is told before she writes", banner);
  assert.match(words, /Bob has a new device\. What you write waits until you have seen that/);
  assert.ok(words.includes(start(listedByBobsServer.fingerprint)), `${words} names it`);
  await alice.send("is this you?");
  await alice.isMarked("is this you?", "waiting");
  await bob.send("alice@localhost", "still here");
  await alice.sees("still here");
  await alice.isMarked("is this you?", "waiting");
  assert.ok(!listedByBobsServer.texts().includes("is this you?"));
  assert.ok(!bob.texts().includes("is this you?"));
});

story.test("S3: one press, and what waited leaves", async () => {
  await alice.press("Encrypt for it, too");
  await Promise.all([bob.reads("is this you?"), listedByBobsServer.reads("is this you?")]);
  await until("nothing is left to say", async () => (await banner()) === undefined);
  assert.ok(bob.allEncrypted());
});

story.test("S3: a device that comes to the list of carol, who was verified, is named and gets nothing", async () => {
  await alice.openChat("carol");
  listedByCarolsServer = await story.peer(CAROL, { resource: "tablet" });
  const words = await until("alice is told", banner);
  assert.match(words, /not encrypted for 1 device of Carol/);
  assert.ok(words.includes(start(listedByCarolsServer.fingerprint)));
  await alice.send("for carol alone");
  await carol.reads("for carol alone");
  assert.ok(!listedByCarolsServer.texts().includes("for carol alone"));
});
