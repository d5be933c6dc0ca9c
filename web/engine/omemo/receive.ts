/**
 * From an OMEMO element to a text, or to the reason why there is none. The order of the checks matters: nothing of
 * a message is trusted, and nothing is stored, before its sender's identity has been compared with the pin.
 */
import { LIMITS } from "../../../worker/contract/limits.ts";
import type { BareJid, Time } from "../../../worker/contract/names.ts";
import type { OmemoKey, OmemoMessage } from "../../../worker/contract/omemo.ts";
import { fromBase64, toBase64 } from "../../../worker/shared/base64.ts";
import { type Bytes, sameBytes } from "../bytes.ts";
import { missingCase } from "../../../worker/shared/missing-case.ts";
import type { Reason } from "../protocol/conversations.ts";
import type { Unit } from "../store/unit.ts";
import { checkPin } from "./devices.ts";
import { forgetVain, isSpent, noteVain, Steps } from "./effort.ts";
import { openDetails, openText } from "./message.ts";
import { forgetRepair, wantRepair } from "./repair.ts";
import { knowsBaseKey, ratchetOpen, type Self } from "./sessions.ts";
import { isSomebodyElses, noteChange } from "./trust-pins.ts";
import { forgetUnproven, noteUnproven, proofOf } from "./unproven.ts";
import { isOver } from "./used-pre-keys.ts";
import { type PreKeyMessage, parsePreKeyMessage, parseSignalMessage, type SignalMessage } from "./wire.ts";
import { type DeviceAddress, addressOf } from "../store/device-rows.ts";

/** Received messages in one chain after which the sender should hear from us, so that its ratchet turns. */
const HEARTBEAT_COUNTER = 53;
/** Shorter contents are not even a key. */
const SHORTEST_INNER = 16;

export type Received =
  | { readonly kind: "text"; readonly text: string; readonly details?: string; readonly newSession: boolean }
  /** The ratchet moved, nothing to show. `inner`: what it carried; sixteen random bytes, and what own browsers add. */
  | { readonly kind: "transport"; readonly newSession: boolean; readonly inner: Bytes }
  /** Decrypted before; not addressed to us and without content; made by ourselves. */
  | { readonly kind: "nothing" }
  /** To be tried again, by the same words, though nothing has failed. */
  | { readonly kind: "later"; readonly why: "costly" | "unproven" }
  | { readonly kind: "reason"; readonly reason: Reason };

type Parsed =
  | { readonly kind: "prekey"; readonly data: Bytes; readonly message: PreKeyMessage }
  | { readonly kind: "signal"; readonly data: Bytes; readonly message: SignalMessage };

type Opened =
  | { readonly kind: "plain"; readonly inner: Bytes; readonly newSession: boolean }
  | { readonly kind: "duplicate" }
  | Extract<Received, { readonly kind: "later" | "reason" }>;

export type Way = {
  /** The turn is this message's own: nobody waits for it, so it may cost more. */
  readonly alone?: boolean;
  /** Nobody has said who the sender is: what does not open says nothing about them (S7). */
  readonly guessed?: boolean;
};

/** What is the same for all keys of one message. */
type Attempt = {
  readonly unit: Unit;
  readonly self: Self;
  readonly from: DeviceAddress;
  readonly now: Time;
  readonly steps: Steps;
  readonly way: Way;
};

/** `sender` is the bare JID whose device made the message. Whatever the ratchet did is in the unit, text or not. */
export async function receive(
  unit: Unit,
  self: Self,
  sender: BareJid,
  omemo: OmemoMessage,
  now: Time,
  way: Way = {},
): Promise<Received> {
  const from: DeviceAddress = { jid: sender, device: omemo.sid };
  if (sender === self.jid && omemo.sid === self.device) return { kind: "nothing" };
  const keys = omemo.keys.filter(({ rid }) => rid === self.device).slice(0, LIMITS.keysOfOne);
  if (keys.length === 0) {
    return omemo.payload === undefined ? { kind: "nothing" } : { kind: "reason", reason: "not-for-us" };
  }
  const steps = way.alone === true ? Steps.alone() : Steps.inTurn(unit, sender);
  const opened = await openFirst({ unit, self, from, now, steps, way }, keys);
  if (opened.kind === "duplicate") return { kind: "nothing" };
  if (opened.kind === "later") return opened;
  if (opened.kind === "reason" && isRepairable(opened.reason) && way.guessed !== true) await wantRepair(unit, from);
  if (opened.kind === "plain") await forgetRepair(unit, from);
  if (opened.kind === "reason") return omemo.payload === undefined ? { kind: "nothing" } : opened;
  const { inner, newSession } = opened;
  if (omemo.payload === undefined) return { kind: "transport", newSession, inner };
  const payload = fromBase64(omemo.payload);
  const iv = fromBase64(omemo.iv);
  const text = payload && iv && inner.length >= SHORTEST_INNER ? await openText(payload, iv, inner) : undefined;
  if (text === undefined) return { kind: "reason", reason: "malformed" };
  const sealed = omemo.details && fromBase64(omemo.details);
  const details = sealed ? await openDetails(sealed, inner) : undefined;
  return { kind: "text", text, ...(details !== undefined && { details }), newSession };
}

/** A new session would help; an identity that changed is no reason to make one. */
function isRepairable(reason: Reason): boolean {
  return reason === "no-session" || reason === "broken-session";
}

/** Two keys for one device are tried in order; the first that opens wins, else the first failure is told. */
async function openFirst(attempt: Attempt, keys: readonly OmemoKey[]): Promise<Opened> {
  let failure: Opened | undefined;
  for (const key of keys) {
    const parsed = parse(key);
    const opened = parsed === undefined ? malformed : await open(attempt, parsed);
    if (opened.kind === "plain" || opened.kind === "duplicate") return opened;
    // What is to be tried again says more than what has failed.
    if (failure === undefined || (failure.kind === "reason" && opened.kind === "later")) failure = opened;
  }
  return failure ?? malformed;
}

const malformed: Opened = { kind: "reason", reason: "malformed" };

/** The `prekey` attribute is tried first and is not believed: clients write it in several ways. */
function parse(key: OmemoKey): Parsed | undefined {
  const data = fromBase64(key.data);
  if (data === undefined) return undefined;
  const prekey = parsePreKeyMessage(data);
  const signal = parseSignalMessage(data);
  const asPreKey: Parsed | undefined = prekey && { kind: "prekey", data, message: prekey };
  const asSignal: Parsed | undefined = signal && { kind: "signal", data, message: signal };
  return key.prekey ? (asPreKey ?? asSignal) : (asSignal ?? asPreKey);
}

async function open(attempt: Attempt, parsed: Parsed): Promise<Opened> {
  switch (parsed.kind) {
    case "prekey":
      return openPreKey(attempt, parsed.data, parsed.message);
    case "signal":
      return openSignal(attempt, parsed.data, parsed.message);
    default:
      return missingCase(parsed);
  }
}

async function openPreKey(attempt: Attempt, data: Bytes, message: PreKeyMessage): Promise<Opened> {
  const { unit, self, from, now, way } = attempt;
  const pin = await unit.get("pins", addressOf(from.jid, from.device));
  const known = await knowsBaseKey(unit, from, message);
  if (pin !== undefined && !sameBytes(pin.identityKey, message.identityKey)) {
    if (way.guessed !== true) noteChange(unit, pin, message.identityKey);
    return { kind: "reason", reason: "untrusted" };
  }
  if (!known) {
    // The library would go on without the key and fail later with a wrong MAC.
    const preKey = await unit.get("preKeys", message.preKeyId);
    const signedPreKey = await unit.get("signedPreKeys", message.signedPreKeyId);
    if (preKey === undefined || isOver(preKey, now) || signedPreKey === undefined)
      return { kind: "reason", reason: "broken-session" };
    const refused = pin === undefined ? await unmet(attempt, message.identityKey) : undefined;
    if (refused !== undefined) return refused;
    if (isSpent(unit, from.jid) && way.alone !== true) return COSTLY;
  }
  const result = await ratchetOpen(unit, self, from, { data, prekey: true, steps: attempt.steps });
  switch (result.kind) {
    case "duplicate":
      return result;
    case "failed":
    case "costly":
      return inVain(attempt, result.kind, 1);
    case "plain":
      forgetVain(unit, from.jid);
      // Pinned only now: a message that does not decrypt must not claim a device.
      await checkPin(unit, self, from, message.identityKey, now);
      await forgetUnproven(unit, from);
      await notePendingTransport(unit, from, message.message, !known);
      return { kind: "plain", inner: result.inner, newSession: !known };
    default:
      return missingCase(result);
  }
}

/** Why a device that was never met may not be believed now; undefined: its owner's list and bundle name this very key. */
async function unmet({ unit, from, now }: Attempt, identityKey: Bytes): Promise<Opened | undefined> {
  if (await isSomebodyElses(unit, from.jid, identityKey)) return { kind: "reason", reason: "not-theirs" };
  const proof = await proofOf(unit, from);
  if (proof !== undefined && sameBytes(proof, identityKey)) return undefined;
  await noteUnproven(unit, from, now);
  return { kind: "later", why: "unproven" };
}

async function openSignal(attempt: Attempt, data: Bytes, message: SignalMessage): Promise<Opened> {
  const { unit, self, from, way } = attempt;
  const row = await unit.get("sessions", addressOf(from.jid, from.device));
  if (row === undefined) return { kind: "reason", reason: "no-session" };
  if (isSpent(unit, from.jid) && way.alone !== true) return COSTLY;
  const result = await ratchetOpen(unit, self, from, { data, prekey: false, steps: attempt.steps });
  switch (result.kind) {
    case "duplicate":
      return result;
    case "failed":
    case "costly":
      return inVain(attempt, result.kind, Object.keys(row.sessions).length);
    case "plain":
      forgetVain(unit, from.jid);
      await notePendingTransport(unit, from, message, false);
      return { kind: "plain", inner: result.inner, newSession: false };
    default:
      return missingCase(result);
  }
}

const COSTLY: Opened = { kind: "later", why: "costly" };

function inVain({ unit, from, way }: Attempt, why: "failed" | "costly", sessions: number): Opened {
  noteVain(unit, from.jid, sessions);
  // In its own turn there is nothing more that it could cost.
  return why === "costly" && way.alone !== true ? COSTLY : { kind: "reason", reason: "broken-session" };
}

/** A key transport completes a new session, and turns the ratchet of a long chain that had no message of ours in it. */
async function notePendingTransport(
  unit: Unit,
  from: DeviceAddress,
  message: SignalMessage,
  newSession: boolean,
): Promise<void> {
  const row = await unit.get("sessions", addressOf(from.jid, from.device));
  if (row === undefined) return;
  const ratchetKey = toBase64(message.ratchetKey);
  const heartbeat = message.counter >= HEARTBEAT_COUNTER && row.heartbeat !== ratchetKey;
  if (!heartbeat && !newSession) return;
  unit.put("sessions", { ...row, owed: 1, heartbeat: heartbeat ? ratchetKey : row.heartbeat });
}
