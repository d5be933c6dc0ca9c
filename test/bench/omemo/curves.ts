/**
 * The start of a session and a turn of the ratchet with two curves under the very same code: the browser's own, and the
 * one the ratchet library brings along. Runs in Node and in browsers. The library's curve is imported here only.
 */
import { AsyncCurve25519Wrapper } from "@privacyresearch/curve25519-typescript";
import {
  type KeyPairType,
  type SessionType,
  setCurve,
  SignalProtocolAddress,
} from "@privacyresearch/libsignal-protocol-typescript";
import { crypto as library } from "@privacyresearch/libsignal-protocol-typescript/lib/internal/crypto.js";
import { type Bytes, randomBytes, toBinaryString } from "../../../web/engine/bytes.ts";
import { buildSession, RecordStorage, SafeSessionCipher } from "../../../web/engine/omemo/cipher.ts";
import { sign } from "../../../web/engine/omemo/curve.ts";
import { handleOf, installCurve } from "../../../web/engine/omemo/handles.ts";
import { createIdentity } from "../../../web/engine/omemo/identity.ts";
import { copySession, LiveRecord } from "../../../web/engine/omemo/record.ts";

type CurveName = "native" | "library";
type Taken = Readonly<Record<CurveName, readonly number[]>>;
export type CurveTimes = { readonly setUp: Taken; readonly turn: Taken };

const NAMES: readonly CurveName[] = ["native", "library"];
const PRE_KEY = 7;
const SIGNED_PRE_KEY = 1;
const INNER_BYTES = 32;

/** Milliseconds of each round; the two curves take turns, the first of each pair too. */
export async function measureCurves(rounds: number, warmUp: number): Promise<CurveTimes> {
  const setUp = { native: [] as number[], library: [] as number[] };
  const turn = { native: [] as number[], library: [] as number[] };
  for (let round = -warmUp; round < rounds; round++) {
    for (const name of round % 2 === 0 ? NAMES : NAMES.toReversed()) {
      const times = await measureRound(name);
      if (round < 0) continue;
      setUp[name].push(times.setUp);
      turn[name].push(times.turn);
    }
  }
  installCurve();
  return { setUp, turn };
}

async function measureRound(name: CurveName): Promise<{ readonly setUp: number; readonly turn: number }> {
  installCurve();
  if (name === "library") setCurve(new AsyncCurve25519Wrapper());
  const [alice, bob] = [await Party.make(name, 1), await Party.make(name, 2)];
  const start = performance.now();
  // A bundle's signature is checked before its session is started.
  await library.Ed25519Verify(bob.identity.pubKey, bob.signedPreKey.pubKey, bob.signature);
  await buildSession(alice, bob.address, {
    identityKey: new Uint8Array(bob.identity.pubKey),
    signedPreKey: { id: SIGNED_PRE_KEY, key: new Uint8Array(bob.signedPreKey.pubKey) },
    preKey: { id: PRE_KEY, key: new Uint8Array(bob.preKey.pubKey) },
  });
  await deliver(alice, bob, true);
  const begun = performance.now();
  await deliver(bob, alice, false);
  await deliver(alice, bob, false);
  return { setUp: begun - start, turn: performance.now() - begun };
}

/** Encrypts a key of a message at one side, decrypts it at the other. */
async function deliver(from: Party, to: Party, first: boolean): Promise<void> {
  const inner = randomBytes(INNER_BYTES);
  const { body = "" } = await new SafeSessionCipher(from, to.address).encrypt(inner.slice().buffer);
  const cipher = new SafeSessionCipher(to, from.address);
  const plain = await (first ? cipher.decryptPreKeyWhisperMessage(body, "binary") : cipher.decryptWhisperMessage(body));
  if (toBinaryString(new Uint8Array(plain)) !== toBinaryString(inner)) throw new Error("another text came out");
}

/** One side with its keys and the one session in memory. */
class Party extends RecordStorage {
  readonly address: SignalProtocolAddress;
  readonly identity: KeyPairType;
  readonly signedPreKey: KeyPairType;
  readonly preKey: KeyPairType;
  readonly signature: ArrayBuffer;
  #sessions: { readonly [key: string]: SessionType } = {};

  private constructor(device: number, identity: KeyPairType, keys: readonly KeyPairType[], signature: ArrayBuffer) {
    super();
    const [signedPreKey, preKey] = keys;
    if (signedPreKey === undefined || preKey === undefined) throw new TypeError("two keys");
    this.address = new SignalProtocolAddress("party", device);
    this.identity = identity;
    this.signedPreKey = signedPreKey;
    this.preKey = preKey;
    this.signature = signature;
  }

  static async make(name: CurveName, device: number): Promise<Party> {
    const keys = [await library.createKeyPair(), await library.createKeyPair()];
    const message = new Uint8Array(keys[0]?.pubKey ?? new ArrayBuffer(0));
    if (name === "native") {
      const { agreement, signing, publicKey } = await createIdentity();
      const identity = { pubKey: publicKey.slice().buffer, privKey: handleOf(agreement) };
      return new Party(device, identity, keys, bufferOf(await sign(signing, message)));
    }
    const identity = await library.createKeyPair();
    return new Party(device, identity, keys, await library.Ed25519Sign(identity.privKey, message.buffer));
  }

  async getIdentityKeyPair(): Promise<KeyPairType> {
    return this.identity;
  }

  async getLocalRegistrationId(): Promise<number> {
    return this.address.deviceId;
  }

  async loadPreKey(): Promise<KeyPairType> {
    return this.preKey;
  }

  async removePreKey(): Promise<void> {
    await Promise.resolve();
  }

  async loadSignedPreKey(): Promise<KeyPairType> {
    return this.signedPreKey;
  }

  async loadRecord(): Promise<LiveRecord> {
    const record = new LiveRecord();
    for (const [key, session] of Object.entries(this.#sessions)) record.sessions[key] = copySession(session);
    return record;
  }

  async storeRecord(record: LiveRecord): Promise<void> {
    this.#sessions = record.sessions;
  }
}

function bufferOf(bytes: Bytes): ArrayBuffer {
  return bytes.slice().buffer;
}
