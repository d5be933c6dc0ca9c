/** Coming back to a thousand messages: the newest is there before the others. How soon: `npm run bench -- absence`. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { RawClient } from "../raw-client.ts";
import { BOB as BOB_ACCOUNT, type Stack, startStack } from "../stack.ts";
import { away, numbered, seen, withoutHoles } from "./away.ts";
import { ALICE, browserOf, textsOf } from "./people.ts";

/** Some pages are read in order, and then the newest (`docs/speed.md`). */
const FIRST = 500;

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

test("a thousand messages to a closed account: the newest come first, and all of them stand in order", async () => {
  const alice = await browserOf(stack, ALICE);
  const thousand = numbered("many", 1_000);
  await away(stack, alice, async () => {
    for (let from = 0; from < thousand.length; from += 100) bob.say(ALICE, ...thousand.slice(from, from + 100));
    await bob.sync();
  });
  await alice.until(() => seen(alice, "many").length === thousand.length);
  assert.deepEqual(seen(alice, "many"), thousand);
  const arrived = textsOf(alice).filter((text) => text.startsWith("many "));
  assert.ok(
    arrived.indexOf(thousand.at(-1) ?? "") < FIRST,
    `it came as number ${arrived.indexOf(thousand.at(-1) ?? "")}`,
  );
  withoutHoles(alice);
  alice.detach();
});
