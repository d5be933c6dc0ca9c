/** What the page says of messages is so: who has read what, what a new browser has, what is gone. */
import assert from "node:assert/strict";
import { ALICE, BOB } from "../stack.ts";
import type { Person } from "./person.ts";
import { readPage } from "./screen.ts";
import { Story } from "./story.ts";
import { until } from "./waiting.ts";

const story = Story.stage({ name: "said-truly", endpoint: "starttls" });
const TEXTS = Array.from({ length: 12 }, (_, at) => `message ${at + 1}`);

let a: Person;
let b: Person;
let bob: Person;

const allRead = async (person: Person) => {
  const own = (await person.messages()).filter(({ text }) => TEXTS.includes(text ?? ""));
  return own.length === TEXTS.length && own.every(({ state }) => state === "read");
};
const earlier = async (person: Person) =>
  (await person.quietLines()).filter((words) => words.includes("before this browser"));

story.test(
  "U1: bob reads the last of many: all of them are read, in both of alice's browsers, also after a reload",
  async () => {
    a = await story.signedIn(ALICE, { called: "alice in A" });
    b = await story.signedIn(ALICE, { called: "alice in B" });
    bob = await story.signedIn(BOB, { called: "bob" });
    await Promise.all([a.openChat("bob"), b.openChat("bob")]);
    for (const text of TEXTS) await a.send(text);
    await bob.seesChat("alice@localhost", { preview: TEXTS.at(-1) ?? "" });
    await a.isMarked(TEXTS.at(-1) ?? "", "delivered");
    await bob.openChat("alice");
    await bob.sees(TEXTS.at(-1) ?? "");
    for (const one of [a, b])
      await until(`all are read in ${one.called}`, () => allRead(one), { describe: () => one.messages() });
    await b.reload();
    await until("they are after a reload", () => allRead(b), { describe: () => b.messages() });
  },
);

story.test(
  "V8: the info of a message says who has read it and when, in the other browser of alice's as well",
  async () => {
    for (const one of [a, b]) {
      await one.page.evaluate(() => document.querySelector<HTMLElement>("li[data-outgoing=true] .meta-info")?.click());
      await one.reads(/Read\s+Bob, .*\d/);
      await one.press("Close");
    }
  },
);

story.test(
  "U5: a new browser says one thing about what was before it, with where to look; the list agrees",
  async () => {
    const late = await story.signedIn(ALICE, { called: "alice in a new browser" });
    await late.seesChat("bob@localhost", { preview: "Messages from before this browser" });
    await late.openChat("bob");
    const [line, ...others] = await until("the line is there", async () => {
      const lines = await earlier(late);
      return lines.length > 0 ? lines : undefined;
    });
    assert.deepEqual(others, []);
    assert.match(line ?? "", /^12 earlier messages .*Look in Chrome on Linux; they may be readable there\./);
    assert.doesNotMatch(await readPage(late.page), /Beginning of the conversation|No messages/);
    await late.press("Look at devices");
    await late.reads(/Your devices/);
    await late.leaveChat();
    await late.signOut("erase");
    await story.leaves(late);
  },
);

story.test("U6: where no browser of before is left, none is named", async () => {
  await b.signOut("erase");
  await story.leaves(b);
  await a.signOut("erase");
  await a.signIn(ALICE);
  await a.openChat("bob");
  const [line] = await until("the line is there", async () => {
    const lines = await earlier(a);
    return lines.length > 0 ? lines : undefined;
  });
  assert.match(
    line ?? "",
    /^12 earlier messages were encrypted before this browser came, so they cannot be read here\.$/,
  );
});
