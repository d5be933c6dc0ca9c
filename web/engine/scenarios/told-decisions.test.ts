/** What a person decides about keys in one browser counts in their others, and what nobody has decided changes nothing. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, it } from "node:test";
import type { BareJid, DeviceId } from "../../../worker/contract/names.ts";
import type { Trust } from "../protocol/account.ts";
import { HASTY, type TestBrowser, until } from "../testing/browser.ts";
import { ALICE, BOB, Fixture } from "../testing/fixture.ts";

let fixture: Fixture;
let firefox: TestBrowser;
let chrome: TestBrowser;
let bob: TestBrowser;

beforeEach(async () => {
  fixture = new Fixture(HASTY);
  firefox = await fixture.browser(ALICE, "Firefox on Linux");
  chrome = await fixture.browser(ALICE, "Chrome on macOS");
  bob = await fixture.browser(BOB, "Safari on macOS");
  for (const one of [firefox, chrome]) {
    await one.send({ chat: BOB, text: "hello" });
    await bob.waitForTexts(ALICE, one === firefox ? ["hello"] : ["hello", "hello"]);
  }
});

afterEach(() => fixture.end());

async function itemOf(at: TestBrowser, jid: BareJid, device: DeviceId) {
  const { devices } = await at.engine.devices({ jid: jid === ALICE ? undefined : jid });
  return devices.find((one) => one.device === device);
}

async function decide(at: TestBrowser, jid: BareJid, device: DeviceId, trust: Exclude<Trust, "undecided">) {
  await until(async () => (await itemOf(at, jid, device))?.fingerprint !== undefined);
  const { fingerprint = "" } = (await itemOf(at, jid, device)) ?? {};
  const answer = await at.engine.decide({ jid, device, fingerprint, trust });
  assert.ok(answer.ok);
}

/** Each has compared the other. */
async function know(): Promise<void> {
  await decide(firefox, ALICE, chrome.device, "verified");
  await decide(chrome, ALICE, firefox.device, "verified");
}

const trustIn = async (at: TestBrowser, jid: BareJid, device: DeviceId) => (await itemOf(at, jid, device))?.trust;

it("a contact that was compared in one browser is so in the other one, which says where", async () => {
  await know();
  await decide(firefox, BOB, bob.device, "verified");
  await until(async () => (await trustIn(chrome, BOB, bob.device)) === "verified");
  assert.equal((await itemOf(chrome, BOB, bob.device))?.decidedBy, "Firefox on Linux");
  assert.equal((await itemOf(firefox, BOB, bob.device))?.decidedBy, undefined);
});

it("a new own browser that is let in by one needs no second Allow in the other one", async () => {
  await know();
  const third = fixture.unsigned("Safari on iOS");
  await third.signIn(ALICE, { allowed: false });
  const asks = (at: TestBrowser) => at.engine.snapshot().notices.some(({ kind }) => kind === "new-device");
  await until(() => asks(firefox) && asks(chrome));
  await decide(firefox, ALICE, third.device, "verified");
  await until(() => !asks(chrome));
  assert.equal(await trustIn(chrome, ALICE, third.device), "verified");
});

it("T36: a key that is refused in one browser gets nothing from the other one, and stays so whatever that one thought", async () => {
  await know();
  await decide(chrome, BOB, bob.device, "verified");
  await until(async () => (await trustIn(firefox, BOB, bob.device)) === "verified");
  await decide(firefox, BOB, bob.device, "distrusted");
  await until(async () => (await trustIn(chrome, BOB, bob.device)) === "distrusted");
  await decide(chrome, BOB, bob.device, "verified");
  await fixture.quiet();
  assert.equal(
    await trustIn(firefox, BOB, bob.device),
    "distrusted",
    "the stricter one stands until it is decided here",
  );
});

it("S12: a browser whose key nobody has compared here decides nothing, nor does an undecided or a refused one", async () => {
  for (const trust of ["blind", "distrusted"] as const) {
    await decide(chrome, ALICE, firefox.device, trust);
    await decide(firefox, ALICE, chrome.device, "verified");
    await decide(firefox, BOB, bob.device, trust === "blind" ? "verified" : "distrusted");
    await fixture.quiet();
    assert.equal(await trustIn(chrome, BOB, bob.device), "blind", trust);
  }
});
