/** How a whole engine reads the log: again, from another one, and with entries that are not as they must be. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { SendArguments } from "../../../worker/contract/calls.ts";
import type { Entry } from "../../../worker/contract/entries.ts";
import type { DeviceId } from "../../../worker/contract/names.ts";
import { CONTRACT_VERSION } from "../../../worker/contract/version.ts";
import { DELAYS } from "../delays.ts";
import { type TestBrowser, until } from "../testing/browser.ts";
import { ALICE, BOB, CAROL, type Fixture, twoBrowsers } from "../testing/fixture.ts";

let fixture: Fixture;
let firefox: TestBrowser;
let chrome: TestBrowser;
let bob: TestBrowser;

beforeEach(async () => {
  ({ fixture, firefox, chrome, bob } = await twoBrowsers());
});

afterEach(() => fixture.end());

/** Key transports, and what becomes of them, are in the log between the texts. */
const isText = (entry: Entry) =>
  entry.kind === "message" && entry.content.kind === "omemo" && entry.content.omemo.payload !== undefined;

describe("the log", () => {
  it("another epoch is read from its start: nothing twice, no text lost", async () => {
    await firefox.send({ chat: BOB, text: "one" });
    await bob.waitForTexts(ALICE, ["one"]);
    await bob.send({ chat: ALICE, text: "two" });
    await chrome.waitForTexts(BOB, ["one", "two"]);
    await firefox.waitForTexts(BOB, ["one", "two"]);
    for (const each of [firefox, chrome]) each.remote.cut();
    fixture.object(ALICE).startEpoch("epoch-2");
    for (const each of [firefox, chrome]) each.remote.mend();
    await bob.send({ chat: ALICE, text: "three" });
    for (const each of [firefox, chrome]) await each.waitForTexts(BOB, ["one", "two", "three"]);
  });

  it("what only a newer page can read is left for it, with all behind it; sending goes on", async () => {
    await bob.send({ chat: ALICE, text: "one" });
    await firefox.waitForTexts(BOB, ["one"]);
    for (const each of [firefox, chrome]) each.remote.cut();
    const object = fixture.object(ALICE);
    object.contract = CONTRACT_VERSION + 1;
    const future = object.append({ kind: "of the next release" } as unknown as Entry);
    await bob.send({ chat: ALICE, text: "two" });
    firefox.remote.mend();
    await until(() => firefox.engine.snapshot().connection.skew?.object === "newer");
    await firefox.send({ chat: BOB, text: "still here" });
    await bob.waitForTexts(ALICE, ["one", "two", "still here"]);
    const cursor = (await firefox.rows("meta")).find(({ name }) => name === "cursor");
    assert.ok(cursor?.name === "cursor" && cursor.seq < future.seq, "the page of the next release reads it");
    assert.equal((await firefox.texts(BOB)).includes("two"), false);
  });

  it("a message whose content only a newer page knows is left for it, too", async () => {
    for (const each of [firefox, chrome]) each.remote.cut();
    const object = fixture.object(ALICE);
    object.contract = CONTRACT_VERSION + 1;
    const content = { kind: "of the next release" } as never;
    const future = object.deliver({ chat: BOB, sender: BOB, content });
    firefox.remote.mend();
    await until(() => firefox.engine.snapshot().connection.skew?.object === "newer");
    const cursor = (await firefox.rows("meta")).find(({ name }) => name === "cursor");
    assert.ok(cursor === undefined || (cursor.name === "cursor" && cursor.seq < future.seq));
    assert.deepEqual(await firefox.items(BOB), []);
  });

  it("P7: a call is a line of its conversation, unread and without a lock", async () => {
    fixture.object(ALICE).deliver({ chat: BOB, sender: BOB, content: { kind: "happening", what: "call" } });
    await until(async () => (await firefox.items(BOB)).length > 0);
    const [item] = await firefox.items(BOB);
    assert.deepEqual(item?.body, { kind: "reason", reason: "call" });
    assert.equal(item?.encrypted, false);
    const row = firefox.engine.snapshot().chats.find(({ jid }) => jid === BOB);
    assert.equal(row?.unread, 1);
    assert.deepEqual(row?.last?.body, { kind: "reason", reason: "call" });
  });

  it("a restored storage that has grown past the cursor is noticed: nothing twice, no text lost, nothing left out", async () => {
    for (const text of ["one", "two", "three"]) await bob.send({ chat: ALICE, text });
    for (const each of [firefox, chrome]) await each.waitForTexts(BOB, ["one", "two", "three"]);
    const object = fixture.object(ALICE);
    for (const each of [firefox, chrome]) each.remote.cut();
    const { epoch } = object;
    const before = object.log.length;
    // The archive of the server still had one of the two; more came before anybody looked.
    const texts = object.log.filter(isText);
    const [two, three] = texts.slice(-2);
    assert.ok(two !== undefined);
    const lost = object.restore(object.log.length - object.log.indexOf(two));
    assert.ok(three?.kind === "message" && three.content.kind === "omemo");
    object.deliver({ chat: BOB, sender: BOB, content: three.content });
    const more = lost.map((_, at) => `more ${at}`);
    for (const text of more) await bob.send({ chat: ALICE, text });
    await until(() => object.log.length > before);
    for (const each of [firefox, chrome]) each.remote.mend();
    for (const each of [firefox, chrome]) {
      await until(async () => (await each.texts(BOB)).at(-1) === more.at(-1));
      const texts = await each.texts(BOB);
      assert.deepEqual(texts.toSorted(), ["one", "two", "three", ...more].toSorted());
    }
    assert.notEqual(object.epoch, epoch);
  });

  it("a page that comes twice is shown once, and what is committed is acknowledged", async () => {
    await bob.send({ chat: ALICE, text: "one" });
    await firefox.waitForTexts(BOB, ["one"]);
    const object = fixture.object(ALICE);
    object.tell({ type: "entries", entries: object.log, head: object.log.length as never });
    firefox.remote.cut();
    firefox.remote.mend();
    await bob.send({ chat: ALICE, text: "two" });
    await firefox.waitForTexts(BOB, ["one", "two"]);
    await until(() => [...object.acknowledged.values()].includes(object.log.length));
  });

  it("what comes within a moment is acknowledged together", async () => {
    const object = fixture.object(ALICE);
    const { acknowledged } = object;
    const { browser } = firefox.remote;
    // As hasty as it is in other scenarios, three transactions on a busy machine take longer than a moment.
    firefox.delays = DELAYS;
    await firefox.crash();
    await until(() => acknowledged.get(browser) === object.log.length);
    const acks: number[] = [];
    const set = acknowledged.set.bind(acknowledged);
    acknowledged.set = (by, seq) => {
      if (by === browser) acks.push(seq);
      return set(by, seq);
    };
    for (const position of [1, 2, 3]) {
      object.append({ kind: "read", chat: BOB, position: position as never });
    }
    await until(() => acknowledged.get(browser) === object.log.length);
    assert.deepEqual(acks, [object.log.length]);
  });

  it("a changed ciphertext shows a reason, never its fallback, and stops nothing", async () => {
    await bob.send({ chat: ALICE, text: "one" });
    await firefox.waitForTexts(BOB, ["one"]);
    const sealed = fixture.object(BOB).sends[0]?.content;
    assert.equal(sealed?.kind, "omemo");
    if (sealed?.kind !== "omemo") return;
    await bob.send({ chat: ALICE, text: "two" });
    await firefox.waitForTexts(BOB, ["one", "two"]);
    const forged = { ...sealed.omemo, payload: btoa("something else") };
    fixture.object(ALICE).deliver({ chat: BOB, sender: BOB, content: { kind: "omemo", omemo: forged } });
    fixture.object(ALICE).deliver({
      chat: BOB,
      sender: BOB,
      content: {
        kind: "omemo",
        omemo: { ...forged, iv: "AAAA", keys: [{ ...forged.keys[0], data: "MwohBQ==" } as never] },
      },
    });
    await bob.send({ chat: ALICE, text: "three" });
    await until(async () => (await firefox.texts(BOB)).at(-1) === "three");
    assert.equal((await firefox.texts(BOB)).includes("something else"), false);
  });

  it("an entry that nobody understands keeps its place and stops nothing", async () => {
    await bob.send({ chat: ALICE, text: "one" });
    await firefox.waitForTexts(BOB, ["one"]);
    const object = fixture.object(ALICE);
    for (const each of [firefox, chrome]) each.remote.cut();
    object.deliver({ chat: BOB, sender: BOB, content: { kind: "from the future" } as never });
    await bob.send({ chat: ALICE, text: "two" });
    for (const each of [firefox, chrome]) each.remote.mend();
    for (const each of [firefox, chrome]) await each.waitForTexts(BOB, ["one", "<malformed>", "two"]);
    await until(() => [...object.acknowledged.values()].every((seq) => seq === object.log.length));
  });

  it("a device added while a browser was away is written to as soon as it is back", async () => {
    await firefox.send({ chat: BOB, text: "one" });
    await bob.waitForTexts(ALICE, ["one"]);
    firefox.remote.cut();
    const phone = fixture.unsigned("Chrome on Android");
    await phone.signIn(BOB);
    firefox.remote.mend();
    await until(() => fixture.object(ALICE).attached.size === 2);
    await firefox.send({ chat: BOB, text: "two" });
    await phone.waitForTexts(ALICE, ["two"]);
  });

  it("a device added while the socket is away is written to by the next call that gets through", async () => {
    await firefox.send({ chat: BOB, text: "one" });
    await bob.waitForTexts(ALICE, ["one"]);
    firefox.remote.cut();
    const phone = fixture.unsigned("Chrome on Android");
    await phone.signIn(BOB);
    await firefox.send({ chat: BOB, text: "two" });
    await phone.waitForTexts(ALICE, ["two"]);
  });

  it("a device that shows another identity is not believed", async () => {
    await firefox.send({ chat: BOB, text: "one" });
    await bob.waitForTexts(ALICE, ["one"]);
    await bob.send({ chat: ALICE, text: "two" });
    await firefox.waitForTexts(BOB, ["one", "two"]);
    const impostor = fixture.unsigned("Impostor");
    await impostor.signIn(CAROL);
    await impostor.send({ chat: ALICE, text: "I am bob" });
    await until(() => fixture.object(CAROL).sends.length === 1);
    const sent = fixture.object(CAROL).sends[0]?.content as Extract<SendArguments["content"], { kind: "omemo" }>;
    const device = fixture.object(BOB).devices[0] as DeviceId;
    fixture
      .object(ALICE)
      .deliver({ chat: BOB, sender: BOB, content: { kind: "omemo", omemo: { ...sent.omemo, sid: device } } });
    await firefox.waitForTexts(BOB, ["one", "two", "<untrusted>"]);
  });
});
