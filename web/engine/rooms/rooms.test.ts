/** Private rooms: who can read what is said in them, and what keeps somebody from it. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { SendArguments } from "../../../worker/contract/calls.ts";
import type { BareJid, DeviceId } from "../../../worker/contract/names.ts";
import { type TestBrowser, until } from "../testing/browser.ts";
import { ALICE, BOB, CAROL } from "../testing/fixture.ts";
import { ROOM, type RoomFixture, roomForTwo, roomOf, stateOf } from "../testing/room-fixture.ts";
import type { ScriptedRoom } from "../testing/scripted-room.ts";

const DAVE = "dave@d.example" as BareJid;

let fixture: RoomFixture;
let room: ScriptedRoom;
let alice: TestBrowser;
let bob: TestBrowser;

const keysOf = ({ content }: SendArguments): readonly DeviceId[] =>
  content.kind === "omemo" ? content.omemo.keys.map(({ rid }) => rid).toSorted() : [];

beforeEach(async () => {
  ({ fixture, room, alice, bob } = await roomForTwo());
});

afterEach(() => fixture.end());

describe("a private room", () => {
  it("of three people with two browsers each: everybody reads everything, with its author", async () => {
    const carol = await fixture.browser(CAROL);
    const second = [
      await fixture.browser(ALICE, "Firefox"),
      await fixture.browser(BOB, "Firefox"),
      await fixture.browser(CAROL, "Firefox"),
    ];
    for (const [who, jid] of [
      [alice, ALICE],
      [bob, BOB],
      [carol, CAROL],
    ] as const)
      await fixture.enters(who, jid);
    const everywhere = [alice, bob, carol, ...second];
    const all: string[] = [];
    for (const [who, text] of [
      [alice, "from alice"],
      [second[1] ?? bob, "from bob"],
      [carol, "from carol"],
      [second[0] ?? alice, "from alice again"],
    ] as const) {
      await who.send({ chat: ROOM, text });
      all.push(text);
      for (const reader of everywhere) await reader.waitForTexts(ROOM, all);
    }
    const authors = (await bob.items(ROOM)).map(({ author, outgoing }) => (outgoing ? "me" : author?.jid));
    assert.deepEqual(authors, [ALICE, "me", CAROL, ALICE]);
    assert.equal((await second[0]?.items(ROOM))?.[0]?.outgoing, true);
    assert.equal(roomOf(alice)?.encryption, "on");
    assert.equal(roomOf(alice)?.room?.people, 3);
    const stored = [ALICE, BOB, CAROL].map((jid) => JSON.stringify(fixture.object(jid).log)).join("");
    assert.equal(/from (alice|bob|carol)/.test(stored), false);
  });

  it("that is being made tells who belongs to it as soon as it can: its maker is alone in it", async () => {
    room.unmade = true;
    await fixture.enters(alice, ALICE);
    assert.equal(roomOf(alice)?.encryption, "unknown");
    room.unmade = false;
    room.tell();
    await until(() => roomOf(alice)?.encryption === "unavailable");
  });

  it("reaches members who are not there", async () => {
    const carol = await fixture.browser(CAROL);
    room.members.set(CAROL, "member");
    await fixture.enters(alice, ALICE);
    await fixture.enters(bob, BOB);
    await alice.send({ chat: ROOM, text: "hello" });
    await bob.waitForTexts(ROOM, ["hello"]);
    const [sent] = fixture.sent(ALICE, ROOM);
    const expected = [...fixture.object(BOB).devices, ...fixture.object(CAROL).devices].toSorted();
    assert.deepEqual(sent && keysOf(sent), expected);
    await carol.engine.stop();
  });

  it("a member without OMEMO joins: encryption does not switch itself off, and the member is named", async () => {
    await fixture.enters(alice, ALICE);
    await fixture.enters(bob, BOB);
    await alice.send({ chat: ROOM, text: "before" });
    await bob.waitForTexts(ROOM, ["before"]);
    room.members.set(DAVE, "member");
    room.here.set(DAVE, "Dave");
    await fixture.tells(alice);
    await alice.send({ chat: ROOM, text: "after" });
    await bob.waitForTexts(ROOM, ["before", "after"]);
    assert.deepEqual(fixture.sentInClear(ALICE, ROOM), []);
    await until(() => roomOf(alice)?.room?.unable.join() === DAVE);
    assert.equal(roomOf(alice)?.encryption, "on");
    const view = await alice.engine.members({ room: ROOM });
    assert.equal(view.people.find(({ jid }) => jid === DAVE)?.unable, true);
    // Once Dave has a device, they read.
    const dave = await fixture.browser(DAVE);
    await alice.engine.checkEncryption({ chat: ROOM });
    await alice.send({ chat: ROOM, text: "welcome" });
    await until(async () => (await dave.texts(ROOM)).at(-1) === "welcome");
    assert.deepEqual(roomOf(alice)?.room?.unable, []);
  });

  it("with nobody who could read takes nothing, and says why", async () => {
    await fixture.enters(alice, ALICE);
    await alice.send({ chat: ROOM, text: "alone" });
    await until(async () => (await stateOf(alice, "alone")) === "failed");
    assert.equal((await alice.items(ROOM))[0]?.failure?.detail, "nobody else");
    room.members.set(DAVE, "member");
    await fixture.tells(alice);
    await alice.send({ chat: ROOM, text: "to dave" });
    await until(async () => (await stateOf(alice, "to dave")) === "failed");
    assert.equal((await alice.items(ROOM))[1]?.failure?.detail, "nobody can read");
    assert.equal(roomOf(alice)?.encryption, "unavailable");
    assert.deepEqual(fixture.sent(ALICE, ROOM), []);
  });

  it("whoever comes while a message is being made can read it; whoever was put out cannot", async () => {
    await fixture.enters(alice, ALICE);
    await fixture.enters(bob, BOB);
    const carol = await fixture.browser(CAROL);
    const dave = await fixture.browser(DAVE);
    room.members.set(DAVE, "member");
    await fixture.tells(alice);
    await alice.engine.members({ room: ROOM });
    assert.equal(roomOf(alice)?.room?.people, 3);
    // Who belongs to it is asked again by the next message, and changes while the answer is under way.
    await fixture.tells(alice);
    room.meanwhile = () => {
      room.members.delete(DAVE);
      room.members.set(CAROL, "member");
      room.tell();
    };
    await alice.send({ chat: ROOM, text: "who is here" });
    await bob.waitForTexts(ROOM, ["who is here"]);
    const [sent] = fixture.sent(ALICE, ROOM);
    const expected = [...fixture.object(BOB).devices, ...fixture.object(CAROL).devices].toSorted();
    assert.deepEqual(sent && keysOf(sent), expected);
    for (const { engine } of [carol, dave]) await engine.stop();
  });

  it("waits while somebody cannot be asked for devices, and leaves nobody out", async () => {
    await fixture.enters(alice, ALICE);
    await fixture.enters(bob, BOB);
    await alice.send({ chat: ROOM, text: "one" });
    await bob.waitForTexts(ROOM, ["one"]);
    const carol = await fixture.browser(CAROL);
    fixture.object(ALICE).linked = false;
    room.members.set(CAROL, "member");
    await fixture.tells(alice);
    await alice.send({ chat: ROOM, text: "two" });
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(await stateOf(alice, "two"), "waiting");
    assert.equal(fixture.sent(ALICE, ROOM).length, 1);
    fixture.object(ALICE).linked = true;
    fixture.object(ALICE).tell({
      type: "state",
      state: { link: { state: "live", caughtUp: true }, pep: "ok", stayOnline: false },
    });
    await bob.waitForTexts(ROOM, ["one", "two"]);
    assert.equal(fixture.sent(ALICE, ROOM)[1] && keysOf(fixture.sent(ALICE, ROOM)[1] as SendArguments).length, 2);
    await carol.engine.stop();
  });

  it("knows after a restart who belongs to it", async () => {
    await fixture.enters(alice, ALICE);
    await fixture.enters(bob, BOB);
    await alice.send({ chat: ROOM, text: "one" });
    await bob.waitForTexts(ROOM, ["one"]);
    await alice.crash();
    assert.equal(roomOf(alice)?.room?.people, 2);
    assert.equal(roomOf(alice)?.encryption, "on");
    await alice.send({ chat: ROOM, text: "two" });
    await bob.waitForTexts(ROOM, ["one", "two"]);
  });
});

describe("the keys of a member", () => {
  it("that wait for a decision keep somebody from reading, and that is said; the others read", async () => {
    const carol = await fixture.browser(CAROL);
    await fixture.enters(alice, ALICE);
    await fixture.enters(bob, BOB);
    await fixture.enters(carol, CAROL);
    await alice.send({ chat: ROOM, text: "one" });
    await carol.waitForTexts(ROOM, ["one"]);
    const [known] = (await alice.engine.devices({ jid: CAROL })).devices;
    const { device, fingerprint } = known ?? assert.fail("no device");
    assert.ok(device !== undefined && fingerprint !== undefined);
    assert.ok((await alice.engine.decide({ jid: CAROL, device, fingerprint, trust: "distrusted" })).ok);
    await until(() => roomOf(alice)?.room?.undecided.join() === CAROL);
    await alice.send({ chat: ROOM, text: "two" });
    await bob.waitForTexts(ROOM, ["one", "two"]);
    await carol.waitForTexts(ROOM, ["one", "<not-for-us>"]);
    assert.deepEqual(roomOf(alice)?.room?.unable, []);
  });
});

describe("an author whom the room does not name", () => {
  it("is found by the device that wrote it", async () => {
    await fixture.enters(alice, ALICE);
    await fixture.enters(bob, BOB);
    await bob.engine.members({ room: ROOM });
    room.anonymous = true;
    await alice.send({ chat: ROOM, text: "guess who" });
    await bob.waitForTexts(ROOM, ["guess who"]);
    assert.equal((await bob.items(ROOM))[0]?.author?.jid, ALICE);
  });

  it("stays unknown with a reason until their device is known", async () => {
    await fixture.enters(alice, ALICE);
    await fixture.enters(bob, BOB);
    room.anonymous = true;
    await bob.meddle(async (database) => {
      await database.delete("deviceLists", ALICE);
    });
    const list = fixture.object(ALICE).devices;
    fixture.object(ALICE).devices = [];
    await bob.engine.checkEncryption({ chat: ROOM });
    await alice.send({ chat: ROOM, text: "guess who" });
    await bob.waitForTexts(ROOM, ["<unknown-author>"]);
    fixture.object(ALICE).devices = list;
    await bob.engine.checkEncryption({ chat: ROOM });
    await bob.waitForTexts(ROOM, ["guess who"]);
  });
});

describe("an invitation", () => {
  it("stands in the list until it is accepted; then the room is entered", async () => {
    await fixture.enters(alice, ALICE);
    assert.deepEqual(await alice.engine.invite({ room: ROOM, address: BOB }), { ok: true, value: { done: true } });
    await until(() => roomOf(bob)?.room?.state === "invited");
    assert.equal(roomOf(bob)?.relation, "request");
    assert.equal(roomOf(bob)?.room?.invitedBy, ALICE);
    await fixture.enters(bob, BOB);
    assert.equal(roomOf(bob)?.relation, "contact");
    await alice.send({ chat: ROOM, text: "welcome" });
    await bob.waitForTexts(ROOM, ["welcome"]);
  });

  it("R1: that is declined is gone", async () => {
    await fixture.enters(alice, ALICE);
    await alice.engine.invite({ room: ROOM, address: BOB });
    await until(() => roomOf(bob)?.room?.state === "invited");
    assert.deepEqual((await bob.engine.room({ address: ROOM, action: "decline" })).ok, true);
    await until(() => roomOf(bob)?.unlisted === true);
  });
});

describe("a room that was left", () => {
  it("stays with its messages, takes nothing, and can be entered again", async () => {
    await fixture.enters(alice, ALICE);
    await fixture.enters(bob, BOB);
    await alice.send({ chat: ROOM, text: "one" });
    await bob.waitForTexts(ROOM, ["one"]);
    await bob.engine.room({ address: ROOM, action: "leave" });
    await until(() => roomOf(bob)?.room?.state === "left");
    await bob.send({ chat: ROOM, text: "nobody hears" });
    await until(async () => (await stateOf(bob, "nobody hears")) === "failed");
    assert.deepEqual(fixture.sent(BOB, ROOM), []);
    await fixture.enters(bob, BOB);
    await alice.send({ chat: ROOM, text: "two" });
    await until(async () => (await bob.texts(ROOM)).at(-1) === "two");
  });

  it("a room that lets nobody in is a failure with its reason", async () => {
    const answer = await bob.engine.room({ address: ROOM, action: "join" });
    assert.deepEqual(answer, { ok: false, error: { kind: "peer-refused", detail: "members-only" } });
  });
});
