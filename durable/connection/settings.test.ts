import assert from "node:assert/strict";
import { test } from "node:test";
import { parseEndpoints, parsePorts } from "./settings.ts";

test("A4: an endpoint is found whichever way its domain is written", () => {
  const endpoints = parseEndpoints(
    '{ "XN--MNCHEN-3YA.example": "tls://a.org:5223", "LocalHost": "starttls://localhost:5222" }',
  );
  assert.deepEqual(endpoints, { "münchen.example": "tls://a.org:5223", localhost: "starttls://localhost:5222" });
  assert.deepEqual(parseEndpoints(""), {});
});

test("S10: further ports are numbers and ranges; what cannot be read allows nothing", () => {
  assert.deepEqual(parsePorts("7443, 8443-8450"), [
    [7_443, 7_443],
    [8_443, 8_450],
  ]);
  assert.deepEqual(parsePorts(" all 1024- -1 "), []);
});
