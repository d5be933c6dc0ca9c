/**
 * Drafts and own names (`sealed/`), whose code is in the engine's second script: what is written is noted here and told by that,
 * which looks at what is so when it comes. Until then, and where it cannot be had, it stays in this browser.
 */
import type { SealedName } from "../../../worker/contract/choices.ts";
import type { BareJid } from "../../../worker/contract/names.ts";
import type { Account } from "../account.ts";
import type { Choices } from "../choices/choices.ts";
import type { SealedChoices } from "../sealed/sealed-choices.ts";
import type { Outbox } from "../sending/outbox.ts";
import type { ChatRow } from "../store/conversation-rows.ts";
import { choiceKeyOf } from "../store/people-rows.ts";
import { changeChat, chatOf } from "../store/messages.ts";
import type { LoadLater } from "./later.ts";
import { objectNow } from "../object/object-clock.ts";

export class Sealed {
  readonly #account: Account;
  readonly #choices: Choices;
  readonly #outbox: Outbox;
  readonly #load: LoadLater;
  #here: SealedChoices | undefined;

  constructor(account: Account, choices: Choices, outbox: Outbox, load: LoadLater) {
    this.#account = account;
    this.#choices = choices;
    this.#outbox = outbox;
    this.#load = load;
  }

  /** The person has written, or named, something here. */
  async changed(chat: BareJid, name: SealedName, change: Partial<ChatRow>): Promise<void> {
    const { store, cache } = this.#account;
    const cleared = !Object.values(change).some(Boolean);
    const told = cache.choices.has(choiceKeyOf({ chat, name }));
    await store.note(async (unit) => {
      const { sealed } = await chatOf(unit, chat);
      const at = Math.max(objectNow(), (sealed?.[name]?.at ?? 0) + 1);
      // What never left is not taken back.
      const state = cleared && !told ? { at } : { at, untold: true as const };
      await changeChat(unit, chat, { ...change, sealed: { ...sealed, [name]: state } });
    });
    // What was sent stands nowhere else any longer than it must.
    if (!cleared) this.#with((here) => here.later());
    else if (told) this.flush();
  }

  /** Somebody leaves: the pause is over. */
  flush(): void {
    this.#here?.flush();
  }

  heard(all: boolean): void {
    this.#with((here) => here.heard(all));
  }

  /** The account's browsers, or what is known of them, are others. */
  look(): void {
    this.#with((here) => here.look());
  }

  stop(): void {
    this.#here?.stop();
  }

  #with(act: (here: SealedChoices) => void): void {
    // Of a single browser nothing is told.
    if (this.#account.live.browsers.length < 2) return;
    if (this.#here !== undefined) act(this.#here);
    else this.#account.store.inBackground(this.#begin());
  }

  async #begin(): Promise<void> {
    const part = await this.#load();
    if (part === undefined || this.#account.store.closed || this.#here !== undefined) return;
    this.#here = new part.SealedChoices(this.#account, this.#choices, this.#outbox);
    this.#here.heard(true);
  }
}
