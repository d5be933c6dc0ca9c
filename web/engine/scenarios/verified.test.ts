/** What the head of a conversation says of devices that were compared. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { type TestBrowser, until } from "../testing/browser.ts";
import { ALICE, BOB, type Fixture, twoPeople } from "../testing/fixture.ts";

let fixture: Fixture;
let alice: TestBrowser;
let bob: TestBrowser;

beforeEach(async () => {
  ({ fixture, alice, bob } = await twoPeople());
  await alice.send({ chat: BOB, text: "hello" });
  await bob.waitForTexts(ALICE, ["hello"]);
});
afterEach(() => fixture.end());

const row = () => alice.engine.snapshot().chats.find(({ jid }) => jid === BOB);

test("U13: a conversation is verified when every device that reads in it was compared, and until another one comes", async () => {
  assert.equal(row()?.verified, undefined);
  const [device] = (await alice.engine.devices({ jid: BOB })).devices;
  assert.ok(device?.device && device.fingerprint);
  const { device: id, fingerprint } = device;
  const decided = await alice.engine.decide({ jid: BOB, device: id, fingerprint, trust: "verified" });
  assert.ok(decided.ok);
  await until(() => row()?.verified === true);
  assert.equal(row()?.encryption, "on");
  await fixture.browser(BOB);
  await alice.engine.open({ chat: BOB });
  await until(() => row()?.verified === undefined);
});

test("with only compared devices written to, nothing leaves for a contact before they were compared, and then it does", async () => {
  assert.equal(await alice.engine.onlyVerified({}), false);
  assert.equal(await alice.engine.onlyVerified({ on: true }), true);
  await until(() => row()?.trust?.kind === "none-trusted");
  await alice.send({ chat: BOB, text: "not yet" });
  let last = await alice.engine.timeline({ chat: BOB });
  await until(async () => {
    last = await alice.engine.timeline({ chat: BOB });
    return last.items.at(-1)?.failure?.kind === "none-trusted";
  });
  const [device] = (await alice.engine.devices({ jid: BOB })).devices;
  assert.ok(device?.device && device.fingerprint);
  const { device: id, fingerprint } = device;
  await alice.engine.decide({ jid: BOB, device: id, fingerprint, trust: "verified" });
  await alice.send({ chat: BOB, text: "now you are known" });
  await bob.waitForTexts(ALICE, ["hello", "now you are known"]);
  assert.equal(await alice.engine.onlyVerified({ on: false }), false);
});
