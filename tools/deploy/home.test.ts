import assert from "node:assert/strict";
import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { dropPending, homeOf, keepPending, readSecret, readSettings, settlePending, writeSettings } from "./home.ts";

let folder: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "alcove-home-"));
});
after(() => rm(folder, { recursive: true, force: true }));

test("D3: a copy bears its name once it is the deployed one, and is its owner's alone", async () => {
  const home = homeOf("first", folder);
  await keepPending(home, "a-secret");
  assert.equal(await readSecret(home.copy), undefined);
  assert.equal(await readSecret(home.pending), "a-secret");
  await settlePending(home);
  assert.equal(await readSecret(home.copy), "a-secret");
  assert.deepEqual(await readdir(home.folder), ["name-secret"]);
  assert.equal((await stat(home.copy)).mode & 0o777, 0o600);
});

test("D3: a second try writes over what the first one left", async () => {
  const home = homeOf("second", folder);
  await keepPending(home, "one");
  await keepPending(home, "two");
  assert.equal(await readSecret(home.pending), "two");
  await dropPending(home);
  await dropPending(home);
  assert.deepEqual(await readdir(home.folder), []);
});

test("D8: settings are kept; a file that is none of ours is said to be so", async () => {
  const home = homeOf("third", folder);
  assert.deepEqual(await readSettings(home), { kind: "so", value: {} });
  await writeSettings(home, { host: "chat.example.org", variables: { XMPP_ENDPOINTS: "{}" } });
  const read = await readSettings(home);
  assert.deepEqual(read, { kind: "so", value: { host: "chat.example.org", variables: { XMPP_ENDPOINTS: "{}" } } });
  await writeFile(home.settings, "{");
  assert.equal((await readSettings(home)).kind, "refuse");
});
