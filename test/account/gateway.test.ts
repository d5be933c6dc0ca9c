/** The road from the server of an account to a closed browser: a real Prosody that pushes (XEP-0357), the gateway, a real object that sleeps. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { LOOKING_IN } from "../../durable/connection/looking-in.ts";
import { WAKING } from "../../durable/gateway/wakes.ts";
import type { BareJid } from "../../worker/contract/names.ts";
import type { PushMessage } from "../../worker/contract/push.ts";
import { Operator } from "../../tools/accounts/operator.ts";
import { nameSecretIn } from "../../tools/accounts/secret.ts";
import { until } from "../e2e/waiting.ts";
import { PushService } from "../push-service.ts";
import type { ScriptedBrowser } from "../scripted-browser.ts";
import { ALICE as ALICE_ACCOUNT, BOB as BOB_ACCOUNT, type Stack, startStack } from "../stack.ts";
import { PlainClient } from "../xmpp-server/plain-client.ts";
import { ALICE, BOB, browserOf, say } from "./people.ts";

const GATE = { name: "gate", password: "the gateway's own" } as const;
const GATE_ADDRESS = "gate@localhost" as BareJid;
/** See `test/entry.ts`. */
const GATE_OBJECT = "gateway@object";

let service: PushService;
let stack: Stack;
let phone: ScriptedBrowser;
let bob: ScriptedBrowser;
/** How far the clock of the objects is ahead. */
let aheadMs = 0;

before(async () => {
  service = await PushService.start();
  stack = await startStack({
    name: "gateway",
    endpoint: "starttls",
    accounts: [ALICE_ACCOUNT, BOB_ACCOUNT, GATE],
    friends: ["alice", "bob"],
    withModules: ["cloud_notify"],
    variables: { PUSH_SERVICES: service.origin, GATEWAY_ADDRESS: GATE_ADDRESS, GATEWAY_PASSWORD: GATE.password },
  });
  [phone, bob] = [await browserOf(stack, ALICE), await browserOf(stack, BOB)];
});
after(async () => {
  await stack?.stop();
  await service?.close();
});

const told = async () => {
  const [row] = await stack.objectRows(ALICE, "select value from meta where key = 'server-push'");
  return (
    row && (JSON.parse(String(row["value"])) as { readonly jid: string; readonly node: string; readonly at: number })
  );
};
const ringsAt = async () => ((await stack.objectAlarm(ALICE)) ?? 0) - (Date.now() + aheadMs);
const isAsleep = async () => (await stack.xmpp.sessions(ALICE)).length === 0;

/** Alice's object has nothing to do for long, and no stream. */
async function sleeps(forMs: number): Promise<void> {
  await until("the account sleeps", async () => (await isAsleep()) && (await ringsAt()) > forMs - 60_000);
}

test("while a browser is to be rung, the server is told where to push; nothing that it is told names the account", async () => {
  await phone.call("pushSubscribe", { ...service.subscribe(), origin: "https://alcove.example" });
  assert.ok((await phone.call("stayOnline", { on: true, looks: true })).ok);
  await until("the gateway is online", async () => {
    await stack.ringAlarm(ALICE);
    return (await stack.xmpp.sessions(GATE_ADDRESS)).length === 1;
  });
  const { jid, node } = await until("the server is told", told);
  assert.deepEqual(await stack.xmpp.sessions(GATE_ADDRESS), [jid]);
  assert.match(node, /^[\w-]{96}$/);
  await phone.until(() => phone.frames.some((frame) => frame.type === "state" && frame.state.pushed === true));
});

test("nobody there: what is written wakes the sleeping account, rings the browser, and the account sleeps again", async (t) => {
  await stack.setGrace(0);
  phone.detach();
  await until("it was noticed that nobody is there", async () => {
    const rows = await stack.objectRows(ALICE, "select value from meta where key = 'left-at'");
    return rows.length === 1;
  });
  await until("its stream is let go", async () => {
    await stack.ringAlarm(ALICE);
    return isAsleep();
  });
  await sleeps(LOOKING_IN.seldomMs);
  const began = performance.now();
  await say(bob, ALICE, "gate-canary one");
  const [push = assert.fail()] = await service.taken(1);
  t.diagnostic(`from send to push: ${Math.round(performance.now() - began)} ms`);
  const { entries = [] } = JSON.parse(push.text) as PushMessage;
  assert.ok(entries.some((entry) => entry.kind === "message" && JSON.stringify(entry).includes("gate-canary one")));
  await sleeps(LOOKING_IN.seldomMs);
});

/** As a server publishes it. */
const publish = (to: string, node: string, id: string, payload = "") =>
  `<iq xmlns='jabber:client' type='set' to='${to}' id='${id}'><pubsub xmlns='http://jabber.org/protocol/pubsub'>` +
  `<publish node='${node}'><item><notification xmlns='urn:xmpp:push:0'>${payload}</notification></item></publish></pubsub></iq>`;

test("forged nodes, large payloads and a flood wake nobody, leave nothing, and the gateway goes on", async () => {
  const { jid } = (await told()) ?? assert.fail();
  const binds = await stack.xmpp.binds(ALICE);
  const stranger = await PlainClient.signIn(stack.xmpp.endpoints.ws, "bob", BOB_ACCOUNT.password, "stranger");
  stranger.send(publish(jid, "A".repeat(96), "forged"));
  assert.match(await stranger.until("forged"), /item-not-found/);
  stranger.send(publish(jid, "A".repeat(50_000), "long"));
  stranger.send(publish(jid, "B".repeat(96), "large", `<x xmlns='jabber:x:data'>${"y".repeat(100_000)}</x>`));
  for (let n = 0; n < 1_000; n += 1) stranger.send(publish(jid, `${n}`.padStart(96, "C"), `flood-${n}`));
  for (const to of [jid, GATE_ADDRESS])
    stranger.send(`<message xmlns='jabber:client' to='${to}' type='chat'><body>hello</body></message>`);
  let asked = 0;
  await until("it answers again", () => {
    asked += 1;
    stranger.send(
      `<iq xmlns='jabber:client' type='get' to='${jid}' id='ping-${asked}'><ping xmlns='urn:xmpp:ping'/></iq>`,
    );
    return stranger.received.some((element) => element.includes("ping-") && element.includes("result"));
  });
  stranger.close();
  assert.equal(await stack.xmpp.binds(ALICE), binds);
  const tables = await stack.objectRows(
    GATE_OBJECT,
    "select name from sqlite_master where name not like '\\_cf%' escape '\\'",
  );
  assert.deepEqual(tables, [], "it keeps nothing");
});

test("a server that pushes without end wakes its account some times, and no more", async () => {
  const { jid, node } = (await told()) ?? assert.fail();
  const binds = await stack.xmpp.binds(ALICE);
  const hostile = await PlainClient.signIn(stack.xmpp.endpoints.ws, "bob", BOB_ACCOUNT.password, "hostile");
  for (let n = 0; n < 200; n += 1) hostile.send(publish(jid, node, `true-${n}`));
  await hostile.until("true-");
  await until("it was woken", async () => (await stack.xmpp.binds(ALICE)) > binds);
  await sleeps(LOOKING_IN.seldomMs);
  hostile.close();
  assert.ok((await stack.xmpp.binds(ALICE)) <= binds + WAKING.atOnce);
});

test("a gateway whose object was reset comes back by its alarm, and pushes arrive", async () => {
  const binds = await stack.xmpp.binds(GATE_ADDRESS);
  await stack.resetObject(GATE_OBJECT);
  await stack.ringAlarm(GATE_OBJECT);
  await until("it is back", async () => (await stack.xmpp.binds(GATE_ADDRESS)) > binds);
  const before = service.received.length;
  await say(bob, ALICE, "gate-canary two");
  await service.taken(before + 1);
  await sleeps(LOOKING_IN.seldomMs);
});

test("where the gateway's server does not let it in any more, accounts look in by themselves, and rely on it again when it is back", async () => {
  const operator = new Operator(stack.url, nameSecretIn(await readFile(stack.secrets, "utf8")) ?? "");
  const round = async () => assert.equal((await operator.ask("look", {})).kind, "so");
  await stack.xmpp.stop();
  await stack.xmpp.setPassword(GATE.name, "another one");
  await stack.xmpp.start();
  const before = service.received.length;
  await say(bob, ALICE, "gate-canary three");
  await until("it has arrived at the server", async () => (await stack.xmpp.sessions(BOB)).length > 0);
  // The watchman finds that the gateway does not stand: whoever relied on it looks now.
  await until("it was looked in", async () => {
    await round();
    return service.received.length > before;
  });
  await sleeps(LOOKING_IN.everyMs);
  assert.equal(await told(), undefined);
  assert.ok((await ringsAt()) <= LOOKING_IN.everyMs);

  await stack.xmpp.stop();
  await stack.xmpp.setPassword(GATE.name, GATE.password);
  await stack.xmpp.start();
  // What was refused is not tried for everybody who asks.
  aheadMs += 61 * 60_000;
  await stack.setClock(aheadMs);
  await stack.ringAlarm(ALICE);
  await until("the server is told again", told);
  // Alarms ring by the clock of the world.
  await until("its look is over", async () => {
    await stack.ringAlarm(ALICE);
    return isAsleep();
  });
  await sleeps(LOOKING_IN.seldomMs);
});

test("nothing of it is in the log", async () => {
  const { node } = (await told()) ?? assert.fail();
  const log = await readFile(stack.workerLog, "utf8");
  for (const secret of [GATE.password, node, "gate-canary", ALICE]) assert.equal(log.includes(secret), false, secret);
});
