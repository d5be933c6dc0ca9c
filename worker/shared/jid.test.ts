import assert from "node:assert/strict";
import { test } from "node:test";
import type { BareJid } from "../contract/names.ts";
import { asciiDomain, bareOf, domainOf, localOf, normaliseAddress, parseBareJid, resourceOf } from "./jid.ts";
import { decodePunycode } from "./punycode.ts";

test("an address is normalised as a person types it", () => {
  const typed = new Map([
    ["  Bob@Example.ORG. ", "bob@example.org"],
    ["ＢＯＢ@example.org", "bob@example.org"],
    ["℡@example.org", "tel@example.org"],
    ["Ångström@example.org", "ångström@example.org"],
    ["ΣΊΣΥΦΟΣ@example.org", "σίσυφοσ@example.org"],
    ["a.b+c_d-e~f!@localhost", "a.b+c_d-e~f!@localhost"],
    ["bob@127.0.0.1", "bob@127.0.0.1"],
    ["toString@constructor", "tostring@constructor"],
    ["__proto__@example.org", "__proto__@example.org"],
  ]);
  for (const [text, expected] of typed) assert.equal(parseBareJid(text), expected, text);
});

test("what is no address is refused", () => {
  const refused = [
    "",
    "@",
    "bob",
    "bob@",
    "@example.org",
    "bob@example.org/phone",
    "bob@example.org/",
    "a@b@c",
    "bob smith@example.org",
    'b"ob@example.org',
    "b'ob@example.org",
    "b&ob@example.org",
    "b:ob@example.org",
    "b<ob@example.org",
    "b\u0000b@example.org",
    "b\u200Bob@example.org",
    "b\u202Eob@example.org",
    "b\uFE0Fob@example.org",
    "b\u3164ob@example.org",
    "\uD800@example.org",
    "b＠b@example.org",
    "a℀b@example.org",
    "bob@example..org",
    "bob@.org",
    "bob@ex ample.org",
    "bob@example.org:5222",
    "bob@example.org?x",
    "bob@example.org#x",
    "bob@a\\b",
    "bob@%61.org",
    "bob@[::1]",
    "bob@1",
    "bob@0x7f.1",
    "bob@exa\tmple.org",
    "bob@xn--99999999",
    "bob@..",
    `${"a".repeat(1024)}@example.org`,
    `${"é".repeat(512)}@example.org`,
    `bob@${"a".repeat(64)}.org`,
    "bob@ex／ample.org",
  ];
  for (const text of refused) assert.equal(parseBareJid(text), undefined, JSON.stringify(text));
});

test("a domain of any length is refused, and nothing is thrown", () => {
  for (const length of [1_024, 16_390, 60_000])
    for (const end of ["m.org", "é", ""])
      assert.equal(bareOf(`bob@a${".".repeat(length)}${end}`), undefined, `${length}${end}`);
});

test("a part may have 1023 bytes", () => {
  assert.equal(parseBareJid(`${"a".repeat(1023)}@example.org`)?.length, 1023 + "@example.org".length);
});

test("an international domain is one address, typed either way, and is looked up in ASCII", () => {
  const jid = parseBareJid("juliet@MÜNCHEN.example");
  assert.equal(jid, "juliet@münchen.example");
  assert.equal(parseBareJid("juliet@xn--mnchen-3ya.example"), jid);
  assert.equal(asciiDomain(domainOf(jid as BareJid)), "xn--mnchen-3ya.example");
  assert.equal(parseBareJid("a@例え。テスト"), "a@例え.テスト");
});

test("normalising twice changes nothing", () => {
  for (const text of ["İ@ẞ.de", "ﬁ@example.org", "Ⅷ@xn--fa-hia.de", "ǅ@例え.テスト", "ΑΣ@☃.net"]) {
    const once = parseBareJid(text);
    assert.ok(once, text);
    assert.equal(parseBareJid(once), once);
  }
});

test("a full JID has a bare one, and a resource that stays as it is", () => {
  const full = "Romeo@Example.NET/Orchard/a@b";
  const bare = bareOf(full);
  assert.equal(bare, "romeo@example.net");
  assert.equal(localOf(bare as BareJid), "romeo");
  assert.equal(domainOf(bare as BareJid), "example.net");
  assert.equal(resourceOf(full), "Orchard/a@b");
  assert.equal(resourceOf("romeo@example.net"), undefined);
  assert.equal(bareOf("romeo@example.net/"), undefined);
  assert.equal(bareOf("example.net"), undefined);
});

test("Punycode is read as RFC 3492 §7.1 prints it", () => {
  assert.equal(decodePunycode("egbpdaj6bu4bxfgehfvwxn"), "ليهمابتكلموشعربي؟");
  assert.equal(decodePunycode("ihqwcrb4cv8a8dqg056pqjye"), "他们为什么不说中文");
  assert.equal(
    decodePunycode("PorqunopuedensimplementehablarenEspaol-fmd56a"),
    "PorquénopuedensimplementehablarenEspañol",
  );
  assert.equal(decodePunycode("2-u9tlzr9756bt3uc0v"), "ひとつ屋根の下2");
  assert.equal(decodePunycode("a-é"), undefined);
  assert.equal(decodePunycode("99999999"), undefined);
});

test("the domain of an address is what follows the @ and precedes a resource", () => {
  assert.equal(domainOf("alice@example.org/phone@home"), "example.org");
  assert.equal(domainOf("example.org"), "example.org");
});

test("any address is normalised: of a server, of an account, of a resource, which stays as it is", () => {
  assert.equal(normaliseAddress("Example.ORG."), "example.org");
  assert.equal(normaliseAddress("xn--mnchen-3ya.example"), "münchen.example");
  assert.equal(normaliseAddress("Me@A.org"), "me@a.org");
  assert.equal(normaliseAddress("Me@A.org/Phone@home/x"), "me@a.org/Phone@home/x");
  assert.equal(normaliseAddress("A.org/Phone"), "a.org/Phone");
  for (const broken of ["", "@", "me@", "@a.org", "/x", "a.org/", "me@a.org/", "me@a@org", "a b.org"])
    assert.equal(normaliseAddress(broken), undefined, broken);
});

test("A6: an address is one account, in whatever form a server with stringprep writes it", () => {
  for (const [typed, bound] of [
    ["straße@example.org", "strasse@example.org"],
    ["STRAẞE@example.org", "strasse@example.org"],
    ["σίσυφος@example.org", "σίσυφοσ@example.org"],
    ["ΣΊΣΥΦΟΣ@example.org", "σίσυφοσ@example.org"],
    ["ᾳδης@example.org", "αιδησ@example.org"],
    ["ŉ@example.org", "ʼn@example.org"],
  ] as const) {
    assert.equal(bareOf(typed), bareOf(`${bound}/alcove`), typed);
    assert.equal(parseBareJid(bound), bound);
  }
});

test("A6: letters that only look alike stay apart", () => {
  for (const [one, other] of [
    ["paypıl", "paypil"],
    ["straße", "strase"],
    ["ångström", "angstrom"],
    ["вася", "bася"],
  ] as const) {
    assert.notEqual(bareOf(`${one}@example.org`), bareOf(`${other}@example.org`));
  }
});
