import assert from "node:assert/strict";
import { test } from "node:test";
import { mayPushTo, type Push, type PushReach, sendPush } from "./sending.ts";

const ENDPOINT = "https://push.service.com/send/abc";
const REACH: PushReach = {
  ports: [],
  trusted: ["http://127.0.0.1:4000"],
  resolver: { addresses: async () => ({ kind: "found", addresses: ["93.184.215.14"] }) },
};
const PUSH: Push = {
  endpoint: ENDPOINT,
  body: new Uint8Array(10),
  authorization: "vapid t=a.b.c, k=d",
  topic: "t".repeat(32),
  urgency: "high",
};

const answers = (status: number, headers: Record<string, string> = {}) => ({
  asked: [] as { readonly url: string; readonly init: RequestInit }[],
  async ask(url: string, init: RequestInit): Promise<Response> {
    this.asked.push({ url, init });
    return new Response(null, { status, headers });
  },
});

for (const [status, expected] of [
  [201, { kind: "sent" }],
  [200, { kind: "sent" }],
  [404, { kind: "gone" }],
  [410, { kind: "gone" }],
  [400, { kind: "refused" }],
  [403, { kind: "refused" }],
  [413, { kind: "too-large" }],
  [307, { kind: "refused" }],
  [429, { kind: "later", afterMs: undefined }],
  [503, { kind: "later", afterMs: undefined }],
] as const) {
  test(`a service that answers ${status}: ${expected.kind}`, async () => {
    const service = answers(status);
    assert.deepEqual(await sendPush(PUSH, REACH, (url, init) => service.ask(url, init)), expected);
    assert.equal(service.asked.length, 1);
  });
}

test("RFC 8030 §5: time to live, urgency and topic are said, and no redirect is followed", async () => {
  const service = answers(201);
  await sendPush(PUSH, REACH, (url, init) => service.ask(url, init));
  const { url, init } = service.asked[0] ?? assert.fail("nothing was asked");
  assert.equal(url, ENDPOINT);
  assert.equal(init.redirect, "manual");
  assert.deepEqual(init.headers, {
    authorization: PUSH.authorization,
    "content-encoding": "aes128gcm",
    "content-type": "application/octet-stream",
    ttl: "86400",
    urgency: "high",
    topic: PUSH.topic,
  });
});

for (const [words, expected] of [
  ["3", 3_000],
  ["86400", 60_000],
  ["soon", undefined],
  ["-1", undefined],
] as const) {
  test(`a service that wants to be asked again after "${words}"`, async () => {
    const service = answers(429, { "retry-after": words });
    const sent = await sendPush(PUSH, REACH, (url, init) => service.ask(url, init));
    assert.deepEqual(sent, { kind: "later", afterMs: expected });
  });
}

test("a service that cannot be reached is tried later", async () => {
  const sent = await sendPush(PUSH, REACH, () => Promise.reject(new TypeError("no connection")));
  assert.deepEqual(sent, { kind: "later", afterMs: undefined });
});

test("S10: pushes go to the public network alone, and to what the deployment names", () => {
  for (const endpoint of [ENDPOINT, "https://push.service.com:8443/x", "http://127.0.0.1:4000/x"])
    assert.equal(mayPushTo(endpoint, REACH), true, endpoint);
  for (const endpoint of [
    ...["http://push.service.com/x", "https://127.0.0.1/x", "https://[::1]/x", "https://2130706433/x"],
    ...["https://localhost/x", "https://router.local/x", "https://push.service.com:22/x", "https://a:b@service.com/x"],
    ...["http://127.0.0.1:4001/x", "ftp://service.com/x", "x", ""],
  ])
    assert.equal(mayPushTo(endpoint, REACH), false, endpoint);
});

test("S10: a name that leads into a private network is not asked", async () => {
  const service = answers(201);
  const resolver: PushReach["resolver"] = { addresses: async () => ({ kind: "found", addresses: ["10.0.0.1"] }) };
  const sent = await sendPush(PUSH, { ...REACH, resolver }, (url, init) => service.ask(url, init));
  assert.deepEqual([sent, service.asked.length], [{ kind: "later", afterMs: undefined }, 0]);
});
