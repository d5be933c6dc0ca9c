import "fake-indexeddb/auto";
import assert from "node:assert/strict";
import { test } from "node:test";
import type { BareJid } from "../../../worker/contract/names.ts";
import { KeptUploads } from "./kept-uploads.ts";
import { onDisk } from "./on-disk.ts";

const ALICE = "alice@a.example" as BareJid;
const PIECE = 1024 * 1024;

async function filled(count: number): Promise<Blob> {
  const sink = await onDisk(ALICE, undefined);
  for (let n = 0; n < count; n += 1) await sink.write(new Uint8Array(PIECE).fill(n));
  return (await sink.end()).file;
}

test("without a private disk a large file is whole, and nothing of it stays in the database", async () => {
  const file = await filled(12);
  assert.equal(file.size, 12 * PIECE);
  const bytes = new Uint8Array(await file.arrayBuffer());
  for (let n = 0; n < 12; n += 1) assert.equal(bytes[n * PIECE + 7], n);
  assert.deepEqual(await KeptUploads.with(ALICE, (kept) => kept.all()), []);
});

test("where the disk is full, or the browser keeps nothing, it is whole all the same", async (context) => {
  const full = () => Promise.reject(new DOMException("full", "QuotaExceededError"));
  context.mock.method(KeptUploads.prototype, "passThrough", full);
  assert.equal((await filled(10)).size, 10 * PIECE);
  context.mock.method(KeptUploads, "open", () => Promise.reject(new DOMException("no", "InvalidStateError")));
  assert.equal((await filled(10)).size, 10 * PIECE);
});
