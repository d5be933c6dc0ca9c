/** Who is declined or blocked, and what is deleted here. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import type { ContactEntry } from "../../../worker/contract/entries.ts";
import { type TestBrowser, until } from "../testing/browser.ts";
import { ALICE, BOB, type Fixture, twoPeople } from "../testing/fixture.ts";

let fixture: Fixture;
let alice: TestBrowser;
let bob: TestBrowser;

const NOBODY: Pick<ContactEntry, "kind" | "jid" | "subscription" | "asked" | "request"> = {
  kind: "contact",
  jid: BOB,
  subscription: "removed",
  asked: false,
  request: false,
};
const row = () => alice.engine.snapshot().chats.find(({ jid }) => jid === BOB);
const tell = async (how: Partial<ContactEntry>) => {
  // What the message before has changed is told by then.
  await fixture.quiet();
  const before = alice.events.length;
  alice.remote.object.append({ ...NOBODY, ...how });
  await until(() => alice.events.slice(before).some(({ type }) => type === "chats"));
};

beforeEach(async () => {
  ({ fixture, alice, bob } = await twoPeople());
});
afterEach(() => fixture.end());

test("U8: a stranger who was declined has no row, whatever they write, and their words are there when they are let back", async () => {
  await bob.send({ chat: ALICE, text: "you do not know me" });
  await alice.waitForTexts(BOB, ["you do not know me"]);
  assert.equal(row()?.relation, "stranger");
  await tell({ declined: true });
  assert.equal(row(), undefined);
  await bob.send({ chat: ALICE, text: "still here" });
  await alice.waitForTexts(BOB, ["you do not know me", "still here"]);
  assert.equal(row(), undefined);
  assert.deepEqual(await alice.engine.keptAway(), [{ jid: BOB, name: BOB, how: "declined" }]);
  await tell({});
  assert.equal(row()?.unread, 2);
});

test("U8: who was written to keeps the conversation when they are blocked, a stranger does not", async () => {
  await bob.send({ chat: ALICE, text: "hello" });
  await alice.waitForTexts(BOB, ["hello"]);
  await tell({ blocked: true });
  assert.equal(row(), undefined);
  await tell({});
  await alice.send({ chat: BOB, text: "and who are you?" });
  await bob.waitForTexts(ALICE, ["hello", "and who are you?"]);
  await tell({ blocked: true });
  assert.equal(row()?.relation, "blocked");
});

test("U8: what is deleted here is gone from the screen and the disk, and is not brought back by being told again", async () => {
  await bob.send({ chat: ALICE, text: "forget me" });
  await alice.waitForTexts(BOB, ["forget me"]);
  await alice.engine.deleteChat({ chat: BOB });
  assert.deepEqual(await alice.texts(BOB), []);
  assert.equal(row(), undefined);
  assert.ok(!JSON.stringify(await alice.backup()).includes("forget me"));
  // The object's storage was restored: everything is told once more, in another log.
  alice.remote.object.startEpoch("epoch-2");
  await alice.crash();
  await bob.send({ chat: ALICE, text: "me again" });
  await alice.waitForTexts(BOB, ["me again"]);
  assert.equal(row()?.unread, 1);
});

const onlyContacts = (on: boolean) =>
  alice.engine.choose({ choices: [{ name: "writesFirst", value: on ? "contacts" : undefined }] });

test("only contacts may write first: a stranger's words are kept, counted nowhere, found, and shown when the person wants", async () => {
  await bob.send({ chat: ALICE, text: "before" });
  await alice.waitForTexts(BOB, ["before"]);
  const before = alice.events.length;
  await onlyContacts(true);
  assert.equal(row(), undefined);
  assert.ok(
    alice.events.slice(before).some((event) => event.type === "chats" && event.removed?.includes(BOB)),
    "pages are told",
  );
  await bob.send({ chat: ALICE, text: "and after" });
  await alice.waitForTexts(BOB, ["before", "and after"]);
  assert.equal(row(), undefined);
  assert.deepEqual(await alice.engine.keptAway(), [{ jid: BOB, name: BOB, how: "waiting" }]);
  await alice.engine.choose({ choices: [{ chat: BOB, name: "letIn", value: true }] });
  assert.deepEqual([row()?.relation, row()?.unread], ["stranger", 2]);
  assert.deepEqual(await alice.engine.keptAway(), []);
});

test("only contacts may write first: requests wait, too, and everything is there when anybody may again", async () => {
  await onlyContacts(true);
  alice.remote.object.append({ ...NOBODY, subscription: "none", request: true });
  await until(async () => (await alice.engine.keptAway()).length === 1);
  assert.equal(row(), undefined);
  await onlyContacts(false);
  assert.equal(row()?.relation, "request");
});

test("only contacts may write first: whom the person has written to or is looking up by address is shown, and so are contacts", async () => {
  await onlyContacts(true);
  await bob.send({ chat: ALICE, text: "are you there?" });
  await alice.waitForTexts(BOB, ["are you there?"]);
  assert.equal(row(), undefined);
  await alice.engine.start({ address: BOB });
  assert.equal(row()?.relation, "stranger");
  await alice.engine.choose({ choices: [{ chat: BOB, name: "letIn" }] });
  assert.equal(row(), undefined);
  await tell({ subscription: "both" });
  assert.equal(row()?.relation, "contact");
  await tell({});
  assert.equal(row(), undefined);
  await alice.engine.start({ address: BOB });
  await alice.send({ chat: BOB, text: "I am" });
  await alice.engine.choose({ choices: [{ chat: BOB, name: "letIn" }] });
  assert.equal(row()?.relation, "former");
});

test("only contacts may write first: whom the person has turned to may answer before the first word is sent", async () => {
  await onlyContacts(true);
  await alice.engine.start({ address: BOB });
  await alice.engine.draft({ chat: BOB, draft: { text: "a first thought" } });
  await bob.send({ chat: ALICE, text: "I was quicker" });
  await alice.waitForTexts(BOB, ["I was quicker"]);
  assert.deepEqual([row()?.relation, row()?.unread, row()?.draft?.text], ["stranger", 1, "a first thought"]);
  await alice.engine.draft({ chat: BOB, draft: undefined });
  assert.equal(row()?.relation, "stranger", "it does not go away under their hands");
});

test("only contacts may write first: no act, correction, room or name of a stranger's gets them through", async () => {
  await onlyContacts(true);
  const stranger = "mallory@m.example" as typeof BOB;
  const room = "r@rooms.m.example" as typeof BOB;
  const object = fixture.object(ALICE);
  const shown = () => alice.engine.snapshot().chats.filter(({ jid }) => ![ALICE, BOB].includes(jid));
  const clear = (text: string) => ({ kind: "clear", text }) as const;
  const from = { chat: stranger, sender: stranger } as const;
  const none = { kind: "none" } as const;
  const tells = [
    () => object.deliver({ ...from, act: { kind: "reactions", of: { id: "x" }, emojis: ["👋"] }, content: none }),
    () => object.deliver({ ...from, act: { kind: "retraction", of: { id: "x" } }, content: none }),
    () => object.deliver({ ...from, replaces: "unknown", originId: "c1", content: clear("corrected") }),
    () => object.deliver({ ...from, originId: "m1", content: clear("hello") }),
    () => object.deliver({ ...from, replaces: "m1", originId: "c2", content: clear("hello, you") }),
    () => object.deliver({ ...from, content: { kind: "unreadable", why: "other-encryption" } }),
    () => object.append({ ...NOBODY, jid: stranger, subscription: "none", request: true, nick: "Bob" }),
    () => object.tell({ type: "rooms", rooms: [{ jid: room, state: "left", invitedBy: stranger, occupants: [] }] }),
  ];
  for (const [n, tell] of tells.entries()) {
    tell();
    await fixture.hasReadAll(alice);
    assert.deepEqual(
      shown().map(({ jid }) => jid),
      [],
      `tell ${n}`,
    );
  }
  await until(async () => (await alice.engine.keptAway()).length === 2);
  assert.deepEqual(shown(), []);
  assert.deepEqual(
    (await alice.engine.keptAway()).map(({ jid, how }) => [jid, how]),
    [
      [stranger, "waiting"],
      [room, "waiting"],
    ],
  );
  await onlyContacts(false);
  assert.ok(shown().length > 0, "nothing is lost");
  assert.ok((await alice.texts(stranger)).includes("hello, you"));
});
