/** Gaps, older messages, and messages that come in above and between what is there. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { Entry, MessageEntry } from "../../../worker/contract/entries.ts";
import type { BareJid, EntryId, Position, Time } from "../../../worker/contract/names.ts";
import type { ChatSummary } from "../protocol/conversations.ts";
import { ScriptedNetwork } from "../testing/scripted-network.ts";
import type { ArchivedMessage, ScriptedObject } from "../testing/scripted-object.ts";
import { TestBrowser, until } from "../testing/browser.ts";

const ALICE = "alice@a.example" as BareJid;
const MINA = "mina@m.example" as BareJid;
const LONG_AGO: Time = Date.parse("2020-01-01T12:00:00Z");

let object: ScriptedObject;
let firefox: TestBrowser;

beforeEach(async () => {
  const network = new ScriptedNetwork();
  object = network.object(ALICE);
  firefox = new TestBrowser(network, "Firefox on Linux");
  await firefox.signIn(ALICE);
});

afterEach(() => firefox.engine.stop());

const clear = (text: string): MessageEntry["content"] => ({ kind: "clear", text });
const archived = (text: string): ArchivedMessage => ({ chat: MINA, sender: MINA, at: LONG_AGO, content: clear(text) });
const say = (text: string, more: { readonly at?: Time; readonly position?: Position } = {}) =>
  object.deliver({ chat: MINA, sender: MINA, content: clear(text), ...more });
const summary = (): ChatSummary | undefined => firefox.engine.snapshot().chats.find(({ jid }) => jid === MINA);
const place = (position: number) => ({ position: position as Position });

function gap(state: "open" | "filled" | "lost", name: string, position: number, why = "catching-up"): void {
  const entry = { kind: "gap", gap: name as EntryId, at: Date.now(), state, why, ...place(position) };
  object.append(entry as unknown as Parameters<ScriptedObject["append"]>[0] & Entry);
}

describe("a gap", () => {
  it("is told while it is open and forgotten when it was filled, also after a crash", async () => {
    say("before");
    gap("open", "g1", 2);
    say("after", place(10));
    await until(() => firefox.engine.snapshot().gaps.length === 1);
    await firefox.crash();
    const [kept] = firefox.engine.snapshot().gaps;
    assert.deepEqual([kept?.gap, kept?.position, kept?.state], ["g1", 2, "open"]);
    say("between", place(1.5));
    gap("filled", "g1", 2);
    await firefox.waitForTexts(MINA, ["before", "between", "after"]);
    await until(() => firefox.engine.snapshot().gaps.length === 0);
    assert.deepEqual(
      firefox.events.findLast(({ type }) => type === "gaps"),
      { type: "gaps", gaps: [] },
    );
  });

  it("that is lost stays, by its latest word; it is no message", async () => {
    gap("open", "g1", 2);
    gap("lost", "g1", 2, "expired");
    await until(() => firefox.engine.snapshot().gaps[0]?.why === "expired");
    assert.equal(summary(), undefined);
    object.startEpoch("epoch-2");
    object.log = [];
    firefox.remote.cut();
    firefox.remote.mend();
    await until(() => firefox.engine.snapshot().gaps.length === 0);
  });
});

describe("older messages", () => {
  it("are fetched when they are asked for, page by page, until the beginning", async () => {
    say("now");
    await firefox.waitForTexts(MINA, ["now"]);
    assert.equal((await firefox.engine.timeline({ chat: MINA })).more, "server");
    object.archived = [
      [archived("c"), archived("d")],
      [archived("a"), archived("b")],
    ];
    assert.deepEqual(await firefox.engine.older({ chat: MINA }), { ok: true, value: { complete: false, found: true } });
    assert.deepEqual(await firefox.texts(MINA), ["c", "d", "now"]);
    assert.deepEqual(await firefox.engine.older({ chat: MINA }), { ok: true, value: { complete: true, found: true } });
    await firefox.waitForTexts(MINA, ["a", "b", "c", "d", "now"]);
    assert.equal((await firefox.engine.timeline({ chat: MINA })).more, "none");
    await firefox.crash();
    assert.equal((await firefox.engine.timeline({ chat: MINA })).more, "none");
  });

  it("that cannot be fetched say why, and those of a new log are asked for again", async () => {
    say("now");
    await firefox.waitForTexts(MINA, ["now"]);
    assert.deepEqual(await firefox.engine.older({ chat: MINA }), { ok: true, value: { complete: true, found: false } });
    object.linked = false;
    assert.deepEqual(await firefox.engine.older({ chat: MINA }), { ok: false, error: { kind: "offline" } });
    object.startEpoch("epoch-2");
    firefox.remote.cut();
    firefox.remote.mend();
    await until(async () => (await firefox.engine.timeline({ chat: MINA })).more === "server");
  });

  it("are asked for once, however many pages want them", async () => {
    object.archived = [[archived("a")], [archived("b")]];
    const [one, two] = await Promise.all([firefox.engine.older({ chat: MINA }), firefox.engine.older({ chat: MINA })]);
    assert.deepEqual(one, two);
    assert.equal(object.archived.length, 1);
  });

  it("are neither unread nor the newest, and the next message still is both", async () => {
    object.archived = [[archived("a"), archived("b")]];
    await firefox.engine.older({ chat: MINA });
    await until(() => summary()?.last?.body.kind === "text");
    assert.equal(summary()?.unread, 0);
    say("news");
    await until(() => summary()?.unread === 1);
    object.archived = [[archived("z")]];
    await firefox.engine.older({ chat: MINA });
    assert.deepEqual(await firefox.texts(MINA), ["z", "a", "b", "news"]);
    assert.equal(summary()?.unread, 1);
    assert.deepEqual(summary()?.last?.body, { kind: "text", text: "news" });
    const told = firefox.events.findLast((event) => event.type === "messages");
    assert.equal(told?.type === "messages" && told.readTo < 0, true);
  });
});

describe("the read position", () => {
  it("of messages that come into a new log follows what was read in the lost one", async () => {
    const archive = (id: string) => ({ archive: { by: ALICE, id } });
    object.deliver({ chat: MINA, sender: MINA, content: clear("one"), ...archive("1") });
    const second = object.deliver({ chat: MINA, sender: MINA, content: clear("two"), ...archive("2") });
    object.deliver({ chat: MINA, sender: MINA, content: clear("three"), ...archive("3") });
    await until(() => summary()?.unread === 3);
    await firefox.engine.read({ chat: MINA, position: (second as MessageEntry).position });
    await until(() => summary()?.unread === 1);
    firefox.remote.cut();
    object.startEpoch("epoch-2");
    object.log = object.log.filter(({ kind }) => kind === "message");
    object.log = object.log.map((entry, index) => ({ ...entry, seq: index + 1, position: index - 500 }) as Entry);
    firefox.remote.mend();
    await until(async () => (await firefox.items(MINA)).every(({ position }) => position < 0));
    await until(() => summary()?.unread === 1);
    assert.deepEqual(await firefox.texts(MINA), ["one", "two", "three"]);
  });

  it("leaves alone who said something in a room", async () => {
    object.deliver({ chat: MINA, sender: MINA, content: clear("hi"), occupant: { nick: "Mina" } });
    await firefox.waitForTexts(MINA, ["hi"]);
    assert.deepEqual((await firefox.rows("messages"))[0]?.occupant, { nick: "Mina" });
  });
});
