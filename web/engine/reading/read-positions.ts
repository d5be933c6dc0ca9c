/** How far this account has read in each conversation; the object is told (`telling.ts`), and tells the other browsers. */
import type { BareJid, Position } from "../../../worker/contract/names.ts";
import type { Account } from "../account.ts";
import { NOTHING_READ } from "../protocol/conversations.ts";
import { changeChat, moveReadTo } from "../store/messages.ts";
import { noteRead } from "./receipts.ts";
import type { Telling } from "./telling.ts";

export class ReadPositions {
  readonly #account: Account;
  readonly #telling: Telling;

  constructor(account: Account, telling: Telling) {
    this.#account = account;
    this.#telling = telling;
  }

  /**
   * The person has seen everything up to here. Settles when that is stored (lost with the power, it is unread again); the
   * object is told in the background.
   */
  async move(chat: BareJid, position: Position): Promise<void> {
    const { store, cache } = this.#account;
    if ((cache.chats.get(chat)?.readTo ?? NOTHING_READ) >= position) return;
    await store.note(async (unit) => {
      await moveReadTo(unit, chat, position);
      await changeChat(unit, chat, { untold: position });
      await noteRead(unit, chat, position);
    });
    this.#telling.soon();
  }
}
