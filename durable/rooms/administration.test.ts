import assert from "node:assert/strict";
import { test } from "node:test";
import parse from "@xmpp/xml/lib/parse.js";
import type { BareJid } from "../../worker/contract/names.ts";
import { membersOf } from "./administration.ts";

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
