/** What becomes of an address that somebody types into "New chat". */
import assert from "node:assert/strict";
import type { BareJid } from "../../../worker/contract/names.ts";
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

it("S18: a stranger is called by their whole address, a contact by name", async () => {
  const alice = await fixture.browser(ALICE);
  const eve = await fixture.browser("bob@evil.example" as BareJid);
  await eve.send({ chat: ALICE, text: "it is me, bob" });
  await until(async () => (await alice.texts("bob@evil.example" as BareJid)).length > 0);
  const [row] = alice.engine.snapshot().chats;
  assert.equal(row?.relation, "stranger");
  assert.equal(row?.name, "bob@evil.example");
});

it("T24: the row of a room names the nicknames in it that look alike, ours among them", async () => {
  const alice = await fixture.browser(ALICE);
  const eve = await fixture.browser("\u0430lice@evil.example" as BareJid);
  await fixture.enters(alice, ALICE);
  await fixture.enters(eve, "\u0430lice@evil.example" as BareJid);
  await until(() => roomOf(alice)?.room?.alike !== undefined);
  assert.deepEqual(roomOf(alice)?.room?.alike, ["\u0430lice", "alice"]);
});

it("U16: an address without an account is told as that, until there is one", async () => {
  const alice = await fixture.browser(ALICE);
  const { object } = alice.remote;
  const nobody = "nobody@example.org" as BareJid;
  object.absent.add(nobody);
  await alice.engine.start({ address: nobody });
  const row = () => alice.engine.snapshot().chats.find(({ jid }) => jid === nobody);
  await until(() => row()?.absent === "account");
  assert.equal(row()?.encryption, "unavailable");
  object.absent.clear();
  await alice.engine.checkEncryption({ chat: nobody });
  assert.equal(row()?.absent, undefined);
});

it("U16: of a stranger who has written it is not asked: it would tell them that somebody is here", async () => {
  const alice = await fixture.browser(ALICE);
  const eve = await fixture.browser("eve@evil.example" as BareJid);
  await eve.send({ chat: ALICE, text: "hello?" });
  await until(async () => (await alice.texts("eve@evil.example" as BareJid)).length > 0);
  alice.remote.object.absent.add("eve@evil.example" as BareJid);
  await alice.engine.checkEncryption({ chat: "eve@evil.example" as BareJid });
  assert.equal(alice.engine.snapshot().chats[0]?.absent, undefined);
});

it("V4: a contact is called by our name for them, else by theirs, else by their address with a capital", async () => {
  const alice = await fixture.browser(ALICE);
  const jid = "mina.sato@example.org" as BareJid;
  const contact = { kind: "contact", jid, subscription: "both", asked: false, request: false } as const;
  const name = () => alice.engine.snapshot().chats.find((row) => row.jid === jid)?.name;
  const names: [{ readonly name?: string; readonly nick?: string }, string][] = [
    [{}, "Mina.sato"],
    [{ nick: "Mina" }, "Mina"],
    [{ nick: "Mina", name: "mina.sato" }, "Mina"],
    [{ nick: "Mina", name: "The neighbour" }, "The neighbour"],
    [{ nick: " \u202e" }, "Mina.sato"],
  ];
  for (const [told, shown] of names) {
    alice.remote.object.append({ ...contact, ...told });
    await until(() => name() === shown);
  }
});
