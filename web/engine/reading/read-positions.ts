/** How far this account has read in each conversation; the object is told, and tells the other browsers. */
import type { BareJid, Position } from "../../../worker/contract.ts";
import type { Account } from "../account.ts";
import { NOTHING_READ } from "../protocol/conversations.ts";
import { changeChat, chatOf, moveReadTo } from "../store/messages.ts";
import { noteRead } from "./receipts.ts";

export class ReadPositions {
  readonly #account: Account;

  constructor(account: Account) {
    this.#account = account;
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
    store.inBackground(this.tell());
  }

  /** Tells the object every position that it has not been told; what it cannot take now stays for the next time. */
  async tell(): Promise<void> {
    const { store, cache, remote } = this.#account;
    for (const { jid, untold } of [...cache.chats.values()]) {
      if (untold === undefined) continue;
      const answer = await remote.call("read", { chat: jid, position: untold });
      if (!answer.ok && answer.error.kind !== "malformed") return;
      await store.note(async (unit) => {
        if ((await chatOf(unit, jid)).untold === untold) await changeChat(unit, jid, { untold: undefined });
      });
    }
  }
}
