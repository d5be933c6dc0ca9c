import assert from "node:assert/strict";
import { test } from "node:test";
import { parseBareJid } from "../../worker/shared/jid.ts";
import { typedAddress, typedJid } from "./address.ts";

const BOB = "bob@example.org";

test("an account is read from a link as from a typed address", () => {
  const given = [" Bob@Example.org ", "xmpp:bob@example.org", "XMPP:bob@example.org?message", "bob@example.org/phone"];
  for (const text of given) assert.equal(typedJid(text), BOB, text);
});

test("A7: what comes along when an address is pasted is not part of it", () => {
  const given = [
    "bob@example.org.",
    "bob@example.org,",
    "bob@example.org;",
    "bob@example.org …",
    "<bob@example.org>",
    "(bob@example.org)",
    "“bob@example.org”,",
    "<xmpp:bob@example.org?message>",
    "bob@example.org\u200b",
    "\ufeffbob@example.org",
    "b\u200bob@exam\u200bple.org",
    "bob\u00ad@example.org",
    "\u200ebob@example.org\u200f",
    "ｂｏｂ@example.org",
    "ｂｏｂ＠ｅｘａｍｐｌｅ．ｏｒｇ",
    "bob@example。org",
    "bob@example.org。",
    "\tbob@example.org\n",
  ];
  for (const text of given) assert.equal(typedJid(text), BOB, JSON.stringify(text));
});

test("A7: what names no account is refused, before anything is asked", () => {
  const refused = [
    "",
    "xmpp:",
    "bob",
    "bob@",
    "bob@?x",
    "@example.org",
    "https://bob@example.org",
    "a b@example.org",
    "bob@example.org, carol@example.org",
    "bob@exa,mple.org",
    "bob@example..org",
    "b\u202eob@example.org",
    "bob@\u202egro.elpmaxe",
    "b\u2066ob\u2069@example.org",
    "bob@@example.org",
    "b＠b@example.org",
    "mailto:bob@example.org",
  ];
  for (const text of refused) assert.equal(typedJid(text), undefined, JSON.stringify(text));
});

test("A7: what the page takes, the Worker takes", () => {
  const given = [
    "Bob@Example.org.",
    "ＢＯＢ＠ＥＸＡＭＰＬＥ．ＯＲＧ,",
    "ΣΊΣΥΦΟΣ@☃.net",
    "xmpp:%C3%A9@b%C3%BCcher.example",
    "ǅ@例え。テスト.",
  ];
  for (const text of given) {
    const jid = typedJid(text);
    assert.ok(jid, text);
    assert.equal(parseBareJid(jid), jid);
  }
});

test("A8: a link is decoded part by part, and says whether it leads into a room", () => {
  const links = [
    ["xmpp:%23alcove%25irc.libera.chat@irc.example.org?join", "#alcove%irc.libera.chat@irc.example.org", true],
    ["xmpp:room@rooms.example.org/nick?JOIN", "room@rooms.example.org", true],
    [
      "xmpp:nasty!%23$%25()*+,-.;=%3F%5B%5C%5D%5E_%60%7B%7C%7D~node@example.com",
      "nasty!#$%()*+,-.;=?[\\]^_`{|}~node@example.com",
      false,
    ],
    ["xmpp:ji%C5%99i@%C4%8Dechy.example/v%20Praze", "jiři@čechy.example", false],
    ["xmpp://guest@example.com/support@example.com?message", "support@example.com", false],
    ["xmpp://bob@example.org", BOB, false],
    ["xmpp:bob@example.org?joined", BOB, false],
    ["xmpp:bob@example.org?message;body=join", BOB, false],
    ["xmpp:bob@example.org#join", BOB, false],
  ] as const;
  for (const [link, jid, join] of links) assert.deepEqual(typedAddress(link), { jid, join }, link);
  const room = { jid: "room@rooms.example.org", join: true };
  const asked = "xmpp:room@rooms.example.org?join;password=";
  assert.deepEqual(typedAddress(`${asked}open%20sesame`), { ...room, password: "open sesame" });
  for (const broken of ["", "%E0%A4%A", ";x=y"]) assert.deepEqual(typedAddress(`${asked}${broken}`), room, broken);
});

test("A8: a link that is broken, or hides a part in another, names nobody", () => {
  const broken = [
    "xmpp:%E0@example.org",
    "xmpp:bob%40evil.example@example.org",
    "xmpp:bob%2Fx@example.org",
    "xmpp:bob@example.org%2F",
    "xmpp:bob@exam%20ple.org",
    "xmpp:b%E2%80%AEob@example.org",
    "xmpp:///",
    "xmpp:?join",
  ];
  for (const link of broken) assert.equal(typedAddress(link), undefined, link);
});

test("A8: without a scheme nothing is decoded: percent and number sign are letters of the address", () => {
  assert.equal(typedJid("a%25b@irc.example.org"), "a%25b@irc.example.org");
  assert.equal(typedJid("#alcove%irc.libera.chat@irc.example.org"), "#alcove%irc.libera.chat@irc.example.org");
  assert.equal(typedJid("who?@irc.example.org?join"), "who?@irc.example.org");
});

test("what is pasted may be long: an address is read, or not, in no time", () => {
  for (const text of [`${"。".repeat(100_000)}x`, `a@${"?".repeat(100_000)}`, `@?${"@".repeat(100_000)}`]) {
    const began = performance.now();
    assert.equal(typedAddress(text), undefined);
    // Quadratic it was tens of seconds; what is asserted leaves a hundredfold for a machine that is busy.
    assert.ok(performance.now() - began < 1_000);
  }
});
