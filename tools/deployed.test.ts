import assert from "node:assert/strict";
import { test } from "node:test";
import { readAnswer } from "./deployed.ts";

test("a list of secrets is read by name, whatever wrangler says around it", () => {
  const stdout = 'wrangler 4\n[\n  { "name": "NAME_SECRET", "type": "secret_text" }\n]\n';
  assert.deepEqual(readAnswer({ succeeded: true, stdout, stderr: "" }), { kind: "secrets", names: ["NAME_SECRET"] });
});

test("only Cloudflare's own word counts as: there is no such Worker", () => {
  for (const stderr of [
    '\u001b[1mWorker "alcove" not found.\u001b[0m',
    "This Worker does not exist on your account. [code: 10007]",
  ]) {
    assert.deepEqual(readAnswer({ succeeded: false, stdout: "", stderr }), { kind: "none" });
  }
});

test("no network, no permission and no sense are all unknown", () => {
  for (const stderr of ["fetch failed", "Authentication error [code: 10000]", ""]) {
    assert.equal(readAnswer({ succeeded: false, stdout: "", stderr }).kind, "unknown");
  }
  for (const stdout of ["", "[", '{"name":"x"}', '[{"nom":"x"}]']) {
    assert.equal(readAnswer({ succeeded: true, stdout, stderr: "" }).kind, "unknown");
  }
});
