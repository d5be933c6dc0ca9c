import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Failure } from "../../worker/contract/failures.ts";
import {
  issueCertificate,
  makeAuthority,
  selfSignedCertificate,
  type CertificateFiles,
} from "../xmpp-server/certificates.ts";
import { startXmppServer } from "../xmpp-server/prosody.ts";
import {
  PLAIN_ONLY,
  PROCEED,
  STARTTLS,
  clearServer,
  otherServer,
  tlsProxy,
  tlsServer,
  type HostileServer,
} from "./hostile-server.ts";
import { startLinkRuntime, type LinkRuntime, type Opening, type SignedIn } from "./runtime.ts";
import { claimPorts } from "../xmpp-server/ports.ts";

const PORT = await claimPorts();
const PROSODY_PORT = PORT + 5;
/** Nobody gives up before it is known what stands there, but for whoever is there to be given up. */
const STEP_TIMEOUT_MS = 60_000;
const SHORT_STEP_MS = 700;
const PASSWORD = "wonderland";

let folder: string;
let runtime: LinkRuntime;
let good: CertificateFiles;
const DEFECTS = ["self-signed", "for another name", "expired", "of a chain that nobody knows"] as const;
let bad: Readonly<Record<(typeof DEFECTS)[number], CertificateFiles>>;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "alcove-refusal-"));
  const certs = join(folder, "certs");
  const authority = await makeAuthority(certs);
  const names = ["localhost"];
  good = await issueCertificate(authority, { folder: certs, file: "localhost", names });
  // Apart from the good one: Prosody takes any certificate of its folder that names the host.
  const apart = join(folder, "bad");
  bad = {
    "self-signed": await selfSignedCertificate({ folder: apart, file: "self", names }),
    "for another name": await issueCertificate(authority, { folder: apart, file: "other", names: ["other.example"] }),
    expired: await issueCertificate(authority, { folder: apart, file: "old", names, expired: true }),
    "of a chain that nobody knows": await chainOfStrangers(join(folder, "strangers"), names),
  };
  runtime = await startLinkRuntime(authority.certificate);
});

after(async () => {
  await runtime.dispose();
  await rm(folder, { recursive: true, force: true });
});

/** Right name, right time, complete up to its root; only that nobody trusts the root. */
async function chainOfStrangers(apart: string, names: readonly string[]): Promise<CertificateFiles> {
  const strangers = await makeAuthority(apart);
  const files = await issueCertificate(strangers, { folder: apart, file: "localhost", names });
  const chain = await Promise.all([files, strangers].map(({ certificate }) => readFile(certificate, "utf8")));
  await writeFile(files.certificate, chain.join(""));
  return files;
}

type Facing = { readonly plain?: boolean; readonly stepTimeoutMs?: number };

function opening(endpoint: string, more: Facing & { readonly account?: string } = {}): Opening {
  const account = more.account ?? "alice@localhost";
  const [, domain = ""] = account.split("@");
  return {
    settings: {
      account,
      resource: "alcove",
      userAgent: "4f6a1c8e-53a1-4c0e-9d5b-2a3f0c9e7b11",
      endpoints: { [domain]: endpoint },
      allowedDomains: [],
      stepTimeoutMs: more.stepTimeoutMs ?? STEP_TIMEOUT_MS,
    },
    credentials: { kind: "password", password: PASSWORD, plain: more.plain ?? false },
  };
}

async function refusal(endpoint: string, more: Facing = {}): Promise<Failure["kind"] | "none"> {
  const result = await runtime.open(opening(endpoint, more));
  return result.ok ? "none" : result.error.kind;
}

/** With an endpoint that works or not, but whatever happens the password stays here. */
async function facing(
  server: Promise<HostileServer>,
  endpoint: string,
  stepTimeoutMs?: number,
): Promise<{ readonly kind: string; readonly clear: string; readonly secured: string }> {
  const running = await server;
  const kind = await refusal(endpoint, { plain: true, ...(stepTimeoutMs !== undefined && { stepTimeoutMs }) });
  const { clear, secured } = running.heard;
  await running.close();
  assert.doesNotMatch(clear + secured, /<auth|<authenticate|<response/);
  return { kind, clear, secured };
}

for (const what of DEFECTS) {
  test(`STARTTLS with a certificate that is ${what} is refused and nothing is said inside TLS`, async () => {
    const server = clearServer(PORT, STARTTLS + PLAIN_ONLY, { files: bad[what], proceed: PROCEED });
    const { kind, clear, secured } = await facing(server, `starttls://localhost:${PORT}`);
    assert.equal(kind, "bad-certificate");
    assert.match(clear, /<starttls/);
    assert.equal(secured, "");
  });

  test(`direct TLS with a certificate that is ${what} is refused and nothing is said`, async () => {
    const { kind, secured } = await facing(tlsServer(PORT, bad[what]), `tls://localhost:${PORT}`);
    assert.equal(kind, "bad-certificate");
    assert.equal(secured, "");
  });

  test(`wss with a certificate that is ${what} is refused and nothing is said`, async () => {
    const { kind, secured } = await facing(tlsServer(PORT, bad[what]), `wss://localhost:${PORT}/ws`);
    assert.equal(kind, "bad-certificate");
    assert.equal(secured, "");
  });
}

test("a web server without XMPP behind wss is told from a bad certificate", async () => {
  assert.equal((await facing(tlsServer(PORT, good), `wss://localhost:${PORT}/ws`)).kind, "not-xmpp");
});

test("a server without TLS gets no password, though it offers PLAIN and the person agreed", async () => {
  const { kind, clear } = await facing(clearServer(PORT, PLAIN_ONLY), `starttls://localhost:${PORT}`);
  assert.equal(kind, "no-encryption");
  assert.doesNotMatch(clear, /<starttls/);
});

test("bytes that follow <proceed/> in clear text end the sign-in before TLS", async () => {
  const server = clearServer(PORT, STARTTLS, { files: good, proceed: `${PROCEED}<stream:features/>` });
  const { kind, secured } = await facing(server, `starttls://localhost:${PORT}`);
  assert.equal(kind, "no-encryption");
  assert.equal(secured, "");
});

for (const [what, text, expected] of [
  ["a web page", "HTTP/1.1 400 Bad Request\r\n\r\n<!DOCTYPE html>", "not-xmpp"],
  ["another protocol", "SSH-2.0-OpenSSH_9.9\r\n", "not-xmpp"],
  ["another root element", "<html><body>", "not-xmpp"],
  ["nothing", "", "timed-out"],
] as const) {
  test(`a port that says ${what} is told as ${expected}`, async () => {
    const stepMs = expected === "timed-out" ? SHORT_STEP_MS : STEP_TIMEOUT_MS;
    assert.equal((await facing(otherServer(PORT, text), `starttls://localhost:${PORT}`, stepMs)).kind, expected);
  });
}

test("a port that nobody listens on is told as refused", async () => {
  for (const endpoint of [`starttls://localhost:${PORT}`, `tls://localhost:${PORT}`, `wss://localhost:${PORT}/ws`]) {
    assert.equal(await refusal(endpoint), "refused", endpoint);
  }
});

test("a clear WebSocket to another machine is never dialled", async () => {
  assert.equal(await refusal("ws://xmpp.example.org/ws"), "no-encryption");
});

test("a server with nothing but PLAIN gets the password only where the person agreed, and over TLS", async (context) => {
  const server = await startXmppServer({
    state: folder,
    basePort: PROSODY_PORT,
    accounts: [{ name: "alice", password: PASSWORD }],
    config: `disable_sasl_mechanisms = { "SCRAM-SHA-1", "SCRAM-SHA-1-PLUS" }`,
  });
  context.after(() => server.stop());
  assert.equal(await refusal(server.endpoints.starttls), "only-plain");
  const agreed = await runtime.open(opening(server.endpoints.starttls, { plain: true }));
  assert.ok(agreed.ok);
  assert.equal(agreed.value.mechanism, "PLAIN");
  assert.equal(agreed.value.keys, undefined);
  await runtime.close();
  assert.equal(await refusal(server.endpoints.ws, { plain: true }), "no-mechanism");
});

test("SCRAM-SHA-256, over a WebSocket inside verified TLS, and a host the server does not know", async (context) => {
  const server = await startXmppServer({
    state: folder,
    basePort: PROSODY_PORT,
    accounts: [{ name: "carol", password: PASSWORD }],
    config: `password_hash = "SHA-256"`,
  });
  context.after(() => server.stop());
  const proxy = await tlsProxy(PORT, good, PROSODY_PORT + 2);
  context.after(() => proxy.close());
  const endpoint = `wss://localhost:${PORT}/xmpp-websocket`;
  const result = await runtime.open(opening(endpoint, { account: "carol@localhost" }));
  assert.ok(result.ok, JSON.stringify(result));
  assert.equal((result.value satisfies SignedIn).mechanism, "SCRAM-SHA-256");
  await runtime.close();

  const elsewhere = await runtime.open(opening(server.endpoints.tls, { account: "alice@elsewhere.example" }));
  assert.equal(!elsewhere.ok && elsewhere.error.kind, "unknown-domain");
});
