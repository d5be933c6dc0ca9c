/** Messages that are answered and changed: alice in two browsers and bob in one, encrypted. */
import assert from "node:assert/strict";
import { ALICE, BOB } from "../stack.ts";
import { filesBelow, findTexts } from "./canaries.ts";
import { choose, edits, replies, seesAs, writes } from "./message-acts.ts";
import type { Person } from "./person.ts";
import { Story } from "./story.ts";
import { until } from "./waiting.ts";

const story = Story.stage({ name: "answers-and-edits", endpoint: "starttls" });

let a: Person;
let b: Person;
let bob: Person;
const written: string[] = [];
/** What stands in the conversation now. */
const now: string[] = [];

/** Words nobody else says, so that they can be looked for afterwards. */
function say(words: string): string {
  const text = `canary${written.length}x ${words}`;
  written.push(text);
  return text;
}

function changed(from: string, to: string): void {
  now[now.indexOf(from)] = to;
}

const everywhere = (act: (who: Person) => Promise<unknown>) => Promise.all([a, b, bob].map(act));
const allSee = () => everywhere((who) => who.seesInOrder(now));

story.test("alice, in two browsers, and bob have a conversation", async () => {
  [a, bob] = await Promise.all([
    story.signedIn(ALICE, { called: "alice in A" }),
    story.signedIn(BOB, { called: "bob" }),
  ]);
  b = await story.signedIn(ALICE, { called: "alice in B" });
  await Promise.all([a.openChat("bob"), b.openChat("bob"), bob.openChat("alice")]);
  for (const [who, words] of [
    [a, "shall we meet at sx?"],
    [bob, "where?"],
    [b, "at the harbour"],
  ] as const) {
    now.push(say(words));
    await who.send(now.at(-1) ?? "");
    await allSee();
  }
});

story.test("bob answers by the menu: the answer stands under what it answers, in all browsers", async () => {
  const [question = ""] = now;
  const answer = say("gladly");
  await replies(bob, question, answer);
  now.push(answer);
  await allSee();
  await everywhere((who) => seesAs(who, answer, { quote: question, encrypted: true, edited: false }));
  assert.equal(await writes(bob), undefined, "the answer is given");
});

story.test("alice changes a text by the menu: it is another one everywhere, where it stood", async () => {
  const [old = ""] = now;
  const better = say("shall we meet at six?");
  await edits(a, old, better);
  changed(old, better);
  await allSee();
  await everywhere((who) => seesAs(who, better, { edited: true, encrypted: true }));
  await bob.seesChat("alice@localhost", { preview: now.at(-1) ?? "" });
});

story.test("with ArrowUp alice changes the newest text, in the browser that has not written it", async () => {
  const old = now[2] ?? "";
  const better = say("at the old harbour");
  assert.equal(await a.draft(), "");
  await a.page.focus("textarea");
  await a.page.keyboard.press("ArrowUp");
  await until("the old text is in the composer", async () => (await a.draft()) === old);
  await a.send(better);
  changed(old, better);
  await allSee();
  await everywhere((who) => seesAs(who, better, { edited: true }));
});

story.test("Escape leaves an edit and gives back what was being written; unchanged, nothing is sent", async () => {
  const [first = ""] = now;
  await a.types("half a sent");
  await choose(a, first, "Edit");
  await until("alice edits", async () => (await a.draft()) === first);
  await a.page.keyboard.press("Escape");
  await until("the draft is back", async () => (await a.draft()) === "half a sent");
  assert.equal(await writes(a), undefined);
  await bob.send(now[now.push(say("see you")) - 1] ?? "");
  await allSee();
  const second = now[2] ?? "";
  await choose(a, second, "Edit");
  await until("alice edits again", async () => (await a.draft()) === second);
  await a.page.keyboard.press("Enter");
  await until("the edit is over", async () => (await writes(a)) === undefined);
  assert.equal(await a.draft(), "half a sent");
});

story.test("a press on what is answered goes there", async () => {
  const [first = ""] = now;
  await b.clicks("ol[aria-label='Messages'] blockquote button");
  await until("the first message has the focus", () =>
    b.page.evaluate((text) => document.activeElement?.querySelector(".words")?.textContent === text, first),
  );
});

story.test("after a reload everything stands as it did, and can be changed again", async () => {
  const [first = "", , , answer = ""] = now;
  await everywhere((who) => who.reload());
  await everywhere((who) => who.isConnected());
  await allSee();
  await everywhere((who) => seesAs(who, first, { edited: true }));
  await everywhere(async (who) => seesAs(who, answer, { quote: written[0] ?? "" }));
  const last = say("shall we meet at seven?");
  await edits(b, first, last);
  changed(first, last);
  await allSee();
});

story.test("neither the server nor the objects have a word of it, changed or not", async () => {
  const [objects, server] = await Promise.all([story.stack.objectDatabases(), filesBelow(story.stack.xmpp.state)]);
  assert.ok(objects.length > 0 && server.length > 0);
  const canaries = written.map((text) => text.split(" ")[0] ?? text);
  assert.deepEqual(await findTexts([...objects, ...server], canaries), []);
  // The search itself can find: which message is replaced stands in the archive.
  assert.notDeepEqual(await findTexts(server, ["message-correct:0"]), []);
});
