import assert from "node:assert/strict";
import { glob } from "node:fs/promises";
import { posix } from "node:path";
import { test } from "node:test";
import { LAYERS, moduleRules } from "./layers.ts";
import { ROOT } from "./project.ts";

/** The import paths that a rule forbids, as oxlint reads it. */
function forbids(path: string, imported: string): boolean {
  const rule = moduleRules().find((one) => one.path === path) ?? assert.fail(`no module ${path}`);
  return rule.forbidden.some(({ regex }) => new RegExp(regex).test(imported));
}

test("every file of the three houses is in one module", async () => {
  const named = LAYERS.flat();
  for await (const path of glob("{worker,durable,web}/**/*.{ts,tsx}", { cwd: ROOT })) {
    if (/\.test\.ts$|\.d\.ts$|\/testing\/|vite\.config/.test(path)) continue;
    const homes = named.filter((module) => module === path || module === posix.dirname(path));
    const single = homes.find((module) => module === path);
    assert.ok(single !== undefined || homes.length === 1, `${path} is in no module of tools/layers.ts`);
  }
});

test("every module is there and in one layer", async () => {
  const named = LAYERS.flat();
  assert.equal(new Set(named).size, named.length);
  for (const module of named) {
    const files: string[] = [];
    for await (const path of glob(/\.tsx?$/.test(module) ? module : `${module}/*.{ts,tsx}`, { cwd: ROOT }))
      files.push(path);
    assert.ok(files.length > 0, `${module} is empty`);
  }
});

test("a module may import from below, not from beside or above", () => {
  assert.equal(forbids("durable/store", "../log/log.ts"), false);
  assert.equal(forbids("durable/store", "./stores.ts"), false);
  assert.equal(forbids("durable/store", "../link/management/resume.ts"), false);
  assert.equal(forbids("durable/store", "../archive/archive.ts"), true);
  assert.equal(forbids("durable/rooms", "../omemo/nodes.ts"), true);
  assert.equal(forbids("durable/link/sasl", "../link.ts"), true);
  assert.equal(forbids("durable/link", "./sasl/sasl.ts"), false);
  assert.equal(forbids("web/model/conversation", "../app.ts"), true);
  assert.equal(forbids("web/model/conversation", "../format.ts"), false);
});

test("houses import from each other only what is open", () => {
  assert.equal(forbids("web/engine/store", "../../../worker/contract/names.ts"), false);
  assert.equal(forbids("web/engine/store", "../../../worker/shared/jid.ts"), false);
  assert.equal(forbids("web/engine/store", "../../../worker/gate.ts"), true);
  assert.equal(forbids("web/engine/store", "../../../durable/log/log.ts"), true);
  assert.equal(forbids("durable/log", "../../web/main.tsx"), true);
  assert.equal(forbids("worker/index.ts", "../durable/account.ts"), false);
  assert.equal(forbids("worker/index.ts", "../durable/log/log.ts"), true);
  assert.equal(forbids("web/ui/parts", "../../engine/protocol/engine.ts"), false);
  assert.equal(forbids("web/ui/parts", "../../engine/omemo/trust.ts"), true);
  assert.equal(forbids("web/main.tsx", "./engine/engine-worker.ts?worker&url"), false);
});

test("production imports no scaffolding", () => {
  assert.equal(forbids("durable/store", "../testing/stores.ts"), true);
  assert.equal(forbids("web/engine/omemo", "../testing/message-keys.ts"), true);
});
