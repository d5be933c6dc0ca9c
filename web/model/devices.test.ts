import assert from "node:assert/strict";
import { test } from "node:test";
import type { BrowserId, DeviceId } from "../../worker/contract/names.ts";
import type { DeviceItem } from "../engine/protocol/account.ts";
import { compareDevices, deviceName, isShownDevice, deviceState, trustMark } from "./devices.ts";

const NOW = Date.UTC(2026, 10, 27, 12);
const device = (more: Partial<DeviceItem> = {}): DeviceItem => ({
  device: 7 as DeviceId,
  fingerprint: "5e".repeat(32),
  here: false,
  attached: false,
  listed: true,
  signedOut: false,
  ...more,
});

test("U20: a browser has its name, a contact's devices are counted, and so are other apps of ours from the second on", () => {
  assert.equal(deviceName({ name: "Kitchen", number: undefined }, true), "Kitchen");
  assert.equal(deviceName({ number: 1 }, false), "Device 1");
  assert.equal(deviceName({ number: 1 }, true), "Another app");
  assert.equal(deviceName({ number: 2 }, true), "Another app 2");
});

test("V5: one line says how a device stands", () => {
  assert.equal(deviceState(device({ here: true, attached: true }), NOW), "This browser");
  assert.equal(deviceState(device({ attached: true }), NOW), "Open now");
  assert.match(deviceState(device({ lastSeen: NOW - 86_400_000 }), NOW) ?? "", /^Last seen /);
  assert.match(deviceState(device({ used: NOW - 86_400_000 }), NOW) ?? "", /^Last message /);
  assert.equal(deviceState(device(), NOW), "No message yet");
  assert.equal(deviceState(device({ signedOut: true }), NOW), "Signed out, its messages kept there");
});

test("V5: a mark says how far a device is trusted; of this browser there is nothing to say", () => {
  const tone = (more: Partial<DeviceItem>) => trustMark(device(more))?.tone;
  assert.deepEqual(
    [
      tone({ trust: "verified" }),
      tone({ trust: "blind" }),
      tone({ trust: "undecided" }),
      tone({ trust: "distrusted" }),
    ],
    ["good", "quiet", "warn", "bad"],
  );
  assert.equal(tone({ trust: "verified", changedTo: "00" }), "bad");
  assert.equal(tone({ here: true }), undefined);
});

test("U20: a device that is off the list is gone, a browser of ours that is signed out is not", () => {
  assert.equal(isShownDevice(device({ listed: false })), false);
  assert.equal(isShownDevice(device({ listed: false, signedOut: true, browser: "b" as BrowserId })), true);
  assert.equal(isShownDevice(device({ listed: false, here: true })), true);
});

test("V5: this browser is first, those that are open follow, those signed out are last", () => {
  const all = [
    device({ number: 4, signedOut: true }),
    device({ number: 3, lastSeen: NOW - 5 }),
    device({ number: 2, attached: true }),
    device({ number: 1, here: true }),
  ];
  assert.deepEqual(
    all.toSorted(compareDevices).map(({ number }) => number),
    [1, 2, 3, 4],
  );
});
