/** Answers in a room: the room is told its own id of what is answered, browsers the one that its author gave. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { filesBelow } from "../e2e/canaries.ts";
import { type Stack, startStack } from "../stack.ts";
import { newClient, type ScriptedBrowser } from "../scripted-browser.ts";
import { Conference, told } from "./conference.ts";
import { ALICE, BOB, browserOf, messagesOf, say } from "./people.ts";

/** The attributes of a reference as the server stores them, in any order. */
const REFERENCE = /\{[^{}]*urn:xmpp:reply:0[^{}]*\}/;

let stack: Stack;
before(async () => {
  stack = await startStack({ name: "room-answers", endpoint: "starttls" });
});
after(async () => stack?.stop());

test("an answer to an own message is understood by everybody", async () => {
  const room = await new Conference(stack).create("answers");
  const [alice, bob] = [await browserOf(stack, ALICE), await browserOf(stack, BOB)];
  for (const [browser, nick] of [
    [alice, "Alice"],
    [bob, "Bob"],
  ] as const) {
    assert.ok((await browser.call("room", { jid: room.jid, action: "join", nick })).ok);
    await told(browser, room, ({ state }) => state === "joined");
  }
  const message = (of: ScriptedBrowser, text: string) =>
    of.until(() => messagesOf(of).find(({ content }) => content.kind === "clear" && content.text === text));
  await say(alice, room.jid, "who brings the rope?");
  const { originId: question = "" } = await message(bob, "who brings the rope?");
  const asked = messagesOf(alice).find(({ originId }) => originId === question);
  await alice.until(() => alice.entries.some((entry) => entry.kind === "progress" && entry.message === asked?.id));
  const words = { kind: "clear", text: "I do", exposed: false } as const;
  await bob.send(room.jid, words, newClient(), { reply: { id: question, to: ALICE } });
  const { reply } = await message(alice, "I do");
  assert.deepEqual(reply, { id: question, to: ALICE });
  const archived = (await messages()).flatMap((text) => REFERENCE.exec(text) ?? []);
  const reference = archived[0] ?? assert.fail("not archived");
  const [row] = await stack.objectRows(BOB, `select archive_id from entries where origin_id = '${question}'`);
  const named = String((row as { readonly archive_id: string }).archive_id);
  assert.ok(reference.includes(named), "the room's id is in the stanza");
  assert.ok(!reference.includes(question), "and not the author's");
  for (const browser of [alice, bob]) browser.detach();
});

async function messages(): Promise<readonly string[]> {
  const files = await filesBelow(stack.xmpp.state);
  return Promise.all(files.map((file) => readFile(file, "latin1")));
}
