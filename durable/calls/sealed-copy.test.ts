/** The sealed copy in the object: who may touch it, what is told, and what it costs. */
import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import type { CopyGeneration } from "../../worker/contract/copy.ts";
import type { ServerFrame } from "../../worker/contract/frames.ts";
import type { BareJid, BrowserId } from "../../worker/contract/names.ts";
import { type MemoryStorage, memoryStorage } from "../testing/sql-storage.ts";
import { storesOf } from "../testing/stores.ts";

const { copyCalls, COPY_ENDS_MS, copySetting } = await import("./sealed-copy.ts");

const ALICE = "alice@a.example" as BareJid;
const OURS = { id: "11111111-1111-1111-1111-111111111111" as BrowserId };
const THIEF = { id: "22222222-2222-2222-2222-222222222222" as BrowserId };
const token = `${"A".repeat(43)}=`;
const wrong = `${"B".repeat(42)}A=`;
const generation = "ab".repeat(16) as CopyGeneration;
const BEGIN = { generation, token, manifest: "bTE=" };
const KEY = { ok: false, error: { kind: "copy", detail: "key" } } as const;

let storage: MemoryStorage;
let told: ServerFrame[];
let stores: ReturnType<typeof storesOf>;
let calls: ReturnType<typeof copyCalls>;
let now: number;

beforeEach(() => {
  storage = memoryStorage();
  told = [];
  now = 1_000;
  stores = storesOf(ALICE, storage, (frame) => told.push(frame));
  calls = copyCalls(stores, { broadcast: (frame) => void told.push(frame) }, 1_000, () => now);
});

const write = (after: number, add: readonly (readonly [number, string])[], drop: readonly number[] = []) =>
  calls.copyWrite(OURS, {
    ...{ token, after, number: after + 1, manifest: `${"m".repeat(4)}`, drop },
    add: add.map(([chunk, bytes]) => ({ chunk, bytes })),
  });

describe("the sealed copy in the object", () => {
  it("is begun once, told to everybody with whose it is, and begun again by the same alone", async () => {
    const begun = await calls.copyBegin(OURS, BEGIN);
    assert.ok(begun.ok);
    assert.deepEqual([begun.value.by, begun.value.number, begun.value.chunks], [OURS.id, 1, 0]);
    assert.deepEqual(await calls.copyBegin(OURS, BEGIN), begun);
    const another = await calls.copyBegin(THIEF, { ...BEGIN, generation: "cd".repeat(16) as CopyGeneration });
    assert.deepEqual(another, { ok: false, error: { kind: "copy", detail: "exists" } });
    assert.deepEqual(told.at(-1), { type: "copy", most: 1_000, copy: begun.value });
    assert.doesNotMatch(JSON.stringify(told), /token|hash|manifest/);
  });

  it("gives nothing and takes nothing where the token is another one", async () => {
    await calls.copyBegin(OURS, BEGIN);
    await write(1, [[1, "YWFh"]]);
    assert.deepEqual(await calls.copyRead(THIEF, { token: wrong }), KEY);
    assert.deepEqual(await calls.copyRead(THIEF, { token: wrong, chunk: 1 }), KEY);
    const forged = { token: wrong, after: 2, number: 3, manifest: "Zm9v", add: [], drop: [1] };
    assert.deepEqual(await calls.copyWrite(THIEF, forged), KEY);
    assert.deepEqual(await calls.copyEnd(THIEF, { token: wrong }), KEY);
    assert.deepEqual(await calls.copyRead(OURS, { token, chunk: 1 }), {
      ok: true,
      value: { number: 2, bytes: "YWFh" },
    });
  });

  it("goes a week after somebody without the key has asked, unless somebody with it keeps it; all are told by whom", async () => {
    await calls.copyBegin(OURS, BEGIN);
    assert.deepEqual(await calls.copyEnd(THIEF, {}), { ok: true, value: { ends: now + COPY_ENDS_MS } });
    const frame = told.at(-1);
    assert.deepEqual(frame?.type === "copy" && frame.copy?.ending, { by: THIEF.id, at: now + COPY_ENDS_MS });
    now += COPY_ENDS_MS - 1;
    assert.equal(
      stores.turn(() => stores.copy.settle(now)),
      false,
    );
    assert.deepEqual(await calls.copyEnd(THIEF, {}), { ok: true, value: { ends: 1_000 + COPY_ENDS_MS } });
    assert.deepEqual(await calls.copyKeep(OURS, { token }), { ok: true, value: { done: true } });
    now += COPY_ENDS_MS;
    assert.equal(
      stores.turn(() => stores.copy.settle(now)),
      false,
      "it was kept",
    );
    await calls.copyEnd(THIEF, {});
    now += COPY_ENDS_MS;
    assert.equal(
      stores.turn(() => stores.copy.settle(now)),
      true,
    );
    assert.deepEqual(stores.copy.told(1), { most: 1, ended: { by: THIEF.id, at: now } });
    assert.equal(storage.sql.exec("select count(*) as n from sealed_chunks").one()["n"], 0);
  });

  it("is gone at once where the key asks for it", async () => {
    await calls.copyBegin(OURS, BEGIN);
    await write(1, [[1, "YWFh"]]);
    assert.deepEqual(await calls.copyEnd(OURS, { token }), { ok: true, value: {} });
    assert.deepEqual(told.at(-1), { type: "copy", most: 1_000, ended: { by: OURS.id, at: now } });
    assert.deepEqual(await calls.copyRead(OURS, { token }), { ok: false, error: { kind: "copy", detail: "none" } });
    assert.ok((await calls.copyBegin(OURS, BEGIN)).ok, "and can be begun anew");
  });

  it("takes a step whole or not at all, from where whoever writes believes it to be, and the same one twice as one", async () => {
    await calls.copyBegin(OURS, BEGIN);
    const first = await write(1, [[1, "YWFh"]]);
    assert.ok(first.ok);
    assert.deepEqual(await write(1, [[1, "YWFh"]]), first, "the answer was lost");
    const late = { token, after: 1, number: 2, manifest: "b3RoZXI=", add: [{ chunk: 2, bytes: "YmJi" }], drop: [1] };
    assert.deepEqual(await calls.copyWrite(OURS, late), { ok: false, error: { kind: "copy", detail: "behind" } });
    const again = {
      ...late,
      after: 2,
      number: 3,
      add: [
        { chunk: 2, bytes: "YmJi" },
        { chunk: 1, bytes: "Y2Nj" },
      ],
      drop: [],
    };
    assert.deepEqual(await calls.copyWrite(OURS, again), { ok: false, error: { kind: "copy", detail: "behind" } });
    const none = { ok: false, error: { kind: "copy", detail: "none" } };
    assert.deepEqual(await calls.copyRead(OURS, { token, chunk: 2 }), none, "nothing of it stays");
    const compact = await write(2, [[2, "YmJi"]], [1]);
    assert.ok(compact.ok && compact.value.chunks === 1);
    assert.deepEqual(await calls.copyRead(OURS, { token, chunk: 1 }), none);
  });

  it("keeps what fits and says when it is full; what makes it smaller is taken then, too", async () => {
    await calls.copyBegin(OURS, BEGIN);
    assert.ok((await write(1, [[1, "a".repeat(800)]])).ok);
    assert.deepEqual(await write(2, [[2, "b".repeat(400)]]), { ok: false, error: { kind: "copy", detail: "full" } });
    assert.deepEqual(await calls.copyRead(OURS, { token, chunk: 2 }), {
      ok: false,
      error: { kind: "copy", detail: "none" },
    });
    const smaller = await write(2, [[3, "c".repeat(400)]], [1]);
    assert.ok(smaller.ok && smaller.value.length === 404);
  });

  it("writes two rows for what is appended, however many messages it holds", async () => {
    await calls.copyBegin(OURS, BEGIN);
    const before = storage.rowsWritten;
    await write(1, [[1, "YWFh"]]);
    assert.equal(storage.rowsWritten - before, 2);
  });

  it("is bounded by the deployment, which may keep none", () => {
    assert.equal(copySetting({}), 50 * 1024 * 1024);
    assert.equal(copySetting({ COPY_MEGABYTES: "2" }), 2 * 1024 * 1024);
    assert.equal(copySetting({ COPY_MEGABYTES: "0" }), 0);
    assert.equal(copySetting({ COPY_MEGABYTES: "many" }), 0);
  });
});

describe("a storage of the schema before", () => {
  it("takes the step, and has no copy", async () => {
    const old = memoryStorage();
    old.sql.exec(
      "drop table push_targets; drop table sealed_copy; drop table sealed_chunks; delete from migrations where step >= 13;",
    );
    const reset = storesOf(ALICE, old);
    reset.prepare();
    assert.deepEqual(reset.copy.told(1_000), { most: 1_000 });
    assert.ok((await copyCalls(reset, { broadcast: () => undefined }, 1_000).copyBegin(OURS, BEGIN)).ok);
  });
});
