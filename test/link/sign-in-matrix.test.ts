/**
 * Every way to sign in over every transport: against Prosody as Debian has it, and what that one cannot offer against the
 * scripted server. Each cell is a password, then what was kept of it, each bound and closed again.
 */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test, type TestContext } from "node:test";
import { issueCertificate, makeAuthority, type CertificateFiles } from "../xmpp-server/certificates.ts";
import { startXmppServer, type XmppServer } from "../xmpp-server/prosody.ts";
import { type HostileServer, tlsProxy } from "./hostile-server.ts";
import { type Keys, type LinkRuntime, type Opening, startLinkRuntime } from "./runtime.ts";
import type { Script } from "./script.ts";
import { PASSWORD } from "./scripted-mechanisms.ts";
import { type ScriptedServer, startScriptedServer } from "./scripted-server.ts";
import { claimPorts } from "../xmpp-server/ports.ts";

const PORT = await claimPorts();
const WSS_PORT = PORT + 10;
const SCRIPTED_PORTS = { starttls: PORT + 11, tls: PORT + 12 } as const;
const ALICE = "alice@localhost";
const HTTP = 2;

type Transport = "starttls" | "tls" | "ws" | "wss";
type Outcome = { readonly entered: boolean; readonly how: string; readonly keys: Keys | undefined };
/** `password` → by what; `kept` → by what the next time, or that there is nothing to keep. */
type Row = { readonly password: string; readonly kept: string; readonly plain?: boolean };

let folder: string;
let files: CertificateFiles;
let runtime: LinkRuntime;
const scripted = new Map<Transport, ScriptedServer>();

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "alcove-matrix-"));
  // Prosody finds its certificate here; all servers are of one authority.
  const certs = join(folder, "certs");
  const authority = await makeAuthority(certs);
  files = await issueCertificate(authority, { folder: certs, file: "localhost", names: ["localhost"] });
  for (const transport of ["starttls", "tls"] as const) {
    scripted.set(transport, await startScriptedServer(SCRIPTED_PORTS[transport], files, transport));
  }
  runtime = await startLinkRuntime(authority.certificate);
});

after(async () => {
  await runtime?.dispose();
  for (const server of scripted.values()) await server.close();
  await rm(folder, { recursive: true, force: true });
});

function opening(endpoint: string, credentials: Opening["credentials"]): Opening {
  return {
    settings: {
      account: ALICE,
      resource: "alcove",
      userAgent: "4f6a1c8e-53a1-4c0e-9d5b-2a3f0c9e7b11",
      endpoints: { localhost: endpoint },
      allowedDomains: [],
    },
    credentials,
  };
}

/** Signs in twice and answers by what; a failure answers with its kind. */
async function cell(endpoint: string, plain: boolean): Promise<Row> {
  const outcome = async (credentials: Opening["credentials"]): Promise<Outcome> => {
    const result = await runtime.open(opening(endpoint, credentials));
    if (!result.ok) return { entered: false, how: result.error.kind, keys: undefined };
    assert.match(result.value.jid, /^alice@localhost\/./);
    const asked = await runtime.ask({ name: "query", namespace: "jabber:iq:roster" });
    assert.ok(asked.ok, "the stream is live");
    await runtime.close();
    return { entered: true, how: result.value.mechanism, keys: result.value.keys };
  };
  const wrong = await outcome({ kind: "password", password: "guess", plain });
  const first = await outcome({ kind: "password", password: PASSWORD, plain });
  assert.ok(!wrong.entered);
  if (first.entered) assert.equal(wrong.how, "wrong-password");
  const { keys } = first;
  if (!keys) return { password: first.how, kept: "nothing" };
  const again = keys.kind === "fast" ? { ...keys, count: 1 } : keys;
  return { password: first.how, kept: (await outcome(again)).how };
}

/** A row of the table that the run prints. */
async function check(
  context: TestContext,
  [what, transport, endpoint]: readonly [string, Transport, string],
  expected: Row,
): Promise<void> {
  const seen = await cell(endpoint, expected.plain ?? false);
  context.diagnostic(`${what.padEnd(45)} ${transport.padEnd(8)} ${seen.password.padEnd(17)} then ${seen.kept}`);
  assert.deepEqual(seen, { password: expected.password, kept: expected.kept }, `${what} over ${transport}`);
}

async function prosody(context: TestContext, config: string): Promise<ReadonlyMap<Transport, string>> {
  const accounts = [{ name: "alice", password: PASSWORD }];
  // Hashed anew for each: what is kept of an account decides what it can sign in with.
  await rm(join(folder, "data"), { recursive: true, force: true });
  const server: XmppServer = await startXmppServer({ state: folder, basePort: PORT, accounts, config });
  const proxy: HostileServer = await tlsProxy(WSS_PORT, files, PORT + HTTP);
  context.after(async () => {
    await proxy.close();
    await server.stop();
  });
  return new Map([
    ["starttls", server.endpoints.starttls],
    ["tls", server.endpoints.tls],
    ["ws", server.endpoints.ws],
    ["wss", `wss://localhost:${WSS_PORT}/xmpp-websocket`],
  ] as const);
}

test("Prosody, as it comes", async (context) => {
  for (const [transport, endpoint] of await prosody(context, "")) {
    await check(context, ["Prosody 0.12", transport, endpoint], { password: "SCRAM-SHA-1", kept: "SCRAM-SHA-1" });
  }
});

test("Prosody with SHA-256", async (context) => {
  for (const [transport, endpoint] of await prosody(context, `password_hash = "SHA-256"`)) {
    await check(context, ["Prosody 0.12, SHA-256", transport, endpoint], {
      password: "SCRAM-SHA-256",
      kept: "SCRAM-SHA-256",
    });
  }
});

test("Prosody with nothing but PLAIN: with the person's word, and never without TLS", async (context) => {
  const config = `disable_sasl_mechanisms = { "SCRAM-SHA-1", "SCRAM-SHA-1-PLUS" }`;
  for (const [transport, endpoint] of await prosody(context, config)) {
    const clear = transport === "ws";
    const refused = clear ? "no-mechanism" : "only-plain";
    await check(context, ["Prosody 0.12, PLAIN only", transport, endpoint], { password: refused, kept: "nothing" });
    const agreed = { password: clear ? refused : "PLAIN", kept: "nothing", plain: true };
    await check(context, ["Prosody 0.12, PLAIN only, agreed", transport, endpoint], agreed);
  }
});

const BIND = ["urn:xmpp:sm:3", "urn:xmpp:carbons:2", "urn:xmpp:csi:0"];
const BOTH = ["SCRAM-SHA-1", "SCRAM-SHA-256", "SCRAM-SHA-256-PLUS", "PLAIN"];
const TOKEN = "HT-SHA-256-NONE";
const bindings = ["tls-exporter", "tls-server-end-point"];
const SCRIPTED: readonly (readonly [string, Script, Row])[] = [
  [
    "N2: SCRAM-SHA-512 beside PLAIN",
    { sasl: ["SCRAM-SHA-512", "PLAIN"], proof: "true" },
    { password: "SCRAM-SHA-512", kept: "SCRAM-SHA-512" },
  ],
  [
    "A1: SASL, another salt each time",
    { sasl: BOTH, proof: "true", freshSalts: true },
    { password: "SCRAM-SHA-256", kept: "keys-unfit" },
  ],
  [
    "A1: SASL 2 with tokens, another salt each time",
    { sasl2: { mechanisms: BOTH, bind: BIND, tokens: [TOKEN] }, freshSalts: true },
    { password: "SCRAM-SHA-256", kept: TOKEN },
  ],
  ["SASL, XEP-0474", { sasl: BOTH, proof: "true" }, { password: "SCRAM-SHA-256", kept: "SCRAM-SHA-256" }],
  [
    "SASL, XEP-0474 with channel bindings",
    { sasl: BOTH, proof: "true", channelBindings: bindings },
    { password: "SCRAM-SHA-256", kept: "SCRAM-SHA-256" },
  ],
  [
    "SASL, XEP-0474, list changed",
    { sasl: BOTH, proof: "tampered" },
    { password: "server-not-proven", kept: "nothing" },
  ],
  [
    "SASL 2, XEP-0474",
    { sasl: ["PLAIN"], sasl2: { mechanisms: BOTH }, proof: "true" },
    { password: "SCRAM-SHA-256", kept: "SCRAM-SHA-256" },
  ],
  [
    "SASL 2, XEP-0474, list changed",
    { sasl2: { mechanisms: BOTH }, proof: "tampered" },
    { password: "server-not-proven", kept: "nothing" },
  ],
  [
    "SASL 2 with Bind 2",
    { sasl2: { mechanisms: BOTH, bind: BIND, resumption: true } },
    { password: "SCRAM-SHA-256", kept: "SCRAM-SHA-256" },
  ],
  [
    "SASL 2 with Bind 2 and tokens",
    { sasl2: { mechanisms: BOTH, bind: BIND, resumption: true, tokens: [TOKEN] } },
    { password: "SCRAM-SHA-256", kept: TOKEN },
  ],
  [
    "SASL 2 with tokens, without Bind 2",
    { sasl2: { mechanisms: ["SCRAM-SHA-1"], tokens: [TOKEN] } },
    { password: "SCRAM-SHA-1", kept: TOKEN },
  ],
  [
    "SASL 2, PLAIN only, with tokens, agreed",
    { sasl2: { mechanisms: ["PLAIN"], bind: BIND, tokens: [TOKEN] } },
    { password: "PLAIN", kept: TOKEN, plain: true },
  ],
  [
    "SASL 2, tokens that need channel binding only",
    { sasl2: { mechanisms: BOTH, bind: BIND, tokens: ["HT-SHA-256-EXPR"] } },
    { password: "SCRAM-SHA-256", kept: "SCRAM-SHA-256" },
  ],
];

for (const [what, script, expected] of SCRIPTED) {
  test(`scripted: ${what}`, async (context) => {
    for (const transport of ["starttls", "tls"] as const) {
      scripted.get(transport)?.play(script);
      const endpoint = `${transport}://localhost:${SCRIPTED_PORTS[transport]}`;
      await check(context, [what, transport, endpoint], expected);
    }
  });
}
