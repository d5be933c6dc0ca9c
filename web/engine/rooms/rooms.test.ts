import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { BareJid, DeviceId, SendArguments } from "../../../worker/contract.ts";
import type { ChatSummary } from "../protocol/conversations.ts";
import { ScriptedNetwork } from "../testing/scripted-network.ts";
import { ScriptedRoom } from "../testing/scripted-room.ts";
import { TestBrowser, until } from "../testing/browser.ts";

const ALICE = "alice@a.example" as BareJid;
const BOB = "bob@b.example" as BareJid;
const CAROL = "carol@c.example" as BareJid;
const DAVE = "dave@d.example" as BareJid;
const ROOM = "ridge@conference.a.example" as BareJid;

let network: ScriptedNetwork;
let room: ScriptedRoom;
let opened: TestBrowser[];
let alice: TestBrowser;
let bob: TestBrowser;

async function browser(jid: BareJid, name = "Chrome on Linux"): Promise<TestBrowser> {
  const made = new TestBrowser(network, name);
  opened.push(made);
  await made.signIn(jid);
  return made;
}

async function enters(who: TestBrowser, jid: BareJid): Promise<void> {
  room.members.set(jid, room.members.get(jid) ?? "member");
  const answer = await who.engine.room({ address: ROOM, action: "join" });
  assert.deepEqual(answer, { ok: true, value: { chat: ROOM } });
  await until(() => roomOf(who)?.room?.state === "joined");
}

const roomOf = (who: TestBrowser): ChatSummary | undefined =>
  who.engine.snapshot().chats.find(({ jid }) => jid === ROOM);
const sentTo = (jid: BareJid): readonly SendArguments[] =>
  network.object(jid).sends.filter(({ chat, content }) => chat === ROOM && content.kind !== "omemo");
const keysOf = ({ content }: SendArguments): readonly DeviceId[] =>
  content.kind === "omemo" ? content.omemo.keys.map(({ rid }) => rid).toSorted() : [];
const inRoom = (jid: BareJid): readonly SendArguments[] =>
  network.object(jid).sends.filter(({ chat }) => chat === ROOM);
const stateOf = async (who: TestBrowser, text: string) =>
  (await who.items(ROOM)).find(({ body }) => body.kind === "text" && body.text === text)?.state;

beforeEach(async () => {
  network = new ScriptedNetwork();
  opened = [];
  room = new ScriptedRoom(network, ROOM);
  room.members.set(ALICE, "owner");
  alice = await browser(ALICE);
  bob = await browser(BOB);
});

afterEach(async () => {
  for (const { engine } of opened) await engine.stop();
});

describe("a private room", () => {
  it("of three people with two browsers each: everybody reads everything, with its author", async () => {
    const carol = await browser(CAROL);
    const second = [await browser(ALICE, "Firefox"), await browser(BOB, "Firefox"), await browser(CAROL, "Firefox")];
    for (const [who, jid] of [
      [alice, ALICE],
      [bob, BOB],
      [carol, CAROL],
    ] as const)
      await enters(who, jid);
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
    const stored = [ALICE, BOB, CAROL].map((jid) => JSON.stringify(network.object(jid).log)).join("");
    assert.equal(/from (alice|bob|carol)/.test(stored), false);
  });

  it("that is being made tells who belongs to it as soon as it can: its maker is alone in it", async () => {
    room.unmade = true;
    await enters(alice, ALICE);
    assert.equal(roomOf(alice)?.encryption, "checking");
    room.unmade = false;
    room.tell();
    await until(() => roomOf(alice)?.encryption === "unavailable");
  });

  it("reaches members who are not there", async () => {
    const carol = await browser(CAROL);
    room.members.set(CAROL, "member");
    await enters(alice, ALICE);
    await enters(bob, BOB);
    await alice.send({ chat: ROOM, text: "hello" });
    await bob.waitForTexts(ROOM, ["hello"]);
    const [sent] = inRoom(ALICE);
    const expected = [...network.object(BOB).devices, ...network.object(CAROL).devices].toSorted();
    assert.deepEqual(sent && keysOf(sent), expected);
    await carol.engine.stop();
  });

  it("a member without OMEMO joins: encryption does not switch itself off, and the member is named", async () => {
    await enters(alice, ALICE);
    await enters(bob, BOB);
    await alice.send({ chat: ROOM, text: "before" });
    await bob.waitForTexts(ROOM, ["before"]);
    room.members.set(DAVE, "member");
    room.here.set(DAVE, "Dave");
    room.tell();
    await alice.send({ chat: ROOM, text: "after" });
    await bob.waitForTexts(ROOM, ["before", "after"]);
    assert.deepEqual(sentTo(ALICE), []);
    await until(() => roomOf(alice)?.room?.unable.join() === DAVE);
    assert.equal(roomOf(alice)?.encryption, "on");
    const view = await alice.engine.members({ room: ROOM });
    assert.equal(view.people.find(({ jid }) => jid === DAVE)?.unable, true);
    // Once Dave has a device, they read.
    const dave = await browser(DAVE);
    await alice.engine.checkEncryption({ chat: ROOM });
    await alice.send({ chat: ROOM, text: "welcome" });
    await until(async () => (await dave.texts(ROOM)).at(-1) === "welcome");
    assert.deepEqual(roomOf(alice)?.room?.unable, []);
  });

  it("with nobody who could read takes nothing, and says why", async () => {
    await enters(alice, ALICE);
    await alice.send({ chat: ROOM, text: "alone" });
    await until(async () => (await stateOf(alice, "alone")) === "failed");
    assert.equal((await alice.items(ROOM))[0]?.failure?.detail, "nobody else");
    room.members.set(DAVE, "member");
    room.tell();
    await alice.send({ chat: ROOM, text: "to dave" });
    await until(async () => (await stateOf(alice, "to dave")) === "failed");
    assert.equal((await alice.items(ROOM))[1]?.failure?.detail, "nobody can read");
    assert.equal(roomOf(alice)?.encryption, "unavailable");
    assert.deepEqual(inRoom(ALICE), []);
  });

  it("whoever comes while a message is being made can read it; whoever was put out cannot", async () => {
    await enters(alice, ALICE);
    await enters(bob, BOB);
    const carol = await browser(CAROL);
    const dave = await browser(DAVE);
    room.members.set(DAVE, "member");
    await alice.engine.members({ room: ROOM });
    room.tell();
    await until(() => roomOf(alice)?.room?.people === 3);
    room.meanwhile = () => {
      room.members.delete(DAVE);
      room.members.set(CAROL, "member");
      room.tell();
    };
    await alice.send({ chat: ROOM, text: "who is here" });
    await bob.waitForTexts(ROOM, ["who is here"]);
    const [sent] = inRoom(ALICE);
    const expected = [...network.object(BOB).devices, ...network.object(CAROL).devices].toSorted();
    assert.deepEqual(sent && keysOf(sent), expected);
    for (const { engine } of [carol, dave]) await engine.stop();
  });

  it("waits while somebody cannot be asked for devices, and leaves nobody out", async () => {
    await enters(alice, ALICE);
    await enters(bob, BOB);
    await alice.send({ chat: ROOM, text: "one" });
    await bob.waitForTexts(ROOM, ["one"]);
    const carol = await browser(CAROL);
    network.object(ALICE).linked = false;
    room.members.set(CAROL, "member");
    room.tell();
    await alice.send({ chat: ROOM, text: "two" });
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(await stateOf(alice, "two"), "waiting");
    assert.equal(inRoom(ALICE).length, 1);
    network.object(ALICE).linked = true;
    network.object(ALICE).tell({
      type: "state",
      state: { link: { state: "live", caughtUp: true }, pep: "ok", stayOnline: false },
    });
    await bob.waitForTexts(ROOM, ["one", "two"]);
    assert.equal(inRoom(ALICE)[1] && keysOf(inRoom(ALICE)[1] as SendArguments).length, 2);
    await carol.engine.stop();
  });

  it("knows after a restart who belongs to it", async () => {
    await enters(alice, ALICE);
    await enters(bob, BOB);
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
    const carol = await browser(CAROL);
    await enters(alice, ALICE);
    await enters(bob, BOB);
    await enters(carol, CAROL);
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

describe("a room that is no longer private", () => {
  beforeEach(async () => {
    await enters(alice, ALICE);
    await enters(bob, BOB);
    await alice.send({ chat: ROOM, text: "private" });
    await bob.waitForTexts(ROOM, ["private"]);
    room.closed = false;
    room.tell();
    await until(() => roomOf(alice)?.encryption === "blocked");
  });

  it("takes nothing by itself, encrypted or clear, and says why", async () => {
    await alice.send({ chat: ROOM, text: "secret" });
    await until(async () => (await stateOf(alice, "secret")) === "failed");
    assert.equal((await alice.items(ROOM))[1]?.failure?.detail, "no longer private");
    assert.equal(inRoom(ALICE).length, 1);
    await alice.crash();
    assert.equal(roomOf(alice)?.encryption, "blocked");
    await alice.engine.retry({ key: (await alice.items(ROOM))[1]?.key ?? "" });
    await until(async () => (await stateOf(alice, "secret")) === "failed");
    assert.equal(inRoom(ALICE).length, 1);
  });

  it("takes clear text after a person's word in this browser, and encrypts as soon as it is private again", async () => {
    await alice.engine.expose({ chat: ROOM });
    assert.equal(roomOf(alice)?.encryption, "exposed");
    assert.equal(roomOf(bob)?.encryption, "blocked");
    await alice.send({ chat: ROOM, text: "in clear" });
    await until(() => inRoom(ALICE).length === 2);
    assert.deepEqual(inRoom(ALICE)[1]?.content, { kind: "clear", text: "in clear", exposed: true });
    room.closed = true;
    room.tell();
    await until(() => roomOf(alice)?.encryption === "on");
    await alice.send({ chat: ROOM, text: "private again" });
    await bob.waitForTexts(ROOM, ["private", "in clear", "private again"]);
    assert.equal(inRoom(ALICE)[2]?.content.kind, "omemo");
    room.closed = false;
    room.tell();
    await until(() => roomOf(alice)?.encryption === "blocked");
  });
});

describe("a room for everybody", () => {
  it("is clear by nature and says so", async () => {
    room.closed = false;
    await enters(alice, ALICE);
    await enters(bob, BOB);
    await until(() => roomOf(alice)?.encryption === "open");
    await alice.send({ chat: ROOM, text: "good morning" });
    await bob.waitForTexts(ROOM, ["good morning"]);
    assert.deepEqual(inRoom(ALICE)[0]?.content, { kind: "clear", text: "good morning", exposed: false });
    assert.equal((await bob.items(ROOM))[0]?.encrypted, false);
  });

  it("is not what a person turns into by the object's word", async () => {
    await alice.send({ chat: BOB, text: "to bob" });
    await bob.waitForTexts(ALICE, ["to bob"]);
    const object = network.object(ALICE);
    object.append({ kind: "room", jid: BOB, nick: "alice", joined: true } as never);
    object.tell({ type: "rooms", rooms: [{ jid: BOB, state: "joined", closed: false, occupants: [] }] });
    await alice.send({ chat: BOB, text: "still to bob" });
    await bob.waitForTexts(ALICE, ["to bob", "still to bob"]);
    assert.equal(object.sends.at(-1)?.content.kind, "omemo");
    assert.equal(alice.engine.snapshot().chats.find(({ jid }) => jid === BOB)?.room, undefined);
  });
});

describe("an author whom the room does not name", () => {
  it("is found by the device that wrote it", async () => {
    await enters(alice, ALICE);
    await enters(bob, BOB);
    await bob.engine.members({ room: ROOM });
    room.anonymous = true;
    await alice.send({ chat: ROOM, text: "guess who" });
    await bob.waitForTexts(ROOM, ["guess who"]);
    assert.equal((await bob.items(ROOM))[0]?.author?.jid, ALICE);
  });

  it("stays unknown with a reason until their device is known", async () => {
    await enters(alice, ALICE);
    await enters(bob, BOB);
    room.anonymous = true;
    await bob.meddle(async (database) => {
      await database.delete("deviceLists", ALICE);
    });
    const list = network.object(ALICE).devices;
    network.object(ALICE).devices = [];
    await bob.engine.checkEncryption({ chat: ROOM });
    await alice.send({ chat: ROOM, text: "guess who" });
    await bob.waitForTexts(ROOM, ["<unknown-author>"]);
    network.object(ALICE).devices = list;
    await bob.engine.checkEncryption({ chat: ROOM });
    await bob.waitForTexts(ROOM, ["guess who"]);
  });
});

describe("an invitation", () => {
  it("stands in the list until it is accepted; then the room is entered", async () => {
    await enters(alice, ALICE);
    assert.deepEqual(await alice.engine.invite({ room: ROOM, address: BOB }), { ok: true, value: { done: true } });
    await until(() => roomOf(bob)?.room?.state === "invited");
    assert.equal(roomOf(bob)?.relation, "request");
    assert.equal(roomOf(bob)?.room?.invitedBy, ALICE);
    await enters(bob, BOB);
    assert.equal(roomOf(bob)?.relation, "contact");
    await alice.send({ chat: ROOM, text: "welcome" });
    await bob.waitForTexts(ROOM, ["welcome"]);
  });

  it("that is declined is gone", async () => {
    await enters(alice, ALICE);
    await alice.engine.invite({ room: ROOM, address: BOB });
    await until(() => roomOf(bob)?.room?.state === "invited");
    assert.deepEqual((await bob.engine.room({ address: ROOM, action: "decline" })).ok, true);
    await until(() => roomOf(bob) === undefined);
  });
});

describe("a room that was left", () => {
  it("stays with its messages, takes nothing, and can be entered again", async () => {
    await enters(alice, ALICE);
    await enters(bob, BOB);
    await alice.send({ chat: ROOM, text: "one" });
    await bob.waitForTexts(ROOM, ["one"]);
    await bob.engine.room({ address: ROOM, action: "leave" });
    await until(() => roomOf(bob)?.room?.state === "left");
    await bob.send({ chat: ROOM, text: "nobody hears" });
    await until(async () => (await stateOf(bob, "nobody hears")) === "failed");
    assert.deepEqual(inRoom(BOB), []);
    await enters(bob, BOB);
    await alice.send({ chat: ROOM, text: "two" });
    await until(async () => (await bob.texts(ROOM)).at(-1) === "two");
  });

  it("a door that stays shut is a failure with its reason", async () => {
    const answer = await bob.engine.room({ address: ROOM, action: "join" });
    assert.deepEqual(answer, { ok: false, error: { kind: "peer-refused", detail: "members-only" } });
  });
});
