import assert from "node:assert/strict";
import { test } from "node:test";
import { certificatesIn } from "./authorities.ts";

test("D12: a file with several authorities is several authorities", () => {
  const one = "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n";
  const two = one.replace("AA", "BB");
  assert.deepEqual(certificatesIn(`# of ours\n${one}\r\nsubject=x\n${two}`), [one, two]);
  assert.deepEqual(certificatesIn("-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----\n"), []);
});
