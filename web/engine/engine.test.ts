/** Whole engines on a scripted network: writing, reading, reloading, signing in and out. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { type TestBrowser, until } from "./testing/browser.ts";
import { ALICE, BOB, CAROL, type Fixture, summaryOf, twoBrowsers } from "./testing/fixture.ts";

let fixture: Fixture;
let firefox: TestBrowser;
let chrome: TestBrowser;
let bob: TestBrowser;

beforeEach(async () => {
  ({ fixture, firefox, chrome, bob } = await twoBrowsers());
});

afterEach(() => fixture.end());

describe("two browsers of alice and one of bob", () => {
  it("what one browser sends is read by the other and by the contact", async () => {
    await firefox.send({ chat: BOB, text: "hello bob" });
    await chrome.waitForTexts(BOB, ["hello bob"]);
    await bob.waitForTexts(ALICE, ["hello bob"]);
    await bob.send({ chat: ALICE, text: "hello alice" });
    await firefox.waitForTexts(BOB, ["hello bob", "hello alice"]);
    await chrome.waitForTexts(BOB, ["hello bob", "hello alice"]);
    await chrome.send({ chat: BOB, text: "from chrome" });
    await bob.waitForTexts(ALICE, ["hello bob", "hello alice", "from chrome"]);
    await firefox.waitForTexts(BOB, ["hello bob", "hello alice", "from chrome"]);
    await until(async () => (await firefox.items(BOB))[0]?.state === "sent");
    assert.equal((await firefox.items(BOB))[0]?.encrypted, true);
    const stored = JSON.stringify(fixture.object(BOB).log) + JSON.stringify(fixture.object(ALICE).log);
    assert.equal(/hello|from chrome/.test(stored), false);
  });

  it("both write at the same moment, both read everything afterwards", async () => {
    await Promise.all([
      firefox.send({ chat: BOB, text: "a1" }),
      bob.send({ chat: ALICE, text: "b1" }),
      chrome.send({ chat: BOB, text: "c1" }),
    ]);
    for (const [who, chat] of [
      [firefox, BOB],
      [chrome, BOB],
      [bob, ALICE],
    ] as const) {
      await until(
        async () => (await who.texts(chat)).toSorted().join() === "a1,b1,c1",
        async () => String(await who.texts(chat)),
      );
    }
    for (let round = 2; round < 8; round++) {
      await Promise.all([firefox.send({ chat: BOB, text: `a${round}` }), bob.send({ chat: ALICE, text: `b${round}` })]);
    }
    for (const [who, chat] of [
      [firefox, BOB],
      [chrome, BOB],
      [bob, ALICE],
    ] as const) {
      await until(async () => (await who.texts(chat)).length === 15);
      assert.equal(
        (await who.texts(chat)).some((text) => text.startsWith("<")),
        false,
      );
    }
  });

  it("messages from before a browser came are one quiet count", async () => {
    await firefox.send({ chat: BOB, text: "one" });
    await bob.waitForTexts(ALICE, ["one"]);
    await bob.send({ chat: ALICE, text: "two" });
    await firefox.waitForTexts(BOB, ["one", "two"]);
    const third = fixture.unsigned("Safari on macOS");
    await third.signIn(ALICE);
    await until(async () => (await third.engine.timeline({ chat: BOB })).beforeDevice === 2);
    assert.deepEqual(await third.texts(BOB), []);
    assert.equal(summaryOf(third, BOB)?.unread, 0);
    await bob.send({ chat: ALICE, text: "three" });
    await third.waitForTexts(BOB, ["three"]);
  });

  it("what is read in one browser is read in the other", async () => {
    await bob.send({ chat: ALICE, text: "one" });
    await bob.send({ chat: ALICE, text: "two" });
    await until(() => summaryOf(firefox, BOB)?.unread === 2 && summaryOf(chrome, BOB)?.unread === 2);
    const [first] = await firefox.items(BOB);
    await firefox.engine.read({ chat: BOB, position: first?.position ?? (0 as never) });
    await until(() => summaryOf(firefox, BOB)?.unread === 1 && summaryOf(chrome, BOB)?.unread === 1);
    await chrome.send({ chat: BOB, text: "answer" });
    await until(() => summaryOf(firefox, BOB)?.unread === 0 && summaryOf(chrome, BOB)?.unread === 0);
    assert.equal(summaryOf(firefox, BOB)?.last?.outgoing, true);
  });

  it("a reload shows everything from the store, without the network", async () => {
    await firefox.send({ chat: BOB, text: "kept" });
    await chrome.waitForTexts(BOB, ["kept"]);
    const { device } = await ownDevice(chrome);
    fixture.object(ALICE).linked = false;
    await chrome.crash();
    const snapshot = chrome.engine.snapshot();
    assert.deepEqual(snapshot.session, { state: "signed-in", account: ALICE });
    assert.deepEqual(snapshot.chats.find(({ jid }) => jid === BOB)?.last?.body, { kind: "text", text: "kept" });
    assert.deepEqual(await chrome.texts(BOB), ["kept"]);
    assert.equal((await ownDevice(chrome)).device, device);
  });

  it("signs out and in again: history readable, same device; erased: neither", async () => {
    await firefox.send({ chat: BOB, text: "kept" });
    await chrome.waitForTexts(BOB, ["kept"]);
    const { device } = await ownDevice(chrome);
    await chrome.engine.signOut({ erase: false });
    assert.deepEqual(chrome.engine.snapshot().session, { state: "signed-out", account: ALICE, because: "by-choice" });
    assert.deepEqual(chrome.engine.snapshot().chats, []);
    await chrome.signIn(ALICE);
    assert.deepEqual(await chrome.texts(BOB), ["kept"]);
    assert.equal((await ownDevice(chrome)).device, device);
    chrome.useDisk();
    await chrome.engine.signOut({ erase: true });
    await chrome.signIn(ALICE);
    assert.notEqual((await ownDevice(chrome)).device, device);
    await until(async () => (await chrome.engine.timeline({ chat: BOB })).beforeDevice === 1);
  });

  it("an address that cannot be one is not sent anywhere", async () => {
    const fresh = fixture.unsigned("Firefox on Android");
    let asked = 0;
    fresh.remote.signIn = async () => {
      asked += 1;
      return { ok: false, error: { kind: "internal" } };
    };
    fresh.useDisk();
    for (const address of ["alice", "alice@", "@a.example", "al ice@a.example"]) {
      const answer = await fresh.engine.signIn({ address, password: "secret", plain: false });
      assert.deepEqual(answer, { ok: false, error: { kind: "address-invalid" } }, address);
    }
    assert.equal(asked, 0);
  });

  it("somebody else who signs in here sees nothing of the first account", async () => {
    await firefox.send({ chat: BOB, text: "private" });
    await firefox.engine.signOut({ erase: false });
    await firefox.signIn(CAROL);
    assert.deepEqual(firefox.engine.snapshot().chats, []);
    assert.deepEqual(await firefox.texts(BOB), []);
  });
});

async function ownDevice(of: TestBrowser) {
  const own = (await of.engine.devices({ jid: undefined })).devices.find(({ here }) => here);
  assert.ok(own?.device);
  return { ...own, device: own.device };
}
