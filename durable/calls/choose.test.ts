import assert from "node:assert/strict";
import { test } from "node:test";
import type { Choice } from "../../worker/contract/choices.ts";
import type { ServerFrame } from "../../worker/contract/frames.ts";
import { LIMITS } from "../../worker/contract/limits.ts";
import type { BareJid } from "../../worker/contract/names.ts";
import { memoryStorage } from "../testing/sql-storage.ts";
import { storesOf } from "../testing/stores.ts";

// After the hook that loads `.sql` files.
const { choose } = await import("./choose.ts");

const ALICE = "alice@a.example" as BareJid;
const BOB = "bob@b.example" as BareJid;

function scene(storage = memoryStorage()) {
  const stores = storesOf(ALICE, storage);
  const told: ServerFrame[] = [];
  const pick = (choices: readonly Choice[], seen = 0) =>
    choose(stores, { broadcast: (frame) => void told.push(frame) }, { tellActive: () => undefined }, { choices, seen });
  return { stores, told, pick };
}

test("what was chosen is told to every browser, and to the next one first thing", () => {
  const storage = memoryStorage();
  const { stores, told, pick } = scene(storage);
  const pinned = { chat: BOB, name: "pinned", value: true };
  assert.deepEqual(pick([pinned, { name: "typing", value: false }]), { ok: true, value: { revision: 1 } });
  assert.deepEqual(told, [{ type: "choices", revision: 1, changed: [pinned, { name: "typing", value: false }] }]);
  assert.deepEqual(stores.choices.of(BOB), { pinned: true });
  assert.equal(stores.choices.settings.typing, false);
  const again = scene(storage).stores.choices;
  assert.equal(again.info().revision, 1);
  assert.deepEqual(new Set(again.info().all), new Set([pinned, { name: "typing", value: false }]));
});

test("the last change stands; what is as it would be by itself is not kept", () => {
  const { stores, told, pick } = scene();
  pick([{ chat: BOB, name: "muted", value: "always" }]);
  pick([
    { chat: BOB, name: "muted", value: 1_800_000_000_000 },
    { name: "receipts", value: false },
  ]);
  assert.deepEqual(stores.choices.of(BOB), { muted: 1_800_000_000_000 });
  pick([
    { chat: BOB, name: "muted" },
    { name: "receipts", value: true },
  ]);
  assert.deepEqual(stores.choices.info(), { revision: 3, all: [] });
  assert.deepEqual(told.at(-1), {
    type: "choices",
    revision: 3,
    changed: [{ chat: BOB, name: "muted" }, { name: "receipts" }],
  });
});

test("a name of a newer page is kept and passed on", () => {
  const { stores, told, pick } = scene();
  pick([{ name: "density", value: "compact" }]);
  assert.deepEqual(stores.choices.info().all, [{ name: "density", value: "compact" }]);
  assert.equal(told.length, 1);
});

test("nothing is archived, or to be read again, behind the newest place that is here", () => {
  const { stores, pick } = scene();
  pick([
    { chat: BOB, name: "archived", value: 2 ** 50 },
    { chat: BOB, name: "unread", value: -7 },
  ]);
  assert.deepEqual(stores.choices.of(BOB), { archived: stores.log.position, unread: -7 });
});

test("the revision passes what a browser has seen of it before an older copy of the storage was put back", () => {
  const { pick } = scene();
  assert.deepEqual(pick([{ name: "typing", value: false }], 41), { ok: true, value: { revision: 42 } });
});

test("too many are refused, and nothing has changed then", () => {
  const { stores, told, pick } = scene();
  const many = Array.from({ length: LIMITS.choicesKept }, (_, n) => ({ name: `later-${n}`, value: true }));
  assert.ok(pick(many).ok);
  assert.deepEqual(pick([{ name: "typing", value: false }]), {
    ok: false,
    error: { kind: "too-large", detail: "choices" },
  });
  assert.equal(stores.choices.settings.typing, true);
  assert.equal(told.length, 1);
  assert.ok(pick([{ name: "later-0", value: false }, { name: "later-1" }]).ok);
});
