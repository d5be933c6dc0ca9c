/** What the built crypto worker is made of: the browser's own cryptography, and none that the libraries bring along. */
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { inProject } from "../../tools/project.ts";

const ASSETS = inProject("dist/web/assets");
const LIMIT_BYTES = 66_000;
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
  ["multiple open sessions", `${LIBRARY}-typescript/lib/session-record.js`],
  ["Invalid string. Length must be a multiple of 4", "base64-js/index.js"],
] as const;

async function worker(): Promise<string> {
  const name = (await readdir(ASSETS)).find((file) => /^engine-worker-.*\.js$/.test(file));
  assert.ok(name, "there is a worker in the build");
  return readFile(join(ASSETS, name), "utf8");
}

test("the library's compiled curve, its stand-in for WebCrypto, its message formats and what else nothing calls of it are not shipped", async () => {
  const built = await worker();
  assert.ok(built.includes("X25519"), "our own curve is");
  for (const [canary, file] of CANARIES) {
    assert.ok((await readFile(inProject(`${PACKAGES}/${file}`), "utf8")).includes(canary), `${canary} is in ${file}`);
    assert.ok(!built.includes(canary), `${canary} is shipped`);
  }
});

test("the crypto worker is fetched in at most 66 kB", async () => {
  const { length } = gzipSync(await worker());
  assert.ok(length <= LIMIT_BYTES, `${length} bytes`);
});
