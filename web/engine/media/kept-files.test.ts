import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import type { BareJid } from "../../../worker/contract/names.ts";
import { keptFiles } from "./kept-files.ts";

const ALICE = "alice@example.org" as BareJid;
const DAY_MS = 24 * 60 * 60_000;

/** What is used of a browser's caches. `full`: the disk takes nothing more. `broken`: nothing of it can be read. */
class Caches {
  readonly all = new Map<string, Map<string, Response>>();
  full = false;
  broken = false;

  async open(name: string) {
    const held = this.all.get(name) ?? new Map<string, Response>();
    this.all.set(name, held);
    const pathOf = (place: string | { readonly url: string }) => (typeof place === "string" ? place : place.url);
    return {
      match: async (place: string | { readonly url: string }) => {
        if (this.broken) throw new DOMException("broken", "UnknownError");
        return held.get(pathOf(place))?.clone();
      },
      put: async (place: string, response: Response) => {
        if (this.full) throw new DOMException("full", "QuotaExceededError");
        const whole = new Response(await response.blob(), { headers: response.headers });
        held.delete(place);
        held.set(place, whole);
      },
      keys: async () => [...held.keys()].map((url) => ({ url })),
      delete: async (place: { readonly url: string }) => held.delete(place.url),
    };
  }
}

let fake: Caches;
const { now } = Date;

beforeEach(() => {
  fake = new Caches();
  Object.assign(globalThis, { caches: fake });
});

afterEach(() => {
  Date.now = now;
  Reflect.deleteProperty(globalThis, "caches");
});

/** What is kept of so many bytes. */
const file = (size: number) => [size, async () => new Blob([new Uint8Array(size)])] as const;
const names = () => [...(fake.all.get("alcove-files-alice@example.org")?.keys() ?? [])];

test("what was kept is there again, as it travelled, and no link is in its name", async () => {
  const kept = await keptFiles(ALICE);
  await kept.put("https://files.example/secret-place", 6, async () => new Blob(["sealed"]));
  assert.equal(await (await kept.get("https://files.example/secret-place"))?.text(), "sealed");
  assert.equal(await kept.get("https://files.example/other"), undefined);
  assert.ok(names().every((name) => /^\/file\/[0-9a-f]{64}$/.test(name)));
});

test("what cannot be read to its end is not kept, and nothing fails for it", async () => {
  const kept = await keptFiles(ALICE);
  const broken = () => Promise.reject(new DOMException("it is gone", "NotFoundError"));
  await kept.put("https://files.example/a", 900, broken);
  assert.equal(await kept.get("https://files.example/a"), undefined);
});

test("of all that is kept, that which nobody has looked at for longest makes room", async () => {
  const kept = await keptFiles(ALICE);
  await kept.limit(1_000);
  let at = 1;
  Date.now = () => at;
  for (const url of ["one", "two", "three"]) {
    await kept.put(url, ...file(300));
    at += 2 * DAY_MS;
  }
  await kept.get("one");
  at += 2 * DAY_MS;
  await kept.put("four", ...file(300));
  const left = await Promise.all(
    ["one", "two", "three", "four"].map(async (url) => (await kept.get(url)) !== undefined),
  );
  assert.deepEqual(left, [true, false, true, true]);
});

test("a file that would take most of the room is not kept", async () => {
  const kept = await keptFiles(ALICE);
  await kept.limit(1_000);
  await kept.put("small", ...file(100));
  await kept.put("large", ...file(501));
  assert.equal(await kept.get("large"), undefined);
  assert.notEqual(await kept.get("small"), undefined);
});

test("a person says how much they may take, which holds from then on; what is over that goes, and all of it when they say so", async () => {
  const kept = await keptFiles(ALICE);
  assert.deepEqual(await kept.usage(), { bytes: 0, files: 0, most: 256_000_000 });
  let at = 1;
  Date.now = () => at;
  for (const url of ["one", "two", "three"]) {
    await kept.put(url, ...file(300));
    at += 1;
  }
  await kept.limit(700);
  const again = await keptFiles(ALICE);
  assert.deepEqual(await again.usage(), { bytes: 600, files: 2, most: 700 });
  assert.equal(await again.get("one"), undefined);
  await again.empty();
  assert.deepEqual(await again.usage(), { bytes: 0, files: 0, most: 700 });
  await again.limit(0);
  await again.put("four", ...file(1));
  assert.deepEqual(await again.usage(), { bytes: 0, files: 0, most: 0 });
});

test("a full disk, or a browser that keeps nothing, holds nothing up", async () => {
  const kept = await keptFiles(ALICE);
  fake.full = true;
  await kept.put("one", ...file(10));
  assert.equal(await kept.get("one"), undefined);
  fake.full = false;
  await kept.put("one", ...file(10));
  fake.full = true;
  const later = Date.now() + 2 * DAY_MS;
  Date.now = () => later;
  assert.equal((await kept.get("one"))?.size, 10, "that it was looked at cannot be noted");
  fake.broken = true;
  await kept.put("two", ...file(10));
  assert.equal(await kept.get("one"), undefined, "it is fetched");
  Reflect.deleteProperty(globalThis, "caches");
  const nothing = await keptFiles(ALICE);
  await nothing.put("one", ...file(10));
  assert.equal(await nothing.get("one"), undefined);
});
