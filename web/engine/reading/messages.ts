/** Messages of the log: each finds its row again, is decrypted, and tried again when something changed. */
import type { Entry, MessageEntry } from "../../../worker/contract/entries.ts";
import type { ClientId } from "../../../worker/contract/names.ts";
import type { BrowserInfo } from "../../../worker/contract/state.ts";
import { missingCase } from "../../../worker/shared/missing-case.ts";
import { applyAct, takeHeldActs } from "./acts.ts";
import { isPruned } from "./binding.ts";
import { ciphersOf, findMessage } from "./finding.ts";
import { endConsent, openSealed, retryKeyOf, show } from "./opening.ts";
import { isFromBefore } from "./past.ts";
import { guessedAuthor, isAnonymous } from "./room-author.ts";
import { writeDetails } from "../../media/message-details.ts";
import type { Self } from "../omemo/sessions.ts";
import { doubtOf } from "../omemo/trust-pins.ts";
import type { Reason } from "../protocol/conversations.ts";
import { isTakenIn, originKeyOf, putText } from "./references.ts";
import { hasTwin } from "./twins.ts";
import { changeChat, deleteMessage, moveReadTo, putMessage } from "../store/messages.ts";
import type { Unit } from "../store/unit.ts";
import { addressOf } from "../store/device-rows.ts";
import { archiveKeyOf, type MessageRow } from "../store/conversation-rows.ts";

export type Reader = {
  readonly self: Self;
  /** What the object has told of the account's browsers. */
  readonly live?: { readonly browsers: readonly BrowserInfo[] };
};

/** Applies a message to the store; `epoch` names the log that it stands in. */
export async function applyMessage(unit: Unit, reader: Reader, told: MessageEntry, epoch: string): Promise<void> {
  const { self } = reader;
  const author = await guessedAuthor(unit, self, told);
  const guessed = author !== undefined;
  const claimed = author === undefined ? told : { ...told, sender: author };
  const { content, act } = told;
  // Whose act it is nothing proves but who is told: a guess rests on a number that the sender chose (S7).
  if (act !== undefined) await applyAct(unit, self.jid, { ...told, act }, epoch);
  if (content.kind === "none") return;
  await applyContent(unit, reader, { told, claimed, guessed }, epoch);
  await takeHeldActs(unit, self.jid, claimed);
}

type Claim = { readonly told: MessageEntry; readonly claimed: MessageEntry; readonly guessed: boolean };

async function applyContent(
  unit: Unit,
  reader: Reader,
  { told, claimed, guessed }: Claim,
  epoch: string,
): Promise<void> {
  const { self } = reader;
  const { content } = told;
  // A key transport moves ratchets and shows nothing, whoever made it.
  if (content.kind === "omemo" && content.omemo.payload === undefined) {
    if (!isAnonymous(claimed)) await openSealed(unit, self, claimed.sender, content.omemo, { guessed });
    return;
  }
  const ciphers = await ciphersOf(told, claimed);
  const anonymous = isAnonymous(told);
  const found = await findMessage(unit, self, { entry: claimed, account: self.jid, epoch, ciphers, anonymous });
  if (found === "contradicts") return;
  const known = found;
  if (known?.hidden === 2) {
    await putMessage(unit, { ...known, id: told.id, position: told.position, epoch }, { row: known });
    return;
  }
  if (known?.body.kind === "text") {
    await tellAgain(unit, reader, claimed, epoch, known);
    return;
  }
  if (known !== undefined && isPruned(told)) {
    // What is kept here may be opened yet; what is told is less.
    await putMessage(unit, { ...known, id: told.id, position: told.position, epoch }, { row: known });
    return;
  }
  const placeOf = (entry: MessageEntry) => placedAt(self, entry, epoch, known, ciphers[entry === claimed ? 0 : 1]);
  const outgoing = claimed.sender === self.jid;
  if (outgoing || isRead(reader, claimed, epoch, known)) await moveReadTo(unit, told.chat, told.position);
  if (content.kind === "omemo") await changeChat(unit, told.chat, { encrypted: true });
  if (outgoing) await changeChat(unit, told.chat, { answered: true });
  const arrived = { account: self.jid, sender: claimed.sender, known };
  switch (content.kind) {
    case "none":
      break;
    case "clear": {
      // As what is said beside an encrypted text, and shown by the same rules.
      const details = content.link && writeDetails({ links: [content.link] });
      const body = { kind: "text", text: content.text, ...(details !== undefined && { details }) } as const;
      await putText(unit, show({ ...placeOf(claimed), encrypted: false, body, shared: content.file }), arrived);
      break;
    }
    case "unreadable": {
      const body = { kind: "reason", reason: content.why } as const;
      const row = show({ ...placeOf(claimed), encrypted: true, body });
      if (content.why === "other-encryption" && (await hasTwin(unit, row))) {
        if (known !== undefined) await deleteMessage(unit, known);
        break;
      }
      await putMessage(unit, row);
      break;
    }
    case "room":
    case "happening": {
      const { kind, what } = content;
      const body = { kind: "reason", ...(kind === "room" ? { reason: kind, room: what } : { reason: what }) } as const;
      const shared = "file" in content ? content.file : undefined;
      await putMessage(unit, show({ ...placeOf(claimed), encrypted: false, body, shared }));
      break;
    }
    case "omemo": {
      const { omemo } = content;
      const opened = isAnonymous(claimed)
        ? UNKNOWN_AUTHOR
        : await openSealed(unit, self, claimed.sender, omemo, { guessed });
      if (opened === undefined) break;
      if (opened.kind === "text") {
        const from = { jid: claimed.sender, device: omemo.sid };
        const doubt = await doubtOf(unit, from, Date.now());
        const retryKey = doubt === undefined ? undefined : addressOf(from.jid, from.device);
        await endConsent(unit, claimed);
        const row = show({ ...placeOf(claimed), encrypted: true, body: opened, doubt, retryKey, sealed: undefined });
        await putText(unit, row, arrived);
        break;
      }
      const lost = isPruned(told) || opened.reason === "own-text-lost";
      if (lost && (await isTakenIn(unit, claimed))) break;
      // What does not open says nothing about somebody who was guessed (S7).
      const entry = guessed && opened.reason !== "own-text-lost" ? told : claimed;
      const { reason } = entry === claimed ? opened : UNKNOWN_AUTHOR;
      const body = { kind: "reason", reason: await reasonOf(unit, reader, entry, epoch, reason) } as const;
      const retryKey = retryKeyOf(body.reason, { jid: entry.sender, device: omemo.sid }, entry);
      const sealed = retryKey === undefined ? undefined : omemo;
      const row = show({ ...placeOf(entry), encrypted: true, body, doubt: undefined, retryKey, sealed });
      await putMessage(unit, row, { row: known });
      break;
    }
    default:
      missingCase(content);
  }
}

/** What the object says of a message's place, and of its names. */
function placedAt(
  self: Self,
  entry: MessageEntry,
  epoch: string,
  known: MessageRow | undefined,
  cipherKey: string | undefined,
) {
  const outgoing = entry.sender === self.jid;
  return {
    ...known,
    key: known?.key ?? entry.id,
    id: entry.id,
    chat: entry.chat,
    position: entry.position,
    at: entry.at,
    outgoing,
    occupant: entry.occupant,
    whisper: entry.whisper,
    author: authorOf(entry),
    epoch,
    archiveKey: entry.archive ? archiveKeyOf(entry.archive) : known?.archiveKey,
    cipherKey,
    originKey: entry.originId === undefined ? known?.originKey : originKeyOf(entry.sender, entry.originId),
    asks: entry.asks,
    replaces: entry.replaces,
    reply: entry.reply,
    unstyled: entry.unstyled,
    state: outgoing ? (known?.state ?? (entry.sent ? "waiting" : "sent")) : undefined,
  } as const;
}

function authorOf(entry: MessageEntry): MessageRow["author"] {
  if (entry.occupant === undefined) return undefined;
  return { nick: entry.occupant.nick, ...(!isAnonymous(entry) && { jid: entry.sender }) };
}

/**
 * A text that is here already is told again. In another log, and of what was sent from here, it gets the place that it has
 * there; in the same log under another id it stays where it is. All else it keeps (S2). One of ours that was not accepted in
 * this log has come out of the server's archive: it has arrived.
 */
async function tellAgain(
  unit: Unit,
  reader: Reader,
  entry: MessageEntry,
  epoch: string,
  known: MessageRow,
): Promise<void> {
  const moves = known.epoch !== epoch || known.id === undefined || known.id === entry.id;
  const place = moves ? { id: entry.id, position: entry.position, epoch } : {};
  const ours = known.key !== known.id;
  const archiveKey = entry.archive ? archiveKeyOf(entry.archive) : known.archiveKey;
  const { originId } = entry;
  const kept = originId === undefined || (isAnonymous(entry) && known.originKey !== undefined);
  const originKey = kept ? known.originKey : originKeyOf(entry.sender, originId);
  const occupant = known.occupant ?? entry.occupant;
  const author = known.author ?? authorOf(entry);
  const own = ours && { at: entry.at };
  const arrived = known.outgoing && entry.sent === undefined && (await isOnItsWay(unit, known));
  if (arrived) unit.delete("outbox", known.key as ClientId);
  const state = arrived ? "sent" : known.state;
  const row = { ...known, ...place, ...own, archiveKey, originKey, occupant, author, state, hidden: 0 } as const;
  const { jid } = reader.self;
  if (known.outgoing || isRead(reader, entry, epoch, known)) await moveReadTo(unit, row.chat, row.position);
  if (known.outgoing) await changeChat(unit, row.chat, { answered: true });
  await putText(unit, row, { account: jid, sender: entry.sender, known });
}

/** Its bytes are final and nobody has said yet that the server has them. */
async function isOnItsWay(unit: Unit, { key, state }: MessageRow): Promise<boolean> {
  if (state !== "waiting") return false;
  const out = await unit.get("outbox", key);
  return out?.stage === "finished" || out?.stage === "accepted";
}

/** A message of somebody else that counts as read: from before this browser, or read in the log before this one. */
function isRead({ self, live }: Reader, { at }: MessageEntry, epoch: string, known: MessageRow | undefined): boolean {
  if (known !== undefined) return known.epoch !== epoch && known.counted === 0 && known.hidden === 0;
  const here = hereIn({ self, live });
  return isFromBefore(at, { createdAt: self.createdAt, firstSeen: here?.firstSeen });
}

const UNKNOWN_AUTHOR = { kind: "reason", reason: "unknown-author" } as const;

/** A message without a key for us is no failure when it was written before others could know this device. */
async function reasonOf(
  unit: Unit,
  reader: Reader,
  entry: MessageEntry,
  epoch: string,
  reason: Reason,
): Promise<Reason> {
  const { self } = reader;
  if (reason !== "not-for-us" && reason !== "own-text-lost") return reason;
  const waiting = entry.sender === self.jid && ((await unit.meta("admission"))?.by.length ?? 0) > 0;
  if (reason === "not-for-us" && waiting && entry.at >= self.createdAt) return "not-allowed";
  const joined = await unit.meta("joined");
  const early =
    joined === undefined || entry.at < self.createdAt || (joined.epoch === epoch && entry.seq <= joined.head);
  if (reason !== "not-for-us") return reason;
  if (early) return "before-device";
  // `dormant` is told until the device is back on the list; messages of the absence may come before and after that.
  const returned = await unit.meta("returned");
  const away = hereIn(reader)?.dormant === true || (returned?.epoch === epoch && entry.seq <= returned.head);
  return away ? "while-away" : reason;
}

/** What the object knows of this browser. */
function hereIn({ self, live }: Reader): BrowserInfo | undefined {
  return live?.browsers.find(({ id }) => id === self.browser);
}

/** Stores a row in the place of an entry whose processing failed, so that the log goes on. */
export async function markMalformed(unit: Unit, { self }: Reader, entry: Entry, epoch: string): Promise<void> {
  if (entry.kind !== "message") return;
  const { id, chat, position, at, sender } = entry;
  const outgoing = sender === self.jid;
  const body = { kind: "reason", reason: "malformed" } as const;
  await putMessage(unit, show({ key: id, id, chat, position, at, outgoing, encrypted: true, body, epoch }));
}
