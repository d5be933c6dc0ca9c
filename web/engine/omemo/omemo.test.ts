import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { inspect } from "node:util";
import type { BareJid, DeviceId } from "../../../worker/contract/names.ts";
import type { OmemoMessage } from "../../../worker/contract/omemo.ts";
import { fromBase64, toBase64 } from "../../../worker/shared/base64.ts";
import type { Bytes } from "../bytes.ts";
import { checkBundle } from "./bundle.ts";
import { DeviceOnADisk } from "../testing/device-on-a-disk.ts";
import { sealMessage } from "./send.ts";
import { parsePreKeyMessage } from "./wire.ts";
import { receiveProven } from "../testing/receive-proven.ts";

const ALICE = "alice@a.example" as BareJid;
const BOB = "bob@b.example" as BareJid;

/** Every byte of a row. */
const WHOLE = { depth: null, maxArrayLength: null, maxStringLength: null } as const;

let alice: DeviceOnADisk;
let bob: DeviceOnADisk;

beforeEach(async () => {
  alice = await DeviceOnADisk.make(ALICE);
  bob = await DeviceOnADisk.make(BOB);
});

const toBob = (text: string) => alice.write(bob.self, text);
const toAlice = (text: string) => bob.write(alice.self, text);

async function acquainted(): Promise<void> {
  await alice.meetDevice(bob);
  assert.equal(await bob.hear(alice.self, await toBob("hello")), "hello");
  assert.equal(await alice.hear(bob.self, await toAlice("hello too")), "hello too");
}

describe("a conversation", () => {
  it("starts with a pre-key message and goes on without", async () => {
    await alice.meetDevice(bob);
    const first = await toBob("hello");
    assert.equal(first.keys[0]?.prekey, true);
    assert.equal(await bob.hear(alice.self, first), "hello");
    assert.equal(await alice.hear(bob.self, await toAlice("hi")), "hi");
    assert.equal((await toBob("more")).keys[0]?.prekey, false);
  });

  it("is read in any order, each message once", async () => {
    await acquainted();
    const sent: OmemoMessage[] = [];
    for (let at = 0; at < 6; at++) sent.push(await toBob(`m${at}`));
    const order = [3, 0, 5, 3, 1, 4, 0, 2];
    const heard = [];
    for (const at of order) heard.push(await bob.hear(alice.self, sent[at] as OmemoMessage));
    assert.deepEqual(heard, ["m3", "m0", "m5", "(nothing)", "m1", "m4", "(nothing)", "m2"]);
  });

  it("goes on after lost messages, and reads late ones of an old chain", async () => {
    await acquainted();
    const late = await toBob("late");
    for (let at = 0; at < 20; at++) await toBob("lost");
    for (let turn = 0; turn < 4; turn++) {
      assert.equal(await bob.hear(alice.self, await toBob(`a${turn}`)), `a${turn}`);
      assert.equal(await alice.hear(bob.self, await toAlice(`b${turn}`)), `b${turn}`);
    }
    assert.equal(await bob.hear(alice.self, late), "late");
  });

  it("heals when both start at the same moment", async () => {
    await Promise.all([alice.meetDevice(bob), bob.meetDevice(alice)]);
    const [fromAlice, fromBob] = [await toBob("a0"), await toAlice("b0")];
    assert.equal(await bob.hear(alice.self, fromAlice), "a0");
    assert.equal(await alice.hear(bob.self, fromBob), "b0");
    for (let turn = 1; turn < 7; turn++) {
      const [a, b] = [await toBob(`a${turn}`), await toAlice(`b${turn}`)];
      assert.equal(await alice.hear(bob.self, b), `b${turn}`);
      assert.equal(await bob.hear(alice.self, a), `a${turn}`);
    }
  });

  it("keeps no chain for ever", async () => {
    await acquainted();
    for (let turn = 0; turn < 15; turn++) {
      await bob.hear(alice.self, await toBob("a"));
      await alice.hear(bob.self, await toAlice("b"));
    }
    const [row] = await alice.rows("sessions");
    for (const { chains } of Object.values(row?.sessions ?? {}))
      assert.ok(Object.keys(chains).length <= 7, `${Object.keys(chains).length}`);
  });

  it("keeps the key of its last step only, as a handle that cannot be exported", async () => {
    await acquainted();
    for (let turn = 0; turn < 4; turn++) {
      await bob.hear(alice.self, await toBob("a"));
      await alice.hear(bob.self, await toAlice("b"));
    }
    const rows = inspect(await alice.rows("sessions"), WHOLE);
    assert.equal(rows.match(/privKey/g)?.length, 1);
    assert.equal(rows.match(/CryptoKey/g)?.length, 1);
    assert.match(rows, /extractable: false/);
  });

  it("T33: skips 1000 messages, and not one more", async () => {
    await acquainted();
    const sent = await alice.work(async (unit) => {
      const messages: OmemoMessage[] = [];
      for (let at = 0; at <= 1_002; at++) messages.push(await sealMessage(unit, alice.self, [bob.self], `m${at}`));
      return messages;
    });
    const before = inspect(await bob.rows("sessions"), WHOLE);
    // A new chain begins with m0, so m1001 would skip 1001.
    assert.equal(await bob.hear(alice.self, sent[1_001] as OmemoMessage), "<broken-session>");
    assert.equal(inspect(await bob.rows("sessions"), WHOLE), before);
    assert.equal(await bob.hear(alice.self, sent[1_000] as OmemoMessage), "m1000");
    assert.equal(await bob.hear(alice.self, sent[0] as OmemoMessage), "m0");
    assert.equal(await bob.hear(alice.self, sent[1_002] as OmemoMessage), "m1002");
  });

  it("a step that was not committed did not happen", async () => {
    await acquainted();
    const message = await toBob("once");
    const before = inspect(await bob.rows("sessions"), WHOLE);
    await bob.work(async (unit) => {
      await receiveProven(unit, bob.self, ALICE, message, 0);
    }, true);
    assert.equal(inspect(await bob.rows("sessions"), WHOLE), before);
    assert.equal(await bob.hear(alice.self, message), "once");
  });
});

describe("a key transport", () => {
  it("of 16 bytes moves the ratchet and shows nothing", async () => {
    await alice.meetDevice(bob);
    assert.equal(await bob.hear(alice.self, await alice.transport(bob.self)), "(transport)");
    assert.equal(await alice.hear(bob.self, await toAlice("answer")), "answer");
  });

  it("T30: with a payload is no key for it: the tag is missing", async () => {
    await acquainted();
    const transport = await alice.transport(bob.self);
    assert.equal(await bob.hear(alice.self, { ...transport, payload: "AAAA" }), "<malformed>");
    assert.equal(await bob.hear(alice.self, await toBob("unharmed")), "unharmed");
  });

  it("is pending after a pre-key message, and done by whatever is sent", async () => {
    await alice.meetDevice(bob);
    await bob.hear(alice.self, await toBob("hello"));
    assert.equal((await bob.rows("sessions"))[0]?.owed, 1);
    await toAlice("hi");
    assert.equal((await bob.rows("sessions"))[0]?.owed, undefined);
  });

  it("is pending once when a chain has grown long", async () => {
    await acquainted();
    let owed = 0;
    for (let at = 0; at < 60; at++) {
      await bob.hear(alice.self, await toBob(`m${at}`));
      const [row] = await bob.rows("sessions");
      if (row?.owed === undefined) continue;
      owed += 1;
      await bob.work(async (unit) => unit.put("sessions", { ...row, owed: undefined }));
    }
    assert.equal(owed, 1);
  });
});

describe("what is not right", () => {
  it("a message for other devices is named so, a transport for them is nothing", async () => {
    await acquainted();
    const message = await toBob("x");
    assert.equal(await bob.hear(alice.self, { ...message, keys: [] }), "<not-for-us>");
    assert.equal(await bob.hear(alice.self, { ...message, keys: [], payload: undefined }), "(nothing)");
  });

  it("without a session a message waits for one", async () => {
    await acquainted();
    const message = await toBob("x");
    const other = { ...message, sid: 77 as DeviceId };
    assert.equal(await bob.hear(alice.self, other), "<no-session>");
  });

  it("T30: a flipped bit in the payload is shown as damage, and the next message is read", async () => {
    await acquainted();
    const message = await toBob("amount: 1");
    const payload = fromBase64(message.payload ?? "") as Bytes;
    payload[0] = (payload[0] ?? 0) ^ 1;
    assert.equal(await bob.hear(alice.self, { ...message, payload: toBase64(payload) }), "<malformed>");
    assert.equal(await bob.hear(alice.self, await toBob("next")), "next");
  });

  it("a flipped bit in the key moves nothing: the true message is read afterwards", async () => {
    await acquainted();
    const message = await toBob("true");
    const key = message.keys[0];
    assert.ok(key);
    const data = fromBase64(key.data) as Bytes;
    data[data.length - 1] = (data[data.length - 1] ?? 0) ^ 1;
    const forged = { ...message, keys: [{ ...key, data: toBase64(data) }] };
    assert.equal(await bob.hear(alice.self, forged), "<broken-session>");
    assert.equal(await bob.hear(alice.self, message), "true");
  });

  it("T35: a device that comes with another identity is not believed", async () => {
    await acquainted();
    const mallory = await DeviceOnADisk.make("mallory@m.example" as BareJid);
    await mallory.meetDevice(bob);
    const message = await mallory.write(bob.self, "I am alice");
    const before = inspect(await bob.rows("sessions"), WHOLE);
    assert.equal(await bob.hear(alice.self, { ...message, sid: alice.self.device }), "<untrusted>");
    assert.equal(inspect(await bob.rows("sessions"), WHOLE), before);
    assert.equal(await alice.meet(bob.self, mallory.bundle), false);
  });

  it("a message that does not decrypt claims no device", async () => {
    const mallory = await DeviceOnADisk.make("mallory@m.example" as BareJid);
    await mallory.meetDevice(bob);
    const message = await mallory.write(bob.self, "x");
    const key = message.keys[0];
    assert.ok(key);
    const data = fromBase64(key.data) as Bytes;
    data[data.length - 12] = (data[data.length - 12] ?? 0) ^ 1;
    const heard = await bob.hear(alice.self, {
      ...message,
      sid: alice.self.device,
      keys: [{ ...key, data: toBase64(data) }],
    });
    assert.match(heard, /^<(broken-session|malformed)>$/);
    assert.deepEqual(await bob.rows("pins"), []);
    assert.deepEqual(await bob.rows("sessions"), []);
  });

  it("T32: a pre-key that is gone breaks the session, and stores nothing", async () => {
    await alice.meetDevice(bob);
    const message = await toBob("hello");
    await bob.work(async (unit) => {
      for (const { id } of await unit.all("preKeys")) unit.delete("preKeys", id);
    });
    assert.equal(await bob.hear(alice.self, message), "<broken-session>");
    assert.deepEqual(await bob.rows("sessions"), []);
  });

  it("a used pre-key is marked, and the same message from the archive is known", async () => {
    await alice.meetDevice(bob);
    const message = await toBob("hello");
    assert.equal(await bob.hear(alice.self, message), "hello");
    assert.equal((await bob.rows("preKeys")).filter(({ used }) => used !== undefined).length, 1);
    assert.equal((await bob.rows("preKeys")).length, 100);
    assert.equal(await bob.hear(alice.self, message), "(nothing)");
  });

  it("prekey is believed of the bytes, not of the attribute", async () => {
    await alice.meetDevice(bob);
    const message = await toBob("hello");
    const keys = message.keys.map((key) => ({ ...key, prekey: false }));
    assert.equal(await bob.hear(alice.self, { ...message, keys }), "hello");
  });
});

describe("a bundle", () => {
  it("T31: is refused when its signature, a key or its only pre-key is wrong", async () => {
    const good = bob.bundle;
    assert.ok(await checkBundle(good));
    const signature = fromBase64(good.signedPreKey.signature) as Bytes;
    signature[63] = (signature[63] ?? 0) ^ 0x80;
    const respelt = fromBase64(good.identityKey) as Bytes;
    respelt[32] = (respelt[32] ?? 0) ^ 0x80;
    const refused = [
      { ...good, identityKey: toBase64(respelt) },
      { ...good, signedPreKey: { ...good.signedPreKey, signature: toBase64(signature) } },
      { ...good, signedPreKey: { ...good.signedPreKey, key: alice.bundle.signedPreKey.key } },
      { ...good, identityKey: alice.bundle.identityKey },
      { ...good, identityKey: good.identityKey.slice(4) },
      { ...good, preKeys: [] },
      { ...good, preKeys: [{ id: 1, key: "AAAA" }] },
      { ...good, preKeys: [{ id: -1, key: good.preKeys[0]?.key ?? "" }] },
    ];
    for (const bundle of refused) assert.equal(await checkBundle(bundle), undefined);
  });

  it("with a pre-key of low order gives no session", async () => {
    const key = toBase64(Uint8Array.from({ length: 33 }, (_, at) => (at === 0 ? 5 : 0)));
    assert.equal(await alice.meet(bob.self, { ...bob.bundle, preKeys: [{ id: 7, key }] }), false);
    assert.deepEqual(await alice.rows("sessions"), []);
  });

  it("has a pre-key chosen at random", async () => {
    const chosen = new Set<number>();
    for (let at = 0; at < 12; at++) {
      const writer = await DeviceOnADisk.make(ALICE);
      await writer.meetDevice(bob);
      const data = fromBase64((await writer.write(bob.self, "x")).keys[0]?.data ?? "") as Bytes;
      chosen.add(parsePreKeyMessage(data)?.preKeyId ?? 0);
    }
    assert.ok(chosen.size > 6);
  });
});
