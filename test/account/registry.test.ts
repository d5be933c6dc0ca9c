/** The browsers of an account among themselves: signing each other out, in real workerd against a real Prosody. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { LIMITS } from "../../worker/contract/limits.ts";
import type { DeviceId } from "../../worker/contract/names.ts";
import type { OmemoBundle } from "../../worker/contract/omemo.ts";
import { RawClient } from "../raw-client.ts";
import { until } from "../e2e/waiting.ts";
import { ScriptedBrowser } from "../scripted-browser.ts";
import { ALICE as ALICE_ACCOUNT, type Stack, startStack } from "../stack.ts";
import { ALICE, BOB, browserOf, comeBack, RECOVERY_MS, say, times } from "./people.ts";

const PASSWORD = "wonderland";

let stack: Stack;
before(async () => {
  stack = await startStack({ name: "registry", endpoint: "starttls" });
});
after(async () => stack?.stop());

/** Well-formed to a server, and of no use to anybody. */
function bundleOf(filler: string): OmemoBundle {
  const key = Buffer.from([5, ...Buffer.alloc(32, filler)]).toString("base64");
  const signature = Buffer.alloc(64, filler).toString("base64");
  return { identityKey: key, signedPreKey: { id: 1, key, signature }, preKeys: [{ id: 1, key }] };
}

async function publish(browser: ScriptedBrowser, device: number): Promise<void> {
  const published = await browser.call("publish", {
    device: device as DeviceId,
    bundle: bundleOf(String(device)[0] ?? ""),
  });
  assert.ok(published.ok, JSON.stringify(published));
}

async function listed(browser: ScriptedBrowser): Promise<readonly DeviceId[]> {
  const answer = await browser.call("devices", { jid: ALICE, fresh: true });
  assert.ok(answer.ok, JSON.stringify(answer));
  return [...answer.value.devices].sort();
}

const byeOf = (browser: ScriptedBrowser) =>
  browser.frames.flatMap((frame) => (frame.type === "bye" ? [frame.reason] : [])).at(-1);
const browsersOf = (browser: ScriptedBrowser) =>
  browser.frames
    .flatMap((frame) => (frame.type === "browsers" || frame.type === "hello" ? [frame.browsers] : []))
    .at(-1);
const removedOf = (browser: ScriptedBrowser) =>
  browser.frames.flatMap((frame) => (frame.type === "browsers" && frame.removed ? [frame.removed] : [])).at(-1);
const wrappedKeys = () =>
  stack.objectRows(ALICE, "select id, wrapped_key from browsers where wrapped_key is not null order by id");

test("one browser signs another out: it is told, let in no more, and nothing of it is left", async () => {
  const [one, two] = [await browserOf(stack, ALICE), await browserOf(stack, ALICE)];
  await publish(one, 1_111_111);
  await publish(two, 2_222_222);
  assert.deepEqual(await listed(one), [1_111_111, 2_222_222]);
  const info = browsersOf(one)?.find(({ id }) => id === two.browser);
  assert.ok(info);
  assert.deepEqual(
    {
      name: info.name,
      kind: info.kind,
      device: info.device,
      attached: info.attached,
      seen: info.lastSeen >= info.firstSeen,
    },
    { name: "Scripted on Node", kind: "computer", device: 2_222_222, attached: true, seen: true },
  );
  const before = await wrappedKeys();
  const [sealed] = await stack.objectRows(ALICE, "select value from meta where key = 'credentials'");

  const revoked = await one.call("revoke", { browser: two.browser as NonNullable<typeof two.browser> });
  assert.ok(revoked.ok, JSON.stringify(revoked));
  await two.until(() => two.closed > 0);
  assert.equal(byeOf(two), "revoked");
  for (const refused of [await two.call("unlock", {}), await say(two, BOB, "from the outside")]) {
    assert.equal(!refused.ok && refused.error.kind, "revoked");
  }
  assert.deepEqual(await listed(one), [1_111_111]);
  const bundle = await one.call("bundle", { jid: ALICE, device: 2_222_222 as DeviceId });
  assert.equal(!bundle.ok && bundle.error.kind, "not-found");
  await one.until(() => browsersOf(one)?.every(({ id }) => id !== two.browser));

  const after = await wrappedKeys();
  assert.deepEqual(
    after.map(({ id }) => id),
    [one.browser],
  );
  assert.notEqual(after[0]?.["wrapped_key"], before.find(({ id }) => id === one.browser)?.["wrapped_key"]);
  const [renewed] = await stack.objectRows(ALICE, "select value from meta where key = 'credentials'");
  assert.notEqual(renewed?.["value"], sealed?.["value"], "an old key opens nothing new");

  assert.ok((await one.call("revoke", { browser: two.browser as NonNullable<typeof two.browser> })).ok, "asked again");
  const self = await one.call("revoke", { browser: one.browser as NonNullable<typeof one.browser> });
  assert.equal(!self.ok && self.error.kind, "not-found");
  const nobody = await one.call("revoke", { browser: crypto.randomUUID() as NonNullable<typeof one.browser> });
  assert.equal(!nobody.ok && nobody.error.kind, "not-found");

  await stack.resetObject(ALICE);
  await comeBack(one);
  await one.until(() => one.link?.state === "live" && one.link.caughtUp, RECOVERY_MS);
  const refusals = two.closed;
  const hellos = () => two.frames.filter(({ type }) => type === "hello").length;
  const helloBefore = hellos();
  // It fails, and not at a moment that says anything: what counts is the socket that closes.
  two.attach().catch(() => undefined);
  await two.until(() => two.closed > refusals);
  assert.equal(hellos(), helloBefore, "the socket is refused, too");
  one.detach();
});

test("S4: the device of one that was signed out is told of as removed, and leaves the list whenever somebody lists it", async () => {
  const [one, two] = [await browserOf(stack, ALICE), await browserOf(stack, ALICE)];
  await publish(one, 5_555_555);
  await publish(two, 3_333_333);
  assert.ok((await one.call("revoke", { browser: two.browser as NonNullable<typeof two.browser> })).ok);
  await one.until(() => removedOf(one)?.includes(3_333_333 as DeviceId));
  assert.ok(!(await listed(one)).includes(3_333_333 as DeviceId));
  const told = () => one.frames.filter((frame) => frame.type === "devices" && frame.jid === ALICE).length;
  const before = told();
  const app = await RawClient.signIn(stack.xmpp.endpoints.ws, ALICE_ACCOUNT);
  app.write(
    `<iq xmlns='jabber:client' type='set' id='list'><pubsub xmlns='http://jabber.org/protocol/pubsub'>
      <publish node='eu.siacs.conversations.axolotl.devicelist'><item id='current'>
        <list xmlns='eu.siacs.conversations.axolotl'><device id='5555555'/><device id='3333333'/></list>
      </item></publish></pubsub></iq>`,
  );
  await app.sync();
  await one.until(() => told() > before);
  await until("it is off the list again", async () => !(await listed(one)).includes(3_333_333 as DeviceId));
  assert.ok((await listed(one)).includes(5_555_555 as DeviceId));
  app.close();
  await stack.resetObject(ALICE);
  const frames = one.frames.length;
  await comeBack(one);
  const hello = one.frames.slice(frames).find((frame) => frame.type === "hello");
  assert.ok(hello?.type === "hello" && hello.removed?.includes(3_333_333 as DeviceId), "whoever was away is told, too");
  one.detach();
});

test("one that comes back under its old name has to forget first, then is a new browser", async () => {
  const [one, two] = [await browserOf(stack, ALICE), await browserOf(stack, ALICE)];
  const former = two.browser as NonNullable<typeof two.browser>;
  assert.ok((await one.call("revoke", { browser: former })).ok);
  const asBefore = await two.signIn(ALICE, PASSWORD);
  assert.equal(!asBefore.ok && asBefore.error.kind, "revoked");
  two.browser = undefined;
  assert.ok((await two.signIn(ALICE, PASSWORD)).ok);
  assert.notEqual(two.browser, former);
  for (const browser of [one, two]) browser.detach();
});

test("what was erased and comes back out of a backup has to forget again", async () => {
  const [one, two] = [await browserOf(stack, ALICE), await browserOf(stack, ALICE)];
  const former = two.browser;
  assert.ok((await two.post("/api/sign-out", { erase: true })).ok);
  const asBefore = await two.signIn(ALICE, PASSWORD);
  assert.equal(!asBefore.ok && asBefore.error.kind, "revoked");
  two.browser = undefined;
  assert.ok((await two.signIn(ALICE, PASSWORD)).ok);
  assert.notEqual(two.browser, former);
  for (const browser of [one, two]) browser.detach();
});

test("all others at once, those included that had signed out and kept their device", async () => {
  const [one, two, three] = [
    await browserOf(stack, ALICE),
    await browserOf(stack, ALICE),
    await browserOf(stack, ALICE),
  ];
  await publish(one, 6_666_666);
  await publish(two, 3_333_333);
  await publish(three, 4_444_444);
  await three.post("/api/sign-out", { erase: false });
  assert.ok((await one.call("revoke", { browser: "others" })).ok);
  await two.until(() => byeOf(two) === "revoked");
  assert.deepEqual(await listed(one), [6_666_666]);
  await one.until(() => browsersOf(one)?.length === 1);
  assert.ok((await one.call("revoke", { browser: "others" })).ok, "there is nobody else, which is no failure");
  one.detach();
});

test("a browser that lost its keys and began anew takes its former device off the list", async () => {
  const one = await browserOf(stack, ALICE);
  await publish(one, 7_777_777);
  await publish(one, 8_888_888);
  const devices = await listed(one);
  assert.ok(devices.includes(8_888_888 as DeviceId) && !devices.includes(7_777_777 as DeviceId), devices.join());
  one.detach();
});

test("signed out while the server was away: its device leaves the list when the server is back", async () => {
  const [one, two] = [await browserOf(stack, ALICE), await browserOf(stack, ALICE)];
  await publish(two, 5_555_555);
  await stack.xmpp.stop();
  await one.until(() => one.link?.state === "waiting");
  assert.ok((await one.call("revoke", { browser: two.browser as NonNullable<typeof two.browser> })).ok);
  await two.until(() => byeOf(two) === "revoked", 2_000);
  await stack.xmpp.start();
  await one.call("reconnect", {});
  await one.live();
  await one.until(() =>
    one.frames.find((frame) => frame.type === "devices" && !frame.devices.includes(5_555_555 as DeviceId)),
  );
  assert.ok(!(await listed(one)).includes(5_555_555 as DeviceId));
  one.detach();
});

test("a call in another browser's name is answered before it does anything", async () => {
  const [alice, bob] = [await browserOf(stack, ALICE), await browserOf(stack, BOB)];
  const args = {
    client: crypto.randomUUID(),
    number: 1,
    after: 0,
    chat: BOB,
    content: { kind: "clear", text: "whose?", exposed: false },
  };
  const foreign = { "x-alcove-for": String(bob.browser) };
  for (const [path, body] of [
    ["/api/call/send", args],
    ["/api/sign-out", { erase: true }],
  ] as const) {
    const refused = await alice.post(path, body, foreign);
    assert.equal(!refused.ok && refused.error.kind, "wrong-account");
  }
  assert.ok((await alice.post("/api/call/reconnect", {}, { "x-alcove-for": String(alice.browser) })).ok);
  assert.equal(times(alice, "whose?"), 0);
  for (const browser of [alice, bob]) browser.detach();
});

test("how far a browser has come is stored when it leaves, not with each of its acknowledgements", async () => {
  const [browser, bob] = [await browserOf(stack, ALICE), await browserOf(stack, BOB)];
  const committed = async () => {
    const [row] = await stack.objectRows(ALICE, `select acked_seq from browsers where id = '${browser.browser}'`);
    return Number(row?.["acked_seq"]);
  };
  const before = await committed();
  for (const text of ["one", "two", "three"]) assert.ok((await say(bob, ALICE, text)).ok);
  await browser.until(() => times(browser, "three") === 1);
  assert.equal(await committed(), before);
  browser.detach();
  await browser.until(() => browser.closed > 0);
  const last = browser.entries.at(-1)?.seq;
  const end = Date.now() + RECOVERY_MS;
  while ((await committed()) !== last && Date.now() < end) await sleep(50);
  assert.equal(await committed(), last);
});

test("those that were signed out take nobody's place", async () => {
  const [row] = await stack.objectRows(ALICE, "select count(*) as gone from browsers where revoked_at is not null");
  assert.ok(Number(row?.["gone"]) > 0);
  const one = await browserOf(stack, ALICE);
  await one.call("revoke", { browser: "others" });
  for (let taken = 1; taken < LIMITS.browsers; taken += 1) {
    // Tries are counted by network address.
    const next = new (class extends ScriptedBrowser {
      override post<T>(path: string, body: unknown) {
        return super.post<T>(path, body, { "cf-connecting-ip": `198.51.100.${taken}` });
      }
    })(stack.url);
    const signedIn = await next.signIn(ALICE, PASSWORD);
    assert.ok(signedIn.ok, `${taken}: ${JSON.stringify(signedIn)}`);
  }
  one.detach();
});
