import assert from "node:assert/strict";
import { it } from "node:test";
import { LIMITS } from "../../../worker/contract/limits.ts";
import type { DeviceId } from "../../../worker/contract/names.ts";
import { cleanDevices } from "./devices.ts";

it("T43: of a list that an object tells, what can be no device is left out, and the rest is capped", () => {
  const told = [5, 0, -1, 2 ** 31, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 5, 2 ** 31 - 1] as DeviceId[];
  assert.deepEqual(cleanDevices(told), [5, 2 ** 31 - 1]);
  const many = Array.from({ length: 10_000 }, (_, at) => (at + 1) as DeviceId);
  assert.equal(cleanDevices(many).length, LIMITS.devicesPerJid);
});
