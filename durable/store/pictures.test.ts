import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import type { ContactEntry } from "../../worker/contract/entries.ts";
import type { BareJid, PictureId, Seq } from "../../worker/contract/names.ts";
import { storesOf } from "../testing/stores.ts";
import { receive } from "../testing/ingest.ts";
import { Applier } from "./apply.ts";

const ME = "me@a.example" as BareJid;
const DAVE = "dave@d.example" as BareJid;
const [ONE, TWO] = ["1", "2"].map((digit) => digit.repeat(40) as PictureId) as [PictureId, PictureId];

let stores: ReturnType<typeof storesOf>;
let applier: Applier;

beforeEach(() => {
  stores = storesOf(ME);
  applier = new Applier(stores);
});

const befriend = () =>
  stores.contacts.put({ kind: "contact", jid: DAVE, subscription: "both", asked: false, groups: ["Friends"] });
const told = (): readonly ContactEntry[] =>
  stores.log.page(0 as Seq, 100).entries.flatMap((entry) => (entry.kind === "contact" ? [entry] : []));
const hear = (text: string) => {
  const events = receive(text);
  stores.turn(() => applier.apply(events as Parameters<Applier["apply"]>[0]));
};
const node = (from: string, infos: string) =>
  hear(`<message from='${from}'><event xmlns='http://jabber.org/protocol/pubsub#event'>
    <items node='urn:xmpp:avatar:metadata'><item id='x'>
    <metadata xmlns='urn:xmpp:avatar:metadata'>${infos}</metadata></item></items></event></message>`);
const info = (id: PictureId) => `<info id='${id}' bytes='100' type='image/png'/>`;
const presence = (from: string, hash: string) =>
  hear(`<presence from='${from}/r'><x xmlns='vcard-temp:x:update'><photo>${hash}</photo></x></presence>`);

test("the picture of a contact is the one of their node; without one it is that of their presence", () => {
  befriend();
  presence(DAVE, ONE);
  assert.deepEqual(stores.contacts.picture(DAVE), { by: "presence", id: ONE });
  node(DAVE, info(TWO));
  assert.deepEqual(stores.contacts.picture(DAVE), { by: "node", id: TWO });
  const before = told().length;
  presence(DAVE, ONE);
  presence(DAVE, "");
  assert.equal(told().length, before, "presence does not overrule it");
  node(DAVE, "");
  assert.equal(told().at(-1)?.picture, undefined);
  presence(DAVE, ONE);
  assert.equal(told().at(-1)?.picture, ONE);
  presence(DAVE, "");
  assert.equal(stores.contacts.picture(DAVE), undefined);
});

test("a picture costs a contact nothing of what is known of them: name, groups, nickname", () => {
  stores.contacts.put({
    kind: "contact",
    jid: DAVE,
    name: "D",
    subscription: "both",
    asked: false,
    groups: ["Friends"],
  });
  stores.contacts.setNick(DAVE, "Dave");
  node(DAVE, info(ONE));
  stores.contacts.put({
    kind: "contact",
    jid: DAVE,
    name: "E",
    subscription: "both",
    asked: false,
    groups: ["Friends"],
  });
  const { name, nick, picture } = stores.contacts.get(DAVE);
  assert.deepEqual([name, nick, picture], ["E", "Dave", ONE]);
  assert.deepEqual(stores.contacts.groups(DAVE), ["Friends"]);
});

test("what a stranger says of their looks is not kept, and makes nobody an entry", () => {
  node("mallory@m.example", info(ONE));
  presence("mallory@m.example", ONE);
  hear(`<message from='mallory@m.example'><event xmlns='http://jabber.org/protocol/pubsub#event'>
    <items node='http://jabber.org/protocol/nick'><item><nick xmlns='http://jabber.org/protocol/nick'>Bank</nick></item>
    </items></event></message>`);
  assert.equal(told().length, 0);
});

test("our own name and picture, by whichever client, are told to every own browser, and make us nobody's contact", () => {
  node(ME, info(ONE));
  stores.contacts.setNick(ME, "Moss");
  const last = told().at(-1);
  assert.deepEqual([last?.jid, last?.subscription, last?.nick, last?.picture], [ME, "removed", "Moss", ONE]);
  stores.contacts.beginRoster();
  stores.contacts.endRoster();
  assert.equal(stores.contacts.get(ME).picture, ONE, "a new stream changes nothing");
});

test("T16: a picture is that of whoever's node speaks: not of a client that pretends, nor of whom the payload names", () => {
  befriend();
  node(`${DAVE}/phone`, info(ONE));
  hear(`<message from='mallory@m.example'><event xmlns='http://jabber.org/protocol/pubsub#event'>
    <items node='urn:xmpp:avatar:metadata'><item id='x' publisher='${DAVE}'>
    <metadata xmlns='urn:xmpp:avatar:metadata'>${info(TWO)}</metadata></item></items></event></message>`);
  assert.equal(stores.contacts.picture(DAVE), undefined);
  assert.equal(stores.contacts.picture(ME), undefined);
});
