/** Older messages on demand: asks the object, and waits for the rows, which come as entries of the log. */
import type { Result } from "../../../worker/contract/failures.ts";
import type { BareJid } from "../../../worker/contract/names.ts";
import type { Account } from "../account.ts";
import { changeChat } from "../store/messages.ts";
import type { Unit } from "../store/unit.ts";
import type { Touched } from "../store/touched.ts";

/** The answer comes over HTTPS and the entries over the socket: so long entries are waited for after the answer. */
const ENTRIES_WITHIN_MS = 3_000;
/** Entries of one page follow each other closely: after a pause of this length they are all here. */
const PAUSE_MS = 150;

type Older = { readonly complete: boolean; readonly found: boolean };

const known = new WeakMap<Account, History>();

/** Of an account at work: made with the first question. */
export function historyOf(account: Account): History {
  const history = known.get(account) ?? new History(account);
  known.set(account, history);
  return history;
}

class History {
  readonly #account: Account;
  readonly #asked = new Map<BareJid, Promise<Result<Older>>>();
  readonly #watches = new Map<BareJid, (shown: boolean) => void>();

  constructor(account: Account) {
    this.#account = account;
    account.store.onCommit((touched) => this.#committed(touched));
  }

  /**
   * Fetches what stands in the archive before the oldest row; asks once, however many pages wait for it. Settles when the
   * rows are stored; fails with `offline`, `peer-refused`.
   */
  older(chat: BareJid): Promise<Result<Older>> {
    const running = this.#asked.get(chat) ?? this.#ask(chat).finally(() => this.#asked.delete(chat));
    this.#asked.set(chat, running);
    return running;
  }

  #committed(touched: Touched): void {
    for (const [chat, { rows }] of touched.messages) this.#watches.get(chat)?.(rows.some(({ hidden }) => hidden === 0));
  }

  async #ask(chat: BareJid): Promise<Result<Older>> {
    const arrival = this.#watch(chat);
    try {
      const answer = await this.#account.remote.call("older", { chat });
      if (!answer.ok) return answer;
      const { complete } = answer.value;
      if (complete) await this.#account.store.work((unit) => this.#rememberEnd(unit, chat));
      // At the end of the archive there may be no more entries, so they are not waited for that long.
      const found = await arrival.settled(complete ? PAUSE_MS : ENTRIES_WITHIN_MS);
      return { ok: true, value: { complete, found } };
    } finally {
      this.#watches.delete(chat);
    }
  }

  /** Looking at somebody's request does not begin a conversation with them. */
  async #rememberEnd(unit: Unit, chat: BareJid): Promise<void> {
    if ((await unit.get("chats", chat)) !== undefined) await changeChat(unit, chat, { complete: true });
  }

  /** Notes rows from now on; `settled` waits until some came and no more follow, and tells whether any is shown. */
  #watch(chat: BareJid): { readonly settled: (withinMs: number) => Promise<boolean> } {
    let stored = 0;
    let found = false;
    let wake = (): void => undefined;
    this.#watches.set(chat, (shown) => {
      stored += 1;
      found ||= shown;
      wake();
    });
    const pause = (ms: number) =>
      new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    return {
      settled: async (withinMs) => {
        if (stored === 0) await pause(withinMs);
        for (let seen = -1; stored > 0 && seen !== stored && !this.#account.store.closed; ) {
          seen = stored;
          await pause(PAUSE_MS);
        }
        return found;
      },
    };
  }
}
