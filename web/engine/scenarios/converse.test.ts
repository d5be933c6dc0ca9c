/** Failures of Converse.js (14.0) about encryption, seen live: each is named, and what happens here instead. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { BareJid } from "../../../worker/contract/names.ts";
import { ScriptedRoom } from "../testing/scripted-room.ts";
import { type TestBrowser, until } from "../testing/browser.ts";
import {
  ALICE,
  BOB,
  CAROL,
  decides,
  failureOf,
  type Fixture,
  readersOf,
  shownDevice,
  summaryOf,
  twoPeople,
} from "../testing/fixture.ts";

let fixture: Fixture;
let alice: TestBrowser;
let bob: TestBrowser;

beforeEach(async () => {
  ({ fixture, alice, bob } = await twoPeople());
});

afterEach(() => fixture.end());

describe("encryption that switches itself off", () => {
  it("Converse 2: when somebody without a device joins a room, the next message goes out in clear", async () => {
    const room = new ScriptedRoom(fixture.network, "ridge@conference.a.example" as BareJid);
    for (const jid of [ALICE, BOB]) room.members.set(jid, "member");
    for (const who of [alice, bob]) await who.engine.room({ address: room.jid, action: "join" });
    await until(() => summaryOf(alice, room.jid)?.room?.people === 2);
    room.members.set(CAROL, "member");
    room.here.set(CAROL, "Carol");
    room.tell();
    await alice.send({ chat: room.jid, text: "still for us" });
    await bob.waitForTexts(room.jid, ["still for us"]);
    assert.deepEqual(fixture.sentInClear(ALICE, room.jid), []);
    await until(() => summaryOf(alice, room.jid)?.room?.unable.join() === CAROL);
  });

  it("Converse 4: a second browser of the account answers in clear in an encrypted conversation", async () => {
    await fixture.acquaint(alice, bob);
    const second = await fixture.browser(ALICE, "Firefox");
    await second.send({ chat: BOB, text: "from the second one" });
    await until(async () => (await bob.texts(ALICE)).at(-1) === "from the second one");
    assert.equal((await bob.items(ALICE)).at(-1)?.encrypted, true);
    assert.deepEqual(fixture.sentInClear(ALICE, BOB), []);
  });

  it("Converse: a browser knows by itself alone whether a conversation is encrypted, and so does its consent", async () => {
    const second = await fixture.browser(ALICE, "Firefox");
    fixture.object(ALICE).append({ kind: "policy", chat: CAROL, encrypted: true });
    for (const each of [alice, second]) {
      await until(() => summaryOf(each, CAROL)?.encryption === "on");
      await each.engine.checkEncryption({ chat: CAROL });
      await until(() => summaryOf(each, CAROL)?.encryption === "unavailable");
    }
    await alice.engine.expose({ chat: CAROL });
    assert.equal(summaryOf(alice, CAROL)?.encryption, "exposed");
    await second.send({ chat: CAROL, text: "nobody has agreed here" });
    assert.equal(await failureOf(second, CAROL), "encryption-unavailable");
    assert.deepEqual(fixture.sent(ALICE, CAROL), []);
  });
});

describe("devices", () => {
  it("Converse 3: all devices of the contact are refused, and a message without keys is shown as sent", async () => {
    await fixture.acquaint(alice, bob);
    await decides(alice, BOB, bob.device, "distrusted");
    const before = fixture.sent(ALICE, BOB).length;
    await alice.send({ chat: BOB, text: "for nobody" });
    assert.equal(await failureOf(alice, BOB), "none-trusted");
    assert.equal(fixture.sent(ALICE, BOB).length, before);
  });

  it("Converse 5: a device that was removed stays on the list", async () => {
    const second = await fixture.browser(ALICE, "Firefox");
    await fixture.acquaint(alice, bob);
    await until(async () => (await shownDevice(alice, ALICE, second.device)).fingerprint !== undefined);
    const { device } = second;
    await second.engine.stop();
    assert.ok((await alice.engine.removeDevice({ device })).ok);
    assert.equal(fixture.object(ALICE).devices.includes(device), false);
    assert.equal(fixture.object(ALICE).bundles.has(device), false);
    // It puts itself on the list again.
    fixture.object(ALICE).devices.push(device);
    fixture.object(ALICE).tell({ type: "devices", jid: ALICE, devices: [...fixture.object(ALICE).devices] });
    await until(async () => (await shownDevice(alice, ALICE, device)).listed);
    await alice.send({ chat: BOB, text: "not for the removed one" });
    await until(async () => (await bob.texts(ALICE)).at(-1) === "not for the removed one");
    assert.deepEqual(readersOf(fixture.lastText(ALICE, BOB)), [bob.device]);
  });

  it("Converse: nobody is told of a new device", async () => {
    const second = fixture.unsigned("Firefox");
    await second.signIn(ALICE, { allowed: false });
    assert.equal((await alice.newDevice(second.device)).name, "Firefox");
    await alice.send({ chat: BOB, text: "one" });
    await bob.waitForTexts(ALICE, ["one"]);
    assert.deepEqual(readersOf(fixture.lastText(ALICE, BOB)), [bob.device]);
    await decides(alice, BOB, bob.device, "verified");
    const phone = await fixture.browser(BOB, "Phone");
    await alice.send({ chat: BOB, text: "two" });
    await until(async () => (await bob.texts(ALICE)).at(-1) === "two");
    await until(() => summaryOf(alice, BOB)?.trust?.kind === "excluded");
    assert.deepEqual(
      summaryOf(alice, BOB)?.trust?.devices.map(({ device }) => device),
      [phone.device],
    );
    assert.equal(readersOf(fixture.lastText(ALICE, BOB)).includes(phone.device), false);
  });
});

describe("what is shown", () => {
  it("Converse 7: own messages without words come back from the archive as errors in red", async () => {
    await fixture.acquaint(alice, bob);
    const second = await fixture.browser(ALICE, "Firefox");
    assert.ok((await alice.engine.resetSession({ jid: BOB, device: bob.device })).ok);
    await until(() =>
      fixture.sent(ALICE, BOB).some(({ content }) => content.kind === "omemo" && !content.omemo.payload),
    );
    const wordless = fixture.sent(ALICE, BOB).find(({ content }) => content.kind === "omemo" && !content.omemo.payload);
    assert.ok(wordless?.content.kind === "omemo");
    const archive = { by: ALICE, id: "28482" };
    fixture.object(ALICE).deliver({ chat: BOB, sender: ALICE, content: wordless.content, archive });
    await bob.send({ chat: ALICE, text: "the next line" });
    await alice.waitForTexts(BOB, ["hello", "hello too", "the next line"]);
    await second.waitForTexts(BOB, ["the next line"]);
  });

  it("Converse 9: what came from somebody whose conversation is not open, while nobody was there, never appears", async () => {
    alice.remote.cut();
    await bob.send({ chat: ALICE, text: "are you there?" });
    alice.remote.mend();
    await until(() => summaryOf(alice, BOB)?.unread === 1);
    await alice.waitForTexts(BOB, ["are you there?"]);
  });

  it("Converse: a new browser shows errors in red in the place of its history", async () => {
    await fixture.acquaint(alice, bob);
    const second = await fixture.browser(ALICE, "Firefox");
    await until(async () => (await second.engine.timeline({ chat: BOB })).beforeDevice === 2);
    assert.deepEqual(await second.texts(BOB), []);
    assert.equal(summaryOf(second, BOB)?.unread, 0);
  });
});
