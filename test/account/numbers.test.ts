/** What a browser sends is counted and what it has read is named: neither side can fall behind without being told. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { newClient, type ScriptedBrowser } from "../scripted-browser.ts";
import { type Stack, startStack } from "../stack.ts";
import { ALICE, BOB, browserOf, comeBack, RECOVERY_MS, say, textsOf, times } from "./people.ts";

let stack: Stack;
before(async () => {
  stack = await startStack({ name: "numbers", endpoint: "starttls" });
});
after(async () => stack?.stop());

function send(browser: ScriptedBrowser, number: number, after: number, text: string, client = newClient()) {
  return browser.call("send", { client, number, after, chat: BOB, content: { kind: "clear", text, exposed: false } });
}

const helloOf = (browser: ScriptedBrowser) =>
  browser.frames.flatMap((frame) => (frame.type === "hello" ? [frame] : [])).at(-1);

test("a send that overtakes the one before it waits for it", async () => {
  const alice = await browserOf(stack, ALICE);
  const early = await send(alice, 2, 1, "second");
  assert.equal(!early.ok && early.error.kind, "too-early");
  assert.ok((await send(alice, 1, 0, "first")).ok);
  assert.ok((await send(alice, 2, 1, "second")).ok);
  assert.ok((await send(alice, 5, 2, "after a gap")).ok, "what failed in the browser leaves a gap");
  await alice.until(() => textsOf(alice).length === 3);
  assert.deepEqual(textsOf(alice), ["first", "second", "after a gap"]);
  alice.detach();
});

test("many in flight at once are accepted in their order", async () => {
  const [alice, bob] = [await browserOf(stack, ALICE), await browserOf(stack, BOB)];
  const texts = Array.from({ length: 40 }, (_, i) => `in flight ${i}`);
  const answers = await Promise.all(texts.map((text) => say(alice, BOB, text)));
  assert.ok(answers.every(({ ok }) => ok));
  await bob.until(() => times(bob, "in flight 39") > 0);
  assert.deepEqual(
    textsOf(bob).filter((text) => text.startsWith("in flight")),
    texts,
  );
  for (const browser of [alice, bob]) browser.detach();
});

test("a number that was used up names a browser that was rolled back; hello says how far it had come", async () => {
  const alice = await browserOf(stack, ALICE);
  assert.equal(helloOf(alice)?.accepted, 0);
  const client = newClient();
  const reply = await send(alice, 7, 0, "before the backup", client);
  const again = await send(alice, 3, 2, "before the backup", client);
  assert.deepEqual(again, reply, "the same message, whatever its number");
  const used = await send(alice, 7, 0, "typed after the backup was restored");
  assert.equal(!used.ok && used.error.kind, "behind");
  await stack.resetObject(ALICE);
  await comeBack(alice);
  assert.equal(helloOf(alice)?.accepted, 7);
  assert.equal(times(alice, "typed after the backup was restored"), 0);
  alice.detach();
});

test("what is refused uses no number up", async () => {
  const alice = await browserOf(stack, ALICE);
  const chat = "dora@localhost" as typeof BOB;
  const omemo = { sid: 1, iv: "AAAAAAAAAAAAAAAA", keys: [{ rid: 2, prekey: true, data: "AAAA" }], payload: "AAAA" };
  const ask = (number: number, content: unknown) =>
    alice.call("send", { client: newClient(), number, after: 0, chat, content: content as never });
  assert.ok((await ask(1, { kind: "omemo", omemo })).ok);
  const refused = await ask(2, { kind: "clear", text: "oops", exposed: false });
  assert.equal(!refused.ok && refused.error.kind, "would-expose");
  assert.ok((await ask(2, { kind: "omemo", omemo: { ...omemo, iv: "BBBBBBBBBBBBBBBB" } })).ok);
  alice.detach();
});

test("S14: a restored storage that has grown past a cursor is another log for whoever stands there, and for nobody else", async () => {
  const [alice, sibling, bob] = [
    await browserOf(stack, ALICE),
    await browserOf(stack, ALICE),
    await browserOf(stack, BOB),
  ];
  const caughtUp = (browser: ScriptedBrowser) => browser.entries.at(-1)?.seq === helloOf(browser)?.head;
  await say(bob, ALICE, "in the backup");
  await alice.until(() => times(alice, "in the backup") > 0);
  const [backup] = await stack.objectRows(
    ALICE,
    "select max(seq) as head, (select json_array(cursor, at) from archives) as archive from entries",
  );
  await say(bob, ALICE, "lost with the storage");
  await alice.until(() => times(alice, "lost with the storage") > 0);
  const epoch = helloOf(alice)?.epoch;
  alice.detach();
  sibling.detach();
  await alice.until(() => alice.closed > 0);
  const cursor = alice.entries.at(-1)?.seq ?? 0;

  await stack.objectRows(ALICE, `delete from entries where seq > ${Number(backup?.["head"])}`);
  const archive = String(backup?.["archive"]);
  await stack.objectRows(
    ALICE,
    `update archives set cursor = json_extract('${archive}', '$[0]'), at = json_extract('${archive}', '$[1]')`,
  );
  await stack.resetObject(ALICE);
  const young = await browserOf(stack, ALICE);
  for (let i = 0; i < 5; i += 1) await say(bob, ALICE, `after the restore ${i}`);
  await young.until(() => times(young, "after the restore 4") > 0, RECOVERY_MS);
  assert.ok(times(young, "lost with the storage") === 1, "the archive still had it");
  const [grown] = await stack.objectRows(ALICE, "select max(seq) as head from entries");
  assert.ok(Number(grown?.["head"]) > cursor, "the log has grown past the cursor");

  const closed = young.closed;
  await alice.attach();
  await alice.until(() => caughtUp(alice));
  assert.notEqual(helloOf(alice)?.epoch, epoch);
  // It begins anew with another log, as a page does.
  const again = [...alice.entries];
  assert.deepEqual(
    again.map(({ seq }) => seq),
    Array.from({ length: again.length }, (_, i) => i + 1),
  );
  assert.equal(again.length, helloOf(alice)?.head);
  // Young has read this log from its start, and goes on with it.
  assert.equal(young.closed, closed);
  await say(bob, ALICE, "for everybody");
  await young.until(() => times(young, "for everybody") === 1);
  // And from then on it is an epoch like any other.
  const anew = helloOf(alice)?.epoch;
  await alice.until(() => times(alice, "for everybody") > 0);
  alice.detach();
  await alice.until(() => alice.closed > 1);
  const entries = alice.entries.length;
  await alice.attach();
  await alice.until(() => caughtUp(alice));
  assert.equal(helloOf(alice)?.epoch, anew);
  assert.equal(alice.entries.length, entries, "nothing came a second time");
  // The sibling stands in the other log as well, and finds out by itself.
  await sibling.attach();
  assert.notEqual(helloOf(sibling)?.epoch, epoch);
  sibling.detach();
  for (const browser of [alice, young, bob]) browser.detach();
});
