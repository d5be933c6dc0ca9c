/** What becomes of an address that somebody types into "New chat". */
import assert from "node:assert/strict";
import { afterEach, beforeEach, it } from "node:test";
import { until } from "../testing/browser.ts";
import { ALICE } from "../testing/fixture.ts";
import { ROOM, RoomFixture, roomOf } from "../testing/room-fixture.ts";

let fixture: RoomFixture;

beforeEach(() => {
  fixture = new RoomFixture();
});
afterEach(() => fixture.end());

it("A7: no row appears for an address that is refused", async () => {
  const alice = await fixture.browser(ALICE);
  for (const address of ["bob", "bob@exa,mple.org", "b\u202eob@example.org", "bob@example..org", ""]) {
    assert.deepEqual(await alice.engine.start({ address }), { ok: false, error: { kind: "address-invalid" } });
    assert.deepEqual(alice.engine.snapshot().chats, []);
  }
});

it("A7: the row of one that was pasted with more than itself is the account's", async () => {
  const alice = await fixture.browser(ALICE);
  for (const address of ["bob@example.org.", "bob@example.org,", "ｂｏｂ＠example.org", "bob@example.org\u200b"])
    assert.deepEqual(await alice.engine.start({ address }), { ok: true, value: { chat: "bob@example.org" } });
  assert.deepEqual(
    alice.engine.snapshot().chats.map(({ jid }) => jid),
    ["bob@example.org"],
  );
});

it("A8: a link into a room enters it", async () => {
  const alice = await fixture.browser(ALICE);
  const answer = await alice.engine.start({ address: `xmpp:${ROOM.replace("r", "%72")}?join` });
  assert.deepEqual(answer, { ok: true, value: { chat: ROOM } });
  await until(() => roomOf(alice)?.room?.state === "joined");
});
