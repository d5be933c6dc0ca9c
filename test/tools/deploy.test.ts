import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { after, before, beforeEach, test } from "node:test";
import { inProject } from "../../tools/project.ts";
import { claimPorts } from "../xmpp-server/ports.ts";

/** Just enough of Cloudflare's API for wrangler to deploy one Worker; remembers what it was asked to change. */
const PORT = await claimPorts();
const NO_SUCH_WORKER = 10_007;
const NOT_FOUND = 404;

type Change = { readonly method: string; readonly path: string; readonly body: string };

let api: Server;
/** Names of the deployed Worker's secrets; undefined: there is no such Worker. */
let deployed: readonly string[] | undefined;
let changes: Change[] = [];

before(async () => {
  api = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const method = request.method ?? "";
      const path = (request.url ?? "").split("?")[0] ?? "";
      if (method !== "GET") changes.push({ method, path, body: Buffer.concat(parts).toString("latin1") });
      const result = answerTo(path);
      response.writeHead(result === undefined ? NOT_FOUND : 200, { "content-type": "application/json" });
      const errors = result === undefined ? [{ code: NO_SUCH_WORKER, message: "This Worker does not exist" }] : [];
      response.end(JSON.stringify({ success: result !== undefined, errors, messages: [], result: result ?? null }));
    });
  });
  api.listen(PORT, "127.0.0.1");
  await once(api, "listening");
});

after(() => api.close());

beforeEach(() => {
  changes = [];
});

function answerTo(path: string): unknown {
  const aboutWorker = /\/(?:secrets|services\/[^/]+)$/.test(path);
  if (aboutWorker && deployed === undefined) return undefined;
  if (path.endsWith("/secrets")) return deployed?.map((name) => ({ name, type: "secret_text" }));
  if (path.includes("/services/")) return { default_environment: { script: { last_deployed_from: "wrangler" } } };
  if (path.endsWith("/assets-upload-session")) return { jwt: "a.b.c", buckets: [] };
  if (path.endsWith("/deployments")) return { deployments: [] };
  if (path.endsWith("/workers/subdomain")) return { subdomain: "example" };
  return { id: "alcove", etag: "e", subdomain: { enabled: true, previews_enabled: true }, enabled: true };
}

type Outcome = { readonly code: number; readonly printed: string };

function deploy(...args: string[]): Promise<Outcome> {
  const env = {
    ...process.env,
    CLOUDFLARE_API_TOKEN: "a-token",
    CLOUDFLARE_ACCOUNT_ID: "an-account",
    CLOUDFLARE_API_BASE_URL: `http://127.0.0.1:${PORT}/client/v4`,
  };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [inProject("tools/deploy.ts"), ...args], { env }, (error, out, err) =>
      resolve({ code: error === null ? 0 : 1, printed: out + err }),
    );
    child.stdin?.end();
  });
}

function upload(): Change {
  const uploads = changes.filter(({ method, path }) => method === "PUT" && path.endsWith("/scripts/alcove"));
  assert.equal(uploads.length, 1);
  return uploads[0] as Change;
}

/** Names of the secrets that go up with the code. */
function secretsIn({ body }: Change): readonly string[] {
  const metadata = /\{"main_module".*\}/.exec(body)?.[0] ?? "{}";
  const { bindings = [] } = JSON.parse(metadata) as { bindings?: readonly { name: string; type: string }[] };
  return bindings.filter(({ type }) => type === "secret_text").map(({ name }) => name);
}

test("the first deployment takes both secrets up together with the code and prints neither", async () => {
  deployed = undefined;
  const { code, printed } = await deploy();
  assert.equal(code, 0, printed);
  assert.deepEqual([...secretsIn(upload())].sort(), ["COOKIE_SECRET", "NAME_SECRET"]);
  const values = [...upload().body.matchAll(/"text":"([\w-]{43})"/g)].map((match) => match[1] ?? "");
  assert.equal(values.length, 2);
  for (const value of values) assert.equal(printed.includes(value), false);
});

test("a later deployment leaves the secrets as they are", async () => {
  deployed = ["NAME_SECRET", "COOKIE_SECRET"];
  const { code, printed } = await deploy();
  assert.equal(code, 0, printed);
  assert.deepEqual(secretsIn(upload()), []);
  assert.match(upload().body, /"keep_bindings":\[[^\]]*"secret_text"/);
});

test("a Worker that has lost its NAME_SECRET is not deployed over", async () => {
  deployed = ["COOKIE_SECRET"];
  assert.equal((await deploy()).code, 1);
  assert.deepEqual(changes, []);
});

test("a new NAME_SECRET is refused, whoever asks", async () => {
  deployed = ["NAME_SECRET", "COOKIE_SECRET"];
  assert.equal((await deploy("--replace-name-secret")).code, 1);
  assert.deepEqual(changes, []);
});
