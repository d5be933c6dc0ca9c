import assert from "node:assert/strict";
import { test } from "node:test";
import parse from "@xmpp/xml/lib/parse.js";
import type { BareJid } from "../../worker/contract/names.ts";
import { membersOf, renameRoom } from "./administration.ts";

const ROOM = "room@conference.a.example" as BareJid;
const list = (...jids: string[]) =>
  parse(
    `<iq xmlns='jabber:client' type='result'><query xmlns='http://jabber.org/protocol/muc#admin'>${jids
      .map((jid) => `<item affiliation='member' jid='${jid}'/>`)
      .join("")}</query></iq>`,
  );

test("R4: members that come in several parts are all there", async () => {
  const members = await membersOf(
    {
      request: async (iq, options) => {
        const affiliation = iq.getChild("query")?.getChild("item")?.attrs["affiliation"];
        if (affiliation !== "member") return { ok: true, value: list() };
        options?.part?.(list("a@b.example", "b@b.example"));
        options?.part?.(list("c@b.example"));
        return { ok: true, value: list("d@b.example") };
      },
    },
    ROOM,
  );
  assert.deepEqual(members.ok && members.value.members.map(({ jid }) => jid[0]), ["a", "b", "c", "d"]);
});

test("R4: a list that is too large is a failure with a word, not an empty list", async () => {
  const members = await membersOf(
    { request: async () => ({ ok: false, error: { kind: "too-large", which: "answer" } }) },
    ROOM,
  );
  assert.deepEqual(members, { ok: false, error: { kind: "malformed", detail: "answer too large" } });
});

const form = (...names: string[]) =>
  parse(
    `<iq xmlns='jabber:client' type='result'><query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' type='form'>${names
      .map((name) => `<field var='${name}'><value>as before</value></field>`)
      .join("")}</x></query></iq>`,
  );

test("U3: a room is renamed by its own form, with everything else as it was", async () => {
  const written: string[] = [];
  const request = async (iq: ReturnType<typeof list>) => {
    written.push(String(iq));
    return { ok: true, value: form("muc#roomconfig_roomname", "muc#roomconfig_membersonly") } as const;
  };
  assert.deepEqual(await renameRoom({ request }, ROOM, "Ridge & valley"), { ok: true, value: { done: true } });
  assert.match(written[1] ?? "", /muc#roomconfig_roomname"><value>Ridge &amp; valley</);
  assert.match(written[1] ?? "", /muc#roomconfig_membersonly"><value>as before</);
});

test("U3: who may not rename a room is told that, and so is whoever owns one that has no name", async () => {
  const refused = { ok: false, error: { kind: "peer-refused", detail: "not allowed" } };
  const forbidden = { ok: false, error: { kind: "stanza-error", condition: "forbidden" } } as const;
  assert.deepEqual(await renameRoom({ request: async () => forbidden }, ROOM, "x"), refused);
  const nameless = { ok: true, value: form("muc#roomconfig_membersonly") } as const;
  assert.deepEqual(await renameRoom({ request: async () => nameless }, ROOM, "x"), refused);
});
