/** Messages of the log: each finds its row again, is decrypted, and tried again when something changed. */
import type { BrowserInfo, Entry, MessageEntry, OmemoMessage } from "../../../worker/contract.ts";
import { missingCase } from "../../../worker/shared/missing-case.ts";
import { cipherKeyOf } from "../omemo/message.ts";
import { admit } from "../omemo/admission.ts";
import { receive } from "../omemo/receive.ts";
import { isFromBefore } from "./past.ts";
import { isAnonymous, withAuthor } from "./room-author.ts";
import type { Self } from "../omemo/sessions.ts";
import { doubtOf } from "../omemo/trust-pins.ts";
import type { Reason } from "../protocol/conversations.ts";
import { originKeyOf, putText } from "./references.ts";
import { changeChat, moveReadTo, putMessage } from "../store/messages.ts";
import type { Lookup, Unit } from "../store/unit.ts";
import { type DeviceAddress, addressOf } from "../store/device-rows.ts";
import { archiveKeyOf, type MessageRow } from "../store/conversation-rows.ts";

export type Reader = {
  readonly self: Self;
  /** What the object has told of the account's browsers. */
  readonly live?: { readonly browsers: readonly BrowserInfo[] };
};

/** Applies a message to the store; `epoch` names the log that it stands in. */
export async function applyMessage(unit: Unit, reader: Reader, told: MessageEntry, epoch: string): Promise<void> {
  const { self } = reader;
  const entry = await withAuthor(unit, self, told);
  const { content } = entry;
  // A key transport moves ratchets and shows nothing, whoever made it.
  if (content.kind === "omemo" && content.omemo.payload === undefined) {
    if (!isAnonymous(entry)) await openSealed(unit, self, entry, content.omemo);
    return;
  }
  const cipherKey = content.kind === "omemo" ? await cipherKeyIn(entry, content.omemo) : undefined;
  const known = await find(unit, self, entry, epoch, cipherKey);
  const outgoing = entry.sender === self.jid;
  const place = {
    ...known,
    key: known?.key ?? entry.id,
    id: entry.id,
    chat: entry.chat,
    position: entry.position,
    at: entry.at,
    outgoing,
    occupant: entry.occupant,
    author: entry.occupant && { nick: entry.occupant.nick, jid: isAnonymous(entry) ? undefined : entry.sender },
    epoch,
    archiveKey: entry.archive ? archiveKeyOf(entry.archive) : known?.archiveKey,
    cipherKey,
    originKey: entry.originId === undefined ? known?.originKey : originKeyOf(entry.sender, entry.originId),
    asks: entry.asks,
    replaces: entry.replaces,
    reply: entry.reply,
    state: outgoing ? (known?.state ?? (entry.sent ? "waiting" : "sent")) : undefined,
  } as const;
  if (outgoing || isRead(reader, entry, epoch, known)) await moveReadTo(unit, entry.chat, entry.position);
  if (content.kind === "omemo") await changeChat(unit, entry.chat, { encrypted: true });
  if (outgoing) await changeChat(unit, entry.chat, { answered: true });
  if (known?.body.kind === "text") {
    const kept = { encrypted: known.encrypted, body: known.body, hidden: 0, counted: known.counted } as const;
    await putText(unit, { ...place, ...kept }, { account: self.jid, sender: entry.sender, known });
    return;
  }
  switch (content.kind) {
    case "clear":
      await putText(unit, show({ ...place, encrypted: false, body: { kind: "text", text: content.text } }), {
        account: self.jid,
        sender: entry.sender,
        known,
      });
      break;
    case "unreadable":
      await putMessage(unit, show({ ...place, encrypted: true, body: { kind: "reason", reason: content.why } }));
      break;
    case "happening":
      await putMessage(unit, show({ ...place, encrypted: false, body: { kind: "reason", reason: content.what } }));
      break;
    case "omemo": {
      const opened = isAnonymous(entry) ? UNKNOWN_AUTHOR : await openSealed(unit, self, entry, content.omemo);
      if (opened === undefined) break;
      const from = { jid: entry.sender, device: content.omemo.sid };
      const doubt = opened.kind === "text" ? await doubtOf(unit, from, Date.now()) : undefined;
      const body: MessageRow["body"] =
        opened.kind === "text"
          ? opened
          : { kind: "reason", reason: await reasonOf(unit, reader, entry, epoch, opened.reason) };
      if (body.kind === "text") await endConsent(unit, entry);
      const retry = body.kind === "reason" && isWorthRetrying(body.reason);
      const row = show({
        ...place,
        encrypted: true,
        body,
        doubt,
        retryKey: retry || doubt !== undefined ? retryKeyOf(entry, content.omemo) : undefined,
        sealed: retry ? content.omemo : undefined,
      });
      if (body.kind === "text") await putText(unit, row, { account: self.jid, sender: entry.sender, known });
      else await putMessage(unit, row, { row: known });
      break;
    }
    default:
      missingCase(content);
  }
}

/** A message of somebody else that counts as read: from before this browser, or read in the log before this one. */
function isRead({ self, live }: Reader, { at }: MessageEntry, epoch: string, known: MessageRow | undefined): boolean {
  if (known !== undefined) return known.epoch !== epoch && known.counted === 0 && known.hidden === 0;
  const here = hereIn({ self, live });
  return isFromBefore(at, { createdAt: self.createdAt, firstSeen: here?.firstSeen });
}

type Opened = { readonly kind: "text"; readonly text: string } | { readonly kind: "reason"; readonly reason: Reason };

const UNKNOWN_AUTHOR: Opened = { kind: "reason", reason: "unknown-author" };

/** With whom there must be a session before it is tried again: the device, or anybody in the room. */
function retryKeyOf(entry: MessageEntry, { sid }: OmemoMessage): string {
  return isAnonymous(entry) ? entry.chat : addressOf(entry.sender, sid);
}

/** Decrypts, and where a session was new, tries again what had waited for it. Undefined: nothing to show. */
async function openSealed(
  unit: Unit,
  self: Self,
  entry: MessageEntry,
  omemo: OmemoMessage,
): Promise<Opened | undefined> {
  if (entry.sender === self.jid && omemo.sid === self.device) {
    return omemo.payload === undefined ? undefined : { kind: "reason", reason: "own-text-lost" };
  }
  const received = await receive(unit, self, entry.sender, omemo, Date.now());
  switch (received.kind) {
    case "text":
    case "transport":
      if (entry.sender === self.jid) await admit(unit, omemo.sid);
      if (received.newSession) await retryWaiting(unit, self, { jid: entry.sender, device: omemo.sid });
      return received.kind === "text" ? { kind: "text", text: received.text } : undefined;
    case "nothing":
      return undefined;
    case "reason":
      return received;
    default:
      return missingCase(received);
  }
}

/** Whoever writes encrypted can be written to encrypted: an earlier consent to write in clear is over. */
async function endConsent(unit: Unit, { chat, occupant }: Pick<MessageRow, "chat" | "occupant">): Promise<void> {
  if (occupant === undefined) await changeChat(unit, chat, { exposed: false });
}

/** Messages that had no session when they came may belong to the session that has just been made. */
async function retryWaiting(unit: Unit, self: Self, from: DeviceAddress): Promise<void> {
  for (const row of await unit.messages("retryKey", addressOf(from.jid, from.device))) {
    if (row.sealed === undefined) continue;
    const received = await receive(unit, self, from.jid, row.sealed, Date.now());
    if (received.kind !== "text") continue;
    const body = { kind: "text", text: received.text } as const;
    const doubt = await doubtOf(unit, from, Date.now());
    const retryKey = doubt === undefined ? undefined : row.retryKey;
    const opened = show({ ...row, body, doubt, retryKey, sealed: undefined });
    await endConsent(unit, row);
    await putText(unit, opened, { account: self.jid, sender: from.jid, known: row });
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

function isWorthRetrying(reason: Reason): boolean {
  return (
    reason === "no-session" || reason === "broken-session" || reason === "untrusted" || reason === "unknown-author"
  );
}

/**
 * Fills in whether a row is shown and whether it can be unread: history from before this device is neither, what came
 * while this device was off the list is shown (as one line) and cannot be unread.
 */
function show(row: Omit<MessageRow, "hidden" | "counted">): MessageRow {
  const reason = row.body.kind === "reason" ? row.body.reason : undefined;
  const hidden = reason === "before-device" ? 1 : 0;
  return { ...row, hidden, counted: hidden === 0 && reason !== "while-away" && !row.outgoing ? 1 : 0 };
}

/**
 * The row of a message that was here before: by its entry id, our client id, the same ciphertext or its archive id. In
 * another epoch also by the id that the sender gave, which alone proves nothing (XEP-0359 §4).
 */
async function find(
  unit: Unit,
  self: Self,
  entry: MessageEntry,
  epoch: string,
  cipherKey: string | undefined,
): Promise<MessageRow | undefined> {
  const { archive, originId, sent } = entry;
  // A new message is found by none of its ids, so all are looked up at once.
  const [known, own, same, archived, named] = await Promise.all([
    unit.message("id", entry.id),
    sent?.browser === self.browser ? unit.get("messages", sent.client) : undefined,
    cipherKey === undefined ? undefined : unit.message("cipherKey", cipherKey),
    archive === undefined ? undefined : unit.message("archiveKey", archiveKeyOf(archive)),
    originId === undefined ? undefined : unit.message("originKey", originKeyOf(entry.sender, originId)),
  ]);
  if (known !== undefined && known.epoch === epoch) return known;
  if (own !== undefined) return own;
  if (same !== undefined) return same;
  if (archived !== undefined && archived.outgoing === (entry.sender === self.jid)) return archived;
  return named !== undefined && named.epoch !== epoch && named.chat === entry.chat ? named : undefined;
}

/** Stores a row in the place of an entry whose processing failed, so that the log goes on. */
export async function markMalformed(unit: Unit, { self }: Reader, entry: Entry, epoch: string): Promise<void> {
  if (entry.kind !== "message") return;
  const { id, chat, position, at, sender } = entry;
  const outgoing = sender === self.jid;
  const body = { kind: "reason", reason: "malformed" } as const;
  await putMessage(unit, show({ key: id, id, chat, position, at, outgoing, encrypted: true, body, epoch }));
}

/** The lookups that `find` will make for the messages among these entries. */
export async function lookupsOf(entries: readonly Entry[]): Promise<readonly Lookup[]> {
  const messages = entries.filter((entry): entry is MessageEntry => entry.kind === "message");
  const lookups = messages.map(async (entry): Promise<readonly Lookup[]> => {
    const { id, archive, originId, sender, content } = entry;
    const sealed = content.kind === "omemo" && content.omemo.payload !== undefined;
    return [
      ["id", id],
      ...(archive === undefined ? [] : [["archiveKey", archiveKeyOf(archive)] as const]),
      ...(originId === undefined ? [] : [["originKey", originKeyOf(sender, originId)] as const]),
      ...(sealed ? [["cipherKey", await cipherKeyIn(entry, content.omemo)] as const] : []),
    ];
  });
  return (await Promise.all(lookups)).flat();
}

function cipherKeyIn({ sender }: MessageEntry, omemo: OmemoMessage): Promise<string> {
  return cipherKeyOf({ jid: sender, device: omemo.sid }, omemo);
}
