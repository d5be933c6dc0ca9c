/** What one browser sends, in its order; and browsers that come back: rolled back, or after a long time. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { BareJid } from "../../../worker/contract/names.ts";
import { newClientId } from "../protocol/engine.ts";
import { type TestBrowser, until } from "../testing/browser.ts";
import { ALICE, BOB, CAROL, type Fixture, twoPeople } from "../testing/fixture.ts";

/** Messages that are under way at once. */
const IN_FLIGHT = 8;
/** Longer than all that are under way with it take. */
const LATE_MS = 30;

let fixture: Fixture;
let firefox: TestBrowser;
let bob: TestBrowser;

const sendsTo = (chat: BareJid) => fixture.object(ALICE).sends.filter((send) => send.chat === chat);
const encryptionOf = (of: TestBrowser) => of.engine.snapshot().connection.encryption;

beforeEach(async () => {
  ({ fixture, alice: firefox, bob } = await twoPeople());
});

afterEach(() => fixture.end());

describe("what a browser sends", () => {
  it("leaves several at a time and is accepted in the order in which it was made final", async () => {
    await firefox.send({ chat: BOB, text: "hello" });
    await bob.waitForTexts(ALICE, ["hello"]);
    const object = fixture.object(ALICE);
    object.loseSends = 1_000;
    const texts = Array.from({ length: 30 }, (_, n) => `t${n}`);
    for (const text of texts) await firefox.send({ chat: BOB, text });
    object.loseSends = 0;
    object.delayOf = () => Math.random() * 10;
    await firefox.engine.reconnect();
    await bob.waitForTexts(ALICE, ["hello", ...texts]);
    await firefox.waitForTexts(BOB, ["hello", ...texts]);
  });

  it("recovers from one message that was late: those behind it come too early once, the others never", async () => {
    await firefox.send({ chat: BOB, text: "hello" });
    await bob.waitForTexts(ALICE, ["hello"]);
    const object = fixture.object(ALICE);
    object.loseSends = 1_000;
    const texts = Array.from({ length: 40 }, (_, n) => `t${n}`);
    for (const text of texts) await firefox.send({ chat: BOB, text });
    object.loseSends = 0;
    const before = sendsTo(BOB).length;
    let late = 1;
    object.delayOf = () => (late-- > 0 ? LATE_MS : 0);
    await firefox.engine.reconnect();
    await bob.waitForTexts(ALICE, ["hello", ...texts]);
    const again = sendsTo(BOB).length - before - texts.length;
    assert.ok(again > 0 && again < IN_FLIGHT, `${again} were sent again`);
  });

  it("a refused message holds up nobody, uses no number up, and goes under a new one when it is tried again", async () => {
    await firefox.send({ chat: BOB, text: "one" });
    await bob.waitForTexts(ALICE, ["one"]);
    const object = fixture.object(ALICE);
    let refusals = 1;
    object.refuses = ({ chat, content }) => chat === BOB && content.kind === "omemo" && refusals-- > 0;
    await firefox.send({ chat: BOB, text: "refused" });
    await until(async () => (await firefox.items(BOB)).some(({ state }) => state === "failed"));
    await firefox.send({ chat: BOB, text: "two" });
    await bob.waitForTexts(ALICE, ["one", "two"]);
    await firefox.waitForTexts(BOB, ["one", "refused", "two"]);
    const failed = (await firefox.items(BOB)).find(({ state }) => state === "failed");
    await firefox.engine.retry({ key: failed?.key ?? "" });
    await bob.waitForTexts(ALICE, ["one", "two", "refused"]);
    await firefox.waitForTexts(BOB, ["one", "two", "refused"]);
    assert.equal(encryptionOf(firefox), "ready");
  });

  it("the same command twice is one message", async () => {
    const client = newClientId();
    for (let time = 0; time < 2; time += 1) {
      assert.deepEqual(await firefox.send({ client, chat: BOB, text: "once" }), { ok: true, value: { client } });
    }
    await bob.waitForTexts(ALICE, ["once"]);
    await firefox.send({ client, chat: BOB, text: "once" });
    await firefox.send({ chat: BOB, text: "and on" });
    await bob.waitForTexts(ALICE, ["once", "and on"]);
    assert.equal(fixture.object(ALICE).sends.filter((sent) => sent.client === client).length, 1);
  });

  it("a failed message stays where it was typed, one that waits stands last", async () => {
    const { engine } = firefox;
    await firefox.send({ chat: CAROL, text: "nobody can read this" });
    await until(async () => (await firefox.items(CAROL))[0]?.state === "failed");
    for (const text of ["later 1", "later 2"]) {
      fixture.object(ALICE).deliver({ chat: CAROL, sender: CAROL, content: { kind: "clear", text } });
    }
    await firefox.waitForTexts(CAROL, ["nobody can read this", "later 1", "later 2"]);
    await firefox.send({ chat: CAROL, text: "nor this" });
    await until(async () => (await firefox.items(CAROL)).at(-1)?.state === "failed");
    fixture.object(ALICE).deliver({ chat: CAROL, sender: CAROL, content: { kind: "clear", text: "later 3" } });
    await firefox.waitForTexts(CAROL, ["nobody can read this", "later 1", "later 2", "nor this", "later 3"]);
    fixture.object(ALICE).linked = false;
    await engine.retry({ key: (await firefox.items(CAROL))[0]?.key ?? "" });
    await firefox.waitForTexts(CAROL, ["later 1", "later 2", "nor this", "later 3", "nobody can read this"]);
  });

  it("what was read without a connection is told when there is one again, even after a restart", async () => {
    await bob.send({ chat: ALICE, text: "one" });
    await firefox.waitForTexts(BOB, ["one"]);
    const [item] = await firefox.items(BOB);
    firefox.remote.unplug();
    await firefox.engine.read({ chat: BOB, position: item?.position ?? (0 as never) });
    await firefox.crash();
    assert.equal(
      fixture.object(ALICE).log.some(({ kind }) => kind === "read"),
      false,
    );
    firefox.remote.plug();
    await until(() =>
      fixture.object(ALICE).log.some((entry) => entry.kind === "read" && entry.position === item?.position),
    );
  });
});

describe("a browser whose database was rolled back", () => {
  it("encrypts nothing any more, says so, and its history stays readable", async () => {
    await firefox.send({ chat: BOB, text: "before" });
    await bob.waitForTexts(ALICE, ["before"]);
    await bob.send({ chat: ALICE, text: "from bob" });
    await firefox.waitForTexts(BOB, ["before", "from bob"]);
    const backup = await firefox.backup();
    await firefox.send({ chat: BOB, text: "after the backup" });
    await bob.waitForTexts(ALICE, ["before", "from bob", "after the backup"]);
    const sends = sendsTo(BOB).length;

    await firefox.restore(backup);
    await until(() => encryptionOf(firefox) === "behind");
    const refused = await firefox.send({ chat: BOB, text: "with old ratchets" });
    assert.equal(!refused.ok && refused.error.kind, "behind");
    await bob.send({ chat: ALICE, text: "still there?" });
    await until(async () => (await firefox.texts(BOB)).at(-1) === "still there?");
    assert.deepEqual((await firefox.texts(BOB)).slice(0, 2), ["before", "from bob"]);
    assert.equal(sendsTo(BOB).length, sends, "not even an answer without words leaves");

    firefox.remote.unplug();
    await firefox.crash();
    assert.equal(encryptionOf(firefox), "behind", "known from the start, before anybody has told it");
    firefox.remote.plug();

    firefox.useDisk();
    assert.ok((await firefox.engine.signOut({ erase: true })).ok);
    await firefox.signIn(ALICE);
    await firefox.send({ chat: BOB, text: "as a new device" });
    await until(async () => (await bob.texts(ALICE)).at(-1) === "as a new device");
  });

  it("finds out by the answer to a send, too", async () => {
    await firefox.send({ chat: BOB, text: "one" });
    await bob.waitForTexts(ALICE, ["one"]);
    fixture.object(ALICE).accepted.set(firefox.remote.browser, 1_000);
    await firefox.send({ chat: BOB, text: "two" });
    await until(() => encryptionOf(firefox) === "behind");
    assert.equal((await firefox.items(BOB)).at(-1)?.state, "waiting");
  });
});

describe("a browser that nobody has opened for 42 days", () => {
  it("comes back with the same keys, says what it missed in one piece, and gets everything again", async () => {
    const chrome = fixture.unsigned("Chrome on Linux");
    await chrome.signIn(ALICE);
    await firefox.send({ chat: BOB, text: "before" });
    await chrome.waitForTexts(BOB, ["before"]);
    const before = (await chrome.engine.devices({ jid: undefined })).devices.find(({ here }) => here);
    chrome.remote.unplug();
    fixture.object(ALICE).retire(chrome.remote.browser);
    await until(async () => {
      const seen = (await firefox.engine.devices({ jid: undefined })).devices;
      return seen.some(({ device, listed, dormant }) => device === before?.device && !listed && dormant === true);
    });
    await firefox.send({ chat: BOB, text: "from the other one" });
    await bob.waitForTexts(ALICE, ["before", "from the other one"]);
    await bob.send({ chat: ALICE, text: "and an answer" });
    await firefox.waitForTexts(BOB, ["before", "from the other one", "and an answer"]);

    chrome.remote.plug();
    await chrome.waitForTexts(BOB, ["before", "<while-away>", "<while-away>"]);
    await until(() => chrome.engine.snapshot().notices.some(({ kind }) => kind === "returned"));
    assert.equal(chrome.engine.snapshot().chats.find(({ jid }) => jid === BOB)?.unread, 0, "nobody has to read that");
    const now = (await chrome.engine.devices({ jid: undefined })).devices.find(({ here }) => here);
    assert.deepEqual([now?.device, now?.fingerprint], [before?.device, before?.fingerprint]);
    assert.ok(fixture.object(ALICE).devices.includes(chrome.device), "it is on the list again");
    assert.ok(fixture.object(ALICE).bundles.has(chrome.device));
    assert.deepEqual(firefox.engine.snapshot().notices, [], "to the others it is nobody new");

    await firefox.send({ chat: BOB, text: "welcome back" });
    await until(async () => (await chrome.texts(BOB)).at(-1) === "welcome back");
    await bob.send({ chat: ALICE, text: "hello again" });
    await until(async () => (await chrome.texts(BOB)).at(-1) === "hello again");
    await chrome.engine.dismiss({ notice: "returned" });
    await chrome.crash();
    assert.deepEqual(chrome.engine.snapshot().notices, []);
  });
});
