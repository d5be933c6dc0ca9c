/** What is behind a link, through a real Worker and a real object: pages of a hostile world, who may ask, and how often. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { type LinkPreview, PREVIEW_LIMITS, PREVIEW_ROUTE } from "../../worker/contract/preview.ts";
import type { Failure } from "../../worker/contract/failures.ts";
import { HOSTILE_PAGES, type HostileWorld, startHostileWorld } from "../../worker/preview/testing/hostile-world.ts";
import { SITE } from "../../worker/preview/testing/hostile-page.ts";
import type { ScriptedBrowser } from "../scripted-browser.ts";
import { type Stack, startStack } from "../stack.ts";
import { ALICE, BOB, browserOf } from "./people.ts";
import { memoryOf } from "./files.ts";

const MEGABYTE = 1024 * 1024;
const MINUTE_MS = 60_000;

let world: HostileWorld;
let stack: Stack;
let alice: ScriptedBrowser;

before(async () => {
  world = await startHostileWorld();
  stack = await startStack({ name: "previews", endpoint: "starttls", variables: { TEST_WORLD: world.origin } });
  alice = await browserOf(stack, ALICE);
});
after(async () => {
  await stack?.stop();
  await world?.close();
});

const preview = (browser: ScriptedBrowser, url: string) => browser.post<LinkPreview>(PREVIEW_ROUTE, { url });

const linkOf = (path: string) => (path.startsWith("/") ? `https://${SITE}${path}` : path);

test("S10: each page of a hostile world shows what it may, and nothing private is asked", async (context) => {
  const memory = await memoryOf(stack);
  const before = await memory.now();
  for (const [at, { what, path, shown }] of HOSTILE_PAGES.entries()) {
    // So many in a minute, and no more.
    const minutes = at / PREVIEW_LIMITS.aMinute;
    if (Number.isInteger(minutes)) await stack.setClock((minutes + 1) * (MINUTE_MS + 1));
    const answer = await preview(alice, linkOf(path));
    const { picture, ...said } = answer.ok ? answer.value : { picture: undefined };
    const seen = answer.ok ? { ...said, ...(picture !== undefined && { picture: true }) } : answer.error;
    assert.deepEqual(
      seen,
      typeof shown === "string" ? ({ kind: "file", detail: shown } satisfies Failure) : shown,
      what,
    );
  }
  assert.ok(world.asked.length > 40);
  for (const { place, headers } of world.asked) {
    assert.match(place, /^(?:site|other)\.alcove-corpus\.net\//);
    for (const name of ["cookie", "referer", "origin", "x-alcove-for", "x-alcove-proof"])
      assert.equal(headers[name], undefined, name);
    assert.equal(headers["user-agent"], "Alcove-link-preview/1");
  }
  const more = (await memory.most()) - before;
  context.diagnostic(`${Math.round(more / MEGABYTE)} MB more`);
  assert.ok(more < 96 * MEGABYTE, `${Math.round(more / MEGABYTE)} MB more`);
  assert.ok(!(await readFile(stack.workerLog, "utf8")).includes(SITE), "no link is in the log");
});

test("S10: only a browser of an account asks, from its own page, by its own key", async () => {
  const asked = world.asked.length;
  const body = JSON.stringify({ url: `https://${SITE}/good` });
  const post = async (headers: Record<string, string>) =>
    (await fetch(stack.url + PREVIEW_ROUTE, { method: "POST", body, headers })).status;
  const { headers } = alice;
  assert.equal(await post({ "content-type": "application/json", origin: stack.url }), 401, "nobody");
  assert.equal(await post({ ...headers, "content-type": "application/json" }), 401, "with its cookie, unsigned");
  assert.equal(await post({ ...headers, origin: "https://evil.example" }), 403, "another page");
  assert.equal(
    (await fetch(`${stack.url}${PREVIEW_ROUTE}?url=https://${SITE}/good`, { headers })).status,
    422,
    "no GET",
  );
  for (const url of [
    "ftp://a.example.org/",
    "file:///etc/passwd",
    "javascript:alert(1)",
    `https://${SITE}/${"a".repeat(3_000)}`,
    "a b",
  ])
    assert.deepEqual(await preview(alice, url), { ok: false, error: { kind: "malformed" } }, url.slice(0, 40));
  assert.equal(world.asked.length, asked, "nothing was fetched");
});

test("an account has so many in a minute, and in a day, and others have theirs", async () => {
  const bob = await browserOf(stack, BOB);
  await stack.setClock(60 * MINUTE_MS);
  const refusals = async (who: ScriptedBrowser, most: number) => {
    for (let n = 1; n <= most; n += 1) {
      const answer = await preview(who, "https://localhost/");
      if (!answer.ok && answer.error.detail !== "address") return { n, why: answer.error.detail };
    }
    return undefined;
  };
  assert.deepEqual(await refusals(bob, 30), { n: PREVIEW_LIMITS.aMinute + 1, why: "too-many" });
  assert.equal(await refusals(alice, 2), undefined);
  let asked = PREVIEW_LIMITS.aMinute;
  let why: string | undefined;
  for (let minute = 61; why !== "day" && minute < 90; minute += 1) {
    await stack.setClock(minute * MINUTE_MS + minute);
    const refused = await refusals(bob, PREVIEW_LIMITS.aMinute);
    asked += refused === undefined ? PREVIEW_LIMITS.aMinute : refused.n - 1;
    why = refused?.why;
  }
  assert.deepEqual([asked, why], [PREVIEW_LIMITS.aDay, "day"]);
});
