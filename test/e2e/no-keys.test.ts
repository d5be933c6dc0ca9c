/** Contacts whose keys are missing or broken: nothing leaves in clear without a person's word. */
import assert from "node:assert/strict";
import { ALICE, BOB } from "../stack.ts";
import type { PythonPeer } from "../interop/python-peer.ts";
import { filesBelow, findTexts } from "./canaries.ts";
import type { Person } from "./person.ts";
import { OMEMO_NODES } from "./published.ts";
import { Story } from "./story.ts";

const CAROL = { name: "carol", password: "crescent" } as const;
const DAVE = { name: "dave", password: "driftwood" } as const;
const accounts = [ALICE, BOB, CAROL, DAVE];
const story = Story.stage({ name: "no-keys", endpoint: "starttls", accounts });

const NAMESPACE = "eu.siacs.conversations.axolotl";
const LIST_OF_ONE = `<list xmlns="${NAMESPACE}"><device id="4711"/></list>`;

let alice: Person;
let bob: PythonPeer;
/** The same person with an app that can encrypt. */
let better: PythonPeer;

async function isInArchive(text: string): Promise<boolean> {
  return (await findTexts(await filesBelow(story.stack.xmpp.state), [text])).length > 0;
}

story.test("a contact without a device: writing is blocked, with choices", async () => {
  [alice, bob] = await Promise.all([
    story.signedIn(ALICE, { called: "alice" }),
    story.peer(BOB, { withoutOmemo: true }),
  ]);
  await alice.openChat("bob");
  await alice.isEncryption("unavailable");
  await alice.reads(/Bob cannot receive encrypted messages yet/);
  await alice.press("Check again");
  await alice.reads(/Check again/);
  await alice.isEncryption("unavailable");
  assert.equal(await alice.hasField("Message"), false, "there is nowhere to write");
});

story.test("only after a confirmation in this browser a text leaves in clear, and it says so", async () => {
  await alice.press("Write without encryption…");
  await alice.press("Write without encryption");
  await alice.isEncryption("exposed");
  await alice.reads(/servers of both sides can read/);
  await alice.send("canary in clear");
  await bob.reads("canary in clear");
  assert.equal((await alice.sees("canary in clear")).encrypted, false);
  assert.ok(await isInArchive("canary in clear"), "the search in the archive can find");
});

story.test("another browser of alice's asks again before it writes in clear", async () => {
  const b = await story.signedIn(ALICE, { called: "alice in B" });
  await b.openChat("bob");
  await b.isEncryption("unavailable");
  assert.equal(await b.hasField("Message"), false);
  await story.leaves(b);
});

story.test("as soon as the contact has a device, Alcove goes back to encrypting", async () => {
  await bob.signOut();
  better = await story.peer(BOB, { resource: "better" });
  await alice.isEncryption("ready", "on");
  await alice.send("canary in secret");
  await better.reads("canary in secret");
  assert.ok(better.events.some(({ text, encrypted }) => text === "canary in secret" && encrypted === true));
  assert.equal(await isInArchive("canary in secret"), false);
});

story.test(
  "an encrypted conversation whose contact loses every device stays shut, whatever was confirmed before",
  async () => {
    await better.command("delete-node", { node: OMEMO_NODES.list });
    await alice.press("More");
    await alice.press("Devices of Bob");
    await alice.press("Back");
    await alice.isEncryption("unavailable");
    assert.equal(await alice.hasField("Message"), false);
  },
);

story.test("a device list that is none: blocked as if there were no device, no word in clear", async () => {
  const carol = await story.peer(CAROL, { withoutOmemo: true });
  await carol.command("publish", {
    node: OMEMO_NODES.list,
    xml: `<nonsense xmlns="${NAMESPACE}"><device/></nonsense>`,
  });
  await alice.openChat("carol");
  await alice.isEncryption("unavailable");
  await carol.command("publish", {
    node: OMEMO_NODES.list,
    xml: `<list xmlns="${NAMESPACE}"><device id="0"/><device id="-5"/><device id="x"/><device id="4294967296"/></list>`,
  });
  await alice.press("Check again");
  await alice.reads(/Check again/);
  await alice.isEncryption("unavailable");
  assert.deepEqual(carol.texts(), []);
});

story.test("a bundle that is none: the text stays here, marked as not sent, and can be tried again", async () => {
  const dave = await story.peer(DAVE, { withoutOmemo: true });
  await dave.command("publish", { node: OMEMO_NODES.list, xml: LIST_OF_ONE });
  await dave.command("publish", {
    node: `${OMEMO_NODES.bundles}4711`,
    xml: `<bundle xmlns="${NAMESPACE}"><identityKey>AAAA</identityKey><prekeys/></bundle>`,
  });
  await alice.openChat("dave");
  await alice.isEncryption("ready", "unavailable");
  if ((await alice.encryption()) === "ready") {
    await alice.send("canary for nobody");
    await alice.isMarked("canary for nobody", "failed");
    await alice.reads(/could not be encrypted, so it was not sent/);
  }
  await alice.isEncryption("unavailable");
  assert.deepEqual(dave.texts(), []);
  assert.equal(await isInArchive("canary for nobody"), false);
  // Dave gets an app that can do it.
  const better = await story.peer(DAVE, { resource: "better" });
  await alice.isEncryption("ready", "on");
  await alice.press("Retry");
  await better.reads("canary for nobody");
  await alice.isMarked("canary for nobody", "sent");
  assert.equal(await isInArchive("canary for nobody"), false);
});
