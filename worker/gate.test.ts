import assert from "node:assert/strict";
import { test } from "node:test";
import { fromOwnOrigin, networkOf } from "./gate.ts";

const URL_HERE = "https://alcove.example/api/call/send";
const from = (headers: Record<string, string>) => fromOwnOrigin(URL_HERE, new Headers(headers));

test("T58: only a page of exactly this origin may call", () => {
  assert.equal(from({ origin: "https://alcove.example" }), true);
  const strangers = [
    "null",
    "https://evil.example",
    "https://alcove.example.evil.example",
    "https://evil-alcove.example",
    "https://alcove.example:8443",
    "http://alcove.example",
    "https://ALCOVE.example",
    "https://alcove.example/",
    "https://sub.alcove.example",
    "",
  ];
  for (const origin of strangers) assert.equal(from({ origin }), false, origin);
  assert.equal(from({}), false, "no Origin at all");
});

test("T58: a right Origin with a foreign Sec-Fetch-Site does not pass", () => {
  const origin = "https://alcove.example";
  assert.equal(from({ origin, "sec-fetch-site": "same-origin" }), true);
  assert.equal(from({ origin, "sec-fetch-site": "cross-site" }), false);
  assert.equal(from({ origin, "sec-fetch-site": "same-site" }), false);
});

test("an IPv6 customer counts as one address however it is spelled", () => {
  assert.equal(networkOf("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2");
  assert.equal(networkOf("2001:db8:1:2::9"), "2001:db8:1:2");
  assert.equal(networkOf("2001:db8::1"), "2001:db8:0:0");
  assert.equal(networkOf("192.0.2.7"), "192.0.2.7");
  assert.equal(networkOf("2001:db8:1:2::9", 48), "2001:db8:1");
  assert.equal(networkOf("192.0.2.7", 48), "192.0.2.7");
});
