/** Rooms of thousands, told apart from who is in them; and what rooms are called, ask for, and call us. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { BareJid, Position } from "../../../worker/contract/names.ts";
import type { Occupant, RoomInfo } from "../../../worker/contract/rooms.ts";
import { type TestBrowser, until } from "../testing/browser.ts";
import { ALICE, BOB } from "../testing/fixture.ts";
import { ROOM, RoomFixture, roomOf } from "../testing/room-fixture.ts";

const PEOPLE = 5_000;

let fixture: RoomFixture;
let alice: TestBrowser;

const person = (n: number): Occupant => ({
  nick: `p${n}`,
  jid: `p${n}@b.example` as BareJid,
  affiliation: "member",
  role: "participant",
});
const self: Occupant = { nick: "zoe", jid: ALICE, affiliation: "member", role: "participant" };

beforeEach(async () => {
  fixture = new RoomFixture();
  alice = await fixture.browser(ALICE);
});

afterEach(() => fixture.end());

describe("a room of 5,000", () => {
  const info: RoomInfo = { jid: ROOM, state: "joined", closed: false, occupants: [self], people: PEOPLE + 1 };
  const here = Array.from({ length: PEOPLE }, (_, n) => person(n));
  const nicks = async () => (await alice.engine.members({ room: ROOM })).people.map(({ nick }) => nick);

  beforeEach(async () => {
    fixture.room.closed = false;
    await fixture.enters(alice, ALICE);
    const object = fixture.object(ALICE);
    object.tell({ type: "rooms", rooms: [info] });
    object.tell({ type: "occupants", room: ROOM, all: true, here: [self, ...here.slice(0, 2_500)], gone: [] });
    object.tell({ type: "occupants", room: ROOM, all: false, here: here.slice(2_500), gone: [] });
    await until(async () => (await nicks()).length === PEOPLE + 1);
  });

  it("R6: is known by everybody in it, ourselves first", async () => {
    assert.equal((await nicks()).length, PEOPLE + 1);
    assert.equal((await nicks())[0], "zoe");
    assert.equal(roomOf(alice)?.room?.nick, "zoe");
  });

  it("R6: follows who comes and goes, and keeps them when something else of it is told", async () => {
    const object = fixture.object(ALICE);
    object.tell({
      type: "occupants",
      room: ROOM,
      all: false,
      here: [{ ...person(1), nick: "new" }],
      gone: ["p1", "p2"],
    });
    object.tell({ type: "rooms", rooms: [{ ...info, subject: "Fire burn", people: PEOPLE }] });
    await until(() => roomOf(alice)?.room?.subject === "Fire burn");
    const now = await nicks();
    assert.equal(now.length, PEOPLE);
    assert.deepEqual([now[0], now.includes("new"), now.includes("p2")], ["zoe", true, false]);
    assert.equal(roomOf(alice)?.room?.people, PEOPLE);
  });

  it("R6: follows 1,000 comings and goings, and tells the page of what it shows alone", async () => {
    const object = fixture.object(ALICE);
    const told = alice.events.length;
    for (let n = 0; n < 500; n += 1) {
      object.tell({ type: "occupants", room: ROOM, all: false, here: [], gone: [`p${n}`] });
      object.tell({ type: "occupants", room: ROOM, all: false, here: [person(n)], gone: [] });
    }
    await until(async () => (await nicks()).at(-1) === "p499");
    assert.equal((await nicks()).length, PEOPLE + 1);
    // Who is there is asked for by whoever looks at them; a row of the list is a few words.
    const size = JSON.stringify(alice.events.slice(told)).length;
    assert.ok(size < 1_000_000, `${size} characters`);
  });
});

describe("a private room of many", () => {
  it("R6: whoever comes and goes there asks for no list of members; a new face does", async () => {
    const bob = await fixture.browser(BOB);
    await fixture.enters(alice, ALICE);
    await fixture.enters(bob, BOB);
    // That Bob has come is news of the room as well: told later, it would be asked about by the next message.
    await fixture.tells(alice);
    await alice.send({ chat: ROOM, text: "one" });
    await bob.waitForTexts(ROOM, ["one"]);
    await bob.engine.stop();
    const { room } = fixture;
    const asked = room.asked;
    const object = fixture.object(ALICE);
    /** Frames are heard in their order: what was told before an entry that is acknowledged has been heard. */
    const heard = async () => {
      object.append({ kind: "read", chat: BOB, position: 0 as Position });
      await fixture.hasReadAll(alice);
    };
    const occupant = { nick: "bob", jid: BOB, affiliation: "member", role: "participant" } as const;
    object.tell({ type: "occupants", room: ROOM, all: false, here: [], gone: ["bob"] });
    object.tell({ type: "occupants", room: ROOM, all: false, here: [occupant], gone: [] });
    await heard();
    await alice.send({ chat: ROOM, text: "two" });
    await until(() => fixture.sent(ALICE, ROOM).length === 2);
    assert.equal(room.asked, asked);
    object.tell({ type: "occupants", room: ROOM, all: false, here: [person(1)], gone: [] });
    await heard();
    await alice.send({ chat: ROOM, text: "three" });
    await until(() => fixture.sent(ALICE, ROOM).length === 3);
    assert.ok(room.asked > asked);
  });
});

describe("entering a room", () => {
  it("A15: an address with a long local part is no obstacle", async () => {
    const long = `${"x".repeat(101)}@a.example` as BareJid;
    const browser = await fixture.browser(long);
    fixture.room.members.set(long, "member");
    await fixture.enters(browser, long);
    assert.equal(fixture.room.here.get(long)?.length, 100);
    const letters = `${"x".repeat(99)}${"\u{1f332}".repeat(5)}@b.example` as BareJid;
    const other = await fixture.browser(letters);
    fixture.room.members.set(letters, "member");
    await fixture.enters(other, letters);
    assert.equal(fixture.room.here.get(letters), "x".repeat(99), "no half of a character");
  });

  it("R14: the name that somebody has chosen is theirs there, after leaving and coming back too", async () => {
    await fixture.enters(alice, ALICE);
    assert.equal(roomOf(alice)?.room?.nick, "alice");
    await alice.engine.room({ address: ROOM, action: "join", nick: "Witch 1" });
    await until(() => roomOf(alice)?.room?.nick === "Witch 1");
    await alice.engine.room({ address: ROOM, action: "leave" });
    await fixture.enters(alice, ALICE);
    assert.equal(fixture.room.here.get(ALICE), "Witch 1");
  });

  it("R12: one that asks for a password says so, and whether it was the right one", async () => {
    fixture.room.password = "open sesame";
    const join = (password?: string) =>
      alice.engine.room({ address: ROOM, action: "join", ...(password !== undefined && { password }) });
    const [without, wrong] = [await join(), await join("abracadabra")];
    assert.deepEqual(
      [!without.ok && without.error.detail, !wrong.ok && wrong.error.detail],
      ["password needed", "wrong password"],
    );
    assert.equal(roomOf(alice), undefined, "N5: no dead row");
    assert.equal((await join("open sesame")).ok, true);
  });

  it("R15, P5: the name of a room is shown, and given to one that is made", async () => {
    const made = "new-one@conference.a.example" as BareJid;
    await alice.engine.room({ address: made, action: "join", name: "Ridge walks" });
    await until(() => alice.engine.snapshot().chats.some(({ jid, name }) => jid === made && name === "Ridge walks"));
  });
});
