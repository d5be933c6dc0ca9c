/**
 * What a person does to a message from this browser: their reactions to it, taking their own back. It is shown at once; the
 * row of the outbox carries nothing but the act, in clear, as legacy OMEMO leaves it.
 */
import type { SendArguments } from "../../../worker/contract/calls.ts";
import type { Failure } from "../../../worker/contract/failures.ts";
import { LIMITS } from "../../../worker/contract/limits.ts";
import type { BareJid, ClientId } from "../../../worker/contract/names.ts";
import type { Account } from "../account.ts";
import { nextNumber } from "../object/send-counter.ts";
import { putReaction, retract } from "../reading/acts.ts";
import { namedBy, originOf } from "../reading/references.ts";
import type { MessageRow, OutboxRow } from "../store/conversation-rows.ts";
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
  const before = earlier?.client === undefined ? (earlier?.emojis ?? []) : (earlier.before ?? []);
  const { position, epoch } = row;
  await putReaction(unit, row, { actor: jid, own: true, emojis: chosen, position, epoch, client, before });
  await send(unit, row, client, { kind: "reactions", of, emojis: chosen });
  return undefined;
}

/** Takes an own message back that has arrived. Its text goes here at once. Fails with `not-found`. */
export async function storeRetraction(
  unit: Unit,
  { key, client }: { readonly key: string; readonly client: ClientId },
): Promise<Failure | undefined> {
  const row = await unit.get("messages", key);
  const of = row && targetIn(row);
  const gone = row?.retracted !== undefined;
  if (row === undefined || of === undefined || !row.outgoing || row.id === undefined || gone)
    return { kind: "not-found" };
  await retract(unit, row, { here: true });
  await send(unit, row, client, { kind: "retraction", of });
  return undefined;
}

/** Reactions that will not arrive: those from before are shown again. */
export async function undoReactions(
  unit: Unit,
  account: BareJid,
  { chat, client, references }: OutboxRow,
): Promise<void> {
  const act = references?.act;
  if (act?.kind !== "reactions") return;
  const row = await namedBy(unit, chat, act.of, [account, chat]);
  const own = row?.reactions?.find((one) => one.own && one.client === client);
  if (row === undefined || own === undefined) return;
  const { client: _client, before = [], ...rest } = own;
  await putReaction(unit, row, { ...rest, emojis: before });
}

/** How the others know it: by the id that its sender gave, else by the room's. */
function targetIn(row: MessageRow): OwnAct["of"] | undefined {
  const origin = originOf(row);
  if (origin !== undefined) return { id: origin.id, to: origin.sender };
  const [by, id] = row.archiveKey?.split("\n") ?? [];
  return by === row.chat && id !== undefined ? { id } : undefined;
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
