/** Reactions and retractions between a page and an app of another make: named as it names them, both ways. */
import assert from "node:assert/strict";
import { choose, reacts, seesReactions } from "../e2e/message-acts.ts";
import type { Person } from "../e2e/person.ts";
import { Story } from "../e2e/story.ts";
import { until } from "../e2e/waiting.ts";
import { ALICE, BOB } from "../stack.ts";
import type { PythonPeer } from "./python-peer.ts";

const story = Story.stage({ name: "interop-acts", endpoint: "starttls" });
const ALICES = "alice@localhost";

let alice: Person;
let bob: PythonPeer;
/** The id that alice's browser gave to her message, and bob's app to his. */
let hers = "";
let his = "";

const reasons = (who: Person) =>
  who.page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>("li.message")].map(({ dataset }) => dataset["reason"] ?? "text").join(),
  );

story.test("alice and bob write to each other, encrypted", async () => {
  [alice, bob] = await Promise.all([story.signedIn(ALICE, { called: "alice" }), story.peer(BOB)]);
  await alice.openChat("bob");
  await alice.isEncryption("ready", "on");
  await alice.send("the rope is packed");
  await bob.reads("the rope is packed");
  hers = bob.events.find(({ text }) => text === "the rope is packed")?.id ?? "";
  const { ids = [] } = await bob.command("send", { to: ALICES, text: "and the stove" });
  his = ids[0] ?? "";
  await alice.sees("and the stove");
});

story.test("bob's app is told alice's reactions to his message, each time all of them (XEP-0444)", async () => {
  const told = () => bob.events.filter(({ event }) => event === "reactions").map(({ of, emojis }) => [of, emojis]);
  await reacts(alice, "and the stove", "👍");
  await alice.press("React");
  await bob.until("is told of one", () => told().length === 1);
  await reacts(alice, "and the stove", "😂");
  await bob.until("is told of both", () => told().length === 2);
  await reacts(alice, "and the stove", "👍");
  await bob.until("is told of what is left", () => told().length === 3);
  assert.deepEqual(told(), [
    [his, ["👍"]],
    [his, ["👍", "😂"]],
    [his, ["😂"]],
  ]);
});

story.test("alice sees what bob's app reacts, changes, and takes back", async () => {
  await bob.command("react", { to: ALICES, of: hers, text: "🎉" });
  await seesReactions(alice, "the rope is packed", "🎉 from Bob");
  await bob.command("react", { to: ALICES, of: hers, text: "🎉 👀" });
  await seesReactions(alice, "the rope is packed", "🎉 from Bob | 👀 from Bob");
  await bob.command("react", { to: ALICES, of: hers, text: "" });
  await seesReactions(alice, "the rope is packed", "");
});

story.test("what either side deletes is said to be deleted at the other (XEP-0424)", async () => {
  await choose(alice, "the rope is packed", "Delete for everyone");
  await alice.clicks("dialog ::-p-aria(Delete[role='button'])");
  const retracted = await bob.until("is told", () => bob.events.find(({ event }) => event === "retraction"));
  assert.equal(retracted.of, hers);
  assert.equal(await reasons(alice), "retracted,text");
  await bob.command("retract", { to: ALICES, of: his });
  await until("alice is told", async () => (await reasons(alice)) === "retracted,retracted");
});

story.test("T20: a deletion of alice's message that bob's app asks for does nothing", async () => {
  await alice.send("keep this");
  await bob.reads("keep this");
  const id = bob.events.find(({ text }) => text === "keep this")?.id ?? "";
  await bob.command("retract", { to: ALICES, of: id });
  await bob.command("send", { to: ALICES, text: "was it there?" });
  await alice.sees("was it there?");
  await alice.sees("keep this");
});
