import assert from "node:assert/strict";
import { test } from "node:test";
import { readAttempt, writeAttempt } from "./attempt.ts";

const env = { COOKIE_SECRET: "a secret of this test, long enough" } as Env;
const attempt = {
  object: "Zm9v-_k",
  ticket: "1b2f8a52-8f55-4e4c-9d0a-000000000002",
  id: "0b2f8a52-8f55-4e4c-9d0a-000000000001",
};

const NOW = Date.parse("2026-11-27T12:00:00Z");

test("S5: the name of a sign-in that nothing waits for any more wakes no object", async () => {
  const text = await writeAttempt(env, attempt, NOW);
  assert.equal(await readAttempt(env, text, NOW + 10 * 60_000), undefined);
});

test("S5: the name of a sign-in is taken back, and none that was made elsewhere wakes an object", async () => {
  const text = await writeAttempt(env, attempt, NOW);
  assert.deepEqual(await readAttempt(env, text, NOW + 25_000), attempt);
  const [object, ticket, id, at, invitation, signature] = text.split(".");
  for (const forged of [
    "",
    "..",
    `${object}.${id}.${at}.${invitation}.${signature}`,
    `${object}.${ticket}.${id}.${invitation}.${signature}`,
    `${object}.${ticket}.${id}.${at}.${invitation}`,
    `${object}.${ticket}.${id}.${at}.${invitation}.`,
    `b${object}.${ticket}.${id}.${at}.${invitation}.${signature}`,
    `${object}.x${ticket}.${id}.${at}.${invitation}.${signature}`,
    `${object}.${ticket}.${id}x.${at}.${invitation}.${signature}`,
    `${object}.${ticket}.${id}.${NOW + 1}.${invitation}.${signature}`,
    `${object}.${ticket}.${id}.${at}.${invitation}.${signature}.more`,
    `${object}.${ticket}.${id}.${at}.${invitation}.not base64!`,
    `${object}.${ticket}.${id}.${at}.abcdefg2.${signature}`,
    `${object}.${ticket}.${id}.${at}.${signature}`,
    await writeAttempt({ COOKIE_SECRET: "another secret, just as long as it" } as Env, attempt, NOW),
  ]) {
    assert.equal(await readAttempt(env, forged, NOW), undefined, forged);
  }
});

test("D13: the name of a sign-in says by which invitation it came, in the letters that the contract allows", async () => {
  const longest = { ...attempt, object: "n".repeat(43), invitation: "abcdefg2" };
  const text = await writeAttempt(env, longest, NOW);
  assert.deepEqual(await readAttempt(env, text, NOW), longest);
  assert.ok(text.length <= 200, `${text.length} letters`);
});
