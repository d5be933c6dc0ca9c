/** What stands before the Worker on one's own server, in the real runtime: who asks, how often, and where connections may go. */
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { type IncomingHttpHeaders, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { inProject } from "../../tools/project.ts";
import { BUNDLE_VARIABLE, bundleWorker } from "../../tools/worker-bundle.ts";
import { ROUTES } from "../../worker/contract/routes.ts";
import { issueCertificate, makeAuthority } from "../xmpp-server/certificates.ts";
import { claimPorts } from "../xmpp-server/ports.ts";
import { makeRelease, type OwnServer, startOwnServer } from "./own-server.ts";

/** `simple.limit` of wrangler.toml. */
const LIMIT = 60;
const HOST = "chat.example.org";
const PEOPLE = 'allowed_domains = ["example.org"]\n';
/** No name server is asked where it is, which may take a second each time; and it is not dialled. */
const ENDPOINT = '[xmpp.endpoints]\n"example.org" = "starttls://localhost:1"\n';

const port = await claimPorts();
const TLS_PORT = port + 1;
const LOCAL_PORT = port + 2;
const XMPP_PORT = port + 3;

type Answer = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: string };

let state: string;
let ca: string;
const servers: OwnServer[] = [];

before(async () => {
  state = await mkdtemp(join(tmpdir(), "alcove-front-"));
  const made = process.env[BUNDLE_VARIABLE];
  const bundle = made ?? (await bundleWorker(inProject("worker/index.ts"), join(state, "bundle")));
  const release = await makeRelease(join(state, "release"), { bundle });
  const authority = await makeAuthority(join(state, "authority"));
  ca = await readFile(authority.certificate, "utf8");
  const pair = await issueCertificate(authority, { folder: state, file: "chat", names: [HOST] });
  const origin = `origin = "https://${HOST}"\n`;
  const start = async (name: string, settings: string) =>
    servers.push(await startOwnServer(release, join(state, name), settings));
  await start("proxied", `${origin}listen = "127.0.0.1:${port}"\n${PEOPLE}${ENDPOINT}`);
  await start(
    "tls",
    `${origin}listen = "127.0.0.1:${TLS_PORT}"\n${PEOPLE}[certificate]\nchain = "${pair.certificate}"\nkey = "${pair.key}"\n${ENDPOINT}`,
  );
  await start(
    "local",
    `origin = "http://localhost:${LOCAL_PORT}"\nlisten = "127.0.0.1:${LOCAL_PORT}"\n${PEOPLE}` +
      `[xmpp.endpoints]\n"example.org" = "starttls://localhost:${XMPP_PORT}"\n`,
  );
});
after(async () => {
  for (const { group } of servers) await group.stop();
  await rm(state, { recursive: true, force: true });
});

type Asked = {
  readonly port?: number;
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
};

function ask({ port: at = port, method = "GET", path = "/", headers = {}, body }: Asked): Promise<Answer> {
  const request = at === TLS_PORT ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const options = {
      host: "127.0.0.1",
      port: at,
      method,
      path,
      headers: { host: HOST, ...headers },
      ca,
      servername: HOST,
    };
    const asked = request(options, (answer) => {
      const pieces: Buffer[] = [];
      answer.on("data", (piece: Buffer) => pieces.push(piece));
      answer.on("end", () => {
        const text = Buffer.concat(pieces).toString();
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: text });
      });
    });
    asked.on("error", reject);
    asked.end(body);
  });
}

/** A first step of a sign-in that is refused behind the limit, if it gets there: nobody's server is looked for or asked. */
function knock(address: string, more: Readonly<Record<string, string>> = {}, at = port): Promise<Answer> {
  return ask({
    port: at,
    method: "POST",
    path: ROUTES.signIn,
    headers: { origin: `https://${HOST}`, "x-forwarded-proto": "https", "x-forwarded-for": address, ...more },
    body: JSON.stringify({ address: "somebody@example.org", name: "x", kind: "computer" }),
  });
}

const kindOf = ({ body }: Answer): string => (JSON.parse(body) as { error?: { kind: string } }).error?.kind ?? "ok";

test("D12: what the proxy has to say and does not is said to whoever set it up", async () => {
  const silent = await ask({});
  assert.deepEqual([silent.status, /X-Forwarded-Proto/.test(silent.body)], [400, true]);
  const half = await ask({ headers: { "x-forwarded-proto": "https" } });
  assert.deepEqual([half.status, /X-Forwarded-For/.test(half.body)], [400, true]);
  assert.equal(
    (await ask({ headers: { "x-forwarded-proto": "https", "x-forwarded-for": "198.51.100.1" } })).status,
    200,
  );
});

test("D12: clear text at the proxy is led to HTTPS, and another host name is not answered for", async () => {
  const clear = await ask({
    path: "/x?y",
    headers: { "x-forwarded-proto": "http", "x-forwarded-for": "198.51.100.1" },
  });
  assert.deepEqual([clear.status, clear.headers.location], [308, `https://${HOST}/x?y`]);
  assert.equal((await ask({ headers: { host: "other.example" } })).status, 421);
  for (const answer of [clear, await ask({ headers: { host: "other.example" } })])
    assert.match(String(answer.headers["content-security-policy"]), /^default-src 'none'/);
});

test("D12: sign-ins are counted by the client's address, and no header that it sends makes it another one", async () => {
  const refused = "203.0.113.7";
  await Promise.all(Array.from({ length: LIMIT }, () => knock(refused)));
  const lies: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
    [refused, {}],
    [`192.0.2.1, ${refused}`, {}],
    [`127.0.0.1, ${refused}`, {}],
    [refused, { "cf-connecting-ip": "192.0.2.2", "x-real-ip": "192.0.2.2", forwarded: "for=192.0.2.2" }],
  ];
  for (const [list, more] of lies) {
    const answer = await knock(list, more);
    assert.deepEqual([answer.status, kindOf(answer)], [429, "too-many-tries"], list);
  }
  assert.notEqual((await knock("203.0.113.8")).body, (await knock(refused)).body, "others are not meant");
});

test("D12: with a certificate of its own, headers of a proxy count for nothing", async () => {
  const page = await ask({ port: TLS_PORT });
  assert.equal(page.status, 200);
  await Promise.all(Array.from({ length: LIMIT }, (_, n) => knock(`198.51.100.${n}`, {}, TLS_PORT)));
  const answer = await knock("198.51.100.200", {}, TLS_PORT);
  assert.deepEqual([answer.status, kindOf(answer)], [429, "too-many-tries"]);
});

test("D12: an address of this machine is not dialled unless the configuration says so", async () => {
  let dialled = 0;
  const xmpp = createServer((socket) => {
    dialled += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => xmpp.listen(XMPP_PORT, "127.0.0.1", resolve));
  try {
    const answer = await ask({
      port: LOCAL_PORT,
      method: "POST",
      path: ROUTES.signIn,
      headers: { host: `localhost:${LOCAL_PORT}`, origin: `http://localhost:${LOCAL_PORT}` },
      body: JSON.stringify({ address: "somebody@example.org", name: "x", kind: "computer" }),
    });
    assert.equal(JSON.parse(answer.body).ok, false, answer.body);
    assert.equal(dialled, 0);
  } finally {
    xmpp.close();
  }
});
