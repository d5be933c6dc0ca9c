/** Later deployments by the deploy command and the real wrangler, against a stand-in for the platform's API. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { printOf } from "../../tools/deploy/secrets.ts";
import { inProject } from "../../tools/project.ts";
import { ALPHA } from "./platform-stand-in.ts";
import type { Outcome } from "./command.ts";
import { ALL, COPY, Walk } from "./walk.ts";

/** One first deployment, from a copy of which each test goes on. */
let first: Walk;
let deployed: Outcome;
/** `wrangler.toml` before it. */
let tracked: string;
let walk: Walk;

before(async () => {
  tracked = await readFile(inProject("wrangler.toml"), "utf8");
  first = await Walk.begin();
  deployed = await first.alone([...ALL, "--backup"]);
  assert.equal(deployed.code, 0, deployed.printed);
});
after(() => (first as Walk | undefined)?.end());
beforeEach(async () => {
  walk = await first.copied();
});
afterEach(() => walk.end());

test("D3: a copy of another deployment is not taken for this one's", async () => {
  await writeFile(walk.copy, `${COPY}\n`);
  await writeFile(`${walk.copy}.pending`, `${COPY}\n`);
  const { code, printed } = await walk.alone([]);
  assert.equal(code, 0, printed);
  assert.match(printed, /is NOT the NAME_SECRET of this deployment/);
  assert.equal(existsSync(`${walk.copy}.pending`), false);
});

test("D3, D7: a second deployment leaves the secrets and what was answered as they are", async () => {
  const [secrets, variables] = [walk.platform.secrets(ALPHA.id), walk.platform.variables(ALPHA.id)];
  const { code, printed } = await walk.alone([]);
  assert.equal(code, 0, printed);
  assert.deepEqual(walk.platform.secrets(ALPHA.id), secrets);
  assert.deepEqual(walk.platform.variables(ALPHA.id), variables);
  assert.match(printed, /every connection is away for some seconds and comes back by itself/);
  const config = JSON.parse(await readFile(join(walk.home, "wrangler.json"), "utf8"));
  assert.notEqual(config.ratelimits[0].namespace_id, "1001");
  const other = await walk.alone([...ALL, "--backup", "--name", "second"]);
  assert.equal(other.code, 0, other.printed);
  const second = JSON.parse(await readFile(join(walk.folder, "second/wrangler.json"), "utf8"));
  assert.notEqual(second.ratelimits[0].namespace_id, config.ratelimits[0].namespace_id);
});

test("D8: the tracked wrangler.toml stays as it is; another jurisdiction is refused", async () => {
  assert.equal(await readFile(inProject("wrangler.toml"), "utf8"), tracked);
  const uploads = walk.platform.changes.length;
  for (const jurisdiction of ["none", "us"]) {
    const { code, printed } = await walk.alone(["--jurisdiction", jurisdiction]);
    assert.equal(code, 1);
    assert.match(printed, /all accounts would begin anew/);
  }
  assert.equal(walk.platform.changes.length, uploads);
});

test("D4: a move is told before it happens, and happens by a word alone", async () => {
  const uploads = walk.platform.changes.length;
  const refused = await walk.alone(["--domain", "chat.example.org"]);
  assert.equal(refused.code, 1);
  assert.match(refused.printed, /everybody signs in again, in each browser, as a new device/);
  assert.match(refused.printed, /Say --move to agree/);
  const stopped = await walk.inTerminal(["--domain", "chat.example.org"], [[/anything else to stop: $/, "yes"]]);
  assert.equal(stopped.code, 1, stopped.printed);
  assert.equal(walk.platform.changes.length, uploads);
  const moved = await walk.inTerminal(["--domain", "chat.example.org"], [[/anything else to stop: $/, "move"]]);
  assert.equal(moved.code, 0, moved.printed);
  assert.equal(walk.platform.workers.get(`${ALPHA.id}/alcove`)?.workersDev, false);
  const again = await walk.alone([]);
  assert.equal(again.code, 0, `it stays there: ${again.printed}`);
});

test("D9: what is said of the secret is true of a Worker that was deleted, too", () => {
  assert.match(deployed.printed, /A Worker that is deleted\s+takes the accounts with it; no copy helps then/);
});

test("D3: a Worker that has lost its NAME_SECRET is not deployed over; its copy brings it back", async () => {
  const worker = walk.platform.workers.get(`${ALPHA.id}/alcove`);
  assert.ok(worker);
  const { NAME_SECRET = "" } = walk.platform.secrets(ALPHA.id);
  const without = worker.bindings.filter(({ name }) => name !== "NAME_SECRET");
  walk.platform.workers.set(`${ALPHA.id}/alcove`, { ...worker, bindings: without });
  const refused = await walk.alone([]);
  assert.equal(refused.code, 1);
  assert.match(refused.printed, /it has no NAME_SECRET/);
  const restored = await walk.alone(["--restore-name-secret", walk.copy]);
  assert.equal(restored.code, 0, restored.printed);
  assert.equal(walk.platform.secrets(ALPHA.id)["NAME_SECRET"], NAME_SECRET);
  assert.equal(JSON.parse(walk.platform.variables(ALPHA.id)["RELEASE"] ?? "").names, printOf(NAME_SECRET));
});

test("a new NAME_SECRET is refused, whoever asks", async () => {
  const uploads = walk.platform.changes.length;
  assert.equal((await walk.alone(["--replace-name-secret"])).code, 1);
  assert.equal(walk.platform.changes.length, uploads);
});

test("D15: newer tables than ours are not deployed over; another contract is said before", async () => {
  const worker = walk.platform.workers.get(`${ALPHA.id}/alcove`);
  assert.ok(worker);
  const release = JSON.parse(walk.platform.variables(ALPHA.id)["RELEASE"] ?? "");
  const asIf = (changes: object) =>
    walk.platform.workers.set(`${ALPHA.id}/alcove`, {
      ...worker,
      bindings: worker.bindings.map((it) =>
        it.name === "RELEASE" ? { ...it, text: JSON.stringify({ ...release, ...changes }) } : it,
      ),
    });
  asIf({ object: release.object + 1 });
  const newer = await walk.alone([]);
  assert.equal(newer.code, 1);
  assert.match(newer.printed, /Older code does not read newer data/);
  asIf({ contract: release.contract - 1 });
  const declined = await walk.inTerminal([], [[/Deploy now\? \[y\/N\] $/, "n"]]);
  assert.equal(declined.code, 1);
  assert.match(declined.printed, /load anew by themselves once nothing is unsent/);
  assert.match(declined.printed, /Nothing was changed/);
});
