/** A closed browser is rung: a real object, a real Prosody, and a push service that knows what RFC 8030 asks. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { PushMessage } from "../../worker/contract/push.ts";
import { PushService, type PushSubscriptionHere } from "../push-service.ts";
import type { ScriptedBrowser } from "../scripted-browser.ts";
import { type Stack, startStack } from "../stack.ts";
import { ALICE, BOB, browserOf, comeBack, say, textsOf } from "./people.ts";

let service: PushService;
let stack: Stack;
let laptop: ScriptedBrowser;
let phone: ScriptedBrowser;
let bob: ScriptedBrowser;
let at: PushSubscriptionHere;

before(async () => {
  service = await PushService.start();
  stack = await startStack({ name: "push", endpoint: "starttls", variables: { PUSH_SERVICES: service.origin } });
  [laptop, phone, bob] = [await browserOf(stack, ALICE), await browserOf(stack, ALICE), await browserOf(stack, BOB)];
  at = service.subscribe();
});
after(async () => {
  await stack?.stop();
  await service?.close();
});

/** Whether somebody looks at the laptop, as its object knows it by then: what was said on the socket is heard before a call that follows. */
async function looks(visible: boolean): Promise<void> {
  laptop.look(visible);
  await laptop.call("unlock", {});
}

const read = ({ text }: { readonly text: string }) => JSON.parse(text) as PushMessage;
const textsIn = ({ entries = [] }: PushMessage) =>
  entries.flatMap((entry) => (entry.kind === "message" && entry.content.kind === "clear" ? [entry.content.text] : []));

test("a browser that is closed is told what it lacks; the push service sees no address, no name and no word", async () => {
  const key = await phone.call("pushKey", {});
  assert.ok(key.ok);
  assert.deepEqual(await phone.call("pushSubscribe", { ...at, origin: "https://alcove.example" }), {
    ok: true,
    value: { done: true },
  });
  phone.detach();
  await looks(false);
  await laptop.until(() =>
    laptop.frames.some(
      (frame) =>
        frame.type === "browsers" && frame.browsers.some(({ id, attached }) => id === phone.browser && !attached),
    ),
  );
  await say(bob, ALICE, "ring-canary one");
  const [push = assert.fail()] = await service.taken(1);
  const message = read(push);
  assert.deepEqual(textsIn(message), ["ring-canary one"]);
  assert.equal(message.browser, phone.browser);
  assert.deepEqual(service.complaints, []);
  assert.ok(
    String(push.headers.authorization).endsWith(`, k=${key.value.key}`),
    "it is the key that was subscribed with",
  );
  const seen = `${push.path} ${JSON.stringify(push.headers)} ${Buffer.from(push.body).toString("latin1")}`;
  for (const secret of [ALICE, BOB, "alice", "bob", "localhost", "ring-canary", message.epoch])
    assert.equal(seen.includes(secret), false, secret);
});

test("the browser that was rung asks for the rest without a socket, and contacts see nothing of that", async () => {
  const since = phone.entries.at(-1)?.seq ?? assert.fail();
  const epoch = phone.frames.flatMap((frame) => (frame.type === "hello" ? frame.epoch : []))[0] ?? assert.fail();
  const answer = await phone.call("entries", { epoch, since, at: phone.entries.at(-1)?.id });
  assert.ok(answer.ok);
  assert.equal(answer.value.since, since);
  assert.ok(answer.value.entries.some((entry) => entry.kind === "message"));
});

test("nobody is rung while another browser is looked at", async () => {
  await looks(true);
  await say(bob, ALICE, "ring-canary two");
  await laptop.until(() => textsOf(laptop).includes("ring-canary two"));
  await looks(false);
  await say(bob, ALICE, "ring-canary three");
  const pushes = await service.taken(2);
  assert.deepEqual(
    textsIn(read(pushes[1] ?? assert.fail())),
    ["ring-canary two", "ring-canary three"],
    "one push has both",
  );
});

test("an object that was reset rings on, and by the same key", async () => {
  await stack.resetObject(ALICE);
  await comeBack(laptop);
  await looks(false);
  await say(bob, ALICE, "ring-canary four");
  const pushes = await service.taken(3);
  const keys = pushes.map(({ headers }) => String(headers.authorization).split("k=")[1]);
  assert.equal(new Set(keys).size, 1);
  assert.equal(new Set(pushes.map(({ headers }) => headers["topic"])).size, 1);
});

const MINUTE_MS = 60_000;
const SOON_MS = 200;
const lookedAt = async () => {
  const rows = await stack.objectRows(ALICE, "select json_extract(value, '$.at') as at from meta where key = 'look'");
  return Number(rows[0]?.["at"] ?? 0);
};
/** Alarm after alarm, until it has let go of its stream later than `before`. */
async function sleepsAgain(before: number): Promise<number> {
  for (let at = await lookedAt(); ; at = await lookedAt()) {
    if (at > before) return at;
    await stack.ringAlarm(ALICE);
    await sleep(SOON_MS);
  }
}
const isSeen = () =>
  bob.frames
    .flatMap((frame) => (frame.type === "presence" || frame.type === "hello" ? frame.presence : []))
    .findLast(({ jid }) => jid === ALICE)?.available === true;

test("asleep, the account looks in now and then: it reads its archive, seen by nobody, rings, and sleeps again", async () => {
  assert.deepEqual(await laptop.call("stayOnline", { on: true, looks: true }), { ok: true, value: { on: true } });
  await laptop.until(() => laptop.frames.some((frame) => frame.type === "state" && frame.state.looksIn === true));
  laptop.detach();
  // The grace begins when its object has heard of it, by the clock of then.
  const left = () => stack.objectRows(ALICE, "select value from meta where key = 'left-at'");
  for (let rows = await left(); rows.length === 0; rows = await left()) await sleep(SOON_MS);
  await stack.setClock(6 * MINUTE_MS);
  const first = await sleepsAgain(0);
  await bob.until(() => !isSeen());
  const before = bob.frames.length;
  await say(bob, ALICE, "ring-canary asleep");
  const said = service.received.length;
  // What is due is what rings: an alarm that comes too soon opens nothing.
  await stack.ringAlarm(ALICE);
  assert.equal(await lookedAt(), first);
  await stack.setClock(6 * MINUTE_MS + 16 * MINUTE_MS);
  await stack.ringAlarm(ALICE);
  const pushes = await service.taken(said + 1);
  assert.ok(textsIn(read(pushes.at(-1) ?? assert.fail())).includes("ring-canary asleep"));
  await sleepsAgain(first);
  const seen = bob.frames
    .slice(before)
    .flatMap((frame) => (frame.type === "presence" || frame.type === "hello" ? frame.presence : []));
  assert.deepEqual(
    seen.filter(({ jid, available }) => jid === ALICE && available),
    [],
  );
});

test("whoever comes while it is asleep finds it as ever, and contacts see it again", async () => {
  await comeBack(laptop);
  await laptop.until(() => textsOf(laptop).includes("ring-canary asleep"));
  await laptop.live();
  await bob.until(isSeen);
  assert.ok((await laptop.call("stayOnline", { on: false })).ok);
  laptop.look(false);
});

test("a subscription that is over is forgotten, and nothing of where browsers are rung is in the log", async () => {
  service.end(at);
  await say(bob, ALICE, "ring-canary five");
  await laptop.until(() => textsOf(laptop).includes("ring-canary five"));
  const rows = () => stack.objectRows(ALICE, "select browser from push_targets");
  for (let left = await rows(); left.length > 0; left = await rows()) await sleep(SOON_MS);
  const log = await readFile(stack.workerLog, "utf8");
  for (const secret of [at.endpoint, at.auth, "ring-canary"]) assert.equal(log.includes(secret), false, secret);
});

test("a browser that signs out is rung no more", async () => {
  const again = service.subscribe();
  await phone.call("pushSubscribe", { ...again, origin: "https://alcove.example" });
  assert.equal((await stack.objectRows(ALICE, "select * from push_targets")).length, 1);
  await phone.post("/api/sign-out", { erase: false });
  assert.deepEqual(await stack.objectRows(ALICE, "select * from push_targets"), []);
});

test("S10: an address in a private network is refused", async () => {
  for (const endpoint of ["https://192.168.0.1/push", "http://127.0.0.1:9/push", "https://push.localhost/x"]) {
    const answer = await laptop.call("pushSubscribe", {
      ...service.subscribe(),
      endpoint,
      origin: "https://alcove.example",
    });
    assert.equal(!answer.ok && answer.error.kind, "domain-refused", endpoint);
  }
});
