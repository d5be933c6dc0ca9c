/**
 * An object whose storage is older than it was: its operator has put a copy back. What one's own browser has sent since is
 * in the archive of the server, or nowhere but here: it is shown once, and it arrives.
 */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { Position } from "../../../worker/contract/names.ts";
import type { MessageEntry } from "../../../worker/contract/entries.ts";
import { type TestBrowser, until } from "../testing/browser.ts";
import { ALICE, BOB, type Fixture, twoBrowsers } from "../testing/fixture.ts";
import { ROOM, RoomFixture } from "../testing/room-fixture.ts";

let fixture: Fixture;
/** Sends; the other browser of the account sees what the first one sees. */
let firefox: TestBrowser;
let chrome: TestBrowser;
let bob: TestBrowser;

const HOW = ["encrypted", "in clear"] as const;
const TEXTS = ["hello", "hello too", "sent since"];

async function setUp(how: (typeof HOW)[number]): Promise<void> {
  if (how === "in clear") await firefox.engine.expose({ chat: BOB });
  await fixture.acquaint(firefox, bob);
  await chrome.waitForTexts(BOB, ["hello", "hello too"]);
  // Whatever leaves by itself has left.
  for (const who of [firefox, chrome, bob]) await fixture.hasReadAll(who);
}

/** Something is sent, and accepted, that the copy does not hold. @returns its entries, which the log has lost */
async function sendBehindTheCopy({ heard }: { readonly heard: boolean }): Promise<readonly MessageEntry[]> {
  const object = fixture.object(ALICE);
  const before = object.log.length;
  if (!heard) firefox.remote.cut();
  await firefox.send({ chat: BOB, text: "sent since" });
  await until(() => object.log.slice(before).some(isText));
  if (heard) await fixture.hasReadAll(firefox);
  else await until(async () => (await firefox.rows("outbox")).every(({ stage }) => stage === "accepted"));
  await fixture.hasReadAll(chrome);
  firefox.remote.cut();
  chrome.remote.cut();
  return object.restore(object.log.length - before).filter(isText);
}

const isText = (entry: object): entry is MessageEntry =>
  "content" in entry && (entry as MessageEntry).originId !== undefined;

/** As the server's archive tells it: without a word about which browser has sent it. */
function comesOutOfTheArchive(lost: readonly MessageEntry[]): void {
  for (const [at, { chat, sender, content, originId }] of lost.entries()) {
    const names = { archive: { by: ALICE, id: `archived ${at}` }, ...(originId !== undefined && { originId }) };
    fixture.object(ALICE).deliver({ chat, sender, content, ...names });
  }
}

/** The bytes that left first. */
function sentAs(message: MessageEntry | undefined): unknown {
  return fixture.object(ALICE).sends.find(({ client }) => client === message?.originId)?.content;
}

async function allAreShownOnce(): Promise<void> {
  for (const who of [firefox, chrome]) await who.waitForTexts(BOB, TEXTS);
  await until(async () => (await firefox.items(BOB)).every(({ state }) => state !== "waiting"));
  const places = async (who: TestBrowser) => (await who.items(BOB)).map(({ position }) => position);
  const inTheSamePlaces = async () => (await places(firefox)).join() === (await places(chrome)).join();
  await until(inTheSamePlaces, async () => JSON.stringify([await places(firefox), await places(chrome)]));
  for (const who of [firefox, chrome]) assert.deepEqual(await who.texts(BOB), TEXTS);
  assert.deepEqual(await firefox.rows("outbox"), []);
}

for (const how of HOW) {
  describe(`${how}, what was accepted after the copy was made`, () => {
    beforeEach(async () => {
      ({ fixture, firefox, chrome, bob } = await twoBrowsers());
      await setUp(how);
    });
    afterEach(() => fixture.end());

    for (const heard of [true, false]) {
      const seen = heard ? "was read here" : "was not read here yet";
      it(`D12: and ${seen} comes out of the archive, and is shown once`, async () => {
        const lost = await sendBehindTheCopy({ heard });
        await bob.waitForTexts(ALICE, TEXTS);
        comesOutOfTheArchive(lost);
        const { length } = fixture.object(ALICE).sends;
        for (const who of [firefox, chrome]) who.remote.mend();
        await allAreShownOnce();
        assert.deepEqual(await bob.texts(ALICE), TEXTS);
        const again = fixture
          .object(ALICE)
          .sends.slice(length)
          .filter(({ client }) => client === lost[0]?.originId);
        assert.ok(again.every(({ content }) => JSON.stringify(content) === JSON.stringify(sentAs(lost[0]))));
      });
    }

    it("D12: and has never left is submitted again, and arrives once", async () => {
      fixture.object(ALICE).linked = false;
      await sendBehindTheCopy({ heard: false });
      fixture.object(ALICE).linked = true;
      assert.deepEqual(await bob.texts(ALICE), ["hello", "hello too"]);
      for (const who of [firefox, chrome]) who.remote.mend();
      await bob.waitForTexts(ALICE, TEXTS);
      await allAreShownOnce();
    });
  });
}

describe("in a room whose archive does not say who has said it", () => {
  let rooms: RoomFixture;
  beforeEach(() => {
    rooms = new RoomFixture();
  });
  afterEach(() => rooms.end());

  it("D12: what was said after the copy was made is shown once, as ours; the same words of others are theirs", async () => {
    const alice = await rooms.browser(ALICE);
    rooms.room.closed = false;
    await rooms.enters(alice, ALICE);
    const object = rooms.object(ALICE);
    const before = object.log.length;
    await alice.send({ chat: ROOM, text: "said since" });
    await alice.waitForTexts(ROOM, ["said since"]);
    await until(() => object.log.slice(before).some(isText));
    await rooms.hasReadAll(alice);
    alice.remote.cut();
    const [lost] = object.restore(object.log.length - before).filter(isText);
    assert.ok(lost?.originId !== undefined);
    const told = { chat: ROOM, sender: ROOM, occupant: { nick: "alice" }, originId: lost.originId } as const;
    const clear = (text: string) => ({ content: { kind: "clear", text } }) as const;
    object.deliver({ ...told, ...clear("said since"), archive: { by: ROOM, id: "1" } });
    object.deliver({ ...told, ...clear("never said"), archive: { by: ROOM, id: "2" }, position: 9_000 as Position });
    alice.remote.mend();
    await alice.waitForTexts(ROOM, ["said since", "never said"]);
    const items = await alice.items(ROOM);
    assert.deepEqual(
      items.map(({ outgoing }) => outgoing),
      [true, false],
    );
  });
});
