/** What one turn of the store may be spent on, with real ratchets: the newest of a long absence, and what is like it (S1). */
import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import type { BareJid } from "../../../worker/contract/names.ts";
import type { OmemoMessage } from "../../../worker/contract/omemo.ts";
import { DeviceOnADisk } from "../testing/device-on-a-disk.ts";
import type { Unit } from "../store/unit.ts";
import { EffortError, Steps } from "./effort.ts";
import { receive } from "./receive.ts";

/** More than a page of the log may cost for a message that nothing speaks for. */
const FAR = 100;

let alice: DeviceOnADisk;
let bob: DeviceOnADisk;

beforeEach(async () => {
  alice = await DeviceOnADisk.make("alice@a.example" as BareJid);
  bob = await friendOf(alice, "bob@b.example" as BareJid);
});

/** Somebody with a session in which both have written. */
async function friendOf(one: DeviceOnADisk, jid: BareJid): Promise<DeviceOnADisk> {
  const other = await DeviceOnADisk.make(jid);
  await other.meetDevice(one);
  assert.equal(await one.hear(other.self, await other.write(one.self, "hello")), "hello");
  assert.equal(await other.hear(one.self, await one.write(other.self, "hello")), "hello");
  return other;
}

/** So many that are lost or come later, then this one. */
async function farAhead(by: DeviceOnADisk, text: string, skipped = FAR): Promise<OmemoMessage> {
  for (let at = 0; at < skipped; at += 1) await by.write(alice.self, "of the absence");
  return by.write(alice.self, text);
}

/** As a page of the log is read: in the turn of others. */
async function readIn(unit: Unit, by: DeviceOnADisk, omemo: OmemoMessage): Promise<string> {
  const received = await receive(unit, alice.self, by.self.jid, omemo, Date.now());
  if (received.kind === "text") return received.text;
  return received.kind === "later" ? received.why : received.kind;
}

/** One of a chain that alice then knows. */
async function opensOne(by: DeviceOnADisk): Promise<void> {
  assert.equal(await alice.hear(by.self, await by.write(alice.self, "see you")), "see you");
}

describe("S1: in the turn of others", () => {
  it("S1: the newest of an absence opens at once where its chain has opened before, then what it has skipped", async () => {
    await opensOne(bob);
    const first = await bob.write(alice.self, "first of the absence");
    const newest = await farAhead(bob, "newest");
    await alice.work(async (unit) => {
      assert.equal(await readIn(unit, bob, newest), "newest");
      assert.equal(await readIn(unit, bob, first), "first of the absence");
    });
  });

  it("S1: a chain of which nothing has opened is put off, however well its maker is known", async () => {
    const newest = await farAhead(bob, "newest");
    await alice.work(async (unit) => assert.equal(await readIn(unit, bob, newest), "costly"));
    assert.equal(await alice.hear(bob.self, newest), "newest");
  });

  it("S1: a chain that is walked in vain is walked once, and again in another turn", async () => {
    await opensOne(bob);
    const newest = await farAhead(bob, "newest", 600);
    const broken = { ...newest, keys: newest.keys.map((key) => ({ ...key, data: withAnotherMac(key.data) })) };
    await alice.work(async (unit) => {
      assert.equal(await readIn(unit, bob, broken), "reason");
      assert.equal(await readIn(unit, bob, broken), "costly");
      assert.equal(await readIn(unit, bob, newest), "costly");
    });
    await alice.work(async (unit) => assert.equal(await readIn(unit, bob, newest), "newest"));
  });

  it("S1: somebody whose far messages do open gets no more of it than one chain", async () => {
    await opensOne(bob);
    await alice.work(async (unit) => {
      assert.equal(await readIn(unit, bob, await farAhead(bob, "far", 700)), "far");
      assert.equal(await readIn(unit, bob, await farAhead(bob, "farther", 700)), "costly");
      assert.equal(await readIn(unit, bob, await bob.write(alice.self, "the next")), "costly");
    });
  });

  it("S1: what one has spent is not taken from the next, until four have spent a chain each", async () => {
    await alice.work(async (unit) => {
      for (const name of ["bob", "carol", "dave", "eve"]) {
        Steps.inTurn(unit, `${name}@x.example` as BareJid).take(1_001, true);
      }
      const next = Steps.inTurn(unit, "frank@x.example" as BareJid);
      assert.throws(() => next.take(FAR, true), EffortError);
      next.take(1, true);
    });
  });
});

/** The last eight bytes are the MAC. */
function withAnotherMac(base64: string): string {
  const bytes = Buffer.from(base64, "base64");
  bytes.writeUInt8((bytes.at(-1) ?? 0) ^ 1, bytes.length - 1);
  return bytes.toString("base64");
}
