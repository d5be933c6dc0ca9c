/** A text that was written becomes a row of its conversation and one of the outbox, in one unit of work. */
import type { Failure } from "../../../worker/contract/failures.ts";
import type { BareJid, ClientId, Position } from "../../../worker/contract/names.ts";
import type { Account } from "../account.ts";
import { PENDING_POSITION, pendingPosition } from "../store/pending-positions.ts";
import { isExposed, sealStored } from "./seal.ts";
import { type About, originKeyOf, referencesFor } from "../reading/references.ts";
import { changeChat, chatOf, moveReadTo, putMessage } from "../store/messages.ts";
import type { Unit } from "../store/unit.ts";
import type { LastMessage, MessageRow, OutboxRow } from "../store/conversation-rows.ts";
import { objectNow } from "../object/object-clock.ts";

export type Written = {
  readonly chat: BareJid;
  readonly text: string;
  readonly client: ClientId;
  readonly about: About;
};

/** Stores a text, and encrypts it at once when everything needed is here. Returns why it is refused; undefined: stored. */
export async function storeText(
  unit: Unit,
  account: Account,
  { chat, text, client, about }: Written,
): Promise<Failure | undefined> {
  if (await isStored(unit, client, about)) return undefined;
  const { self } = account;
  const encrypted = !isExposed(account, chat);
  // The page took it for encrypted: what is said beside it, and the key that the text may be, leave in no other way.
  if (!encrypted && about.details !== undefined) return { kind: "would-expose" };
  const named = await referencesFor(unit, self.jid, { chat, encrypted }, about);
  if (!named.ok) return named.error;
  const { replaces, reply, quote, edits } = named.value;
  const order = await nextOrder(unit);
  const last = (await chatOf(unit, chat)).last;
  const typedAfter = await placeBefore(unit, last);
  if (last !== undefined && last.position < pendingPosition(0)) await moveReadTo(unit, chat, last.position);
  await changeChat(unit, chat, { answered: true });
  const row: MessageRow = {
    ...{ replaces, reply, quote, edits },
    key: client,
    chat,
    position: pendingPosition(order),
    at: objectNow(),
    outgoing: true,
    encrypted,
    body: { kind: "text", text, ...(about.details !== undefined && { details: about.details }) },
    shared: encrypted ? undefined : about.file,
    state: "waiting",
    hidden: 0,
    counted: 0,
    originKey: originKeyOf(self.jid, client),
  };
  // Nothing stands under this key: it was looked for above.
  await putMessage(unit, row, { row: undefined });
  const references = { replaces, reply };
  const out: OutboxRow = { client, order, chat, purpose: "text", stage: "waiting", typedAfter, references };
  unit.put("outbox", out);
  const earlier = (await unit.all("outbox")).some(
    (other) => other.chat === chat && other.stage === "waiting" && other.client !== client,
  );
  if (!earlier) await sealStored(unit, account, out);
  return undefined;
}

/** A correction that has arrived has no row of its own; the row that it has changed names it. */
async function isStored(unit: Unit, client: ClientId, { replaces }: About): Promise<boolean> {
  if ((await unit.get("messages", client)) !== undefined) return true;
  return replaces !== undefined && (await unit.get("messages", replaces))?.correctedBy === client;
}

/** The newest position that the object has given in a conversation whose last message this is. */
async function placeBefore(unit: Unit, last: LastMessage | undefined): Promise<Position> {
  if (last === undefined) return 0 as Position;
  if (last.position < PENDING_POSITION) return last.position;
  return (await unit.get("outbox", last.key))?.typedAfter ?? (0 as Position);
}

/** Counts what was written in this browser, so that it is sent in that order. */
export async function nextOrder(unit: Unit): Promise<number> {
  const next = (await unit.meta("outbox"))?.next ?? 1;
  unit.put("meta", { name: "outbox", next: next + 1 });
  return next;
}
