/**
 * `npx wrangler deploy` by itself, as the deploy button and the platform's own builds run it: with a page, with nobody asked.
 * Against the stand-in; what the real button does before that cannot be tried here.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { after, before, test } from "node:test";
import { inProject, packaged } from "../../tools/project.ts";
import { claimPorts } from "../xmpp-server/ports.ts";
import { environmentOf, runAlone } from "./command.ts";
import { ALPHA, PlatformStandIn } from "./platform-stand-in.ts";
import { COPY } from "./walk.ts";

const run = promisify(execFile);
/** What the page and the Worker are made of. */
const PARTS = [
  "web",
  "worker",
  "durable",
  "tools",
  "wrangler.toml",
  "package.json",
  "package-lock.json",
  "tsconfig.base.json",
];
const platform = new PlatformStandIn();
let api: string;
let folder: string;

before(async () => {
  platform.subdomains.set(ALPHA.id, "somebody");
  api = await platform.start(await claimPorts());
  folder = await mkdtemp(join(tmpdir(), "alcove-wrangler-"));
});
after(async () => {
  platform.stop();
  await rm(folder, { recursive: true, force: true });
});

test("D10: the secrets that the button asks for are those that the Worker needs", async () => {
  const example = await readFile(inProject(".dev.vars.example"), "utf8");
  const asked = [...example.matchAll(/^([A-Z_]+)=/gm)].map(([, name]) => name);
  const [, required = "[]"] = /^required = (\[.*\])$/m.exec(await readFile(inProject("wrangler.toml"), "utf8")) ?? [];
  assert.deepEqual(asked, JSON.parse(required));
  const { cloudflare } = JSON.parse(await readFile(inProject("package.json"), "utf8")) as {
    cloudflare: { bindings: Readonly<Record<string, { description: string }>> };
  };
  for (const name of asked) assert.match(cloudflare.bindings[name ?? ""]?.description ?? "", /openssl rand/, name);
});

test("D10, D1: wrangler alone builds the page and deploys what takes nobody yet", async () => {
  // In a project of its own: others serve the page of this one at that moment.
  const project = join(folder, "project");
  for (const part of PARTS) await cp(inProject(part), join(project, part), { recursive: true });
  await symlink(inProject("node_modules"), join(project, "node_modules"));
  const secrets = join(folder, "secrets.env");
  await writeFile(secrets, `NAME_SECRET=${COPY}\nCOOKIE_SECRET=${COPY}\n`);
  const { file, args } = packaged("wrangler", ["deploy", "--secrets-file", secrets]);
  const { ALCOVE_PAGE: _built, ...environment } = environmentOf({ api, folder });
  await run(file, args, { cwd: project, env: environment });
  assert.match(await readFile(join(project, "dist/web/index.html"), "utf8"), /^<!doctype html>/);
  const { ALLOWED_DOMAINS, JURISDICTION } = platform.variables(ALPHA.id);
  assert.deepEqual([ALLOWED_DOMAINS, JURISDICTION], ["", ""]);
});

test("D6: host-meta is asked as anybody asks it, in the Worker's own zone too", () => {
  assert.deepEqual(platform.workers.get(`${ALPHA.id}/alcove`)?.flags, ["global_fetch_strictly_public"]);
});

test("D10: the deploy command goes on from there in the platform's own builds, and takes over nothing", async () => {
  const { code, printed } = await runAlone([], { api, folder, environment: { WORKERS_CI: "1" } });
  assert.equal(code, 0, printed);
  assert.match(printed, /nobody may sign in for now/);
  assert.equal(platform.secrets(ALPHA.id)["NAME_SECRET"], COPY);
});
