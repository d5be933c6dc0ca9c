/** What a page is told of own messages and of what was before its browser. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { Entry } from "../../../worker/contract/entries.ts";
import { type TestBrowser, until } from "../testing/browser.ts";
import { ALICE, BOB, type Fixture, twoPeople } from "../testing/fixture.ts";

let fixture: Fixture;
let alice: TestBrowser;

beforeEach(async () => {
  ({ fixture, alice } = await twoPeople());
});

afterEach(() => fixture.end());

describe("an own message", () => {
  it("V8: knows when it was delivered and read, also when the words for it come in another order", async () => {
    assert.ok((await alice.send({ chat: BOB, text: "hello" })).ok);
    await until(async () => (await alice.items(BOB))[0]?.state === "sent");
    const message = (await alice.items(BOB))[0]?.id;
    const tell = (state: "delivered" | "read", at?: number) =>
      fixture.object(ALICE).append({ kind: "progress", message, state, at } as Omit<Entry, "id" | "seq"> as never);
    tell("read", 2_000);
    tell("delivered", 1_000);
    tell("read", 3_000);
    await until(async () => (await alice.items(BOB))[0]?.times?.delivered === 1_000);
    const [item] = await alice.items(BOB);
    assert.deepEqual([item?.state, item?.times], ["read", { read: 2_000, delivered: 1_000 }]);
  });
});

describe("a new browser", () => {
  it("U5: is told how much was before it, in which browsers of before that may be readable, and in its list", async () => {
    assert.ok((await alice.send({ chat: BOB, text: "hello" })).ok);
    // It is sealed a moment after it was taken, for whoever is there then.
    await until(async () => (await alice.items(BOB))[0]?.state !== "waiting");
    const second = await fixture.browser(ALICE);
    await until(async () => (await second.engine.timeline({ chat: BOB })).beforeDevice === 1);
    assert.equal((await second.engine.timeline({ chat: BOB })).elders?.length, 1);
    assert.equal(second.engine.snapshot().chats.find(({ jid }) => jid === BOB)?.earlier, true);
    assert.deepEqual((await alice.engine.timeline({ chat: BOB })).elders, [], "the first has none before it");
  });
});
