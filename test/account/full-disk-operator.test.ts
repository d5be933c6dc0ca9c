/** The operator on a disk that is really full: of the accounts' objects alone, as at Cloudflare, or of all there are. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { Operator } from "../../tools/accounts/operator.ts";
import { nameSecretIn } from "../../tools/accounts/secret.ts";
import { type Stack, startStack } from "../stack.ts";
import { ALICE, BOB, browserOf, say } from "./people.ts";
import { SmallDisk } from "./small-disk.ts";

/** With Alice signed in, and not a byte left for her. */
async function onFullDisk(folder: string, then: (operator: Operator, disk: SmallDisk, stack: Stack) => Promise<void>) {
  const disk = new SmallDisk(folder);
  const stack = await startStack({ name: "full-disk-operator", endpoint: "starttls", start: disk.start });
  try {
    if (disk.isMissing) return false;
    const alice = await browserOf(stack, ALICE);
    await disk.fill();
    assert.deepEqual(await say(alice, BOB, "hello"), { ok: false, error: { kind: "storage-full" } });
    await then(new Operator(stack.url, nameSecretIn(await readFile(stack.secrets, "utf8")) ?? ""), disk, stack);
    return true;
  } finally {
    await stack.stopWorker();
    await disk.unmount();
    await stack.stop();
  }
}

test("S8, D13: an account whose storage is full is deleted, and begins anew once there is room", async (t) => {
  const tried = await onFullDisk("objects/Account", async (operator, disk, stack) => {
    assert.deepEqual(await operator.ask("delete", { address: ALICE }), { kind: "so", value: { deleted: true } });
    await disk.makeRoom();
    const gone = await operator.ask("overview", { address: ALICE });
    assert.deepEqual(gone, { kind: "refuse", words: "Nobody has signed in to this account here." });
    await browserOf(stack, ALICE);
  });
  if (!tried) t.skip(SmallDisk.WANTED);
});

test("S8, D13: where not even the command can be noted down, that is said, and with a little room it is carried out", async (t) => {
  const tried = await onFullDisk("objects", async (operator, disk) => {
    const refused = await operator.ask("delete", { address: ALICE });
    assert.ok(refused.kind === "refuse");
    assert.match(refused.words, /storage of the deployment is full.*Make a little room/);
    await disk.makeRoom();
    assert.deepEqual(await operator.ask("delete", { address: ALICE }), { kind: "so", value: { deleted: true } });
  });
  if (!tried) t.skip(SmallDisk.WANTED);
});
