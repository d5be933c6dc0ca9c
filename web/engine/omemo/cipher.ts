/**
 * The library's session cipher where it is known to be wrong: it changes every session it tries and saves them all, never
 * forgets old chains, walks 2000 keys ahead for anybody who asks, and spells out the whole record for each message.
 */
import type {
  KeyPairType,
  SessionType,
  SignalProtocolAddress,
  StorageType,
} from "@privacyresearch/libsignal-protocol-typescript";
import { crypto as library } from "@privacyresearch/libsignal-protocol-typescript/lib/internal/crypto.js";
import { SessionBuilder } from "@privacyresearch/libsignal-protocol-typescript/lib/session-builder.js";
import { SessionCipher } from "@privacyresearch/libsignal-protocol-typescript/lib/session-cipher.js";
import type { SessionRecord } from "@privacyresearch/libsignal-protocol-typescript/lib/session-record.js";
import { toBase64 } from "../../../worker/shared/base64.ts";
import type { Bytes } from "../bytes.ts";
import { EffortError, type Steps } from "./effort.ts";
import { copySession, LiveRecord } from "./record.ts";

type Chain = SessionType["chains"][string];

/** Receiving chains kept per session; Signal's own clients keep 5. */
const CHAINS = 5;
/** Keys of skipped messages kept per session, and skipped by one message (XEP-0384 §4.5 allows at most 1000). */
const SKIPPED_KEYS = 1_000;
const HMAC = { name: "HMAC", hash: "SHA-256" } as const;
/** Constants of the symmetric ratchet: a message key, the next chain key. */
const MESSAGE_KEY = Uint8Array.of(1);
const CHAIN_KEY = Uint8Array.of(2);

/** Keys by id and the one record with the device a cipher talks to. The library's text form of a record is not used. */
export abstract class RecordStorage implements StorageType {
  #record: LiveRecord | undefined;

  abstract getIdentityKeyPair(): Promise<KeyPairType>;
  abstract getLocalRegistrationId(): Promise<number>;
  abstract loadPreKey(id: string | number): Promise<KeyPairType | undefined>;
  abstract removePreKey(id: string | number): Promise<void>;
  abstract loadSignedPreKey(id: string | number): Promise<KeyPairType | undefined>;
  /** A working copy. */
  abstract loadRecord(): Promise<LiveRecord | undefined>;
  /** Called once, after everything went well. */
  abstract storeRecord(record: LiveRecord): Promise<void>;

  async openRecord(): Promise<LiveRecord> {
    const record = (await this.loadRecord()) ?? new LiveRecord();
    this.#record = record;
    return record;
  }

  async storeSession(): Promise<void> {
    if (this.#record === undefined) throw new TypeError("nothing was opened");
    await this.storeRecord(this.#record);
  }

  async loadSession(): Promise<undefined> {
    throw new TypeError("no record is read as a text");
  }

  /** Decided before the library is asked. */
  async isTrustedIdentity(): Promise<boolean> {
    return true;
  }

  async saveIdentity(): Promise<boolean> {
    return false;
  }

  async storePreKey(): Promise<void> {
    throw new TypeError("not by the library");
  }

  async storeSignedPreKey(): Promise<void> {
    throw new TypeError("not by the library");
  }

  async removeSignedPreKey(): Promise<void> {
    throw new TypeError("not by the library");
  }
}

export class SafeSessionCipher extends SessionCipher {
  readonly #storage: RecordStorage;

  /** `steps`: what a message that is opened may cost; none for one that is made, which costs a single step. */
  constructor(storage: RecordStorage, remote: SignalProtocolAddress, steps?: Steps) {
    super(storage, remote);
    this.#storage = storage;
    // The library's is a private member: it skips up to 2000 keys and imports each chain key twice.
    Object.assign(this, { fillMessageKeys: (chain: Chain, counter: number) => fillMessageKeys(chain, counter, steps) });
  }

  override async getRecord(): Promise<SessionRecord> {
    // What it calls of a record is there; that of its own class is not.
    return (await this.#storage.openRecord()) as unknown as SessionRecord;
  }

  /** Tries each session on a copy and keeps only the copy that worked: a wrong key must not move a ratchet. */
  override async decryptWithSessionList(
    buffer: ArrayBuffer,
    sessions: SessionType[],
  ): Promise<{ plaintext: ArrayBuffer; session: SessionType }> {
    const [only, second] = sessions;
    // The record is a copy already; where there is nothing to confuse, its failure ends it.
    if (only !== undefined && second === undefined) {
      return { plaintext: await this.doDecryptWhisperMessage(buffer, only), session: only };
    }
    let first: unknown = new Error("no session");
    let failed = false;
    for (const session of sessions.toReversed()) {
      const copy = copySession(session);
      try {
        const plaintext = await this.doDecryptWhisperMessage(buffer, copy);
        for (const key of Object.keys(session)) Reflect.deleteProperty(session, key);
        Object.assign(session, copy);
        return { plaintext, session };
      } catch (error) {
        if (error instanceof Error && error.name === "MessageCounterError") throw error;
        // One session may be too far behind and the next may open it.
        if (!failed || error instanceof EffortError) first = error;
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

/** What the start of a session needs of a bundle whose signature has been verified. */
export type SessionOffer = {
  readonly identityKey: Bytes;
  readonly signedPreKey: { readonly id: number; readonly key: Bytes };
  readonly preKey: { readonly id: number; readonly key: Bytes };
};

/**
 * Starts a session with a device as the library's `processPreKey` does, without its second check of the signature. An
 * earlier session is kept for what is still under way. Throws a RangeError for a key of low order.
 */
export async function buildSession(
  storage: RecordStorage,
  remote: SignalProtocolAddress,
  { identityKey, signedPreKey, preKey }: SessionOffer,
): Promise<void> {
  const base = await library.createKeyPair();
  const session = await new SessionBuilder(storage, remote).startSessionAsInitiator(
    base,
    identityKey.slice().buffer,
    signedPreKey.key.slice().buffer,
    preKey.key.slice().buffer,
    // The library calls a session open only when this is a number.
    remote.deviceId,
  );
  session.pendingPreKey = { signedKeyId: signedPreKey.id, baseKey: base.pubKey, preKeyId: preKey.id };
  const record = await storage.openRecord();
  record.archiveCurrentState();
  record.updateSessionState(session);
  await storage.storeSession();
}

/** Moves a chain on to `counter`, keeping the keys that are passed. Throws before the first step where it costs too much. */
async function fillMessageKeys(chain: Chain, counter: number, steps: Steps | undefined): Promise<void> {
  const { chainKey, messageKeys } = chain;
  if (counter - chainKey.counter > SKIPPED_KEYS + 1) throw new RangeError("too far ahead");
  // What did not open is not stored: a chain that has moved was moved by somebody who has its key.
  steps?.take(counter - chainKey.counter, chainKey.counter >= 0);
  while (chainKey.counter < counter) {
    if (chainKey.key === undefined) throw new RangeError("the chain has ended");
    const key = await crypto.subtle.importKey("raw", chainKey.key, HMAC, false, ["sign"]);
    const [message, next] = await Promise.all([
      crypto.subtle.sign("HMAC", key, MESSAGE_KEY),
      crypto.subtle.sign("HMAC", key, CHAIN_KEY),
    ]);
    chainKey.counter += 1;
    messageKeys[chainKey.counter] = message;
    chainKey.key = next;
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
