/**
 * Ratchets: one key message in or out, on a unit of work. What the library gets wrong is put right in `cipher.ts`.
 * Identities are pinned by (JID, device) before anything is decrypted; the library would not enforce them.
 */
import type { KeyPairType } from "@privacyresearch/libsignal-protocol-typescript";
import { SessionLock } from "@privacyresearch/libsignal-protocol-typescript/lib/session-lock.js";
import { BaseKeyType } from "@privacyresearch/libsignal-protocol-typescript/lib/session-types.js";
import { SignalProtocolAddress } from "@privacyresearch/libsignal-protocol-typescript/lib/signal-protocol-address.js";
import type { BareJid, BrowserId, DeviceId } from "../../../worker/contract/names.ts";
import type { OmemoKey } from "../../../worker/contract/omemo.ts";
import { toBase64 } from "../../../worker/shared/base64.ts";
import { type Bytes, fromBinaryString, toBinaryString } from "../bytes.ts";
import type { Unit } from "../store/unit.ts";
import type { CheckedBundle } from "./bundle.ts";
import { choosePreKey } from "./bundle.ts";
import { buildSession, RecordStorage, SafeSessionCipher } from "./cipher.ts";
import type { KeyPair } from "./curve.ts";
import { EffortError, type Steps } from "./effort.ts";
import { handleOf } from "./handles.ts";
import { LiveRecord } from "./record.ts";
import type { PreKeyMessage } from "./wire.ts";
import { addressOf, type DeviceAddress } from "../store/device-rows.ts";

/** This browser's own side of every session. */
export type Self = {
  readonly jid: BareJid;
  readonly browser: BrowserId;
  readonly device: DeviceId;
  /** 33 bytes. */
  readonly identityKey: Bytes;
  /** The handle of the identity that agrees. */
  readonly agreement: CryptoKey;
  readonly createdAt: number;
};

export type Ratcheted =
  | { readonly kind: "plain"; readonly inner: Bytes }
  | { readonly kind: "duplicate" }
  | { readonly kind: "failed" }
  /** Its chain is further behind than it may cost. */
  | { readonly kind: "costly" };

/** Decrypts one key message. Nothing reaches the unit unless it succeeded. */
export async function ratchetOpen(
  unit: Unit,
  self: Self,
  from: DeviceAddress,
  { data, prekey, steps }: { readonly data: Bytes; readonly prekey: boolean; readonly steps: Steps },
): Promise<Ratcheted> {
  const cipher = new SafeSessionCipher(new RatchetStore(unit, self, from), signalAddress(from), steps);
  const text = toBinaryString(data);
  try {
    const inner = prekey
      ? await cipher.decryptPreKeyWhisperMessage(text, "binary")
      : await cipher.decryptWhisperMessage(text, "binary");
    return { kind: "plain", inner: new Uint8Array(inner) };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (error instanceof EffortError) return { kind: "costly" };
    return error.name === "MessageCounterError" ? { kind: "duplicate" } : { kind: "failed" };
  } finally {
    forgetLocks();
  }
}

/** Encrypts for one device with which there is a session. */
export async function ratchetSeal(unit: Unit, self: Self, to: DeviceAddress, inner: Bytes): Promise<OmemoKey> {
  const cipher = new SafeSessionCipher(new RatchetStore(unit, self, to), signalAddress(to));
  try {
    const message = await cipher.encrypt(inner.slice().buffer);
    if (message.body === undefined) throw new TypeError("the library gave no message");
    return { rid: to.device, prekey: message.type === 3, data: toBase64(fromBinaryString(message.body)) };
  } finally {
    forgetLocks();
  }
}

/**
 * Starts a session from a checked bundle; the identity has been compared with the pin before. False: a key of low order,
 * which passes the signature check and fails only in the agreement.
 */
export async function startSession(unit: Unit, self: Self, to: DeviceAddress, bundle: CheckedBundle): Promise<boolean> {
  const storage = new RatchetStore(unit, self, to);
  const starters = new Set([...((await unit.get("deviceLists", self.jid))?.devices ?? []), self.device]);
  try {
    const preKey = choosePreKey(bundle, starters, self.device);
    await buildSession(storage, signalAddress(to), { ...bundle, preKey });
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** Whether a session has been opened by exactly this pre-key message before (its sender has not heard from us yet). */
export async function knowsBaseKey(unit: Unit, from: DeviceAddress, message: PreKeyMessage): Promise<boolean> {
  const row = await unit.get("sessions", addressOf(from.jid, from.device));
  return row?.sessions[toBinaryString(message.baseKey)]?.indexInfo.baseKeyType === BaseKeyType.THEIRS;
}

function signalAddress(remote: DeviceAddress): SignalProtocolAddress {
  // Never from a string: the library splits at the first dot, and JIDs have dots.
  return new SignalProtocolAddress(remote.jid, remote.device);
}

/** The library's lock keeps every promise and error it has seen; ours is around every unit of work, so it may forget. */
function forgetLocks(): void {
  SessionLock.errors.length = 0;
  SessionLock._promises.length = 0;
}

/** Reads and writes of the library, laid on a unit of work. */
class RatchetStore extends RecordStorage {
  readonly #unit: Unit;
  readonly #self: Self;
  readonly #remote: DeviceAddress;

  constructor(unit: Unit, self: Self, remote: DeviceAddress) {
    super();
    this.#unit = unit;
    this.#self = self;
    this.#remote = remote;
  }

  async getIdentityKeyPair(): Promise<KeyPairType> {
    return pairOf({ publicKey: this.#self.identityKey, privateKey: this.#self.agreement });
  }

  async getLocalRegistrationId(): Promise<number> {
    return this.#self.device;
  }

  async loadPreKey(id: string | number): Promise<KeyPairType | undefined> {
    const row = await this.#unit.get("preKeys", Number(id));
    return row && pairOf(row);
  }

  /** Marked only: a copy of the same message may still come from the archive. */
  async removePreKey(id: string | number): Promise<void> {
    const row = await this.#unit.get("preKeys", Number(id));
    if (row !== undefined) this.#unit.put("preKeys", { ...row, used: Date.now() });
  }

  async loadSignedPreKey(id: string | number): Promise<KeyPairType | undefined> {
    const row = await this.#unit.get("signedPreKeys", Number(id));
    return row && pairOf(row);
  }

  async loadRecord(): Promise<LiveRecord | undefined> {
    const row = await this.#unit.get("sessions", this.#address);
    return row && new LiveRecord(row.sessions);
  }

  async storeRecord(record: LiveRecord): Promise<void> {
    const before = await this.#unit.get("sessions", this.#address);
    const { jid, device } = this.#remote;
    this.#unit.put("sessions", { ...before, address: this.#address, jid, device, sessions: record.stored() });
  }

  get #address(): string {
    return addressOf(this.#remote.jid, this.#remote.device);
  }
}

function pairOf({ publicKey, privateKey }: KeyPair): KeyPairType {
  return { pubKey: publicKey.slice().buffer, privKey: handleOf(privateKey) };
}
