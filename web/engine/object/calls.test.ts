import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { originRemote } from "./calls.ts";

const realFetch = globalThis.fetch;
afterEach(() => {
  globalThis.fetch = realFetch;
});

/** What a call says that is answered so. */
async function kindAt(status: number, body = "<h1>Bad Gateway</h1>"): Promise<string> {
  globalThis.fetch = () => Promise.resolve(new Response(body, { status }));
  const answer = await originRemote.renew();
  return answer.ok ? "ok" : answer.error.kind;
}

test("D12: while the server restarts its proxy answers: the call has not arrived, nobody has refused it", async () => {
  for (const status of [502, 503, 504, 522]) assert.equal(await kindAt(status), "offline", String(status));
});

test("D5: the platform's answer when the day's requests are spent is a call that has not arrived, by its own words", async () => {
  for (const body of ["<title>Error 1027 | temporarily rate limited</title>", "error code: 1027"]) {
    globalThis.fetch = () => Promise.resolve(new Response(body, { status: 429 }));
    assert.deepEqual(await originRemote.renew(), { ok: false, error: { kind: "offline", detail: "quota" } });
  }
  assert.equal(await kindAt(429, "<p>Too many requests"), "offline");
});

test("an answer that is none of ours is a failure, whatever stands in it", async () => {
  assert.equal(await kindAt(500), "internal");
  assert.equal(await kindAt(200, "<p>Please sign in to this network"), "internal");
  assert.equal(await kindAt(401), "not-signed-in");
});
