/** Verification by the link that a person shows as a QR code or passes on: what it says against what is known here. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, it } from "node:test";
import type { DeviceId } from "../../../worker/contract/names.ts";
import { ALICE, BOB, type Fixture, shownDevice, twoPeople } from "../testing/fixture.ts";
import type { TestBrowser } from "../testing/browser.ts";

const STRANGE = "ab".repeat(32);

let fixture: Fixture;
let alice: TestBrowser;
let bob: TestBrowser;

beforeEach(async () => {
  ({ fixture, alice, bob } = await twoPeople());
});

afterEach(() => fixture.end());

/** What bob's own screen shows as a code. */
async function linkOfBob(): Promise<string> {
  return (await bob.engine.devices({ jid: undefined })).uri ?? assert.fail("no link");
}

const trustIn = async (device: DeviceId) => (await shownDevice(alice, BOB, device)).trust;

it("a link whose fingerprints are those of the devices verifies them, met before or not", async () => {
  const link = await linkOfBob();
  assert.deepEqual(await alice.engine.verifyLink({ jid: BOB, link }), {
    ok: true,
    value: { verified: 1, differing: [] },
  });
  assert.equal(await trustIn(bob.device), "verified");
});

it("another fingerprint than the one known here verifies nothing and is named", async () => {
  await fixture.acquaint(alice, bob);
  const link = (await linkOfBob()).replace(/=[0-9a-f]{64}/, `=${STRANGE}`);
  assert.deepEqual(await alice.engine.verifyLink({ jid: BOB, link }), {
    ok: true,
    value: { verified: 0, differing: [bob.device] },
  });
  assert.equal(await trustIn(bob.device), "blind");
});

it("while nobody can be asked for the devices it says so, and verifies nothing", async () => {
  const link = await linkOfBob();
  fixture.object(ALICE).setLinked(false);
  const answer = await alice.engine.verifyLink({ jid: BOB, link });
  assert.deepEqual(answer, { ok: false, error: { kind: "offline" } });
});

it("somebody else's link, and what is no such link, change nothing", async () => {
  await fixture.acquaint(alice, bob);
  const others = (await linkOfBob()).replace(BOB, "mallory@b.example");
  const wrong = await alice.engine.verifyLink({ jid: BOB, link: others });
  assert.deepEqual(wrong, { ok: false, error: { kind: "wrong-account" } });
  const none = await alice.engine.verifyLink({ jid: BOB, link: "https://example.org/" });
  assert.deepEqual(none, { ok: false, error: { kind: "malformed" } });
  assert.equal(await trustIn(bob.device), "blind");
});
