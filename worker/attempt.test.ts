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
  const [object, ticket, id, at, signature] = text.split(".");
  for (const forged of [
    "",
    "..",
    `${object}.${id}.${at}.${signature}`,
    `${object}.${ticket}.${id}.${signature}`,
    `${object}.${ticket}.${id}.${at}`,
    `${object}.${ticket}.${id}.${at}.`,
    `b${object}.${ticket}.${id}.${at}.${signature}`,
    `${object}.x${ticket}.${id}.${at}.${signature}`,
    `${object}.${ticket}.${id}x.${at}.${signature}`,
    `${object}.${ticket}.${id}.${NOW + 1}.${signature}`,
    `${object}.${ticket}.${id}.${at}.${signature}.more`,
    `${object}.${ticket}.${id}.${at}.not base64!`,
    await writeAttempt({ COOKIE_SECRET: "another secret, just as long as it" } as Env, attempt, NOW),
  ]) {
    assert.equal(await readAttempt(env, forged, NOW), undefined, forged);
  }
});
