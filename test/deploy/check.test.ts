/** `--check` against the real Worker behind the real asset server, and against a host that does everything wrong. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { type Finding, findingsAt } from "../../tools/deploy/check.ts";
import { thisRelease } from "../../tools/deploy/release.ts";
import { type DevWorker, startDevWorker } from "../../tools/dev-worker.ts";
import { inProject } from "../../tools/project.ts";
import { BUNDLE_VARIABLE, bundleWorker } from "../../tools/worker-bundle.ts";
import { claimPorts } from "../xmpp-server/ports.ts";

const here = await thisRelease();
let state: string;
let worker: DevWorker;
let wrong: Server;
let wrongUrl: URL;

before(async () => {
  const port = await claimPorts();
  state = await mkdtemp(join(tmpdir(), "alcove-check-"));
  const secrets = join(state, "secrets.env");
  await writeFile(secrets, "NAME_SECRET=a-name-secret-of-32-characters-or-more\nCOOKIE_SECRET=not-secret-either\n");
  const bundle =
    process.env[BUNDLE_VARIABLE] ?? (await bundleWorker(inProject("worker/index.ts"), join(state, "bundle")));
  worker = await startDevWorker({
    ...{ persist: join(state, "worker"), secrets, authorities: [], port, inspectorPort: port + 1, bundle },
    variables: { ALLOWED_DOMAINS: "example.org", RELEASE: JSON.stringify(here) },
  });
  // As a host does that gives its page for whatever is asked: what browsers met before there was a 404.
  wrong = createServer((_, response) => {
    response.writeHead(200, { "content-type": "text/html", "cache-control": "public, max-age=31536000, immutable" });
    response.end('<!doctype html><script src="/assets/index-AAAAAAAA.js"></script>');
  });
  wrong.listen(port + 2, "127.0.0.1");
  await once(wrong, "listening");
  wrongUrl = new URL(`http://127.0.0.1:${port + 2}`);
});
after(async () => {
  wrong?.close();
  await worker?.group.stop();
  await rm(state, { recursive: true, force: true });
});

const bad = (findings: readonly Finding[]) => findings.flatMap(({ good, words }) => (good === false ? [words] : []));

test("D2, D13, D16: of a good deployment everything is good: headers, missing files, compression, objects, domains", async () => {
  const findings = await findingsAt(new URL(worker.url), "example.org", here);
  assert.deepEqual(bad(findings), []);
  const words = findings.map((finding) => finding.words).join("\n");
  for (const said of [
    /headers, byte for byte/,
    /is a 404 that nobody keeps/,
    /travels compressed/,
    /the objects answer/,
  ])
    assert.match(words, said);
  assert.match(words, /a domain that is not allowed is refused/);
});

test("D13: another release, and other domains than the settings say, are seen", async () => {
  const other = { ...here, contract: here.contract + 1, commit: "another" };
  const words = bad(await findingsAt(new URL(worker.url), "*", other)).join("\n");
  assert.match(words, new RegExp(`this folder has .* contract ${here.contract + 1}`));
  assert.match(words, /it says of domains "listed"; the settings: accounts of every domain/);
});

test("D2, D16: a page in place of missing files, kept for ever, uncompressed, without headers: all of it is said", async () => {
  const words = bad(await findingsAt(wrongUrl, "example.org", here)).join("\n");
  assert.match(words, /the page: content-security-policy is \[\]/);
  assert.match(words, /the page: cache-control is \["public, max-age=31536000, immutable"\]/);
  assert.match(words, /\/assets\/gone-AAAAAAAA\.js, asked for as a file, is a 404 that nobody keeps/);
  assert.match(words, /index-AAAAAAAA\.js travels compressed/);
  assert.match(words, /\/api\/health says how it is/);
});

test("D13: nobody there is said in a sentence", async () => {
  const [finding, ...more] = await findingsAt(new URL("http://127.0.0.1:1"), undefined, here);
  assert.match(finding?.words ?? "", /^http:\/\/127\.0\.0\.1:1 does not answer/);
  assert.deepEqual(more, []);
});
