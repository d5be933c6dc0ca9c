/** First messages of devices that were never met: whose they are is looked up, and nobody is believed meanwhile (S6, S7). */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { BareJid, DeviceId } from "../../../worker/contract/names.ts";
import type { OmemoMessage } from "../../../worker/contract/omemo.ts";
import { type TestBrowser, until } from "../testing/browser.ts";
import { ALICE, BOB, CAROL, summaryOf } from "../testing/fixture.ts";
import { delivers, hostileMessage } from "../testing/hostile-messages.ts";
import { ROOM, RoomFixture } from "../testing/room-fixture.ts";

const MALLORY = "mallory@x.example" as BareJid;

let fixture: RoomFixture;
let alice: TestBrowser;
let bob: TestBrowser;

beforeEach(async () => {
  fixture = new RoomFixture();
  bob = await fixture.browser(BOB);
  alice = await fixture.browser(ALICE);
});

afterEach(() => fixture.end());

const pinsOf = async (jid: BareJid) => (await alice.rows("pins")).filter((pin) => pin.jid === jid);

/** The object claims that a device is on somebody's list, with the bundle that it has. */
function lists(jid: BareJid, device: TestBrowser): void {
  const bundle = device.remote.object.bundles.get(device.device) ?? assert.fail("no bundle");
  fixture.object(jid).devices = [...fixture.object(jid).devices, device.device];
  fixture.object(jid).bundles.set(device.device, bundle);
  fixture.object(ALICE).tell({ type: "devices", jid, devices: fixture.object(jid).devices });
}

/** Bob's browser has lost its session with alice, and begins anew. */
async function firstAgain(text: string): Promise<OmemoMessage> {
  await bob.meddle((database) => database.delete("sessions", `${ALICE}.${alice.device}`));
  const omemo = await fixture.withheld(bob, ALICE, text);
  assert.equal(omemo.keys.find(({ rid }) => rid === alice.device)?.prekey, true);
  return omemo;
}

describe("S6: somebody's first message that is shown as another one's", () => {
  it("S6: stays closed, for the other one does not list the device; its writer's own copy is read", async () => {
    const omemo = await fixture.withheld(bob, ALICE, "for alice");
    delivers(fixture.object(ALICE), CAROL, omemo);
    await alice.waitForTexts(CAROL, ["<unproven>"]);
    assert.deepEqual(await pinsOf(CAROL), []);
    delivers(fixture.object(ALICE), BOB, omemo);
    await alice.waitForTexts(BOB, ["for alice"]);
    assert.deepEqual(await alice.texts(CAROL), ["<unproven>"]);
    assert.equal((await pinsOf(BOB)).length, 1);
  });

  it("S6: where the object lies about list and bundle as well, is refused once the key is known as its owner's", async () => {
    await fixture.acquaint(alice, bob);
    const omemo = await firstAgain("undelivered");
    lists(CAROL, bob);
    delivers(fixture.object(ALICE), CAROL, omemo);
    await alice.waitForTexts(CAROL, ["<not-theirs>"]);
    assert.deepEqual(await pinsOf(CAROL), []);
    delivers(fixture.object(ALICE), BOB, omemo);
    await until(async () => (await alice.texts(BOB)).at(-1) === "undelivered");
  });

  it("S6: nothing is encrypted for a device that shows somebody else's key", async () => {
    await fixture.acquaint(alice, bob);
    lists(CAROL, bob);
    await alice.send({ chat: CAROL, text: "for carol alone" });
    await until(async () => (await alice.items(CAROL)).at(-1)?.state === "failed");
    assert.deepEqual(fixture.sent(ALICE, CAROL), []);
    assert.deepEqual(await pinsOf(CAROL), []);
  });

  it("S6: another key than the bundle's is not believed", async () => {
    const omemo = await fixture.withheld(bob, ALICE, "for alice");
    const carol = await fixture.browser(CAROL);
    const bundle = fixture.object(CAROL).bundles.get(carol.device) ?? assert.fail("no bundle");
    fixture.object(CAROL).devices = [bob.device];
    fixture.object(CAROL).bundles.set(bob.device, bundle);
    delivers(fixture.object(ALICE), CAROL, omemo);
    await alice.waitForTexts(CAROL, ["<unproven>"]);
    assert.deepEqual(await pinsOf(CAROL), []);
  });
});

describe("S6: a first message while nobody can be asked", () => {
  const offline = () => {
    fixture.object(ALICE).linked = false;
    fixture.object(ALICE).tell({ type: "state", state: fixture.object(ALICE).state });
  };

  it("S6: is kept, also by another engine over the same database, and read once its writer was looked up", async () => {
    offline();
    for (const text of ["one", "two"]) await bob.send({ chat: ALICE, text });
    await alice.waitForTexts(BOB, ["<unproven>", "<unproven>"]);
    await alice.crash();
    assert.deepEqual(await alice.texts(BOB), ["<unproven>", "<unproven>"]);
    assert.deepEqual(await pinsOf(BOB), []);
    fixture.object(ALICE).setLinked(true);
    await alice.waitForTexts(BOB, ["one", "two"]);
    assert.equal(summaryOf(alice, BOB)?.unread, 2);
    assert.equal((await pinsOf(BOB)).length, 1);
    assert.deepEqual(
      (await alice.rows("meta")).find(({ name }) => name === "unproven"),
      {
        name: "unproven",
        devices: [],
      },
    );
  });

  it("S6: is read when its device appears on its owner's list", async () => {
    const { devices } = fixture.object(BOB);
    const omemo = await fixture.withheld(bob, ALICE, "early");
    await bob.engine.stop();
    fixture.object(BOB).devices = [];
    fixture.object(ALICE).tell({ type: "devices", jid: BOB, devices: [] });
    delivers(fixture.object(ALICE), BOB, omemo);
    await alice.waitForTexts(BOB, ["<unproven>"]);
    fixture.object(BOB).devices = devices;
    fixture.object(ALICE).tell({ type: "devices", jid: BOB, devices });
    await alice.waitForTexts(BOB, ["early"]);
  });

  it("S6: is opened ahead of a session that is begun with its writer, so that the two do not cross", async () => {
    const omemo = await fixture.withheld(bob, ALICE, "I begin");
    const { call } = alice.remote;
    // What is written brings the keys of bob's device while they are being looked up for what he wrote.
    let lookedUp = (): void => undefined;
    const looking = new Promise<void>((resolve) => {
      lookedUp = resolve;
    });
    let asked = 0;
    alice.remote.call = async (name, args) => {
      if (name !== "bundle") return call(name, args);
      asked += 1;
      if (asked > 1) await looking;
      else {
        delivers(fixture.object(ALICE), BOB, omemo);
        await fixture.hasReadAll(alice);
      }
      return call(name, args);
    };
    await alice.send({ chat: BOB, text: "no, I do" });
    await bob.waitForTexts(ALICE, ["I begin", "no, I do"]);
    lookedUp();
    const [session] = await alice.rows("sessions");
    assert.equal(Object.keys(session?.sessions ?? {}).length, 1);
  });

  it("S6: without a text is kept as well: the session that it begins stands afterwards", async () => {
    await fixture.acquaint(alice, bob);
    // Alice's browser comes back out of a backup of before it knew bob; his begins anew without a word.
    await alice.meddle(async (database) => {
      await database.clear("pins");
      await database.clear("sessions");
    });
    offline();
    await bob.engine.resetSession({ jid: ALICE, device: alice.device });
    await fixture.hasReadAll(alice);
    assert.deepEqual(await alice.rows("sessions"), []);
    await alice.crash();
    fixture.object(ALICE).setLinked(true);
    await until(async () => (await alice.rows("sessions")).length === 1);
    assert.equal((await pinsOf(BOB)).length, 1);
  });

  it("S6: of an own device that the account does not list is not taken for ours", async () => {
    const mallory = await fixture.browser(MALLORY);
    const omemo = await fixture.withheld(mallory, ALICE, "I am alice");
    fixture.object(ALICE).deliver({ chat: BOB, sender: ALICE, content: { kind: "omemo", omemo } });
    await alice.waitForTexts(BOB, ["<unproven>"]);
    await fixture.hasReadAll(alice);
    assert.deepEqual(await pinsOf(ALICE), []);
  });
});

describe("S7: an author whom a room does not name", () => {
  let mallory: TestBrowser;
  const said = (omemo: OmemoMessage, device: DeviceId) =>
    fixture.object(ALICE).deliver({
      chat: ROOM,
      sender: ROOM,
      occupant: { nick: "bob" },
      content: { kind: "omemo", omemo: { ...omemo, sid: device } },
    });

  beforeEach(async () => {
    mallory = await fixture.browser(MALLORY);
    await fixture.enters(alice, ALICE);
    await fixture.enters(bob, BOB);
    await fixture.enters(mallory, MALLORY);
    fixture.room.anonymous = true;
    await alice.engine.members({ room: ROOM });
  });

  it("S7: who was never met is not taken for bob by his device number, and nothing is pinned", async () => {
    said(await fixture.withheld(mallory, ALICE, "I am bob"), bob.device);
    await alice.waitForTexts(ROOM, ["<unknown-author>"]);
    await fixture.hasReadAll(alice);
    assert.deepEqual(await pinsOf(BOB), []);
    assert.equal((await alice.items(ROOM))[0]?.author?.jid, undefined);
    await alice.engine.checkEncryption({ chat: ROOM });
    await bob.send({ chat: ALICE, text: "the true bob" });
    await alice.waitForTexts(BOB, ["the true bob"]);
    assert.deepEqual(await alice.texts(ROOM), ["<unknown-author>"]);
  });

  it("S7: bob's number under another key stops nothing that is written to bob", async () => {
    await fixture.acquaint(alice, bob);
    said(await fixture.withheld(mallory, ALICE, "I am bob"), bob.device);
    await alice.waitForTexts(ROOM, ["<unknown-author>"]);
    assert.equal(summaryOf(alice, BOB)?.trust, undefined);
    assert.equal((await pinsOf(BOB))[0]?.shown, undefined);
    await alice.send({ chat: BOB, text: "goes on" });
    await until(async () => (await bob.texts(ALICE)).at(-1) === "goes on");
  });

  it("S7: no session is rebuilt for what a guessed author cannot have written", async () => {
    await fixture.acquaint(alice, bob);
    const to = { object: fixture.object(ALICE), device: alice.device };
    said(await hostileMessage(mallory, to, 1, "signal", 3), bob.device);
    await alice.waitForTexts(ROOM, ["<unknown-author>"]);
    const repairs = (await alice.rows("meta")).find(({ name }) => name === "repairs");
    assert.deepEqual(repairs?.name === "repairs" ? repairs.wanted : [], []);
  });

  it("S2: a text of the room that is told again as another member's stays its author's", async () => {
    fixture.room.anonymous = false;
    await bob.send({ chat: ROOM, text: "by bob" });
    await alice.waitForTexts(ROOM, ["by bob"]);
    const before = (await alice.items(ROOM)).map((item) => ({ ...item, retold: undefined }));
    assert.equal(before[0]?.author?.jid, BOB);
    const [entry] = fixture.object(ALICE).log.filter((one) => one.kind === "message" && one.chat === ROOM);
    fixture.object(ALICE).tellAgain(entry ?? assert.fail("no entry"), { sender: MALLORY });
    await until(() => alice.engine.snapshot().notices.some(({ kind }) => kind === "retold"));
    assert.deepEqual(
      (await alice.items(ROOM)).map((item) => ({ ...item, retold: undefined })),
      before,
    );
  });

  it("S7: whose list and bundle hold the key that wrote is known as the author", async () => {
    await bob.send({ chat: ROOM, text: "guess who" });
    await alice.waitForTexts(ROOM, ["guess who"]);
    assert.equal((await alice.items(ROOM))[0]?.author?.jid, BOB);
  });
});
