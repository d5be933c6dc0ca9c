import assert from "node:assert/strict";
import { it } from "node:test";
import { LIMITS } from "../../../worker/contract/limits.ts";
import type { BareJid, DeviceId } from "../../../worker/contract/names.ts";
import { addressOf, type PinRow } from "../store/device-rows.ts";
import type { Unit } from "../store/unit.ts";
import { checkPin, cleanDevices } from "./devices.ts";
import { noteWrittenTo } from "./trust-pins.ts";

it("T43: of a list that an object tells, what can be no device is left out, and the rest is capped", () => {
  const told = [5, 0, -1, 2 ** 31, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 5, 2 ** 31 - 1] as DeviceId[];
  assert.deepEqual(cleanDevices(told), [5, 2 ** 31 - 1]);
  const many = Array.from({ length: 10_000 }, (_, at) => (at + 1) as DeviceId);
  assert.equal(cleanDevices(many).length, LIMITS.devicesPerJid);
});

it("S3: the key of a newcomer is one under every number that it is listed by, and whoever was known before is none", async () => {
  const pins = new Map<string, PinRow>();
  const unit = {
    get: async (_store: "pins", address: string) => pins.get(address),
    all: async () => [...pins.values()],
    put: (_store: "pins", pin: PinRow) => pins.set(pin.address, pin),
    meta: async () => undefined,
  } as unknown as Unit;
  const self = { jid: "alice@a.example" as BareJid };
  const bob = "bob@b.example" as BareJid;
  const meet = async (device: number, key: number) => {
    await checkPin(unit, self, { jid: bob, device: device as DeviceId }, Uint8Array.of(5, key), 0);
    return pins.get(addressOf(bob, device as DeviceId))?.newcomer ?? false;
  };
  assert.equal(await meet(1, 1), false);
  await noteWrittenTo(unit, [{ jid: bob, device: 1 as DeviceId }]);
  assert.deepEqual([await meet(2, 2), await meet(3, 2), await meet(4, 1)], [true, true, false]);
});
