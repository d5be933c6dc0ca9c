import "fake-indexeddb/auto";
import assert from "node:assert/strict";
import { test } from "node:test";
import type { BareJid, ClientId } from "../../../worker/contract/names.ts";
import type { FileReply, FileWork, NewUpload, PageId } from "../protocol/files.ts";
import { pageFolder } from "../store/private-disk.ts";
import { ScriptedDisk } from "../testing/scripted-disk.ts";
import { FileWorking } from "./working.ts";

const ACCOUNT = "alice@a.example" as BareJid;
const CLIENT = "one" as ClientId;
const CAPTION = { client: "two" as ClientId, text: "at the lake" };
const UPLOAD: NewUpload = {
  client: CLIENT,
  chat: "bob@b.example" as BareJid,
  at: 5,
  encrypted: true,
  name: "one.txt",
  seen: { kind: "file", type: "application/octet-stream", size: 3 },
  caption: CAPTION,
};

/** Asks one thing after the other. */
function worker() {
  const waiting = new Map<number, (reply: FileReply) => void>();
  const working = new FileWorking((reply) => {
    if (!("done" in reply)) waiting.get(reply.id)?.(reply);
  });
  let asked = 0;
  return (work: FileWork) =>
    new Promise<FileReply>((resolve) => {
      asked += 1;
      waiting.set(asked, resolve);
      working.ask({ id: asked, account: ACCOUNT, page: "page" as unknown as PageId, work });
    });
}

test("words that are taken off do not come back when its bytes are kept, and how it failed stays known", async () => {
  const ask = worker();
  const listed = async () => {
    const reply = await ask({ kind: "uploads" });
    return "uploads" in reply ? reply.uploads[0] : undefined;
  };
  await ask({ kind: "begin", upload: UPLOAD });
  assert.deepEqual((await listed())?.caption, CAPTION);
  const failure = { kind: "file", detail: "slow" } as const;
  await ask({ kind: "note", client: CLIENT, failure });
  await ask({ kind: "note", client: CLIENT, silent: true });
  assert.deepEqual([(await listed())?.caption, (await listed())?.failure], [undefined, failure]);
  // As it was asked before they were taken off.
  const kept = await ask({ kind: "keep", upload: UPLOAD, file: new Blob(["abc"]) });
  assert.equal("kept" in kept && kept.kept, true);
  assert.equal((await listed())?.caption, undefined);
  await ask({ kind: "note", client: CLIENT });
  assert.equal((await listed())?.failure, undefined);
  await ask({ kind: "drop", client: CLIENT });
  assert.equal(await listed(), undefined);
});

test("what was decrypted for a page that has gone goes when the next one asks what is on its way", async () => {
  const disk = new ScriptedDisk();
  const end = disk.begin();
  try {
    const place = await pageFolder(ACCOUNT, "gone" as unknown as PageId);
    const file = await place?.folder.create("decrypted");
    file?.write(new Uint8Array(5));
    await file?.close();
    place?.letGo();
    assert.deepEqual(disk.sizes(), [5]);
    await worker()({ kind: "uploads" });
    // Nobody waits for it: it is done when the lock of that page has been looked at.
    for (let turns = 0; turns < 1_000 && disk.sizes().length > 0; turns += 1) await new Promise(setImmediate);
    assert.deepEqual(disk.sizes(), []);
  } finally {
    end();
  }
});
