/** A first deployment by the deploy command and the real wrangler, against a stand-in for the platform's API. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { ALPHA, BETA } from "./platform-stand-in.ts";
import { ALL, COPY, Walk } from "./walk.ts";

let walk: Walk;

beforeEach(async () => {
  walk = await Walk.begin();
});
afterEach(() => walk.end());

test("D1, D3, D4, D8: a fresh account: asked in words, once, then the address, a code to scan and what is next", async () => {
  walk.platform.subdomains.clear();
  const { code, printed } = await walk.inTerminal(
    [],
    [
      [/Address: \[workers\.dev\] $/, ""],
      [/Domains: $/, ""],
      [/Domains: $/, "example.org"],
      [/Jurisdiction: \[none\] $/, "eu"],
      [/Name: $/, "taken"],
      [/Name: $/, "somebody"],
      [/readable by you only\)\? \[y\/N\] $/, "y"],
    ],
  );
  assert.equal(code, 0, printed);
  assert.match(printed, /Deployed: https:\/\/alcove\.somebody\.workers\.dev/);
  assert.match(printed, /▀|█/, "a code to scan");
  assert.match(printed, /sign in with your XMPP address/);
  assert.match(printed, /taken\.workers\.dev is not to be had/);
  assert.match(printed, /\nDomains: example\.org\n/, "what is typed is shown once");
  const { ALLOWED_DOMAINS, JURISDICTION, LOCATION } = walk.platform.variables(ALPHA.id);
  assert.deepEqual([ALLOWED_DOMAINS, JURISDICTION, LOCATION], ["example.org", "eu", "auto"]);
  const { NAME_SECRET = "", COOKIE_SECRET = "" } = walk.platform.secrets(ALPHA.id);
  assert.equal((await readFile(walk.copy, "utf8")).trim(), NAME_SECRET, "the copy tells the truth");
  assert.equal((await stat(walk.copy)).mode & 0o777, 0o600);
  for (const secret of [NAME_SECRET, COOKIE_SECRET]) assert.equal(printed.includes(secret), false);
  assert.equal((await walk.settings())["host"], "workers.dev");
});

test("D3: declined: no copy, and no file that says there is one", async () => {
  const { code, printed } = await walk.inTerminal([...ALL], [[/readable by you only\)\? \[y\/N\] $/, "n"]]);
  assert.equal(code, 0, printed);
  assert.deepEqual(
    (await readdir(walk.home)).filter((file) => file.startsWith("name-secret")),
    [],
  );
  assert.match(printed, /No copy of NAME_SECRET is on this machine/);
});

test("D3: ended in the middle of the questions: nothing was changed", async () => {
  const { code, printed } = await walk.inTerminal([], [[/Address: \[workers\.dev\] $/, "\u0004"]]);
  assert.notEqual(code, 0);
  assert.match(printed, /nothing was changed/);
  assert.deepEqual(walk.platform.changes, []);
  assert.equal(existsSync(walk.home), false);
});

test("D3: two accounts are chosen in words in a terminal", async () => {
  walk.platform.accounts = [ALPHA, BETA];
  walk.platform.subdomains.set(BETA.id, "beta");
  const { code, printed } = await walk.inTerminal([...ALL, "--backup"], [[/Account: $/, "2"]]);
  assert.equal(code, 0, printed);
  assert.match(printed, /1\. Alpha's account[\s\S]*2\. Beta's account/);
  assert.deepEqual([...walk.platform.workers.keys()], [`${BETA.id}/alcove`]);
});

test("D3: two accounts without a terminal: refused with their names, then told apart by a flag or the environment", async () => {
  walk.platform.accounts = [ALPHA, BETA];
  walk.platform.subdomains.set(BETA.id, "beta");
  const refused = await walk.alone([...ALL, "--backup"]);
  assert.equal(refused.code, 1);
  assert.match(refused.printed, /--account or CLOUDFLARE_ACCOUNT_ID:\n {2}Alpha's account/);
  assert.deepEqual(walk.platform.changes, []);
  const named = await walk.alone([...ALL, "--backup", "--account", BETA.name]);
  assert.equal(named.code, 0, named.printed);
  const again = await walk.alone([], { CLOUDFLARE_ACCOUNT_ID: BETA.id });
  assert.equal(again.code, 0, again.printed);
  assert.deepEqual([...walk.platform.workers.keys()], [`${BETA.id}/alcove`]);
});

test("D3: without a terminal nothing is asked: what is missing is named by its flag", async () => {
  const { code, printed } = await walk.alone([]);
  assert.equal(code, 1);
  for (const flag of ["--domain (ALCOVE_DOMAIN)", "--allow (ALCOVE_ALLOW)", "--jurisdiction (ALCOVE_JURISDICTION)"])
    assert.ok(printed.includes(flag), `${flag} in:\n${printed}`);
  const copyless = await walk.alone(ALL);
  assert.match(copyless.printed, /give it in the environment as NAME_SECRET/);
  walk.platform.subdomains.clear();
  const nameless = await walk.alone(ALL, { NAME_SECRET: COPY });
  assert.match(nameless.printed, /--subdomain \(ALCOVE_SUBDOMAIN\)/);
  assert.deepEqual(walk.platform.changes, []);
});

test("D3: a runner says all by its environment, the copy too; the next time the deployment itself knows the rest", async () => {
  walk.platform.subdomains.clear();
  const environment = {
    ALCOVE_DOMAIN: "workers.dev",
    ALCOVE_ALLOW: "anyone",
    ALCOVE_JURISDICTION: "none",
    ALCOVE_LOCATION: "weur",
    ALCOVE_SUBDOMAIN: "runner",
    NAME_SECRET: COPY,
  };
  const first = await walk.alone(["--var", 'XMPP_ENDPOINTS={"example.org":"tls://x.example:5223"}'], environment);
  assert.equal(first.code, 0, first.printed);
  assert.match(first.printed, /accounts of every domain in the world may sign in, at your cost/);
  assert.equal(walk.platform.secrets(ALPHA.id)["NAME_SECRET"], COPY);
  const before = walk.platform.variables(ALPHA.id);
  assert.deepEqual([before["ALLOWED_DOMAINS"], before["LOCATION"]], ["*", "weur"]);

  await rm(walk.home, { recursive: true });
  const second = await walk.alone([], { NAME_SECRET: COPY });
  assert.equal(second.code, 0, second.printed);
  assert.deepEqual(walk.platform.variables(ALPHA.id), before);
  assert.equal(walk.platform.secrets(ALPHA.id)["NAME_SECRET"], COPY);

  const wrong = await walk.alone([], { NAME_SECRET: `${COPY}-of-another-deployment` });
  assert.equal(wrong.code, 1);
  assert.match(wrong.printed, /is not that of the deployment/);
});

test("D3: an upload that fails: the second try goes on, with the same secret and no question", async () => {
  walk.platform.failNextUpload = true;
  const failed = await walk.alone([...ALL, "--backup"]);
  assert.equal(failed.code, 1);
  assert.match(failed.printed, /the same command goes on from here/);
  assert.equal(existsSync(walk.copy), false, "it is not deployed, so it is no copy");
  const pending = (await readFile(`${walk.copy}.pending`, "utf8")).trim();
  const second = await walk.alone([]);
  assert.equal(second.code, 0, second.printed);
  assert.equal(walk.platform.secrets(ALPHA.id)["NAME_SECRET"], pending);
  assert.equal((await readFile(walk.copy, "utf8")).trim(), pending);
  assert.equal(existsSync(`${walk.copy}.pending`), false);
});

test("D3: an upload that came through although it seemed to fail: its secret is known again", async () => {
  walk.platform.loseNextAnswer = true;
  assert.equal((await walk.alone([...ALL, "--backup"])).code, 1);
  const { NAME_SECRET = "" } = walk.platform.secrets(ALPHA.id);
  assert.notEqual(NAME_SECRET, "");
  const second = await walk.alone([]);
  assert.equal(second.code, 0, second.printed);
  assert.equal(walk.platform.secrets(ALPHA.id)["NAME_SECRET"], NAME_SECRET);
  assert.equal((await readFile(walk.copy, "utf8")).trim(), NAME_SECRET);
});

test("D4: a host name of one's own: it alone, and no preview", async () => {
  const own = ["--domain", "chat.example.org", "--allow", "example.org", "--jurisdiction", "eu", "--backup"];
  const { code, printed } = await walk.alone(own);
  assert.equal(code, 0, printed);
  assert.match(printed, /Deployed: https:\/\/chat\.example\.org/);
  assert.deepEqual(
    walk.platform.domains.map(({ hostname, service }) => [hostname, service]),
    [["chat.example.org", "alcove"]],
  );
  assert.equal(walk.platform.workers.get(`${ALPHA.id}/alcove`)?.workersDev, false);
  const config = JSON.parse(await readFile(join(walk.home, "wrangler.json"), "utf8"));
  assert.deepEqual([config.workers_dev, config.preview_urls], [false, false]);
});

test("D4: a host name that leads to another Worker is not taken away from it", async () => {
  walk.platform.domains = [{ id: "1", hostname: "www.example.org", service: "shop" }];
  const { code, printed } = await walk.alone(["--domain", "www.example.org", ...ALL.slice(2), "--backup"]);
  assert.equal(code, 1);
  assert.match(printed, /leads to the Worker "shop" now/);
  assert.deepEqual(walk.platform.changes, []);
});

test("D4: a DNS record at that host name is not replaced, unless somebody says so", async () => {
  const own = ["--domain", "chat.example.org", ...ALL.slice(2), "--backup"];
  walk.platform.records.add("chat.example.org");
  const first = await walk.alone(own);
  assert.equal(first.code, 1);
  assert.match(
    first.printed,
    /chat\.example\.org has a DNS record already[\s\S]*no host leads to it yet[\s\S]*--replace-record/,
  );
  const secret = walk.platform.secrets(ALPHA.id)["NAME_SECRET"];
  walk.platform.changes = [];

  const second = await walk.alone([]);
  assert.equal(second.code, 1);
  assert.match(second.printed, /Nothing was changed\. Take the record away first/);
  assert.deepEqual([walk.platform.changes, walk.platform.domains], [[], []]);
  assert.ok(walk.platform.records.has("chat.example.org"));

  const third = await walk.alone(["--replace-record"]);
  assert.equal(third.code, 0, third.printed);
  assert.match(third.printed, /Deployed: https:\/\/chat\.example\.org/);
  assert.deepEqual(
    walk.platform.domains.map(({ hostname }) => hostname),
    ["chat.example.org"],
  );
  assert.equal(walk.platform.secrets(ALPHA.id)["NAME_SECRET"], secret, "the first one's");
});

test("nobody is signed in and nobody is here: said with what helps", async () => {
  const { code, printed } = await walk.alone(ALL, { CLOUDFLARE_API_TOKEN: "" });
  assert.equal(code, 1);
  assert.match(printed, /set CLOUDFLARE_API_TOKEN/);
});

test("a token without the right: Cloudflare's words, ours, and never the token", async () => {
  const token = "another-token-0123456789";
  const { code, printed } = await walk.alone([...ALL, "--account", ALPHA.id], { CLOUDFLARE_API_TOKEN: token });
  assert.equal(code, 1);
  assert.match(printed, /Authentication error[\s\S]*Edit Cloudflare Workers/);
  assert.equal(printed.includes(token), false);
});
