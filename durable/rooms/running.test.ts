import assert from "node:assert/strict";
import { test } from "node:test";
import type { Element } from "@xmpp/xml";
import parse from "@xmpp/xml/lib/parse.js";
import type { BareJid } from "../../worker/contract/names.ts";
import type { RequestResult } from "../link/iq.ts";
import { affiliate, banned, destroy, setPassword, setRole } from "./running.ts";

const ROOM = "room@conference.a.example" as BareJid;
const BOB = "bob@b.example" as BareJid;
const DONE = { ok: true, value: { done: true } };
const done = parse("<iq xmlns='jabber:client' type='result'/>");

/** A room that gives these answers one after the other; what it was asked stands in `asked`. */
function room(...answers: readonly (Element | string)[]) {
  const asked: string[] = [];
  const request = async (iq: Element): Promise<RequestResult> => {
    const answer = answers[asked.length] ?? done;
    asked.push(String(iq));
    if (typeof answer !== "string") return { ok: true, value: answer };
    return { ok: false, error: { kind: "stanza-error", condition: answer } };
  };
  return { request, asked };
}

const refused = (detail: string) => ({ ok: false, error: { kind: "peer-refused", detail } });

test("somebody is made what they are to be, with the reason in the item (XEP-0045 §9.1)", async () => {
  const link = room();
  assert.deepEqual(await affiliate(link, { room: ROOM, jid: BOB, affiliation: "outcast", reason: "a<b" }), DONE);
  assert.equal(
    link.asked[0],
    `<iq type="set" to="${ROOM}"><query xmlns="http://jabber.org/protocol/muc#admin"><item affiliation="outcast" jid="bob@b.example"><reason>a&lt;b</reason></item></query></iq>`,
  );
});

test("every refusal has a word", async () => {
  const member = { room: ROOM, jid: BOB, affiliation: "member" } as const;
  assert.deepEqual(await affiliate(room("conflict"), member), refused("last owner"));
  for (const condition of ["forbidden", "not-allowed", "not-authorized", "policy-violation"])
    assert.deepEqual(await affiliate(room(condition), member), refused("not allowed"), condition);
  assert.deepEqual(await affiliate(room("not-acceptable"), member), refused("not accepted"));
  const kick = { room: ROOM, nick: "bob", role: "none" } as const;
  assert.deepEqual(await setRole(room("item-not-found"), kick), refused("not there"));
  assert.deepEqual(await setRole(room("conflict"), kick), refused("not allowed"));
  const lost = { request: async () => ({ ok: false, error: { kind: "lost" } }) as const };
  assert.deepEqual(await affiliate(lost, member), { ok: false, error: { kind: "offline" } });
});

test("whoever is banned is listed with the reason, domains too; what is no address is left out", async () => {
  const list = parse(
    "<iq xmlns='jabber:client' type='result'><query xmlns='http://jabber.org/protocol/muc#admin'>" +
      "<item affiliation='outcast' jid='Eve@E.example'><reason> spam </reason></item>" +
      "<item affiliation='outcast' jid='spam.example'/><item affiliation='outcast' jid='no address'/><item affiliation='outcast'/>" +
      "</query></iq>",
  );
  assert.deepEqual(await banned(room(list), ROOM), {
    ok: true,
    value: { banned: [{ jid: "eve@e.example", reason: "spam" }, { jid: "spam.example" }] },
  });
  assert.deepEqual(await banned(room("forbidden"), ROOM), refused("not allowed"));
});

const form = (...names: string[]) =>
  parse(
    `<iq xmlns='jabber:client' type='result'><query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' type='form'>${names
      .map((name) => `<field var='${name}'><value>as before</value></field>`)
      .join("")}</x></query></iq>`,
  );

test("a password is put into the room's own form, and the box beside it where there is one", async () => {
  const secret = "muc#roomconfig_roomsecret";
  const boxed = room(form(secret, "muc#roomconfig_passwordprotectedroom", "muc#roomconfig_roomname"));
  assert.deepEqual(await setPassword(boxed, ROOM, "sesame"), DONE);
  assert.match(boxed.asked[1] ?? "", /roomsecret"><value>sesame</);
  assert.match(boxed.asked[1] ?? "", /passwordprotectedroom"><value>1</);
  assert.match(boxed.asked[1] ?? "", /roomname"><value>as before</);
  const lifted = room(form(secret));
  assert.deepEqual(await setPassword(lifted, ROOM, ""), DONE);
  assert.match(lifted.asked[1] ?? "", /roomsecret"><value\/?>/);
  assert.deepEqual(await setPassword(room(form("muc#roomconfig_roomname")), ROOM, "x"), refused("no passwords"));
  assert.deepEqual(await setPassword(room("forbidden"), ROOM, "x"), refused("not allowed"));
});

test("a room is closed with the reason and the way on (XEP-0045 §10.9)", async () => {
  const link = room();
  assert.deepEqual(
    await destroy(link, { jid: ROOM, reason: "done", instead: "new@conference.a.example" as BareJid }),
    DONE,
  );
  assert.match(link.asked[0] ?? "", /<destroy jid="new@conference.a.example"><reason>done<\/reason><\/destroy>/);
});
