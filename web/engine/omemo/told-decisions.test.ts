import assert from "node:assert/strict";
import { test } from "node:test";
import type { BareJid, DeviceId } from "../../../worker/contract/names.ts";
import { type Bytes, concat, fromHex } from "../bytes.ts";
import type { Trust } from "../protocol/account.ts";
import type { PinRow } from "../store/device-rows.ts";
import { decisionMessage, heed, readDecision, type ToldDecision } from "./told-decisions.ts";

const BOB = "bob@b.example" as BareJid;
const KEY = concat(Uint8Array.of(5), new Uint8Array(32).fill(0xab));
const OTHER = concat(Uint8Array.of(5), new Uint8Array(32).fill(0xcd));
const FINGERPRINT = "ab".repeat(32);
const TOLD: ToldDecision = { jid: BOB, device: 7 as DeviceId, fingerprint: FINGERPRINT, trust: "verified", at: 1_000 };

const inner = (message: Bytes): Bytes => concat(new Uint8Array(16), message);

function pin(trust: Trust, more: Partial<PinRow> = {}): PinRow {
  return { address: `${BOB}.7`, jid: BOB, device: 7 as DeviceId, identityKey: KEY, firstSeen: 0, trust, ...more };
}

test("what is written is read back; what is anything else is not", () => {
  assert.deepEqual(readDecision(inner(decisionMessage(TOLD))), TOLD);
  const wrong: readonly unknown[] = [
    null,
    [],
    7,
    { ...TOLD, device: 0 },
    { ...TOLD, device: 2 ** 31 },
    { ...TOLD, fingerprint: FINGERPRINT.toUpperCase() },
    { ...TOLD, trust: "undecided" },
    { ...TOLD, at: 1.5 },
    { ...TOLD, jid: 7 },
  ];
  for (const value of wrong) {
    const bytes = concat(Uint8Array.of(4), new TextEncoder().encode(JSON.stringify(value)));
    assert.equal(readDecision(inner(bytes)), undefined, JSON.stringify(value));
  }
  for (const bytes of [Uint8Array.of(4), Uint8Array.of(4, 0xff), Uint8Array.of(2, 1), fromHex("")])
    assert.equal(readDecision(inner(bytes)), undefined);
});

test("the stricter one stands, an older one changes nothing, and a key that was not met waits", () => {
  const outcomes = (told: ToldDecision) =>
    (["undecided", "blind", "verified", "distrusted"] as const).map((trust) => heed(pin(trust), told));
  assert.deepEqual(outcomes(TOLD), ["apply", "apply", "ignore", "ignore"]);
  assert.deepEqual(outcomes({ ...TOLD, trust: "blind" }), ["apply", "ignore", "ignore", "ignore"]);
  assert.deepEqual(outcomes({ ...TOLD, trust: "distrusted" }), ["apply", "apply", "apply", "ignore"]);
  assert.equal(heed(undefined, TOLD), "wait");
  assert.equal(heed(pin("blind", { identityKey: OTHER }), TOLD), "wait");
  assert.equal(heed(pin("verified", { decided: { at: 1_000 } }), { ...TOLD, trust: "distrusted" }), "ignore");
  assert.equal(heed(pin("verified", { decided: { at: 999 } }), { ...TOLD, trust: "distrusted" }), "apply");
});

test("another key that the device shows now is accepted or refused as there, but not where it was refused here", () => {
  const changed = (trust: Trust) => pin(trust, { identityKey: OTHER, shown: KEY });
  assert.equal(heed(changed("verified"), TOLD), "apply");
  assert.equal(heed(changed("verified"), { ...TOLD, trust: "distrusted" }), "apply");
  assert.equal(heed(changed("distrusted"), TOLD), "ignore");
});
