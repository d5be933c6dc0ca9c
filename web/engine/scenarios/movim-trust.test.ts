/** Failures of Movim (0.33) about keys and about what leaves in clear: each is named, and what happens here instead. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { FailureKind } from "../../../worker/contract/failures.ts";
import type { BareJid } from "../../../worker/contract/names.ts";
import { randomDeviceId } from "../omemo/identity.ts";
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

describe("keys", () => {
  it("Movim 1: a changed key of a known device is accepted silently", async () => {
    await fixture.acquaint(alice, bob);
    const carol = await fixture.browser(CAROL);
    const theirs = fixture.object(CAROL).bundles.get(carol.device) ?? assert.fail("no bundle");
    fixture.object(BOB).bundles.set(bob.device, theirs);
    await alice.meddle((database) => database.clear("sessions"));
    const before = fixture.sent(ALICE, BOB).length;
    await alice.send({ chat: BOB, text: "for bob alone" });
    assert.equal(await failureOf(alice, BOB), "key-changed");
    assert.equal(fixture.sent(ALICE, BOB).length, before);
    await until(() => summaryOf(alice, BOB)?.trust?.kind === "key-changed");
  });

  it("Movim 2: on a domain without a dot encryption cannot work", async () => {
    const [ann, ben] = ["ann@localhost", "ben@localhost"] as [BareJid, BareJid];
    const first = await fixture.browser(ben);
    const second = await fixture.browser(ben, "Firefox");
    const writer = await fixture.browser(ann);
    await fixture.acquaint(writer, first);
    await second.waitForTexts(ann, ["hello", "hello too"]);
    fixture.forge(await fixture.withheld(bob, ann, "I am ben"), ben, first.device, ann);
    await writer.waitForTexts(ben, ["hello", "hello too", "<untrusted>"]);
  });

  it("Movim 3: a key is remembered for an address, not for a device", async () => {
    const phone = await fixture.browser(BOB, "Phone");
    await fixture.acquaint(alice, bob);
    const carol = await fixture.browser(CAROL);
    fixture.forge(await fixture.withheld(carol, ALICE, "I am bob's phone"), BOB, phone.device, ALICE);
    await until(async () => (await shownDevice(alice, BOB, phone.device)).changedTo !== undefined);
    const laptop = await shownDevice(alice, BOB, bob.device);
    assert.equal(laptop.changedTo, undefined);
    assert.notEqual(laptop.fingerprint, (await shownDevice(alice, BOB, phone.device)).fingerprint);
  });

  it("Movim 4: a refused key is believed again with the next message of its device", async () => {
    const phone = await fixture.browser(BOB, "Phone");
    await fixture.acquaint(alice, bob);
    await phone.waitForTexts(ALICE, ["hello", "hello too"]);
    await decides(alice, BOB, phone.device, "distrusted");
    await phone.send({ chat: ALICE, text: "from the refused one" });
    await until(async () => (await alice.texts(BOB)).at(-1) === "from the refused one");
    assert.equal((await alice.items(BOB)).at(-1)?.doubt, "distrusted");
    await alice.send({ chat: BOB, text: "not for the phone" });
    await until(async () => (await bob.texts(ALICE)).at(-1) === "not for the phone");
    assert.deepEqual(readersOf(fixture.lastText(ALICE, BOB)), [bob.device]);
    assert.equal((await shownDevice(alice, BOB, phone.device)).trust, "distrusted");
  });
});

/** Every answer to a question for a device list that is no list. */
const NO_LIST: readonly FailureKind[] = ["peer-refused", "not-found", "malformed", "timed-out", "internal", "offline"];

describe("encryption that switches itself off", () => {
  it("Movim 5: any error about a device list turns encryption off for that contact", async () => {
    await fixture.acquaint(alice, bob);
    for (const kind of NO_LIST) {
      fixture.object(ALICE).listFailure = { kind };
      await alice.crash();
      await alice.send({ chat: BOB, text: kind });
      await until(async () => (await bob.texts(ALICE)).at(-1) === kind);
    }
    assert.deepEqual(fixture.sentInClear(ALICE, BOB), []);
  });

  it("Movim 5: … and so does an error about somebody to whom nobody has written yet", async () => {
    const carol = await fixture.browser(CAROL);
    await alice.meddle((database) => database.delete("deviceLists", CAROL));
    for (const kind of NO_LIST) {
      fixture.object(ALICE).listFailure = { kind };
      await alice.send({ chat: CAROL, text: kind });
      if (kind !== "offline") assert.equal(await failureOf(alice, CAROL), "encryption-unavailable");
    }
    assert.deepEqual(fixture.sent(ALICE, CAROL), []);
    fixture.object(ALICE).listFailure = undefined;
    for (const { key } of await alice.items(CAROL)) await alice.engine.retry({ key });
    await until(async () => (await carol.texts(ALICE)).toSorted().join() === NO_LIST.toSorted().join());
    assert.deepEqual(fixture.sentInClear(ALICE, CAROL), []);
  });

  it("Movim 5: … and it does after a consent to write in clear that encryption has ended", async () => {
    await alice.send({ chat: CAROL, text: "in clear" });
    await failureOf(alice, CAROL);
    await alice.engine.expose({ chat: CAROL });
    await alice.engine.retry({ key: (await alice.items(CAROL))[0]?.key ?? "" });
    await until(() => fixture.sentInClear(ALICE, CAROL).length === 1);
    const carol = await fixture.browser(CAROL);
    await carol.send({ chat: ALICE, text: "encrypted from now on" });
    await alice.waitForTexts(CAROL, ["in clear", "encrypted from now on"]);
    await carol.engine.stop();
    fixture.object(CAROL).unlist(carol.device);
    await until(() => summaryOf(alice, CAROL)?.encryption !== "on");
    assert.equal(summaryOf(alice, CAROL)?.encryption, "unavailable");
    await alice.send({ chat: CAROL, text: "an answer" });
    assert.equal(await failureOf(alice, CAROL), "encryption-unavailable");
    assert.equal(fixture.sentInClear(ALICE, CAROL).length, 1);
  });

  it("Movim 5: … or after one that was ended by a text which could be opened only later", async () => {
    const carol = await fixture.browser(CAROL);
    await fixture.acquaint(alice, carol);
    const { device } = carol;
    await carol.engine.stop();
    fixture.object(CAROL).unlist(device);
    await until(() => summaryOf(alice, CAROL)?.encryption === "unavailable");
    await alice.engine.expose({ chat: CAROL });
    assert.equal(summaryOf(alice, CAROL)?.encryption, "exposed");
    fixture.forge(await fixture.withheld(bob, ALICE, "under a new key"), CAROL, device, ALICE);
    await alice.waitForTexts(CAROL, ["hello", "hello too", "<untrusted>"]);
    assert.equal(summaryOf(alice, CAROL)?.encryption, "exposed", "nothing was opened yet");
    const { changedTo = "" } = await shownDevice(alice, CAROL, device);
    assert.ok((await alice.engine.decide({ jid: CAROL, device, fingerprint: changedTo, trust: "verified" })).ok);
    await alice.waitForTexts(CAROL, ["hello", "hello too", "under a new key"]);
    assert.equal(summaryOf(alice, CAROL)?.encryption, "unavailable");
  });

  it("Movim 6: a second browser starts in clear, until it has been told that the conversation is encrypted", async () => {
    await fixture.acquaint(alice, bob);
    fixture.object(ALICE).linked = false;
    const second = fixture.unsigned("Firefox");
    second.useDisk();
    assert.ok((await second.engine.signIn({ address: ALICE, password: "secret", plain: false })).ok);
    await second.send({ chat: BOB, text: "at once" });
    assert.equal((await second.items(BOB)).at(-1)?.state, "waiting");
    fixture.object(ALICE).setLinked(true);
    await until(async () => (await bob.texts(ALICE)).at(-1) === "at once");
    assert.deepEqual(fixture.sentInClear(ALICE, BOB), []);
  });

  it("Movim 7: what is more than a plain text leaves in clear: here corrections, answers, transports", async () => {
    await fixture.acquaint(alice, bob);
    const wrong = await alice.send({ chat: BOB, text: "at sx" });
    assert.ok(wrong.ok);
    await until(async () => (await bob.texts(ALICE)).at(-1) === "at sx");
    await alice.send({ chat: BOB, text: "at six", replaces: wrong.value.client });
    await until(async () => (await bob.texts(ALICE)).at(-1) === "at six");
    const [, question] = await alice.items(BOB);
    await alice.send({ chat: BOB, text: "agreed", reply: question?.key ?? "" });
    await until(async () => (await bob.texts(ALICE)).at(-1) === "agreed");
    await alice.engine.resetSession({ jid: BOB, device: bob.device });
    await until(() =>
      fixture.sent(ALICE, BOB).some(({ content }) => content.kind === "omemo" && !content.omemo.payload),
    );
    assert.deepEqual(fixture.sentInClear(ALICE, BOB), []);
    const carried = JSON.stringify([fixture.object(ALICE).sends, fixture.object(BOB).log]);
    assert.equal(/at s|agreed|hello/.test(carried), false);
  });
});

describe("readers", () => {
  it("Movim 8: a message is encrypted for nobody, and shown as sent", async () => {
    const sibling = await fixture.browser(ALICE, "Firefox");
    fixture.object(BOB).bundles.delete(bob.device);
    await alice.send({ chat: BOB, text: "for nobody" });
    assert.equal(await failureOf(alice, BOB), "encryption-unavailable");
    assert.deepEqual(fixture.sent(ALICE, BOB), [], "that our own browser could read it is not enough");
    await sibling.engine.stop();
  });

  it("Movim 9: two people whose devices have the same number take each other's key away", async () => {
    const room = new ScriptedRoom(fixture.network, "ridge@conference.a.example" as BareJid);
    for (const jid of [ALICE, BOB, CAROL]) room.members.set(jid, "member");
    const carol = await fixture.browser(CAROL);
    const before = carol.device;
    const number = bob.device;
    await carol.meddle(async (database) => {
      const identity = (await database.get("identity", "self")) as object;
      await database.put("identity", { ...identity, device: number });
    });
    await until(() => fixture.object(CAROL).devices.includes(number));
    fixture.object(CAROL).unlist(before);
    for (const who of [alice, bob, carol]) await who.engine.room({ address: room.jid, action: "join" });
    await until(() => summaryOf(alice, room.jid)?.room?.people === 3);
    for (const text of ["one", "two"]) {
      await alice.send({ chat: room.jid, text });
      for (const reader of [bob, carol]) await until(async () => (await reader.texts(room.jid)).at(-1) === text);
    }
    assert.deepEqual(readersOf(fixture.lastText(ALICE, room.jid)), [number, number]);
  });

  it("Movim 9: numbers of devices have 14 bits, so that they meet", () => {
    const drawn = Array.from({ length: 200 }, randomDeviceId);
    assert.ok(Math.max(...drawn) > 2 ** 30, "31 bits: 200 draws below the half are one in 2^200");
    assert.equal(new Set(drawn).size, drawn.length);
  });
});
