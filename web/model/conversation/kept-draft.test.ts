/** What stands in a composer outlives the page, and nothing that was sent comes back. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import type { BareJid, Position, Time } from "../../../worker/contract/names.ts";
import type { ChatSummary, Draft, MessageItem } from "../../engine/protocol/conversations.ts";
import type { Engine } from "../../engine/protocol/engine.ts";
import { Conversation } from "./conversation.ts";

const BOB = "bob@example.org" as BareJid;
const REST_MS = 300;
const question = {
  key: "question",
  chat: BOB,
  position: 1 as Position,
  at: 1 as Time,
  outgoing: false,
  encrypted: true,
  body: { kind: "text", text: "Coffee?" },
} as const satisfies MessageItem;

let kept: (Draft | undefined)[];

beforeEach((t) => {
  if (!("mock" in t)) throw new TypeError("a test has a clock");
  t.mock.timers.enable({ apis: ["setTimeout"] });
  kept = [];
});

function conversation(): Conversation {
  const engine = {
    timeline: async () => ({ chat: BOB, items: [question], more: "none", beforeDevice: 0 }),
    send: () => new Promise(() => undefined),
    draft: async ({ draft }: { readonly draft: Draft | undefined }) => void kept.push(draft),
  } as unknown as Engine;
  return new Conversation(engine, BOB, () => 0);
}

const withDraft = (draft: Draft) => ({ unread: 0, draft }) as ChatSummary;

test("U7: what is typed is kept once the hands rest, not at each letter", (t) => {
  const { writing } = conversation();
  for (const text of ["h", "ha", "half"]) writing.text.value = text;
  assert.deepEqual(kept, []);
  t.mock.timers.tick(REST_MS);
  assert.deepEqual(kept, [{ text: "half" }]);
  t.mock.timers.tick(REST_MS);
  assert.equal(kept.length, 1);
});

test("U7: a hidden page keeps it at once", async () => {
  const chat = conversation();
  chat.writing.text.value = "half";
  await chat.kept.keep();
  assert.deepEqual(kept, [{ text: "half" }]);
});

test("U7: it stands there again in the next page, with what it answers", async (t) => {
  const chat = conversation();
  await chat.open(withDraft({ text: "Yes, at", reply: "question" }));
  assert.equal(chat.writing.text.value, "Yes, at");
  const { value: mode } = chat.writing.mode;
  assert.equal(mode.kind === "answer" && mode.to.key, "question");
  t.mock.timers.tick(REST_MS);
  assert.deepEqual(kept.at(-1) ?? { text: "Yes, at", reply: "question" }, { text: "Yes, at", reply: "question" });
});

test("U7: what was sent, and what was taken away, is kept no longer", async (t) => {
  const chat = conversation();
  chat.writing.text.value = "Yes";
  t.mock.timers.tick(REST_MS);
  void chat.send(true);
  assert.deepEqual(kept, [{ text: "Yes" }, undefined], "at once");
  await chat.open(withDraft({ text: "Yes" }));
  assert.equal(chat.writing.text.value, "", "what an older row says comes back no more");
});

test("U7: what was begun and taken back is being written no longer", () => {
  const chat = conversation();
  chat.writing.text.value = "Y";
  assert.equal(chat.kept.busy.value, true);
  chat.writing.text.value = "";
  assert.equal(chat.kept.busy.value, false);
});

test("U7: an edit is no draft, and what was written before it is", (t) => {
  const { writing } = conversation();
  writing.text.value = "half";
  t.mock.timers.tick(REST_MS);
  writing.edit({ ...question, outgoing: true });
  writing.text.value = "Coffee at ten?";
  t.mock.timers.tick(REST_MS);
  assert.deepEqual(kept, [{ text: "half" }]);
});

test("U7: nothing of one account is kept under the next", (t) => {
  const chat = conversation();
  chat.writing.text.value = "half";
  chat.kept.close();
  t.mock.timers.tick(REST_MS);
  assert.deepEqual(kept, []);
});

test("U7: a draft that is kept does not hold back a new release for ever", (t) => {
  const chat = conversation();
  chat.writing.text.value = "half";
  t.mock.timers.tick(REST_MS);
  assert.equal(chat.holdsText.value, true, "they may write on in a moment");
  t.mock.timers.tick(60_000);
  assert.equal(chat.holdsText.value, false);
});

const fromElsewhere = (draftFrom: number, text?: string) =>
  ({ unread: 0, draftFrom, ...(text !== undefined && { draft: { text } }) }) as ChatSummary;

test("what another own browser has written stands here, and is no draft of this one", (t) => {
  const { writing, kept: here } = conversation();
  here.hear(fromElsewhere(1, "half a thought"));
  assert.equal(writing.text.value, "half a thought");
  t.mock.timers.tick(REST_MS);
  assert.deepEqual(kept, []);
  here.hear(fromElsewhere(2));
  assert.equal(writing.text.value, "", "it was sent there");
});

test("whoever writes here is not disturbed, and what was told before is not told again", (t) => {
  const { writing, kept: here } = conversation();
  here.hear(fromElsewhere(5, "theirs"));
  writing.text.value = "mine";
  here.hear(fromElsewhere(6, "theirs again"));
  assert.equal(writing.text.value, "mine");
  t.mock.timers.tick(REST_MS);
  assert.deepEqual(kept, [{ text: "mine" }]);
  writing.text.value = "";
  here.hear(fromElsewhere(7, "theirs"));
  assert.equal(writing.text.value, "");
});
