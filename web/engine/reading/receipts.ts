/**
 * Telling the object which messages were decrypted and read here, so that it can tell their senders (XEP-0184, XEP-0333).
 * A pending receipt is committed with the text that calls for it, and forgotten when the object has answered.
 */
import { type BareJid, type EntryId, LIMITS, type Position, type Receipt } from "../../../worker/contract.ts";
import type { Account } from "../account.ts";
import { Mutex } from "../../../worker/shared/mutex.ts";
import type { PendingReceipt } from "../store/schema.ts";
import type { Unit } from "../store/unit.ts";
import type { MessageRow } from "../store/conversation-rows.ts";

/** After a long absence only the newest are sent: the senders of older ones do not wait for them any more. */
const PENDING = 1_000;
/** Rows that are read in search of the newest message of somebody else. */
const LOOKED_AT = 100;

/** Adds a receipt to those that are pending, where the sender of a text has asked for one. */
export async function notePendingReceipt(unit: Unit, row: MessageRow, state: Receipt): Promise<void> {
  const { id, outgoing, body, asks } = row;
  if (outgoing || id === undefined || body.kind !== "text" || asks?.includes(state) !== true) return;
  const owed = (await unit.meta("receipts"))?.owed ?? [];
  if (owed.some((other) => other.message === id && other.state === state)) return;
  unit.put("meta", { name: "receipts", owed: [...owed, { message: id, state }].slice(-PENDING) });
}

/** The person has seen everything up to a position: the newest message of the other side stands for those before it. */
export async function noteRead(unit: Unit, chat: BareJid, position: Position): Promise<void> {
  const row = await unit.newestOf(chat, { fits: isTheirText, upTo: position, within: LOOKED_AT });
  if (row !== undefined) await notePendingReceipt(unit, row, "read");
}

function isTheirText({ outgoing, body }: MessageRow): boolean {
  return !outgoing && body.kind === "text";
}

export class Receipts {
  readonly #account: Account;
  readonly #telling = new Mutex();

  constructor(account: Account) {
    this.#account = account;
    account.store.onCommit(({ receipts }) => receipts && this.tellSoon());
  }

  /** `tell`, in the background. */
  tellSoon(): void {
    this.#account.store.inBackground(this.tell());
  }

  /** Gives the object the receipts that are pending; those that it cannot take now stay for the next time. */
  tell(): Promise<void> {
    return this.#telling.run(async () => {
      for (const state of ["delivered", "read"] as const) while (await this.#tellSome(state));
    });
  }

  async #tellSome(state: Receipt): Promise<boolean> {
    if (this.#account.store.closed || !this.#account.live.linked) return false;
    const owed = await this.#pending();
    const messages = owed.flatMap((one) => (one.state === state ? one.message : [])).slice(0, LIMITS.receipts);
    if (messages.length === 0) return false;
    const answer = await this.#account.remote.call("receipt", { messages, state });
    // An object that refuses them would do so again; one that cannot be reached will be asked again.
    if (!answer.ok && answer.error.kind !== "malformed") return false;
    await this.#forget(new Set(messages), state);
    return true;
  }

  #pending(): Promise<readonly PendingReceipt[]> {
    return this.#account.store.work(async (unit) => (await unit.meta("receipts"))?.owed ?? []);
  }

  /** The object tells each sender once, however often it is told. */
  #forget(told: ReadonlySet<EntryId>, state: Receipt): Promise<void> {
    return this.#account.store.note(async (unit) => {
      const owed = (await unit.meta("receipts"))?.owed ?? [];
      const rest = owed.filter((one) => one.state !== state || !told.has(one.message));
      unit.put("meta", { name: "receipts", owed: rest });
    });
  }
}
