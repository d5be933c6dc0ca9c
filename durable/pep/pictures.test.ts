import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import type { Element } from "@xmpp/xml";
import type { BareJid, PictureId } from "../../worker/contract/names.ts";
import type { RequestResult } from "../link/iq.ts";
import { stanza } from "../testing/stanza.ts";
import { storesOf } from "../testing/stores.ts";
import { Pictures } from "./pictures.ts";

const ME = "me@a.example" as BareJid;
const BOB = "bob@b.example" as BareJid;
const ROOM = "climbing@rooms.example" as BareJid;
const idOf = (n: number) => n.toString(16).padStart(40, "0") as PictureId;

let stores: ReturnType<typeof storesOf>;
let asked: Element[];
let answers: ((result: RequestResult) => void)[];
let pictures: Pictures;

beforeEach(() => {
  stores = storesOf(ME);
  asked = [];
  answers = [];
  const request = (iq: Element) =>
    new Promise<RequestResult>((resolve) => {
      asked.push(iq);
      answers.push(resolve);
    });
  pictures = new Pictures(stores, { request });
});

const named = (jid: BareJid, id: PictureId, by: "node" | "presence" = "node") =>
  stores.contacts.setPicture({ kind: "picture", jid, by, id });
const data = (id: PictureId) =>
  stanza(`<iq type='result'><pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='urn:xmpp:avatar:data'>
    <item id='${id}'><data xmlns='urn:xmpp:avatar:data'>AAAA</data></item></items></pubsub></iq>`);
const card = stanza("<iq type='result'><vCard xmlns='vcard-temp'><PHOTO><BINVAL>BBBB</BINVAL></PHOTO></vCard></iq>");
const turn = () => new Promise((resolve) => setImmediate(resolve));

test("only what somebody has named is fetched: strangers, old pictures and made-up ones cost no request", async () => {
  named(BOB, idOf(1));
  const wanted = [
    { jid: "mallory@m.example" as BareJid, id: idOf(1) },
    { jid: BOB, id: idOf(2) },
    { jid: BOB, nick: "bob", id: idOf(1) },
    { jid: ROOM, id: idOf(1) },
  ];
  for (const one of wanted) assert.equal((await pictures.fetch(one)).ok, false);
  assert.equal(asked.length, 0);
});

test("a contact's comes from their node or from their card, as they have named it, and our own from ourselves", async () => {
  named(BOB, idOf(1));
  named(ME, idOf(2));
  const bobs = pictures.fetch({ jid: BOB, id: idOf(1) });
  const ours = pictures.fetch({ jid: ME, id: idOf(2) });
  assert.deepEqual(
    asked.map(({ attrs }) => attrs["to"]),
    [BOB, undefined],
  );
  answers[0]?.({ ok: true, value: data(idOf(1)) });
  answers[1]?.({ ok: true, value: data(idOf(2)) });
  assert.deepEqual([await bobs, await ours], Array(2).fill({ ok: true, value: { data: "AAAA" } }));
  stores = storesOf(ME);
  const carol = "carol@c.example" as BareJid;
  named(carol, idOf(3), "presence");
  const hers = new Pictures(stores, {
    request: async (iq) => {
      asked.push(iq);
      return { ok: true, value: card };
    },
  });
  assert.deepEqual(await hers.fetch({ jid: carol, id: idOf(3) }), { ok: true, value: { data: "BBBB" } });
  assert.match(String(asked.at(-1)), /<vCard xmlns="vcard-temp"\/>/);
});

test("of somebody in a room only the picture is fetched that they show there", async () => {
  stores.rooms.want(ROOM, "me");
  stores.rooms.entered(ROOM, "me");
  const occupant = { affiliation: "member", role: "participant" } as const;
  stores.rooms.put(ROOM, { ...occupant, nick: "dave", picture: idOf(4) });
  stores.rooms.put(ROOM, { ...occupant, nick: "erin" });
  stores.rooms.setPicture(ROOM, idOf(5));
  void pictures.fetch({ jid: ROOM, nick: "dave", id: idOf(4) });
  void pictures.fetch({ jid: ROOM, id: idOf(5) });
  assert.equal((await pictures.fetch({ jid: ROOM, nick: "erin", id: idOf(4) })).ok, false);
  assert.deepEqual(
    asked.map(({ attrs }) => attrs["to"]),
    [`${ROOM}/dave`, ROOM],
  );
});

test("a few at a time, and the same one once for all browsers that ask", async () => {
  const people = Array.from({ length: 120 }, (_, n) => `p${n}@b.example` as BareJid);
  for (const [n, jid] of people.entries()) named(jid, idOf(n));
  const fetched = people.map((jid, n) => pictures.fetch({ jid, id: idOf(n) }));
  const again = pictures.fetch({ jid: people[0] as BareJid, id: idOf(0) });
  await turn();
  assert.equal(asked.length, 3);
  answers[0]?.({ ok: true, value: data(idOf(0)) });
  assert.deepEqual(await again, await fetched[0]);
  await turn();
  assert.equal(asked.length, 4);
  const last = await fetched.at(-1);
  assert.deepEqual(last, { ok: false, error: { kind: "too-busy" } });
});

test("a refusal, a picture that is gone and one that is too large are told apart", async () => {
  named(BOB, idOf(1));
  for (const [result, kind] of [
    [{ ok: false, error: { kind: "stanza-error", condition: "forbidden", type: "auth" } }, "peer-refused"],
    [{ ok: false, error: { kind: "lost" } }, "offline"],
    [{ ok: true, value: data(idOf(2)) }, "not-found"],
  ] as const) {
    const fetching = pictures.fetch({ jid: BOB, id: idOf(1) });
    answers.at(-1)?.(result as RequestResult);
    const answer = await fetching;
    assert.equal(answer.ok ? "ok" : answer.error.kind, kind);
  }
});
