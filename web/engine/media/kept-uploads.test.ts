import "fake-indexeddb/auto";
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { deleteDB } from "idb";
import type { BareJid, ClientId } from "../../../worker/contract/names.ts";
import { decryptFile } from "./gcm.ts";
import { KeptUploads } from "./kept-uploads.ts";
import { piecesToSend } from "./opening.ts";
import { begin, drop, keep, look, note } from "./uploading.ts";

const ALICE = "alice@a.example" as BareJid;
const NAMES = ["one", "two", "three"] as unknown as readonly [ClientId, ClientId, ClientId];
const upload = (client: ClientId, size = 900) => ({
  client,
  chat: "bob@b.example" as BareJid,
  at: 5,
  encrypted: true,
  name: `${client}.txt`,
  seen: { kind: "file", type: "application/octet-stream", size } as const,
});
const plain = new Blob([crypto.getRandomValues(new Uint8Array(900))]);
const going = new AbortController().signal;
const list = () => KeptUploads.with(ALICE, (kept) => kept.all());
const whole = (client: ClientId) => KeptUploads.with(ALICE, (kept) => kept.whole(client));
const bytesOf = async (blob: Blob | undefined) => new Uint8Array((await blob?.arrayBuffer()) ?? new ArrayBuffer(0));

beforeEach(() => deleteDB(`alcove-uploads:${ALICE}`));

test("what is kept are the encrypted bytes and their key, and no page is told the key", async () => {
  const [one] = NAMES;
  await begin(ALICE, upload(one));
  assert.deepEqual(
    (await list()).map((row) => row.whole),
    [false],
  );
  await keep(ALICE, upload(one), plain, going);
  const kept = await whole(one);
  assert.ok(kept?.row.key);
  assert.equal(kept.bytes.size, 916);
  assert.deepEqual(await decryptFile(await bytesOf(kept.bytes), kept.row.key), await bytesOf(plain));
  const [shown] = await list();
  assert.deepEqual(shown, { ...upload(one), whole: true });
  assert.equal((await look(ALICE, one)).seen.size, 900);
});

test("they stand in the order in which they were begun, whichever has its bytes first, and keep their place", async () => {
  for (const name of NAMES) await begin(ALICE, upload(name));
  for (const name of NAMES.toReversed()) await keep(ALICE, upload(name), plain, going);
  assert.deepEqual(
    (await list()).map(({ client }) => client),
    NAMES,
  );
});

test("encrypted again, it has another key and none of the former bytes", async () => {
  const [one] = NAMES;
  await keep(ALICE, upload(one), plain, going);
  const before = await whole(one);
  await keep(ALICE, upload(one, 3), new Blob(["abc"]), going);
  const now = await whole(one);
  assert.equal(now?.bytes.size, 19);
  assert.notDeepEqual(now?.row.key?.key, before?.row.key?.key);
});

test("one whose bytes never came together has none", async () => {
  const [one] = NAMES;
  await begin(ALICE, upload(one));
  await KeptUploads.with(ALICE, (kept) => kept.add(one, 0, new Blob(["half"])));
  assert.equal(await whole(one), undefined);
  await assert.rejects(look(ALICE, one), { kind: "file", detail: "not-kept" });
});

test("stopped while its bytes come, nothing of it stays", async () => {
  const [one, two] = NAMES;
  await begin(ALICE, upload(two));
  await assert.rejects(keep(ALICE, upload(one), plain, AbortSignal.abort()));
  await drop(ALICE, one);
  await KeptUploads.with(ALICE, (kept) => kept.add(one, 0, new Blob(["late"])));
  assert.deepEqual(
    (await list()).map(({ client }) => client),
    [two],
  );
  await begin(ALICE, upload(one));
  await KeptUploads.with(ALICE, (kept) => kept.change(one, { bytes: 4 }));
  assert.equal(await whole(one), undefined, "the late piece is gone");
});

test("how it failed, and that the server has it, is known to whoever comes next; what was dropped does not come back", async () => {
  const [one] = NAMES;
  await keep(ALICE, upload(one), plain, going);
  const failure = { kind: "file", detail: "slow" } as const;
  await note(ALICE, one, { failure });
  assert.deepEqual((await list())[0]?.failure, failure);
  const put = { url: "https://files.example/a", text: "aesgcm://files.example/a#", size: 900 };
  await note(ALICE, one, { put, failure: undefined });
  assert.deepEqual([(await list())[0]?.failure, (await list())[0]?.put], [undefined, put]);
  await drop(ALICE, one);
  await note(ALICE, one, { failure });
  assert.deepEqual(await list(), []);
});

test("what the disk had no room for is sent from memory, leaves no pieces, and does not come back once it was sent", async (t) => {
  const [one] = NAMES;
  // oxlint-disable-next-line typescript/unbound-method -- called with its own `this` below
  const add = KeptUploads.prototype.add;
  let added = 0;
  t.mock.method(KeptUploads.prototype, "add", async function full(this: KeptUploads, ...piece: Parameters<typeof add>) {
    added += 1;
    if (added > 1) throw new DOMException("no room", "QuotaExceededError");
    await add.apply(this, piece);
  });
  const large = new Blob([new Uint8Array(17 * 1024 * 1024)]);
  await begin(ALICE, upload(one, large.size));
  await keep(ALICE, upload(one, large.size), large, going);
  assert.equal((await look(ALICE, one)).seen.size, large.size);
  assert.deepEqual(
    (await list()).map(({ client, whole: is }) => [client, is]),
    [[one, false]],
  );
  await KeptUploads.with(ALICE, (kept) => kept.change(one, { bytes: 0 }));
  assert.equal((await whole(one))?.bytes.size, 0, "no piece of it is left on the full disk");
  await drop(ALICE, one);
  assert.deepEqual(await list(), []);
});

test("a file of 0 bytes is refused before anything is kept", async () => {
  const [one] = NAMES;
  await assert.rejects(begin(ALICE, upload(one, 0)), { kind: "file", detail: "empty" });
  await assert.rejects(keep(ALICE, upload(one), new Blob([]), going), { kind: "file", detail: "empty" });
  assert.deepEqual(await list(), []);
});

test("in clear it travels as it is", async () => {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  for await (const piece of piecesToSend(plain, undefined)) pieces.push(piece);
  assert.deepEqual(await bytesOf(new Blob(pieces)), await bytesOf(plain));
});
