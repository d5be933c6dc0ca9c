/**
 * What messages do to others: reactions (XEP-0444), retractions (XEP-0424), a room's moderation (XEP-0425). An act travels in
 * clear, so a server could write it: it changes no author, nothing of another conversation, and takes no text away that
 * was encrypted; that is covered, and stays here.
 */
import type { Act, MessageEntry, ProgressEntry } from "../../../worker/contract/entries.ts";
import type { Failure } from "../../../worker/contract/failures.ts";
import type { BareJid } from "../../../worker/contract/names.ts";
import { missingCase } from "../../../worker/shared/missing-case.ts";
import { archiveKeyOf, type HeldActRow, type MessageRow, type OutboxRow } from "../store/conversation-rows.ts";
import type { Unit } from "../store/unit.ts";
import { awaitWord, settleElsewhere } from "./acts-elsewhere.ts";
import { putReaction, restore, retract, withdraw } from "./act-rows.ts";
import { holdAct } from "./held-acts.ts";
import { allNamedBy, originKeyOf, putText } from "./references.ts";
import { actorOf, isAnonymous } from "./room-author.ts";

type Arrived = Omit<HeldActRow, "key" | "done" | "act"> & { readonly act: Act };

/** Applies what a message of the log does to another one, now or once that is here. */
export async function applyAct(
  unit: Unit,
  account: BareJid,
  entry: MessageEntry & { readonly act: Act },
  epoch: string,
): Promise<void> {
  const { chat, sender, act, occupant, position, sent } = entry;
  if (sender === account) await noteAccepted(unit, entry);
  const elsewhere = sent !== undefined && (await unit.get("outbox", sent.client)) === undefined;
  const underWay = sender === account && elsewhere && { entry: entry.id };
  const arrived = { chat, sender, act, occupant, position, epoch, client: sent?.client, ...underWay };
  const target = await targetOf(unit, account, arrived);
  if (target === undefined) await holdAct(unit, arrived, actorOf(entry));
  else await perform(unit, account, target, arrived);
}

/** A message is here now: what was done to it before is done. */
export async function takeHeldActs(unit: Unit, account: BareJid, entry: MessageEntry): Promise<void> {
  const held = (await unit.all("acts")).filter(({ done }) => done === undefined);
  if (held.length === 0) return;
  const ids = new Set([entry.originId, entry.archive?.id]);
  const about = held.filter(({ chat, act }) => chat === entry.chat && ids.has(act.of.id));
  for (const { key, ...row } of about.toSorted((a, b) => a.position - b.position)) {
    const { act } = row;
    if (act.kind === "correction") {
      await takeEarlyCorrection(unit, account, key, { sender: row.sender, row: act.row });
      continue;
    }
    const arrived = { ...row, act };
    const target = await targetOf(unit, account, arrived);
    if (target === undefined) continue;
    await perform(unit, account, target, arrived);
    unit.delete("acts", key);
  }
}

/** It goes into the message that it was ahead of, if that is the one; deleted here, it changes nothing any more. */
async function takeEarlyCorrection(
  unit: Unit,
  account: BareJid,
  held: string,
  { sender, row: key }: { readonly sender: BareJid; readonly row: string },
): Promise<void> {
  const row = await unit.get("messages", key);
  if (row?.body.kind === "text" && row.hidden !== 2) await putText(unit, row, { account, sender, known: row });
  if (row?.hidden === 2 || (await unit.get("messages", key)) === undefined) unit.delete("acts", held);
}

/**
 * In the same conversation alone (T21). In a room the entry that the object says, or what the room itself has given the name;
 * else by the writer that the act names, and by those who write there. Names of senders are anybody's to give: of several
 * messages it is the one to which it may be done, and none where a room speaks.
 */
async function targetOf(unit: Unit, account: BareJid, arrived: Arrived): Promise<MessageRow | undefined> {
  const { chat, sender, act } = arrived;
  const { entry, id } = act.of;
  const meant = entry === undefined ? [] : await called(unit, "id", entry);
  const byRoom = await called(unit, "archiveKey", archiveKeyOf({ by: chat, id }));
  const sure = [...meant, ...byRoom].find((row) => row.chat === chat);
  if (sure !== undefined || act.kind === "moderation") return sure;
  const named = await allNamedBy(unit, chat, act.of, [chat, sender, account]);
  return (act.kind === "retraction" && named.find((row) => mayRetract(account, row, arrived))) || named[0];
}

/** The message of that name, or the one that a correction of that name has changed. */
async function called(unit: Unit, lookup: "id" | "archiveKey", name: string): Promise<readonly MessageRow[]> {
  return [...(await unit.messages(lookup, name)), ...(await unit.messages("corrections", name))];
}

async function perform(unit: Unit, account: BareJid, target: MessageRow, arrived: Arrived): Promise<void> {
  const { act } = arrived;
  if (wasDone(target, act)) return undefined;
  switch (act.kind) {
    case "reactions":
      return react(unit, account, target, arrived, act.emojis);
    case "retraction":
      if (mayRetract(account, target, arrived)) await takeBack(unit, target, arrived);
      return undefined;
    case "moderation":
      // The room says it, and none of its occupants.
      if (arrived.sender === target.chat && arrived.occupant === undefined)
        await retract(unit, target, {
          by: { room: true, ...(act.by && { nick: act.by }), ...(act.reason && { reason: act.reason }) },
        });
      return undefined;
    default:
      return missingCase(act);
  }
}

/** It was taken back by the same before: whoever says so without end has its answers looked for once. */
function wasDone({ retracted, withdrawing }: MessageRow, act: Act): boolean {
  if (retracted === undefined || withdrawing !== undefined || act.kind === "reactions") return false;
  return act.kind === "moderation"
    ? retracted.by?.nick === act.by && retracted.by !== undefined
    : retracted.by === undefined;
}

/** One that another own browser has sent may still fail: until it has arrived the text stays, unseen. */
async function takeBack(unit: Unit, target: MessageRow, arrived: Arrived): Promise<void> {
  const { client, entry } = arrived;
  if (entry === undefined || client === undefined) return retract(unit, target, {});
  if (target.retracted !== undefined) return undefined;
  await awaitWord(unit, arrived, target);
  return withdraw(unit, target, client);
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
  await awaitWord(unit, arrived, target);
  const ours = client !== undefined && before?.client === client && { accepted: client, before: before.before ?? [] };
  const reaction = { actor, own, emojis, position, epoch, ...(nick !== undefined && { nick }), ...ours };
  await putReaction(unit, target, reaction);
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
  await settleElsewhere(unit, message, state === "failed" ? failure : undefined);
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
  for (const row of await withdrawnBy(unit, account, out)) await restore(unit, row, failure);
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
