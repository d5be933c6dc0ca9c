/**
 * All sessions with one device, as they are stored and as the library works on them. Stored, a private key is the
 * browser's handle itself, beside the session that uses it: the key of a ratchet step is written and forgotten in the
 * very transaction of that step, and none can be left behind. At work it is a buffer that stands for it (`handles.ts`).
 */
import type { SessionType } from "@privacyresearch/libsignal-protocol-typescript";
import { SessionRecord } from "@privacyresearch/libsignal-protocol-typescript/lib/session-record.js";
import type { StoredSession, StoredSessions } from "../store/device-rows.ts";
import { handleOf, keyOf } from "./handles.ts";

type Ratchet = SessionType["currentRatchet"];

/** A working copy: the library changes it, nothing of it is stored unless `stored` is. */
export class LiveRecord extends SessionRecord {
  constructor(stored: StoredSessions = {}) {
    super();
    for (const [baseKey, session] of Object.entries(stored)) this.sessions[baseKey] = liveSession(session);
  }

  /** What is to be kept. The record must not be worked on afterwards. */
  stored(): StoredSessions {
    return Object.fromEntries(Object.entries(this.sessions).map(([key, session]) => [key, storedSession(session)]));
  }

  /** The library would spell out everything after each message; the store takes the record itself. */
  override serialize(): string {
    return "";
  }
}

/** The chains and lists are new, the buffers shared: nobody ever changes one in place. */
export function copySession(session: SessionType): SessionType {
  const { indexInfo, currentRatchet, oldRatchetList, pendingPreKey } = session;
  const chains: SessionType["chains"] = {};
  for (const [key, chain] of Object.entries(session.chains)) {
    chains[key] = { ...chain, chainKey: { ...chain.chainKey }, messageKeys: { ...chain.messageKeys } };
  }
  const copy: SessionType = {
    ...session,
    indexInfo: { ...indexInfo },
    currentRatchet: { ...currentRatchet },
    oldRatchetList: oldRatchetList.map((old) => ({ ...old })),
    chains,
  };
  if (pendingPreKey !== undefined) copy.pendingPreKey = { ...pendingPreKey };
  return copy;
}

function liveSession(stored: StoredSession): SessionType {
  const { ephemeralKeyPair: pair, ...ratchet } = stored.currentRatchet;
  const currentRatchet: Ratchet = { ...ratchet };
  if (pair !== undefined) currentRatchet.ephemeralKeyPair = { pubKey: pair.pubKey, privKey: handleOf(pair.privKey) };
  return copySession({ ...stored, currentRatchet });
}

function storedSession(session: SessionType): StoredSession {
  const { ephemeralKeyPair: pair, ...ratchet } = session.currentRatchet;
  if (pair === undefined) return { ...session, currentRatchet: ratchet };
  return {
    ...session,
    currentRatchet: { ...ratchet, ephemeralKeyPair: { pubKey: pair.pubKey, privKey: keyOf(pair.privKey) } },
  };
}
