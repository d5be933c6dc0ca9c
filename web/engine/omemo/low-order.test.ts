/** Points of low order (T29): the result of an agreement with one is known to everybody. Nothing of them may be stored. */
import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { inspect } from "node:util";
import type { BareJid } from "../../../worker/contract/names.ts";
import type { OmemoBundle, OmemoMessage } from "../../../worker/contract/omemo.ts";
import { fromBase64, toBase64 } from "../../../worker/shared/base64.ts";
import { type Bytes, concat, fromHex } from "../bytes.ts";
import { checkBundle } from "./bundle.ts";
import { sign } from "./curve.ts";
import { DeviceOnADisk } from "../testing/device-on-a-disk.ts";
import { createIdentity } from "./identity.ts";
import { parsePreKeyMessage, parseSignalMessage } from "./wire.ts";
import type { IdentityKeys } from "../store/device-rows.ts";

/** All u of order 1, 2, 4 and 8, of the curve and its twist, reduced and not (RFC 7748 §6.1, the list of the field). */
const REDUCED = [
  "0000000000000000000000000000000000000000000000000000000000000000",
  "0100000000000000000000000000000000000000000000000000000000000000",
  "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
  "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
].map(fromHex);
/** The highest bit is masked (RFC 7748 §5). */
const POINTS = [...REDUCED, ...REDUCED.map((u) => Uint8Array.from(u, (byte, at) => (at === 31 ? byte | 0x80 : byte)))];

const EVERYTHING = ["sessions", "pins", "preKeys"] as const;

let alice: DeviceOnADisk;
let bob: DeviceOnADisk;
let mallory: IdentityKeys;

beforeEach(async () => {
  alice = await DeviceOnADisk.make("alice@a.example" as BareJid);
  bob = await DeviceOnADisk.make("bob@b.example" as BareJid);
  mallory = await createIdentity();
});

const spelled = (u: Bytes) => toBase64(concat(Uint8Array.of(5), u));

async function stored(device: DeviceOnADisk): Promise<string> {
  const rows = await Promise.all(EVERYTHING.map((store) => device.rows(store)));
  return inspect(rows, { depth: null, maxArrayLength: null, maxStringLength: null });
}

/** The bundle's own owner has put the point there, so the signature is good. */
async function bundlesWith(u: Bytes): Promise<Readonly<Record<string, OmemoBundle>>> {
  const identityKey = toBase64(mallory.publicKey);
  const point = concat(Uint8Array.of(5), u);
  const signature = toBase64(await sign(mallory.signing, point));
  const good = bob.bundle;
  const goodSignature = toBase64(await sign(mallory.signing, fromBase64(good.signedPreKey.key) as Bytes));
  const signed = { ...good.signedPreKey, signature: goodSignature };
  return {
    identity: { ...good, identityKey: spelled(u) },
    "signed pre-key": { ...good, identityKey, signedPreKey: { id: 1, key: spelled(u), signature } },
    "pre-key": { ...good, identityKey, signedPreKey: signed, preKeys: [{ id: 1, key: spelled(u) }] },
  };
}

describe("T29: a point of low order", () => {
  it("in a bundle gives no session, and claims no device", async () => {
    const before = await stored(alice);
    for (const u of POINTS) {
      for (const [place, bundle] of Object.entries(await bundlesWith(u))) {
        assert.equal(await alice.meet(bob.self, bundle), false, `${place} ${toBase64(u)}`);
        assert.equal(await stored(alice), before, place);
      }
    }
    assert.ok(
      await checkBundle((await bundlesWith(REDUCED[0] as Bytes))["signed pre-key"] ?? bob.bundle),
      "signed well",
    );
  });

  it("in a message opens nothing and moves nothing, the true message is read afterwards", async () => {
    await alice.meetDevice(bob);
    const first = await alice.write(bob.self, "first");
    await refusesAll(first, (bytes) => {
      const message = parsePreKeyMessage(bytes) ?? assert.fail("a pre-key message");
      return [message.baseKey, message.identityKey, message.message.ratchetKey];
    });
    assert.equal(await bob.hear(alice.self, first), "first");
    assert.equal(await alice.hear(bob.self, await bob.write(alice.self, "answer")), "answer");
    const next = await alice.write(bob.self, "next");
    await refusesAll(next, (bytes) => [(parseSignalMessage(bytes) ?? assert.fail("a message")).ratchetKey]);
    assert.equal(await bob.hear(alice.self, next), "next");
  });
});

async function refusesAll(omemo: OmemoMessage, keysIn: (bytes: Bytes) => readonly Bytes[]): Promise<void> {
  const key = omemo.keys[0] ?? assert.fail("one key");
  const bytes = fromBase64(key.data) as Bytes;
  const before = await stored(bob);
  for (const publicKey of keysIn(bytes)) {
    const at = positionOf(publicKey, bytes);
    for (const u of POINTS) {
      const forged = bytes.slice();
      forged.set(u, at + 1);
      const heard = await bob.hear(alice.self, { ...omemo, keys: [{ ...key, data: toBase64(forged) }] });
      assert.match(heard, /^<(broken-session|untrusted)>$/);
      assert.equal(await stored(bob), before);
    }
  }
}

function positionOf(part: Bytes, whole: Bytes): number {
  for (let at = 0; at + part.length <= whole.length; at++) {
    if (part.every((byte, offset) => whole[at + offset] === byte)) return at;
  }
  return assert.fail("the key is in the message");
}
