import assert from "node:assert/strict";
import { test } from "node:test";
import type { BareJid } from "../../../worker/contract/names.ts";
import { NOTHING_READ } from "../../engine/protocol/conversations.ts";
import type { ShownChat } from "../chats.ts";
import { destinations } from "./forwarding.ts";

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
  const names = (typed: string, behind = false) =>
    destinations(listed, typed, behind).map((one) => `${one.chat.name} ${one.encrypted}`);
  assert.deepEqual(names(""), ["Bob true", "Zoë false", "Open false"]);
  assert.deepEqual(names("zoe"), ["Zoë false"]);
  assert.deepEqual(names("BOB@"), ["Bob true"]);
  assert.deepEqual(names("", true), []);
});
