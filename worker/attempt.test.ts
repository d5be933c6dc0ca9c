import assert from "node:assert/strict";
import { test } from "node:test";
import { readAttempt, writeAttempt } from "./attempt.ts";

const env = { COOKIE_SECRET: "a secret of this test, long enough" } as Env;
const attempt = {
  object: "Zm9v-_k",
  ticket: "1b2f8a52-8f55-4e4c-9d0a-000000000002",
  id: "0b2f8a52-8f55-4e4c-9d0a-000000000001",
};

test("S5: the name of a sign-in is taken back, and none that was made elsewhere wakes an object", async () => {
  const text = await writeAttempt(env, attempt);
  assert.deepEqual(await readAttempt(env, text), attempt);
  const [object, ticket, id, signature] = text.split(".");
  for (const forged of [
    "",
    "..",
    `${object}.${id}.${signature}`,
    `${object}.${ticket}.${id}`,
    `${object}.${ticket}.${id}.`,
    `b${object}.${ticket}.${id}.${signature}`,
    `${object}.x${ticket}.${id}.${signature}`,
    `${object}.${ticket}.${id}x.${signature}`,
    `${object}.${ticket}.${id}.${signature}.more`,
    `${object}.${ticket}.${id}.not base64!`,
    await writeAttempt({ COOKIE_SECRET: "another secret, just as long as it" } as Env, attempt),
  ]) {
    assert.equal(await readAttempt(env, forged), undefined, forged);
  }
});
