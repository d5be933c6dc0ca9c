/** What becomes of a text between the composer and the object, in whole engines. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { SendArguments } from "../../../worker/contract/calls.ts";
import type { BareJid } from "../../../worker/contract/names.ts";
import type { ChatSummary } from "../protocol/conversations.ts";
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

describe("the outbox", () => {
  it("sends the same bytes again when the answer was lost", async () => {
    // Over the socket the entry itself would tell that it arrived.
    firefox.remote.cut();
    fixture.object(ALICE).loseReplies = 1;
    await firefox.send({ chat: BOB, text: "once" });
    const toBob = () => fixture.texts(ALICE, BOB);
    await until(() => toBob().length === 2);
    const [first, second] = toBob();
    assert.deepEqual(second, first);
    await bob.waitForTexts(ALICE, ["once"]);
    await chrome.waitForTexts(BOB, ["once"]);
  });

  it("survives a crash between storing and sending, without encrypting again", async () => {
    await firefox.send({ chat: BOB, text: "hello" });
    await bob.waitForTexts(ALICE, ["hello"]);
    const object = fixture.object(ALICE);
    object.loseSends = 1_000;
    await firefox.send({ chat: BOB, text: "last words" });
    await until(() => object.loseSends < 1_000);
    const before = await finishedBytes(firefox);
    await firefox.crash();
    assert.deepEqual(await firefox.texts(BOB), ["hello", "last words"]);
    object.loseSends = 0;
    firefox.remote.cut();
    firefox.remote.mend();
    await bob.waitForTexts(ALICE, ["hello", "last words"]);
    assert.deepEqual({ kind: "omemo", omemo: fixture.lastText(ALICE, BOB) }, before);
    await chrome.waitForTexts(BOB, ["hello", "last words"]);
  });

  it("keeps the order of what was written while the object was away", async () => {
    const object = fixture.object(ALICE);
    object.loseSends = 1;
    for (const text of ["one", "two", "three"]) await firefox.send({ chat: BOB, text });
    await bob.waitForTexts(ALICE, ["one", "two", "three"]);
    await firefox.waitForTexts(BOB, ["one", "two", "three"]);
  });

  it("holds a text for a contact whose devices cannot be asked for, and sends the others", async () => {
    await firefox.send({ chat: BOB, text: "first" });
    await bob.waitForTexts(ALICE, ["first"]);
    const carol = fixture.unsigned("Chrome on Android");
    await carol.signIn(CAROL);
    fixture.object(ALICE).linked = false;
    await firefox.send({ chat: CAROL, text: "waits" });
    await firefox.send({ chat: BOB, text: "goes" });
    await chrome.waitForTexts(BOB, ["first", "goes"]);
    assert.equal((await firefox.items(CAROL))[0]?.state, "waiting");
    fixture.object(ALICE).linked = true;
    fixture.object(ALICE).tell({
      type: "state",
      state: { link: { state: "live", caughtUp: true }, pep: "ok", stayOnline: false },
    });
    await carol.waitForTexts(ALICE, ["waits"]);
  });

  it("never writes in clear by itself; after a confirmation, and only until there is a device", async () => {
    const toCarol = () => fixture.object(ALICE).sends.filter(({ chat }) => chat === CAROL);
    await firefox.send({ chat: CAROL, text: "secret" });
    await until(async () => (await firefox.items(CAROL))[0]?.state === "failed");
    assert.deepEqual((await firefox.items(CAROL))[0]?.failure, { kind: "encryption-unavailable" });
    assert.equal(summaryOf(firefox, CAROL)?.encryption, "unavailable");
    assert.deepEqual(toCarol(), []);
    await firefox.engine.expose({ chat: CAROL });
    assert.equal(summaryOf(firefox, CAROL)?.encryption, "exposed");
    await firefox.engine.retry({ key: (await firefox.items(CAROL))[0]?.key ?? "" });
    await until(() => toCarol().length === 1);
    assert.deepEqual(toCarol()[0]?.content, { kind: "clear", text: "secret", exposed: true });
    const carol = fixture.unsigned("Chrome on Android");
    await carol.signIn(CAROL);
    await until(() => summaryOf(firefox, CAROL)?.encryption === "ready");
    await firefox.send({ chat: CAROL, text: "encrypted again" });
    await carol.waitForTexts(ALICE, ["secret", "encrypted again"]);
    assert.equal(toCarol().at(-1)?.content.kind, "omemo");
  });

  it("an encrypted conversation stays encrypted when the device list is emptied", async () => {
    await firefox.send({ chat: BOB, text: "one" });
    await bob.waitForTexts(ALICE, ["one"]);
    const texts = () => fixture.texts(ALICE, BOB).length;
    const sent = texts();
    // He would put his device back on the list.
    await bob.engine.stop();
    fixture.object(BOB).devices = [];
    fixture.object(ALICE).tell({ type: "devices", jid: BOB, devices: [] });
    await until(() => summaryOf(firefox, BOB)?.encryption === "unavailable");
    await firefox.send({ chat: BOB, text: "two" });
    await until(async () => (await firefox.items(BOB))[1]?.state === "failed");
    assert.equal(texts(), sent);
  });
});

function summaryOf(of: TestBrowser, chat: BareJid): ChatSummary | undefined {
  return of.engine.snapshot().chats.find(({ jid }) => jid === chat);
}

/** The content of the last text in the outbox, straight from the disk. */
async function finishedBytes(of: TestBrowser): Promise<SendArguments["content"] | undefined> {
  of.useDisk();
  const rows = (await of.rows("outbox")).filter(({ purpose }) => purpose === "text");
  return rows.toSorted((a, b) => a.order - b.order).at(-1)?.content;
}
