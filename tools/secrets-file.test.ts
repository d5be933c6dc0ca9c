import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { keepSecrets } from "./secrets-file.ts";

let folder: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "alcove-secrets-"));
});

after(() => rm(folder, { recursive: true, force: true }));

test("secrets are made once, readable by their owner only, and kept from then on", async () => {
  const path = join(folder, "new.env");
  assert.equal(await keepSecrets(path), true);
  const first = await readFile(path, "utf8");
  assert.match(first, /^NAME_SECRET=[\w-]{43}\nCOOKIE_SECRET=[\w-]{43}\n$/);
  assert.equal((await stat(path)).mode & 0o777, 0o600);
  assert.equal(await keepSecrets(path), false);
  assert.equal(await readFile(path, "utf8"), first);
});

test("a missing one is added, the other stays", async () => {
  const path = join(folder, "half.env");
  await writeFile(path, "NAME_SECRET=kept");
  await keepSecrets(path);
  assert.match(await readFile(path, "utf8"), /^NAME_SECRET=kept\nCOOKIE_SECRET=[\w-]{43}\n$/);
});
