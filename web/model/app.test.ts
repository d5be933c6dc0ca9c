import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import type { Result } from "../../worker/contract/failures.ts";
import type { BareJid, ClientId, Position } from "../../worker/contract/names.ts";
import type { NoticeView } from "../engine/protocol/account.ts";
import type { ChatSummary, MessageItem } from "../engine/protocol/conversations.ts";
import type { EngineEvent, Snapshot, ConnectedEngine } from "../engine/protocol/engine.ts";
import { App } from "./app.ts";
import { accountNow } from "./clock.ts";
import { start } from "./asking.ts";

const alice = "alice@example.org" as BareJid;
const bob = "bob@example.org" as BareJid;
const now = Date.parse("2026-11-23T12:00:00Z");

const bobsChat: ChatSummary = {
  jid: bob,
  name: "Bob",
  relation: "contact",
  available: true,
  encryption: "on",
  unread: 0,
  readTo: 2 as Position,
};

function message(key: string, position: number, more: Partial<MessageItem> = {}): MessageItem {
  return {
    key,
    chat: bob,
    position: position as Position,
    at: now + position,
    outgoing: false,
    encrypted: true,
    body: { kind: "text", text: key },
    ...more,
  };
}

/** Ends what a test has opened: a text that somebody is in the middle of is watched for a minute. */
const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

/** An engine that answers from fixtures, notes what it was asked, and says what it is told to say. */
function fixture(items: readonly MessageItem[], chats: readonly ChatSummary[] = [bobsChat], clock = () => now) {
  const asked: string[] = [];
  let tell: (event: EngineEvent) => void = () => assert.fail("nobody listens");
  let answerSend: (answer: Result<{ readonly client: ClientId }>) => void = () => assert.fail("nothing was sent");
  const snapshot: Snapshot = {
    session: { state: "signed-in", account: alice },
    connection: { socket: "open", link: { state: "live", caughtUp: true }, encryption: "ready" },
    chats,
    notices: [],
    gaps: [],
  };
  const note = async (line: string) => {
    asked.push(line);
  };
  const engine: ConnectedEngine = {
    onEvent: (listener) => {
      tell = listener;
      return () => undefined;
    },
    attach: async () => snapshot,
    visible: ({ visible }) => note(`visible ${visible}`),
    signIn: async () => ({ ok: true, value: { account: alice } }),
    signOut: async () => ({ ok: true, value: { done: true } }),
    timeline: async ({ chat, before }) => {
      const older = items.filter((item) => before === undefined || item.position < before);
      return { chat, items: older.slice(-50), more: older.length > 50 ? "here" : "none", beforeDevice: 0 };
    },
    older: async () => assert.fail("nothing is in the archive"),
    open: ({ chat }) => note(`open ${chat}`),
    send: ({ text }) => {
      asked.push(`send ${text}`);
      return new Promise((resolve) => {
        answerSend = resolve;
      });
    },
    noteFile: async () => ({ ok: true, value: { done: true } }),
    draft: ({ chat, draft }) => note(`draft ${chat} ${draft?.text}`),
    react: async () => ({ ok: true, value: { done: true } }),
    retract: async () => ({ ok: true, value: { done: true } }),
    retry: ({ key }) => note(`retry ${key}`),
    discard: ({ key }) => note(`discard ${key}`),
    read: ({ position }) => note(`read ${position}`),
    start: async ({ address }) => ({ ok: true, value: { chat: address as BareJid } }),
    writeToKnown: ({ chat }) => note(`write to known ${chat}`),
    revoke: async ({ browser }) => {
      asked.push(`revoke ${browser}`);
      return { ok: true, value: { done: true } };
    },
    ask: async () => ({ ok: false, error: { kind: "offline" } }),
    sharedRooms: async () => [],
    keptAway: async () => [],
    forget: async () => ({ ok: true, value: { done: true } }),
    deleteChat: async () => ({ ok: true, value: { done: true } }),
    typing: ({ chat, state }) => note(`typing ${chat} ${state}`),
    notifies: ({ on }) => note(`notifies ${on}`),
    contact: async ({ jid, action }) => {
      asked.push(`${action} ${jid}`);
      return { ok: true, value: { done: true } };
    },
    room: async ({ address }) => ({ ok: true, value: { chat: address as BareJid } }),
    invite: async () => ({ ok: true, value: { done: true } }),
    choose: async () => ({ ok: true, value: { done: true } }),
    members: async ({ room }) => ({ room, people: [], manages: false }),
    expose: ({ chat }) => note(`expose ${chat}`),
    checkEncryption: ({ chat }) => note(`check ${chat}`),
    devices: async ({ jid }) => ({ jid: jid ?? alice, devices: [] }),
    resetSession: async () => ({ ok: true, value: { done: true } }),
    decide: async ({ jid, device, trust }) => {
      asked.push(`decide ${jid} ${device} ${trust}`);
      return { ok: true, value: { done: true } };
    },
    onlyVerified: async ({ on }) => on === true,
    letIn: async () => ({ ok: true, value: { done: true } }),
    handover: async () => ({ ok: true, value: { done: true } }),
    copy: async () => ({ ok: true, value: { done: true } }),
    importHistory: async () => ({ ok: true, value: { how: "wrong-passphrase" } }),
    devicesSeen: async () => undefined,
    verifyLink: async () => ({ ok: true, value: { verified: 1, differing: [] } }),
    removeDevice: async ({ device }) => {
      asked.push(`remove ${device}`);
      return { ok: true, value: { done: true } };
    },
    dismiss: ({ notice }) => note(`dismiss ${notice}`),
    storage: ({ kept }) => note(`storage ${kept}`),
    reconnect: () => note("reconnect"),
  };
  const app = new App(engine, clock);
  ends.push(() => tell({ type: "session", session: { state: "signed-out" } }));
  return {
    app,
    asked,
    engine,
    tell: (event: EngineEvent) => tell(event),
    answerSend: (answer: Result<{ readonly client: ClientId }>) => answerSend(answer),
  };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));
const messages = (...items: readonly MessageItem[]): EngineEvent => ({
  type: "messages",
  chat: bob,
  items,
  removed: [],
  beforeDevice: 0,
  readTo: bobsChat.readTo,
});

function bubbles(app: App): readonly string[] {
  return app
    .conversation(bob)
    .rows.value.flatMap((row) =>
      row.kind === "message" && row.item.body.kind === "text"
        ? [`${row.item.body.text}${row.item.state ? ` (${row.item.state})` : ""}`]
        : [],
    );
}

async function opened(items: readonly MessageItem[], chat: ChatSummary = bobsChat) {
  const made = fixture(items, [chat]);
  await made.app.attach(true);
  made.app.go({ screen: "chats", chat: bob });
  await settled();
  return made;
}

test("a conversation with unread messages is read once its newest message is in sight, not before", async () => {
  const { app, asked } = await opened([message("a", 1), message("b", 5)], { ...bobsChat, unread: 1 });
  assert.deepEqual(asked, [`open ${bob}`]);
  app.conversation(bob).loaded.atBottom.value = true;
  assert.deepEqual(asked, [`open ${bob}`, "read 5"]);
});

test("what comes into a conversation that is read to its end is said aloud and read, and never counted in the list", async () => {
  const { app, asked, tell } = await opened([message("a", 1)]);
  const last = {
    key: "b",
    at: now,
    outgoing: false,
    body: { kind: "text", text: "b" },
    position: 5 as Position,
  } as const;
  const arrives = () => {
    tell(messages(message("b", 5)));
    tell({ type: "chats", chats: [{ ...bobsChat, unread: 1, last }], removed: [] });
  };
  arrives();
  assert.equal(app.unread.value, 0);
  assert.equal(app.announcement.value, "Bob: b");
  assert.ok(asked.includes("read 5"));
  for (const elsewhere of [
    () => app.look(true, false),
    () => app.go({ screen: "chats" }),
    () => (app.conversation(bob).loaded.atBottom.value = false),
  ]) {
    app.look(true, true);
    app.go({ screen: "chats", chat: bob });
    app.conversation(bob).loaded.atBottom.value = true;
    await settled();
    elsewhere();
    arrives();
    assert.equal(app.unread.value, 1, String(elsewhere));
  }
});

test("a room that is left elsewhere and drops off the list is not shown as a person", async () => {
  const room: ChatSummary = {
    ...bobsChat,
    room: { nick: "alice", state: "left", people: 0, unable: [], undecided: [], changed: [], newcomers: [] },
  };
  const { app, tell } = await opened([], room);
  tell({ type: "chats", chats: [], removed: [bob] });
  assert.deepEqual(app.place.value, { screen: "chats" });
});

test("nothing is marked as read while nobody looks", async () => {
  const { app, asked, tell } = await opened([message("a", 1)]);
  app.look(true, false);
  tell(messages(message("b", 5)));
  assert.ok(!asked.includes("read 5"));
  assert.ok(app.conversation(bob).rows.value.some((row) => row.kind === "unread"));
  app.look(true, true);
  assert.ok(asked.includes("read 5"));
});

test("nothing is marked as read while the reader is further up", async () => {
  const { app, asked, tell } = await opened([message("a", 1)]);
  app.conversation(bob).loaded.atBottom.value = false;
  tell(messages(message("b", 5)));
  assert.ok(!asked.includes("read 5"));
});

test("U2: a reader on the way down has read what is in sight and above it, and the engine is told in steps", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const many = Array.from({ length: 40 }, (_, at) => message(`m${at}`, at + 2));
  const { app, asked } = await opened(many, { ...bobsChat, unread: 40 });
  const { loaded } = app.conversation(bob);
  for (const key of ["m3", "m4", "m9", "m7"]) loaded.seen.value = key;
  await settled();
  assert.deepEqual(asked, [`open ${bob}`, "read 5"]);
  t.mock.timers.tick(300);
  await settled();
  assert.deepEqual(asked.slice(2), ["read 11"], "not of each row on the way, and never back");
  t.mock.timers.tick(300);
  await settled();
  loaded.atBottom.value = true;
  assert.equal(asked.at(-1), "read 41");
});

test("a typed message stands at once and there is one bubble when it comes back", async () => {
  const { app, tell, answerSend } = await opened([message("a", 1)]);
  const chat = app.conversation(bob);
  chat.writing.text.value = "  hello ";
  const sending = chat.send(true);
  assert.deepEqual(bubbles(app), ["a", "hello (waiting)"]);
  assert.equal(chat.writing.text.value, "");
  const key = chat.rows.value.at(-1)?.key ?? "";
  tell(messages(message(key, 7, { outgoing: true, state: "sent", body: { kind: "text", text: "hello" } })));
  assert.deepEqual(bubbles(app), ["a", "hello (sent)"]);
  assert.equal(chat.rows.value.at(-1)?.key, key);
  answerSend({ ok: true, value: { client: key as ClientId } });
  await sending;
  assert.deepEqual(bubbles(app), ["a", "hello (sent)"]);
});

test("a message the engine refuses stays, says why, and can be sent again or deleted", async () => {
  const { app, asked, answerSend } = await opened([]);
  const chat = app.conversation(bob);
  chat.writing.text.value = "hello";
  const sending = chat.send(true);
  answerSend({ ok: false, error: { kind: "would-expose" } });
  await sending;
  assert.deepEqual(bubbles(app), ["hello (failed)"]);
  const row = chat.rows.value.at(-1);
  assert.ok(row?.kind === "message" && row.item.failure?.kind === "would-expose");
  const again = chat.sending.retry(row.item.key);
  answerSend({ ok: false, error: { kind: "offline" } });
  await again;
  assert.deepEqual(
    asked.filter((line) => line.startsWith("send")),
    ["send hello", "send hello"],
  );
  const failed = chat.rows.value.at(-1);
  assert.ok(failed?.kind === "message");
  await chat.sending.discard(failed.item.key);
  assert.deepEqual(bubbles(app), []);
});

test("scrolling up brings every older message once", async () => {
  const all = Array.from({ length: 180 }, (_, index) => message(`m${index}`, index + 1));
  const { app } = await opened(all, { ...bobsChat, readTo: 180 as Position });
  const chat = app.conversation(bob);
  for (let step = 0; step < 6; step++) await chat.loaded.older();
  const shown = bubbles(app);
  assert.equal(shown[0], "m0");
  assert.equal(shown.length, 150);
  assert.equal(chat.loaded.hasNewer.value, true);
  await chat.jump();
  assert.equal(bubbles(app).at(-1), "m179");
});

test("a draft stays with its conversation", async () => {
  const { app } = await opened([]);
  app.conversation(bob).writing.text.value = "half a thou";
  app.go({ screen: "chats" });
  app.go({ screen: "chats", chat: bob });
  assert.equal(app.conversation(bob).writing.text.value, "half a thou");
});

test("a leading tab whose engine cannot open the store yet closes nothing in the others", async () => {
  const { app, tell, engine } = await opened([]);
  app.conversation(bob).writing.text.value = "half a thought";
  const known = await engine.attach({ visible: true });
  tell({ type: "reset", snapshot: { ...known, session: { state: "starting" }, chats: [] } });
  assert.equal(app.openChat.peek(), bob);
  assert.equal(app.chats.peek().size, 1);
  await settled();
  assert.equal(app.conversation(bob).writing.text.peek(), "half a thought");
  assert.equal(app.chats.peek().size, 1, "its word once it could");
});

test("what an engine of the next release tells besides is passed over, and what it tells with it is shown", async () => {
  const { app, tell } = await opened([]);
  const known = { kind: "no-archive", key: "no-archive" } as const;
  tell({ type: "of the next release", chat: bob } as unknown as EngineEvent);
  tell({ type: "notices", notices: [{ kind: "of the next release", key: "x" }, known] as unknown as NoticeView[] });
  assert.deepEqual(app.notices.value, [known]);
  const snapshot = await app.engine.attach({ visible: true });
  tell({
    type: "reset",
    snapshot: { ...snapshot, notices: [{ kind: "later", key: "y" }, known] as unknown as NoticeView[] },
  });
  assert.deepEqual(app.notices.value, [known]);
});

test("signing out leaves nothing of the account in memory", async () => {
  const { app, tell } = await opened([message("a", 1)]);
  app.conversation(bob).writing.text.value = "secret";
  app.filter.value = "bo";
  assert.ok(app.writing.value);
  tell({ type: "session", session: { state: "signed-out", because: "by-choice" } });
  assert.ok(!app.writing.value, "a new release may be loaded");
  assert.equal(app.chats.value.size, 0);
  assert.equal(app.place.value.screen === "chats" && app.place.value.chat, undefined);
  assert.equal(app.conversation(bob).writing.text.value, "");
  assert.equal(app.conversation(bob).rows.value.length, 0);
});

test("declining somebody closes the conversation", async () => {
  const { app, asked } = await opened([], { ...bobsChat, relation: "request" });
  await app.answer(bob, "decline");
  assert.ok(asked.includes(`decline ${bob}`));
  assert.equal(app.openChat.value, undefined);
});

test("asking for a contact out of a menu says why that failed", async () => {
  const { app, engine } = await opened([]);
  const failure = { kind: "offline" } as const;
  engine.contact = async () => ({ ok: false, error: failure });
  await app.orSay(app.answer(bob, "add"));
  assert.deepEqual(app.dialog.value, { kind: "not-chosen", failure });
});

test("a conversation that cannot be begun from a person's page says why", async () => {
  const { app, engine } = await opened([]);
  const failure = { kind: "not-loaded" } as const;
  engine.start = async () => ({ ok: false, error: failure });
  await app.orSay(start(app, bob));
  assert.deepEqual(app.dialog.value, { kind: "not-chosen", failure });
});

test("a reaction whose script cannot be had says so", async () => {
  const { app, engine } = await opened([message("a", 1)]);
  const failure = { kind: "not-loaded" } as const;
  engine.react = async () => ({ ok: false, error: failure });
  await app.orSay(app.engine.react({ key: "a", emojis: [] }));
  assert.deepEqual(app.dialog.value, { kind: "not-chosen", failure });
});

test("N7: a password that is being typed again is something to lose, and is gone with its account", async () => {
  const { app, tell } = await opened([message("a", 1)]);
  const form = app.again.value;
  assert.ok(form !== undefined && form.address.value === alice && !app.writing.value);
  form.password.value = "half of i";
  assert.equal(app.again.value, form, "the same in every place that shows it");
  assert.ok(app.writing.value, "no new release is loaded over it");
  tell({ type: "session", session: { state: "signed-out" } });
  assert.equal(app.again.value, undefined);
  assert.ok(!app.writing.value);
});

test("what own browsers share is timed by the account's clock, and the list looks at it anew when that is told", async () => {
  let here = now;
  const { app, tell } = fixture([], [{ ...bobsChat, unread: 1, choices: { muted: now + 3_600_000 } }], () => here);
  await app.attach(true);
  assert.equal(app.unread.value, 0);
  here = now + 7_200_000;
  const connection = { socket: "open", encryption: "ready", ahead: 7_200_000 } as const;
  tell({ type: "connection", connection });
  assert.ok(Math.abs(accountNow() - Date.now() - 7_200_000) < 1_000);
  assert.equal(app.unread.value, 1, "its hour is over, whatever this computer says");
  tell({ type: "connection", connection: { socket: "open", encryption: "ready" } });
  assert.ok(Math.abs(accountNow() - Date.now()) < 1_000);
});
