/** Objects of this release behind the Worker of the release before: for seconds while a release goes up, longer by choice. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startDevWorker } from "../../tools/dev-worker.ts";
import type { BareJid } from "../../worker/contract/names.ts";
import { answeredBy, bothWorkers } from "../e2e/older-worker.ts";
import { ScriptedBrowser } from "../scripted-browser.ts";
import { ALICE, BOB, type Stack, startStack } from "../stack.ts";

const BOBS = "bob@localhost" as BareJid;
const clear = (text: string) => ({ kind: "clear", text, exposed: true }) as const;

let stack: Stack;

before(async () => {
  stack = await startStack({
    name: "older-worker",
    endpoint: "starttls",
    entry: await bothWorkers(),
    start: startDevWorker,
  });
});
after(() => stack?.stop());

test("D15: a browser of before is served by the Worker of before: it writes, and is told", async () => {
  const alice = new ScriptedBrowser(stack.url);
  alice.keyless = true;
  assert.ok((await alice.signIn("alice@localhost", ALICE.password)).ok);
  await answeredBy("older", stack.url);
  await alice.attach();
  const sent = await alice.send(BOBS, clear("by an older Worker"));
  assert.ok(sent.ok, JSON.stringify(sent));
  await alice.until(() => alice.entries.some(({ kind }) => kind === "message"));
  assert.ok((await alice.call("unlock", {})).ok);
  await answeredBy("today", stack.url);
  assert.ok((await alice.send(BOBS, clear("by today's"))).ok);
  alice.detach();
});

test("D15: a browser with a key is told to try again, not that it is signed out: the older Worker hands on no proof", async () => {
  const alice = new ScriptedBrowser(stack.url);
  assert.ok((await alice.signIn("alice@localhost", ALICE.password)).ok);
  await answeredBy("older", stack.url);
  for (const answer of [
    await alice.call("unlock", {}),
    await alice.call("reconnect", {}),
    await alice.send(BOBS, clear("not yet")),
  ]) {
    assert.deepEqual(answer, { ok: false, error: { kind: "offline" } });
  }
  await answeredBy("today", stack.url);
  await alice.attach();
  assert.ok((await alice.call("reconnect", {})).ok);
  alice.detach();
});

test("D15: a sign-in by the Worker of before fails in the words that its page shows, and sets no cookie", async () => {
  await answeredBy("older", stack.url);
  const answer = await fetch(`${stack.url}/api/sign-in`, {
    method: "POST",
    headers: { origin: stack.url, "content-type": "application/json" },
    body: JSON.stringify({ address: BOBS, password: BOB.password, name: "Old page", kind: "computer", plain: false }),
  });
  const { ok, error } = (await answer.json()) as { ok: boolean; error?: { kind: string; detail?: string } };
  assert.equal(ok, false);
  assert.deepEqual(error, {
    kind: "malformed",
    detail: "this page is of another release; load it again, then sign in",
  });
  assert.equal(answer.headers.get("set-cookie"), null);
  await answeredBy("today", stack.url);
});
