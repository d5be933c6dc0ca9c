import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { BareJid } from "../../../worker/contract/names.ts";
import { DeviceOnADisk } from "../testing/device-on-a-disk.ts";
import { planPreKeys } from "./used-pre-keys.ts";

const ALICE = "alice@a.example" as BareJid;
const BOB = "bob@b.example" as BareJid;

const MINUTE = 60 * 1_000;
const NOW = 1_000_000 * MINUTE;
const ago = (minutes: number) => NOW - minutes * MINUTE;

describe("a pre-key that was used", () => {
  it("is replaced at once", () => {
    assert.deepEqual(planPreKeys([{ id: 1, used: ago(0) }], 100, NOW), { fresh: 1, expired: [] });
    assert.deepEqual(planPreKeys([{ id: 1, used: ago(1) }], 101, NOW), { fresh: 0, expired: [] });
  });

  it("opens until ten minutes after the bundle without it was published", () => {
    const used = (minutes: number) => ({ id: 7, used: ago(60), withdrawn: ago(minutes) });
    assert.deepEqual(planPreKeys([used(9)], 101, NOW).expired, []);
    assert.deepEqual(planPreKeys([used(10)], 101, NOW).expired, [7]);
  });

  it("is gone after a day where nothing can be published", () => {
    assert.deepEqual(planPreKeys([{ id: 7, used: ago(23 * 60) }], 101, NOW).expired, []);
    assert.deepEqual(planPreKeys([{ id: 7, used: ago(24 * 60) }], 101, NOW).expired, [7]);
  });
});

describe("a message that names a pre-key whose time is over", () => {
  it("S17: opens nothing, whether the key has been deleted or not", async () => {
    const [alice, bob] = [await DeviceOnADisk.make(ALICE), await DeviceOnADisk.make(BOB)];
    await alice.meetDevice(bob);
    const message = await alice.write(bob.self, "late");
    const before = await bob.image();
    assert.equal(await bob.hear(alice.self, message), "late");
    const used = (await bob.rows("preKeys")).find((row) => row.used !== undefined) ?? assert.fail("none was used");
    const opens = async (since: number) => {
      await bob.restore(before);
      await bob.work(async (unit) => unit.put("preKeys", { ...used, used: Date.now() - since * MINUTE }));
      return bob.hear(alice.self, message);
    };
    assert.equal(await opens(23 * 60), "late");
    assert.equal(await opens(25 * 60), "<broken-session>");
  });
});
