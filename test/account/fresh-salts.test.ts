/**
 * Servers that store the passwords themselves draw another salt for each exchange: ejabberd unless told otherwise, and
 * Prosody with `internal_plain`, both real. What is kept of a sign-in is of no use there, and nobody's password is wrong. And
 * real ejabberd with nothing but SCRAM-SHA-512.
 */
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { RESTING } from "../../durable/connection/resting.ts";
import type { BareJid } from "../../worker/contract/names.ts";
import { ScriptedBrowser } from "../scripted-browser.ts";
import { until } from "../e2e/waiting.ts";
import { ALICE as ALICE_ACCOUNT, type Stack, startStack } from "../stack.ts";
import { issueCertificate, makeAuthority } from "../xmpp-server/certificates.ts";
import { type Ejabberd, startEjabberd } from "../xmpp-server/ejabberd.ts";
import { claimPorts } from "../xmpp-server/ports.ts";
import { canary, sightings } from "./canaries.ts";
import { configOf, giveAccount } from "./domains.ts";
import { browserOf } from "./people.ts";

const PASSWORD = ALICE_ACCOUNT.password;
/** So often it rings where it would rest by then, as in the test behind it. */
const RINGS = 20;
const RING_EVERY_MS = 250;
const BASE_PORT = await claimPorts();
const accounts = [{ name: "alice", password: PASSWORD }];

/** Each is a domain of its own, at a server of its own kind. */
const PROSODY = "prosody-plain.test";
const MANY_ROUNDS = "many-rounds.test";
const EJABBERD = { domain: "ejabberd-plain.test", basePort: BASE_PORT + 10 };
const SHA_512 = {
  domain: "sha-512.test",
  basePort: BASE_PORT + 12,
  config: "auth_password_format: scram\nauth_scram_hash: sha512",
};

let folder: string;
let stack: Stack;
let ejabberd: Ejabberd;
const servers: Ejabberd[] = [];

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "alcove-fresh-salts-"));
  const authority = await makeAuthority(join(folder, "prosody"));
  const files = await issueCertificate(authority, { folder, file: "prosody", names: ["localhost"] });
  const starting = [EJABBERD, SHA_512].map((options) =>
    startEjabberd({ state: join(folder, options.domain), accounts, ...options }),
  );
  servers.push(...(await Promise.all(starting)));
  [ejabberd] = servers as [Ejabberd];
  const shows = `ssl = { certificate = "${files.certificate}", key = "${files.key}" }`;
  const prosody = `starttls://localhost:${BASE_PORT}`;
  stack = await startStack({
    name: "fresh-salts",
    basePort: BASE_PORT,
    endpoint: "starttls",
    xmppConfig: configOf({
      [PROSODY]: `${shows}\nauthentication = "internal_plain"`,
      [MANY_ROUNDS]: `${shows}\ndefault_iteration_count = 200000`,
    }),
    variables: {
      XMPP_ENDPOINTS: JSON.stringify({
        [PROSODY]: prosody,
        [MANY_ROUNDS]: prosody,
        [EJABBERD.domain]: `starttls://localhost:${EJABBERD.basePort}`,
        [SHA_512.domain]: `starttls://localhost:${SHA_512.basePort}`,
      }),
    },
    authorities: [authority.certificate, ...servers.map(({ ca }) => ca)],
  });
  await Promise.all([PROSODY, MANY_ROUNDS].map((domain) => giveAccount(stack.xmpp.state, domain, PASSWORD)));
});

after(async () => {
  await stack?.stop();
  for (const server of servers) await server.kill();
  await rm(folder, { recursive: true, force: true });
});

async function signedIn(address: string): Promise<ScriptedBrowser> {
  const browser = new ScriptedBrowser(stack.url);
  const result = await browser.signIn(address, PASSWORD);
  assert.ok(result.ok, JSON.stringify(result));
  await browser.attach();
  await browser.live();
  return browser;
}

const sealed = async (address: string) =>
  (await stack.objectRows(address, "select value from meta where key = 'credentials'"))[0]?.["value"];

/** From one lost connection to the next sign-in in the same browser. */
async function losesAndComesBack(address: string, lose: (browser: ScriptedBrowser) => Promise<void>): Promise<void> {
  const browser = await signedIn(address);
  const kept = await sealed(address);
  assert.ok(kept !== undefined);
  const entries = (await stack.objectRows(address, "select count(*) as n from entries"))[0]?.["n"];
  await lose(browser);
  const failure = await browser.until(() => browser.link?.state === "off" && browser.link.failure, 60_000);
  assert.deepEqual(failure, { kind: "keys-unfit", detail: "another salt" });
  assert.equal(await sealed(address), kept, "the keys are not erased as those of a wrong password");
  assert.deepEqual((await stack.objectRows(address, "select count(*) as n from entries"))[0]?.["n"], entries);

  // A reset, and with it a reload of every page, changes nothing about what is said.
  await stack.resetObject(address);
  await browser.attach();
  const told = await browser.until(() => browser.link?.state === "off" && browser.link.failure);
  assert.equal(told.kind, "keys-unfit");

  const { browser: id } = browser;
  const again = await browser.signIn(address, PASSWORD);
  assert.ok(again.ok && again.value.browser === id, JSON.stringify(again));
  await browser.live();
  browser.detach();
}

test("A1: Prosody that stores passwords in clear: a lost connection asks for the password and calls it not wrong", async () => {
  await losesAndComesBack(`alice@${PROSODY}`, async (browser) => {
    await stack.xmpp.kill();
    await browser.until(() => browser.link?.state === "waiting");
    await stack.xmpp.start();
    await browser.call("reconnect", {});
  });
});

test("A1: a wrong password at such a server is one, and the right one behind it goes on", async () => {
  const browser = await signedIn(`alice@${PROSODY}`);
  await stack.resetObject(`alice@${PROSODY}`);
  await browser.attach();
  await browser.until(() => browser.link?.state === "off" && browser.link.failure?.kind === "keys-unfit");
  const wrong = await browser.signIn(`alice@${PROSODY}`, "not it");
  assert.equal(!wrong.ok && wrong.error.kind, "wrong-password");
  await browser.until(() => browser.link?.state === "off" && browser.link.failure?.kind === "keys-unfit");
  assert.ok((await browser.signIn(`alice@${PROSODY}`, PASSWORD)).ok);
  await browser.live();
  browser.detach();
});

/** After a reset what was kept is enough. */
async function signsInAgainByItself(address: string): Promise<void> {
  const browser = await signedIn(address);
  const rows = await stack.objectRows(address, "select value from meta where key = 'scram-seen'");
  assert.equal(rows[0]?.["value"], "true", "not in clear");
  await stack.resetObject(address);
  await browser.attach();
  await browser.live();
  browser.detach();
}

test("N4: 200,000 rounds at a real Prosody, at the sign-in and at the return", async () => {
  await signsInAgainByItself(`alice@${MANY_ROUNDS}`);
  const stored = join(stack.xmpp.state, "data/many%2drounds%2etest/accounts/alice.dat");
  assert.match(await readFile(stored, "utf8"), /\["iteration_count"\] = 200000;/);
  assert.deepEqual(await sightings([canary("password", PASSWORD)], [stack.workerLog]), []);
});

test("N1: ejabberd as it comes: each interruption asks for the password in words, and nothing is erased", async () => {
  await losesAndComesBack(`alice@${EJABBERD.domain}`, async (browser) => {
    await ejabberd.kill();
    await browser.until(() => browser.link?.state === "waiting");
    await ejabberd.start();
    await browser.call("reconnect", {});
  });
});

test("N2: ejabberd with SCRAM-SHA-512 alone: no password in clear, and the keys sign in again", async () => {
  await signsInAgainByItself(`alice@${SHA_512.domain}`);
});

const restedAt = async (address: string) =>
  Number((await stack.objectRows(address, "select value from meta where key = 'rested-at'"))[0]?.["value"] ?? 0);

/** Behind a page that is hidden the alarm rings until the account rests, later than it had before. */
const rests = (address: string, since = 0) =>
  until(
    "it rests",
    async () => {
      if ((await restedAt(address)) > since) return true;
      await stack.ringAlarm(address);
      return false;
    },
    { everyMs: RING_EVERY_MS },
  );

test("D11: where the next look would ask for the password the account stays online behind a hidden page", async (context) => {
  context.after(() => stack.setResting(RESTING));
  const address = `alice@${EJABBERD.domain}` as BareJid;
  const browser = await browserOf(stack, address, PASSWORD);
  await stack.setResting({ afterMs: 0, lookMs: 100 });
  browser.look(false);
  for (let n = 0; n < RINGS; n += 1) {
    await stack.ringAlarm(address);
    await sleep(RING_EVERY_MS);
  }
  assert.equal(await restedAt(address), 0);
  assert.equal(browser.link?.state, "live");
  browser.detach();
});

test("D11: at ejabberd a look goes on with the stream that it kept", async (context) => {
  context.after(() => stack.setResting(RESTING));
  const address = `alice@${SHA_512.domain}` as BareJid;
  const browser = await browserOf(stack, address, PASSWORD);
  await stack.setResting({ afterMs: 0, lookMs: 100 });
  browser.look(false);
  await rests(address);
  const first = await restedAt(address);
  // Another session would have to stay for an hour before it rests.
  await stack.setResting({ afterMs: 60 * 60_000, everyMs: 0, lookMs: 100 });
  await rests(address, first);
  browser.detach();
});
