/**
 * Every way a sign-in can go wrong has a word of its own, tells nothing to anybody and leaves nothing behind: against a
 * real Prosody with many domains, and against what is no XMPP server at all, in real workerd.
 */
import assert from "node:assert/strict";
import { createHash, createHmac, pbkdf2Sync } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { FailureKind, Result } from "../../worker/contract/failures.ts";
import { LIMITS } from "../../worker/contract/limits.ts";
import { ScriptedBrowser } from "../scripted-browser.ts";
import { ALICE, type Stack, startStack } from "../stack.ts";
import { canary, sightings } from "./canaries.ts";
import { configOf, type Domains, giveAccount, PLAIN_ONLY, stageDomains } from "./domains.ts";
import { type Impostor, startSilence, startTls, startWebServer } from "./impostors.ts";
import { claimPorts } from "../xmpp-server/ports.ts";

const BASE_PORT = await claimPorts();
const NOBODY_PORT = BASE_PORT + 10;
const SILENT_PORT = BASE_PORT + 11;
const WEB_PORT = BASE_PORT + 12;
const UNVOUCHED_PORT = BASE_PORT + 13;

const CAROL = { name: "carol", password: "Kanarienvogel-7f3a9c-Gesang" } as const;
const PASSWORD = "wonderland";
/** The longest step of connecting is 15 s, the resolver gives up after 5: who asks is answered, however long a machine takes beside. */
const GIVES_UP_MS = 90_000;
const HEARTBEAT_MS = 50_000;

let stack: Stack;
let folder: string;
const impostors: Impostor[] = [];

let domains: Domains;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "alcove-sign-in-"));
  const staged = await stageDomains(folder);
  domains = staged.domains;
  const starttls = `starttls://localhost:${BASE_PORT}`;
  const endpoints: Readonly<Record<string, string>> = {
    localhost: starttls,
    ...Object.fromEntries(Object.keys(domains).map((domain) => [domain, starttls])),
    "plain-in-clear.test": `ws://localhost:${BASE_PORT + 2}/xmpp-websocket`,
    "no-such-host.test": starttls,
    "nobody.test": `starttls://localhost:${NOBODY_PORT}`,
    "nobody-tls.test": `tls://localhost:${NOBODY_PORT}`,
    "silent.test": `starttls://localhost:${SILENT_PORT}`,
    "web.test": `starttls://localhost:${WEB_PORT}`,
    "web-tls.test": `tls://localhost:${WEB_PORT}`,
    "unvouched-tls.test": `tls://localhost:${UNVOUCHED_PORT}`,
  };
  const allowed = [...Object.keys(endpoints), "alcove-of-nobody.net"].filter(
    (domain) => domain !== "refused-here.test",
  );
  stack = await startStack({
    name: "sign-in",
    basePort: BASE_PORT,
    endpoint: "starttls",
    accounts: [ALICE, CAROL],
    xmppConfig: configOf(domains),
    variables: { XMPP_ENDPOINTS: JSON.stringify(endpoints), ALLOWED_DOMAINS: allowed.join(" ") },
    authorities: [staged.authority],
  });
  await Promise.all(Object.keys(domains).map((domain) => giveAccount(stack.xmpp.state, domain, PASSWORD)));
  impostors.push(
    await startSilence(SILENT_PORT),
    await startWebServer(WEB_PORT),
    await startTls(UNVOUCHED_PORT, staged.unvouched),
  );
});

after(async () => {
  await stack?.stop();
  for (const impostor of impostors) await impostor.stop();
  await rm(folder, { recursive: true, force: true });
});

let addresses = 0;
function newAddress(): string {
  addresses += 1;
  return `198.51.100.${addresses}`;
}

/** A browser at a network address of its own, because tries are counted by address. */
class Visitor extends ScriptedBrowser {
  readonly #address: string;
  constructor(address = newAddress()) {
    super(stack.url);
    this.#address = address;
  }
  override post<T>(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Result<T>> {
    return super.post(path, body, { ...headers, "cf-connecting-ip": this.#address });
  }
}

const outcomeOf = (result: Result<unknown>): FailureKind | "signed in" => (result.ok ? "signed in" : result.error.kind);
const trySignIn = async (address: string, password = PASSWORD, plain = false) =>
  outcomeOf(await new Visitor().signIn(address, password, plain));

/** No table, no alarm: as if nobody had ever typed that address. */
async function assertNoTrace(address: string): Promise<void> {
  const tables = await stack.objectRows(
    address,
    "select name from sqlite_master where name not like '\\_cf\\_%' escape '\\'",
  );
  assert.deepEqual(tables, [], address);
  assert.equal(await stack.objectAlarm(address), undefined, address);
}

test("a wrong password and an account that does not exist are the same words, and neither leaves a trace", async () => {
  assert.equal(await trySignIn("alice@localhost", "not it"), "wrong-password");
  await assertNoTrace("alice@localhost");
  assert.equal(await trySignIn("nobody@localhost", "not it"), "wrong-password");
  await assertNoTrace("nobody@localhost");
});

test("the right password after a wrong one is live with its heartbeat armed", async () => {
  assert.equal(await trySignIn("alice@localhost", "not it"), "wrong-password");
  const visitor = new Visitor();
  assert.ok((await visitor.signIn("alice@localhost", PASSWORD)).ok);
  await visitor.attach();
  await visitor.live();
  const now = Date.now();
  const alarm = await stack.objectAlarm("alice@localhost");
  assert.ok(alarm !== undefined && alarm > now && alarm <= now + HEARTBEAT_MS, `alarm in ${(alarm ?? 0) - now} ms`);
  visitor.detach();
});

test("a wrong password typed elsewhere at the same moment does not disturb the first sign-in", async () => {
  const outcomes = await Promise.all([
    trySignIn(`${CAROL.name}@localhost`, "guess 1"),
    trySignIn(`${CAROL.name}@localhost`, CAROL.password),
    trySignIn(`${CAROL.name}@localhost`, "guess 2"),
  ]);
  assert.deepEqual(outcomes, ["wrong-password", "signed in", "wrong-password"]);
});

test("a domain that the server does not serve", async () => {
  assert.equal(await trySignIn("alice@no-such-host.test"), "unknown-domain");
  await assertNoTrace("alice@no-such-host.test");
});

test("a domain that is nowhere, asked without any way to the outside, is an honest failure within seconds", async () => {
  const began = performance.now();
  const result = await new Visitor().signIn("alice@alcove-of-nobody.net", PASSWORD);
  assert.ok(["unknown-domain", "refused", "timed-out"].includes(outcomeOf(result)), outcomeOf(result));
  assert.ok(performance.now() - began < GIVES_UP_MS);
  await assertNoTrace("alice@alcove-of-nobody.net");
});

test("a port where nobody listens", async () => {
  assert.equal(await trySignIn("alice@nobody.test"), "refused");
  assert.equal(await trySignIn("alice@nobody-tls.test"), "refused");
  await assertNoTrace("alice@nobody.test");
});

test("a port that takes the connection and never says a word", async () => {
  const began = performance.now();
  assert.equal(await trySignIn("alice@silent.test"), "timed-out");
  assert.ok(performance.now() - began < GIVES_UP_MS);
  const heard = Buffer.concat(impostors[0]?.received ?? []).toString();
  assert.match(heard, /<stream:stream/);
  assert.doesNotMatch(heard, /alice|wonderland/, "who signs in is not said in clear");
  await assertNoTrace("alice@silent.test");
});

test("a web server in its place", async () => {
  assert.equal(await trySignIn("alice@web.test"), "not-xmpp");
  await assertNoTrace("alice@web.test");
});

for (const domain of ["unvouched.test", "unvouched-tls.test", "wrong-name.test", "expired.test"]) {
  test(`a certificate that does not hold ends it before anything is said: ${domain}`, async () => {
    const result = await new Visitor().signIn(`alice@${domain}`, PASSWORD);
    assert.deepEqual(result, { ok: false, error: { kind: "bad-certificate", detail: "localhost" } });
    assert.deepEqual(impostors[2]?.received, []);
    await assertNoTrace(`alice@${domain}`);
  });
}

test("S5: a domain that this deployment does not take wakes no object", async () => {
  const objects = await stack.objectDatabases();
  assert.equal(await trySignIn("alice@refused-here.test"), "domain-refused");
  assert.deepEqual(await stack.objectDatabases(), objects);
});

test("a server with nothing but PLAIN gets the password only after the person agreed", async () => {
  assert.equal(await trySignIn("alice@plain.test"), "only-plain");
  await assertNoTrace("alice@plain.test");
  const visitor = new Visitor();
  assert.ok((await visitor.signIn("alice@plain.test", PASSWORD, true)).ok);
  await visitor.attach();
  await visitor.live();
  const kept = await stack.objectRows("alice@plain.test", "select key from meta where key = 'credentials'");
  assert.deepEqual(kept, [], "there is nothing to keep but the password, so nothing is kept");
  visitor.detach();
});

test("without TLS the password is not sent, whatever the person agreed to", async () => {
  assert.equal(await trySignIn("alice@plain-in-clear.test", PASSWORD, true), "no-mechanism");
  await assertNoTrace("alice@plain-in-clear.test");
});

test("where SCRAM was seen once, the password itself is never given again", async () => {
  assert.equal(await trySignIn("alice@changing.test"), "signed in");
  await stack.xmpp.stop();
  const changed = { ...domains, "changing.test": `${domains["changing.test"]}\n${PLAIN_ONLY}` };
  await writeFile(join(stack.xmpp.state, "extra.cfg.lua"), configOf(changed));
  await stack.xmpp.start();
  assert.equal(await trySignIn("alice@plain.test", PASSWORD, true), "signed in", "the others still do");
  assert.equal(await trySignIn("alice@changing.test", PASSWORD, true), "server-not-proven", "it is another server now");
});

test("a server that cannot carry encrypted chats lets in and says so", async () => {
  const visitor = new Visitor();
  assert.ok((await visitor.signIn("alice@no-pep.test", PASSWORD)).ok);
  const hello = await visitor.attach();
  assert.equal(hello.type, "hello");
  const told = () => visitor.frames.findLast((frame) => frame.type === "hello" || frame.type === "state")?.state.pep;
  assert.equal(await visitor.until(told), "missing");
  visitor.detach();
});

test("S5: tries are counted by network address, and one that tried too often holds up nobody else", async () => {
  const address = newAddress();
  const outcomes: string[] = [];
  for (let tries = 0; tries < 100 && !outcomes.includes("too-many-tries"); tries += 1) {
    outcomes.push(outcomeOf(await new Visitor(address).signIn(`somebody-${tries}@no-such-host.test`, PASSWORD)));
  }
  assert.equal(outcomes.pop(), "too-many-tries");
  assert.ok(outcomes.length >= 20, `${outcomes.length} tries`);
  assert.equal(await trySignIn("alice@no-such-host.test"), outcomes[0], "another address is let through");
});

test("S5: 200 wrong passwords are looked at a few times, and keep no browser out that was here before", async () => {
  const owner = new Visitor();
  assert.ok((await owner.signIn("alice@localhost", PASSWORD)).ok);
  await owner.attach();
  const outcomes: string[] = [];
  for (let tries = 0; tries < 200; tries += 1) {
    outcomes.push(outcomeOf(await new Visitor(`192.0.2.${tries % 50}`).signIn("alice@localhost", `guess ${tries}`)));
  }
  const looked = outcomes.filter((outcome) => outcome === "wrong-password").length;
  assert.ok(looked >= 5 && looked <= 90, `${looked} of 200 were looked at`);
  assert.ok(outcomes.includes("account-guarded"), "the others hear why");
  assert.ok((await owner.call("reconnect", {})).ok, "who is signed in is not concerned");
  owner.detach();
  assert.ok((await owner.post("/api/sign-out", { erase: false })).ok);
  assert.ok((await owner.signIn("alice@localhost", PASSWORD)).ok, "and comes back through all of it");
});

test("one browser more than an account takes is told so, and one that leaves makes room", async () => {
  const visitors = [new Visitor()];
  for (let taken = await signedInBrowsers("carol@localhost"); taken < LIMITS.browsers; taken += 1) {
    const visitor = new Visitor();
    assert.ok((await visitor.signIn("carol@localhost", CAROL.password)).ok);
    visitors.push(visitor);
  }
  assert.equal(await trySignIn("carol@localhost", CAROL.password), "too-many-browsers");
  const leaving = visitors.at(-1);
  assert.ok(leaving);
  await leaving.post("/api/sign-out", { erase: false });
  assert.equal(await trySignIn("carol@localhost", CAROL.password), "signed in");
});

async function signedInBrowsers(account: string): Promise<number> {
  const rows = await stack.objectRows(account, "select id from browsers where secret_hash is not null");
  return rows.length;
}

test("neither the password nor a key made of it is in any object's database or in the Worker's log", async () => {
  const stored = await readFile(join(stack.xmpp.state, "data/localhost/accounts/carol.dat"), "utf8");
  const field = (name: string) => new RegExp(`\\["${name}"\\] = "?([^";]+)"?;`).exec(stored)?.[1] ?? "";
  const salted = pbkdf2Sync(CAROL.password, field("salt"), Number(field("iteration_count")), 20, "sha1");
  const clientKey = createHmac("sha1", salted).update("Client Key").digest();
  const serverKey = createHmac("sha1", salted).update("Server Key").digest();
  assert.equal(createHash("sha1").update(clientKey).digest("hex"), field("stored_key"), "these are the account's keys");

  const files = [...(await stack.objectDatabases()), stack.workerLog];
  const account = canary("the address", "carol@localhost");
  assert.ok((await sightings([account], files)).length > 0, "the scan reads what the objects wrote");
  const secrets = [
    canary("password", CAROL.password),
    canary("salted password", salted),
    canary("client key", clientKey),
    canary("server key", serverKey),
  ];
  assert.deepEqual(await sightings(secrets, files), []);
});
