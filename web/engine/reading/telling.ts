/**
 * Telling the object what was decrypted and read here: receipts, so that it can tell the senders (XEP-0184, XEP-0333), and
 * how far the person has read, so that it can tell the other browsers. What comes up within a moment is told in one call:
 * a message that arrives in front of somebody is decrypted and read at once, and it need not be three.
 */
import type { ReadingArguments } from "../../../worker/contract/calls.ts";
import type { Receipt } from "../../../worker/contract/entries.ts";
import { LIMITS } from "../../../worker/contract/limits.ts";
import type { EntryId } from "../../../worker/contract/names.ts";
import { Mutex } from "../../../worker/shared/mutex.ts";
import type { Account } from "../account.ts";
import { changeChat, chatOf } from "../store/messages.ts";

/**
 * That something was told is stored with what comes next, which takes it along whenever there is more to tell; else it would
 * be told once more, to no effect.
 */
const TOLD_WITHIN_MS = 3_000;

export class Telling {
  readonly #account: Account;
  readonly #linked: () => boolean;
  readonly #running = new Mutex();
  #soon: ReturnType<typeof setTimeout> | undefined;

  /** `linked`: whether the object can pass receipts on, as far as is known here. */
  constructor(account: Account, linked = () => account.live.linked) {
    this.#account = account;
    this.#linked = linked;
    account.store.onCommit(({ receipts }) => receipts && this.soon());
  }

  /** `tell`, in the background, with what else comes up until then. */
  soon(): void {
    this.#soon ??= setTimeout(() => {
      this.#soon = undefined;
      this.#account.store.inBackground(this.tell());
    }, this.#account.delays.tellMs);
  }

  /** What was not told is stored, and told by the next engine. */
  stop(): void {
    clearTimeout(this.#soon);
  }

  /** Gives the object all that is pending; what it cannot take now stays for the next time. */
  tell(): Promise<void> {
    return this.#running.run(async () => {
      while (await this.#tellSome());
    });
  }

  /** Answers whether there may be more. */
  async #tellSome(): Promise<boolean> {
    if (this.#account.store.closed) return false;
    const pending = await this.#pending();
    const most = Math.max(...Object.values(pending).map(({ length }) => length));
    if (most === 0) return false;
    const answer = await this.#account.remote.call("reading", pending);
    // An object that refuses them would do so again; one that cannot be reached will be asked again.
    if (!answer.ok && answer.error.kind !== "malformed") return false;
    const receipts = !answer.ok || answer.value.receipts;
    const more = receipts && most === LIMITS.receipts;
    await this.#forget(receipts ? pending : { ...pending, delivered: [], read: [] }, more ? 0 : TOLD_WITHIN_MS);
    return more;
  }

  /** Positions at any time; receipts only while the object is where it can pass them on. */
  async #pending(): Promise<ReadingArguments> {
    const { store, cache } = this.#account;
    const owed = this.#linked() ? ((await store.work((unit) => unit.meta("receipts")))?.owed ?? []) : [];
    const of = (state: Receipt): readonly EntryId[] =>
      owed.flatMap((one) => (one.state === state ? one.message : [])).slice(0, LIMITS.receipts);
    const untold = [...cache.chats.values()].flatMap(({ jid, untold: position }) =>
      position === undefined ? [] : { chat: jid, position },
    );
    return { delivered: of("delivered"), read: of("read"), positions: untold.slice(0, LIMITS.receipts) };
  }

  /** The object tells each sender once, and moves a position only forward, however often it is told. */
  #forget({ delivered, read, positions }: ReadingArguments, withinMs: number): Promise<void> {
    const told: Readonly<Record<Receipt, ReadonlySet<EntryId>>> = {
      delivered: new Set(delivered),
      read: new Set(read),
    };
    return this.#account.store.along(async (unit) => {
      if (delivered.length + read.length > 0) {
        const owed = (await unit.meta("receipts"))?.owed ?? [];
        unit.put("meta", { name: "receipts", owed: owed.filter(({ state, message }) => !told[state].has(message)) });
      }
      for (const { chat, position } of positions)
        if ((await chatOf(unit, chat)).untold === position) await changeChat(unit, chat, { untold: undefined });
    }, withinMs);
  }
}
