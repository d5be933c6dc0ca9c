/** What an act makes of the row of the message that it is about. */
import type { Failure } from "../../../worker/contract/failures.ts";
import type { ClientId } from "../../../worker/contract/names.ts";
import type { MessageRow, ReactionRow } from "../store/conversation-rows.ts";
import { isNameOnly } from "./room-author.ts";
import { putMessage, refreshLast } from "../store/messages.ts";
import type { Unit } from "../store/unit.ts";

/** Others' of one message; a room of thousands may react. */
const REACTIONS = 200;
/** Among so many messages after one its answers are looked for. */
const QUOTING = 5_000;

/** Puts all reactions of one person to a message in the place of those they had. */
export async function putReaction(unit: Unit, target: MessageRow, reaction: ReactionRow): Promise<void> {
  const others = (target.reactions ?? []).filter(({ actor }) => actor !== reaction.actor);
  const reactions = reaction.own ? [...others, reaction] : bounded(others, reaction);
  await putMessage(unit, { ...target, reactions }, { row: target });
}

/**
 * Those of the last so many others. Where a name is all that tells people apart (XEP-0421 is not there) one of them can be
 * many: such a one takes nobody's reactions away, and gives way to whoever the room knows.
 */
function bounded(others: readonly ReactionRow[], next: ReactionRow): readonly ReactionRow[] {
  const theirs = others.filter(({ own }) => !own);
  if (theirs.length < REACTIONS) return [...others, next];
  const idle = theirs.find(({ emojis }) => emojis.length === 0);
  if (idle === undefined && isNameOnly(next.actor)) return others;
  const goes = idle ?? theirs.findLast(({ actor }) => isNameOnly(actor)) ?? theirs[0];
  return [...others.filter((one) => one !== goes), next];
}

/**
 * The message is shown as taken back. Its text goes where the person did it `here`, or it was never encrypted; else it is
 * covered: nothing proves that its author wants it gone.
 */
export async function retract(
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

/** A message that was to be taken back is seen again, for that has not arrived. */
export async function restore(unit: Unit, row: MessageRow, failure: Failure): Promise<void> {
  unit.put("messages", { ...row, retracted: undefined, withdrawing: undefined, notWithdrawn: failure }, { row });
  await markQuotes(unit, row, false);
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
