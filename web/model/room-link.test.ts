import assert from "node:assert/strict";
import { test } from "node:test";
import type { BareJid } from "../../worker/contract/names.ts";
import { ledBy, linkOfRoom } from "./room-link.ts";

test("a room's link leads back to it, whatever it is called", () => {
  for (const jid of ["coven@chat.example", "#alcove%irc.example@irc.example", "ä?;=b@chat.example"])
    assert.deepEqual(ledBy(linkOfRoom(jid as BareJid)), { jid, room: true }, jid);
});

const cases: readonly (readonly [string, ReturnType<typeof ledBy>])[] = [
  [
    "xmpp:coven@chat.example?join;password=caul%20dron",
    { jid: "coven@chat.example" as BareJid, room: true, password: "caul dron" },
  ],
  ["XMPP:Coven@Chat.Example?JOIN", { jid: "coven@chat.example" as BareJid, room: true }],
  ["xmpp://me@a.example/coven@chat.example?join", { jid: "coven@chat.example" as BareJid, room: true }],
  ["xmpp:bob@b.example", { jid: "bob@b.example" as BareJid, room: false }],
  ["xmpp:bob@b.example/phone?message;body=hi", { jid: "bob@b.example" as BareJid, room: false }],
  ["xmpp:coven@chat.example?join;password=%E0%A4%A", { jid: "coven@chat.example" as BareJid, room: true }],
  [`xmpp:coven@chat.example?join;password=${"x".repeat(300)}`, { jid: "coven@chat.example" as BareJid, room: true }],
  ["xmpp:%E0%A4%A@chat.example?join", undefined],
  ["xmpp:chat.example?join", undefined],
  ["https://chat.example/coven@chat.example", undefined],
  ["xmpp:a%40b@chat.example?join", undefined],
  ["xmpp:a\u202eb@chat.example?join", undefined],
];
for (const [link, led] of cases)
  test(`where ${link.slice(0, 60)} leads`, () => {
    assert.deepEqual(ledBy(link), led);
  });
