/** What a page is told of how people look and whether they are there: contacts, rooms, ourselves. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import type { BareJid, PictureId } from "../../../worker/contract/names.ts";
import { type TestBrowser, until } from "../testing/browser.ts";
import { ALICE, BOB, Fixture } from "../testing/fixture.ts";

const PICTURE = "5e".repeat(20) as PictureId;

let fixture: Fixture;
let alice: TestBrowser;

beforeEach(async () => {
  fixture = new Fixture();
  alice = await fixture.browser(ALICE);
});

afterEach(() => fixture.end());

const row = (jid: BareJid) => alice.engine.snapshot().chats.find((chat) => chat.jid === jid);
const contact = { kind: "contact", subscription: "both", asked: false, request: false } as const;

test("a contact's picture is named in their row, and is gone from it when they have none", async () => {
  const object = fixture.object(ALICE);
  object.append({ ...contact, jid: BOB, picture: PICTURE, nick: "Bobby" });
  await until(() => row(BOB)?.picture === PICTURE);
  assert.equal(row(BOB)?.nick, "Bobby");
  object.append({ ...contact, jid: BOB });
  await until(() => row(BOB)?.picture === undefined && row(BOB)?.nick === undefined);
});

test("our own name and picture are told as our profile, in every own browser, and make no conversation", async () => {
  const object = fixture.object(ALICE);
  const rows = alice.engine.snapshot().chats.length;
  object.append({ ...contact, jid: ALICE, subscription: "removed", nick: "Moss", picture: PICTURE });
  await until(() => alice.engine.snapshot().profile?.nick === "Moss");
  assert.deepEqual(alice.engine.snapshot().profile, { nick: "Moss", picture: PICTURE });
  assert.ok(alice.events.some((event) => event.type === "profile" && event.profile.picture === PICTURE));
  assert.equal(alice.engine.snapshot().chats.length, rows);
  const other = await fixture.browser(ALICE);
  await until(() => other.engine.snapshot().profile?.picture === PICTURE);
  object.append({ ...contact, jid: ALICE, subscription: "removed" });
  await until(() => alice.engine.snapshot().profile?.nick === undefined);
});

test("what a contact says of being there is told, and told again when it changes", async () => {
  const object = fixture.object(ALICE);
  object.append({ ...contact, jid: BOB });
  await until(() => row(BOB) !== undefined);
  const told = () => [row(BOB)?.available, row(BOB)?.show, row(BOB)?.idle];
  object.tell({ type: "presence", presence: [{ jid: BOB, available: true, show: "away", idle: 7 }] });
  await until(() => row(BOB)?.show === "away");
  assert.deepEqual(told(), [true, "away", 7]);
  object.tell({ type: "presence", presence: [{ jid: BOB, available: true }] });
  await until(() => row(BOB)?.show === undefined);
  assert.deepEqual(told(), [true, undefined, undefined]);
  object.tell({ type: "presence", presence: [{ jid: BOB, available: false }] });
  await until(() => row(BOB)?.available === false);
});
