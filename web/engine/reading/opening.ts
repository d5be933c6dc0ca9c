/** Encrypted messages become rows: a text, or the reason why there is none yet, and what is tried again when. */
import type { MessageEntry } from "../../../worker/contract/entries.ts";
import type { BareJid } from "../../../worker/contract/names.ts";
import type { OmemoMessage } from "../../../worker/contract/omemo.ts";
import type { Bytes } from "../bytes.ts";
import { missingCase } from "../../../worker/shared/missing-case.ts";
import { admit } from "../omemo/admission.ts";
import { type Received, receive, type Way } from "../omemo/receive.ts";
import type { Self } from "../omemo/sessions.ts";
import { doubtOf } from "../omemo/trust-pins.ts";
import { forgetUnproven, holdTransport, noteProof, takeTransports } from "../omemo/unproven.ts";
import type { Reason } from "../protocol/conversations.ts";
import { compareHeads } from "./heads.ts";
import { putText } from "./references.ts";
import { isAnonymous } from "./room-author.ts";
import { costlyKeyOf, type MessageRow } from "../store/conversation-rows.ts";
import { type DeviceAddress, addressOf } from "../store/device-rows.ts";
import { changeChat, putMessage } from "../store/messages.ts";
import type { Unit } from "../store/unit.ts";

/** Of one device so many messages are tried again at once, the newest; the others at the next occasion. */
const TRIED_AGAIN = 200;

/** Of what own browsers have said so much waits for the second script. */
const SEALING_TOLD = 64;

type OpenedText = { readonly kind: "text"; readonly text: string; readonly details?: string };
export type Opened = OpenedText | { readonly kind: "reason"; readonly reason: Reason };

/** Decrypts, and where a session was new, tries again what had waited for it. Undefined: nothing to show. */
export async function openSealed(
  unit: Unit,
  self: Self,
  sender: BareJid,
  omemo: OmemoMessage,
  way: Way = {},
): Promise<Opened | undefined> {
  if (sender === self.jid && omemo.sid === self.device) {
    return omemo.payload === undefined ? undefined : { kind: "reason", reason: "own-text-lost" };
  }
  const received = await receive(unit, self, sender, omemo, Date.now(), way);
  await follow(unit, self, { jid: sender, device: omemo.sid }, received);
  switch (received.kind) {
    case "text":
      return bodyOf(received);
    case "later":
      if (omemo.payload !== undefined) return { kind: "reason", reason: received.why };
      if (way.guessed !== true) await holdTransport(unit, { jid: sender, omemo, why: received.why });
      return undefined;
    case "transport":
    case "nothing":
      return undefined;
    case "reason":
      return received;
    default:
      return missingCase(received);
  }
}

/** Of a row: what was decrypted, and what is said beside it. */
export function bodyOf({ kind, text, details }: Extract<Received, { readonly kind: "text" }>): OpenedText {
  return { kind, text, ...(details !== undefined && { details }) };
}

/** Heads begin with 1; what own browsers say of keys for sealed choices is read by `sealed/key-ring.ts`, decisions (4) by `omemo/told-decisions.ts`. */
async function noteSealing(unit: Unit, { device }: DeviceAddress, inner: Bytes): Promise<void> {
  if ((inner[16] ?? 0) < 2) return;
  const name = inner[16] === 4 ? "trustTold" : "sealingTold";
  const told = (await unit.meta(name))?.told ?? [];
  unit.put("meta", { name, told: [...told, { device, inner }].slice(-SEALING_TOLD) });
}

/** What a message that has opened means for others of its device. */
async function follow(unit: Unit, self: Self, from: DeviceAddress, received: Received): Promise<void> {
  if (received.kind !== "text" && received.kind !== "transport") return;
  if (from.jid === self.jid) await admit(unit, from.device);
  if (from.jid === self.jid && received.kind === "transport") {
    await compareHeads(unit, from, received.inner);
    await noteSealing(unit, from, received.inner);
  }
  if (received.newSession) await retryWaiting(unit, self, from);
}

/** Whoever writes encrypted can be written to encrypted: an earlier consent to write in clear is over. */
export async function endConsent(unit: Unit, { chat, occupant }: Pick<MessageRow, "chat" | "occupant">): Promise<void> {
  if (occupant === undefined) await changeChat(unit, chat, { exposed: false });
}

/** Messages that could not be opened when they came may belong to the session, or the key, that is known now. */
async function retryWaiting(unit: Unit, self: Self, from: DeviceAddress): Promise<void> {
  const waiting = (await unit.messages("retryKey", addressOf(from.jid, from.device)))
    .filter(({ sealed }) => sealed !== undefined)
    .toSorted((a, b) => a.position - b.position)
    .slice(-TRIED_AGAIN);
  for (const row of waiting) await tryAgain(unit, self, from, row);
  const held = await takeTransports(unit, ({ jid, omemo, why }) => {
    return why === "unproven" && jid === from.jid && omemo.sid === from.device;
  });
  for (const { jid, omemo } of held) await openSealed(unit, self, jid, omemo);
}

/**
 * The list and the bundle of a device were looked up, for whatever purpose: what it wrote before it was met is opened. Ahead
 * of a session that is to be begun with it: two that cross cost apps a message that replace the one by the other.
 */
export async function believe(unit: Unit, self: Self, of: DeviceAddress, identityKey: Bytes): Promise<void> {
  if (!(await noteProof(unit, of, identityKey))) return;
  await retryWaiting(unit, self, of);
  // Met in the meantime, as whoever is written to is.
  if ((await unit.get("pins", addressOf(of.jid, of.device))) !== undefined) await forgetUnproven(unit, of);
}

/** Opens a stored message, or stores why it still cannot be. */
export async function tryAgain(
  unit: Unit,
  self: Self,
  from: DeviceAddress,
  row: MessageRow,
  way: Way = {},
): Promise<void> {
  if (row.sealed === undefined) return;
  const received = await receive(unit, self, from.jid, row.sealed, Date.now(), way);
  if (received.kind === "text") {
    const body = bodyOf(received);
    const doubt = await doubtOf(unit, from, Date.now());
    const retryKey = doubt === undefined ? undefined : addressOf(from.jid, from.device);
    const opened = show({ ...row, body, doubt, retryKey, sealed: undefined });
    await endConsent(unit, row);
    await putText(unit, opened, { account: self.jid, sender: from.jid, known: row });
    // Rows that wait for the same session come after this one anyway.
    if (way.alone === true) await follow(unit, self, from, received);
    return;
  }
  const reason = reasonAfter(received);
  if (row.body.kind === "reason" && reason === row.body.reason) return;
  const retryKey = retryKeyOf(reason, from, undefined);
  await putMessage(unit, show({ ...row, body: { kind: "reason", reason }, retryKey }));
}

function reasonAfter(received: Exclude<Received, { readonly kind: "text" }>): Reason {
  switch (received.kind) {
    case "later":
      return received.why;
    case "reason":
      return received.reason;
    // Its key was used up: by a copy that nobody has kept.
    case "nothing":
    case "transport":
      return "broken-session";
    default:
      return missingCase(received);
  }
}

/** After a decision about a device: its messages lose or get their mark, and those that only lacked trust are decrypted. */
export async function reviewMessages(unit: Unit, self: Self, from: DeviceAddress): Promise<void> {
  await retryWaiting(unit, self, from);
  const doubt = await doubtOf(unit, from, Date.now());
  for (const row of await unit.messages("retryKey", addressOf(from.jid, from.device))) {
    if (row.doubt === undefined || row.doubt === doubt) continue;
    await putMessage(unit, { ...row, doubt, retryKey: doubt === undefined ? undefined : row.retryKey });
  }
}

/** By what a message without a text is found again: its turn, its device, or anybody in the room. */
export function retryKeyOf(
  reason: Reason,
  { jid, device }: DeviceAddress,
  entry: MessageEntry | undefined,
): string | undefined {
  switch (reason) {
    case "costly":
      return costlyKeyOf(jid);
    case "unknown-author":
      return entry && isAnonymous(entry) ? entry.chat : undefined;
    case "no-session":
    case "broken-session":
    case "untrusted":
    case "unproven":
    case "not-theirs":
      return addressOf(jid, device);
    default:
      return undefined;
  }
}

/**
 * Fills in whether a row is shown and whether it can be unread: history from before this device is neither, what came
 * while this device was off the list is shown (as one line) and cannot be unread.
 */
export function show(row: Omit<MessageRow, "hidden" | "counted">): MessageRow {
  const reason = row.body.kind === "reason" ? row.body.reason : undefined;
  const hidden = reason === "before-device" ? 1 : 0;
  return {
    ...row,
    hidden,
    counted: hidden === 0 && reason !== "while-away" && reason !== "room" && !row.outgoing ? 1 : 0,
  };
}
