/** Failures of Movim (0.33) with several browsers of one account: each is named, and what happens here instead. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { FailureKind } from "../../../worker/contract/failures.ts";
import { type TestBrowser, until } from "../testing/browser.ts";
import { ALICE, BOB, type Fixture, readersOf, shownDevice, twoPeople } from "../testing/fixture.ts";

let fixture: Fixture;
let alice: TestBrowser;
let sibling: TestBrowser;
let bob: TestBrowser;

beforeEach(async () => {
  ({ fixture, alice, bob } = await twoPeople());
  sibling = await fixture.browser(ALICE, "Firefox");
});

afterEach(() => fixture.end());

const ERRORS: readonly FailureKind[] = ["peer-refused", "malformed", "timed-out", "internal"];

describe("several browsers of one account", () => {
  it("Movim 20, 28: an error about the own device list makes new identities, in every browser", async () => {
    await fixture.acquaint(alice, bob);
    const identities = async () =>
      Promise.all(
        [alice, sibling].map((of) => shownDevice(of, ALICE, of.device).then(({ fingerprint }) => fingerprint)),
      );
    const [devices, before] = [[...fixture.object(ALICE).devices], await identities()];
    for (const kind of ERRORS) {
      fixture.object(ALICE).listFailure = { kind };
      for (const each of [alice, sibling]) await each.crash();
      await alice.send({ chat: BOB, text: kind });
      await until(async () => (await bob.texts(ALICE)).at(-1) === kind);
    }
    fixture.object(ALICE).listFailure = undefined;
    assert.deepEqual(await identities(), before);
    assert.deepEqual(fixture.object(ALICE).devices, devices);
    assert.deepEqual([...fixture.object(ALICE).bundles.keys()].toSorted(), devices.toSorted());
  });

  it("Movim 29: one pre-key is given to two of them, and the contact can read only the first", async () => {
    const bundle = fixture.object(BOB).bundles.get(bob.device) ?? assert.fail("no bundle");
    fixture.object(BOB).bundles.set(bob.device, { ...bundle, preKeys: bundle.preKeys.slice(0, 1) });
    bob.remote.cut();
    await alice.send({ chat: BOB, text: "from one" });
    await until(() => fixture.sent(ALICE, BOB).length === 1);
    await sibling.send({ chat: BOB, text: "from the other" });
    await until(() => fixture.sent(ALICE, BOB).length === 2);
    bob.remote.mend();
    await bob.waitForTexts(ALICE, ["from one", "from the other"]);
  });

  it("Movim 18, 30: each puts its own list in the place of the others', and mends it once and no more", async () => {
    const listed = () => fixture.object(ALICE).devices.toSorted((a, b) => a - b);
    const both = [alice.device, sibling.device].toSorted((a, b) => a - b);
    for (const lost of [alice.device, sibling.device, alice.device]) {
      fixture.object(ALICE).devices = listed().filter((device) => device !== lost);
      fixture.object(ALICE).tell({ type: "devices", jid: ALICE, devices: listed() });
      await until(() => listed().join() === both.join());
    }
  });

  it("Movim 31: they are deaf to device lists, so that a new device is not written to, and a lost one is", async () => {
    await fixture.acquaint(alice, bob);
    const phone = await fixture.browser(BOB, "Phone");
    await alice.send({ chat: BOB, text: "for three" });
    await phone.waitForTexts(ALICE, ["for three"]);
    const [number] = [phone.device];
    assert.ok(readersOf(fixture.lastText(ALICE, BOB)).includes(number));
    await phone.engine.stop();
    fixture.object(BOB).unlist(number);
    await until(async () => !(await shownDevice(alice, BOB, number)).listed);
    await alice.send({ chat: BOB, text: "without the phone" });
    await until(async () => (await bob.texts(ALICE)).at(-1) === "without the phone");
    assert.deepEqual(
      readersOf(fixture.lastText(ALICE, BOB)),
      [bob.device, sibling.device].toSorted((a, b) => a - b),
    );
  });
});
