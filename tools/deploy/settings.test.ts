import assert from "node:assert/strict";
import { test } from "node:test";
import { conflictWith, folded, type Key, parseKey, settingsOf } from "./settings.ts";

const typed: readonly (readonly [key: Key, text: string, kept: string | undefined])[] = [
  ["host", "workers.dev", "workers.dev"],
  ["host", "https://Chat.Example.org/", "chat.example.org"],
  ["host", "me.workers.dev", undefined],
  ["host", "chat", undefined],
  ["host", "chat.example.org/path", undefined],
  ["host", "chat.example.org:8443", undefined],
  ["allowed", "Example.org  chat.example.org", "example.org chat.example.org"],
  ["allowed", "münchen.example", "münchen.example"],
  ["allowed", "anyone", "*"],
  ["allowed", "nobody", ""],
  ["allowed", "*", undefined],
  ["allowed", "", undefined],
  ["allowed", "example.org *", undefined],
  ["allowed", "alice@example.org", undefined],
  ["jurisdiction", "EU", "eu"],
  ["jurisdiction", "europe", undefined],
  ["location", "weur", "weur"],
  ["location", "", undefined],
];

for (const [key, text, kept] of typed) {
  test(`D1, D8: ${key} "${text}" is ${kept === undefined ? "not understood" : `kept as "${kept}"`}`, () => {
    const read = parseKey(key, text);
    assert.equal(read.kind === "so" ? read.value : undefined, kept);
  });
}

test("D8: what is said first wins, and nothing said is nothing", () => {
  assert.deepEqual(folded({ host: "a.example" }, { host: "b.example", allowed: "" }, { allowed: "x.example" }), {
    host: "a.example",
    allowed: "",
  });
});

test("D8: a Worker of before the question was anywhere, and stays there", () => {
  assert.equal(settingsOf({ ALLOWED_DOMAINS: "*" }).jurisdiction, "none");
  assert.match(conflictWith(settingsOf({}), { jurisdiction: "eu" }) ?? "", /begin anew/);
  assert.equal(conflictWith(settingsOf({ JURISDICTION: "eu" }), { jurisdiction: "eu" }), undefined);
  assert.equal(conflictWith(settingsOf({ JURISDICTION: "eu" }), {}), undefined);
});
