/**
 * The headers that browsers get, of the real asset server and of the Worker behind it: wrangler's, which stands for the
 * platform's, and that of one's own server, side by side.
 */
import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { after, before, describe, test } from "node:test";
import { startDevWorker } from "../../tools/dev-worker.ts";
import type { ProcessGroup } from "../../tools/process-group.ts";
import { inProject } from "../../tools/project.ts";
import { BUNDLE_VARIABLE, bundleWorker } from "../../tools/worker-bundle.ts";
import { ANSWER_HEADERS, CONTENT_SECURITY_POLICY } from "../../worker/headers.ts";
import { makeRelease, startOwnServer } from "../own-server/own-server.ts";
import { claimPorts } from "../xmpp-server/ports.ts";

/** What `web/_headers` has to say, written down a second time. */
const ONE_PACKET_BYTES = 1_000;
const PAGE_HEADERS = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src blob:; font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; object-src 'none'; frame-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types url",
  "integrity-policy": "blocked-destinations=(script)",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
  "cross-origin-resource-policy": "same-origin",
  "origin-agent-cluster": "?1",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "permissions-policy":
    "accelerometer=(), autoplay=(), browsing-topics=(), camera=(self), display-capture=(), encrypted-media=(), fullscreen=(self), geolocation=(), gyroscope=(), hid=(), identity-credentials-get=(), idle-detection=(), local-fonts=(), magnetometer=(), microphone=(self), midi=(), payment=(), picture-in-picture=(), publickey-credentials-create=(self), publickey-credentials-get=(self), screen-wake-lock=(), serial=(), storage-access=(), usb=(), window-management=(), xr-spatial-tracking=()",
  "strict-transport-security": "max-age=63072000",
  "cache-control": "no-cache, no-transform",
} as const;
const SERVICE_WORKER = "/service-worker.js";
/** No hash can be named for what a worker imports: browsers would refuse what reads a push. */
const { "integrity-policy": _, ...SERVICE_WORKER_HEADERS } = PAGE_HEADERS;
const FOR_EVER = "public, max-age=31536000, immutable";
/** Headers that describe the body or the server, and let a page do nothing. */
const HARMLESS = new Set(
  "cf-cache-status connection content-encoding content-length content-type date etag keep-alive location transfer-encoding vary".split(
    " ",
  ),
);
const NAVIGATION = { "sec-fetch-mode": "navigate", "sec-fetch-dest": "document", accept: "text/html" };

type Answer = {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly bytes: Buffer;
  readonly body: string;
};

/** Bundle and state folder → what serves at that port. */
type Start = (bundle: string, state: string, port: number) => Promise<ProcessGroup>;

const SERVERS: Readonly<Record<string, Start>> = {
  wrangler: async (bundle, state, port) => {
    const secrets = join(state, "secrets.env");
    await writeFile(secrets, "NAME_SECRET=not-secret\nCOOKIE_SECRET=not-secret-either\n");
    const shared = { persist: join(state, "worker"), secrets, variables: {}, authorities: [] };
    return (await startDevWorker({ ...shared, port, inspectorPort: port + 1, bundle })).group;
  },
  "own server": async (bundle, state, port) => {
    const release = await makeRelease(join(state, "release"), { bundle });
    const settings = `origin = "http://localhost:${port}"\nlisten = "127.0.0.1:${port}"\nallowed_domains = []\n`;
    return (await startOwnServer(release, join(state, "data"), settings)).group;
  },
};

let url: string;

for (const [name, start] of Object.entries(SERVERS)) {
  describe(name, () => {
    let state: string;
    let server: ProcessGroup;
    before(async () => {
      const port = await claimPorts();
      url = `http://localhost:${port}`;
      state = await mkdtemp(join(tmpdir(), "alcove-headers-"));
      const made = process.env[BUNDLE_VARIABLE];
      server = await start(
        made ?? (await bundleWorker(inProject("worker/index.ts"), join(state, "bundle"))),
        state,
        port,
      );
    });
    after(async () => {
      await server?.stop();
      await rm(state, { recursive: true, force: true });
    });
    testHeaders();
  });
}

/** The path goes out as it is written here, and no header is merged or dropped. */
function ask(method: string, path: string, headers: Readonly<Record<string, string>> = NAVIGATION): Promise<Answer> {
  const { port } = new URL(url);
  return new Promise((resolve, reject) => {
    const asked = request({
      host: "127.0.0.1",
      port,
      method,
      path,
      headers: { host: `localhost:${port}`, ...headers },
    });
    asked.on("error", reject);
    asked.on("response", (answer) => {
      const pieces: Buffer[] = [];
      answer.on("data", (piece: Buffer) => pieces.push(piece));
      answer.on("end", () => {
        const { rawHeaders: raw } = answer;
        const pairs = raw.flatMap((name, at) =>
          at % 2 === 0 ? [[name.toLowerCase(), raw[at + 1] ?? ""] as const] : [],
        );
        const bytes = Buffer.concat(pieces);
        resolve({ status: answer.statusCode ?? 0, headers: pairs, bytes, body: bytes.toString() });
      });
    });
    asked.end();
  });
}

/** Everything that a browser obeys, each header once. */
function obeyed({ headers }: Answer): Record<string, string> {
  const kept = headers.filter(([name]) => !HARMLESS.has(name));
  assert.equal(new Set(kept.map(([name]) => name)).size, kept.length, `twice: ${JSON.stringify(kept)}`);
  return Object.fromEntries(kept);
}

async function assets(): Promise<readonly string[]> {
  return (await readdir(inProject("dist/web/assets"))).map((name) => `/assets/${name}`);
}

function testHeaders(): void {
  test("S19: the built page has web/_headers byte for byte", async () => {
    assert.deepEqual(await readFile(inProject("dist/web/_headers")), await readFile(inProject("web/_headers")));
  });

  test("S19: the page has exactly these headers, each once, and no other that a browser obeys", async () => {
    const answer = await ask("GET", "/");
    assert.equal(answer.status, 200);
    assert.match(answer.body, /^<!doctype html>/);
    assert.deepEqual(obeyed(answer), PAGE_HEADERS);
  });

  test("S19: HSTS speaks of this host alone, on every answer", async () => {
    for (const path of ["/", "/icon.svg", "/nothing", "/api/none"]) {
      const { "strict-transport-security": hsts } = obeyed(await ask("GET", path));
      assert.equal(hsts, "max-age=63072000", path);
    }
  });

  test("manifest, icon, service worker, an address that leads on, a method that is refused: headers as the page", async () => {
    const others = [
      ["GET", "/alcove.webmanifest", 200],
      ["GET", SERVICE_WORKER, 200],
      ["GET", "/icon.svg", 200],
      ["HEAD", "/", 200],
      ["GET", "/index.html", 307],
      ["GET", "/index", 307],
      ["GET", "//evil.example/..", 307],
      ["POST", "/", 405],
      ["OPTIONS", "/", 405],
    ] as const;
    for (const [method, path, status] of others) {
      const answer = await ask(method, path);
      assert.equal(answer.status, status, path);
      assert.deepEqual(obeyed(answer), path === SERVICE_WORKER ? SERVICE_WORKER_HEADERS : PAGE_HEADERS, path);
      const [, to] = answer.headers.find(([name]) => name === "location") ?? [];
      if (to !== undefined) assert.equal(new URL(to, url).origin, new URL(url).origin, path);
    }
  });

  test("D2: what has its hash in its name is kept for ever; the page and what has none is asked for anew", async () => {
    for (const path of await assets()) {
      const answer = await ask("GET", path, {});
      assert.equal(answer.status, 200);
      assert.deepEqual(obeyed(answer), { ...PAGE_HEADERS, "cache-control": FOR_EVER }, path);
    }
  });

  test("U9: the service worker is asked for anew each time, and names each file of this build", async () => {
    const answer = await ask("GET", SERVICE_WORKER, {});
    assert.deepEqual(obeyed(answer), SERVICE_WORKER_HEADERS);
    const [, type = ""] = answer.headers.find(([name]) => name === "content-type") ?? [];
    assert.match(type, /javascript/);
    for (const path of [...(await assets()), "/icon.svg", "/alcove.webmanifest"])
      assert.ok(answer.body.includes(`\\"${path}\\"`), path);
  });

  test("D16: scripts and styles are compressed on the wire, and no header forbids that", async () => {
    const heavy = (await assets()).filter((path) => /\.(?:js|css)$/.test(path));
    assert.ok(heavy.length > 2);
    for (const path of heavy) {
      const plain = await ask("GET", path, { "accept-encoding": "identity" });
      // What fits into one packet as it is gains nothing.
      if (plain.bytes.length < ONE_PACKET_BYTES) continue;
      const packed = await ask("GET", path, { "accept-encoding": "gzip" });
      const [, coding] = packed.headers.find(([header]) => header === "content-encoding") ?? [];
      assert.equal(coding, "gzip", path);
      assert.ok(packed.bytes.length < plain.bytes.length / 2, path);
      assert.deepEqual(gunzipSync(packed.bytes), plain.bytes, path);
      assert.deepEqual(obeyed(packed), obeyed(plain), path);
      assert.doesNotMatch(obeyed(packed)["cache-control"] ?? "", /no-transform/, path);
    }
  });

  test("D2: what is not there is a 404 that nobody keeps, never the page: it may be there a moment later", async () => {
    const missing = [
      "/assets/qr-AAAAAAAA.js",
      "/assets/",
      "/nothing",
      "/nothing.js",
      "/_headers",
      "/%00",
      "/%ff",
      "/API/x",
    ];
    for (const path of missing) {
      for (const headers of [NAVIGATION, {}]) {
        const answer = await ask("GET", path, headers);
        assert.equal(answer.status, 404, path);
        assert.equal(answer.body, "Not found", path);
        assert.deepEqual(obeyed(answer), lowerCase(ANSWER_HEADERS), path);
      }
    }
  });

  test("the Worker's own answers have the page's policy, byte for byte, and are never a page", async () => {
    assert.equal(CONTENT_SECURITY_POLICY, PAGE_HEADERS["content-security-policy"]);
    const own = { origin: url };
    const answers = [
      await ask("GET", "/api"),
      await ask("GET", "/api/none"),
      await ask("GET", "/api/none", own),
      await ask("POST", "/api/sign-in", {}),
      await ask("POST", "/api/sign-in", own),
      await ask("POST", "/api/call/unlock", own),
      await ask("GET", "/api/live", own),
      await ask("GET", "/api/%ff", own),
    ];
    for (const answer of answers) {
      assert.ok(answer.status >= 400, String(answer.status));
      assert.deepEqual(obeyed(answer), lowerCase(ANSWER_HEADERS));
      const [, type = ""] = answer.headers.find(([name]) => name === "content-type") ?? [];
      assert.match(type, /^(?:application\/json|text\/plain; charset=UTF-8)$/);
    }
  });

  test("nothing stands in the page itself: each script and style is of this origin and has its hash", async () => {
    const { body } = await ask("GET", "/");
    const tags = body.match(/<(?:script|style|link rel="(?:stylesheet|modulepreload|preload)")[^>]*>[^<]*/g) ?? [];
    assert.equal(tags.length, 3);
    for (const tag of tags)
      assert.match(tag, /^<[^>]*(?:src|href)="\/assets\/[^"]+"[^>]* integrity="sha384-[^"]{64}"[^>]*>\s*$/);
    assert.doesNotMatch(body, /\son[a-z]+=|\sstyle=|javascript:|https?:\/\/(?!www\.w3\.org)/i);
  });
}

function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
