import assert from "node:assert/strict";
import { test } from "node:test";
import { cacheOf, isAnswer, isOf, outdated, type Road, roadOf, type Shell } from "./shell.ts";

const ORIGIN = "https://chat.example.org";
const SHELL: Shell = { version: "b", entry: "/assets/index-b.js", files: ["/assets/index-b.js", "/icon.svg"] };

const ROADS: readonly (readonly [what: string, asked: { method?: string; mode?: string; path: string }, Road])[] = [
  ["the page", { mode: "navigate", path: "/" }, "anew"],
  ["the page with a query", { mode: "navigate", path: "/?x" }, "anew"],
  ["another address that somebody types", { mode: "navigate", path: "/api/health" }, "network"],
  ["a script of this release", { path: "/assets/index-b.js" }, "kept"],
  ["a script of the release before, in a tab that is still open", { path: "/assets/aside-a.js" }, "kept"],
  ["the icon, which has no hash", { path: "/icon.svg" }, "anew"],
  ["a call", { method: "POST", path: "/api/call/send" }, "network"],
  ["what an account is asked", { path: "/api/live" }, "network"],
  ["a file that is not ours", { path: "/robots.txt" }, "network"],
];

for (const [what, { method = "GET", mode = "cors", path }, road] of ROADS)
  test(`U9: ${what} goes by ${road}`, () => {
    assert.equal(roadOf({ method, mode, url: ORIGIN + path }, ORIGIN, SHELL), road);
  });

test("U9: another origin is none of the service worker's business", () => {
  const url = "https://evil.example/assets/index-b.js";
  assert.equal(roadOf({ method: "GET", mode: "cors", url }, ORIGIN, SHELL), "network");
});

test("U9: what stands before a server that is down does not speak for it; the server's own no does", () => {
  assert.deepEqual([200, 304, 403, 404, 429].map(isAnswer), [true, true, true, true, true]);
  assert.deepEqual([500, 502, 503, 523, 530].map(isAnswer), [false, false, false, false, false]);
});

test("U9: a page is kept only with the files that it names", () => {
  assert.ok(isOf('<script type="module" src="/assets/index-b.js" integrity="x">', SHELL));
  assert.ok(!isOf('<script type="module" src="/assets/index-c.js" integrity="x">', SHELL), "a release came in between");
});

test("U9: of older releases one is left, for tabs that are still open; caches of others stay", () => {
  const names = ["alcove-shell-x", "other", "alcove-shell-y", "alcove-shell-a", cacheOf(SHELL)];
  assert.deepEqual(outdated(names, SHELL), ["alcove-shell-x", "alcove-shell-y"]);
  assert.deepEqual(outdated(["alcove-shell-a", cacheOf(SHELL)], SHELL), []);
});
