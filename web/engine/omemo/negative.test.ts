/** What must not work: keys, bundles and messages that are not as they have to be. The numbers are of docs/negative-tests.md. */
import assert from "node:assert/strict";
import { beforeEach, describe, it, mock } from "node:test";
import { inspect } from "node:util";
import type { BareJid } from "../../../worker/contract/names.ts";
import type { OmemoBundle, OmemoKey, OmemoMessage } from "../../../worker/contract/omemo.ts";
import { fromBase64, toBase64 } from "../../../worker/shared/base64.ts";
import { type Bytes, concat, fromHex } from "../bytes.ts";
import { sign } from "./curve.ts";
import { DeviceOnADisk } from "../testing/device-on-a-disk.ts";
import { createIdentity } from "./identity.ts";
import { bytesField, type Field, fieldsOf, messageOf, numberField } from "../testing/key-message-fields.ts";
import { openText, sealText } from "./message.ts";
import { sealMessage } from "./send.ts";
import { ratchetSeal } from "./sessions.ts";
import { parsePreKeyMessage, parseSignalMessage } from "./wire.ts";

const MAC_BYTES = 8;
/** The order of the base point, little endian. */
const ORDER = fromHex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");

let alice: DeviceOnADisk;
let bob: DeviceOnADisk;

beforeEach(async () => {
  alice = await DeviceOnADisk.make("alice@a.example" as BareJid);
  bob = await DeviceOnADisk.make("bob@b.example" as BareJid);
});

async function acquainted(): Promise<void> {
  await alice.meetDevice(bob);
  await bob.hear(alice.self, await alice.write(bob.self, "hello"));
  await alice.hear(bob.self, await bob.write(alice.self, "hello too"));
}

async function stored(device: DeviceOnADisk): Promise<string> {
  const rows = await Promise.all(
    (["sessions", "pins", "preKeys", "signedPreKeys"] as const).map((at) => device.rows(at)),
  );
  return inspect(rows, { depth: null, maxArrayLength: null, maxStringLength: null });
}

/** Bob's device hears these bytes in the place of its key of a message, and nothing in its store has changed. */
async function isRefused(message: OmemoMessage, bytes: Bytes, reasons: RegExp, what?: string): Promise<void> {
  const before = await stored(bob);
  const key: OmemoKey = { ...onlyKey(message), data: toBase64(bytes) };
  assert.match(await bob.hear(alice.self, { ...message, keys: [key] }), reasons, what);
  assert.equal(await stored(bob), before, what);
}

const onlyKey = ({ keys }: OmemoMessage): OmemoKey => keys[0] ?? assert.fail("no key");
const keyBytes = (message: OmemoMessage): Bytes => fromBase64(onlyKey(message).data) ?? assert.fail("no base64");

describe("the content of a key message", () => {
  it("T30: is key and tag, 32 bytes, or the payload is not read", async () => {
    await acquainted();
    const { iv, payload, inner } = await sealText("a text");
    for (const length of [0, 15, 16, 17, 31, 33, 48]) {
      const content = new Uint8Array(length);
      content.set(inner.slice(0, length));
      const key = await alice.work((unit) => ratchetSeal(unit, alice.self, bob.self, content));
      const message = { sid: alice.self.device, iv: toBase64(iv), keys: [key], payload: toBase64(payload) };
      assert.equal(await bob.hear(alice.self, message), "<malformed>", `${length} bytes`);
    }
    assert.equal(await bob.hear(alice.self, await alice.write(bob.self, "unharmed")), "unharmed");
  });

  it("T30: with the tag left on the payload authenticates nothing, and is not read", async () => {
    await acquainted();
    const { iv, payload, inner } = await sealText("a text");
    const key = await alice.work((unit) => ratchetSeal(unit, alice.self, bob.self, inner.slice(0, 16)));
    const tagged = toBase64(concat(payload, inner.slice(16)));
    const message = { sid: alice.self.device, iv: toBase64(iv), keys: [key], payload: tagged };
    assert.equal(await bob.hear(alice.self, message), "<malformed>");
  });
});

describe("the signature of a bundle", () => {
  it("T31: is refused when it is wrong in any way, and leaves nothing behind", async () => {
    const { identityKey, signedPreKey } = bob.bundle;
    const key = fromBase64(signedPreKey.key) ?? assert.fail("no base64");
    const good = fromBase64(signedPreKey.signature) ?? assert.fail("no base64");
    const [own, other] = [await createIdentity(), await createIdentity()];
    const signedBy = async (by: typeof own, over: Bytes) => ({
      ...signedPreKey,
      signature: toBase64(await sign(by.signing, over)),
    });
    const ownKey = toBase64(own.publicKey);
    const changed = (at: number, mask: number) => good.map((byte, index) => (index === at ? byte ^ mask : byte));
    const wrong: Readonly<Record<string, Partial<OmemoBundle>>> = {
      "a changed R": { signedPreKey: { ...signedPreKey, signature: toBase64(changed(3, 1)) } },
      "a changed S": { signedPreKey: { ...signedPreKey, signature: toBase64(changed(40, 1)) } },
      "the other sign bit": { signedPreKey: { ...signedPreKey, signature: toBase64(changed(63, 0x80)) } },
      "S that is not reduced": { signedPreKey: { ...signedPreKey, signature: toBase64(addOrder(good)) } },
      "too short": { signedPreKey: { ...signedPreKey, signature: toBase64(good.slice(0, 63)) } },
      empty: { signedPreKey: { ...signedPreKey, signature: "" } },
      "another identity's": { identityKey: ownKey, signedPreKey: await signedBy(other, key) },
      "over the key without its type": { identityKey: ownKey, signedPreKey: await signedBy(own, key.slice(1)) },
      "over another key": { identityKey, signedPreKey: { ...signedPreKey, key: alice.bundle.signedPreKey.key } },
    };
    const before = await stored(alice);
    for (const [what, part] of Object.entries(wrong)) {
      assert.equal(await alice.meet(bob.self, { ...bob.bundle, ...part }), false, what);
      assert.equal(await stored(alice), before, what);
    }
    const right = { ...bob.bundle, identityKey: ownKey, signedPreKey: await signedBy(own, key) };
    assert.equal(await alice.meet(bob.self, right), true, "what is wrong is the signature alone");
  });
});

describe("a pre-key message", () => {
  it("T32: without a pre-key id is none", async () => {
    await alice.meetDevice(bob);
    const message = await alice.write(bob.self, "hello");
    const fields = fieldsOf(keyBytes(message));
    assert.ok(fields.some(({ number }) => number === 1));
    await isRefused(message, messageOf(fields.filter(({ number }) => number !== 1)), /^<malformed>$/);
    assert.equal(await bob.hear(alice.self, message), "hello");
  });

  it("T32: with the id of a pre-key that never was, or was used and is gone, stores nothing", async () => {
    await alice.meetDevice(bob);
    const first = await alice.write(bob.self, "first");
    const fields = fieldsOf(keyBytes(first));
    const named = (id: number) => fields.map((field) => (field.number === 1 ? numberField(1, id) : field));
    await isRefused(first, messageOf(named(4_711)), /^<broken-session>$/);
    assert.equal(await bob.hear(alice.self, first), "first");
    const used = parsePreKeyMessage(keyBytes(first))?.preKeyId ?? assert.fail("no pre-key");
    // What the device does once everything has been read.
    await bob.work(async (unit) => unit.delete("preKeys", used));
    const late = await DeviceOnADisk.make("carol@c.example" as BareJid);
    const { preKeys } = bob.bundle;
    await late.meet(bob.self, { ...bob.bundle, preKeys: preKeys.filter(({ id }) => id === used) });
    const before = await stored(bob);
    assert.equal(await bob.hear(late.self, await late.write(bob.self, "late")), "<broken-session>");
    assert.equal(await stored(bob), before);
  });
});

describe("a counter", () => {
  it("T33: far ahead, of this chain or of the one before, is refused before a step is made", async () => {
    await acquainted();
    const message = await alice.write(bob.self, "next");
    const bytes = keyBytes(message);
    const fields = fieldsOf(bytes.slice(0, -MAC_BYTES));
    const mac = bytes.slice(-MAC_BYTES);
    const where = { counter: 2, "counter of the chain before": 3 };
    for (const [what, number] of Object.entries(where)) {
      const ahead = fields.map((field) => (field.number === number ? numberField(number, 2 ** 32 - 1) : field));
      const steps = await countSteps(() => isRefused(message, messageOf(ahead, mac), /^<broken-session>$/, what));
      assert.ok(steps < 20, `${what}: ${steps} uses of HMAC`);
    }
    assert.equal(await bob.hear(alice.self, message), "next");
  });

  it("T33: of 1002 skipped messages the oldest two are forgotten, the others are read", async () => {
    await acquainted();
    const sent = await alice.work(async (unit) => {
      const messages: OmemoMessage[] = [];
      for (let at = 0; at < 1_005; at++) messages.push(await sealMessage(unit, alice.self, [bob.self], `m${at}`));
      return messages;
    });
    const heard = (at: number) => bob.hear(alice.self, sent[at] ?? assert.fail("not sent"));
    assert.equal(await heard(1_000), "m1000");
    assert.equal(await heard(1_003), "m1003");
    assert.deepEqual([await heard(0), await heard(1), await heard(2)], ["(nothing)", "(nothing)", "m2"]);
    assert.deepEqual([await heard(1_001), await heard(1_002), await heard(1_004)], ["m1001", "m1002", "m1004"]);
  });
});

/** A text sealed as the format has it, but with an IV and a key of these lengths. */
async function sealedWith(
  ivLength: number,
  keyLength: number,
): Promise<readonly [payload: Bytes, iv: Bytes, inner: Bytes]> {
  const [raw, iv] = [new Uint8Array(keyLength).fill(7), new Uint8Array(ivLength).fill(9)];
  const key = await crypto.subtle.importKey("raw", raw, { name: "AES-GCM" }, false, ["encrypt"]);
  const sealed = new Uint8Array(
    await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, new TextEncoder().encode("grüße 👋")),
  );
  return [sealed.slice(0, -16), iv, concat(raw, sealed.slice(-16))];
}

describe("a payload", () => {
  it("O5, T44: has an IV of 12 bytes; 16 are read, nothing else, however well it is encrypted", async () => {
    for (const length of [12, 16]) assert.equal(await openText(...(await sealedWith(length, 16))), "grüße 👋");
    for (const length of [13, 15, 17, 64])
      assert.equal(await openText(...(await sealedWith(length, 16))), undefined, `${length} bytes`);
    const [payload, , inner] = await sealedWith(12, 16);
    for (const length of [0, 1, 8, 11, 1024, 1024 * 1024])
      assert.equal(await openText(payload, new Uint8Array(length), inner), undefined, `${length} bytes`);
    const ours = await sealText("grüße 👋");
    assert.deepEqual([ours.iv.length, ours.inner.length], [12, 32]);
    assert.equal(await openText(ours.payload, ours.iv, ours.inner), "grüße 👋");
  });

  it("T44: has a key of 16 bytes; any other is refused, however well it is encrypted", async () => {
    for (const length of [24, 32]) assert.equal(await openText(...(await sealedWith(12, length))), undefined);
    const [payload, iv, inner] = await sealedWith(12, 16);
    for (const length of [0, 15, 16, 17, 31, 33, 48, 49]) {
      const other = new Uint8Array(length);
      other.set(inner.slice(0, length));
      assert.equal(await openText(payload, iv, other), undefined, `${length} bytes`);
    }
  });
});

describe("the outside of a key message", () => {
  it("T47: truncated, oversized, repeated, overlong or of another version is refused, and moves nothing", async () => {
    await alice.meetDevice(bob);
    const first = await alice.write(bob.self, "first");
    await refusesDamage(first, keyBytes(first), fieldsOf(keyBytes(first)), new Uint8Array());
    assert.equal(await bob.hear(alice.self, first), "first");
    assert.equal(await alice.hear(bob.self, await bob.write(alice.self, "answer")), "answer");
    const next = await alice.write(bob.self, "next");
    const bytes = keyBytes(next);
    assert.ok(parseSignalMessage(bytes) && !onlyKey(next).prekey);
    await refusesDamage(next, bytes, fieldsOf(bytes.slice(0, -MAC_BYTES)), bytes.slice(-MAC_BYTES));
    assert.equal(await bob.hear(alice.self, next), "next");
  });
});

async function refusesDamage(
  message: OmemoMessage,
  bytes: Bytes,
  fields: readonly Field[],
  behind: Bytes,
): Promise<void> {
  const refused = (damaged: Bytes, what: string) => isRefused(message, damaged, /^<malformed>$/, what);
  // What is cut behind the last field that is needed is a whole message with another content.
  for (let length = 0; length < bytes.length; length += 7)
    await isRefused(message, bytes.slice(0, length), /^<(malformed|broken-session)>$/, `cut to ${length}`);
  for (const version of [0x00, 0x22, 0x32, 0x43, 0x44, 0xff])
    await refused(Uint8Array.from([version, ...bytes.slice(1)]), `version ${version}`);
  for (const field of fields) await refused(messageOf([...fields, field], behind), `field ${field.number} twice`);
  const additions: Readonly<Record<string, Field>> = {
    "5,000 bytes more": bytesField(15, new Uint8Array(5_000)),
    "a field 0": { number: 0, raw: Uint8Array.of(0, 0) },
    "a field of 64 bits": { number: 7, raw: Uint8Array.of(0x39, 1, 2, 3, 4, 5, 6, 7, 8) },
    "a number above 2^32": { number: 15, raw: Uint8Array.of(0x78, 0xff, 0xff, 0xff, 0xff, 0x7f) },
    "a number that does not end": { number: 15, raw: Uint8Array.of(0x78, ...new Uint8Array(11).fill(0xff), 1) },
    "a field that is longer than the message": { number: 15, raw: Uint8Array.of(0x7a, 0xff, 0x7f) },
  };
  for (const [what, field] of Object.entries(additions)) await refused(messageOf([...fields, field], behind), what);
}

/** How often HMAC was used meanwhile: each step of a chain takes two. */
async function countSteps(job: () => Promise<unknown>): Promise<number> {
  const signing = mock.method(crypto.subtle, "sign");
  try {
    await job();
    return signing.mock.callCount();
  } finally {
    signing.mock.restore();
  }
}

/** The same scalar, not reduced (RFC 8032 §5.1.7). */
function addOrder(signature: Bytes): Bytes {
  const changed = signature.slice();
  let carry = 0;
  for (const [at, byte] of ORDER.entries()) {
    const sum = (changed[32 + at] ?? 0) + byte + carry;
    changed[32 + at] = sum & 0xff;
    carry = sum >> 8;
  }
  return changed;
}
