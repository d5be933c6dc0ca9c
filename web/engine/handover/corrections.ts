/** Corrections in what was handed over: they stand in the text already, so their own rows end in that of the message they changed. */
import type { BareJid, EntryId } from "../../../worker/contract/names.ts";
import { bodyOf, isHole } from "../chunks/of-row.ts";
import type { MessageText } from "../chunks/record.ts";
import { retract } from "../reading/act-rows.ts";
import { originOf, putText } from "../reading/references.ts";
import type { MessageRow, ReactionRow } from "../store/conversation-rows.ts";
import { deleteMessage, putMessage } from "../store/messages.ts";
import type { Unit } from "../store/unit.ts";

/** Whose browser this is, and what the browser is called that has the text. */
export type Filling = { readonly account: BareJid; readonly from: string };

/**
 * Takes in the rows of corrections of a message that has a text now. `read`: it had one of its own, so the newest correction is
 * done as if it had been opened here, by the rules for any. @returns whether anything was missing
 */
export async function takeInCorrections(
  unit: Unit,
  filling: Filling,
  original: MessageRow,
  record: MessageText,
  was: "filled" | "read",
): Promise<boolean> {
  const missing = await missingCorrections(unit, original, record);
  const newest = missing.toSorted((a, b) => b.position - a.position)[0];
  if (newest === undefined) return false;
  if (was === "read") {
    // Its text is what was handed over, or older than what stands here.
    if (record.newest === newest.id) await correctHere(unit, filling, newest, record);
    else if (original.correctedIn !== newest.epoch || (original.correctedAt ?? 0) < newest.position) return false;
  }
  for (const row of missing) if ((await unit.get("messages", row.key)) !== undefined) await deleteMessage(unit, row);
  const now = (await unit.get("messages", original.key)) ?? original;
  const place = { correctedAt: newest.position, correctedIn: newest.epoch, correctedBy: newest.key };
  const reactions = withReactions(now.reactions, missing);
  const taken = { ...now, ...(reactions && { reactions }), ...(was === "filled" && place) };
  await putMessage(unit, taken, { row: now });
  const back = missing.find(({ retracted }) => retracted !== undefined)?.retracted;
  if (back !== undefined && now.retracted === undefined) await retract(unit, taken, back);
  return true;
}

/** Those of the names that stand here, lack a text, and say themselves that they correct something of the same author. */
async function missingCorrections(
  unit: Unit,
  original: MessageRow,
  { corrections = [] }: MessageText,
): Promise<readonly MessageRow[]> {
  const found = new Map<string, MessageRow>();
  const author = originOf(original)?.sender;
  for (const name of corrections) {
    const rows = name.includes("\n")
      ? [...(await unit.messages("originKey", name)), ...(await unit.messages("archiveKey", name))]
      : await unit.messages("id", name as EntryId);
    for (const row of rows) {
      const same = row.chat === original.chat && row.outgoing === original.outgoing && row.key !== original.key;
      if (same && isHole(row) && row.replaces !== undefined && originOf(row)?.sender === author)
        found.set(row.key, row);
    }
  }
  return [...found.values()];
}

/** The original was read here, so what is missing is what it was corrected to. */
async function correctHere(
  unit: Unit,
  { account, from }: Filling,
  correction: MessageRow,
  record: MessageText,
): Promise<void> {
  const { sealed: _sealed, retryKey: _retryKey, asks: _asks, ...kept } = correction;
  const sender = (originOf(correction)?.sender ?? (correction.outgoing ? account : correction.chat)) as BareJid;
  const body = bodyOf(record);
  const { unstyled } = record;
  const row = { ...kept, body, handedBy: from, hidden: 0, counted: 0, ...(unstyled && { unstyled }) } as const;
  await putText(unit, row, { account, sender, known: correction });
}

/** What was done to a correction was done to the message; of one person the last counts. */
function withReactions(
  reactions: MessageRow["reactions"],
  corrections: readonly MessageRow[],
): MessageRow["reactions"] {
  const moved = corrections.flatMap((row) => row.reactions ?? []);
  if (moved.length === 0) return reactions;
  const last = new Map<string, ReactionRow>();
  for (const one of [...(reactions ?? []), ...moved].toSorted((a, b) => a.position - b.position))
    last.set(one.actor, one);
  return [...last.values()];
}
