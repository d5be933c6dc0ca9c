/** What must not work, seen by a whole engine. The numbers are of docs/negative-tests.md. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { BareJid, DeviceId } from "../../../worker/contract/names.ts";
import type { OmemoMessage } from "../../../worker/contract/omemo.ts";
import { fromBase64, toBase64 } from "../../../worker/shared/base64.ts";
import { ALICE, BOB, CAROL, failureOf, type Fixture, readersOf, summaryOf, twoAcquainted } from "../testing/fixture.ts";
import { type TestBrowser, until } from "../testing/browser.ts";

const EVE = "eve@x.example" as BareJid;

let fixture: Fixture;
let alice: TestBrowser;
let bob: TestBrowser;

beforeEach(async () => {
  ({ fixture, alice, bob } = await twoAcquainted());
});

afterEach(() => fixture.end());

/** One session was rebuilt by itself, a notice says so, and the other side knows. */
async function hasRenewed(): Promise<void> {
  await until(() => alice.engine.snapshot().notices.some(({ kind }) => kind === "renewed") && wordless().length > 0);
}

const wordless = () =>
  fixture.object(ALICE).sends.filter(({ content }) => content.kind === "omemo" && !content.omemo.payload);

describe("a message", () => {
  it("T34: that comes live and from the archive, in either order and again, is one row without a word of warning", async () => {
    const omemo = await fixture.withheld(bob, ALICE, "once");
    const message = { chat: BOB, sender: BOB, originId: "m1", content: { kind: "omemo", omemo } } as const;
    const archive = { by: ALICE, id: "28482" };
    fixture.object(ALICE).deliver(message);
    fixture.object(ALICE).deliver({ ...message, archive });
    fixture.object(ALICE).deliver({ ...message, archive: { by: ALICE, id: "28483" } });
    fixture.object(ALICE).deliver(message);
    await fixture.hasReadAll(alice);
    assert.deepEqual(await alice.texts(BOB), ["hello", "hello too", "once"]);
    assert.equal((await alice.rows("messages")).length, 3);
    await until(() => summaryOf(alice, BOB)?.unread === 2);
    assert.deepEqual(alice.engine.snapshot().notices, []);
    assert.deepEqual(wordless(), []);
  });

  it("T38: in clear within an encrypted conversation is marked as what it is, and changes nothing", async () => {
    fixture.object(ALICE).deliver({ chat: BOB, sender: BOB, content: { kind: "clear", text: "trust me" } });
    await alice.waitForTexts(BOB, ["hello", "hello too", "trust me"]);
    assert.deepEqual(
      (await alice.items(BOB)).map(({ encrypted }) => encrypted),
      [true, true, false],
    );
    assert.equal(summaryOf(alice, BOB)?.encryption, "on");
    await alice.send({ chat: BOB, text: "encrypted all the same" });
    await until(async () => (await bob.texts(ALICE)).at(-1) === "encrypted all the same");
    assert.deepEqual(fixture.sentInClear(ALICE, BOB), []);
  });

  it("T39: that cannot be read shows a reason, and its conversation stays encrypted", async () => {
    for (const why of ["malformed", "other-encryption"] as const)
      fixture.object(ALICE).deliver({ chat: BOB, sender: BOB, content: { kind: "unreadable", why } });
    await alice.waitForTexts(BOB, ["hello", "hello too", "<malformed>", "<other-encryption>"]);
    assert.ok((await alice.items(BOB)).every(({ encrypted }) => encrypted));
    assert.equal(summaryOf(alice, BOB)?.encryption, "on");
  });

  it("T40: of bob's device in somebody else's stanza is nobody's, and bob's own copy is read afterwards", async () => {
    const omemo = await fixture.withheld(bob, ALICE, "from bob");
    fixture.object(ALICE).deliver({ chat: EVE, sender: EVE, content: { kind: "omemo", omemo } });
    await alice.waitForTexts(EVE, ["<no-session>"]);
    fixture.object(ALICE).deliver({ chat: BOB, sender: BOB, content: { kind: "omemo", omemo } });
    await alice.waitForTexts(BOB, ["hello", "hello too", "from bob"]);
    assert.deepEqual(await alice.texts(EVE), ["<no-session>"]);
  });

  it("T40: of a private room that is shown as from somebody else in it is nobody's", async () => {
    const room = "ridge@conference.a.example" as BareJid;
    const omemo = await fixture.withheld(bob, ALICE, "from bob");
    const content = { kind: "omemo", omemo } as const;
    fixture.object(ALICE).deliver({ chat: room, sender: EVE, occupant: { nick: "bob" }, content });
    await alice.waitForTexts(room, ["<no-session>"]);
  });
});

describe("devices that go away", () => {
  it("T37: in the middle of a conversation stop what is sent, and nothing goes out in clear", async () => {
    const { device } = bob;
    await bob.engine.stop();
    const before = fixture.sent(ALICE, BOB).length;
    const lists: readonly (readonly [string, readonly DeviceId[]])[] = [
      ["emptied, or its node deleted", []],
      ["another device, whose keys cannot be fetched", [4_711 as DeviceId]],
    ];
    for (const [what, devices] of lists) {
      fixture.object(BOB).devices = [...devices];
      fixture.object(ALICE).tell({ type: "devices", jid: BOB, devices });
      await until(async () => (await alice.rows("deviceLists")).some((row) => row.devices.join() === devices.join()));
      await alice.send({ chat: BOB, text: what });
      assert.equal(await failureOf(alice, BOB), "encryption-unavailable", what);
      await until(() => summaryOf(alice, BOB)?.encryption === "unavailable");
    }
    assert.equal(fixture.sent(ALICE, BOB).length, before);
    const devices = [device, 4_711 as DeviceId];
    fixture.object(BOB).devices = devices;
    fixture.object(ALICE).tell({ type: "devices", jid: BOB, devices });
    await until(async () => (await alice.rows("deviceLists")).some((row) => row.devices.join() === devices.join()));
    await alice.send({ chat: BOB, text: "for the one that can be reached" });
    await until(() => fixture.sent(ALICE, BOB).length === before + 1);
    assert.deepEqual(readersOf(fixture.lastText(ALICE, BOB)), [device]);
  });
});

/** Many messages that open sessions, each with a MAC that is wrong in its own way. */
function garbage(good: OmemoMessage, count: number): readonly OmemoMessage[] {
  const key = good.keys[0] ?? assert.fail("no key");
  const bytes = fromBase64(key.data) ?? assert.fail("no base64");
  return Array.from({ length: count }, (_, at) => {
    const bad = bytes.slice();
    for (const [offset, mask] of [at & 0xff, at >> 8, 1].entries())
      bad[bad.length - 12 - offset] = (bad[bad.length - 12 - offset] ?? 0) ^ mask;
    const iv = Uint8Array.from({ length: 12 }, (_, index) => [at & 0xff, at >> 8][index] ?? 0);
    return { ...good, iv: toBase64(iv), keys: [{ ...key, data: toBase64(bad) }] };
  });
}

const FLOOD = 1_000;
const WAVE = 100;

/** All of it comes to alice as somebody's messages, and is read, wave after wave. */
async function floods(from: BareJid, good: OmemoMessage, count: number): Promise<void> {
  for (const [at, omemo] of garbage(good, count).entries()) {
    fixture.object(ALICE).deliver({ chat: from, sender: from, content: { kind: "omemo", omemo } });
    if ((at + 1) % WAVE === 0) await fixture.hasReadAll(alice);
  }
}

describe("a flood of messages that open nothing", () => {
  it("T41: of a contact makes one new session at most, tells of it once, and leaves the others alone", async () => {
    const carol = await fixture.browser(CAROL);
    await fixture.acquaint(alice, carol);
    const second = await fixture.browser(BOB, "Firefox");
    const good = await fixture.withheld(second, ALICE, "good");
    assert.equal(good.keys[0]?.prekey, true);
    const sessions = (await alice.rows("sessions")).length;
    await floods(BOB, good, FLOOD);
    await hasRenewed();
    assert.equal((await alice.rows("messages")).filter(({ body }) => body.kind === "reason").length, FLOOD);
    assert.equal((await alice.rows("sessions")).length, sessions + 1);
    assert.equal(wordless().length, 1);
    assert.equal(alice.engine.snapshot().notices.length, 1);
    for (const [who, jid] of [
      [bob, BOB],
      [carol, CAROL],
      [second, BOB],
    ] as const) {
      await who.send({ chat: ALICE, text: "still there" });
      await until(async () => (await alice.texts(jid)).at(-1) === "still there");
      await who.engine.stop();
    }
  });

  it("T41: of a stranger is answered by nothing and told of by nothing", async () => {
    const eve = await fixture.browser(EVE);
    const good = await fixture.withheld(eve, ALICE, "good");
    const before = fixture.object(ALICE).sends.length;
    const sessions = (await alice.rows("sessions")).length;
    await floods(EVE, good, WAVE);
    // Alice's browser looks after its sessions a moment after everything was read: bob's is one that it rebuilds.
    await alice.meddle((database) => database.delete("sessions", `${BOB}.${bob.device}`));
    await bob.send({ chat: ALICE, text: "unreadable" });
    await hasRenewed();
    assert.equal(fixture.object(ALICE).sends.filter(({ chat }) => chat === EVE).length, 0);
    assert.equal(fixture.object(ALICE).sends.length, before + 1);
    assert.equal(alice.engine.snapshot().notices.length, 1);
    assert.equal((await alice.rows("sessions")).length, sessions);
    assert.equal(
      (await alice.rows("pins")).some(({ jid }) => jid === EVE),
      false,
    );
  });
});
