import assert from "node:assert/strict";
import { test } from "node:test";
import xml from "@xmpp/xml";
import { attribute, child, integer, isStanza, legalText, ownText } from "./element.ts";
import { stanza } from "../testing/stanza.ts";

test("T51: names like __proto__ are plain data", () => {
  const element = stanza("<message __proto__='x' constructor='y'><__proto__/><constructor>z</constructor></message>");
  assert.equal(attribute(element, "toString"), undefined);
  assert.equal(attribute(element, "__proto__"), undefined);
  assert.equal(attribute(element, "constructor"), "y");
  assert.equal(attribute(stanza("<message/>"), "constructor"), undefined);
  assert.equal(ownText(element, "constructor"), "z");
});

test("a name counts only in its namespace", () => {
  const message = stanza(
    "<message><body xmlns='http://www.w3.org/1999/xhtml'>no</body><x:body xmlns:x='urn:x'>no</x:body></message>",
  );
  assert.equal(ownText(message, "body"), undefined);
  assert.equal(child(message, "body", "urn:x")?.getText(), "no");
  assert.ok(isStanza(message, "message"));
  assert.ok(!isStanza(stanza("<message xmlns='urn:x'/>"), "message"));
});

test("T52: text and attributes are escaped everywhere", () => {
  const nasty = `&&<<>>""''`;
  const written = xml("message", { to: nasty }, xml("body", {}, nasty)).toString();
  assert.equal(stanza(written).toString(), written);
  assert.equal(ownText(stanza(written), "body"), nasty);
  assert.equal(attribute(stanza(written), "to"), nasty);
});

test("M7: text that XML cannot carry is replaced, everything else stays", () => {
  assert.equal(legalText("a\u0000b\u001Fc\uFFFEd\uD800e"), "a\uFFFDb\uFFFDc\uFFFDd\uFFFDe");
  assert.equal(legalText("tab\tline\nreturn\r 🙂 é"), "tab\tline\nreturn\r 🙂 é");
});

test("numbers are decimal digits within bounds", () => {
  assert.equal(integer("2147483647", 1, 2147483647), 2147483647);
  for (const text of ["", "0", "-1", "1.5", "1e3", "0x10", " 1", "01", "2147483648", "9".repeat(400), undefined]) {
    assert.equal(integer(text, 1, 2147483647), undefined, text);
  }
});
