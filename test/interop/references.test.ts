/** Corrections and answers between a page and an app of another make: what is named in clear, and what is not. */
import assert from "node:assert/strict";
import { edits, replies, seesAs } from "../e2e/message-acts.ts";
import type { Person } from "../e2e/person.ts";
import { Story } from "../e2e/story.ts";
import { ALICE, BOB } from "../stack.ts";
import type { PeerEvent, PythonPeer } from "./python-peer.ts";

const story = Story.stage({ name: "interop-references", endpoint: "starttls" });
const ALICES = "alice@localhost";

let alice: Person;
let bob: PythonPeer;
/** The ids that bob's app gave to what it sent. */
const ids: string[] = [];

async function bobSends(text: string, about: { readonly replaces?: string; readonly reply?: string } = {}) {
  const { ids: [id = ""] = [] } = await bob.command("send", { to: ALICES, text, ...about });
  ids.push(id);
}

async function bobGets(text: string): Promise<PeerEvent> {
  await bob.reads(text);
  const event = bob.events.find((one) => one.event === "message" && one.text === text);
  assert.equal(event?.encrypted, true);
  return event;
}

story.test("alice corrects a text: bob's app is told which message, and gets the new text encrypted", async () => {
  [alice, bob] = await Promise.all([story.signedIn(ALICE, { called: "alice" }), story.peer(BOB)]);
  await alice.openChat("bob");
  await alice.isEncryption("ready", "on");
  await alice.send("see you at sx");
  const first = await bobGets("see you at sx");
  await alice.isMarked("see you at sx", "sent", "delivered", "read");
  await edits(alice, "see you at sx", "see you at seven");
  assert.equal((await bobGets("see you at seven")).replaces, first.id);
  await seesAs(alice, "see you at seven", { edited: true, encrypted: true });
  await edits(alice, "see you at seven", "see you at six");
  assert.equal((await bobGets("see you at six")).replaces, first.id, "the first message is named again");
});

story.test("bob's app corrects: alice sees the new text where the old one stood", async () => {
  await bobSends("at teh harbour");
  await alice.sees("at teh harbour");
  await bobSends("at the harbour", { replaces: ids[0] ?? "" });
  await seesAs(alice, "at the harbour", { edited: true, encrypted: true });
  await alice.seesInOrder(["see you at six", "at the harbour"]);
});

story.test("answers go both ways, and each shows what it answers", async () => {
  await replies(alice, "at the harbour", "near the crane?");
  const asked = await bobGets("near the crane?");
  assert.equal(asked.reply, ids[0], "the first id of what is answered");
  await bobSends("right there", { reply: asked.id ?? "" });
  await seesAs(alice, "right there", { quote: "near the crane?" });
});
