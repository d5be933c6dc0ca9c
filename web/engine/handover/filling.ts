/**
 * Laying what was handed over into the rows that lack it. A giver can fill a hole and do nothing else: no row is made, none that
 * has a text changes it, and what is said of a message has to be what this browser knows of it already (S2).
 */
import type { DeviceId, EntryId } from "../../../worker/contract/names.ts";
import { bodyOf, cipherOf, isHole } from "../chunks/of-row.ts";
import type { MessageText } from "../chunks/record.ts";
import { show } from "../reading/opening.ts";
import { withoutTwin } from "../reading/twins.ts";
import type { MessageRow } from "../store/conversation-rows.ts";
import { addressOf } from "../store/device-rows.ts";
import { putMessage } from "../store/messages.ts";
import type { Lookup, Unit } from "../store/unit.ts";
import { type Filling, takeInCorrections } from "./corrections.ts";
import { agrees } from "./same-message.ts";

/**
 * `filled`: the text stands in its row now. `known`: one stood there before. `elsewhere`: the message is not here. `refused`: what
 * was said of it is not what is known here.
 */
export type Filled = "filled" | "known" | "elsewhere" | "refused";

/** What the records of a part will look up, for `Unit.lookAhead`. */
export function lookupsFor(records: readonly MessageText[]): readonly Lookup[] {
  return records.flatMap(({ id, archive, quote, corrections = [] }): readonly Lookup[] => [
    ...(id === undefined ? [] : [["id", id] as const]),
    ...(archive === undefined ? [] : [["archiveKey", archive] as const]),
    ...(quote?.id === undefined ? [] : [["id", quote.id] as const]),
    ...corrections.filter(isEntry).map((name) => ["id", name] as const),
  ]);
}

function isEntry(name: string): name is EntryId {
  return !name.includes("\n");
}

/** Fills in one message, as part of a unit. */
export async function fill(unit: Unit, filling: Filling, record: MessageText): Promise<Filled> {
  const candidates = await candidatesFor(unit, record);
  const row = candidates.find((one) => agrees(one, record));
  if (row === undefined) {
    if (candidates.length > 0) return "refused";
    return (await fillLone(unit, filling, record)) ? "filled" : "elsewhere";
  }
  if (isHole(row)) {
    const text = await textRow(unit, filling, row, record);
    await putMessage(unit, text, { row });
    await takeInCorrections(unit, filling, text, record, "filled");
    return "filled";
  }
  if (row.body.kind !== "text" || row.hidden === 2) return "known";
  return (await takeInCorrections(unit, filling, row, record, "read")) ? "filled" : "known";
}

async function candidatesFor(unit: Unit, { id, archive, cipher, origin }: MessageText): Promise<readonly MessageRow[]> {
  const named = id === undefined ? [] : await unit.messages("id", id);
  if (named.length > 0) return named;
  const archived = archive === undefined ? [] : await unit.messages("archiveKey", archive);
  if (archived.length > 0 || origin === undefined || cipher === undefined) return archived;
  return unit.messages("originKey", origin);
}

/** A correction whose message is not here, as it is kept where a message never came: it stands by itself. */
async function fillLone(unit: Unit, filling: Filling, record: MessageText): Promise<boolean> {
  const row = record.newest === undefined ? undefined : await unit.message("id", record.newest);
  if (row === undefined || !isHole(row) || row.replaces === undefined) return false;
  // In a room two people may have devices of one number.
  const same = row.chat === record.chat && row.outgoing === record.own && row.author?.jid === record.by;
  if (!same || deviceIn(row) !== record.cipher?.split("\n", 1)[0]) return false;
  const { text, details, unstyled, seen, doubt } = record;
  const alone = { chat: row.chat, at: row.at, own: row.outgoing, text, details, unstyled, seen, doubt };
  await putMessage(unit, await textRow(unit, filling, row, alone), { row });
  return true;
}

/** The row with its text. What could still open it here is let go: it is open. */
async function textRow(
  unit: Unit,
  { account, from }: Filling,
  row: MessageRow,
  record: MessageText,
): Promise<MessageRow> {
  const { sealed: _sealed, retryKey: _retryKey, ...kept } = row;
  const { unstyled, seen, earlier, editedAt, doubt, correctedAt, corrections, quote } = record;
  const device = deviceIn(row);
  const edited = editedAt !== undefined && { edited: true as const, editedAt };
  const sender = row.author?.jid ?? (row.outgoing ? account : row.chat);
  const opened = show({
    ...kept,
    ...{ body: bodyOf(record), handedBy: from },
    ...(unstyled && { unstyled }),
    ...(seen && { seen }),
    ...(earlier && { earlier }),
    ...edited,
    ...(corrections && { corrections }),
    ...(edited && record.id === row.id && correctedAt !== undefined && { correctedAt, correctedIn: row.epoch }),
    ...(quote && { quote: await quoteFrom(unit, quote) }),
    // When somebody decides about the device, the mark goes.
    ...(doubt && device !== undefined && { doubt, retryKey: addressOf(sender, Number(device) as DeviceId) }),
  });
  const single = await withoutTwin(unit, opened);
  return row.retracted === undefined ? single : { ...single, counted: 0 };
}

async function quoteFrom(
  unit: Unit,
  { id, own, text, author, gone }: NonNullable<MessageText["quote"]>,
): Promise<NonNullable<MessageRow["quote"]>> {
  const key = id === undefined ? undefined : (await unit.message("id", id))?.key;
  return {
    ...(key !== undefined && { key }),
    outgoing: own,
    ...(text !== undefined && { text }),
    ...(author !== undefined && { author }),
    ...(gone && { gone }),
  };
}

function deviceIn({ cipherKey }: MessageRow): string | undefined {
  return cipherOf(cipherKey)?.split("\n", 1)[0];
}
