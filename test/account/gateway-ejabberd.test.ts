/** The same road from a real ejabberd (`mod_push`, `mod_push_keepalive`), which also has the gateway's account. */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { LOOKING_IN } from "../../durable/connection/looking-in.ts";
import type { BareJid } from "../../worker/contract/names.ts";
import type { PushMessage } from "../../worker/contract/push.ts";
import { until } from "../e2e/waiting.ts";
import { PushService } from "../push-service.ts";
import type { ScriptedBrowser } from "../scripted-browser.ts";
import { ALICE as ALICE_ACCOUNT, BOB as BOB_ACCOUNT, type Stack, startStack } from "../stack.ts";
import { type Ejabberd, startEjabberd } from "../xmpp-server/ejabberd.ts";
import { claimPorts } from "../xmpp-server/ports.ts";
import { browserOf, say } from "./people.ts";

const DOMAIN = "ejabberd-push.test";
const [ALICE, BOB, GATE] = ["alice", "bob", "gate"].map((name) => `${name}@${DOMAIN}` as BareJid) as [
  BareJid,
  BareJid,
  BareJid,
];
const GATE_PASSWORD = "the gateway's own";
const BASE_PORT = await claimPorts();

let folder: string;
let ejabberd: Ejabberd;
let service: PushService;
let stack: Stack;
let phone: ScriptedBrowser;
let bob: ScriptedBrowser;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "alcove-gateway-ejabberd-"));
  ejabberd = await startEjabberd({
    state: folder,
    basePort: BASE_PORT + 10,
    domain: DOMAIN,
    accounts: [ALICE_ACCOUNT, BOB_ACCOUNT, { name: "gate", password: GATE_PASSWORD }],
    // What signs in again without a person has to fit: with plain passwords it draws another salt each time.
    config: "  mod_push: {}\n  mod_push_keepalive: {}\nauth_password_format: scram\n",
  });
  service = await PushService.start();
  stack = await startStack({
    name: "gateway-ejabberd",
    basePort: BASE_PORT,
    endpoint: "starttls",
    variables: {
      PUSH_SERVICES: service.origin,
      GATEWAY_ADDRESS: GATE,
      GATEWAY_PASSWORD: GATE_PASSWORD,
      XMPP_ENDPOINTS: JSON.stringify({ [DOMAIN]: ejabberd.endpoints.starttls }),
    },
    authorities: [ejabberd.ca],
  });
  [phone, bob] = [
    await browserOf(stack, ALICE, ALICE_ACCOUNT.password),
    await browserOf(stack, BOB, BOB_ACCOUNT.password),
  ];
});
after(async () => {
  await stack?.stop();
  await ejabberd?.kill();
  await service?.close();
  await rm(folder, { recursive: true, force: true });
});

const told = async () => (await stack.objectRows(ALICE, "select value from meta where key = 'server-push'")).length > 0;
const ringsAt = async () => ((await stack.objectAlarm(ALICE)) ?? 0) - Date.now();

test("ejabberd is told where to push, and wakes the sleeping account, which rings its browser with what has come", async (t) => {
  await phone.call("pushSubscribe", { ...service.subscribe(), origin: "https://alcove.example" });
  assert.ok((await phone.call("stayOnline", { on: true, looks: true })).ok);
  await until("the server is told", async () => {
    await stack.ringAlarm(ALICE);
    return told();
  });
  await stack.setGrace(0);
  phone.detach();
  await until("its stream is let go", async () => {
    await stack.ringAlarm(ALICE);
    return (await ringsAt()) > LOOKING_IN.seldomMs - 60_000;
  });
  const began = performance.now();
  await say(bob, ALICE, "gate-canary from ejabberd");
  const [push = assert.fail()] = await service.taken(1);
  t.diagnostic(`from send to push: ${Math.round(performance.now() - began)} ms`);
  const { entries = [] } = JSON.parse(push.text) as PushMessage;
  assert.ok(entries.some((entry) => JSON.stringify(entry).includes("gate-canary from ejabberd")));
});
