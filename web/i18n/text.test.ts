import assert from "node:assert/strict";
import { test } from "node:test";
import aside from "./en-aside.json" with { type: "json" };
import menus from "./en-menus.json" with { type: "json" };
import failures from "./en-failures.json" with { type: "json" };
import first from "./en.json" with { type: "json" };
import { plural, text } from "./text.ts";

const catalogues = [first, aside, failures, menus];
const en = { ...first, ...aside, ...failures, ...menus };

test("no text stands in two catalogues", () => {
  const keys = catalogues.flatMap((catalogue) => Object.keys(catalogue));
  assert.deepEqual(
    keys.filter((key, at) => keys.indexOf(key) !== at),
    [],
  );
});

test("placeholders are filled, and a value is never read as a placeholder itself", () => {
  assert.equal(text("chat--devices", { name: "{count}" }), "Devices of {count}");
});

test("one message and several messages have their own words", () => {
  assert.equal(plural("list--unread", 1), "1 unread message");
  assert.equal(plural("list--unread", 0), "0 unread messages");
  assert.equal(plural("list--unread", 1200), "1,200 unread messages");
});

test("every plural text has the form for one and the form for many", () => {
  const keys = Object.keys(en);
  const bases = new Set(keys.filter((key) => key.includes("#")).map((key) => key.slice(0, key.indexOf("#"))));
  assert.ok(bases.size > 0);
  for (const base of bases)
    for (const form of ["one", "other"]) assert.ok(keys.includes(`${base}#${form}`), `${base}#${form}`);
});

test("no text speaks the language of the protocol on the first level", () => {
  for (const [key, words] of Object.entries(en))
    assert.doesNotMatch(words, /stanza|ratchet|OMEMO|bundle|prekey|JID|PEP\b/, key);
});
