import assert from "node:assert/strict";
import { test } from "node:test";
import { linkify } from "./linkify.ts";

const links = (message: string) => linkify(message).flatMap((part) => (part.kind === "link" ? [part.text] : []));

test("web, mail and chat addresses become links; the text around them stays", () => {
  const message = "see https://example.org/a?b=c, or mailto:bob@example.org and xmpp:room@muc.example.org?join!";
  assert.deepEqual(links(message), [
    "https://example.org/a?b=c",
    "mailto:bob@example.org",
    "xmpp:room@muc.example.org?join",
  ]);
  assert.equal(
    linkify(message)
      .map((part) => part.text)
      .join(""),
    message,
  );
});

test("a bracket belongs to the address only when it was opened inside", () => {
  assert.deepEqual(links("(https://en.example.org/wiki/Tent_(shelter))"), [
    "https://en.example.org/wiki/Tent_(shelter)",
  ]);
  assert.deepEqual(links("[https://example.org]"), ["https://example.org"]);
});

test("scripts, files, data and media keys are never links", () => {
  for (const bad of [
    "javascript:alert(1)",
    "data:text/html,x",
    "file:///etc/passwd",
    "aesgcm://example.org/a#b",
    "https://",
    "xhttps://example.org",
  ]) {
    assert.deepEqual(links(bad), [], bad);
  }
});

test("an address that hides where it leads is not a link", () => {
  assert.deepEqual(links("https://bank.example@evil.example/"), []);
  assert.deepEqual(links("https://example.org/\u202egpj.exe"), []);
});

test("a long run of brackets loses nothing and ends the link before it", () => {
  const address = "https://a.example/";
  const message = `${address}${")".repeat(20_000)}`;
  assert.deepEqual(links(message), [address]);
  assert.equal(
    linkify(message)
      .map(({ text }) => text)
      .join(""),
    message,
  );
});
