/** Applies one entry of the log to the store. It works on the unit alone: no network, no clock of its own. */
import type { ContactEntry, Entry, GapEntry, MessageContent, ProgressEntry } from "../../../worker/contract/entries.ts";
import type { BareJid } from "../../../worker/contract/names.ts";
import { settleAct } from "./acts.ts";
import { applyMessage, type Reader } from "./messages.ts";
import { missingCase } from "../../../worker/shared/missing-case.ts";
import type { ProgressTimes, SendState } from "../protocol/conversations.ts";
import { applyRoom } from "./room-entries.ts";
import { changeChat, moveReadTo, putMessage } from "../store/messages.ts";
import type { Unit } from "../store/unit.ts";

/** Applies an entry; `epoch` names the log that it stands in. */
export async function applyEntry(unit: Unit, reader: Reader, entry: Entry, epoch: string): Promise<void> {
  switch (entry.kind) {
    case "message":
      return applyMessage(unit, reader, entry, epoch);
    case "progress":
      return applyProgress(unit, reader, entry);
    case "read":
      return moveReadTo(unit, entry.chat, entry.position);
    case "contact":
      return applyContact(unit, entry, reader.self.jid);
    case "policy":
      return changeChat(unit, entry.chat, { encrypted: true });
    case "gap":
      return applyGap(unit, entry);
    case "room":
      return applyRoom(unit, entry);
    default:
      return missingCase(entry);
  }
}

const KINDS: Readonly<Record<Entry["kind"], true>> = {
  message: true,
  progress: true,
  read: true,
  contact: true,
  policy: true,
  gap: true,
  room: true,
};

const CONTENTS: Record<MessageContent["kind"], true> = {
  omemo: true,
  clear: true,
  unreadable: true,
  happening: true,
  room: true,
  none: true,
};

/** Whether this release knows what such an entry means; an object of the next release may write others. */
export function isKnownKind(entry: Entry): boolean {
  return Object.hasOwn(KINDS, entry.kind) && (entry.kind !== "message" || Object.hasOwn(CONTENTS, entry.content.kind));
}

const PROGRESS_ORDER: Readonly<Record<SendState, number>> = { waiting: 0, failed: 1, sent: 2, delivered: 3, read: 4 };

async function applyProgress(unit: Unit, { self }: Reader, entry: ProgressEntry): Promise<void> {
  const row = await unit.message("id", entry.message);
  if (row === undefined) await settleAct(unit, self.jid, entry);
  if (row === undefined || !row.outgoing) return;
  // Receipts may overtake each other; a message that has arrived has not failed.
  const before = PROGRESS_ORDER[row.state ?? "waiting"];
  const further = PROGRESS_ORDER[entry.state] > before || row.state === "failed";
  const times = timesWith(row.times, entry);
  if (further) await putMessage(unit, { ...row, times, state: entry.state, failure: entry.failure }, { row });
  else if (times !== row.times) await putMessage(unit, { ...row, times }, { row });
  const out = await unit.get("outbox", row.key);
  if (out === undefined) return;
  if (entry.state === "failed") unit.put("outbox", { ...out, stage: "failed" });
  else unit.delete("outbox", row.key);
}

/** Of each the first: what is said again was so before. */
function timesWith(times: ProgressTimes | undefined, { state, at }: ProgressEntry): ProgressTimes | undefined {
  if (at === undefined || (state !== "delivered" && state !== "read") || times?.[state] !== undefined) return times;
  return { ...times, [state]: at };
}

/** The latest entry about a gap stands; one that was filled is forgotten. */
async function applyGap(unit: Unit, { gap, position, at, chat, state, why }: GapEntry): Promise<void> {
  if (state === "filled") unit.delete("gaps", gap);
  else unit.put("gaps", { gap, position, at, chat, state, why });
}

/** `self`: of ourselves it says what we call ourselves and which picture we have. */
async function applyContact(unit: Unit, entry: ContactEntry, self: BareJid): Promise<void> {
  const { jid, name, nick, picture, subscription, asked, request, declined, blocked } = entry;
  const unlisted = subscription === "removed";
  if (unlisted && !declined && !blocked && jid !== self) return unit.delete("contacts", jid);
  unit.put("contacts", {
    jid,
    name,
    ...(nick !== undefined && { nick }),
    ...(picture !== undefined && { picture }),
    subscription: unlisted ? "none" : subscription,
    asked,
    request,
    ...(unlisted && { unlisted }),
    ...(declined && { declined }),
    ...(blocked && { blocked }),
  });
}
