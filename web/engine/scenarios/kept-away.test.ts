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
