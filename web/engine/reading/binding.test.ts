import assert from "node:assert/strict";
import { test } from "node:test";
import type { MessageEntry } from "../../../worker/contract/entries.ts";
import type { BareJid } from "../../../worker/contract/names.ts";
import type { MessageRow } from "../store/conversation-rows.ts";
import { type FoundBy, verdictOf } from "./binding.ts";

const [ALICE, BOB, CAROL] = ["alice@a.example", "bob@b.example", "carol@c.example"] as string[] as [
  BareJid,
  BareJid,
  BareJid,
];
const CIPHER = `${BOB}.4711\nhash`;
const TEXT = { kind: "text", text: "hello" } as const;
const UNOPENED = { kind: "reason", reason: "no-session" } as const;

/** What an entry of carol's conversation is to a row of bob's that was found for it. */
function verdict(body: MessageRow["body"], by: FoundBy) {
  const row = {
    key: "1",
    id: "1",
    chat: BOB,
    at: 0,
    outgoing: false,
    body,
    cipherKey: CIPHER,
  } as unknown as MessageRow;
  const content = { kind: "omemo", omemo: { sid: 4711, iv: "", keys: [], payload: "AAAA" } };
  const entry = { id: "2", chat: CAROL, sender: BOB, at: 0, content } as unknown as MessageEntry;
  return verdictOf({ row, by }, { entry, account: ALICE, epoch: "epoch", ciphers: [CIPHER], anonymous: false });
}

test("S2: a ciphertext that was opened is not told as another message", () => {
  assert.equal(verdict(TEXT, "cipher"), "contradicts");
});

test("S2: a ciphertext that was not opened is bound by nothing: told elsewhere it is another message, and kept", () => {
  assert.equal(verdict(UNOPENED, "cipher"), "another");
});

test("S2: the permanent id is one message's, opened or not; an id that somebody gave is nobody's", () => {
  for (const body of [TEXT, UNOPENED]) {
    assert.equal(verdict(body, "entry"), "contradicts");
    assert.equal(verdict(body, "client"), "contradicts");
    assert.equal(verdict(body, "outside"), "another");
  }
});
