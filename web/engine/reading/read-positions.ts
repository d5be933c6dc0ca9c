/** How far this account has read in each conversation; the object is told, and tells the other browsers. */
import type { BareJid, Position } from "../../../worker/contract.ts";
import type { Account } from "../account.ts";
import { NOTHING_READ } from "../protocol/conversations.ts";
import { changeChat, chatOf, moveReadTo } from "../store/messages.ts";
import type { Receipts } from "./receipts.ts";

export class ReadPositions {
  readonly #account: Account;
  readonly #receipts: Receipts;

  constructor(account: Account, receipts: Receipts) {
    this.#account = account;
    this.#receipts = receipts;
  }

  /** The person has seen everything up to here. Settles when that is stored; the object is told in the background. */
  async move(chat: BareJid, position: Position): Promise<void> {
    const { store, cache } = this.#account;
    if ((cache.chats.get(chat)?.readTo ?? NOTHING_READ) >= position) return;
    await store.work(async (unit) => {
      await moveReadTo(unit, chat, position);
      await changeChat(unit, chat, { untold: position });
    });
    store.inBackground(this.tell());
    store.inBackground(this.#receipts.read(chat, position));
  }

  /** Tells the object every position that it has not been told; what it cannot take now stays for the next time. */
  async tell(): Promise<void> {
    const { store, cache, remote } = this.#account;
    for (const { jid, untold } of [...cache.chats.values()]) {
      if (untold === undefined) continue;
      const answer = await remote.call("read", { chat: jid, position: untold });
      if (!answer.ok && answer.error.kind !== "malformed") return;
      await store.work(async (unit) => {
        if ((await chatOf(unit, jid)).untold === untold) await changeChat(unit, jid, { untold: undefined });
      });
    }
  }
}
