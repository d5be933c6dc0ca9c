import assert from "node:assert/strict";
import { test } from "node:test";
import type { BareJid } from "../../../worker/contract/names.ts";
import { NOTHING_READ } from "../../engine/protocol/conversations.ts";
import type { ShownChat } from "../chats.ts";
import { destinations, forwarded } from "./forwarding.ts";

const chat = (name: string, more: Partial<ShownChat> = {}): ShownChat => ({
  jid: `${name.toLowerCase()}@example.org` as BareJid,
  name,
  relation: "contact",
  available: true,
  encryption: "on",
  unread: 0,
  readTo: NOTHING_READ,
  ...more,
});

test("a message can be said wherever something can be written, and it is known whether that is encrypted", () => {
  const listed = [
    chat("Bob"),
    chat("Zoë", { encryption: "exposed" }),
    chat("Open", { encryption: "open" }),
    chat("Shut", { encryption: "unavailable" }),
    chat("Asks", { relation: "request" }),
    chat("Who", { relation: "stranger" }),
    chat("Gone", { relation: "blocked" }),
  ];
  const names = (typed: string, behind = false, secret = false) =>
    destinations(listed, typed, { behind, secret }).map((one) => `${one.chat.name} ${one.encrypted}`);
  assert.deepEqual(names(""), ["Bob true", "Zoë false", "Open false"]);
  assert.deepEqual(names("zoe"), ["Zoë false"]);
  assert.deepEqual(names("BOB@"), ["Bob true"]);
  assert.deepEqual(names("", true), []);
  assert.deepEqual(names("", false, true), ["Bob true"], "a key goes nowhere in clear");
});

test("a message is said as it was: a file with its key and what was said of it, in clear with its description", () => {
  const key = `aesgcm://files.example/a#${"0".repeat(88)}`;
  const file = { url: "https://files.example/b" };
  assert.deepEqual(
    forwarded([
      { body: { kind: "text", text: "words" } },
      { body: { kind: "text", text: key, details: '{"file":{}}' } },
      { body: { kind: "text", text: key } },
      { body: { kind: "text", text: file.url }, shared: file },
      { body: { kind: "reason", reason: "malformed" } },
    ]),
    [
      { text: "words", secret: false, beside: {} },
      { text: key, secret: true, beside: { details: '{"file":{}}' } },
      { text: key, secret: true, beside: { details: "{}" } },
      { text: file.url, secret: false, beside: { file } },
    ],
  );
});
