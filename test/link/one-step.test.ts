/**
 * Sign-in, resource, stream management and the token for the next time in one step (XEP-0388, 0386, 0198, 0484), with
 * the habits of Prosody 13 and ejabberd 24.12, in real workerd against the scripted server.
 */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Element } from "@xmpp/xml";
import { issueCertificate, makeAuthority } from "../xmpp-server/certificates.ts";
import { type Entered, type Keys, type LinkRuntime, type Opening, type Resume, startLinkRuntime } from "./runtime.ts";
import type { Script } from "./script.ts";
import { PASSWORD } from "./scripted-mechanisms.ts";
import { type ScriptedServer, startScriptedServer } from "./scripted-server.ts";

const PORT = 17_200;
const ALICE = "alice@localhost";
const AGENT = "4f6a1c8e-53a1-4c0e-9d5b-2a3f0c9e7b11";
const SM = "urn:xmpp:sm:3";
const SCRAM = ["SCRAM-SHA-1", "SCRAM-SHA-256", "SCRAM-SHA-256-PLUS"] as const;

/** What the two offer, as both were seen to do it. */
const PROSODY: Script = {
  sasl: SCRAM,
  sasl2: {
    mechanisms: SCRAM,
    bind: ["urn:xmpp:carbons:2", "urn:xmpp:csi:0", SM],
    resumption: true,
    tokens: ["HT-SHA-256-EXPR", "HT-SHA-256-NONE"],
  },
  channelBindings: ["tls-exporter"],
  proof: "today",
  rotates: true,
};
const EJABBERD: Script = {
  sasl: SCRAM,
  sasl2: {
    mechanisms: SCRAM,
    bind: [SM, "urn:xmpp:carbons:2"],
    resumption: true,
    tokens: ["HT-SHA-256-NONE", "HT-SHA-256-UNIQ", "HT-SHA-256-EXPR", "HT-SHA-256-ENDP"],
  },
  channelBindings: ["tls-server-end-point", "tls-exporter"],
  proof: "2024",
  listsManagementAgain: true,
};
const OLD_STREAM: Resume = { id: "old", inbound: 41, jid: `${ALICE}/Alcove~scripted` };

let folder: string;
let runtime: LinkRuntime;
let server: ScriptedServer;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "alcove-one-step-"));
  const authority = await makeAuthority(folder);
  const files = await issueCertificate(authority, { folder, file: "localhost", names: ["localhost"] });
  server = await startScriptedServer(PORT, files, "tls");
  runtime = await startLinkRuntime(authority.certificate);
});

after(async () => {
  await runtime.dispose();
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

function opening(credentials: Opening["credentials"] = password()): Opening {
  return {
    settings: {
      account: ALICE,
      resource: "alcove",
      userAgent: AGENT,
      endpoints: { localhost: `tls://localhost:${PORT}` },
      allowedDomains: [],
    },
    credentials,
  };
}

function password(more: { readonly plain?: boolean; readonly password?: string } = {}): Opening["credentials"] {
  return { kind: "password", password: PASSWORD, plain: false, ...more };
}

async function enter(credentials?: Opening["credentials"], resume?: Resume): Promise<Entered> {
  const result = await runtime.negotiate({ ...opening(credentials), ...(resume && { resume }) });
  assert.ok(result.ok, JSON.stringify(result));
  return result.value;
}

async function refused(credentials?: Opening["credentials"], resume?: Resume): Promise<string> {
  const result = await runtime.negotiate({ ...opening(credentials), ...(resume && { resume }) });
  return result.ok ? "none" : `${result.error.kind}: ${result.error.detail ?? ""}`;
}

async function tokenOf(script: Script): Promise<Keys> {
  server.play(script);
  const { keys } = await enter();
  assert.ok(keys?.kind === "fast");
  return keys;
}

const nextAttempt = (token: Keys): Keys => ({ ...token, count: Number(token["count"]) + 1 });
const heardNames = () => server.heard.map((element: Element) => element.getName());

for (const [name, script] of [
  ["Prosody", PROSODY],
  ["ejabberd", EJABBERD],
] as const) {
  test(`${name}: a password becomes a session with everything on, and a token`, async () => {
    server.play(script);
    const entered = await enter();
    assert.equal(entered.kind, "bound");
    assert.equal(entered.mechanism, "SCRAM-SHA-256");
    assert.equal(entered.jid, `${ALICE}/Alcove~scripted`);
    assert.equal(entered.carbons, true);
    assert.deepEqual(entered.management, {
      kind: "enabled",
      resumption: { id: "inline", resumableMs: 600_000, location: "localhost:1" },
    });
    assert.equal(entered.clientState, name === "Prosody");
    assert.equal(entered.keys?.kind, "fast");
    assert.equal(entered.keys?.["count"], 0);
    assert.deepEqual(server.tokens(AGENT).slice(-1), [entered.keys?.["token"]]);
    assert.deepEqual(heardNames(), ["authenticate", "response"], "no second bind, no second enable, no restart");

    const request = server.last("authenticate");
    assert.equal(request?.getChild("user-agent")?.attrs["id"], AGENT);
    assert.equal(request?.getChild("bind")?.getChildText("tag"), "Alcove");
    assert.equal(request?.getChild("request-token")?.attrs["mechanism"], "HT-SHA-256-NONE");
  });

  test(`${name}: a token signs in without the password, resumes the stream, and is counted`, async () => {
    const token = nextAttempt(await tokenOf(script));
    server.play(script, { id: "old", h: 12 });
    const entered = await enter(token, OLD_STREAM);
    assert.equal(entered.kind, "resumed");
    assert.equal(entered.mechanism, "HT-SHA-256-NONE");
    assert.equal(entered.jid, OLD_STREAM.jid);
    assert.equal(entered.acknowledged, 12);
    assert.deepEqual(heardNames(), ["authenticate"], "one round trip");
    const request = server.last("authenticate");
    assert.deepEqual(request?.getChild("resume")?.attrs, { xmlns: SM, h: "41", previd: "old" });
    assert.equal(request?.getChild("fast")?.attrs["count"], "1");
    const renewed = entered.keys?.["token"] !== token["token"];
    assert.equal(renewed, name === "Prosody", "Prosody renews unasked, ejabberd does not");
    assert.equal(entered.keys?.["count"], renewed ? 0 : 1);
  });

  test(`${name}: where the stream is gone a resource is bound in the same step`, async () => {
    const token = nextAttempt(await tokenOf(script));
    server.play(script);
    const entered = await enter(token, OLD_STREAM);
    assert.equal(entered.kind, "bound");
    assert.deepEqual(entered.notResumed, { acknowledged: 7 });
    assert.equal(entered.management?.kind, "enabled");
    assert.deepEqual(heardNames(), ["authenticate"]);
  });

  test(`${name}: a token that was given back no longer signs in`, async () => {
    const token = nextAttempt(await tokenOf(script));
    server.play(script);
    assert.ok((await runtime.invalidate(opening(token))).ok);
    assert.equal(server.last("authenticate")?.getChild("bind"), undefined, "nobody sees it");
    assert.equal(server.last("authenticate")?.getChild("fast")?.attrs["invalidate"], "true");
    assert.deepEqual(server.tokens(AGENT), []);
    assert.equal(await refused(nextAttempt(token)), "wrong-password: ");
  });
}

test("what follows the sign-in in the same chunk is kept for the session", async () => {
  const stanzas = "<message id='1'/><presence id='2'/>";
  server.play({ ...EJABBERD, atOnce: stanzas });
  const entered = await enter();
  assert.equal(entered.after.length, 2);
  server.play({ ...EJABBERD, atOnce: stanzas }, { id: "old", h: 0 });
  const resumed = await enter(undefined, OLD_STREAM);
  assert.equal(resumed.kind, "resumed");
  assert.equal(resumed.after.length, 2);
});

test("stanzas that come with the end of the sign-in are counted from it, and ours are acknowledged", async () => {
  server.play({ ...EJABBERD, atOnce: `<message id='1'/><presence id='2'/><r xmlns='${SM}'/>` });
  const opened = await runtime.open(opening());
  assert.ok(opened.ok, JSON.stringify(opened));
  await runtime.say({ to: ALICE, id: "m1", text: "hello" });
  const deadline = Date.now() + 5_000;
  while ((await runtime.seen()).acknowledged.length === 0 && Date.now() < deadline) await sleep(20);
  const { stanzas, acknowledged } = await runtime.seen();
  assert.equal(stanzas.length, 2);
  assert.deepEqual(acknowledged, ["m1"]);
  assert.equal(server.last("a")?.attrs["h"], "2");
  assert.ok(!heardNames().includes("enable"));
  await runtime.close();
});

test("keys of SCRAM from before sign in by SCRAM and become a token", async () => {
  server.play({ sasl2: { mechanisms: ["SCRAM-SHA-256"] } });
  const { keys } = await enter();
  assert.ok(keys?.kind === "scram");
  server.play(PROSODY);
  const entered = await enter(keys);
  assert.equal(entered.mechanism, "SCRAM-SHA-256");
  assert.equal(entered.keys?.kind, "fast");
});

test("a token that ends before long is renewed on asking, one that lasts is left alone", async () => {
  const token = nextAttempt(await tokenOf(EJABBERD));
  server.play(EJABBERD);
  await enter(token);
  assert.equal(server.last("authenticate")?.getChild("request-token"), undefined);
  const ending = { ...nextAttempt(token), expiry: Date.now() + 24 * 60 * 60_000 };
  const renewed = await enter(ending);
  assert.notEqual(renewed.keys?.["token"], token["token"]);
  assert.equal(renewed.keys?.["count"], 0);
});

test("where a token was asked for and none came, the keys of SCRAM are kept", async () => {
  server.play({ ...EJABBERD, forgetsAgents: true });
  assert.equal((await enter()).keys?.kind, "scram");
});

test("a server with nothing but PLAIN gives a token, and the password is not needed again", async () => {
  const plainOnly = { ...PROSODY, sasl: ["PLAIN"], sasl2: { ...PROSODY.sasl2, mechanisms: ["PLAIN"] } };
  server.play(plainOnly);
  assert.equal(await refused(), "only-plain: ");
  const { keys, mechanism } = await enter(password({ plain: true }));
  assert.equal(mechanism, "PLAIN");
  assert.ok(keys?.kind === "fast");
  server.play(plainOnly);
  assert.equal((await enter(nextAttempt(keys))).kind, "bound");
  assert.doesNotMatch(String(server.last("authenticate")), new RegExp(Buffer.from(PASSWORD).toString("base64")));
});

for (const condition of ["not-authorized", "credentials-expired"]) {
  test(`a token that the server refuses (${condition}) asks for the password once`, async () => {
    const token = nextAttempt(await tokenOf(PROSODY));
    server.play({ ...PROSODY, refusesTokens: condition });
    assert.equal(await refused(token), "wrong-password: ");
    assert.deepEqual(heardNames(), ["authenticate"]);
  });
}

test("where tokens are no longer taken at any door the password is asked for", async () => {
  const token = nextAttempt(await tokenOf(PROSODY));
  server.play({ sasl: SCRAM, sasl2: { mechanisms: SCRAM } });
  const result = await runtime.open(opening(token));
  assert.deepEqual(result, { ok: false, error: { kind: "wrong-password", detail: "no tokens" } });
  assert.deepEqual(heardNames(), []);
});

test("a server that does not know the token cannot pass for the one that gave it", async () => {
  const token = nextAttempt(await tokenOf(PROSODY));
  server.play({ ...PROSODY, lies: "token" });
  assert.equal(await refused(token), "server-not-proven: token");
});

test("a second factor is refused in order, and named", async () => {
  server.play({ ...PROSODY, tasks: ["TOTP-EXAMPLE"] });
  assert.equal(await refused(), "no-mechanism: TOTP-EXAMPLE");
  assert.deepEqual(heardNames(), ["authenticate", "response", "abort"]);
});

test("a list of mechanisms that was changed on the way ends it before the proof is told (XEP-0474)", async () => {
  for (const script of [PROSODY, { ...PROSODY, sasl2: undefined }]) {
    const { sasl2, ...rest } = script;
    server.play({ ...rest, ...(sasl2 && { sasl2 }), proof: "tampered" });
    assert.equal(await refused(), "server-not-proven: the list of mechanisms was changed");
    assert.deepEqual(heardNames(), [sasl2 ? "authenticate" : "auth", "abort"]);
  }
});

test("a wrong password is that in one step too", async () => {
  server.play(PROSODY);
  assert.equal(await refused(password({ password: "guess" })), "wrong-password: ");
});

test("another account's address, and somebody else's stream, are refused (CVE-2018-10847)", async () => {
  server.play({ ...PROSODY, lies: "address" });
  assert.equal(await refused(), "wrong-account: ");
  assert.equal((await runtime.prove(opening())).ok, false);
  server.play({ ...PROSODY, lies: "address" }, { id: "old", h: 0 });
  assert.equal(await refused(undefined, OLD_STREAM), "wrong-account: ");
  server.play({ ...PROSODY, lies: "stream" });
  assert.equal(await refused(undefined, OLD_STREAM), "server-error: resumption");
});

test("SASL 2 without Bind 2 goes on with the classic steps, without a restart", async () => {
  server.play({ sasl2: { mechanisms: SCRAM } });
  const entered = await enter();
  assert.equal(entered.jid, `${ALICE}/alcove`);
  assert.equal(entered.management?.kind, "offered");
  assert.equal(entered.carbons, false);
  assert.deepEqual(heardNames(), ["authenticate", "response", "iq"]);
});

test("where resumption stands apart from the sign-in it comes before binding, and binding only where it failed", async () => {
  for (const script of [{ sasl: SCRAM }, { sasl2: { mechanisms: SCRAM, bind: [SM] } }] satisfies Script[]) {
    server.play(script, { id: "old", h: 3 });
    const resumed = await enter(undefined, OLD_STREAM);
    assert.equal(resumed.kind, "resumed");
    assert.equal(resumed.acknowledged, 3);
    assert.equal(heardNames().at(-1), "resume");
    server.play(script);
    const bound = await enter(undefined, OLD_STREAM);
    assert.equal(bound.kind, "bound");
    assert.equal(bound.jid, `${ALICE}/alcove`);
    assert.deepEqual(bound.notResumed, { acknowledged: 7 });
    assert.equal(bound.management?.kind, "offered");
    assert.deepEqual(heardNames().slice(-2), ["resume", "iq"]);
  }
});

test("proving a password binds nothing, whatever could be bound in the same step", async () => {
  server.play(PROSODY);
  const proof = await runtime.prove(opening());
  assert.ok(proof.ok);
  assert.equal(proof.value.keys?.kind, "fast");
  assert.equal(server.last("authenticate")?.getChild("bind"), undefined);
  assert.ok(!heardNames().includes("iq"));
});
