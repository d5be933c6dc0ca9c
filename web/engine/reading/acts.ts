/**
 * What messages do to others: reactions (XEP-0444), retractions (XEP-0424), a room's moderation (XEP-0425). An act travels in
 * clear, so a server could write it: it changes no author, nothing of another conversation, and takes no text away that
 * was encrypted; that is covered, and stays here.
 */
import type { Act, MessageEntry, ProgressEntry } from "../../../worker/contract/entries.ts";
import type { Failure } from "../../../worker/contract/failures.ts";
import type { BareJid, ClientId } from "../../../worker/contract/names.ts";
import { missingCase } from "../../../worker/shared/missing-case.ts";
import {
  archiveKeyOf,
  type HeldActRow,
  type MessageRow,
  type OutboxRow,
  type ReactionRow,
} from "../store/conversation-rows.ts";
import { putMessage, refreshLast } from "../store/messages.ts";
import type { Unit } from "../store/unit.ts";
import { allNamedBy, originKeyOf } from "./references.ts";
import { isAnonymous } from "./room-author.ts";

/** Acts about messages that are not here yet: of all, of one conversation, whose flood costs no other. The oldest are forgotten. */
const HELD = 500;
const HELD_OF_ONE = 100;
/** Others' of one message; a room of thousands may react. */
const REACTIONS = 200;
/** Among so many messages after one its answers are looked for. */
const QUOTING = 5_000;

type Named = Pick<MessageEntry, "chat" | "sender" | "occupant">;
type Arrived = Pick<HeldActRow, "chat" | "sender" | "act" | "occupant" | "position" | "epoch" | "client">;

/** Applies what a message of the log does to another one, now or once that is here. */
export async function applyAct(
  unit: Unit,
  account: BareJid,
  entry: MessageEntry & { readonly act: Act },
  epoch: string,
): Promise<void> {
  const { chat, sender, act, occupant, position, sent } = entry;
  const arrived = { chat, sender, act, occupant, position, epoch, client: sent?.client };
  if (sender === account) await noteAccepted(unit, entry);
  const target = await targetOf(unit, account, arrived);
  if (target === undefined) await hold(unit, arrived, entry);
  else await perform(unit, account, target, arrived);
}

/** A message is here now: what was done to it before is done. */
export async function takeHeldActs(unit: Unit, account: BareJid, entry: MessageEntry): Promise<void> {
  const held = await unit.all("acts");
  if (held.length === 0) return;
  const ids = new Set([entry.originId, entry.archive?.id]);
  const about = held.filter(({ chat, act }) => chat === entry.chat && ids.has(act.of.id));
  for (const row of about.toSorted((a, b) => a.position - b.position)) {
    const target = await targetOf(unit, account, row);
    if (target === undefined) continue;
    await perform(unit, account, target, row);
    unit.delete("acts", row.key);
  }
}

/**
 * In the same conversation alone (T21). In a room the entry that the object says, or what the room itself has given the name;
 * else by the writer that the act names, and by those who write there. Names of senders are anybody's to give: of several
 * messages it is the one to which it may be done, and none where a room speaks.
 */
async function targetOf(unit: Unit, account: BareJid, arrived: Arrived): Promise<MessageRow | undefined> {
  const { chat, sender, act } = arrived;
  const { entry, id } = act.of;
  const meant = entry === undefined ? [] : await unit.messages("id", entry);
  const byRoom = await unit.messages("archiveKey", archiveKeyOf({ by: chat, id }));
  const sure = [...meant, ...byRoom].find((row) => row.chat === chat);
  if (sure !== undefined || act.kind === "moderation") return sure;
  const named = await allNamedBy(unit, chat, act.of, [chat, sender, account]);
  return (act.kind === "retraction" && named.find((row) => mayRetract(account, row, arrived))) || named[0];
}

async function hold(unit: Unit, arrived: Arrived, entry: MessageEntry): Promise<void> {
  const { chat, act } = arrived;
  const key = [chat, act.of.id, act.kind, actorOf(entry)].join("\n");
  const before = await unit.get("acts", key);
  if (before !== undefined && before.epoch === arrived.epoch && before.position > arrived.position) return;
  if (before === undefined) {
    const held = await unit.all("acts");
    const here = held.filter((one) => one.chat === chat);
    if (here.length >= HELD_OF_ONE) forgetOldest(unit, here);
    else if (held.length >= HELD) forgetOldest(unit, held);
  }
  unit.put("acts", { key, ...arrived });
}

function forgetOldest(unit: Unit, held: readonly HeldActRow[]): void {
  const [oldest] = held.toSorted((a, b) => a.position - b.position);
  if (oldest !== undefined) unit.delete("acts", oldest.key);
}

async function perform(unit: Unit, account: BareJid, target: MessageRow, arrived: Arrived): Promise<void> {
  const { act } = arrived;
  switch (act.kind) {
    case "reactions":
      return react(unit, account, target, arrived, act.emojis);
    case "retraction":
      if (mayRetract(account, target, arrived)) await retract(unit, target, {});
      return undefined;
    case "moderation":
      // The room says it, and none of its occupants.
      if (arrived.sender === target.chat && arrived.occupant === undefined)
        await retract(unit, target, { by: { room: true, ...(act.by !== undefined && { nick: act.by }) } });
      return undefined;
    default:
      return missingCase(act);
  }
}

async function react(
  unit: Unit,
  account: BareJid,
  target: MessageRow,
  arrived: Arrived,
  emojis: readonly string[],
): Promise<void> {
  const { sender, occupant, position, epoch, client } = arrived;
  const actor = actorOf(arrived);
  const own = sender === account;
  const before = target.reactions?.find((one) => one.actor === actor);
  if (before?.client !== undefined && before.client !== client) {
    // What was chosen here since, and has not arrived yet, counts; should it fail, these are what stands.
    await putReaction(unit, target, { ...before, before: emojis });
    return;
  }
  const newer = before !== undefined && before.epoch === epoch && before.position > position;
  if (newer && before.client === undefined) return;
  const nick = own ? undefined : occupant?.nick;
  const ours = client !== undefined && before?.client === client && { accepted: client, before: before.before ?? [] };
  const reaction = { actor, own, emojis, position, epoch, ...(nick !== undefined && { nick }), ...ours };
  await putReaction(unit, target, reaction);
}

/** Puts all reactions of one person to a message in the place of those they had. */
export async function putReaction(unit: Unit, target: MessageRow, reaction: ReactionRow): Promise<void> {
  const all = [...(target.reactions ?? []).filter(({ actor }) => actor !== reaction.actor), reaction];
  const theirs = new Set(all.filter(({ own }) => !own).slice(-REACTIONS));
  await putMessage(unit, { ...target, reactions: all.filter((one) => one.own || theirs.has(one)) }, { row: target });
}

/** What was sent from here is in the log: what becomes of it is told by its entry. Out of an archive it has arrived. */
async function noteAccepted(unit: Unit, { id, sender, sent, originId }: MessageEntry): Promise<void> {
  const client = sent?.client ?? originId;
  const out = client === undefined ? undefined : await unit.get("outbox", client);
  if (out?.purpose !== "act") return;
  if (sent === undefined) await settle(unit, sender, out);
  else unit.put("outbox", { ...out, stage: "accepted", entry: id });
}

/** What became of something that was done from here, if it was; what did not arrive is undone. */
export async function settleAct(unit: Unit, account: BareJid, entry: ProgressEntry): Promise<void> {
  const { message, state, failure = { kind: "peer-refused" } } = entry;
  const out = (await unit.all("outbox")).find((one) => one.entry === message);
  if (out === undefined) return;
  if (state === "failed") await undoAct(unit, account, out, failure);
  await settle(unit, account, out, state);
}

/** Nothing more is to be sent of an act. What was taken back here goes for good, now that everybody was asked to forget it. */
async function settle(unit: Unit, account: BareJid, out: OutboxRow, state?: ProgressEntry["state"]): Promise<void> {
  unit.delete("outbox", out.client);
  if (state === "failed") return;
  for (const row of await withdrawnBy(unit, account, out)) await retract(unit, row, { here: true });
}

async function withdrawnBy(unit: Unit, account: BareJid, out: OutboxRow): Promise<readonly MessageRow[]> {
  const act = out.references?.act;
  if (act?.kind !== "retraction") return [];
  const named = await allNamedBy(unit, out.chat, act.of, [account, out.chat]);
  return named.filter(({ withdrawing }) => withdrawing === out.client);
}

/** Something of ours will not arrive: reactions from before are shown again, and a text that was to be taken back. */
export async function undoAct(unit: Unit, account: BareJid, out: OutboxRow, failure: Failure): Promise<void> {
  for (const row of await withdrawnBy(unit, account, out)) {
    unit.put("messages", { ...row, retracted: undefined, withdrawing: undefined, notWithdrawn: failure }, { row });
    await markQuotes(unit, row, false);
    await refreshLast(unit, row.chat);
  }
  await undoReactions(unit, account, out);
}

async function undoReactions(unit: Unit, account: BareJid, { chat, client, references }: OutboxRow): Promise<void> {
  const act = references?.act;
  if (act?.kind !== "reactions") return;
  for (const row of await allNamedBy(unit, chat, act.of, [account, chat])) {
    const own = row.reactions?.find((one) => one.own && (one.client === client || one.accepted === client));
    if (own === undefined) continue;
    const { client: _client, accepted: _accepted, before = [], ...rest } = own;
    await putReaction(unit, row, { ...rest, emojis: before });
  }
}

/** By whoever wrote it; where a room hides who that is, by the same occupant id (XEP-0421). */
function mayRetract(account: BareJid, target: MessageRow, arrived: Arrived): boolean {
  const { sender, occupant } = arrived;
  if (target.outgoing !== (sender === account)) return false;
  if (isAnonymous(arrived)) return occupant?.id !== undefined && occupant.id === target.occupant?.id;
  return target.originKey === undefined ? target.outgoing : target.originKey.startsWith(originKeyOf(sender, ""));
}

/**
 * The message is shown as taken back. Its text goes where the person did it `here`, or it was never encrypted; else it is
 * covered: nothing proves that its author wants it gone.
 */
async function retract(
  unit: Unit,
  target: MessageRow,
  { by, here = false }: NonNullable<MessageRow["retracted"]> & { readonly here?: boolean },
): Promise<void> {
  // What was taken back here goes when it has arrived, and not with the word that it is under way.
  const keeps = by !== undefined || (!here && (target.encrypted || target.withdrawing !== undefined));
  const body = keeps || target.body.kind !== "text" ? target.body : ({ kind: "text", text: "" } as const);
  const quote = keeps ? target.quote : undefined;
  const retracted = by === undefined ? {} : { by };
  const earlier = keeps ? target.earlier : undefined;
  const withdrawing = here ? undefined : target.withdrawing;
  const next = {
    ...target,
    body,
    quote,
    earlier,
    counted: 0,
    retracted,
    withdrawing,
    notWithdrawn: undefined,
  } as const;
  unit.put("messages", next, { row: target });
  await markQuotes(unit, target, keeps ? "covered" : "gone");
  await refreshLast(unit, target.chat);
}

/** The message is no longer seen here, and stays until the act that takes it back has arrived. */
export async function withdraw(unit: Unit, row: MessageRow, act: ClientId): Promise<void> {
  const next = { ...row, retracted: {}, counted: 0, withdrawing: act, notWithdrawn: undefined } as const;
  unit.put("messages", next, { row });
  await markQuotes(unit, row, "covered");
  await refreshLast(unit, row.chat);
}

/** What answers a message repeats it: that is seen no longer than the message itself, and goes with it. */
async function markQuotes(
  unit: Unit,
  { key, chat, position }: MessageRow,
  as: "covered" | "gone" | false,
): Promise<void> {
  for (const row of await unit.from(chat, position, QUOTING)) {
    if (row.quote?.key !== key) continue;
    const { gone: _gone, text, ...quote } = row.quote;
    const kept = text === undefined || as === "gone" ? {} : { text };
    unit.put(
      "messages",
      { ...row, quote: { ...quote, ...kept, ...(as !== false && { gone: true as const }) } },
      { row },
    );
  }
}

/** Whose act it is: an address, or where a room hides those, who the room says. */
function actorOf(entry: Named): string {
  if (!isAnonymous(entry)) return entry.sender;
  return `${entry.chat}\n${entry.occupant?.id ?? `nick ${entry.occupant?.nick ?? ""}`}`;
}
