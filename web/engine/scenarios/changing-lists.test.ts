/** Device lists that change while a message is being sealed: what is asked for is no longer what is there (S3, T37). */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { DeviceId } from "../../../worker/contract/names.ts";
import { bundleOf, createIdentity, createPreKeys, createSignedPreKey } from "../omemo/identity.ts";
import { type TestBrowser, until } from "../testing/browser.ts";
import { ALICE, BOB, type Fixture, readersOf, summaryOf, twoPeople } from "../testing/fixture.ts";

const FIRST = 1 as DeviceId;
const SECOND = 2 as DeviceId;

let fixture: Fixture;
let alice: TestBrowser;
let bob: TestBrowser;

beforeEach(async () => {
  ({ fixture, alice, bob } = await twoPeople());
  await bob.engine.stop();
  const object = fixture.object(BOB);
  for (const device of [FIRST, SECOND]) {
    const identity = await createIdentity();
    object.bundles.set(device, bundleOf(identity, await createSignedPreKey(identity, 1), await createPreKeys(1, 1)));
  }
});

afterEach(() => fixture.end());

/** Bob's list, as alice's object tells it from now on. */
function lists(...devices: readonly DeviceId[]): void {
  fixture.object(BOB).devices = [...devices];
  fixture.object(ALICE).tell({ type: "devices", jid: BOB, devices });
}

/** While the bundle of this device is on its way something happens; each time, or once. */
function whileAsking(of: DeviceId | undefined, happens: (times: number) => void): void {
  const { call } = alice.remote;
  let times = 0;
  alice.remote.call = async (name, args) => {
    const answer = await call(name, args);
    const asked = name === "bundle" ? (args as { device: DeviceId }).device : undefined;
    if (asked !== undefined && (of === undefined || asked === of)) {
      times += 1;
      happens(times);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return answer;
  };
}

const left = (count: number) => until(() => fixture.texts(ALICE, BOB).length === count);

describe("a contact's list that changes while a message is sealed", () => {
  it("S3: all of it is another one: the message is for those who are there now", async () => {
    lists(FIRST);
    whileAsking(FIRST, () => lists(SECOND));
    await alice.send({ chat: BOB, text: "for the second" });
    await left(1);
    assert.deepEqual(readersOf(fixture.lastText(ALICE, BOB)), [SECOND]);
    assert.deepEqual(
      (await alice.rows("pins")).map(({ device }) => device),
      [SECOND],
      "who has left was not met",
    );
  });

  it("S3: one more has come: it is asked for as well, ahead of the first message", async () => {
    lists(FIRST);
    whileAsking(FIRST, (times) => times === 1 && lists(FIRST, SECOND));
    await alice.send({ chat: BOB, text: "for both" });
    await left(1);
    assert.deepEqual(readersOf(fixture.lastText(ALICE, BOB)), [FIRST, SECOND]);
  });

  it("S3: while the socket is away nobody tells of a new device: each message asks", async () => {
    lists(FIRST);
    alice.remote.cut();
    await alice.send({ chat: BOB, text: "for the first" });
    await left(1);
    fixture.object(BOB).devices = [FIRST, SECOND];
    await alice.send({ chat: BOB, text: "for both" });
    await left(2);
    assert.deepEqual(readersOf(fixture.lastText(ALICE, BOB)), [FIRST, SECOND]);
  });

  it("S3: a list that was asked for before the object said hello, and comes after it, is asked for again", async () => {
    lists(FIRST);
    alice.remote.cut();
    const { call } = alice.remote;
    alice.remote.call = async (name, args) => {
      const answer = await call(name, args);
      if (name !== "devices" || fixture.object(ALICE).attached.size > 0) return answer;
      fixture.object(BOB).devices = [FIRST, SECOND];
      alice.remote.mend();
      await until(() => fixture.object(ALICE).attached.size > 0);
      await new Promise((resolve) => setTimeout(resolve, 20));
      return answer;
    };
    await alice.engine.checkEncryption({ chat: BOB });
    await alice.send({ chat: BOB, text: "for both" });
    await left(1);
    assert.deepEqual(readersOf(fixture.lastText(ALICE, BOB)), [FIRST, SECOND]);
  });

  it("S3: a socket that was taken for lost and lives on tells of changes: after one message nothing is asked for", async () => {
    lists(FIRST);
    alice.remote.falter();
    await alice.send({ chat: BOB, text: "asks" });
    await left(1);
    const { call } = alice.remote;
    const asked: string[] = [];
    alice.remote.call = (name, args) => {
      asked.push(name);
      return call(name, args);
    };
    await alice.send({ chat: BOB, text: "knows" });
    await left(2);
    assert.ok(!asked.includes("devices"), asked.join());
  });

  it("T37: a list that was empty is filled meanwhile: what was agreed to be clear is not sent in clear to it", async () => {
    lists();
    await alice.engine.checkEncryption({ chat: BOB });
    await alice.engine.expose({ chat: BOB });
    // After a new hello lists are asked for again; by then there is a device, and while it is asked for, another one.
    fixture.object(BOB).devices = [FIRST];
    await alice.crash();
    await until(() => alice.engine.snapshot().connection.encryption === "ready");
    whileAsking(FIRST, () => lists(SECOND));
    await alice.send({ chat: BOB, text: "no longer in clear" });
    await left(1);
    assert.deepEqual(fixture.sentInClear(ALICE, BOB), []);
    assert.deepEqual(readersOf(fixture.lastText(ALICE, BOB)), [SECOND]);
  });

  it("S3: a list that changes each time holds nothing up for ever", async () => {
    lists(FIRST);
    whileAsking(undefined, (times) => lists(FIRST, (1_000 + times) as DeviceId));
    await alice.send({ chat: BOB, text: "at last" });
    await left(1);
    assert.deepEqual(readersOf(fixture.lastText(ALICE, BOB)), [FIRST]);
  });
});

describe("devices that were seen", () => {
  it("S3: are those that were shown: one that shows another key by now has not been seen", async () => {
    alice.attentive = false;
    lists(FIRST);
    await alice.send({ chat: BOB, text: "one" });
    await left(1);
    lists(FIRST, SECOND);
    await until(() => summaryOf(alice, BOB)?.trust?.kind === "new-device");
    const shown = summaryOf(alice, BOB)?.trust?.devices ?? [];
    lists(FIRST);
    await until(() => summaryOf(alice, BOB)?.trust === undefined);
    const identity = await createIdentity();
    const bundle = bundleOf(identity, await createSignedPreKey(identity, 1), await createPreKeys(1, 1));
    fixture.object(BOB).bundles.set(SECOND, bundle);
    lists(FIRST, SECOND);
    // It is back on the list a moment before its key is looked up.
    const now = () => summaryOf(alice, BOB)?.trust?.devices ?? [];
    await until(() => now().some(({ fingerprint }) => fingerprint !== shown[0]?.fingerprint));
    // A tab that still shows the former one.
    await alice.engine.devicesSeen({ devices: shown });
    await alice.send({ chat: BOB, text: "not for it" });
    await until(async () => (await alice.items(BOB)).at(-1)?.state === "waiting");
    assert.equal(summaryOf(alice, BOB)?.trust?.kind, "new-device");
    assert.equal(fixture.texts(ALICE, BOB).length, 1);
  });
});
