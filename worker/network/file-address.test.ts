import assert from "node:assert/strict";
import { test } from "node:test";
import { fileAddress, isTrustworthy, leadsToPublic } from "./file-address.ts";

const reach = { ports: [[9_443, 9_443]] as const, trusted: [], own: "https://alcove.example.org" };
const taken = (text: string, trusted: readonly string[] = []) => fileAddress(text, { ...reach, trusted })?.href;

test("S10: files are fetched over https, at the ports where servers have them", () => {
  for (const port of ["", ":443", ":5281", ":5443", ":7443", ":8443", ":9443"])
    assert.ok(taken(`https://files.example.com${port}/a`), port);
  for (const port of [":22", ":25", ":80", ":5222", ":5223", ":5280", ":6379", ":8080", ":9444", ":65535"])
    assert.equal(taken(`https://files.example.com${port}/a`), undefined, port);
  assert.equal(taken("http://files.example.com/a"), undefined);
  assert.equal(taken("https://files.example.com/a#key"), "https://files.example.com/a");
});

test("S10: a page of this deployment is never fetched by itself, nor anything with a password in it", () => {
  assert.equal(taken("https://alcove.example.org/api/health"), undefined);
  assert.equal(taken("https://me@files.example.com/"), undefined);
  assert.equal(taken("https://:secret@files.example.com/"), undefined);
});

test("what the deployment's own server has named may be anywhere, in clear on the own machine alone", () => {
  const home = ["https://10.0.0.5:5281", "http://localhost:5280", "http://10.0.0.5:5280"];
  assert.equal(taken("https://10.0.0.5:5281/a", home), "https://10.0.0.5:5281/a");
  assert.equal(taken("http://localhost:5280/a", home), "http://localhost:5280/a");
  assert.equal(taken("http://10.0.0.5:5280/a", home), undefined);
  assert.equal(taken("http://localhost:5281/a", home), undefined, "another port is another server");
  assert.equal(taken("https://10.0.0.6:5281/a", home), undefined);
  assert.equal(isTrustworthy(new URL("ftp://localhost/")), false);
});

test("S10: DNS has the last word, but not about what the own server has named", async () => {
  const resolver = { addresses: async () => ({ kind: "found", addresses: ["93.184.216.34", "10.0.0.1"] }) as const };
  const url = new URL("https://files.example.com/a");
  assert.equal(await leadsToPublic(url, { ...reach, resolver }), false, "one private address among them");
  assert.equal(await leadsToPublic(url, { ...reach, trusted: [url.origin], resolver }), true);
});
