/** A conversation that is entered far up, at a message that was looked for. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { BareJid, Position } from "../../../worker/contract/names.ts";
import { type MessageItem, NOTHING_READ, type TimelinePage } from "../../engine/protocol/conversations.ts";
import type { Engine } from "../../engine/protocol/engine.ts";
import { Conversation } from "./conversation.ts";

const BOB = "bob@example.org" as BareJid;
const PAGE = 50;

const message = (position: number): MessageItem => ({
  ...{ key: `m${position}`, chat: BOB, position: position as Position, at: position, outgoing: false, encrypted: true },
  body: { kind: "text", text: `${position}` },
});

const stored = () => Array.from({ length: 5_000 }, (_, position) => message(position));

function scripted(rows: MessageItem[]) {
  return scriptedSlow(rows, () => false).conversation;
}

type Asked = Parameters<Engine["timeline"]>[0];

/** `hold`: whether the answer to a question is kept back until `release`. */
function scriptedSlow(rows: MessageItem[], hold: (asked: Asked) => boolean) {
  const held: (() => void)[] = [];
  const answer = ({ before, after, around }: Asked): TimelinePage => {
    const none = { chat: BOB, items: [], more: "none", beforeDevice: 0 } as const;
    const middle = around === undefined ? undefined : rows.findIndex(({ key }) => key === around);
    if (middle === -1) return none;
    const end = middle === undefined ? rows.length : middle + 1 + PAGE;
    const from = after === undefined ? (middle ?? 0) - PAGE : rows.findIndex(({ position }) => position > after);
    if (after !== undefined) {
      const newer = rows.length > from + PAGE;
      return { ...none, items: rows.slice(from, from + PAGE), more: "here", ...(newer && { newer }) };
    }
    if (middle !== undefined) {
      const newer = rows.length > end;
      return {
        ...none,
        items: rows.slice(Math.max(0, from), end),
        more: from > 0 ? "here" : "none",
        ...(newer && { newer }),
      };
    }
    const older = rows.filter(({ position }) => before === undefined || position < before);
    return { ...none, items: older.slice(-PAGE), more: older.length > PAGE ? "here" : "none" };
  };
  const timeline = async (asked: Asked) => {
    const page = answer(asked);
    if (hold(asked)) await new Promise<void>((go) => held.push(go));
    return page;
  };
  const conversation = new Conversation({ timeline } as unknown as Engine, BOB, () => 0);
  const release = () => {
    for (const go of held.splice(0)) go();
  };
  return { conversation, release };
}

const texts = (conversation: Conversation) =>
  conversation.rows.value.flatMap((row) => (row.kind === "message" ? [Number(row.item.position)] : []));
const tell = (conversation: Conversation, ...items: readonly MessageItem[]) =>
  conversation.apply({ type: "messages", chat: BOB, items, removed: [], beforeDevice: 0, readTo: NOTHING_READ });

test("U17: a message far up is shown with those around it, and led to", async () => {
  const conversation = scripted(stored());
  await conversation.open(undefined, "m1000");
  assert.deepEqual(conversation.sought.value, { key: "m1000", quiet: false });
  const shown = texts(conversation);
  assert.deepEqual([shown[0], shown.at(-1)], [950, 1_050]);
  assert.equal(conversation.loaded.hasNewer.value, true);
  assert.equal(conversation.loaded.loading.value, undefined);
});

test("U17: from there it goes on both ways without a hole, down to the newest message", async () => {
  const rows = stored();
  const conversation = scripted(rows);
  await conversation.open(undefined, "m4800");
  const seen = new Set(texts(conversation));
  for (let steps = 0; conversation.loaded.hasNewer.value && steps < 50; steps += 1) {
    conversation.loaded.anchor = `m${texts(conversation).at(-1)}`;
    await conversation.loaded.newer();
    for (const position of texts(conversation)) seen.add(position);
  }
  assert.equal(texts(conversation).at(-1), 4_999);
  for (let steps = 0; steps < 5; steps += 1) {
    await conversation.loaded.older();
    for (const position of texts(conversation)) seen.add(position);
  }
  const places = [...seen].toSorted((a, b) => a - b);
  assert.equal(places.length, (places.at(-1) ?? 0) - (places[0] ?? 0) + 1, "no hole");
  rows.push(message(5_000));
  conversation.loaded.atBottom.value = true;
  await conversation.jump();
  tell(conversation, message(5_000));
  assert.equal(texts(conversation).at(-1), 5_000);
});

test("U17: what comes meanwhile does not join on to what is far up, and is there at the newest row", async () => {
  const rows = stored();
  const conversation = scripted(rows);
  await conversation.open(undefined, "m10");
  rows.push(message(5_000));
  tell(conversation, message(5_000));
  assert.ok(!texts(conversation).includes(5_000));
  const kept = { writable: true } as never;
  assert.equal(conversation.editLast(kept), false);
  await conversation.jump();
  assert.deepEqual([texts(conversation).at(-1), conversation.loaded.hasNewer.value], [5_000, false]);
});

test("U17: entered another time it begins at the newest row; a message that is gone leads there, too", async () => {
  const conversation = scripted(stored());
  await conversation.open(undefined, "m10");
  await conversation.open(undefined);
  assert.equal(texts(conversation).at(-1), 4_999);
  await conversation.open(undefined, "gone");
  assert.equal(texts(conversation).at(-1), 4_999);
  assert.equal(await conversation.seek("gone"), false);
  assert.equal(texts(conversation).at(-1), 4_999);
});

test("U17: a quote that leads further up than is read page by page leads there all the same", async () => {
  const conversation = scripted(stored());
  await conversation.open(undefined);
  assert.equal(await conversation.reveal("m3"), true);
  assert.equal(texts(conversation)[0], 0);
  assert.equal(await conversation.reveal("gone"), false);
});

test("U17: what is answered far up is gone to with one question, and a draft that answers it too", async () => {
  const asked: Asked[] = [];
  const rows = stored();
  const { conversation } = scriptedSlow(rows, (one) => {
    asked.push(one);
    return false;
  });
  await conversation.open(undefined);
  asked.length = 0;
  assert.equal(await conversation.reveal("m3000"), true);
  assert.deepEqual([...asked], [{ chat: BOB, around: "m3000" }]);
  await conversation.open(undefined);
  asked.length = 0;
  const draft = { text: "yes", reply: "m5" };
  const summary = { jid: BOB, name: "Bob", relation: "contact", available: true, encryption: "on" } as const;
  await conversation.open({ ...summary, unread: 0, readTo: NOTHING_READ, draft });
  assert.equal(asked.filter(({ before }) => before !== undefined).length, 0);
  const mode = conversation.writing.mode.value;
  assert.equal(mode.kind === "answer" && mode.to.key, "m5");
  conversation.kept.close();
});

const isWhole = (places: readonly number[]) =>
  places.every((place, at) => at === 0 || place === (places[at - 1] ?? 0) + 1);

test("U17: older rows that come when somebody has gone far up meanwhile leave no hole there", async () => {
  const { conversation, release } = scriptedSlow(stored(), ({ before }) => before !== undefined);
  await conversation.open(undefined);
  const older = conversation.loaded.older();
  await conversation.seek("m1000");
  release();
  await older;
  const all = conversation.loaded.items.peek().map(({ position }) => Number(position));
  assert.deepEqual([all[0], all.at(-1), isWhole(all)], [950, 1_050, true]);
  const further = conversation.loaded.older();
  release();
  await further;
  assert.equal(conversation.loaded.items.peek()[0]?.key, "m900", "it goes on from there");
});

test("U17: the newest page that comes when somebody has gone far up meanwhile does not join on there", async () => {
  const { conversation, release } = scriptedSlow(stored(), ({ around }) => around === undefined);
  const opening = conversation.open(undefined);
  await conversation.seek("m1000");
  release();
  await opening;
  const all = conversation.loaded.items.peek().map(({ position }) => Number(position));
  assert.deepEqual([all[0], all.at(-1), conversation.loaded.detached], [950, 1_050, true]);
});

test("U17: of a message looked for and the newest row what was wanted last is shown", async () => {
  const { conversation, release } = scriptedSlow(stored(), ({ around }) => around !== undefined);
  await conversation.open(undefined);
  const seeking = conversation.seek("m1000");
  await conversation.open(undefined);
  release();
  assert.equal(await seeking, true, "it is here");
  assert.deepEqual([texts(conversation).at(-1), conversation.sought.value], [4_999, undefined]);
});
