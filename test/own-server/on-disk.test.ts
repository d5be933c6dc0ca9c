/** One's own server and what it keeps: killed and started again, ended in order, copied while it runs, started on the copy. */
import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { nameSecretIn } from "../../tools/accounts/secret.ts";
import { askForRound } from "../../tools/serve/watch.ts";
import { foldersIn } from "../../tools/serve/folders.ts";
import { ALICE, BOB, browserOf, comeBack, say, textsOf, times } from "../account/people.ts";
import type { EntryId } from "../../worker/contract/names.ts";
import { ROUTES } from "../../worker/contract/routes.ts";
import { ScriptedBrowser } from "../scripted-browser.ts";
import { BOB as BOB_ACCOUNT, type Stack, startStack } from "../stack.ts";
import { claimPorts } from "../xmpp-server/ports.ts";
import { PlainClient } from "../xmpp-server/plain-client.ts";
import { releaseOf, startOnStack } from "./on-stack.ts";
import { operate, startInTerminal } from "./own-server.ts";

const WITHIN_MS = 30_000;
const LOOK_EVERY_MS = 100;
/** Objects read an alarm that is due when they are started a moment later. */
const SOON_MS = 1_500;
const PAUSE_MS = 1_000;
const COPIES = 5;
const CTRL_C = "\u0003";

const basePort = await claimPorts();
const origin = `http://localhost:${basePort + 3}`;
let stack: Stack;
/** Where the server is started; another one after a restore. */
let data: string | undefined;
let alice: ScriptedBrowser;

before(async () => {
  stack = await startStack({
    name: "on-disk",
    basePort,
    endpoint: "starttls",
    start: (options) => startOnStack(options, { origin, data }),
  });
  data = stack.workerLog.replace(/\.log$/, "");
  alice = await browserOf(stack, ALICE);
});
after(async () => stack?.stop());

async function eventually(what: string, holds: () => Promise<boolean> | boolean): Promise<void> {
  for (const end = Date.now() + WITHIN_MS; !(await holds()); await sleep(LOOK_EVERY_MS))
    assert.ok(Date.now() < end, `${what} within ${WITHIN_MS} ms`);
}

/** A browser was told that the server has a message. */
function isSent(browser: ScriptedBrowser, message: EntryId): boolean {
  return browser.entries.some((entry) => entry.kind === "progress" && entry.message === message);
}

/** A command of the operator's. @returns what it printed */
function command(...args: readonly string[]): Promise<string> {
  return operate(releaseOf(dirname(data ?? "")), data ?? "", ...args);
}

/** When objects are to be rung, as it stands on the disk. */
function alarmsOnDisk(): readonly number[] {
  const file = new DatabaseSync(join(foldersIn(data ?? "").objects, "alcove-Account", "metadata.sqlite"), {
    readOnly: true,
  });
  try {
    const rows = file.prepare("select scheduled_time / 1000000 as at from _cf_ALARM").all();
    return rows.map((row) => Number(row["at"]));
  } finally {
    file.close();
  }
}

/** A sign-in that is being answered: its XMPP server is paused. */
async function beginSlowly() {
  stack.xmpp.pause();
  const signIn = { address: ALICE, name: "x", kind: "computer" } as const;
  const answer = new ScriptedBrowser(stack.url).post(ROUTES.signIn, signIn);
  await eventually("it is being answered", async () => /answering 1 requests/.test(await command("--status")));
  return { answer };
}

test("D12: killed and started again, the session goes on as the same one and nothing is lost", async () => {
  const bob = await PlainClient.signIn(stack.xmpp.endpoints.ws, BOB_ACCOUNT.name, BOB_ACCOUNT.password);
  await say(alice, BOB, "before");
  const binds = await stack.xmpp.binds(ALICE);
  await stack.killWorker();
  bob.send(
    `<message xmlns='jabber:client' to='${ALICE}' type='chat' id='gap'><body>while it was dead</body></message>`,
  );
  await stack.startWorker();
  await comeBack(alice);
  await alice.live();
  await eventually("what was sent meanwhile arrives", () => times(alice, "while it was dead") === 1);
  assert.equal(await stack.xmpp.binds(ALICE), binds, "resumed (XEP-0198), not begun again");
  bob.close();
});

test("D12: an alarm that was due while the server was dead rings when it is started, with nobody there", async () => {
  const on = await alice.call("stayOnline", { on: true });
  assert.ok(on.ok, JSON.stringify(on));
  const { closed } = alice;
  alice.detach();
  await alice.until(() => alice.closed > closed);
  assert.ok(await stack.hurryAlarm(ALICE, SOON_MS));
  const binds = await stack.xmpp.binds(ALICE);
  await stack.killWorker();
  await sleep(SOON_MS);
  const startedAt = Date.now();
  await stack.startWorker();
  // Nobody asks the object for anything: only the alarm can wake it, and it sets the next one.
  await eventually("the next alarm is on the disk", () => alarmsOnDisk().some((at) => at > startedAt));
  const bob = await PlainClient.signIn(stack.xmpp.endpoints.ws, BOB_ACCOUNT.name, BOB_ACCOUNT.password);
  bob.send(`<message xmlns='jabber:client' to='${ALICE}' type='chat' id='stay'><body>are you there?</body></message>`);
  await eventually("what is sent is taken in", async () => {
    const rows = await stack.objectRows(ALICE, "select 1 from entries where content like '%are you there?%'");
    return rows.length === 1;
  });
  assert.equal(await stack.xmpp.binds(ALICE), binds, "the same session");
  bob.close();
  await comeBack(alice);
  await alice.live();
});

test("D5: what the platform's timer would start is started here: an account whose alarm rings no more is woken", async () => {
  const { control, secrets } = foldersIn(data ?? "");
  const secret = nameSecretIn(await readFile(secrets, "utf8")) ?? "";
  await stack.loseAlarm(ALICE);
  assert.equal(await askForRound(control, origin, "no secret of this server"), false);
  assert.equal(await stack.objectAlarm(ALICE), undefined);
  assert.equal(await askForRound(control, origin, secret), true);
  assert.notEqual(await stack.objectAlarm(ALICE), undefined);
  await comeBack(alice);
  await alice.live();
});

test("D12: two servers on one data folder are refused in words", async () => {
  const second = command();
  await assert.rejects(second, ({ stdout }: { readonly stdout: string }) => {
    assert.match(stdout, /A server runs on this data folder already \(process \d+\)/);
    return true;
  });
  assert.match(await command("--status"), /runs since 20\d\d-/);
});

test("D12: ended in order, what was asked is answered, the socket ends, the session waits at the XMPP server", async () => {
  const binds = await stack.xmpp.binds(ALICE);
  const { closed } = alice;
  const begun = await beginSlowly();
  const stopped = stack.stopWorker();
  await sleep(PAUSE_MS);
  stack.xmpp.resume();
  const [answer] = await Promise.all([begun.answer, stopped]);
  assert.ok(answer.ok, JSON.stringify(answer));
  await alice.until(() => alice.closed > closed);
  assert.equal((await stack.xmpp.sessions(ALICE)).length, 1, "no goodbye was said");
  await stack.startWorker();
  await comeBack(alice);
  await alice.live();
  assert.equal(await stack.xmpp.binds(ALICE), binds);
});

test("D12: Ctrl-C in a terminal ends it in the same order", async () => {
  await stack.stopWorker();
  const terminal = await startInTerminal(releaseOf(dirname(data ?? "")), data ?? "");
  await comeBack(alice);
  await alice.live();
  const begun = await beginSlowly();
  terminal.type(CTRL_C);
  await sleep(PAUSE_MS);
  stack.xmpp.resume();
  const [answer, { code, printed }] = await Promise.all([begun.answer, terminal.ended]);
  assert.ok(answer.ok, JSON.stringify(answer));
  assert.equal(code, 0, printed);
  assert.match(printed, /Stopping\./);
  await stack.startWorker();
  await comeBack(alice);
  await alice.live();
});

test("D12: copied while people write, each copy is whole, and writing never fails", async () => {
  let writing = true;
  const written: string[] = [];
  const writer = (async () => {
    for (let n = 0; writing; n += 1) {
      const reply = await say(alice, BOB, `copied ${n}`);
      assert.ok(reply.ok, JSON.stringify(reply));
      written.push(`copied ${n}`);
    }
  })();
  const kept: (readonly string[])[] = [];
  for (let n = 0; n < COPIES; n += 1) {
    const before = [...written];
    const target = `${data}-copy-${n}`;
    assert.match(await command("--backup", target), /\d+ objects, each of them checked/);
    kept.push(before.filter((text) => !textsIn(target).has(text)));
  }
  writing = false;
  await writer;
  assert.deepEqual(kept.flat(), [], "whatever was accepted before a copy began is in it");
  assert.ok(written.length > COPIES, `${written.length} were written meanwhile`);
  assert.doesNotMatch(await readFile(stack.workerLog, "utf8"), /SQLITE|database is locked/i);
  await assert.rejects(command("--backup", `${data}-copy-0`), ({ stdout }: { readonly stdout: string }) => {
    assert.match(stdout, /is there already; a copy is not put over another one/);
    return true;
  });
});

test("D12: started on a copy in another folder, everybody is signed in and goes on", async () => {
  await say(alice, BOB, "in the copy");
  const restored = `${data}-restored`;
  await command("--backup", restored);
  await stack.stopWorker();
  data = restored;
  await stack.startWorker();
  assert.ok(existsSync(foldersIn(restored).control));
  await comeBack(alice);
  await alice.live();
  assert.equal(times(alice, "in the copy"), 1);
  const reply = await say(alice, BOB, "on the copy");
  assert.ok(reply.ok, JSON.stringify(reply));
  await eventually("it is in the log", () => textsOf(alice).includes("on the copy"));
});

test("D12: copied before the server has acknowledged, each message stands once in the log and arrives once", async () => {
  const bob = await PlainClient.signIn(stack.xmpp.endpoints.ws, BOB_ACCOUNT.name, BOB_ACCOUNT.password);
  bob.send("<presence xmlns='jabber:client'/>");
  const { epochs } = alice;
  const texts = ["on its way", "behind the copy"] as const;
  stack.xmpp.pause();
  const before = await say(alice, BOB, texts[0]);
  const earlier = `${data}-earlier`;
  await command("--backup", earlier);
  const after = await say(alice, BOB, texts[1]);
  stack.xmpp.resume();
  for (const reply of [before, after]) {
    assert.ok(reply.ok, JSON.stringify(reply));
    await alice.until(() => isSent(alice, reply.value.id));
  }
  for (const text of texts) await bob.until(text);
  await stack.stopWorker();
  data = earlier;
  await stack.startWorker();
  await comeBack(alice);
  await alice.live();
  assert.equal(alice.epochs, epochs + 1, "what it had read goes on in no copy: the log is told from its beginning");
  for (const text of texts) {
    assert.equal(times(alice, text), 1, text);
    assert.equal(bob.received.filter((stanza) => stanza.includes(text)).length, 1, text);
  }
  assert.ok(before.ok);
  await alice.until(() => isSent(alice, before.value.id));
  const waiting = await stack.objectRows(ALICE, "select client from outbox");
  assert.deepEqual(waiting, []);
  bob.close();
});

/** Texts in the copy of Alice's log. */
function textsIn(folder: string): ReadonlySet<string> {
  const found = new Set<string>();
  const objects = join(foldersIn(folder).objects, "alcove-Account");
  for (const name of readdirSync(objects).filter((one) => !one.startsWith("metadata"))) {
    const file = new DatabaseSync(join(objects, name), { readOnly: true });
    try {
      for (const row of file.prepare("select content from entries where content is not null").all())
        for (const [text] of String(row["content"]).matchAll(/copied \d+/g)) found.add(text);
    } finally {
      file.close();
    }
  }
  return found;
}
