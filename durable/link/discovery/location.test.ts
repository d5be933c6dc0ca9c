import assert from "node:assert/strict";
import { test } from "node:test";
import { parseEndpoint, type Endpoint } from "./endpoint.ts";
import { allowedLocation } from "./location.ts";

function endpoint(uri: string): Endpoint {
  const parsed = parseEndpoint(uri);
  assert.ok(parsed.ok);
  return parsed.value;
}

const PROVEN = [endpoint("tls://a.org:5223"), endpoint("starttls://xmpp.hosting.net:5222")];

for (const [hint, expected] of [
  ["a.org", "tls://a.org:5223"],
  ["a.org:5223", "tls://a.org:5223"],
  ["a.org:5222", "starttls://a.org:5222"],
  ["node7.a.org", "starttls://node7.a.org:5222"],
  ["node7.a.org:5223", "tls://node7.a.org:5223"],
  ["xmpp.hosting.net:5222", "starttls://xmpp.hosting.net:5222"],
  ["XMPP.hosting.net", "starttls://xmpp.hosting.net:5222"],
  ["node7.hosting.net:5222", undefined],
  ["evil-a.org:5222", undefined],
  ["a.org.evil.net", undefined],
  ["192.0.2.7:5222", undefined],
  ["[2001:db8::7]:5222", undefined],
  ["2130706433", undefined],
  ["localhost:5222", undefined],
  ["node7.a.org:25", undefined],
  ["node7.a.org:99999", undefined],
  ["user@a.org:5222", undefined],
  ["a.org/x", undefined],
  ["", undefined],
  [undefined, undefined],
] as const) {
  test(`the hint ${hint ?? "that is not there"} leads to ${expected ?? "nowhere"}`, () => {
    assert.equal(allowedLocation(hint, "a.org", PROVEN, [])?.uri, expected);
  });
}

test("where the deployment fixes the endpoint nothing else is dialled", () => {
  const fixed = [endpoint("starttls://localhost:5222")];
  assert.equal(allowedLocation("localhost:5222", undefined, fixed, [])?.uri, "starttls://localhost:5222");
  assert.equal(allowedLocation("node7.a.org", undefined, fixed, []), undefined);
});
