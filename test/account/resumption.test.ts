/** One stream across resets and lost connections (XEP-0198 §5): the server and the contacts see nothing of them. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { PresenceInfo } from "../../worker/contract/state.ts";
import type { ScriptedBrowser } from "../scripted-browser.ts";
import { ACK_REQUEST_DELAY_MS } from "../../durable/link/management/management.ts";
import { TcpProxy } from "../faults/proxy.ts";
import { type Stack, startStack } from "../stack.ts";
import { claimPorts } from "../xmpp-server/ports.ts";
import { ALICE, BOB, browserOf, comeBack, RECOVERY_MS, say, textsOf, times } from "./people.ts";

const LOOK_MS = 50;
/** What is held back would come with the next heartbeat at the earliest. */
const AT_ONCE_MS = 10_000;
const STOPS_WRITING_MS = 200;

const BASE_PORT = await claimPorts();
const PROXY_PORT = BASE_PORT + 6;
/** Longer than Prosody goes on writing where nobody looks. */
const FAR_MS = 150;

/** Between the objects and their server. */
const proxy = new TcpProxy(PROXY_PORT, BASE_PORT);
let stack: Stack;
before(async () => {
  await proxy.start();
  // Where nobody looks Prosody stops writing this many seconds after it last wrote; five unless told (mod_csi_simple).
  const xmppConfig = "csi_resume_inactive_delay = 0.05";
  stack = await startStack({
    name: "resumption",
    basePort: BASE_PORT,
    endpoint: "starttls",
    xmppConfig,
    variables: { XMPP_ENDPOINTS: JSON.stringify({ localhost: `starttls://localhost:${PROXY_PORT}` }) },
  });
});
after(async () => {
  await stack?.stop();
  await proxy.stop();
});

/** Every word about Alice's presence that Bob was told. */
function saysOfAlice(bob: ScriptedBrowser): readonly PresenceInfo[] {
  return bob.frames.flatMap((frame) =>
    frame.type === "presence" || frame.type === "hello" ? frame.presence.filter(({ jid }) => jid === ALICE) : [],
  );
}

/** Who is there, as a browser that has just come is told: with its first frame, or a moment later, for some together. */
async function presenceTold(browser: ScriptedBrowser): Promise<readonly PresenceInfo[]> {
  await browser.until(() => browser.link?.state === "live" && browser.link.caughtUp, RECOVERY_MS);
  return browser.until(() => {
    const known = new Map<string, boolean>();
    for (const frame of browser.frames) {
      if (frame.type === "hello") known.clear();
      if (frame.type === "hello" || frame.type === "presence")
        for (const { jid, available } of frame.presence) known.set(jid, available);
    }
    const here = [...known].filter(([, available]) => available);
    return here.length > 0 && here.map(([jid]) => ({ jid, available: true }) as PresenceInfo);
  });
}

async function resetAndReturn(browser: ScriptedBrowser): Promise<void> {
  const { closed } = browser;
  await stack.resetObject(ALICE);
  await browser.until(() => browser.closed > closed);
  await comeBack(browser);
  await browser.until(() => browser.link?.state === "live" && browser.link.caughtUp, RECOVERY_MS);
}

test("a reset object goes on with its stream: no new resource, no word to contacts, everybody still there", async () => {
  const [alice, bob] = [await browserOf(stack, ALICE), await browserOf(stack, BOB)];
  await bob.until(() => saysOfAlice(bob).some(({ available }) => available));
  await alice.until(() => alice.frames.some((frame) => "presence" in frame && frame.presence.length > 0));
  const before = await presenceTold(alice);
  // In the order of the stream: behind it nothing of her coming is on its way any more.
  await say(alice, BOB, "before the reset");
  await bob.until(() => times(bob, "before the reset") === 1);
  assert.deepEqual(
    before.map(({ jid }) => jid),
    [BOB],
  );
  const [binds, sessions, told] = [
    await stack.xmpp.binds(ALICE),
    await stack.xmpp.sessions(ALICE),
    saysOfAlice(bob).length,
  ];
  for (let round = 1; round <= 3; round += 1) {
    await resetAndReturn(alice);
    await say(bob, ALICE, `reset ${round}`);
    await alice.until(() => times(alice, `reset ${round}`) === 1);
    await say(alice, BOB, `still here ${round}`);
    await bob.until(() => times(bob, `still here ${round}`) === 1);
  }
  assert.equal(await stack.xmpp.binds(ALICE), binds, "nothing was bound anew");
  assert.deepEqual(await stack.xmpp.sessions(ALICE), sessions);
  assert.equal(saysOfAlice(bob).length, told, "contacts were told nothing");
  assert.deepEqual(await presenceTold(alice), before);
  for (const browser of [alice, bob]) browser.detach();
});

test("what was written and not acknowledged is written again, what came meanwhile comes, each once and in order", async () => {
  const [alice, bob] = [await browserOf(stack, ALICE), await browserOf(stack, BOB)];
  const binds = await stack.xmpp.binds(ALICE);
  stack.xmpp.pause();
  try {
    for (let n = 1; n <= 5; n += 1) assert.ok((await say(alice, BOB, `out ${n}`)).ok);
    await stack.resetObject(ALICE);
    await alice.until(() => alice.closed > 0);
    await comeBack(alice);
    for (let n = 6; n <= 8; n += 1) assert.ok((await say(alice, BOB, `out ${n}`)).ok);
    for (let n = 1; n <= 3; n += 1) assert.ok((await say(bob, ALICE, `in ${n}`)).ok);
  } finally {
    stack.xmpp.resume();
  }
  const out = Array.from({ length: 8 }, (_, n) => `out ${n + 1}`);
  await bob.until(() => times(bob, "out 8") > 0, RECOVERY_MS);
  await alice.until(() => times(alice, "in 3") > 0, RECOVERY_MS);
  assert.deepEqual(
    textsOf(bob).filter((text) => text.startsWith("out ")),
    out,
  );
  assert.deepEqual(
    textsOf(alice).filter((text) => text.startsWith("in ")),
    ["in 1", "in 2", "in 3"],
  );
  assert.equal(await stack.xmpp.binds(ALICE), binds);
  for (const browser of [alice, bob]) browser.detach();
});

test("a server that has forgotten the stream gets a new one, and nothing is lost or sent twice", async () => {
  const [alice, bob] = [await browserOf(stack, ALICE), await browserOf(stack, BOB)];
  await say(alice, BOB, "before the crash");
  await bob.until(() => times(bob, "before the crash") === 1);
  await stack.xmpp.kill();
  assert.ok((await say(alice, BOB, "during the crash")).ok);
  await stack.xmpp.start();
  await bob.until(() => times(bob, "during the crash") > 0, RECOVERY_MS);
  await alice.until(() => alice.link?.state === "live" && alice.link.caughtUp, RECOVERY_MS);
  await say(alice, BOB, "after the crash");
  await bob.until(() => times(bob, "after the crash") > 0, RECOVERY_MS);
  for (const text of ["before the crash", "during the crash", "after the crash"]) assert.equal(times(bob, text), 1);
  for (const browser of [alice, bob]) browser.detach();
});

test("the counts in the database are those of the stream, and nothing is left once all is acknowledged", async () => {
  const [alice, bob] = [await browserOf(stack, ALICE), await browserOf(stack, BOB)];
  await say(bob, ALICE, "count me");
  await alice.until(() => times(alice, "count me") === 1);
  await say(alice, BOB, "and me");
  await alice.until(() => alice.entries.findLast((entry) => entry.kind === "progress" && entry.state === "sent"));
  const rows = async (query: string) => stack.objectRows(ALICE, query);
  const [stream] = await rows("select sm_id, inbound, acknowledged, resumable_ms from stream");
  assert.ok(stream && Number(stream["inbound"]) > 0 && Number(stream["acknowledged"]) > 0);
  assert.equal(stream["resumable_ms"], 600_000);
  for (const end = Date.now() + RECOVERY_MS; (await rows("select n from unacked")).length > 0; await sleep(LOOK_MS)) {
    assert.ok(Date.now() < end, "everything is acknowledged");
  }
  assert.deepEqual(await rows("select client from outbox"), []);
  for (const browser of [alice, bob]) browser.detach();
});

for (const far of [false, true]) {
  const way = far ? ", also where the server is far away" : "";
  test(`P1: what is sent to an account that sleeps arrives at once when a browser opens it, though it was reset meanwhile${way}`, async () => {
    const [alice, bob] = [await browserOf(stack, ALICE), await browserOf(stack, BOB)];
    const binds = await stack.xmpp.binds(ALICE);
    proxy.delay(far ? FAR_MS : 0);
    try {
      for (let round = 1; round <= 3; round += 1) {
        const { closed } = alice;
        alice.detach();
        await alice.until(() => alice.closed > closed);
        await stack.resetObject(ALICE);
        await comeBack(alice);
        await alice.until(() => alice.link?.state === "live" && alice.link.caughtUp, RECOVERY_MS);
        await sleep(STOPS_WRITING_MS);
        const text = `held back ${round}${way}`;
        await say(bob, ALICE, text);
        await alice.until(() => times(alice, text) === 1, AT_ONCE_MS);
      }
    } finally {
      proxy.delay(0);
    }
    assert.equal(await stack.xmpp.binds(ALICE), binds, "it is the same stream");
    for (const browser of [alice, bob]) browser.detach();
  });
}

test("N8: what is sent in the moment before nobody looks any more is acknowledged at once all the same", async () => {
  const [alice, bob] = [await browserOf(stack, ALICE), await browserOf(stack, BOB)];
  const sent = () => alice.entries.filter((entry) => entry.kind === "progress" && entry.state === "sent").length;
  for (let round = 0; round < 20; round += 1) {
    const before = sent();
    await say(alice, BOB, `and away ${round}`);
    // About when the server is asked for its count: `<r/>` and `<inactive/>` may arrive together.
    await sleep(ACK_REQUEST_DELAY_MS - 10 + round);
    alice.look(false);
    await alice.until(() => sent() > before, AT_ONCE_MS);
    alice.look(true);
  }
  for (const browser of [alice, bob]) browser.detach();
});
