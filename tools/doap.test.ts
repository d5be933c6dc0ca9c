import assert from "node:assert/strict";
import { test } from "node:test";
import { checkDoap } from "./doap.ts";

const entry = (number: string, more = "<xmpp:version>1.0</xmpp:version><xmpp:status>complete</xmpp:status>") =>
  `<xmpp:SupportedXep><xmpp:xep rdf:resource="https://xmpp.org/extensions/xep-${number}.html"/>${more}</xmpp:SupportedXep>`;
const says = (xeps: string, doap: string, header = "") =>
  checkDoap(xeps, doap, [{ path: "durable/xep/a.ts", text: header }]).map((finding) => finding.says);

const ROWS = "| RFC 6120 core | | |\n| XEP-0012 idle, 0030 OMEMO 0.3.0 | `a.ts` | XEP-0398 |\n";

test("both lists agree on which extensions there are", () => {
  assert.deepEqual(says(ROWS, entry("0012") + entry("0030")), []);
});

test("a row that machines are not told of says what to add", () => {
  const [finding = "", ...more] = says(ROWS, entry("0030"));
  assert.match(finding, /^lacks XEP-0012.*add <implements>.*xep-0012\.html.*<xmpp:status>/);
  assert.deepEqual(more, []);
});

test("an extension that people are not told of is found", () => {
  assert.deepEqual(says(ROWS, entry("0012") + entry("0030") + entry("0045")), [
    "has no row for XEP-0045, which alcove.doap names",
  ]);
});

test("each has a status, and a version where it is spoken", () => {
  const doap = entry("0012", "<xmpp:status>good</xmpp:status>") + entry("0030", "<xmpp:status>partial</xmpp:status>");
  assert.deepEqual(says(ROWS, doap), [
    "gives XEP-0012 no status of complete, partial, planned, removed, wontfix",
    "does not say which version of XEP-0030",
  ]);
  assert.deepEqual(says(ROWS, entry("0012", "<xmpp:status>wontfix</xmpp:status>") + entry("0030")), []);
});

test("the version is the one to which the code is written", () => {
  const doap = entry("0012") + entry("0030");
  const header = "// XEP-0030: Service Discovery, version 2.5;\n// XEP-0012: Last Activity, 1.1\n";
  assert.deepEqual(says(ROWS, doap, header), [
    "says version 1.0 of XEP-0030, durable/xep/a.ts is written to 2.5",
    "says version 1.0 of XEP-0012, durable/xep/a.ts is written to 1.1",
  ]);
  assert.deepEqual(says(ROWS, doap, "// XEP-0030: Service Discovery, version 1.0. XEP-0012: Last Activity, 1.0\n"), []);
});
