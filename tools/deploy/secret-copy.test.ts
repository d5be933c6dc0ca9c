import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { type Home, homeOf, readSecret } from "./home.ts";
import { type Options, readOptions } from "./options.ts";
import { prepareSecrets } from "./secret-copy.ts";
import { type DeployedSecrets, printOf } from "./secrets.ts";

const OLDER = "a-secret-of-more-than-32-characters-that-lies-in-data";

let folder: string;
let home: Home;
let older: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "alcove-secret-copy-"));
  home = homeOf("alcove", join(folder, "deployments"), folder);
  older = join(folder, "name-secret.alcove");
  await writeFile(older, `${OLDER}\n`);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function prepared(deployed: DeployedSecrets | undefined) {
  const read = readOptions([], {});
  assert.ok(read.kind === "so");
  const said = await prepareSecrets(deployed, home, read.value satisfies Options, undefined);
  assert.ok(said.kind === "so", JSON.stringify(said));
  await said.value.settle();
  return said.value.upload;
}

const there = (print?: string): DeployedSecrets => ({ names: ["NAME_SECRET", "COOKIE_SECRET"], print });

test("D3: the copy of an earlier release is taken along, and stays where it is", async () => {
  assert.deepEqual(await prepared(there(printOf(OLDER))), {});
  assert.equal(await readSecret(home.copy), OLDER);
  assert.equal((await readFile(older, "utf8")).trim(), OLDER);
});

test("D3: whether it is the deployed one cannot be seen of an earlier release: it is kept as pending", async () => {
  assert.deepEqual(await prepared(there()), {});
  assert.deepEqual([await readSecret(home.copy), await readSecret(home.pending)], [undefined, OLDER]);
});

test("D3: one of another deployment is not taken for this one's", async () => {
  assert.deepEqual(await prepared(there(printOf("another"))), {});
  assert.deepEqual([await readSecret(home.copy), await readSecret(home.pending)], [undefined, undefined]);
});

test("D3: a Worker that has lost its NAME_SECRET gets it back from there", async () => {
  assert.equal((await prepared({ names: ["COOKIE_SECRET"], print: undefined }))["NAME_SECRET"], OLDER);
  assert.equal(await readSecret(home.copy), OLDER);
});
