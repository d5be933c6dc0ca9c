/**
 * A connection that breaks off in the middle of a stanza, seen at Prosody 0.12: it lets the stream be resumed, reads on
 * behind the half, and understands nothing any more.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { TcpProxy } from "../faults/proxy.ts";
import { type Stack, startStack } from "../stack.ts";
import { ALICE, BOB, browserOf, RECOVERY_MS, say, textsOf, times } from "./people.ts";
import { claimPorts } from "../xmpp-server/ports.ts";

const BASE_PORT = await claimPorts();
const PROXY_PORT = BASE_PORT + 6;
/** More than one TLS record holds (RFC 8446 §5.1), so that a half of it is read. */
const LONG = "€".repeat(14_000);
const HALF_BYTES = 25_000;

const proxy = new TcpProxy(PROXY_PORT, BASE_PORT + 1);
let stack: Stack;
before(async () => {
  await proxy.start();
  stack = await startStack({
    name: "half-stanza",
    basePort: BASE_PORT,
    endpoint: "tls",
    variables: { XMPP_ENDPOINTS: JSON.stringify({ localhost: `tls://localhost:${PROXY_PORT}` }) },
  });
});
after(async () => {
  await stack?.stop();
  await proxy.stop();
});

test("the stream that hears nothing any more is given up: all of it arrives, once and in order", async () => {
  const [alice, bob] = [await browserOf(stack, ALICE), await browserOf(stack, BOB)];
  assert.ok((await say(alice, BOB, "before")).ok);
  await bob.until(() => times(bob, "before") === 1);
  proxy.cut("end", HALF_BYTES);
  assert.ok((await say(alice, BOB, LONG)).ok);
  for (const text of ["one", "two", "three"]) assert.ok((await say(alice, BOB, text)).ok);
  await bob.until(() => times(bob, "three") > 0, RECOVERY_MS);
  await alice.until(() => alice.link?.state === "live" && alice.link.caughtUp, RECOVERY_MS);
  assert.ok((await say(alice, BOB, "after")).ok);
  await bob.until(() => times(bob, "after") > 0, RECOVERY_MS);
  assert.deepEqual(textsOf(bob), ["before", LONG, "one", "two", "three", "after"]);
  for (const browser of [alice, bob]) browser.detach();
});
