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
  const engine = {
    timeline: async ({ before, after, around }: Parameters<Engine["timeline"]>[0]): Promise<TimelinePage> => {
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
    },
  } as unknown as Engine;
  return new Conversation(engine, BOB, () => 0);
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
