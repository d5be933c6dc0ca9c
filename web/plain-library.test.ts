/** The ratchet library as the browser's build has it talks with the library as it was published. */
import { AsyncCurve25519Wrapper } from "@privacyresearch/curve25519-typescript";
import {
  type KeyPairType,
  type SessionType,
  SessionBuilder,
  SessionCipher,
  setCurve,
  SignalProtocolAddress,
  type StorageType,
} from "@privacyresearch/libsignal-protocol-typescript";
import { crypto as library } from "@privacyresearch/libsignal-protocol-typescript/lib/internal/crypto.js";
import { SessionRecord } from "@privacyresearch/libsignal-protocol-typescript/lib/session-record.js";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { before, test } from "node:test";
import { compileFunction } from "node:vm";
import { fromBinaryString, randomBytes, toBinaryString } from "./engine/bytes.ts";
import { hkdf } from "./engine/omemo/hkdf.ts";
import * as ground from "./engine/omemo/library-ground.ts";
import { plainLibrary } from "./plain-library.ts";

const require = createRequire(import.meta.url);
const LIBRARY = "@privacyresearch/libsignal-protocol-typescript/lib/";
const GROUND = /^\.\/(?:internal|helpers|session-lock|session-types|types)$/;
const PRE_KEY = 7;
const SIGNED_PRE_KEY = 1;
const BLOCK_BYTES = 32;

type Sessions = { readonly SessionBuilder: typeof SessionBuilder; readonly SessionCipher: typeof SessionCipher };

/** As the bundler makes a module of a file. */
function moduleOf(name: string): object {
  const made = {};
  const code = plainLibrary(readFileSync(require.resolve(`${LIBRARY}${name}.js`), "utf8"));
  compileFunction(code, ["exports", "require"])(made, requireFor);
  return made;
}

function requireFor(name: string): unknown {
  if (GROUND.test(name)) return ground;
  if (name === "./session-builder") return moduleOf("session-builder");
  return require(name.startsWith(".") ? `${LIBRARY}${name.slice(2)}.js` : name);
}

const PLAIN = { ...moduleOf("session-builder"), ...moduleOf("session-cipher") } as Sessions;
const PUBLISHED: Sessions = { SessionBuilder, SessionCipher };

before(() => {
  const curve = new AsyncCurve25519Wrapper();
  setCurve(curve);
  ground.setCurve(curve);
  ground.crypto.HKDF = async (input, salt, info) => {
    const blocks = await hkdf(new Uint8Array(input), new Uint8Array(salt), new Uint8Array(info), 3 * BLOCK_BYTES);
    return [0, 1, 2].map((at) => blocks.slice(at * BLOCK_BYTES, (at + 1) * BLOCK_BYTES).buffer);
  };
});

/** One side with its keys and its one record. */
class Party {
  readonly address: SignalProtocolAddress;
  readonly keys: readonly KeyPairType[];
  readonly sessions: Sessions;
  readonly record = new SessionRecord();

  private constructor(device: number, sessions: Sessions, keys: readonly KeyPairType[]) {
    this.address = new SignalProtocolAddress("party", device);
    this.sessions = sessions;
    this.keys = keys;
  }

  static async make(device: number, sessions: Sessions): Promise<Party> {
    const under = sessions === PLAIN ? ground.crypto : library;
    const keys = await Promise.all([under.createKeyPair(), under.createKeyPair(), under.createKeyPair()]);
    return new Party(device, sessions, keys);
  }

  key(at: number): KeyPairType {
    return this.keys[at] ?? assert.fail("three keys");
  }

  get storage(): StorageType {
    const storage = {
      getIdentityKeyPair: async () => this.key(0),
      getLocalRegistrationId: async () => this.address.deviceId,
      loadSignedPreKey: async () => this.key(1),
      loadPreKey: async () => this.key(2),
      removePreKey: async () => undefined,
      isTrustedIdentity: async () => true,
      saveIdentity: async () => false,
      storeSession: async () => undefined,
    };
    return storage as unknown as StorageType;
  }

  /** With what `cipher.ts` puts in, as far as a single session has need of it. */
  cipher(to: Party): SessionCipher {
    const cipher = new this.sessions.SessionCipher(this.storage, to.address);
    const published = new SessionCipher(this.storage, to.address);
    const { fillMessageKeys } = published as unknown as { readonly fillMessageKeys: unknown };
    const decryptWithSessionList = async (buffer: ArrayBuffer, [session]: readonly SessionType[]) => {
      if (session === undefined) throw new TypeError("no session");
      return { plaintext: await cipher.doDecryptWhisperMessage(buffer, session), session };
    };
    return Object.assign(cipher, { getRecord: async () => this.record, fillMessageKeys, decryptWithSessionList });
  }

  async meet(to: Party): Promise<void> {
    const base = await (this.sessions === PLAIN ? ground.crypto : library).createKeyPair();
    const [identity, signedPreKey, preKey] = [to.key(0).pubKey, to.key(1).pubKey, to.key(2).pubKey];
    const builder = new this.sessions.SessionBuilder(this.storage, to.address);
    const { deviceId } = to.address;
    const session = await builder.startSessionAsInitiator(base, identity, signedPreKey, preKey, deviceId);
    session.pendingPreKey = { signedKeyId: SIGNED_PRE_KEY, baseKey: base.pubKey, preKeyId: PRE_KEY };
    this.record.updateSessionState(session);
  }

  async write(to: Party, text: string): Promise<{ readonly type: number; readonly body: string }> {
    const { type, body = "" } = await this.cipher(to).encrypt(fromBinaryString(text).buffer);
    return { type, body };
  }

  async read(from: Party, { type, body }: { readonly type: number; readonly body: string }): Promise<string> {
    const cipher = this.cipher(from);
    const plain = type === 3 ? cipher.decryptPreKeyWhisperMessage(body) : cipher.decryptWhisperMessage(body);
    return toBinaryString(new Uint8Array(await plain));
  }
}

const PAIRS = [
  [PLAIN, PUBLISHED, "as it is built begins with one as it was published"],
  [PUBLISHED, PLAIN, "as it was published begins with one as it is built"],
  [PLAIN, PLAIN, "as it is built begins with another"],
] as const;
for (const [one, other, what] of PAIRS)
  test(`a library ${what}: they understand each other in turns, also what was skipped`, async () => {
    const [alice, bob] = [await Party.make(1, one), await Party.make(2, other)];
    await alice.meet(bob);
    assert.equal(await bob.read(alice, await alice.write(bob, "first")), "first");
    for (let turn = 0; turn < 6; turn += 1) {
      const [from, to] = turn % 2 === 0 ? [bob, alice] : [alice, bob];
      const late = await from.write(to, `late ${turn}`);
      assert.equal(await to.read(from, await from.write(to, `in time ${turn}`)), `in time ${turn}`);
      if (turn > 0) assert.equal(await to.read(from, late), `late ${turn}`);
    }
  });

test("a message that was changed on its way opens nothing", async () => {
  const [alice, bob] = [await Party.make(1, PUBLISHED), await Party.make(2, PLAIN)];
  await alice.meet(bob);
  await bob.read(alice, await alice.write(bob, "first"));
  await alice.read(bob, await bob.write(alice, "answer"));
  const { type, body } = await alice.write(bob, "next");
  for (const at of [5, body.length - 1, body.length - 9]) {
    const changed = body.slice(0, at) + String.fromCharCode(body.charCodeAt(at) ^ 1) + body.slice(at + 1);
    await assert.rejects(bob.read(alice, { type, body: changed }));
  }
});

test("what lies under the sessions does as the library does", async () => {
  const [key, data, iv] = [randomBytes(32).buffer, randomBytes(100).buffer, randomBytes(16).buffer];
  const sealed = await ground.crypto.encrypt(key, data, iv);
  assert.deepEqual(sealed, await library.encrypt(key, data, iv));
  assert.deepEqual(await ground.crypto.decrypt(key, sealed, iv), data);
  const mac = await ground.crypto.sign(key, data);
  assert.deepEqual(mac, await library.sign(key, data));
  await ground.verifyMAC(data, key, mac.slice(0, 8), 8);
  for (const wrong of [mac.slice(0, 7), mac.slice(0, 9), mac.slice(1, 9), new ArrayBuffer(8)])
    await assert.rejects(ground.verifyMAC(data, key, wrong, 8), /Bad MAC/);
  const [one, other] = [await ground.crypto.createKeyPair(), await library.createKeyPair()];
  assert.deepEqual(
    await ground.crypto.ECDHE(other.pubKey, one.privKey),
    await library.ECDHE(one.pubKey, other.privKey),
  );
  assert.deepEqual(
    await ground.HKDF(key, new ArrayBuffer(32), "WhisperRatchet"),
    await library.HKDF(key, new ArrayBuffer(32), new TextEncoder().encode("WhisperRatchet").buffer),
  );
  for (const wrong of [one.pubKey.slice(1), one.pubKey.slice(0, 32), new ArrayBuffer(33)])
    await assert.rejects(ground.crypto.ECDHE(wrong, one.privKey), TypeError);
});

test("a library that was compiled in another way is not built", () => {
  assert.throws(() => plainLibrary("const __awaiter = (a) => a; export const b = __awaiter(1);"), TypeError);
});
