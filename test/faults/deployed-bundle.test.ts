/** The ways into an object that tests use are in a module of their own, which no deployment contains. */
import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { inProject } from "../../tools/project.ts";
import { bundleWorker } from "../../tools/worker-bundle.ts";

/** Routes, words and names that only the tests' modules have. */
const TRACES = [
  "/api/test/",
  "reset by a test",
  "reset by a fault",
  "testReset",
  "testRows",
  "testAlarm",
  "testBeat",
  "setFuse",
  "FAULT_ENDPOINTS",
] as const;

/** Everything wrangler would upload for this entry, as one text; source maps included. */
async function bundleOf(entry: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "alcove-bundle-"));
  try {
    await bundleWorker(inProject(entry), folder);
    const files = await readdir(folder, { recursive: true, withFileTypes: true });
    const texts = files
      .filter((file) => file.isFile())
      .map((file) => readFile(join(file.parentPath, file.name), "utf8"));
    return (await Promise.all(texts)).join("\n");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

test("the deployed bundle has no trace of the ways in which tests reset objects", async () => {
  const deployed = await bundleOf("worker/index.ts");
  assert.ok(deployed.includes("class Account"), "this is the Worker");
  assert.deepEqual(
    TRACES.filter((trace) => deployed.includes(trace)),
    [],
  );
});

test("the bundle of the tests has all of them, so the search finds what there is", async () => {
  const tested = await bundleOf("test/faults/inside/entry.ts");
  assert.deepEqual(
    TRACES.filter((trace) => !tested.includes(trace)),
    [],
  );
});
