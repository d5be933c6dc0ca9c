import "fake-indexeddb/auto";
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { deleteDB } from "idb";
import type { BareJid, ClientId } from "../../../worker/contract/names.ts";
import { type Bytes, randomBytes } from "../bytes.ts";
import { type PageId, pageLock } from "../protocol/files.ts";
import { ScriptedDisk } from "../testing/scripted-disk.ts";
import { decryptFile, encryptFile } from "./gcm.ts";
import { KeptUploads } from "./kept-uploads.ts";
import { onDisk } from "./on-disk.ts";
import { openFile, piecesOfFile } from "./opening.ts";
import { eraseFiles } from "../store/files-place.ts";
import { dropOpened, pageFolder, sweep } from "../store/private-disk.ts";
import { drop, keep, look } from "./uploading.ts";

const ALICE = "alice@a.example" as BareJid;
const [HERE, OTHER] = ["page-one", "page-two"] as unknown as readonly [PageId, PageId];
const ONE = "one" as ClientId;
const KEY = { key: randomBytes(32), iv: randomBytes(12) };
/** Larger than what is in memory at once. */
const LARGE = 17 * 1024 * 1024 + 5;
const upload = {
  client: ONE,
  chat: "bob@b.example" as BareJid,
  at: 5,
  encrypted: true,
  name: "one.txt",
  seen: { kind: "file", type: "application/octet-stream", size: LARGE } as const,
};

let disk: ScriptedDisk;
let end: () => void;

beforeEach(async () => {
  disk = new ScriptedDisk();
  end = disk.begin();
  await deleteDB(`alcove-uploads:${ALICE}`);
});

afterEach(() => end());

const RANDOM = new Uint8Array(LARGE);
for (let at = 0; at < LARGE; at += 65_536) crypto.getRandomValues(RANDOM.subarray(at, Math.min(LARGE, at + 65_536)));
const large = () => RANDOM.slice();

/** What came is opened for a page. */
async function opened(page: PageId, sealed: Bytes, how?: "unsaid") {
  const place = await pageFolder(ALICE, page);
  try {
    return await openFile(piecesOfFile(new Blob([sealed])), {
      key: KEY,
      size: how === "unsaid" ? undefined : sealed.length,
      most: Number.POSITIVE_INFINITY,
      sink: () => onDisk(ALICE, place?.folder),
    });
  } finally {
    place?.letGo();
  }
}

const sameBytes = async (file: Blob, bytes: Bytes) =>
  assert.ok(Buffer.from(await file.arrayBuffer()).equals(bytes), "the same bytes");

/** A page that is there, until what this returns is called. */
async function isThere(page: PageId): Promise<() => void> {
  return new Promise((resolve) => {
    void navigator.locks.request(pageLock(page), { mode: "shared" }, () => {
      return new Promise<void>((over) => resolve(over));
    });
  });
}

test("a large file lies decrypted on the disk for its page, and goes when that closes it", async () => {
  const plain = large();
  const sealed = await encryptFile(plain, KEY);
  const file = await opened(HERE, sealed);
  await sameBytes(file.plain, plain);
  assert.deepEqual(disk.sizes(), [LARGE]);
  const again = await file.sealed();
  await sameBytes(again.file, sealed);
  await dropOpened(ALICE, HERE, again.opened ?? "");
  assert.deepEqual(disk.sizes(), [LARGE]);
  await dropOpened(ALICE, HERE, file.opened ?? "");
  assert.deepEqual(disk.sizes(), []);
});

test("T46: what has another tag, or is cut short, is on the disk for nobody", async () => {
  const sealed = await encryptFile(large(), KEY);
  const cut = sealed.slice(0, -1);
  const changed = sealed.slice();
  changed[7_000_000] = (changed[7_000_000] ?? 0) ^ 1;
  for (const bytes of [cut, changed, sealed.slice(0, LARGE - 3)]) {
    await assert.rejects(opened(HERE, bytes), { kind: "file", detail: "damaged" });
    assert.deepEqual(disk.sizes(), []);
  }
});

test("the tag lies across the last two pieces, wherever the file ends", async () => {
  const MIB = 1024 * 1024;
  for (const rest of [0, 1, 15, 16, 17, MIB - 17, MIB - 16, MIB - 15, MIB - 1]) {
    const plain = RANDOM.slice(0, MIB + rest);
    const sealed = await encryptFile(plain, KEY);
    // Nobody has said how long it is: so it goes through in pieces.
    const file = await opened(HERE, sealed, "unsaid");
    await sameBytes(file.plain, plain);
  }
});

test("where the disk becomes full the rest stays in memory", async () => {
  disk.room = 5_000_000;
  const plain = large();
  const file = await opened(HERE, await encryptFile(plain, KEY));
  await sameBytes(file.plain, plain);
  assert.ok(disk.used() <= disk.room);
});

test("what was decrypted for a page that has gone is swept away; that of one that is there, and what is to be sent, stay", async () => {
  const letGo = await isThere(HERE);
  await opened(HERE, await encryptFile(large(), KEY));
  await opened(OTHER, await encryptFile(large().slice(1), KEY));
  await keep(ALICE, upload, new Blob([large()]), new AbortController().signal);
  await sweep(ALICE);
  assert.deepEqual(
    [...disk.sizes()].sort((a, b) => a - b),
    [LARGE, LARGE + 16],
  );
  letGo();
  await sweep(ALICE);
  assert.deepEqual(disk.sizes(), [LARGE + 16]);
});

test("what is to be sent lies there as it travels, and goes with its row", async () => {
  const plain = large();
  await keep(ALICE, upload, new Blob([plain]), new AbortController().signal);
  const kept = await KeptUploads.with(ALICE, (uploads) => uploads.whole(ONE));
  assert.ok(kept?.row.key);
  await sameBytes(
    new Blob([(await decryptFile(new Uint8Array(await kept.bytes.arrayBuffer()), kept.row.key)) ?? ""]),
    plain,
  );
  assert.equal((await look(ALICE, ONE)).seen.size, LARGE);
  await drop(ALICE, ONE);
  assert.deepEqual(disk.sizes(), []);
});

test("one that is stopped while it is written, or that no row is of, leaves nothing", async () => {
  const stopped = new AbortController();
  const bytes = new Blob([large()]);
  const stopping = Object.assign(bytes, {
    slice(from: number, to: number) {
      if (from > 5_000_000) stopped.abort();
      return Blob.prototype.slice.call(bytes, from, to);
    },
  });
  await assert.rejects(keep(ALICE, upload, stopping, stopped.signal));
  assert.deepEqual(disk.sizes(), []);
  await keep(ALICE, upload, new Blob([large()]), new AbortController().signal);
  await deleteDB(`alcove-uploads:${ALICE}`);
  assert.deepEqual(disk.sizes(), [LARGE + 16]);
  await KeptUploads.with(ALICE, (uploads) => uploads.all());
  assert.deepEqual(disk.sizes(), []);
});

test("where the disk is full, what is to be sent is in memory, and nothing of it on the disk", async () => {
  disk.room = 5_000_000;
  await keep(ALICE, upload, new Blob([large()]), new AbortController().signal);
  assert.deepEqual(disk.sizes(), []);
  assert.equal((await look(ALICE, ONE)).seen.size, LARGE);
  await drop(ALICE, ONE);
});

test("an account that is erased leaves nothing; what is being written is waited for", async () => {
  const place = await pageFolder(ALICE, HERE);
  const file = await place?.folder.create("written");
  file?.write(randomBytes(100));
  let erased = false;
  const erasing = eraseFiles(ALICE).then(() => {
    erased = true;
  });
  const waits = async () => {
    const { pending } = await navigator.locks.query();
    return pending?.some(({ name }) => name === `alcove-disk:${ALICE}`) === true;
  };
  while (!erased && !(await waits())) await new Promise(setImmediate);
  assert.equal(erased, false);
  await file?.close();
  place?.letGo();
  await erasing;
  assert.deepEqual(disk.sizes(), []);
  assert.equal(disk.root.entries.get("alcove-files")?.constructor.name, "ScriptedFolder");
});
