/** Messages of rooms that do not say who wrote them, tried again when more is known of the members. */
import type { BareJid } from "../../../worker/contract/names.ts";
import type { Account } from "../account.ts";
import { receive } from "../omemo/receive.ts";
import type { Self } from "../omemo/sessions.ts";
import { doubtOf } from "../omemo/trust-pins.ts";
import { bodyOf } from "./opening.ts";
import { putText } from "./references.ts";
import { authorOfRow } from "./room-author.ts";
import type { MessageRow } from "../store/conversation-rows.ts";
import { addressOf } from "../store/device-rows.ts";
import type { Unit } from "../store/unit.ts";

/** So many are tried at one occasion, the newest. */
const TRIED = 200;

/** Each in a turn of its own, so that a room full of what nobody can open holds up nothing else (S1). */
export async function retryUnknown({ self, store }: Account, room: BareJid): Promise<void> {
  const waiting = await store.work((unit) => unit.messages("retryKey", room));
  const newest = waiting.toSorted((a, b) => a.position - b.position).slice(-TRIED);
  for (const { key } of newest) {
    if (store.closed) return;
    await store.work((unit) => tryUnknown(unit, self, key));
  }
}

async function tryUnknown(unit: Unit, self: Self, key: string): Promise<void> {
  const row = await unit.get("messages", key);
  const author = row && (await authorOfRow(unit, self, row));
  if (row?.sealed === undefined || author === undefined) return;
  const { sealed, occupant } = row;
  const received = await receive(unit, self, author, sealed, Date.now(), { alone: true, guessed: true });
  if (received.kind !== "text") return;
  const doubt = await doubtOf(unit, { jid: author, device: sealed.sid }, Date.now());
  const opened: MessageRow = {
    ...row,
    body: bodyOf(received),
    ...(occupant && { author: { nick: occupant.nick, jid: author } }),
    outgoing: author === self.jid,
    doubt,
    retryKey: doubt === undefined ? undefined : addressOf(author, sealed.sid),
    sealed: undefined,
  };
  await putText(unit, opened, { account: self.jid, sender: author, known: row });
}
