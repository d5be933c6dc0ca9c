import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { BareJid } from "../contract/names.ts";
import { LIMITS } from "../contract/limits.ts";
import { chatChoicesOf, isChoice, plainChoice, settingsOf } from "./choices.ts";

const BOB = "bob@b.example" as BareJid;

describe("a choice", () => {
  it("is of its kind", () => {
    for (const value of [true, false, undefined])
      assert.ok(isChoice({ name: "receipts", ...(value !== undefined && { value }) }));
    assert.ok(isChoice({ chat: BOB, name: "muted", value: 1_800_000_000_000 }));
    assert.ok(isChoice({ chat: BOB, name: "muted", value: "always" }));
    assert.ok(isChoice({ chat: BOB, name: "archived", value: -12 }));
    assert.ok(isChoice({ name: "language", value: "zh-Hant-TW" }));
    assert.ok(!isChoice({ name: "receipts", value: "no" }));
    assert.ok(!isChoice({ chat: BOB, name: "muted", value: "never" }));
    assert.ok(!isChoice({ chat: BOB, name: "archived", value: 0.5 }));
    assert.ok(!isChoice({ chat: BOB, name: "notify", value: "some" }));
    assert.ok(!isChoice({ name: "language", value: "<b>" }));
  });

  it("of a newer release may be anything within the limits, and is of no conversation by its name alone", () => {
    assert.ok(isChoice({ name: "density", value: "compact" }));
    assert.ok(isChoice({ name: "pinned", value: 12 }));
    assert.ok(isChoice({ name: "toString", value: 12 }));
    assert.ok(!isChoice({ name: "density", value: "x".repeat(LIMITS.choiceLength + 1) }));
  });

  it("that stands by itself needs no place", () => {
    assert.deepEqual(plainChoice({ name: "receipts", value: true }), { name: "receipts" });
    assert.deepEqual(plainChoice({ name: "receipts", value: false }), { name: "receipts", value: false });
    assert.deepEqual(plainChoice({ chat: BOB, name: "pinned", value: false }), { chat: BOB, name: "pinned" });
    assert.deepEqual(plainChoice({ name: "density", value: true }), { name: "density", value: true });
  });
});

describe("what was chosen", () => {
  it("makes the settings, and what is not understood changes none", () => {
    const settings = settingsOf([
      { name: "typing", value: false },
      { name: "markers", value: "sepia" },
      { name: "density", value: "compact" },
      { chat: BOB, name: "receipts", value: false },
    ]);
    assert.deepEqual(settings, {
      receipts: true,
      markers: true,
      typing: false,
      reactions: "unsaid",
      lastSeen: false,
      writesFirst: "anybody",
      language: "",
    });
  });

  it("is of one conversation", () => {
    const choices = [
      { chat: BOB, name: "pinned", value: true },
      { chat: BOB, name: "muted", value: "never" },
      { chat: BOB, name: "colour", value: "red" },
      { chat: "carol@c.example" as BareJid, name: "archived", value: 3 },
      { name: "typing", value: false },
    ];
    assert.deepEqual(chatChoicesOf(BOB, choices), { pinned: true });
  });
});
