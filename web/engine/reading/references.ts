/**
 * Corrections (XEP-0308) and replies (XEP-0461). The reference to the other message travels in clear beside an encrypted
 * text, so a server could write it: what it may do is limited by who wrote the two messages.
 */
import type { SendArguments } from "../../../worker/contract/calls.ts";
import type { MessageEntry, ReplyReference } from "../../../worker/contract/entries.ts";
import type { Result } from "../../../worker/contract/failures.ts";
import type { SharedFile } from "../../../worker/contract/media.ts";
import type { BareJid, ClientId } from "../../../worker/contract/names.ts";
import type { EarlierText } from "../protocol/conversations.ts";
import { notePendingReceipt } from "./receipts.ts";
import { withoutBlankEdges } from "../../words/visible.ts";
import { retract } from "./act-rows.ts";
import { holdAct } from "./held-acts.ts";
import { isAnonymous } from "./room-author.ts";
import { withoutTwin } from "./twins.ts";
import { deleteMessage, putMessage } from "../store/messages.ts";
import type { Unit } from "../store/unit.ts";
import { archiveKeyOf, type MessageRow } from "../store/conversation-rows.ts";

/** Characters of an answered message that are shown above the answer. */
const QUOTE_LENGTH = 300;
/** Texts before the one that stands; whoever corrects more often loses the oldest. */
const EARLIER = 20;
/** Names of corrections, three each. */
const NAMES = 3 * EARLIER;

type Arrived = {
  /** Whose browser this is. */
  readonly account: BareJid;
  readonly sender: BareJid;
  /** What stands under its key now. */
  readonly known: MessageRow | undefined;
};

/** One string per (sender, id that the sender gave): a JID holds no line feed. */
export function originKeyOf(sender: string, originId: string): string {
  return `${sender}\n${originId}`;
}

/** Stores a text that has just become readable: in the place of the one it corrects, else as a message of its own. */
export async function putText(unit: Unit, row: MessageRow, arrived: Arrived): Promise<void> {
  const { sender, known } = arrived;
  await notePendingReceipt(unit, row, "delivered");
  const original = await correctedBy(unit, row, sender);
  const single = await withoutTwin(unit, row);
  if (original === undefined) {
    await putMessage(unit, { ...(await withQuote(unit, single, arrived)), edits: undefined }, { row: known });
    await holdCorrection(unit, row, sender);
    return;
  }
  if (original.retracted !== undefined && row.encrypted) {
    // Covered, not gone: a server could call any text a correction of what was taken back.
    const { retracted } = original;
    await putMessage(unit, { ...single, edits: undefined, counted: 0, retracted }, { row: known });
    return;
  }
  if (known !== undefined) {
    // An own correction: its row ends here, so later progress of it has nothing to change.
    unit.delete("outbox", known.key as ClientId);
    await deleteMessage(unit, known);
  }
  const corrections = namesWith(original, row);
  // It is gone with the message whose text it was to be.
  if (original.retracted !== undefined || isPast(original, row)) {
    await putMessage(unit, { ...original, corrections }, { row: original });
    return;
  }
  if (row.retracted !== undefined) {
    // It was taken back while it stood by itself: whoever does that means the whole message (XEP-0424 §5).
    await putMessage(unit, { ...original, corrections }, { row: original });
    await retract(unit, { ...original, corrections }, row.retracted);
    return;
  }
  const corrected = {
    corrections,
    edited: true,
    correctedAt: row.position,
    correctedIn: row.epoch,
    correctedBy: row.key,
  } as const;
  if (original.hidden === 2) {
    // The person has deleted it here: what its author makes of it is kept no more than it is.
    await putMessage(unit, { ...original, ...corrected }, { row: original });
    return;
  }
  const { body } = await withQuote(unit, { ...row, reply: answeredAgain(original, row) }, arrived);
  const earlier = earlierOf(original, { text: body.kind === "text" ? body.text : "", at: row.at });
  await putMessage(
    unit,
    { ...original, ...corrected, body, unstyled: row.unstyled, earlier, editedAt: row.at },
    { row: original },
  );
}

/** Acts and answers are to name the original (XEP-0308 §4); apps that name what they show name the last correction. */
function namesWith({ corrections = [] }: MessageRow, { id, originKey, archiveKey }: MessageRow): readonly string[] {
  const names = [id, originKey, archiveKey].filter((name) => name !== undefined);
  return [...new Set([...corrections, ...names])].slice(-NAMES);
}

/** It answers what the first text did; which of its own lines only repeat that, it says itself (XEP-0461 §3.1). */
function answeredAgain({ reply: first }: MessageRow, { reply: next }: MessageRow): MessageRow["reply"] {
  if (first === undefined) return next;
  const { quote: _quote, ...answered } = first;
  return { ...answered, ...(next?.quote && { quote: next.quote }) };
}

/** It may have come ahead of what it corrects: a page of the past is read before those below it. */
async function holdCorrection(unit: Unit, row: MessageRow, sender: BareJid): Promise<void> {
  const { key, chat, replaces, occupant, position, epoch } = row;
  if (replaces === undefined || epoch === undefined) return;
  const act = { kind: "correction", of: { id: replaces }, row: key } as const;
  await holdAct(unit, { chat, sender, act, occupant, position, epoch }, originKeyOf(sender, key));
}

/**
 * The texts before this one; one that another log tells again stands there once. It is known by its words as well: servers
 * that tell times by the second tell two of them the same.
 */
function earlierOf({ body, at, editedAt, earlier = [] }: MessageRow, next: EarlierText): MessageRow["earlier"] {
  const text = body.kind === "text" ? body.text : "";
  const all = [...earlier, { text, at: editedAt ?? at }].filter((one) => nameOf(one) !== nameOf(next));
  const once = new Map(all.map((one) => [nameOf(one), one]));
  return [...once.values()].slice(-EARLIER);
}

function nameOf({ at, text }: EarlierText): string {
  return `${at} ${text}`;
}

/**
 * The message that a correction may change: by the same author, in the same conversation, and encrypted as it is itself.
 * Undefined where there is none; then it is shown as a message of its own, and no other text changes.
 */
async function correctedBy(unit: Unit, row: MessageRow, sender: BareJid): Promise<MessageRow | undefined> {
  if (row.replaces === undefined) return undefined;
  const name = originKeyOf(sender, row.replaces);
  const named = [...(await unit.messages("originKey", name)), ...(await unit.messages("corrections", name))];
  return named.find((original) => original.key !== row.key && mayCorrect(original, row, sender));
}

/** Whether what is shown of a message is newer than a correction of it. Places in two logs say nothing about each other. */
function isPast(original: MessageRow, { position, epoch }: MessageRow): boolean {
  const { correctedAt, correctedIn } = original;
  const log = correctedIn ?? original.epoch;
  return log === epoch && (correctedAt ?? original.position) >= position;
}

/**
 * Whether a correction whose text is nowhere any more has done its work here: it was read, and is told again by another log
 * (its row has ended in that of the message it replaced).
 */
export async function isTakenIn(
  unit: Unit,
  { chat, sender, replaces }: Pick<MessageEntry, "chat" | "sender" | "replaces">,
): Promise<boolean> {
  if (replaces === undefined) return false;
  const name = originKeyOf(sender, replaces);
  const named = [...(await unit.messages("originKey", name)), ...(await unit.messages("corrections", name))];
  return named.some((original) => original.chat === chat && original.edited === true);
}

function mayCorrect(original: MessageRow, row: MessageRow, sender: BareJid): boolean {
  const sameKind =
    original.chat === row.chat && original.outgoing === row.outgoing && original.encrypted === row.encrypted;
  if (!sameKind || original.body.kind !== "text") return false;
  // In an anonymous room every message comes from the room; only occupant ids (XEP-0421) tell two people apart.
  const { chat, occupant } = row;
  return (
    !isAnonymous({ sender, chat, occupant }) ||
    (row.occupant?.id !== undefined && row.occupant.id === original.occupant?.id)
  );
}

/** The row with the message that it answers as its quote, and without the part of its text that repeats it (XEP-0428). */
async function withQuote(unit: Unit, row: MessageRow, arrived: Arrived): Promise<MessageRow> {
  const { reply, body } = row;
  // It has lost that part already, and would lose as much of its own words.
  if (arrived.known?.quote !== undefined && body === arrived.known.body) return row;
  if (reply === undefined || body.kind !== "text") return row;
  const answered = await answeredBy(unit, row, reply, arrived);
  // The answered message is not here: the repetition is all there is of it, so it stays.
  if (answered === undefined) return row;
  const text = reply.quote === undefined ? body.text : withoutStretch(body.text, reply.quote);
  return { ...row, body: text === "" ? body : { ...body, text }, quote: quoteOf(answered) };
}

/** Looked for in the same conversation only (T21), by the writer that the reference names and by those who write here. */
async function answeredBy(
  unit: Unit,
  row: MessageRow,
  { id, to }: ReplyReference,
  { sender, account }: Arrived,
): Promise<MessageRow | undefined> {
  return namedBy(unit, row.chat, { id, to }, [row.chat, sender, account], row.key);
}

/** The message of a conversation that a reference names; not the one under the key `besides`. */
async function namedBy(
  unit: Unit,
  chat: BareJid,
  reference: { readonly id: string; readonly to?: BareJid | undefined },
  writing: readonly BareJid[],
  besides?: string,
): Promise<MessageRow | undefined> {
  return (await allNamedBy(unit, chat, reference, writing)).find(({ key }) => key !== besides);
}

/** All that it may name: first those of the writer that it says, what an archive calls so last. */
export async function allNamedBy(
  unit: Unit,
  chat: BareJid,
  { id, to }: { readonly id: string; readonly to?: BareJid | undefined },
  writing: readonly BareJid[],
): Promise<readonly MessageRow[]> {
  const writers = new Set([...(to === undefined ? [] : [to]), ...writing]);
  const names = [...writers].map((jid) => originKeyOf(jid, id));
  const byRoom = archiveKeyOf({ by: chat, id });
  const named = await Promise.all([
    ...names.map((name) => unit.messages("originKey", name)),
    unit.messages("archiveKey", byRoom),
    ...[...names, byRoom].map((name) => unit.messages("corrections", name)),
  ]);
  return named.flat().filter((row) => row.chat === chat);
}

/** By row keys: the own message that a text takes the place of, the one that it answers. */
export type About = {
  readonly replaces?: string | undefined;
  readonly reply?: string | undefined;
  /** The file that its text, a link in clear, is. */
  readonly file?: SharedFile | undefined;
  /** What is said beside it where it is encrypted. */
  readonly details?: string | undefined;
};

type Named = Pick<SendArguments, "replaces" | "reply"> & Pick<MessageRow, "quote" | "edits">;

/**
 * The references of a text that is sent. A reply to a message without an id is sent as a message of its own; a correction
 * of one is refused, for it would arrive as a new message. Fails with `not-found`, `would-expose`.
 */
export async function referencesFor(
  unit: Unit,
  account: BareJid,
  { chat, encrypted }: Pick<MessageRow, "chat" | "encrypted">,
  about: About,
): Promise<Result<Named>> {
  if (about.replaces !== undefined) return correctionOf(unit, { chat, encrypted }, about.replaces);
  const answered = about.reply === undefined ? undefined : await unit.get("messages", about.reply);
  const origin = answered?.chat === chat ? originOf(answered) : undefined;
  const to = answered?.outgoing === true ? account : origin?.sender;
  const reply = origin && to && { reply: { id: origin.id, to }, quote: quoteOf(answered) };
  return { ok: true, value: { ...reply } };
}

/** By the rules of `mayCorrect`: whoever receives it would show anything else as a message of its own. */
async function correctionOf(
  unit: Unit,
  { chat, encrypted }: Pick<MessageRow, "chat" | "encrypted">,
  key: string,
): Promise<Result<Named>> {
  const original = await unit.get("messages", key);
  const id = original && originOf(original)?.id;
  const own = original?.outgoing === true && original.chat === chat && isText(original);
  if (!own || id === undefined || original.edits !== undefined) return { ok: false, error: { kind: "not-found" } };
  if (original.encrypted !== encrypted)
    return { ok: false, error: { kind: original.encrypted ? "would-expose" : "not-found" } };
  // It stands for the whole message, so it answers what that answered (XEP-0308 §3); it repeats nothing of it.
  const { id: answered, to } = original.reply ?? {};
  const reply = answered === undefined ? {} : { reply: { id: answered, ...(to !== undefined && { to }) } };
  return { ok: true, value: { replaces: id as ClientId, edits: original.key, ...reply } };
}

function isText({ body, retracted }: MessageRow): boolean {
  return body.kind === "text" && retracted === undefined;
}

/** Who sent it and the id that they gave it; undefined where it has none. */
export function originOf({ originKey }: MessageRow): { readonly sender: BareJid; readonly id: string } | undefined {
  const at = originKey?.indexOf("\n") ?? -1;
  if (originKey === undefined || at < 0) return undefined;
  return { sender: originKey.slice(0, at) as BareJid, id: originKey.slice(at + 1) };
}

function quoteOf(answered: MessageRow | undefined): MessageRow["quote"] {
  if (answered === undefined) return undefined;
  const { key, outgoing, author, body } = answered;
  const quoted =
    body.kind === "text" && answered.retracted === undefined ? { text: body.text.slice(0, QUOTE_LENGTH) } : {};
  const gone = answered.retracted === undefined ? {} : ({ gone: true } as const);
  return { key, outgoing, ...quoted, ...gone, ...(author && { author: author.nick }) };
}

/** Offsets are counted in code points (XEP-0428 §3), which are not what strings are indexed by. */
export function withoutStretch(text: string, { start, end }: { readonly start: number; readonly end: number }): string {
  const points = [...text];
  return withoutBlankEdges([...points.slice(0, start), ...points.slice(end)].join(""));
}
