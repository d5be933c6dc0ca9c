import assert from "node:assert/strict";
import { test } from "node:test";
import { checkGlossary, checkIds, checkPaths } from "./docs-rules.ts";
import type { Finding } from "./house-rules.ts";

const says = (findings: readonly Finding[]): readonly string[] => findings.map((finding) => finding.says);

/** Spelled apart, for this very file is searched for ids as well. */
const KNOWN = `T${"61"}`;
const MISSING = `T${"99"}`;
const RULES = `| | what is tried |\n|---|---|\n| ${KNOWN} | a stanza |\n`;

const named: readonly { readonly where: string; readonly path: string; readonly text: string }[] = [
  { where: "a test's name", path: "a.test.ts", text: `test("${MISSING}: what is not there", () => undefined);` },
  { where: "a test's name, as the second one", path: "a.test.ts", text: `it("${KNOWN}, ${MISSING}: both", () => 1);` },
  { where: "a comment", path: "a.ts", text: `/** Refused (${MISSING}). */` },
  { where: "a comment in SQL", path: "a.sql", text: `-- Refused (${MISSING}).` },
  { where: "a document", path: "a.md", text: `See ${MISSING}.` },
];
for (const { where, path, text } of named) {
  test(`an id without a rule is found in ${where}`, () => {
    assert.deepEqual(says(checkIds(RULES, [{ path, text }])), [
      `names ${MISSING}, which has no row in docs/rules.md, docs/field.md, docs/deploy-cases.md or docs/screens.md`,
    ]);
  });
}

test("an id of another letter is found where people write: in comments and documents", () => {
  const id = `Q${"7"}`;
  assert.equal(checkIds(RULES, [{ path: "a.ts", text: `// as ${id} says` }]).length, 1);
  assert.equal(checkIds(RULES, [{ path: "a.md", text: `as ${id} says` }]).length, 1);
  assert.deepEqual(checkIds(RULES, [{ path: "a.ts", text: `const key = "${id}";` }]), []);
});

test("what only looks like an id is none", () => {
  const texts = [
    `const path = "M12 8v5 S3 4 5 6";`,
    "Date.parse(`$" + "{day}T00:00:00Z`)",
    `/Linux|X11/`,
    `"2026-11-27T10:00:00Z"`,
    `"\\u{B7}"`,
  ];
  for (const text of texts) assert.deepEqual(checkIds(RULES, [{ path: "a.ts", text }]), [], text);
});

const PATHS = ["docs/a.md", "durable/link/link.ts", "durable/missing-case.ts", "web/missing-case.ts", "web/README.md"];
const paths = (text: string, path = "docs/a.md"): readonly string[] => says(checkPaths([{ path, text }], PATHS));

test("a path is whole, relative, the end of one path, a folder, or a pattern that meets something", () => {
  for (const name of [
    "durable/link/link.ts",
    "../web/missing-case.ts",
    "link.ts",
    "link/link.ts",
    "durable/link/",
    "durable/*/*.ts",
  ])
    assert.deepEqual(paths(`see \`${name}\``), [], name);
});

test("a path that is not there is found, in words and in links", () => {
  assert.deepEqual(paths("see `durable/link/gone.ts`"), ["names `durable/link/gone.ts`, which is not there"]);
  assert.deepEqual(paths("see `web/gone/`"), ["names `web/gone/`, which is not there"]);
  assert.deepEqual(paths("see `gone*.ts`"), ["names `gone*.ts`, which is not there"]);
  assert.deepEqual(paths("see [it](gone.md#part)"), ["links gone.md, which is not there"]);
});

test("the end of two paths says neither", () => {
  assert.deepEqual(paths("see `missing-case.ts`"), [
    "names `missing-case.ts`, which may be durable/missing-case.ts or web/missing-case.ts",
  ]);
  assert.deepEqual(paths("see `missing-case.ts`", "web/README.md"), []);
});

test("examples, addresses and commands are no paths", () => {
  assert.deepEqual(paths("`6-….sql` `urn:xmpp:omemo:2` `npm` `wss://host/a.html` [x](https://a.example/b.md)"), []);
  assert.deepEqual(paths("```\nweb/gone.ts\n```"), []);
});

test("a document without a way to the glossary is found", () => {
  assert.equal(checkGlossary([{ path: "README.md", text: "words" }]).length, 1);
  assert.deepEqual(checkGlossary([{ path: "docs/a.md", text: "see the [glossary](glossary.md)." }]), []);
});
