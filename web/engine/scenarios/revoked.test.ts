/** A browser that was signed out by another one, or of which the object says so (S4). */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { deleteDB } from "idb";
import type { DeviceId } from "../../../worker/contract/names.ts";
import { type TestBrowser, until } from "../testing/browser.ts";
import { ALICE, BOB, type Fixture, readersOf, twoPeople } from "../testing/fixture.ts";

let fixture: Fixture;
let firefox: TestBrowser;
let bob: TestBrowser;

beforeEach(async () => {
  ({ fixture, alice: firefox, bob } = await twoPeople());
});

afterEach(() => fixture.end());

describe("a browser that was signed out by another", () => {
  const locked = { state: "signed-out", account: ALICE, because: "revoked" } as const;

  it("S4: of two that sign each other out at once one stays, and writes on without the other's device", async () => {
    const chrome = fixture.unsigned("Chrome on Linux");
    await chrome.signIn(ALICE);
    const browsers = [firefox, chrome];
    const devices = browsers.map(({ device }) => device);
    const answers = await Promise.all([
      firefox.engine.revoke({ browser: chrome.remote.browser }),
      chrome.engine.revoke({ browser: firefox.remote.browser }),
    ]);
    const winner = answers.findIndex(({ ok }) => ok);
    assert.deepEqual(answers.filter(({ ok }) => ok).length, 1);
    const [stays, goes] = winner === 0 ? [firefox, chrome] : [chrome, firefox];
    await until(() => goes.engine.snapshot().session.state === "signed-out");
    assert.deepEqual(goes.engine.snapshot().session, locked);
    assert.equal(stays.engine.snapshot().session.state, "signed-in");
    await stays.send({ chat: BOB, text: "still here" });
    await bob.waitForTexts(ALICE, ["still here"]);
    assert.deepEqual(readersOf(fixture.lastText(ALICE, BOB)), [bob.device]);
    await stays.crash();
    assert.equal(stays.engine.snapshot().session.state, "signed-in");
    assert.equal(fixture.object(ALICE).devices.includes(devices[1 - winner] ?? assert.fail("no device")), false);
  });

  it("S4: locks what it holds, also after a restart; signing in makes it a new device that keeps its texts", async () => {
    const chrome = fixture.unsigned("Chrome on Linux");
    await chrome.signIn(ALICE);
    await firefox.send({ chat: BOB, text: "private" });
    await chrome.waitForTexts(BOB, ["private"]);
    const before = (await chrome.engine.devices({ jid: undefined })).devices.find(({ here }) => here);
    const revoked = await firefox.engine.revoke({ browser: chrome.remote.browser });
    assert.ok(revoked.ok);
    await until(() => chrome.engine.snapshot().session.state === "signed-out");
    assert.deepEqual(chrome.engine.snapshot().session, locked);
    assert.deepEqual(chrome.engine.snapshot().chats, [], "nothing of it is shown");
    assert.deepEqual(await chrome.texts(BOB), []);
    await chrome.crash();
    assert.deepEqual(chrome.engine.snapshot().session, locked);
    assert.deepEqual(await chrome.databases(), ["alcove", `alcove:${ALICE}`], "and nothing was erased");
    await chrome.signIn(ALICE, { allowed: false });
    assert.deepEqual(await chrome.texts(BOB), ["private"]);
    assert.ok(chrome.awaiting, "a new device that the others have to let in");
    const now = (await chrome.engine.devices({ jid: undefined })).devices.find(({ here }) => here);
    assert.notEqual(now?.device, before?.device);
    assert.notEqual(now?.fingerprint, before?.fingerprint);
    await firefox.allow(chrome.device);
    await until(() => !chrome.awaiting);
    await firefox.send({ chat: BOB, text: "welcome back" });
    await chrome.waitForTexts(BOB, ["private", "welcome back"]);
    await chrome.send({ chat: BOB, text: "with new keys" });
    await firefox.waitForTexts(BOB, ["private", "welcome back", "with new keys"]);
  });

  it("S4: erases what it holds when the person there says so, and not before", async () => {
    const chrome = fixture.unsigned("Chrome on Linux");
    await chrome.signIn(ALICE);
    fixture.object(ALICE).revoke(chrome.remote.browser);
    await until(() => chrome.engine.snapshot().session.state === "signed-out");
    chrome.useDisk();
    assert.ok((await chrome.engine.signOut({ erase: false })).ok);
    assert.deepEqual(chrome.engine.snapshot().session, locked, "keeping is no choice that changes anything");
    assert.ok((await chrome.engine.signOut({ erase: true })).ok);
    assert.deepEqual(chrome.engine.snapshot().session, { state: "signed-out", because: "by-choice" });
    assert.deepEqual(await chrome.databases(), ["alcove"]);
  });

  it("S4: sends what was not sent yet as the new device, encrypted anew", async () => {
    const chrome = fixture.unsigned("Chrome on Linux");
    await chrome.signIn(ALICE);
    await chrome.send({ chat: BOB, text: "before" });
    await bob.waitForTexts(ALICE, ["before"]);
    const { device } = chrome;
    fixture.object(ALICE).loseSends = 1_000;
    await chrome.send({ chat: BOB, text: "on its way" });
    await until(() => fixture.object(ALICE).loseSends < 1_000);
    fixture.object(ALICE).revoke(chrome.remote.browser);
    await until(() => chrome.engine.snapshot().session.state === "signed-out");
    fixture.object(ALICE).loseSends = 0;
    await chrome.signIn(ALICE);
    await bob.waitForTexts(ALICE, ["before", "on its way"]);
    const sids = fixture
      .object(ALICE)
      .sends.flatMap(({ content }) => (content.kind === "omemo" && content.omemo.payload ? [content.omemo.sid] : []));
    assert.deepEqual(sids, [device, chrome.device], "what the old device had made final has gone nowhere");
  });

  it("S4: learns it at its next sign-in if it had left by itself and kept its history", async () => {
    const chrome = fixture.unsigned("Chrome on Linux");
    await chrome.signIn(ALICE);
    await firefox.send({ chat: BOB, text: "private" });
    await chrome.waitForTexts(BOB, ["private"]);
    chrome.useDisk();
    await chrome.engine.signOut({ erase: false });
    assert.ok((await firefox.engine.revoke({ browser: "others" })).ok);
    const told = await chrome.engine.signIn({ address: ALICE, password: "secret", plain: false });
    assert.equal(!told.ok && told.error.kind, "revoked");
    assert.deepEqual(chrome.engine.snapshot().session, locked);
    await chrome.signIn(ALICE);
    await firefox.send({ chat: BOB, text: "new" });
    await chrome.waitForTexts(BOB, ["private", "new"]);
  });

  it("S4: whose storage was thrown away as well comes back when the person agrees", async () => {
    const chrome = fixture.unsigned("Chrome on Linux");
    await chrome.signIn(ALICE);
    chrome.useDisk();
    await chrome.engine.signOut({ erase: false });
    assert.ok((await firefox.engine.revoke({ browser: "others" })).ok);
    await deleteDB(`alcove:${ALICE}`);
    await chrome.crash();
    const told = await chrome.engine.signIn({ address: ALICE, password: "secret", plain: false });
    if (!told.ok) assert.equal(told.error.kind, "evicted");
    await chrome.signIn(ALICE);
    await firefox.send({ chat: BOB, text: "new" });
    await chrome.waitForTexts(BOB, ["new"]);
  });

  it("S4, T42: knows which devices were there before: one that came meanwhile is told of and gets nothing", async () => {
    const chrome = fixture.unsigned("Chrome on Linux");
    await chrome.signIn(ALICE);
    // The object alone says so, or somebody with a stolen session; then a device of theirs comes onto the list.
    fixture.object(ALICE).revoke(chrome.remote.browser);
    await until(() => chrome.engine.snapshot().session.state === "signed-out");
    const intruder = fixture.unsigned("Somebody else's");
    await intruder.signIn(ALICE, { allowed: false });
    await chrome.signIn(ALICE, { allowed: false });
    await until(() => newDevicesAt(chrome).includes(intruder.device));
    assert.deepEqual(newDevicesAt(chrome), [intruder.device], "of the one that it knew before nobody is asked");
    await chrome.send({ chat: BOB, text: "not for everybody" });
    await bob.waitForTexts(ALICE, ["not for everybody"]);
    await firefox.waitForTexts(BOB, ["not for everybody"]);
    const readers = readersOf(fixture.lastText(ALICE, BOB));
    assert.deepEqual(readers, readersOfAll(firefox, bob));
    assert.deepEqual(await intruder.texts(BOB), ["<not-allowed>"]);
    await chrome.allow(intruder.device);
    await chrome.send({ chat: BOB, text: "for everybody" });
    await until(async () => (await intruder.texts(BOB)).at(-1) === "for everybody");
  });
});

const newDevicesAt = (who: TestBrowser): readonly DeviceId[] =>
  who.engine.snapshot().notices.flatMap((notice) => (notice.kind === "new-device" ? [notice.device] : []));

const readersOfAll = (...browsers: readonly TestBrowser[]): readonly DeviceId[] =>
  browsers.map(({ device }) => device).toSorted((a, b) => a - b);
