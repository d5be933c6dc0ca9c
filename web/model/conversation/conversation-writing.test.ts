/** Answering and changing messages in one conversation, from the composer to the row that stays. */
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import type { Result } from "../../../worker/contract/failures.ts";
import type { BareJid, ClientId, Position } from "../../../worker/contract/names.ts";
import { type MessageItem, NOTHING_READ, type TimelinePage } from "../../engine/protocol/conversations.ts";
import type { Engine } from "../../engine/protocol/engine.ts";
import { Conversation } from "./conversation.ts";

const BOB = "bob@example.org" as BareJid;
const PAGE = 50;
const ENCRYPTED = { encrypted: true };

type Answer = Result<{ readonly client: ClientId }>;

const theirs = (key: string, position: number, more: Partial<MessageItem> = {}): MessageItem => ({
  key,
  chat: BOB,
  position: position as Position,
  at: position,
  outgoing: false,
  encrypted: true,
  body: { kind: "text", text: key },
  ...more,
});
const mine = (key: string, position: number, more: Partial<MessageItem> = {}) =>
  theirs(key, position, { outgoing: true, state: "read", ...more });

const open: Conversation[] = [];
// A draft keeps the page busy for a minute after the last letter.
afterEach(() => {
  for (const conversation of open.splice(0)) conversation.kept.close();
});

/** An engine with these rows that answers when it is told to. */
async function opened(stored: readonly MessageItem[]) {
  const sent: Parameters<Engine["send"]>[0][] = [];
  const answers: ((answer: Answer) => void)[] = [];
  const engine = {
    timeline: async ({ before, around }: Parameters<Engine["timeline"]>[0]): Promise<TimelinePage> => {
      const middle = stored.findIndex(({ key }) => key === around);
      if (around !== undefined) {
        const items = middle < 0 ? [] : stored.slice(Math.max(0, middle - PAGE), middle + PAGE);
        return { chat: BOB, items, more: "here", newer: true, beforeDevice: 0 };
      }
      const older = stored.filter(({ position }) => before === undefined || position < before);
      const more = older.length > PAGE ? "here" : "none";
      return { chat: BOB, items: older.slice(-PAGE), more, beforeDevice: 0 };
    },
    draft: async () => undefined,
    send: (args: Parameters<Engine["send"]>[0]) => {
      sent.push(args);
      return new Promise<Answer>((resolve) => answers.push(resolve));
    },
  } as unknown as Engine;
  const conversation = new Conversation(engine, BOB, () => 0);
  open.push(conversation);
  await conversation.open(undefined);
  const tell = (items: readonly MessageItem[], removed: readonly string[] = []) =>
    conversation.apply({ type: "messages", chat: BOB, items, removed, beforeDevice: 0, readTo: NOTHING_READ });
  const answer = (value: Answer) => answers.shift()?.(value);
  return { conversation, sent, tell, answer };
}

const rows = (conversation: Conversation) =>
  conversation.rows.value.flatMap((row) => {
    if (row.kind !== "message" || row.item.body.kind !== "text") return [];
    const { body, state, edited } = row.item;
    return [`${body.text}${edited === true ? "*" : ""}${state === undefined ? "" : ` ${state}`}`];
  });
const taken = (client: string): Answer => ({ ok: true, value: { client: client as ClientId } });

test("a changed text stands at once where the old one stood, and stays through the engine's rows", async () => {
  const { conversation, sent, tell, answer } = await opened([mine("see you at sx", 1), theirs("ok", 2)]);
  assert.ok(conversation.editLast(ENCRYPTED));
  conversation.writing.text.value = "see you at six";
  const sending = conversation.send(true);
  assert.deepEqual(rows(conversation), ["see you at six* waiting", "ok"]);
  const { client, ...asked } = sent[0] ?? assert.fail("nothing was sent");
  assert.deepEqual(asked, { chat: BOB, text: "see you at six", replaces: "see you at sx" });
  const words = { body: { kind: "text", text: "see you at six" } } as const;
  tell([mine(client, 9e12, { ...words, edits: "see you at sx", state: "waiting" })]);
  assert.deepEqual(rows(conversation), ["see you at six* waiting", "ok"]);
  tell([mine("see you at sx", 1, { ...words, edited: true })], [client]);
  assert.deepEqual(rows(conversation), ["see you at six* read", "ok"]);
  answer(taken(client));
  await sending;
  assert.deepEqual(rows(conversation), ["see you at six* read", "ok"]);
});

test("a correction whose row came and went while nobody listened leaves nothing behind", async () => {
  const { conversation, answer } = await opened([mine("one", 1)]);
  conversation.editLast(ENCRYPTED);
  conversation.writing.text.value = "two";
  const sending = conversation.send(true);
  answer(taken("c1"));
  await sending;
  assert.deepEqual(rows(conversation), ["one read"]);
});

test("a change that the engine refuses says so where it stands and can be undone", async () => {
  const { conversation, answer } = await opened([mine("one", 1)]);
  conversation.editLast(ENCRYPTED);
  conversation.writing.text.value = "two";
  const sending = conversation.send(true);
  answer({ ok: false, error: { kind: "would-expose" } });
  await sending;
  assert.deepEqual(rows(conversation), ["two* failed"]);
  const row = conversation.rows.value.at(-1);
  assert.ok(row?.kind === "message" && row.item.correction !== undefined);
  assert.equal(conversation.editLast(ENCRYPTED), false);
  await conversation.sending.discard(row.item.correction);
  assert.deepEqual(rows(conversation), ["one read"]);
});

test("a message that the engine could not take is sent again under the name it has", async () => {
  const { conversation, sent, answer } = await opened([]);
  conversation.writing.text.value = "once";
  const sending = conversation.send(true);
  answer({ ok: false, error: { kind: "internal" } });
  await sending;
  const key = sent[0]?.client ?? "";
  void conversation.sending.retry(key);
  assert.deepEqual(sent[1], sent[0]);
  const shown = conversation.rows.value.flatMap((row) => (row.kind === "message" ? row.key : []));
  assert.deepEqual(shown, [key], "and its bubble stays the same element");
});

test("an answer shows what it answers at once, and names it to the engine", async () => {
  const { conversation, sent } = await opened([theirs("coffee?", 1)]);
  conversation.answerNext(-1, ENCRYPTED);
  conversation.writing.text.value = "yes";
  void conversation.send(true);
  const [{ client: _, ...asked } = {}] = sent;
  assert.deepEqual(asked, { chat: BOB, text: "yes", reply: "coffee?" });
  const row = conversation.rows.value.at(-1);
  assert.ok(row?.kind === "message");
  assert.deepEqual(row.item.quote, { key: "coffee?", outgoing: false, text: "coffee?" });
  assert.equal(conversation.writing.mode.value.kind, "message");
});

test("the message to answer is chosen step by step, and behind the newest there is none", async () => {
  const { conversation } = await opened([theirs("a", 1), theirs("b", 2)]);
  const answered = () => {
    const mode = conversation.writing.mode.value;
    return mode.kind === "answer" ? mode.to.key : undefined;
  };
  conversation.answerNext(-1, ENCRYPTED);
  conversation.answerNext(-1, ENCRYPTED);
  conversation.answerNext(-1, ENCRYPTED);
  assert.equal(answered(), "a");
  conversation.answerNext(1, ENCRYPTED);
  conversation.answerNext(1, ENCRYPTED);
  assert.equal(answered(), undefined);
});

test("what is forwarded into a conversation stands in sight with the failure, wherever its reader was before", async () => {
  const all = Array.from({ length: 60 }, (_, index) => theirs(`m${index}`, index + 1));
  const { conversation, answer } = await opened(all);
  conversation.loaded.left = [{ key: "m20", top: 0 }] as never;
  await conversation.open(undefined);
  assert.equal(conversation.loaded.hasNewer.value, true);
  const said = conversation.say("forwarded", true);
  answer({ ok: false, error: { kind: "peer-refused" } });
  await said;
  const shown = conversation.rows.value.flatMap((row) => (row.kind === "message" ? [row.item] : []));
  assert.deepEqual([shown.at(-1)?.body, shown.at(-1)?.state], [{ kind: "text", text: "forwarded" }, "failed"]);
  assert.deepEqual(shown.at(-1)?.failure, { kind: "peer-refused" });
});

test("a message that was answered is gone to, however far up it lies in this browser", async () => {
  const all = Array.from({ length: 260 }, (_, index) => theirs(`m${index}`, index + 1));
  const { conversation } = await opened(all);
  assert.equal(await conversation.reveal("m30"), true);
  assert.deepEqual(conversation.sought.value, { key: "m30", quiet: false });
  assert.ok(rows(conversation).includes("m30"));
  assert.ok(rows(conversation).length <= 150);
  assert.equal(await conversation.reveal("elsewhere"), false);
});
