/** Device lists that never come to rest: by the account's own server, by a contact or theirs (T42, S3). */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { BareJid, DeviceId } from "../../../worker/contract/names.ts";
import { ASKED_AT_ONCE } from "../devices/watching.ts";
import { bundleOf, createIdentity, createPreKeys, createSignedPreKey } from "../omemo/identity.ts";
import { LOOKED_UP_AT_ONCE } from "../object/look-ups.ts";
import { type TestBrowser, until } from "../testing/browser.ts";
import { ALICE, BOB, decides, type Fixture, readersOf, summaryOf, twoAcquainted } from "../testing/fixture.ts";

const ROUNDS = 3;

let fixture: Fixture;
let alice: TestBrowser;
let bob: TestBrowser;

beforeEach(async () => {
  ({ fixture, alice, bob } = await twoAcquainted());
});

afterEach(() => fixture.end());

const ids = (from: number, count: number) => Array.from({ length: count }, (_, at) => (from + at) as DeviceId);

/** A server lists these beside what is really there, and alice's browser has heard of it. */
async function lists(jid: BareJid, devices: readonly DeviceId[]): Promise<void> {
  const real = [alice.device, bob.device].filter(
    (device) => fixture.object(jid).bundles.has(device) && device > 10_000,
  );
  const all = [...real, ...devices];
  fixture.object(jid).devices = all;
  fixture.object(ALICE).tell({ type: "devices", jid, devices: all });
  await until(async () =>
    (await alice.rows("deviceLists")).some((row) => row.jid === jid && row.devices.join() === all.join()),
  );
}

/** These have keys, each its own. */
async function haveKeys(jid: BareJid, devices: readonly DeviceId[]): Promise<void> {
  for (const device of devices) {
    const identity = await createIdentity();
    const bundle = bundleOf(identity, await createSignedPreKey(identity, 1), await createPreKeys(1, 1));
    fixture.object(jid).bundles.set(device, bundle);
  }
}

/** How many bundles alice's browser has asked for since. */
function counted(): () => number {
  const { call } = alice.remote;
  let asked = 0;
  alice.remote.call = (name, args) => {
    if (name === "bundle") asked += 1;
    return call(name, args);
  };
  return () => asked;
}

const noticesOf = (kind: string) => alice.engine.snapshot().notices.filter((notice) => notice.kind === kind);
const countOf = (kind: string) => noticesOf(kind).map((notice) => ("devices" in notice ? notice.devices : undefined));
const pinned = async (jid: BareJid) =>
  (await alice.rows("pins")).flatMap((pin) => (pin.jid === jid ? [pin.device] : []));

describe("own devices that come and go", () => {
  it("T42: fifty of them, again and again, are a few questions and a line, and leave one line and no keys", async () => {
    const asked = counted();
    await haveKeys(ALICE, ids(1, 10));
    for (let round = 0; round < ROUNDS; round += 1) {
      await lists(ALICE, ids(1, 50));
      await until(() => noticesOf("new-device").length === ASKED_AT_ONCE);
      assert.deepEqual(countOf("more-devices"), [50 - ASKED_AT_ONCE]);
      await lists(ALICE, []);
      await until(() => noticesOf("new-device").length === 0);
      assert.deepEqual([countOf("more-devices"), countOf("devices-gone")], [[], [50]]);
    }
    await until(async () => (await pinned(ALICE)).length === 0);
    assert.ok(asked() <= LOOKED_UP_AT_ONCE, `${asked()} bundles`);
    assert.equal((await alice.rows("notices")).length, 1);
    const own = (await alice.rows("meta")).find(({ name }) => name === "ownDevices");
    assert.deepEqual(own?.name === "ownDevices" && own.known, []);
    await alice.engine.dismiss({ notice: "devices-gone" });
    await lists(ALICE, ids(7, 1));
    await until(() => noticesOf("new-device").length === 1);
    await lists(ALICE, []);
    await until(() => countOf("devices-gone").length === 1);
    assert.deepEqual(countOf("devices-gone"), [1], "what was read is not counted again");
  });

  it("T42: many at once are asked about one after the other, and none of them is given anything meanwhile", async () => {
    await haveKeys(ALICE, ids(1, ASKED_AT_ONCE + 2));
    await lists(ALICE, ids(1, ASKED_AT_ONCE + 2));
    await until(() => noticesOf("new-device").length === ASKED_AT_ONCE);
    assert.deepEqual(countOf("more-devices"), [2]);
    await alice.send({ chat: BOB, text: "for bob alone" });
    await bob.waitForTexts(ALICE, ["hello", "hello too", "for bob alone"]);
    assert.deepEqual(readersOf(fixture.lastText(ALICE, BOB)), [bob.device]);
    await alice.allow(1 as DeviceId);
    await until(() => countOf("more-devices")[0] === 1);
    await decides(alice, ALICE, (ASKED_AT_ONCE + 2) as DeviceId, "distrusted");
    await until(() => countOf("more-devices").length === 0);
    await alice.crash();
    assert.deepEqual(
      noticesOf("new-device").flatMap((notice) => ("device" in notice ? notice.device : [])),
      ids(2, ASKED_AT_ONCE),
    );
    await alice.send({ chat: BOB, text: "and for one" });
    await until(async () => (await bob.texts(ALICE)).at(-1) === "and for one");
    assert.deepEqual(readersOf(fixture.lastText(ALICE, BOB)), [1, bob.device]);
  });

  it("T42, S4: one that was refused is not forgotten behind any number of others", async () => {
    const refused = 9_999 as DeviceId;
    await haveKeys(ALICE, [refused]);
    await lists(ALICE, [refused]);
    await alice.newDevice(refused);
    await decides(alice, ALICE, refused, "distrusted");
    for (let round = 0; round < ROUNDS; round += 1) await lists(ALICE, ids(1 + 190 * round, 190));
    await lists(ALICE, [refused]);
    assert.deepEqual(await pinned(ALICE), [refused]);
    await alice.send({ chat: BOB, text: "not for it" });
    await until(async () => (await bob.texts(ALICE)).at(-1) === "not for it");
    assert.deepEqual(readersOf(fixture.lastText(ALICE, BOB)), [bob.device]);
    assert.deepEqual(
      (await alice.items(BOB)).at(-1)?.leftOut?.map(({ why }) => why),
      ["distrusted"],
    );
  });
});

describe("a contact's devices that come and go", () => {
  it("S3: of two hundred so many are looked up, the others are named and get nothing; who can read still does", async () => {
    const asked = counted();
    for (let round = 0; round < ROUNDS; round += 1) await lists(BOB, ids(1 + 199 * round, 199));
    const named = () => summaryOf(alice, BOB)?.trust;
    await until(() => (named()?.devices.length ?? 0) >= 199 - LOOKED_UP_AT_ONCE);
    assert.equal(named()?.kind, "excluded");
    await alice.send({ chat: BOB, text: "goes on" });
    await until(async () => (await bob.texts(ALICE)).at(-1) === "goes on");
    assert.deepEqual(readersOf(fixture.lastText(ALICE, BOB)), [bob.device]);
    assert.equal((await alice.items(BOB)).at(-1)?.leftOut?.length, 199);
    assert.ok(asked() <= LOOKED_UP_AT_ONCE, `${asked()} bundles`);
    assert.deepEqual(fixture.sentInClear(ALICE, BOB), []);
  });

  it("S3: keys that were looked up go with their devices, and what was seen or used stays", async () => {
    alice.attentive = false;
    await haveKeys(BOB, ids(1, 8));
    for (const device of ids(1, 8)) {
      await lists(BOB, [device]);
      await until(async () => (await pinned(BOB)).includes(device));
    }
    await lists(BOB, []);
    assert.deepEqual(await pinned(BOB), [bob.device]);
    await lists(BOB, ids(3, 1));
    await until(() => summaryOf(alice, BOB)?.trust?.kind === "new-device");
    await alice.send({ chat: BOB, text: "waits" });
    await until(async () => (await alice.items(BOB)).at(-1)?.state === "waiting");
    assert.equal((await bob.texts(ALICE)).at(-1), "hello too");
  });

  it("S3: where none of them could be looked up the message waits, and leaves when the person looks", async () => {
    await lists(BOB, ids(1, 199));
    await until(() => summaryOf(alice, BOB)?.trust?.kind === "excluded");
    await bob.engine.stop();
    const later = 5_000 as DeviceId;
    await haveKeys(BOB, [later]);
    fixture.object(BOB).devices = [later];
    fixture.object(ALICE).tell({ type: "devices", jid: BOB, devices: [later] });
    await until(async () => (await alice.rows("deviceLists")).some((row) => row.devices.join() === String(later)));
    await alice.send({ chat: BOB, text: "for the new one" });
    await until(async () => (await alice.items(BOB)).at(-1)?.state === "waiting");
    await fixture.hasReadAll(alice);
    assert.equal(fixture.texts(ALICE, BOB).length, 1, "nothing has left, in clear or otherwise");
    await alice.engine.checkEncryption({ chat: BOB });
    await until(() => fixture.texts(ALICE, BOB).length === 2);
    assert.deepEqual(readersOf(fixture.lastText(ALICE, BOB)), [later]);
  });
});
