/**
 * What a person does to a message from this browser: their reactions to it, taking their own back. It is shown at once; the
 * row of the outbox carries nothing but the act, in clear, as legacy OMEMO leaves it.
 */
import type { SendArguments } from "../../../worker/contract/calls.ts";
import type { Failure } from "../../../worker/contract/failures.ts";
import { LIMITS } from "../../../worker/contract/limits.ts";
import type { ClientId } from "../../../worker/contract/names.ts";
import type { Account } from "../account.ts";
import { nextNumber } from "../object/send-counter.ts";
import { putReaction, withdraw } from "../reading/act-rows.ts";
import { originOf } from "../reading/references.ts";
import type { MessageRow } from "../store/conversation-rows.ts";
import type { Unit } from "../store/unit.ts";
import { nextOrder } from "./compose.ts";

type OwnAct = NonNullable<SendArguments["act"]>;

/** From now on these are our reactions to a message. Returns why not; undefined: they are on their way. */
export async function storeReactions(
  unit: Unit,
  account: Account,
  { key, emojis, client }: { readonly key: string; readonly emojis: readonly string[]; readonly client: ClientId },
): Promise<Failure | undefined> {
  const row = await unit.get("messages", key);
  const of = row && targetIn(row);
  if (row === undefined || of === undefined || row.retracted !== undefined) return { kind: "not-found" };
  const chosen = [...new Set(emojis)].slice(0, LIMITS.emojis);
  const { jid } = account.self;
  const earlier = row.reactions?.find(({ own }) => own);
  // Of two changes that have not arrived the first knows what stood there before both.
  const last = earlier?.client ?? earlier?.accepted;
  const underWay = last !== undefined && (await unit.get("outbox", last)) !== undefined;
  const before = (underWay ? earlier?.before : earlier?.emojis) ?? [];
  const { position, epoch } = row;
  await putReaction(unit, row, { actor: jid, own: true, emojis: chosen, position, epoch, client, before });
  await send(unit, row, client, { kind: "reactions", of, emojis: chosen });
  return undefined;
}

/** Takes an own message back that has arrived. It is not seen any more, and goes when everybody was asked. Fails with `not-found`. */
export async function storeRetraction(
  unit: Unit,
  { key, client }: { readonly key: string; readonly client: ClientId },
): Promise<Failure | undefined> {
  const row = await unit.get("messages", key);
  const of = row && targetIn(row);
  const gone = row?.retracted !== undefined;
  // The second press of two: the first one has done it.
  if (row?.outgoing === true && gone && row.retracted.by === undefined) return undefined;
  if (row === undefined || of === undefined || !row.outgoing || row.id === undefined || gone)
    return { kind: "not-found" };
  await withdraw(unit, row, client);
  await send(unit, row, client, { kind: "retraction", of });
  return undefined;
}

/** How the others know it: by the room's id, for those of senders are anybody's to give; ours, and all else, by its sender's. */
function targetIn(row: MessageRow): OwnAct["of"] | undefined {
  const origin = originOf(row);
  const [by, id] = row.archiveKey?.split("\n") ?? [];
  const byRoom = by === row.chat && id !== undefined ? { id } : undefined;
  if (origin === undefined || (byRoom !== undefined && !row.outgoing)) return byRoom;
  return { id: origin.id, to: origin.sender };
}

async function send(unit: Unit, { chat }: MessageRow, client: ClientId, act: OwnAct): Promise<void> {
  unit.put("outbox", {
    ...{ client, chat, purpose: "act", stage: "finished" },
    order: await nextOrder(unit),
    number: await nextNumber(unit),
    content: { kind: "none" },
    references: { act },
  });
}
