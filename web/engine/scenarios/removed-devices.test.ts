/** Devices that somebody took off an account, and that are listed again: by the server, or by whoever has their keys. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { DeviceId } from "../../../worker/contract/names.ts";
import type { OmemoBundle } from "../../../worker/contract/omemo.ts";
import { type TestBrowser, until } from "../testing/browser.ts";
import { ALICE, BOB, type Fixture, readersOf, summaryOf, twoBrowsers } from "../testing/fixture.ts";

let fixture: Fixture;
let firefox: TestBrowser;
let chrome: TestBrowser;
let bob: TestBrowser;

beforeEach(async () => {
  ({ fixture, firefox, chrome, bob } = await twoBrowsers());
});

afterEach(() => fixture.end());

const told = (by: TestBrowser, device: DeviceId) =>
  by.engine.snapshot().notices.some((notice) => notice.kind === "new-device" && notice.device === device);

const bundleOf = (jid: typeof ALICE, device: DeviceId): OmemoBundle =>
  fixture.object(jid).bundles.get(device) ?? assert.fail("no bundle");

/** For whom a text of alice's is encrypted that leaves now. */
async function readersOfText(by: TestBrowser, text: string): Promise<readonly DeviceId[]> {
  await by.send({ chat: BOB, text });
  await until(async () => (await bob.texts(ALICE)).at(-1) === text);
  return readersOf(fixture.lastText(ALICE, BOB));
}

describe("S4: a device that was taken off the account", () => {
  for (const closed of [false, true]) {
    it(`S4, T42: of a browser that was signed out is told of when it is listed again, and gets nothing${closed ? ", by one that was closed meanwhile" : ""}`, async () => {
      const lost = await fixture.browser(ALICE, "Safari on macOS");
      const { device } = lost;
      const before = await readersOfText(chrome, "before");
      assert.ok(before.includes(device));
      const bundle = bundleOf(ALICE, device);
      if (closed) chrome.remote.cut();
      if (closed) await chrome.engine.stop();
      assert.ok((await firefox.engine.revoke({ browser: lost.remote.browser })).ok);
      const gone = async (by: TestBrowser) =>
        (await by.rows("deviceLists")).some((row) => row.jid === ALICE && !row.devices.includes(device));
      await until(() => gone(firefox));
      if (closed) await chrome.crash();
      await until(() => gone(chrome));
      assert.equal(told(chrome, device), false, "who leaves is no news");
      fixture.object(ALICE).relist(device, bundle);
      for (const by of [firefox, chrome]) {
        await until(() => told(by, device));
        assert.equal((await readersOfText(by, `not for it, by ${by.device}`)).includes(device), false);
      }
      await chrome.crash();
      const readers = await readersOfText(chrome, "nor after a restart");
      assert.equal(readers.includes(device), false);
      await chrome.allow(device);
      assert.ok((await readersOfText(chrome, "allowed")).includes(device), "what the person says then stands");
      await chrome.crash();
      assert.ok((await readersOfText(chrome, "and still")).includes(device));
    });
  }

  it("S4, T42: of another app gets nothing from the browsers either that did not take it off", async () => {
    const app = await fixture.browser(ALICE, "Conversations");
    const { device } = app;
    await app.engine.stop();
    // To the others it is an app: no browser of the account has this device.
    const object = fixture.object(ALICE);
    object.browsers = object.browsers.filter((info) => info.device !== device);
    assert.ok((await readersOfText(chrome, "before")).includes(device));
    const bundle = bundleOf(ALICE, device);
    assert.ok((await firefox.engine.removeDevice({ device })).ok);
    await until(async () =>
      (await chrome.rows("deviceLists")).some((row) => row.jid === ALICE && !row.devices.includes(device)),
    );
    object.relist(device, bundle);
    for (const by of [firefox, chrome]) {
      await until(() => told(by, device));
      assert.equal((await readersOfText(by, `not for it, by ${by.device}`)).includes(device), false);
    }
  });
});

describe("S3: a device that a contact took off their list", () => {
  it("S3: is new again when it comes back, also where its key was verified, and waits until that was seen", async () => {
    firefox.attentive = false;
    const phone = await fixture.browser(BOB, "Chrome on Android");
    const { device } = phone;
    await bob.send({ chat: ALICE, text: "hello" });
    await firefox.waitForTexts(BOB, ["hello"]);
    await firefox.send({ chat: BOB, text: "for both" });
    await until(async () => (await phone.texts(ALICE)).at(-1) === "for both");
    const items = (await firefox.engine.devices({ jid: BOB })).devices;
    for (const { fingerprint = "", device: one } of items)
      if (one !== undefined) await firefox.engine.decide({ jid: BOB, device: one, fingerprint, trust: "verified" });
    const bundle = bundleOf(BOB, device);
    await phone.engine.stop();
    fixture.object(BOB).unlist(device);
    await until(async () =>
      (await firefox.rows("deviceLists")).some(({ jid, devices }) => jid === BOB && devices.length === 1),
    );
    await firefox.send({ chat: BOB, text: "for one" });
    await until(async () => (await bob.texts(ALICE)).at(-1) === "for one");
    fixture.object(BOB).relist(device, bundle);
    await until(() => summaryOf(firefox, BOB)?.trust?.kind === "new-device");
    const devices = summaryOf(firefox, BOB)?.trust?.devices ?? [];
    assert.deepEqual(
      devices.map(({ why, ...of }) => [of.device, why]),
      [[device, "new-device"]],
    );
    await firefox.send({ chat: BOB, text: "later" });
    await until(async () => (await firefox.items(BOB)).at(-1)?.state === "waiting");
    assert.equal((await bob.texts(ALICE)).at(-1), "for one");
    await firefox.engine.devicesSeen({ devices });
    await until(async () => (await bob.texts(ALICE)).at(-1) === "later");
    assert.ok(readersOf(fixture.lastText(ALICE, BOB)).includes(device));
  });

  it("S3: is not new after the server had lost the whole list", async () => {
    firefox.attentive = false;
    await firefox.send({ chat: BOB, text: "one" });
    await until(async () => (await bob.texts(ALICE)).at(-1) === "one");
    const bundle = bundleOf(BOB, bob.device);
    const { device } = bob;
    fixture.object(ALICE).tell({ type: "devices", jid: BOB, devices: [] });
    await until(async () => (await firefox.rows("deviceLists")).some(({ devices }) => devices.length === 0));
    fixture.object(BOB).bundles.set(device, bundle);
    fixture.object(ALICE).tell({ type: "devices", jid: BOB, devices: [device] });
    assert.deepEqual(
      await readersOfText(firefox, "two"),
      [chrome.device, device].toSorted((a, b) => a - b),
    );
  });
});
