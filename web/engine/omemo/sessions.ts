/**
 * Ratchets. The library is wrapped where it is known to be wrong: it changes every session it tries and saves them all,
 * never forgets old chains, does not enforce identities, does not notice a missing pre-key, throws used pre-keys away at
 * once and keeps every promise of its lock. Identities are pinned here, by (JID, device), before anything is decrypted.
 */
import {
  type KeyPairType,
  SessionBuilder,
  SessionCipher,
  type SessionType,
  SignalProtocolAddress,
  type StorageType,
} from "@privacyresearch/libsignal-protocol-typescript";
import { SessionLock } from "@privacyresearch/libsignal-protocol-typescript/lib/session-lock.js";
import { SessionRecord } from "@privacyresearch/libsignal-protocol-typescript/lib/session-record.js";
import type { BareJid, BrowserId, DeviceId, OmemoKey } from "../../../worker/contract.ts";
import { type Bytes, fromBinaryString, toBase64, toBinaryString } from "../bytes.ts";
import { addressOf } from "../store/schema.ts";
import type { Unit } from "../store/unit.ts";
import type { CheckedBundle } from "./bundle.ts";
import { choosePreKey } from "./bundle.ts";
import type { PreKeyMessage } from "./wire.ts";

/** Receiving chains kept per session; Signal's own clients keep 5. */
const CHAINS = 5;
/** Keys of skipped messages kept per session (XEP-0384 §4.5 allows at most 1000). */
const SKIPPED_KEYS = 1_000;

/** This browser's own side of every session. */
export type Self = {
  readonly jid: BareJid;
  readonly browser: BrowserId;
  readonly device: DeviceId;
  /** 33 bytes. */
  readonly identityKey: Bytes;
  readonly scalar: Bytes;
  readonly createdAt: number;
};

export type DeviceAddress = { readonly jid: BareJid; readonly device: DeviceId };

export type Ratcheted =
  | { readonly kind: "plain"; readonly inner: Bytes }
  | { readonly kind: "duplicate" }
  | { readonly kind: "failed" };

/** Decrypts one key message. Nothing reaches the unit unless it succeeded. */
export async function ratchetOpen(
  unit: Unit,
  self: Self,
  from: DeviceAddress,
  data: Bytes,
  prekey: boolean,
): Promise<Ratcheted> {
  const cipher = new SafeSessionCipher(new RatchetStore(unit, self, from), signalAddress(from));
  const text = toBinaryString(data);
  try {
    const inner = prekey
      ? await cipher.decryptPreKeyWhisperMessage(text, "binary")
      : await cipher.decryptWhisperMessage(text, "binary");
    return { kind: "plain", inner: new Uint8Array(inner) };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
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

/** Starts a session from a checked bundle; the identity has been compared with the pin before. */
export async function startSession(unit: Unit, self: Self, to: DeviceAddress, bundle: CheckedBundle): Promise<boolean> {
  const builder = new SessionBuilder(new RatchetStore(unit, self, to), signalAddress(to));
  const preKey = choosePreKey(bundle);
  try {
    await builder.processPreKey({
      identityKey: bundle.identityKey.slice().buffer,
      // The library calls a session open only when this is a number.
      registrationId: to.device,
      signedPreKey: {
        keyId: bundle.signedPreKey.id,
        publicKey: bundle.signedPreKey.key.slice().buffer,
        signature: bundle.signedPreKey.signature.slice().buffer,
      },
      preKey: { keyId: preKey.id, publicKey: preKey.key.slice().buffer },
    });
    return true;
  } catch (error) {
    // A key of low order passes the signature check and fails only in the agreement.
    if (error instanceof RangeError) return false;
    throw error;
  } finally {
    forgetLocks();
  }
}

/** Whether a session has been opened by exactly this pre-key message before (its sender has not heard from us yet). */
export async function knowsBaseKey(unit: Unit, from: DeviceAddress, message: PreKeyMessage): Promise<boolean> {
  const row = await unit.get("sessions", addressOf(from.jid, from.device));
  if (row === undefined) return false;
  return SessionRecord.deserialize(row.record).getSessionByBaseKey(message.baseKey.slice().buffer) !== undefined;
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
class RatchetStore implements StorageType {
  readonly #unit: Unit;
  readonly #self: Self;
  readonly #remote: DeviceAddress;

  constructor(unit: Unit, self: Self, remote: DeviceAddress) {
    this.#unit = unit;
    this.#self = self;
    this.#remote = remote;
  }

  async getIdentityKeyPair(): Promise<KeyPairType> {
    return { pubKey: this.#self.identityKey.slice().buffer, privKey: this.#self.scalar.slice().buffer };
  }

  async getLocalRegistrationId(): Promise<number> {
    return this.#self.device;
  }

  /** Decided before the library is asked. */
  async isTrustedIdentity(): Promise<boolean> {
    return true;
  }

  async saveIdentity(): Promise<boolean> {
    return false;
  }

  async loadPreKey(id: string | number): Promise<KeyPairType | undefined> {
    return pairOf(await this.#unit.get("preKeys", Number(id)));
  }

  /** Marked only: a copy of the same message may still come from the archive. */
  async removePreKey(id: string | number): Promise<void> {
    const row = await this.#unit.get("preKeys", Number(id));
    if (row !== undefined) this.#unit.put("preKeys", { ...row, used: Date.now() });
  }

  async loadSignedPreKey(id: string | number): Promise<KeyPairType | undefined> {
    return pairOf(await this.#unit.get("signedPreKeys", Number(id)));
  }

  async loadSession(address: string): Promise<string | undefined> {
    return (await this.#unit.get("sessions", address))?.record;
  }

  async storeSession(address: string, record: string): Promise<void> {
    const before = await this.#unit.get("sessions", address);
    this.#unit.put("sessions", { ...before, address, jid: this.#remote.jid, device: this.#remote.device, record });
  }

  async storePreKey(): Promise<void> {
    throw new TypeError("keys are made by the device, not by the library");
  }

  async storeSignedPreKey(): Promise<void> {
    throw new TypeError("keys are made by the device, not by the library");
  }

  async removeSignedPreKey(): Promise<void> {
    throw new TypeError("keys are removed by the device, not by the library");
  }
}

function pairOf(row: { readonly publicKey: Bytes; readonly privateKey: Bytes } | undefined): KeyPairType | undefined {
  return row && { pubKey: row.publicKey.slice().buffer, privKey: row.privateKey.slice().buffer };
}

class SafeSessionCipher extends SessionCipher {
  /** Tries each session on a copy and keeps only the copy that worked: a wrong key must not move a ratchet. */
  override async decryptWithSessionList(
    buffer: ArrayBuffer,
    sessions: SessionType[],
  ): Promise<{ plaintext: ArrayBuffer; session: SessionType }> {
    let first: unknown = new Error("no session");
    let failed = false;
    for (const session of sessions.toReversed()) {
      const copy = structuredClone(session);
      try {
        const plaintext = await this.doDecryptWhisperMessage(buffer, copy);
        for (const key of Object.keys(session)) Reflect.deleteProperty(session, key);
        Object.assign(session, copy);
        return { plaintext, session };
      } catch (error) {
        if (error instanceof Error && error.name === "MessageCounterError") throw error;
        if (!failed) first = error;
        failed = true;
      }
    }
    throw first;
  }

  override async doDecryptWhisperMessage(buffer: ArrayBuffer, session: SessionType): Promise<ArrayBuffer> {
    const plaintext = await super.doDecryptWhisperMessage(buffer, session);
    pruneChains(session);
    return plaintext;
  }
}

/** Keeps the newest receiving chains and a bounded number of skipped keys; the library deletes the wrong thing. */
function pruneChains(session: SessionType): void {
  const old = session.oldRatchetList;
  // Appended in order of time, so the first are the oldest.
  while (old.length > CHAINS) {
    const oldest = old.shift();
    if (oldest !== undefined) delete session.chains[toBase64(new Uint8Array(oldest.ephemeralKey))];
  }
  const chains = Object.values(session.chains);
  let count = chains.reduce((sum, { messageKeys }) => sum + Object.keys(messageKeys).length, 0);
  for (const { messageKeys } of chains) {
    for (const counter of Object.keys(messageKeys)) {
      if (count <= SKIPPED_KEYS) return;
      delete messageKeys[Number(counter)];
      count -= 1;
    }
  }
}
