import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import type { Element } from "@xmpp/xml";
import type { BareJid } from "../../worker/contract/names.ts";
import { contactEvent } from "../ingest/requests.ts";
import type { RequestResult } from "../link/iq.ts";
import { storesOf } from "../testing/stores.ts";
import type { RosterItem } from "../xep/roster.ts";
import { askContact, renameContact } from "./contacts.ts";

const BOB = "bob@b.example" as BareJid;
const GROUPS = ["Friends", "Climbing"];
const ITEM: RosterItem = { jid: BOB, name: "Bob", subscription: "none", asked: false, groups: GROUPS };

let stores: ReturnType<typeof storesOf>;
let written: Element[];

const link = {
  send: (stanza: Element) => written.push(stanza) > 0,
  request: async (iq: Element): Promise<RequestResult> => {
    written.push(iq);
    return { ok: true, value: iq };
  },
};

beforeEach(() => {
  stores = storesOf("me@a.example" as BareJid);
  written = [];
});

function roster(...parts: readonly (readonly RosterItem[])[]): void {
  stores.contacts.beginRoster();
  for (const items of parts) stores.contacts.putListed(items.map(contactEvent));
  stores.contacts.endRoster();
}

const add = () => askContact(link, stores.contacts.get(BOB), stores.contacts.groups(BOB));
const sets = () => written.filter(({ name }) => name === "iq").map(String);

for (const subscription of ["none", "from", "to", "both"] as const) {
  test(`R17: pressing Add for somebody in groups (subscription ${subscription}) leaves their roster item as it is`, async () => {
    stores.contacts.put(contactEvent({ ...ITEM, subscription }));
    assert.deepEqual(stores.contacts.groups(BOB), GROUPS);
    assert.deepEqual(await add(), { ok: true, value: { done: true } });
    assert.deepEqual(sets(), [], "a set without the groups would delete them");
    assert.equal(written.at(-1)?.attrs["type"], "subscribe");
  });
}

test("R17: whoever is not on the roster is put there, also after having been removed", async () => {
  await add();
  assert.equal(sets().length, 1);
  roster([ITEM]);
  await add();
  assert.equal(sets().length, 1);
  roster([]);
  assert.equal(stores.contacts.groups(BOB), undefined);
  await add();
  assert.equal(sets().length, 2);
});

test("R17: groups follow the roster, and browsers are told of no change that they do not show", () => {
  stores.contacts.put(contactEvent(ITEM));
  const { head } = stores.log;
  stores.contacts.put(contactEvent({ ...ITEM, groups: ["Work"] }));
  assert.deepEqual(stores.contacts.groups(BOB), ["Work"]);
  stores.contacts.put(contactEvent({ ...ITEM, groups: [] }));
  assert.deepEqual(stores.contacts.groups(BOB), []);
  assert.equal(stores.log.head, head);
  stores.contacts.ask(BOB);
  assert.deepEqual(stores.contacts.groups(BOB), [], "a request changes nothing about the roster");
});

test("R4: a roster that comes in parts is one roster: nobody of an earlier part is taken for removed", () => {
  const item = (name: string): RosterItem => ({ ...ITEM, jid: `${name}@b.example` as BareJid, subscription: "both" });
  const of = (name: string) => stores.contacts.get(item(name).jid).subscription;
  roster([item("left")], [item("stays")]);
  roster([item("new")], [item("stays")]);
  assert.deepEqual(["new", "stays", "left"].map(of), ["both", "both", "removed"]);
});

test("R4: a push that comes while the roster does is newer than the roster", () => {
  const carol = { ...ITEM, jid: "carol@b.example" as BareJid };
  stores.contacts.beginRoster();
  stores.contacts.put(contactEvent({ ...ITEM, name: "Robert" }));
  stores.contacts.put(contactEvent(carol));
  stores.contacts.putListed([contactEvent(ITEM)]);
  stores.contacts.endRoster();
  assert.equal(stores.contacts.get(BOB).name, "Robert");
  assert.equal(stores.contacts.get(carol.jid).name, "Bob", "added meanwhile, by another app");
});

test("a roster that broke off takes nobody away, and the next one is whole by itself", () => {
  roster([ITEM]);
  stores.contacts.beginRoster();
  assert.equal(stores.contacts.get(BOB).name, "Bob");
  roster([]);
  assert.equal(stores.contacts.get(BOB).subscription, "removed");
});

test("a contact who is called otherwise stays in their groups; empty is no name", async () => {
  stores.contacts.put(contactEvent({ ...ITEM, subscription: "both" }));
  const rename = (name: string) => renameContact(link, BOB, name, stores.contacts.groups(BOB));
  assert.deepEqual(await rename(" Robert "), { ok: true, value: { done: true } });
  await rename("");
  const item = (name: string) =>
    `<iq type="set"><query xmlns="jabber:iq:roster"><item jid="bob@b.example"${name}><group>Friends</group><group>Climbing</group></item></query></iq>`;
  assert.deepEqual(sets(), [item(' name="Robert"'), item("")]);
});

test("whoever is not on the roster is not put there by a name", async () => {
  const answer = await renameContact(link, BOB, "Robert", stores.contacts.groups(BOB));
  assert.deepEqual([answer.ok, sets()], [false, []]);
});
