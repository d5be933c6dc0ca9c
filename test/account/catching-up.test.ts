/** Coming back to what was said meanwhile, against a real archive: in order, once, and with what is said right now. */
import assert from "node:assert/strict";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { GapEntry } from "../../worker/contract/entries.ts";
import type { BareJid } from "../../worker/contract/names.ts";
import { RawClient } from "../raw-client.ts";
import type { ScriptedBrowser } from "../scripted-browser.ts";
import { ALICE as ALICE_ACCOUNT, BOB as BOB_ACCOUNT, type Stack, startStack } from "../stack.ts";
import { away, numbered, seen, withoutHoles } from "./away.ts";
import { ALICE, BOB, browserOf, comeBack, messagesOf, RECOVERY_MS } from "./people.ts";

const CAROL_ACCOUNT = { name: "carol", password: "lantern" } as const;
const CAROL = "carol@localhost" as BareJid;
const HISTORY_MS = 60_000;
/** Longer than any test: until the delay is taken away. */
const HELD_S = 600;

let stack: Stack;
let bob: RawClient;
before(async () => {
  stack = await startStack({
    name: "catching-up",
    endpoint: "starttls",
    accounts: [ALICE_ACCOUNT, BOB_ACCOUNT, CAROL_ACCOUNT],
    // What the server keeps elsewhere and sends by itself would fill the gap before the archive does.
    xmppConfig: 'modules_disabled = { "s2s", "offline" }\nsmacks_hibernation_time = 1',
  });
  bob = await RawClient.signIn(stack.xmpp.endpoints.ws, BOB_ACCOUNT);
});
afterEach(() => archiveDelay(0));
after(async () => {
  bob?.close();
  await stack?.stop();
});

async function archiveDelay(seconds: number): Promise<void> {
  const file = join(stack.xmpp.state, "archive-delay");
  if (seconds > 0) await writeFile(file, `${seconds}`);
  else await rm(file, { force: true });
}

function gapsOf(browser: ScriptedBrowser, from = 0): readonly GapEntry[] {
  return browser.entries.slice(from).filter((entry): entry is GapEntry => entry.kind === "gap");
}

test("three hundred messages come in order while others are said, and nothing twice", async () => {
  const alice = await browserOf(stack, ALICE);
  const archived = numbered("kept", 300);
  const live = numbered("said", 60);
  await away(stack, alice, async () => {
    bob.say(ALICE, ...archived);
    await bob.sync();
  });
  for (const text of live) {
    bob.say(ALICE, text);
    await sleep(20);
  }
  await alice.until(() => seen(alice, "kept", "said").length >= archived.length + live.length, RECOVERY_MS);
  assert.deepEqual(seen(alice, "kept", "said"), [...archived, ...live]);
  withoutHoles(alice);
  alice.detach();
});

test("a slow archive: what is said now is shown behind a gap, which is filled later; both browsers see the same", async () => {
  const [alice, second] = [await browserOf(stack, ALICE), await browserOf(stack, ALICE)];
  const archived = numbered("older", 120);
  const { length } = alice.entries;
  await archiveDelay(HELD_S);
  await away(stack, alice, async () => {
    bob.say(ALICE, ...archived);
    await bob.sync();
  });
  await comeBack(second);
  const gap = await alice.until(() => gapsOf(alice, length).find(({ state }) => state === "open"), RECOVERY_MS);
  bob.say(ALICE, "newer 0");
  await alice.until(() => seen(alice, "newer").length === 1);
  assert.deepEqual(seen(alice, "older"), []);
  await archiveDelay(0);
  bob.say(ALICE, "newer 1");
  for (const browser of [alice, second]) {
    await browser.until(
      () => gapsOf(browser).find((entry) => entry.gap === gap.id && entry.state === "filled"),
      RECOVERY_MS,
    );
    await browser.until(() => seen(browser, "newer").length === 2);
    assert.deepEqual(seen(browser, "older", "newer"), [...archived, "newer 0", "newer 1"]);
    assert.ok(
      messagesOf(browser).every(({ position, content }) => {
        const older = content.kind === "clear" && content.text.startsWith("older");
        return !older || position < gap.position;
      }),
    );
  }
  const places = (browser: ScriptedBrowser) => messagesOf(browser).map(({ id, position }) => [id, position]);
  assert.deepEqual(places(alice), places(second));
  for (const browser of [alice, second]) browser.detach();
});

test("an object that is reset in the middle goes on where it was, with what it held", async () => {
  const alice = await browserOf(stack, ALICE);
  const archived = numbered("long", 300);
  await away(stack, alice, async () => {
    bob.say(ALICE, ...archived);
    await bob.sync();
    await archiveDelay(1);
  });
  await alice.until(() => seen(alice, "long").length > 0, RECOVERY_MS);
  const { closed } = alice;
  await stack.resetObject(ALICE);
  await alice.until(() => alice.closed > closed);
  bob.say(ALICE, "short 0");
  await archiveDelay(0);
  await comeBack(alice);
  await alice.until(() => seen(alice, "long", "short").length > archived.length, RECOVERY_MS);
  assert.deepEqual(seen(alice, "long", "short"), [...archived, "short 0"]);
  withoutHoles(alice);
  alice.detach();
});

test("a long history at first sight: the newest at once, a thousand by themselves, the beginning on demand", async () => {
  const history = numbered("old", 1_500);
  for (let from = 0; from < history.length; from += 100) {
    bob.say(CAROL, ...history.slice(from, from + 100));
    await bob.sync();
  }
  const carol = await browserOf(stack, CAROL, CAROL_ACCOUNT.password);
  const first = seen(carol, "old");
  assert.ok(first.length > 0 && first.length < 1_000, `${first.length}`);
  assert.equal(first.at(-1), history.at(-1), "the newest come first");
  await carol.until(() => seen(carol, "old").length >= 1_000, HISTORY_MS);
  await sleep(500);
  const loaded = seen(carol, "old");
  assert.ok(loaded.length <= 1_100, `${loaded.length}`);
  assert.deepEqual(loaded, history.slice(-loaded.length));
  for (let complete = false; !complete; ) {
    const page = await carol.call("older", { chat: BOB });
    assert.ok(page.ok, JSON.stringify(page));
    complete = page.value.complete;
  }
  await carol.until(() => seen(carol, "old").length === history.length);
  assert.deepEqual(seen(carol, "old"), history);
  withoutHoles(carol);
  carol.detach();
});
