/** What must still be right afterwards: messages that came back, a password changed elsewhere, devices erased. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { BareJid, DeviceId } from "../../worker/contract/names.ts";
import type { OmemoBundle } from "../../worker/contract/omemo.ts";
import type { ScriptedBrowser } from "../scripted-browser.ts";
import { type Stack, startStack } from "../stack.ts";
import { newClient } from "../scripted-browser.ts";
import { ALICE, BOB, browserOf, RECOVERY_MS, say } from "./people.ts";

const NOBODY = "nobody@localhost" as BareJid;
const NEW_PASSWORD = "through the looking glass";

let stack: Stack;
before(async () => {
  stack = await startStack({ name: "afterwards", endpoint: "starttls" });
});
after(async () => stack?.stop());

/** Well-formed to a server, and of no use to anybody. */
function bundleOf(filler: string): OmemoBundle {
  const key = Buffer.from([5, ...Buffer.alloc(32, filler)]).toString("base64");
  const signature = Buffer.alloc(64, filler).toString("base64");
  return { identityKey: key, signedPreKey: { id: 1, key, signature }, preKeys: [{ id: 1, key }] };
}

test("a message that came back is failed and stays failed, whatever the server acknowledges", async () => {
  const alice = await browserOf(stack, ALICE);
  const client = newClient();
  const reply = await say(alice, NOBODY, "?", client);
  assert.ok(reply.ok);
  const stateOf = () =>
    alice.entries.flatMap((entry) =>
      entry.kind === "progress" && entry.message === reply.value.id ? [entry.state] : [],
    );
  await alice.until(() => stateOf().includes("failed"));
  // The acknowledgement follows within milliseconds; a second message shows that it has been.
  await say(alice, BOB, "and this one arrives");
  await alice.until(() =>
    alice.entries.findLast((entry) => entry.kind === "progress" && entry.message !== reply.value.id),
  );
  assert.deepEqual(stateOf(), ["failed"]);
  assert.ok((await say(alice, NOBODY, "?", client)).ok, "the same bytes again are a retry");
  await alice.until(() => stateOf().length === 2);
  assert.deepEqual(stateOf(), ["failed", "failed"]);
  alice.detach();
});

test("two browsers that publish at once are both listed, and an erased one is not, even if the server was away", async () => {
  const [one, two] = [await browserOf(stack, ALICE), await browserOf(stack, ALICE)];
  const [first, second] = [1_111_111 as DeviceId, 2_222_222 as DeviceId];
  const listed = async (browser: ScriptedBrowser) => {
    const answer = await browser.call("devices", { jid: ALICE, fresh: true });
    assert.ok(answer.ok, JSON.stringify(answer));
    return [...answer.value.devices].sort();
  };
  const published = await Promise.all([
    one.call("publish", { device: first, bundle: bundleOf("1") }),
    two.call("publish", { device: second, bundle: bundleOf("2") }),
  ]);
  assert.ok(
    published.every(({ ok }) => ok),
    JSON.stringify(published),
  );
  assert.deepEqual(await listed(one), [first, second]);
  await stack.xmpp.stop();
  await one.until(() => one.link?.state === "waiting");
  await two.post("/api/sign-out", { erase: true });
  // The first of two publications was told alone, too: only what is told from here on is about the erased one.
  const told = one.frames.length;
  await stack.xmpp.start();
  await one.call("reconnect", {});
  await one.live();
  const afterwards = () => one.frames.slice(told);
  await one.until(() => afterwards().find((frame) => frame.type === "devices" && !frame.devices.includes(second)));
  assert.deepEqual(await listed(one), [first]);
  const bundle = await one.call("bundle", { jid: ALICE, device: second });
  assert.equal(!bundle.ok && bundle.error.kind, "not-found");
  one.detach();
});

test("N7: a password changed elsewhere is one clear request to sign in, and signing in serves the other browser too", async () => {
  const [one, two] = [await browserOf(stack, ALICE), await browserOf(stack, ALICE)];
  await stack.xmpp.stop();
  await one.until(() => one.link?.state === "waiting");
  await stack.xmpp.setPassword("alice", NEW_PASSWORD);
  await stack.xmpp.start();
  await one.call("reconnect", {});
  const refused = await one.until(() => one.link?.state === "off" && one.link.failure);
  assert.equal(refused.kind, "keys-unfit");
  await one.call("reconnect", {});
  const signedIn = await one.signIn(ALICE, NEW_PASSWORD);
  assert.ok(signedIn.ok, JSON.stringify(signedIn));
  await two.until(() => two.link?.state === "live" && two.link.caughtUp, RECOVERY_MS);
  for (const browser of [one, two]) browser.detach();
});
