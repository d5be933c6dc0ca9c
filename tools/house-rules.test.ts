import assert from "node:assert/strict";
import { test } from "node:test";
import { checkHouses, checkLockFile, checkManifest, checkStyles } from "./house-rules.ts";

const rules: readonly {
  readonly name: string;
  readonly path: string;
  readonly text: string;
  readonly says: string[];
}[] = [
  {
    name: "the page may import the contract",
    path: "web/engine/a.ts",
    text: `import type { Seq } from "../../worker/contract/names.ts";`,
    says: [],
  },
  {
    name: "the page may not import another file of the edge",
    path: "web/a.ts",
    text: `import { x } from "../worker/gate.ts";`,
    says: ["web/ imports worker/gate.ts"],
  },
  {
    name: "nor may its scaffolding, but for the schemas of calls in one file",
    path: "web/engine/testing/scripted-object.ts",
    text: `import { callArguments } from "../../../worker/arguments.ts";`,
    says: ["web/ imports worker/arguments.ts"],
  },
  {
    name: "the scripted edge reads calls by the Worker's schemas",
    path: "web/engine/testing/scripted-edge.ts",
    text: `import { callArguments } from "../../../worker/arguments.ts";\nimport "../../../worker/gate.ts";`,
    says: ["web/ imports worker/gate.ts"],
  },
  {
    name: "the page may not import the object",
    path: "web/engine/a.ts",
    text: `const m = await import("../../durable/log/log.ts");`,
    says: ["web/ imports durable/log/log.ts"],
  },
  {
    name: "the object may not import the page",
    path: "durable/xep/a.ts",
    text: `import "../../web/main.ts";`,
    says: ["durable/ imports web/main.ts"],
  },
  {
    name: "the contract imports nothing but its own files",
    path: "worker/contract/frames.ts",
    text: `import type { Seq } from "./names.ts";\nimport * as v from "valibot";\nimport type { Jid } from "../shared/jid.ts";`,
    says: ["the contract imports valibot", "the contract imports ../shared/jid.ts"],
  },
  {
    name: "all houses may import what they share",
    path: "web/a.ts",
    text: `import { drop } from "../worker/shared/drop.ts";`,
    says: [],
  },
  {
    name: "the object asks the world outside as the Worker does",
    path: "durable/a.ts",
    text: `import { publicName } from "../worker/network/names.ts";`,
    says: [],
  },
  {
    name: "pages know nothing of the world outside",
    path: "web/a.ts",
    text: `import { publicName } from "../worker/network/names.ts";`,
    says: ["web/ imports worker/network/names.ts"],
  },
  {
    name: "what is shared imports no package and no house",
    path: "worker/shared/a.ts",
    text: `import "valibot";`,
    says: ["what all houses share imports valibot"],
  },
  {
    name: "what is shared knows nothing of the edge",
    path: "worker/shared/a.ts",
    text: `import { x } from "../gate.ts";`,
    says: ["worker/ imports worker/gate.ts"],
  },
  {
    name: "S20: nothing but the one function writes into a console",
    path: "durable/a.ts",
    text: "console.log(stanza);",
    says: ["uses console"],
  },
  {
    name: "S20: nor by another name of it",
    path: "web/engine/a.ts",
    text: "const { error } = globalThis.console;",
    says: ["uses console"],
  },
  {
    name: "S20: nor by handing an error to the platform",
    path: "web/ui/a.tsx",
    text: "reportError(error);",
    says: ["uses reportError"],
  },
  {
    name: "S20: the one function is given words of the source, never what was being worked on",
    path: "web/engine/a.ts",
    text: "report(whose + jid, error);",
    says: ["uses report(w"],
  },
  {
    name: "S20: words of the source may stand there, and the one function may write",
    path: "worker/shared/report.ts",
    text: 'console.error(what); report("it failed", error);',
    says: [],
  },
  {
    name: "markup from text is refused",
    path: "web/ui/a.tsx",
    text: "node.innerHTML = text;",
    says: ["uses innerHTML"],
  },
  {
    name: "a comment may name it",
    path: "web/ui/a.tsx",
    text: "// never innerHTML\nnode.textContent = text;",
    says: [],
  },
  {
    name: "certificates are verified for the name dialled",
    path: "durable/link/transport/tcp.ts",
    text: "socket.startTls({ expectedServerHostname })",
    says: ["uses expectedServerHostname"],
  },
  {
    name: "A12: neither Worker nor object makes keys of a password",
    path: "durable/link/sasl/scram.ts",
    text: `crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"])`,
    says: [`uses "PBKDF2`],
  },
  {
    name: "A12: the browser does, by a file of its own",
    path: "worker/shared/scram-keys.ts",
    text: `crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"])`,
    says: [],
  },
  {
    name: "A12: which an account's object may not use",
    path: "durable/calls/a.ts",
    text: `import { makeScramKeys } from "../../worker/shared/scram-keys.ts";`,
    says: ["durable/ imports worker/shared/scram-keys.ts"],
  },
  {
    name: "A12: nor may the Worker",
    path: "worker/a.ts",
    text: `import { makeScramKeys } from "./shared/scram-keys.ts";`,
    says: ["worker/ imports worker/shared/scram-keys.ts"],
  },
  {
    name: "the gateway signs itself in",
    path: "durable/gateway/a.ts",
    text: `import { makeScramKeys } from "../../worker/shared/scram-keys.ts";`,
    says: [],
  },
];

for (const { name, path, text, says } of rules) {
  test(name, () => {
    assert.deepEqual(
      checkHouses([{ path, text }]).map((finding) => finding.says),
      says,
    );
  });
}

test("packages are declared at one version, those of a set at that of the set", () => {
  const check = (dependencies: object, devDependencies = {}) =>
    checkManifest(JSON.stringify({ name: "alcove", dependencies, devDependencies })).map((finding) => finding.says);
  assert.deepEqual(check({ idb: "8.0.4", "@xmpp/client": "0.14.0", "@xmpp/xml": "0.14.0" }, { a: "1.2.3-beta.1" }), []);
  assert.deepEqual(check({}, { a: "24", b: "^1.0.0", c: "*" }), [
    "a is not declared at one version",
    "b is not declared at one version",
    "c is not declared at one version",
  ]);
  assert.deepEqual(check({ "@xmpp/client": "0.14.0", "@xmpp/xml": "0.15.0" }), [
    "@xmpp/xml is 0.15.0, but @xmpp/client is 0.14.0",
  ]);
});

const PACKAGE = "node_modules/a";
const locks: readonly { readonly name: string; readonly entry: object; readonly says: readonly string[] }[] = [
  { name: "a locked package has its hash", entry: { version: "1.0.0", integrity: "sha512-x" }, says: [] },
  {
    name: "a locked package without a hash is refused, even one that is for another system",
    entry: { version: "1.0.0", optional: true, os: ["darwin"] },
    says: ["node_modules/a has no SHA-512 hash (`integrity`)"],
  },
  {
    name: "a locked package with a weaker hash is refused",
    entry: { integrity: "sha1-x" },
    says: ["node_modules/a has no SHA-512 hash (`integrity`)"],
  },
  {
    name: "a locked package with a download address is refused",
    entry: { integrity: "sha512-x", resolved: "https://registry.example/x.tgz" },
    says: ["node_modules/a has a download address (`resolved`); see .npmrc"],
  },
];

for (const { name, entry, says } of locks) {
  test(name, () => {
    const found = checkLockFile(JSON.stringify({ packages: { "": { name: "alcove" }, [PACKAGE]: entry } }));
    assert.deepEqual(
      found.map((finding) => finding.says),
      says,
    );
  });
}

const sided = [
  { rule: "margin-left: 1px;", found: true },
  { rule: "left: 0;", found: true },
  { rule: "border-right: 1px solid;", found: true },
  { rule: "border-top-left-radius: 0;", found: true },
  { rule: "text-align: right;", found: true },
  { rule: "padding: var(--s1) var(--s2) 0 var(--s3);", found: true },
  { rule: "transform: translateX(1rem);", found: true },
  { rule: "padding: 0 var(--s2) max(var(--s3), env(safe-area-inset-bottom));", found: false },
  { rule: "inset: 0 auto 0 auto;", found: false },
  { rule: "transform: translateX(calc(var(--along) * 1rem));", found: false },
  { rule: "inset-inline-start: 0; /* not left: 0; */", found: false },
  { rule: "margin-inline: 0 var(--left);", found: false },
];

for (const { rule, found } of sided)
  test(`a style sheet that says \`${rule}\` is ${found ? "refused" : "in order"}`, () => {
    assert.equal(checkStyles([{ path: "web/style/a.css", text: `.a {\n  ${rule}\n}` }]).length, found ? 1 : 0);
  });
