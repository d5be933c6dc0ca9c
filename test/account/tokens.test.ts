/**
 * An account whose server gives tokens (XEP-0484): what is kept of a sign-in, through resets of the object, renewals and
 * refusals, until the last browser leaves. The server is scripted; Worker, object and storage are real.
 */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { FailureKind, Result } from "../../worker/contract/failures.ts";
import { LIMITS } from "../../worker/contract/limits.ts";
import { PASSWORD } from "../link/scripted-mechanisms.ts";
import type { Script } from "../link/script.ts";
import { type ScriptedServer, startScriptedServer } from "../link/scripted-server.ts";
import { until } from "../e2e/waiting.ts";
import { ScriptedBrowser } from "../scripted-browser.ts";
import { type Stack, startStack } from "../stack.ts";
import { issueCertificate, makeAuthority } from "../xmpp-server/certificates.ts";
import { canary, sightings } from "./canaries.ts";
import { claimPorts } from "../xmpp-server/ports.ts";

const BASE_PORT = await claimPorts();
const SERVER_PORT = BASE_PORT + 10;
const ALICE = "alice@localhost";
const TOKENS: Script = {
  sasl2: {
    mechanisms: ["SCRAM-SHA-256"],
    bind: ["urn:xmpp:sm:3", "urn:xmpp:carbons:2"],
    resumption: true,
    tokens: ["HT-SHA-256-NONE"],
  },
  proof: "true",
};

let folder: string;
let server: ScriptedServer;
let stack: Stack;
let alice: ScriptedBrowser;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "alcove-tokens-"));
  const authority = await makeAuthority(folder);
  const files = await issueCertificate(authority, { folder, file: "localhost", names: ["localhost"] });
  server = await startScriptedServer(SERVER_PORT, files, "tls");
  stack = await startStack({
    name: "tokens",
    basePort: BASE_PORT,
    endpoint: "tls",
    variables: { XMPP_ENDPOINTS: JSON.stringify({ localhost: `tls://localhost:${SERVER_PORT}` }) },
    authorities: [authority.certificate],
  });
  alice = new ScriptedBrowser(stack.url);
});

after(async () => {
  await stack?.stop();
  await server?.close();
  await rm(folder, { recursive: true, force: true });
});

/** A browser at a network address of its own, because tries are counted by address. */
class Visitor extends ScriptedBrowser {
  readonly #address: string;
  constructor(address: string) {
    super(stack.url);
    this.#address = address;
  }
  override post<T>(path: string, body: unknown): Promise<Result<T>> {
    return super.post(path, body, { "cf-connecting-ip": this.#address });
  }
}

const visitors: Visitor[] = [];

/** The newest sign-in that the server heard: by what, with which count, as which client. */
function heard() {
  const request = server.last("authenticate");
  return {
    mechanism: request?.attrs["mechanism"],
    count: request?.getChild("fast")?.attrs["count"],
    agent: request?.getChild("user-agent")?.attrs["id"] ?? "",
    invalidate: request?.getChild("fast")?.attrs["invalidate"] === "true",
  };
}

/** The object loses its memory; the browser comes back with its cookie. */
async function comeBack(): Promise<void> {
  await stack.resetObject(ALICE);
  await alice.attach();
  await alice.live();
}

const sealed = async () =>
  (await stack.objectRows(ALICE, "select value from meta where key = 'credentials'"))[0]?.["value"];

test("the password is used once; what is kept is a token, and nobody can read it in the storage", async () => {
  server.play(TOKENS);
  assert.ok((await alice.signIn(ALICE, PASSWORD)).ok);
  await alice.attach();
  await alice.live();
  const { mechanism, agent } = heard();
  assert.equal(mechanism, "SCRAM-SHA-256");
  const [token = ""] = server.tokens(agent);
  assert.notEqual(token, "");
  const files = [...(await stack.objectDatabases()), stack.workerLog];
  assert.deepEqual(await sightings([canary("token", token), canary("password", PASSWORD)], files), []);
});

test("a reset object signs in with the token, as the same client, and counts its uses across resets", async () => {
  const { agent } = heard();
  for (const count of ["1", "2"]) {
    server.play(TOKENS);
    await comeBack();
    assert.deepEqual(heard(), { mechanism: "HT-SHA-256-NONE", count, agent, invalidate: false });
  }
});

test("a token that the server renews unasked is the one that is used after the next reset", async () => {
  const { agent } = heard();
  server.play({ ...TOKENS, rotates: true });
  const before = await sealed();
  await comeBack();
  assert.equal(heard().count, "3");
  const newest = server.tokens(agent).at(-1) ?? "";
  assert.equal(server.tokens(agent).length, 2, "the old one holds until the new one is used");
  await until("the new token is kept", async () => (await sealed()) !== before);
  await sleep(100);
  server.play(TOKENS);
  await comeBack();
  assert.equal(heard().count, "1", "another token, another count");
  assert.deepEqual(server.tokens(agent), [newest]);
  assert.deepEqual(await sightings([canary("token", newest)], await stack.objectDatabases()), []);
});

test("S13: staying online switched off makes worthless what was kept for it", async () => {
  const { agent } = heard();
  server.play(TOKENS);
  assert.deepEqual(await alice.call("stayOnline", { on: true }), { ok: true, value: { on: true } });
  const [copied] = server.tokens(agent);
  assert.notEqual(copied, undefined);
  assert.deepEqual(await alice.call("stayOnline", { on: false }), { ok: true, value: { on: false, renewed: true } });
  assert.equal(server.tokens(agent).length, 1);
  assert.notEqual(server.tokens(agent)[0], copied, "the token that a copy of the storage holds signs in no more");
  assert.deepEqual(
    await sightings([canary("token", server.tokens(agent)[0] ?? "")], await stack.objectDatabases()),
    [],
  );
  await comeBack();
  assert.equal(heard().mechanism, "HT-SHA-256-NONE", "the browsers come back with the new one");
});

test("a server that no longer takes the token leads to one request to sign in, and signing in mends it", async () => {
  server.play({ ...TOKENS, refusesTokens: "credentials-expired" });
  await stack.resetObject(ALICE);
  await alice.attach();
  await alice.until(() => alice.link?.state === "off" && alice.link.failure?.kind === "keys-unfit");
  assert.equal(await sealed(), undefined);
  const tries = server.heard.filter((element) => element.getName() === "authenticate").length;
  assert.equal(tries, 1);
  server.play(TOKENS);
  assert.ok((await alice.signIn(ALICE, PASSWORD)).ok);
  await alice.attach();
  await alice.live();
  assert.notEqual(await sealed(), undefined);
});

test("A1: a server that draws another salt for each sign-in is lived with by token, once it gives one", async () => {
  const before = server.tokens(heard().agent);
  server.play({ sasl: ["SCRAM-SHA-256"], freshSalts: true });
  await stack.resetObject(ALICE);
  // The token is over, and nothing is given in its place: what SCRAM leaves does not fit the next time.
  server.forget(heard().agent, "");
  await alice.attach();
  await alice.until(() => alice.link?.state === "off" && alice.link.failure?.kind === "keys-unfit");
  assert.ok((await alice.signIn(ALICE, PASSWORD)).ok);
  await alice.live();
  await stack.resetObject(ALICE);
  await alice.attach();
  await alice.until(() => alice.link?.state === "off" && alice.link.failure?.detail === "another salt");
  server.play({ ...TOKENS, freshSalts: true });
  assert.ok((await alice.signIn(ALICE, PASSWORD)).ok);
  await alice.live();
  for (const count of ["1", "2"]) {
    server.play({ ...TOKENS, freshSalts: true });
    await comeBack();
    assert.deepEqual([heard().mechanism, heard().count], ["HT-SHA-256-NONE", count], "nobody is asked for anything");
  }
  assert.notDeepEqual(server.tokens(heard().agent), before);
});

test("a second browser proves its password beside the live stream, and its token takes the place of the first", async () => {
  const { agent } = heard();
  const given = server.tokens(agent).length;
  const other = new ScriptedBrowser(stack.url);
  assert.ok((await other.signIn(ALICE, PASSWORD)).ok);
  assert.equal(server.last("authenticate")?.getChild("bind"), undefined);
  assert.equal(server.tokens(agent).length, given + 1);
  const newest = server.tokens(agent).at(-1);
  await comeBack();
  assert.deepEqual(server.tokens(agent), [newest]);
  assert.ok((await other.post("/api/sign-out", { erase: true })).ok);
  assert.equal(heard().invalidate, false, "somebody is still signed in");
});

test("a browser too many renews the token all the same, and those who are in go on with it", async () => {
  const { agent } = heard();
  let outcome: FailureKind | "signed in" = "signed in";
  for (let tries = 1; outcome === "signed in" && tries <= LIMITS.browsers + 1; tries += 1) {
    const visitor = new Visitor(`198.51.100.${tries}`);
    const result = await visitor.signIn(ALICE, PASSWORD);
    outcome = result.ok ? "signed in" : result.error.kind;
    if (result.ok) visitors.push(visitor);
  }
  assert.equal(outcome, "too-many-browsers");
  const newest = server.tokens(agent).at(-1);
  // A server may end what was given before and never used.
  server.forget(agent, newest ?? "");
  await comeBack();
  assert.deepEqual(server.tokens(agent), [newest]);
});

test("the last browser that signs out gives the token back", async () => {
  const { agent } = heard();
  assert.equal(server.tokens(agent).length, 1);
  for (const visitor of visitors) assert.ok((await visitor.post("/api/sign-out", { erase: true })).ok);
  assert.equal(server.tokens(agent).length, 1);
  assert.ok((await alice.post("/api/sign-out", { erase: false })).ok);
  await until("the token is given back", () => server.tokens(agent).length === 0);
  assert.equal(heard().invalidate, true);
  assert.equal(server.last("authenticate")?.getChild("bind"), undefined);
  assert.equal(await sealed(), undefined);
});
