/**
 * All sessions with one device, as they are stored and as the library works on them. Stored, a private key is the
 * browser's handle itself, beside the session that uses it: the key of a ratchet step is written and forgotten in the
 * very transaction of that step, and none can be left behind. At work it is a buffer that stands for it (`handles.ts`).
 */
import type { SessionType } from "@privacyresearch/libsignal-protocol-typescript";
import { BaseKeyType } from "@privacyresearch/libsignal-protocol-typescript/lib/session-types.js";
import { toBinaryString } from "../bytes.ts";
import type { StoredSession, StoredSessions } from "../store/device-rows.ts";
import { handleOf, keyOf } from "./handles.ts";

type Ratchet = SessionType["currentRatchet"];

/** Sessions with one device that are kept, as the library has it. */
const SESSIONS = 40;
/** `indexInfo.closed` of the session that is written with; else the time since when it is not. */
const OPEN = -1;

/**
 * A working copy: the library changes it, nothing of it is stored unless `stored` is. It has what the library calls of its own
 * `SessionRecord`, which can also write itself as a text, read one, and read older ones: a stored record is no text here.
 */
export class LiveRecord {
  readonly sessions: Record<string, SessionType> = {};

  constructor(stored: StoredSessions = {}) {
    for (const [baseKey, session] of Object.entries(stored)) this.sessions[baseKey] = liveSession(session);
  }

  /** What is to be kept. The record must not be worked on afterwards. */
  stored(): StoredSessions {
    return Object.fromEntries(Object.entries(this.sessions).map(([key, session]) => [key, storedSession(session)]));
  }

  /** The library would spell out everything after each message; the store takes the record itself. */
  serialize(): string {
    return "";
  }

  /** The one that is written with. @throws where there are several, which can only be damage */
  getOpenSession(): SessionType | undefined {
    const [open, second] = Object.values(this.sessions).filter(isOpen);
    if (second !== undefined) throw new TypeError("several sessions are open");
    return open;
  }

  /** The one that the other side has begun by this key. */
  getSessionByBaseKey(baseKey: ArrayBuffer | Uint8Array): SessionType | undefined {
    const session = this.sessions[nameOf(baseKey)];
    return session?.indexInfo.baseKeyType === BaseKeyType.OURS ? undefined : session;
  }

  /** From the one that was closed first to the open one. */
  getSessions(): SessionType[] {
    const all = Object.values(this.sessions);
    return [...all.filter((session) => !isOpen(session)).toSorted(byClosing), ...all.filter(isOpen)];
  }

  /** Another one is to be written with: what is still under way in this one may come. */
  archiveCurrentState(): void {
    const open = this.getOpenSession();
    if (open === undefined) return;
    open.indexInfo.closed = Date.now();
    this.updateSessionState(open);
  }

  promoteState(session: SessionType): void {
    session.indexInfo.closed = OPEN;
  }

  updateSessionState(session: SessionType): void {
    const { baseKey } = session.indexInfo;
    if (baseKey === undefined) throw new TypeError("a session without a base key");
    this.sessions[nameOf(baseKey)] = session;
    // The open one is the last of them.
    const all = this.getSessions();
    for (const { indexInfo } of all.slice(0, Math.max(0, all.length - SESSIONS))) {
      if (indexInfo.baseKey !== undefined) delete this.sessions[nameOf(indexInfo.baseKey)];
    }
  }
}

function isOpen({ indexInfo }: SessionType): boolean {
  return indexInfo.closed === OPEN;
}

function byClosing(one: SessionType, other: SessionType): number {
  return one.indexInfo.closed - other.indexInfo.closed;
}

function nameOf(baseKey: ArrayBuffer | Uint8Array): string {
  return toBinaryString(new Uint8Array(baseKey));
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
