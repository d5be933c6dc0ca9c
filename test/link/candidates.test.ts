/** Several places where a server may be: one that does not do is passed over, and only where none does is it told why. */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer as createTlsServer } from "node:tls";
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { giveAccount } from "../account/domains.ts";
import { issueCertificate, makeAuthority } from "../xmpp-server/certificates.ts";
import { claimPorts } from "../xmpp-server/ports.ts";
import { startXmppServer, type XmppServer } from "../xmpp-server/prosody.ts";
import { clearServer, PROCEED, STARTTLS } from "./hostile-server.ts";
import { type LinkRuntime, type Opening, startLinkRuntime } from "./runtime.ts";

const PORT = await claimPorts();
const SECOND_PORT = PORT + 5;
const OTHER_PORT = PORT + 8;
const PASSWORD = "wonderland";
const SECOND = "second.test";

let folder: string;
let runtime: LinkRuntime;
/** A real server; over its WebSocket it offers no way of signing in, because that is not secure. */
let server: XmppServer;
/** Another real one, which has a domain that the first does not know. */
let second: XmppServer;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "alcove-candidates-"));
  const authority = await makeAuthority(join(folder, "certs"));
  const { certificate, key } = await issueCertificate(authority, {
    folder: join(folder, "certs"),
    file: "localhost",
    names: ["localhost"],
  });
  const ssl = `ssl = { certificate = "${certificate}", key = "${key}" }`;
  server = await startXmppServer({
    state: folder,
    basePort: PORT,
    accounts: [{ name: "alice", password: PASSWORD }],
    config: "consider_websocket_secure = false",
  });
  second = await startXmppServer({
    state: join(folder, "second"),
    basePort: SECOND_PORT,
    accounts: [],
    config: `VirtualHost "${SECOND}"\n${ssl}\n`,
  });
  await giveAccount(second.state, SECOND, PASSWORD);
  runtime = await startLinkRuntime(authority.certificate);
});

after(async () => {
  await runtime?.dispose();
  await server?.stop();
  await second?.stop();
  await rm(folder, { recursive: true, force: true });
});

function opening(domain: string, ...endpoints: readonly string[]): Opening {
  return {
    settings: {
      account: `alice@${domain}`,
      resource: "alcove",
      userAgent: "4f6a1c8e-53a1-4c0e-9d5b-2a3f0c9e7b11",
      endpoints: { [domain]: endpoints.join(" ") },
      allowedDomains: [],
    },
    credentials: { kind: "password", password: PASSWORD, plain: false },
  };
}

async function endpointOf(domain: string, ...endpoints: readonly string[]): Promise<string> {
  const result = await runtime.open(opening(domain, ...endpoints));
  await runtime.close();
  return result.ok ? result.value.endpoint : `${result.error.kind}: ${result.error.detail ?? ""}`;
}

test("A2: where the certificate does not hold for one name, the next one is tried", async () => {
  const byAddress = [`tls://127.0.0.1:${PORT + 1}`, `starttls://127.0.0.1:${PORT}`];
  assert.equal(await endpointOf("localhost", ...byAddress, server.endpoints.starttls), server.endpoints.starttls);
  assert.equal(await endpointOf("localhost", ...byAddress), "bad-certificate: 127.0.0.1");
});

test("N3: a server that knows no such name (alert 112, a scripted one) is passed over", async (context) => {
  const files = await issueCertificate(await makeAuthority(join(folder, "sni")), {
    folder: join(folder, "sni"),
    file: "localhost",
    names: ["localhost"],
  });
  const picky = createTlsServer({
    cert: readFileSync(files.certificate),
    key: readFileSync(files.key),
    SNICallback: (_name, done) => done(new Error("unrecognized name")),
  });
  picky.on("tlsClientError", (_error, socket) => socket.destroy());
  await new Promise<void>((resolve) => picky.listen(OTHER_PORT, "localhost", resolve));
  context.after(() => picky.close());
  const endpoints = [`tls://localhost:${OTHER_PORT}`, server.endpoints.tls];
  assert.equal(await endpointOf("localhost", ...endpoints), server.endpoints.tls);
});

test("A10: a WebSocket that offers no way of signing in is passed over", async () => {
  assert.equal(
    await endpointOf("localhost", server.endpoints.ws, server.endpoints.starttls),
    server.endpoints.starttls,
  );
  assert.equal(await endpointOf("localhost", server.endpoints.ws), "server-error: undefined-condition");
});

test("A10: a WebSocket of a server that does not know the domain is passed over", async () => {
  assert.equal(await endpointOf(SECOND, server.endpoints.ws, second.endpoints.starttls), second.endpoints.starttls);
  assert.equal(await endpointOf(SECOND, server.endpoints.ws), "unknown-domain: ");
});

test("A10: what the domain's own server says outranks silence, and a wrong password is asked nowhere else", async (context) => {
  const nobody = `starttls://localhost:${OTHER_PORT}`;
  assert.equal(await endpointOf(SECOND, server.endpoints.ws, nobody), "unknown-domain: ");
  const files = { certificate: join(folder, "certs/localhost.crt"), key: join(folder, "certs/localhost.key") };
  const next = await clearServer(OTHER_PORT, STARTTLS, { files, proceed: PROCEED });
  context.after(() => next.close());
  const wrong = opening("localhost", server.endpoints.starttls, nobody);
  const result = await runtime.open({ ...wrong, credentials: { kind: "password", password: "wrong", plain: false } });
  assert.equal(!result.ok && result.error.kind, "wrong-password");
  assert.equal(next.heard.clear, "");
});
