/** A contact's device shows another key: nothing is sent, the page says why, and somebody's decision lets it go on. */
import assert from "node:assert/strict";
import type { PythonPeer } from "../interop/python-peer.ts";
import { ALICE, BOB } from "../stack.ts";
import type { Person } from "./person.ts";
import { OMEMO_NODES, publishedDevices } from "./published.ts";
import { Story } from "./story.ts";
import { until } from "./waiting.ts";

const story = Story.stage({ name: "changed-key", endpoint: "starttls" });

let alice: Person;
let bob: PythonPeer;
let reinstalled: PythonPeer;

/** What the banner above the messages says of keys; undefined: there is none. */
const banner = () =>
  alice.page.evaluate(() => document.querySelector<HTMLElement>("section[data-trust]")?.textContent ?? undefined);

story.test("alice and bob write to each other", async () => {
  [alice, bob] = await Promise.all([story.signedIn(ALICE, { called: "alice" }), story.peer(BOB)]);
  await alice.openChat("bob");
  await alice.send("how are you?");
  await bob.reads("how are you?");
  await bob.send("alice@localhost", "fine");
  await alice.sees("fine");
  assert.equal(await banner(), undefined);
});

story.test("bob's app is installed anew: the same device with another key stops what alice sends", async () => {
  const { device } = bob;
  await bob.command("delete-node", { node: OMEMO_NODES.list });
  await bob.signOut();
  reinstalled = await story.peer(BOB, { device });
  assert.equal(reinstalled.device, device);
  assert.notEqual(reinstalled.fingerprint, bob.fingerprint);
  await until("bob lists it", async () => (await publishedDevices(reinstalled, "bob@localhost")).includes(device));
  await reinstalled.send("alice@localhost", "new phone");
  const words = await until("alice is told", banner);
  assert.match(words, /A device of Bob shows another key than before, so nothing is sent/);
  assert.ok(words.includes(bob.fingerprint.slice(0, 8)), `${words} names the device by the key it had`);
  assert.ok(!(await alice.texts()).includes("new phone"));
  await alice.reads(/Hidden: the device it came from shows another key/);

  await alice.send("is that you?");
  await alice.isMarked("is that you?", "failed");
  await alice.reads(/Not sent\. A device of the other side shows another key than before/);
  assert.ok(!reinstalled.texts().includes("is that you?"));
});

story.test("alice compares, accepts the new key, and everything goes on", async () => {
  await alice.press("Look at devices");
  await alice.opensDevice(bob.device);
  const shown = await until("both keys are shown", () =>
    alice.page.evaluate(() => {
      const all = [...document.querySelectorAll("dialog [aria-label=Fingerprint]")];
      return all.length === 2 && all.map(({ textContent }) => (textContent ?? "").replace(/\s/g, ""));
    }),
  );
  assert.deepEqual(shown, [bob.fingerprint, reinstalled.fingerprint]);
  await alice.press("The new one matches");
  await alice.openChat("bob");
  await alice.sees("new phone");
  await until("nothing is left to say", async () => (await banner()) === undefined);
  await alice.press("Retry");
  await reinstalled.reads("is that you?");
  await reinstalled.send("alice@localhost", "yes");
  await alice.sees("yes");
  assert.ok(reinstalled.allEncrypted());
});

story.test("a second device of the verified bob is left out and named, until alice trusts it", async () => {
  const tablet = await story.peer(BOB, { resource: "tablet" });
  await alice.send("not for the tablet");
  await reinstalled.reads("not for the tablet");
  await until("the banner names it", async () => (await banner())?.includes(tablet.fingerprint.slice(0, 8)));
  assert.match((await banner()) ?? "", /not encrypted for 1 device of Bob/);
  await alice.press("Look at devices");
  await alice.opensDevice(tablet.device);
  await alice.press("Trust without comparing");
  await alice.openChat("bob");
  await until("nothing is left to say", async () => (await banner()) === undefined);
  await alice.send("for both");
  await Promise.all([reinstalled.reads("for both"), tablet.reads("for both")]);
  assert.ok(!tablet.texts().includes("not for the tablet"));
});
