/** The person has read a conversation, as they have said by its notification while no page is open. Runs under the lock (`tabs/briefly.ts`). */
import type { BareJid, Position } from "../../../worker/contract/names.ts";
import { type Delays, DELAYS } from "../delays.ts";
import type { Remote } from "../object/calls.ts";
import { ReadPositions } from "../reading/read-positions.ts";
import { Telling } from "../reading/telling.ts";
import { openHere } from "./open-here.ts";

/** Up to and including `position`, in the account whose notification it was. */
export type ReadUpTo = { readonly account: BareJid; readonly chat: BareJid; readonly position: Position };

/**
 * Stored, and told to the object; where that cannot be had now, by the next engine. Nothing is done where the account is not signed in here.
 * @throws when the disk does not take it, or another engine writes
 */
export async function markRead(
  { account: jid, chat, position }: ReadUpTo,
  remote: Remote,
  delays: Delays = DELAYS,
): Promise<void> {
  const account = await openHere((known) => known.account === jid, remote, delays);
  if (account === undefined) return;
  const telling = new Telling(account, () => true);
  try {
    await new ReadPositions(account, telling).move(chat, position);
    await telling.tell();
  } finally {
    telling.stop();
    await account.store.close();
  }
}

/** For whoever checks what a notification of before carries. */
export function isReadUpTo(value: unknown): value is ReadUpTo {
  const { account, chat, position } = { ...(value as Partial<Record<keyof ReadUpTo, unknown>> | null) };
  return typeof account === "string" && typeof chat === "string" && typeof position === "number";
}
