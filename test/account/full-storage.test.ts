/**
 * A store that is really full: the objects' databases lie on a file system of a few megabytes, in memory, and something
 * else takes what is left of it. At Cloudflare an object of 10 GB is told the same by the same words (`SQLITE_FULL`).
 */
import assert from "node:assert/strict";
import { after, before, test, type TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { ScriptedBrowser } from "../scripted-browser.ts";
import { ALICE as ALICE_ACCOUNT, BOB as BOB_ACCOUNT, type Stack, startStack } from "../stack.ts";
import { PlainClient } from "../xmpp-server/plain-client.ts";
import { ALICE, BOB, browserOf, comeBack, RECOVERY_MS, say, textsOf } from "./people.ts";
import { SmallDisk } from "./small-disk.ts";

const disk = new SmallDisk("objects/Account");
const LONG = "x".repeat(100_000);
const WATCHED_MS = 6_000;
const POLL_MS = 50;
const FULL = { state: "off", failure: { kind: "storage-full" } };

let stack: Stack;
let alice: ScriptedBrowser;
let bob: PlainClient;

before(async () => {
  stack = await startStack({ name: "full-storage", endpoint: "starttls", start: disk.start });
  alice = await browserOf(stack, ALICE);
  bob = await PlainClient.signIn(stack.xmpp.endpoints.ws, BOB_ACCOUNT.name, BOB_ACCOUNT.password);
});
after(async () => {
  bob?.close();
  await stack?.stopWorker();
  await disk.unmount();
  await stack?.stop();
});

/** True where this machine cannot do it, which is said. */
function cannotMount(t: TestContext): boolean {
  if (disk.isMissing) t.skip(SmallDisk.WANTED);
  return disk.isMissing;
}

function bobSays(text: string): void {
  bob.send(
    `<message xmlns='jabber:client' to='${ALICE}' type='chat' id='${text}'><body>${text} ${LONG}</body></message>`,
  );
}

/** The first words of each message, in the order of the log. */
function said(): readonly string[] {
  return textsOf(alice).map((text) => text.split(" ")[0] ?? "");
}

async function until(what: string, holds: () => boolean): Promise<void> {
  const end = Date.now() + RECOVERY_MS;
  while (!holds()) {
    assert.ok(Date.now() < end, `${what}: ${JSON.stringify([alice.link, said()])}`);
    await sleep(POLL_MS);
  }
}

test("S8: on a full disk nothing is taken in, which is said, and what is there can be read", async (t) => {
  if (cannotMount(t)) return;
  bobSays("before");
  await until("the disk has room", () => said().includes("before"));
  await disk.fill();
  for (const text of ["one", "two", "three"]) bobSays(text);
  await until("what cannot be stored ends the object", () => alice.closed > 0);

  // A browser that has nothing yet: it reads from the beginning.
  alice = alice.twin();
  await comeBack(alice);
  await until("it is told why", () => alice.link?.state === "off");
  assert.deepEqual(alice.link, FULL);
  await until("it reads", () => said().length > 0);
  assert.deepEqual(said(), ["before"]);

  assert.deepEqual(await say(alice, BOB, "hello"), { ok: false, error: { kind: "storage-full" } });
  const second = await new ScriptedBrowser(stack.url).signIn(ALICE, ALICE_ACCOUNT.password);
  assert.deepEqual(second, { ok: false, error: { kind: "storage-full", detail: "sign-in" } });
});

test("S8: while the disk is full the object lives, and opens no streams", async (t) => {
  if (cannotMount(t)) return;
  const before = [await stack.objectLife(ALICE), await stack.xmpp.binds(ALICE), alice.closed];
  bobSays("four");
  for (let sends = 0; sends < 5; sends += 1) assert.equal((await say(alice, BOB, "again")).ok, false);
  await sleep(WATCHED_MS);
  assert.deepEqual([await stack.objectLife(ALICE), await stack.xmpp.binds(ALICE), alice.closed], before);
});

test("S8: whoever asks for a new try in vain is told the same", async (t) => {
  if (cannotMount(t)) return;
  assert.deepEqual(await alice.call("reconnect", {}), { ok: false, error: { kind: "storage-full" } });
  await comeBack(alice);
  const life = await stack.objectLife(ALICE);
  assert.deepEqual(await alice.call("reconnect", {}), { ok: false, error: { kind: "storage-full" } });
  assert.equal(await stack.objectLife(ALICE), life, "not tried in a loop");
  assert.deepEqual(alice.link, FULL);
  assert.deepEqual(said(), ["before"]);
});

test("S8: when there is room everything goes on by itself, and nothing is lost or there twice", async (t) => {
  if (cannotMount(t)) return;
  const life = await stack.objectLife(ALICE);
  await disk.makeRoom();
  await until("all that came meanwhile is there", () => said().length >= 5);
  assert.deepEqual(said(), ["before", "one", "two", "three", "four"]);
  assert.equal(await stack.objectLife(ALICE), life, "the browser stayed where it was");
  assert.ok((await say(alice, BOB, "hello")).ok);
  const second = await new ScriptedBrowser(stack.url).signIn(ALICE, ALICE_ACCOUNT.password);
  assert.ok(second.ok, JSON.stringify(second));
});
