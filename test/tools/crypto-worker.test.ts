/** What the built crypto worker is made of: the browser's own cryptography, and none that the libraries bring along. */
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { inProject } from "../../tools/project.ts";

const ASSETS = inProject("dist/web/assets");
const LIMIT_BYTES = 60_000;
/** Fetched once, while nobody waits. */
const READER_LIMIT_BYTES = 70_000;
const PACKAGES = "node_modules";
const LIBRARY = "@privacyresearch/libsignal-protocol";
/** Names that no minifier changes, and where they come from. */
const CANARIES = [
  ["_curve25519_donna", "@privacyresearch/curve25519-typescript/lib/built/curveasm.js"],
  ["isInMontgomeryForm", `${LIBRARY}-typescript/lib/msrcrypto.js`],
  ["FingerprintGenerator", `${LIBRARY}-typescript/lib/fingerprint-generator.js`],
  ["IncomingPushMessageSignal", `${LIBRARY}-protobuf-ts/lib/generated/protos/PushMessages.js`],
  ["getNumBitsAbs", "long/umd/index.js"],
  ["index out of range: ", "protobufjs/src/reader.js"],
  ["Got salt of incorrect length", `${LIBRARY}-typescript/lib/internal/crypto.js`],
  ["a/b compare too short", `${LIBRARY}-typescript/lib/helpers.js`],
  ["Over 2000 messages into the future!", `${LIBRARY}-typescript/lib/session-cipher.js`],
  ["multiple open sessions", `${LIBRARY}-typescript/lib/session-record.js`],
  ["Invalid string. Length must be a multiple of 4", "base64-js/index.js"],
] as const;

async function scriptOf(
  name: "engine-worker" | "engine-later" | "push-reader",
): Promise<{ file: string; content: string }> {
  const file = (await readdir(ASSETS)).find((one) => one.startsWith(`${name}-`) && one.endsWith(".js"));
  assert.ok(file, `there is ${name} in the build`);
  return { file, content: await readFile(join(ASSETS, file), "utf8") };
}

test("the library's compiled curve, its stand-in for WebCrypto, its message formats and what else nothing calls of it are not shipped", async () => {
  const { content: first } = await scriptOf("engine-worker");
  const { content: second } = await scriptOf("engine-later");
  const { content: reader } = await scriptOf("push-reader");
  for (const content of [first, reader]) assert.ok(content.includes("X25519"), "our own curve is");
  for (const [canary, file] of CANARIES) {
    assert.ok((await readFile(inProject(`${PACKAGES}/${file}`), "utf8")).includes(canary), `${canary} is in ${file}`);
    assert.ok(!`${first}${second}${reader}`.includes(canary), `${canary} is shipped`);
  }
});

test("the crypto worker is fetched in at most 60 kB", async () => {
  const { length } = gzipSync((await scriptOf("engine-worker")).content);
  assert.ok(length <= LIMIT_BYTES, `${length} bytes`);
});

test("the engine's second script is asked for by its name, has the first one's parts from there, and is kept for a start without the server", async () => {
  const [first, second] = await Promise.all([scriptOf("engine-worker"), scriptOf("engine-later")]);
  assert.equal(first.content.split(second.file).length - 1, 2, "once to fetch it, once to import it");
  const imports = [...second.content.matchAll(/\b(?:import|export)\b[^"'`;]*\bfrom\s*["'`]([^"'`]+)/g)].map(
    ([, from]) => from,
  );
  assert.deepEqual(imports, [`./${first.file}`]);
  const keeper = await readFile(inProject("dist/web/service-worker.js"), "utf8");
  for (const { file } of [first, second]) assert.ok(keeper.includes(`/assets/${file}`), file);
});

test("what reads pushes is one script that declares nothing, and the service worker has it before anything is pushed", async () => {
  const { file, content } = await scriptOf("push-reader");
  const trimmed = content.trim();
  assert.ok(trimmed.startsWith('(()=>{"use strict";') && trimmed.endsWith("})();"), "it is within a function");
  assert.ok(!/\bimport\s*[({*]|\bfrom\s*["'`]\.\//.test(content), "a service worker imports nothing later");
  const { length } = gzipSync(content);
  assert.ok(length <= READER_LIMIT_BYTES, `${length} bytes`);
  const keeper = await readFile(inProject("dist/web/service-worker.js"), "utf8");
  assert.ok(keeper.includes(`/assets/${file}`));
  assert.ok(keeper.length < 10_000, "what is privileged stays small");
});
