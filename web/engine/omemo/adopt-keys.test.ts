import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { openDB, unwrap } from "idb";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { beforeEach, describe, it } from "node:test";
import { inspect } from "node:util";
import type { BareJid, BrowserId } from "../../../worker/contract/names.ts";
import type { OmemoMessage } from "../../../worker/contract/omemo.ts";
import { fromBase64, toBase64 } from "../../../worker/shared/base64.ts";
import { type Database, openAccount, takeOver } from "../store/database.ts";
import type { StoreName } from "../store/schema.ts";
import { Unit } from "../store/unit.ts";
import { adoptKeys } from "./adopt-keys.ts";
import { installCurve } from "./handles.ts";
import { sealMessage } from "./send.ts";
import type { Self } from "./sessions.ts";
import { MIGRATIONS } from "../store/migrations.ts";
import { STORE_NAMES } from "../store/schema.ts";
import { receiveProven } from "../testing/receive-proven.ts";

const ALICE = "alice@a.example" as BareJid;
const BOB = "bob@b.example" as BareJid;
const CAROL = "carol@c.example" as BareJid;

/**
 * Two accounts as the code of version 1 left them in the middle of a conversation: bytes as base64, messages that were
 * under way then. The keys are of nobody.
 */
type Left = {
  readonly alice: Rows1;
  readonly bob: Rows1;
  readonly toBob: { readonly skipped: OmemoMessage; readonly waiting: OmemoMessage };
  readonly toAlice: { readonly first: OmemoMessage };
};
type Rows1 = { readonly [S in StoreName]?: readonly unknown[] };

const left = JSON.parse(
  readFileSync(new URL("../store/version-1.json", import.meta.url), "utf8"),
  (_name, value: unknown) => (isBytes(value) ? fromBase64(value.bytes) : value),
) as Left;

type Opened = { readonly database: Database; readonly generation: number; readonly self: Self };

let alice: Opened;
let bob: Opened;

beforeEach(async () => {
  installCurve();
  globalThis.indexedDB = new IDBFactory();
  alice = await openAsNow(ALICE, left.alice);
  bob = await openAsNow(BOB, left.bob);
});

describe("a database of version 1", () => {
  it("keeps its device, its sessions and what was under way", async () => {
    assert.equal(await hear(bob, ALICE, left.toBob.waiting), "waiting");
    assert.equal(await hear(bob, ALICE, left.toBob.skipped), "skipped");
    assert.equal(await hear(alice, CAROL, left.toAlice.first), "first contact");
    for (let turn = 0; turn < 3; turn++) {
      assert.equal(await hear(alice, BOB, await write(bob, alice, `b${turn}`)), `b${turn}`);
      assert.equal(await hear(bob, ALICE, await write(alice, bob, `a${turn}`)), `a${turn}`);
    }
  });

  it("holds no private key as bytes any more", async () => {
    const secrets = [...secretsOf(left.alice), ...secretsOf(left.bob)];
    assert.ok(secrets.length >= 8, `${secrets.length} keys to look for`);
    for (const { database } of [alice, bob]) {
      const found = await everythingIn(database);
      for (const secret of secrets) assert.ok(!found.includes(secret));
      assert.match(found, /CryptoKey/);
      assert.doesNotMatch(found, /extractable: true/);
    }
  });

  it("is adopted once: what is there already is left alone", async () => {
    const unit = new Unit(alice.database, alice.generation);
    await adoptKeys(unit);
    assert.deepEqual(unit.changes, []);
  });

  it("stays as it was when the adoption is not committed", async () => {
    globalThis.indexedDB = new IDBFactory();
    await leaveBehind(ALICE, left.alice);
    const database = await openAccount(ALICE, () => undefined);
    const generation = await takeOver(database);
    await adoptKeys(new Unit(database, generation));
    const found = await everythingIn(database);
    for (const secret of secretsOf(left.alice)) assert.ok(found.includes(secret));
  });
});

async function leaveBehind(jid: BareJid, rows: Rows1): Promise<void> {
  const database = await openDB(`alcove:${jid}`, 1, {
    upgrade: (fresh, _from, _to, transaction) => MIGRATIONS[0]?.(unwrap(fresh) as IDBDatabase, unwrap(transaction)),
  });
  for (const store of STORE_NAMES) for (const row of rows[store] ?? []) await database.put(store, row);
  database.close();
}

async function openAsNow(jid: BareJid, rows: Rows1): Promise<Opened> {
  await leaveBehind(jid, rows);
  const database = await openAccount(jid, () => undefined);
  const generation = await takeOver(database);
  const unit = new Unit(database, generation);
  await adoptKeys(unit);
  await unit.commit();
  const identity = await new Unit(database, generation).get("identity", "self");
  assert.ok(identity);
  const { device, agreement, publicKey: identityKey, createdAt } = identity;
  return { database, generation, self: { jid, browser: "b" as BrowserId, device, agreement, identityKey, createdAt } };
}

async function work<T>({ database, generation }: Opened, job: (unit: Unit) => Promise<T>): Promise<T> {
  const unit = new Unit(database, generation);
  const result = await job(unit);
  await unit.commit();
  return result;
}

async function hear(at: Opened, sender: BareJid, omemo: OmemoMessage): Promise<string> {
  const received = await work(at, (unit) => receiveProven(unit, at.self, sender, omemo, Date.now()));
  return received.kind === "text" ? received.text : inspect(received);
}

function write(from: Opened, to: Opened, text: string): Promise<OmemoMessage> {
  return work(from, (unit) => sealMessage(unit, from.self, [to.self], text));
}

/** Everything on the disk as one text, bytes in base64. */
async function everythingIn(database: Database): Promise<string> {
  const rows = await Promise.all(STORE_NAMES.map((store) => database.getAll(store)));
  return inspect(withBase64(rows), { depth: null, maxArrayLength: null, maxStringLength: null });
}

function withBase64(value: unknown): unknown {
  if (value instanceof Uint8Array) return toBase64(value.slice());
  if (value instanceof ArrayBuffer) return toBase64(new Uint8Array(value));
  if (Array.isArray(value)) return value.map(withBase64);
  if (typeof value !== "object" || value === null || value instanceof CryptoKey) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withBase64(inner)]));
}

/** Seeds, scalars, pre-keys and ratchet keys in base64. */
function secretsOf({ identity = [], preKeys = [], signedPreKeys = [], sessions = [] }: Rows1): readonly string[] {
  const bytes = [...identity, ...preKeys, ...signedPreKeys].flatMap((row) => {
    const { seed, scalar, privateKey } = row as Record<"seed" | "scalar" | "privateKey", Uint8Array<ArrayBuffer>>;
    return [seed, scalar, privateKey].filter((secret) => secret !== undefined).map(toBase64);
  });
  const ratchets = sessions.flatMap((row) => [
    ...(row as { readonly record: string }).record.matchAll(/"privKey":"([^"]+)"/g),
  ]);
  return [...bytes, ...ratchets.map(([, key]) => key ?? "")];
}

function isBytes(value: unknown): value is { readonly bytes: string } {
  return typeof value === "object" && value !== null && typeof (value as { bytes?: unknown }).bytes === "string";
}
