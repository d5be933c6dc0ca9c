/**
 * Four tabs of one browser write at once, faster than any hand: one of them leads, the others go through it. No message
 * key is used twice, and everybody can read everything.
 */
import assert from "node:assert/strict";
import { keysOf, usedTwice } from "../../web/engine/testing/message-keys.ts";
import { newClientId } from "../../web/engine/protocol/engine.ts";
import type { BareJid } from "../../worker/contract/names.ts";
import type { PythonPeer } from "../interop/python-peer.ts";
import { ALICE, BOB } from "../stack.ts";
import { acceptedMessages } from "./accepted-messages.ts";
import { ask, askAll, noteEngine } from "./page-engine.ts";
import type { Person } from "./person.ts";
import { Story } from "./story.ts";
import { until } from "./waiting.ts";

const story = Story.stage({ name: "four-tabs", endpoint: "starttls" });

const EACH = 200;
const TABS = 4;
const BOB_JID = "bob@localhost" as BareJid;

const tabs: Person[] = [];
let elsewhere: Person;
let bob: PythonPeer;
const written: string[] = [];

story.test("alice has a browser with four tabs and another browser; bob has an app of another make", async () => {
  bob = await story.peer(BOB);
  const first = await story.signedIn(ALICE, { called: "alice, first tab" });
  elsewhere = await story.signedIn(ALICE, { called: "alice elsewhere" });
  tabs.push(first);
  while (tabs.length < TABS) tabs.push(await story.secondTab(first));
  for (const person of [...tabs, elsewhere]) {
    await noteEngine(person.page);
    await person.reload();
    await person.isConnected();
  }
  await first.openChat("bob");
  await first.send("before all");
  await bob.reads("before all");
  await bob.send("alice@localhost", "go on");
  await first.sees("go on");
});

story.test(`each tab sends ${EACH} texts at once: all are accepted`, async () => {
  const begin = performance.now();
  const answers = await Promise.all(
    tabs.map(({ page }, tab) => {
      const texts = Array.from({ length: EACH }, (_, at) => `tab ${tab + 1}, text ${at + 1}`);
      written.push(...texts);
      const all = texts.map((text) => ({ client: newClientId(), chat: BOB_JID, text }));
      return askAll(page, "send", all);
    }),
  );
  assert.deepEqual(
    answers.flat().filter(({ ok }) => !ok),
    [],
  );
  const accepted = async () => {
    const [row] = await story.stack.objectRows(
      "alice@localhost",
      "select count(*) as n from entries where kind = 'message'",
    );
    return Number(row?.["n"]) > EACH * TABS;
  };
  await until("the object has all", accepted);
  process.stdout.write(`${written.length} accepted in ${Math.round(performance.now() - begin)} ms\n`);
});

story.test("the contact reads every text once", async () => {
  await bob.until("reads all", () => bob.texts().length > EACH * TABS);
  assert.deepEqual(bob.texts().slice(1).toSorted(), written.toSorted());
  assert.ok(bob.allEncrypted());
});

story.test("the other browser reads every text once", async () => {
  const look = async () => {
    const texts = await textsIn(elsewhere);
    return texts.length >= EACH * TABS + 2 ? texts : undefined;
  };
  const texts = await until("the other browser has all", look);
  assert.deepEqual(texts.toSorted(), [...written, "before all", "go on"].toSorted());
});

story.test("no message key was used twice", async () => {
  const messages = await acceptedMessages(story.stack, "alice@localhost");
  const keys = messages.flatMap(keysOf);
  // The object keeps the keys for its own browsers; a key to the contact used twice would be a text that cannot be read there.
  assert.ok(keys.length > EACH * TABS, `${keys.length} keys, one for each text`);
  assert.deepEqual(usedTwice(messages), []);
  process.stdout.write(`${messages.length} messages, ${keys.length} message keys, none twice\n`);
});

story.test("the conversation goes on, by the hand of a person in any tab", async () => {
  const [tab] = tabs;
  assert.ok(tab);
  await tab.send("by hand");
  await bob.reads("by hand");
  await bob.send("alice@localhost", "thank you");
  await tab.sees("thank you");
});

/** What that browser has of the conversation, page by page. */
async function textsIn({ page }: Person): Promise<readonly string[]> {
  const texts: string[] = [];
  for (let before: number | undefined; ; ) {
    const { items } = await ask(page, "timeline", {
      chat: BOB_JID,
      ...(before !== undefined && { before: before as never }),
    });
    for (const { body } of items) texts.push(body.kind === "text" ? body.text : `<${body.reason}>`);
    const oldest = items[0]?.position;
    if (oldest === undefined || oldest === before) return texts;
    before = oldest;
  }
}
