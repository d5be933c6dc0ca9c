/** Notes to ourselves: a conversation with the own address. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { DeviceId } from "../../../worker/contract/names.ts";
import { type TestBrowser, until } from "../testing/browser.ts";
import { ALICE, Fixture } from "../testing/fixture.ts";

let fixture: Fixture;
let first: TestBrowser;

beforeEach(async () => {
  fixture = new Fixture();
  first = await fixture.browser(ALICE);
  await first.engine.start({ address: ALICE });
});

afterEach(() => fixture.end());

const encryption = (who: TestBrowser) => who.engine.snapshot().chats.find(({ jid }) => jid === ALICE)?.encryption;

test("O1: with one browser notes are kept, over a restart too, and nothing has failed", async () => {
  await until(() => encryption(first) === "notes");
  for (const text of ["one", "two"]) await first.send({ chat: ALICE, text });
  await sleep(100);
  await first.crash();
  await first.engine.open({ chat: ALICE });
  await sleep(100);
  assert.deepEqual(await first.texts(ALICE), ["one", "two"]);
  assert.deepEqual(
    (await first.items(ALICE)).map(({ state }) => state),
    ["waiting", "waiting"],
  );
  assert.equal(encryption(first), "notes");
  assert.deepEqual(fixture.sent(ALICE, ALICE), []);
});

test("O1: another browser gets them, encrypted, once it was let in, and what follows in both directions", async () => {
  for (const text of ["one", "two"]) await first.send({ chat: ALICE, text });
  const second = await fixture.browser(ALICE, "Firefox on Linux");
  await second.waitForTexts(ALICE, ["one", "two"]);
  assert.equal(encryption(first), "on");
  await second.send({ chat: ALICE, text: "three" });
  for (const who of [first, second]) await who.waitForTexts(ALICE, ["one", "two", "three"]);
  assert.deepEqual(fixture.sentInClear(ALICE, ALICE), []);
  const failed = [...(await first.items(ALICE)), ...(await second.items(ALICE))].filter(
    ({ state }) => state === "failed",
  );
  assert.deepEqual(failed, []);
});

test("O1: a device that nobody has let in gets nothing, and the notes wait", async () => {
  const second = fixture.unsigned("Firefox on Linux");
  await second.signIn(ALICE, { allowed: false });
  await first.send({ chat: ALICE, text: "one" });
  await sleep(100);
  assert.deepEqual(
    (await first.items(ALICE)).map(({ state }) => state),
    ["waiting"],
  );
  assert.deepEqual(fixture.texts(ALICE, ALICE), []);
  await first.allow(second.device);
  await second.waitForTexts(ALICE, ["one"]);
});

test("O1: a listed device without usable keys is no reason to fail: the notes wait", async () => {
  const object = fixture.object(ALICE);
  object.devices = [...object.devices, 77 as DeviceId];
  object.tell({ type: "devices", jid: ALICE, devices: object.devices });
  await first.send({ chat: ALICE, text: "one" });
  await sleep(150);
  assert.deepEqual(
    (await first.items(ALICE)).map(({ state }) => state),
    ["waiting"],
  );
  assert.deepEqual(fixture.texts(ALICE, ALICE), []);
});
