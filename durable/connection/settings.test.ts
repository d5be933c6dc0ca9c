import assert from "node:assert/strict";
import { test } from "node:test";
import { parseEndpoints } from "./settings.ts";

test("A4: an endpoint is found whichever way its domain is written", () => {
  const endpoints = parseEndpoints(
    '{ "XN--MNCHEN-3YA.example": "tls://a.org:5223", "LocalHost": "starttls://localhost:5222" }',
  );
  assert.deepEqual(endpoints, { "münchen.example": "tls://a.org:5223", localhost: "starttls://localhost:5222" });
  assert.deepEqual(parseEndpoints(""), {});
});
