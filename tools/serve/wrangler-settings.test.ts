import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { inProject } from "../project.ts";
import { parseWrangler } from "./wrangler-settings.ts";

const wrangler = await readFile(inProject("wrangler.toml"), "utf8");

test("D12: all that wrangler.toml gives the Worker, one's own server gives it too", () => {
  const settings = parseWrangler(wrangler, "/*\n  X: y\n");
  assert.deepEqual(
    settings.objects.map(({ key }) => key),
    ["alcove-Account", "alcove-Gatekeeper", "alcove-Gateway"],
  );
  assert.deepEqual(settings.limits, [{ binding: "SIGN_IN_LIMIT", limit: 60, periodSeconds: 60 }]);
  assert.deepEqual(settings.flags, ["global_fetch_strictly_public"]);
  assert.equal(settings.variables["JURISDICTION"], undefined, "it would be part of every object's name");
  assert.ok(settings.secrets.includes("NAME_SECRET") && settings.secrets.includes("COOKIE_SECRET"));
  assert.deepEqual([settings.assets.workerFirst, settings.assets.notFound], [["/api/*"], "none"]);
});

test("what it does not know is refused in words, when the release is made and not when somebody needs it", () => {
  assert.throws(() => parseWrangler(`${wrangler}\n[[kv_namespaces]]\nbinding = "X"\n`, ""), /kv_namespaces/);
});
