/** A conversation on screen while rows come in from above, from the archive, and from nowhere. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Result } from "../../../worker/contract/failures.ts";
import type { BareJid, Position } from "../../../worker/contract/names.ts";
import {
  type ChatSummary,
  type MessageItem,
  NOTHING_READ,
  type TimelinePage,
} from "../../engine/protocol/conversations.ts";
import type { Engine } from "../../engine/protocol/engine.ts";
import { Conversation } from "./conversation.ts";

const BOB = "bob@example.org" as BareJid;
const PAGE = 50;

type Answer = Result<{ readonly complete: boolean; readonly found: boolean }>;

const message = (position: number): MessageItem => ({
  key: `m${position}`,
  chat: BOB,
  position: position as Position,
  at: position,
  outgoing: false,
  encrypted: true,
  body: { kind: "text", text: `${position}` },
});

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => message(from + index));

/** An engine with these rows; `archive` is what it has behind them. */
function scripted(stored: MessageItem[], archive: (() => Answer)[]) {
  let asked = 0;
  let read = 0;
  const engine = {
    timeline: async ({ before, downTo }: Parameters<Engine["timeline"]>[0]): Promise<TimelinePage> => {
      read += 1;
      const older = stored.filter(({ position }) => before === undefined || position < before);
      const above = downTo === undefined ? 0 : older.filter(({ position }) => position > downTo).length;
      const length = Math.max(PAGE, above + 25);
      const last = archive.length === 0 ? "none" : "server";
      return { chat: BOB, items: older.slice(-length), more: older.length > length ? "here" : last, beforeDevice: 0 };
    },
    older: async (): Promise<Answer> => {
      asked += 1;
      return archive[0]?.() ?? { ok: true, value: { complete: true, found: false } };
    },
  } as unknown as Engine;
  return { conversation: new Conversation(engine, BOB, () => 0), asked: () => asked, read: () => read };
}

const tell = (conversation: Conversation, items: readonly MessageItem[]) =>
  conversation.apply({ type: "messages", chat: BOB, items, removed: [], beforeDevice: 0, readTo: NOTHING_READ });
const texts = (conversation: Conversation) =>
  conversation.rows.value.flatMap((row) => (row.kind === "message" ? [Number(row.item.position)] : []));
const top = (conversation: Conversation) => {
  const [row] = conversation.rows.value;
  return row?.kind === "older" ? `older ${row.state}` : row?.kind;
};

test("history that comes in far above does not join on to what is loaded: nothing is skipped on the way up", async () => {
  const stored = range(0, 120);
  const { conversation } = scripted(stored, []);
  await conversation.open(undefined);
  const old = range(-200, -100);
  stored.unshift(...old);
  tell(conversation, old);
  assert.equal(texts(conversation)[0], 70);
  const seen = new Set(texts(conversation));
  while (top(conversation) !== "beginning") {
    await conversation.loaded.older();
    for (const position of texts(conversation)) seen.add(position);
  }
  assert.equal(seen.size, 220);
  assert.equal(texts(conversation)[0], -200);
});

test("where this browser has no more, the archive is asked, until the beginning", async () => {
  const stored = range(0, 10);
  const archive: (() => Answer)[] = [];
  const bring = (from: number, complete: boolean) => (): Answer => {
    stored.unshift(...range(from, from + 5));
    archive.shift();
    return { ok: true, value: { complete, found: true } };
  };
  archive.push(bring(-5, false), bring(-10, true));
  const { conversation } = scripted(stored, archive);
  await conversation.open(undefined);
  assert.equal(top(conversation), "day");
  const fetching = conversation.loaded.older();
  assert.equal(top(conversation), "older loading");
  await fetching;
  assert.equal(texts(conversation)[0], -5);
  await conversation.loaded.older();
  assert.equal(top(conversation), "beginning");
  assert.equal(texts(conversation).length, 20);
});

test("an archive that cannot be asked is asked again by the person, or when the connection stands", async () => {
  const { conversation, asked } = scripted(range(0, 3), [() => ({ ok: false, error: { kind: "offline" } })]);
  await conversation.open(undefined);
  await conversation.loaded.older();
  await conversation.loaded.older();
  assert.equal(top(conversation), "older failed");
  assert.equal(asked(), 1);
  await conversation.loaded.fetchOlder();
  assert.equal(asked(), 2);
  conversation.loaded.connected();
  assert.equal(top(conversation), "day");
  await conversation.loaded.older();
  assert.equal(asked(), 3);
});

test("an archive that brings nothing to show is not asked for more by itself", async () => {
  const { conversation, asked } = scripted(range(0, 3), [
    () => ({ ok: true, value: { complete: false, found: false } }),
  ]);
  await conversation.open(undefined);
  await conversation.loaded.older();
  await conversation.loaded.older();
  assert.equal(top(conversation), "older asking");
  assert.equal(asked(), 1);
});

test("after more has come than a page holds while nobody told, what was loaded before gives way", async () => {
  const stored = range(0, 10);
  const { conversation } = scripted(stored, []);
  await conversation.open(undefined);
  stored.push(...range(10, 200));
  await conversation.open(undefined);
  assert.equal(texts(conversation)[0], 150);
  await conversation.loaded.older();
  assert.equal(texts(conversation)[0], 100);
});

test("a long day at the newest row lets go of what is far above, which is there again on the way up", async () => {
  const stored = range(0, 20);
  const { conversation, read } = scripted(stored, []);
  await conversation.open(undefined);
  for (const item of range(20, 1_000)) {
    stored.push(item);
    tell(conversation, [item]);
  }
  assert.equal(texts(conversation).at(-1), 999);
  assert.equal(read(), 1);
  conversation.loaded.atBottom.value = false;
  const seen = new Set(texts(conversation));
  while (top(conversation) !== "beginning") {
    await conversation.loaded.older();
    for (const text of texts(conversation)) seen.add(text);
  }
  assert.equal(seen.size, 1_000);
  assert.ok(read() > 700 / PAGE, `${read()} pages were read`);
});

const lineOf = (conversation: Conversation) => {
  const { value: rows } = conversation.rows;
  const below = rows[rows.findIndex(({ kind }) => kind === "unread") + 1];
  return rows.some(({ kind }) => kind === "unread") && below?.kind === "message" ? below.item.position : undefined;
};
const unreadFrom = (readTo: number, unread: number) => ({ unread, readTo: readTo as Position }) as ChatSummary;

test("U2: 300 unread messages open at the first of them, and the line stays there on the way down and up", async () => {
  const { conversation, read } = scripted(range(0, 400), []);
  await conversation.open(unreadFrom(99, 300));
  assert.equal(lineOf(conversation), 100);
  assert.ok(texts(conversation).length <= 150);
  assert.equal(read(), 1, "in one go");
  conversation.loaded.atBottom.value = false;
  while (conversation.loaded.hasNewer.value) {
    assert.equal(lineOf(conversation), texts(conversation).includes(100) ? 100 : undefined);
    await conversation.loaded.newer();
  }
  assert.equal(texts(conversation).at(-1), 399);
  assert.equal(lineOf(conversation), undefined, "the line is far above now, and stands nowhere else");
  while (top(conversation) !== "beginning") await conversation.loaded.older();
  assert.equal(lineOf(conversation), 100);
});

test("U2: a conversation that was open before opens at the first of 300 that came since", async () => {
  const stored = range(0, 100);
  const { conversation } = scripted(stored, []);
  await conversation.open(undefined);
  stored.push(...range(100, 400));
  for (const item of range(100, 400)) tell(conversation, [item]);
  await conversation.open(unreadFrom(99, 300));
  assert.equal(lineOf(conversation), 100);
  assert.ok(texts(conversation).includes(90), "with some of what was read before");
});

test("U2: a few unread messages open with the newest ones mounted, too", async () => {
  const { conversation } = scripted(range(0, 400), []);
  await conversation.open(unreadFrom(394, 5));
  assert.equal(lineOf(conversation), 395);
  assert.equal(texts(conversation).at(-1), 399);
});

/** The reader has these rows in sight, and goes elsewhere. */
const leaves = (conversation: Conversation, keys: readonly string[]) => {
  conversation.loaded.left = keys.map((key, at) => ({ key, top: at * 40, bottom: at * 40 + 40, lasting: true }));
};

test("whoever comes back to a conversation is where they left it, with what came in meanwhile below", async () => {
  const stored = range(0, 400);
  const { conversation } = scripted(stored, []);
  await conversation.open(undefined);
  for (let page = 0; page < 4; page += 1) await conversation.loaded.older();
  conversation.loaded.atBottom.value = false;
  leaves(conversation, ["m210", "m211"]);
  stored.push(message(400));
  tell(conversation, [message(400)]);
  await conversation.open(undefined);
  assert.ok(texts(conversation).includes(210));
  assert.equal(conversation.loaded.atBottom.value, false);
  await conversation.jump();
  assert.equal(texts(conversation).at(-1), 400);
});

test("where more came in than a page holds, the place is kept, and the rest is read on the way down", async () => {
  const stored = range(0, 200);
  const { conversation } = scripted(stored, []);
  await conversation.open(undefined);
  await conversation.loaded.older();
  conversation.loaded.atBottom.value = false;
  leaves(conversation, ["m120"]);
  stored.push(...range(200, 300));
  await conversation.open(undefined);
  assert.ok(texts(conversation).includes(120));
  assert.equal(conversation.loaded.hasNewer.value, true);
  assert.ok(!texts(conversation).includes(299), "nothing stands beside what it does not follow");
  await conversation.jump();
  assert.equal(texts(conversation).at(-1), 299);
});

test("what is unread goes before the place that was left", async () => {
  const stored = range(0, 200);
  const { conversation } = scripted(stored, []);
  await conversation.open(undefined);
  await conversation.loaded.older();
  conversation.loaded.atBottom.value = false;
  leaves(conversation, ["m110"]);
  await conversation.open({ unread: 2, readTo: 197 } as ChatSummary);
  assert.deepEqual(conversation.loaded.left, []);
  assert.equal(conversation.loaded.firstUnread.value, "m198");
});

test("U19: rows that the screen has no need of go while somebody rests at the newest, not while a line marks the unread", async () => {
  for (const unread of [false, true]) {
    const { conversation } = scripted(range(0, 100), []);
    await conversation.open(unread ? unreadFrom(94, 5) : undefined);
    await conversation.loaded.older();
    const mounted = texts(conversation).length;
    conversation.loaded.atBottom.value = true;
    conversation.loaded.rest(1_000);
    assert.equal(texts(conversation).length < mounted, !unread);
    assert.equal(texts(conversation).at(-1), 99);
    conversation.loaded.atBottom.value = false;
    const reading = texts(conversation);
    conversation.loaded.rest(1_000);
    assert.deepEqual(texts(conversation), reading);
  }
});
