/** Coming back to a thousand messages: how soon the newest is there. It counts milliseconds, so it has the machine to itself. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { RawClient } from "../raw-client.ts";
import { BOB as BOB_ACCOUNT, type Stack, startStack } from "../stack.ts";
import { away, numbered, seen, withoutHoles } from "./away.ts";
import { ALICE, browserOf, RECOVERY_MS } from "./people.ts";

/** The newest screenful, from the moment the account is live. */
const NEWEST_MS = 1_000;

let stack: Stack;
let bob: RawClient;
before(async () => {
  // What the server keeps elsewhere and sends by itself would come before the archive does.
  const xmppConfig = 'modules_disabled = { "s2s", "offline" }\nsmacks_hibernation_time = 1';
  stack = await startStack({ name: "newest-at-once", endpoint: "starttls", xmppConfig });
  bob = await RawClient.signIn(stack.xmpp.endpoints.ws, BOB_ACCOUNT);
});
after(async () => {
  bob?.close();
  await stack?.stop();
});

test("a thousand messages to a closed account: the newest a moment after it is live, all of them in order", async () => {
  const alice = await browserOf(stack, ALICE);
  const thousand = numbered("many", 1_000);
  await away(stack, alice, async () => {
    for (let from = 0; from < thousand.length; from += 100) bob.say(ALICE, ...thousand.slice(from, from + 100));
    await bob.sync();
  });
  const { length } = alice.frames;
  await alice.until(() => alice.frames.slice(length).some((f) => f.type === "state" && f.state.link.state === "live"));
  const live = performance.now();
  await alice.until(() => seen(alice, "many").at(-1) === thousand.at(-1));
  const took = performance.now() - live;
  assert.ok(took < NEWEST_MS, `${Math.round(took)} ms`);
  await alice.until(() => seen(alice, "many").length === thousand.length, RECOVERY_MS);
  assert.deepEqual(seen(alice, "many"), thousand);
  withoutHoles(alice);
  alice.detach();
});
