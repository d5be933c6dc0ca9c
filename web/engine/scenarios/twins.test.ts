/** Apps that speak two versions of OMEMO send each message twice, and one of the two can be read here. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { MessageEntry } from "../../../worker/contract/entries.ts";
import { type TestBrowser, until } from "../testing/browser.ts";
import { ALICE, BOB, CAROL, type Fixture, summaryOf, twoAcquainted } from "../testing/fixture.ts";

let fixture: Fixture;
let alice: TestBrowser;
let bob: TestBrowser;

beforeEach(async () => {
  ({ fixture, alice, bob } = await twoAcquainted());
});

afterEach(() => fixture.end());

type Said = Partial<Pick<MessageEntry, "at" | "originId" | "archive" | "replaces" | "occupant" | "sender" | "chat">>;

/** What bob's app sends in the version that is not read here. */
function other(said: Said = {}): void {
  const content = { kind: "unreadable", why: "other-encryption" } as const;
  fixture.object(ALICE).deliver({ chat: BOB, sender: BOB, ...said, content });
}

async function readable(text: string, said: Said = {}): Promise<void> {
  const omemo = await fixture.withheld(bob, ALICE, text);
  fixture.object(ALICE).deliver({ chat: BOB, sender: BOB, ...said, content: { kind: "omemo", omemo } });
}

const texts = async () => {
  await fixture.hasReadAll(alice);
  return (await alice.texts(BOB)).slice(2);
};

describe("P6: a message that comes in two encryptions", () => {
  it("P6: has one line, whichever comes first, and counts once", async () => {
    await readable("one");
    other();
    other();
    await readable("two");
    assert.deepEqual(await texts(), ["one", "two"]);
    await until(() => summaryOf(alice, BOB)?.unread === 3);
    assert.equal(summaryOf(alice, BOB)?.last?.body.kind, "text");
  });

  it("P6: is joined by its sender's own id, however late one of the two comes", async () => {
    const at = Date.now() - 3_600_000;
    other({ at, originId: "m1" });
    await readable("joined", { originId: "m1" });
    assert.deepEqual(await texts(), ["joined"]);
    other({ at, originId: "m1" });
    assert.deepEqual(await texts(), ["joined"]);
  });

  it("P6: keeps the line of what was sent in the other encryption alone", async () => {
    await readable("one");
    other();
    other();
    other({ at: Date.now() - 60_000 });
    assert.deepEqual(await texts(), ["one", "<other-encryption>", "<other-encryption>"]);
  });

  it("P6: of somebody else in the same room is another message", async () => {
    const room = { chat: CAROL, sender: BOB, occupant: { nick: "bob" } } as const;
    await readable("bob's", room);
    other({ ...room, sender: ALICE, occupant: { nick: "alice" } });
    other(room);
    await fixture.hasReadAll(alice);
    assert.deepEqual(await alice.texts(CAROL), ["bob's", "<other-encryption>"]);
    assert.equal((await alice.items(CAROL))[1]?.outgoing, true);
  });

  it("P6: has one line as well where the text can be opened only later", async () => {
    const carol = await fixture.browser(CAROL);
    fixture.object(ALICE).setLinked(false);
    const omemo = await fixture.withheld(carol, ALICE, "by a device that was never met");
    fixture.object(ALICE).deliver({ chat: CAROL, sender: CAROL, content: { kind: "omemo", omemo } });
    other({ chat: CAROL, sender: CAROL });
    await alice.waitForTexts(CAROL, ["<unproven>", "<other-encryption>"]);
    fixture.object(ALICE).setLinked(true);
    await alice.waitForTexts(CAROL, ["by a device that was never met"]);
  });

  it("P6: that corrects another one leaves no line either", async () => {
    await readable("worng", { originId: "m1" });
    other({ originId: "o1" });
    await readable("wrong", { originId: "m2", replaces: "m1" });
    other({ originId: "o2", replaces: "m1" });
    assert.deepEqual(await texts(), ["wrong"]);
  });

  it("P6: that is told anew by another log has one line there", async () => {
    await readable("one", { archive: { by: ALICE, id: "a1" } });
    other({ archive: { by: ALICE, id: "a2" } });
    other({ archive: { by: ALICE, id: "a3" } });
    await fixture.hasReadAll(alice);
    alice.remote.cut();
    fixture.object(ALICE).startEpoch("another");
    alice.remote.mend();
    assert.deepEqual(await texts(), ["one", "<other-encryption>"]);
  });
});
