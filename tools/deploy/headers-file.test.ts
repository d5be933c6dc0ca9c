import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { ANSWER_HEADERS } from "../../worker/headers.ts";
import { inProject } from "../project.ts";
import { headersAt, parseHeaders } from "./headers-file.ts";

const rules = parseHeaders(await readFile(inProject("web/_headers"), "utf8"));

test("D2: the page is asked for anew each time, an asset is kept for ever", () => {
  assert.equal(headersAt(rules, "/")["cache-control"], "no-cache, no-transform");
  assert.equal(headersAt(rules, "/assets/a.js")["cache-control"], "public, max-age=31536000, immutable");
});

test("D16: what is known by its hash may be compressed on its way; the page and answers stay as they are", () => {
  for (const path of ["/assets/index-A.js", "/assets/index-A.css"])
    assert.doesNotMatch(headersAt(rules, path)["cache-control"] ?? "", /no-transform/, path);
  for (const value of [headersAt(rules, "/")["cache-control"], ANSWER_HEADERS["Cache-Control"]])
    assert.match(value ?? "", /no-transform/);
});

test("the policy is the page's and the assets' alike", () => {
  const { "cache-control": _page, ...page } = headersAt(rules, "/");
  const { "cache-control": _asset, ...asset } = headersAt(rules, "/assets/a.js");
  assert.deepEqual(asset, page);
  assert.match(page["content-security-policy"] ?? "", /^default-src 'none'; /);
});

test("what the service worker imports is not refused for want of a hash: browsers know none for it", () => {
  const { "integrity-policy": policy, ...page } = headersAt(rules, "/");
  assert.equal(policy, "blocked-destinations=(script)");
  assert.deepEqual(headersAt(rules, "/service-worker.js"), page);
});
