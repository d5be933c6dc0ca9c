/**
 * Messages that cost too much to be opened with the page they came in: one after the other, each in a turn of its own, and
 * after each of one sender one of the next, so that nobody's messages wait for what somebody has sent to be a burden (S1).
 */
import { report } from "../../../worker/shared/report.ts";
import type { Account } from "../account.ts";
import type { Self } from "../omemo/sessions.ts";
import { takeTransports } from "../omemo/unproven.ts";
import { openSealed, show, tryAgain } from "./opening.ts";
import { costlyKeyOf, costlySender, type MessageRow } from "../store/conversation-rows.ts";
import type { DeviceAddress } from "../store/device-rows.ts";
import { putMessage } from "../store/messages.ts";
import type { Unit } from "../store/unit.ts";
import { CommitError } from "../store/unit.ts";
import type { BareJid, DeviceId } from "../../../worker/contract/names.ts";

/** Behind every sender. */
const LAST = "\uffff" as BareJid;
const FIRST = "" as BareJid;

export class CostlyMessages {
  readonly #account: Account;
  #running = false;
  #again = false;
  #stopped = false;
  /** Whose turn it was. */
  #sender = FIRST;

  constructor(account: Account) {
    this.#account = account;
    account.store.onCommit(({ held }) => held && this.wake());
  }

  /** Works through what there is, unless that is being done. */
  wake(): void {
    this.#again = true;
    if (this.#running || this.#stopped) return;
    this.#running = true;
    const done = this.#run().finally(() => {
      this.#running = false;
    });
    this.#account.store.inBackground(done);
  }

  stop(): void {
    this.#stopped = true;
  }

  async #run(): Promise<void> {
    const { store, self } = this.#account;
    while (this.#again && !this.#stopped) {
      this.#again = false;
      for (let key = await this.#next(); key !== undefined && !this.#stopped; key = await this.#next()) {
        await this.#open(key);
      }
      while (!this.#stopped && (await store.work((unit) => openTransport(unit, self))));
    }
  }

  async #open(key: string): Promise<void> {
    const { store, self } = this.#account;
    try {
      await store.work((unit) => openRow(unit, self, key));
    } catch (error) {
      if (store.closed || error instanceof CommitError) throw error;
      report("a message could not be read", error);
      // Those behind it would wait for ever.
      await store.work((unit) => giveUp(unit, key));
    }
  }

  /** The next message of the sender who comes after the one before. */
  async #next(): Promise<string | undefined> {
    const index = this.#account.store.database.transaction("messages").store.index("retryKey");
    const end = costlyKeyOf(LAST);
    const found =
      (await index.openKeyCursor(IDBKeyRange.bound(costlyKeyOf(this.#sender), end, true))) ??
      (await index.openKeyCursor(IDBKeyRange.bound(costlyKeyOf(FIRST), end)));
    if (found === null) return undefined;
    this.#sender = costlySender(found.key) ?? FIRST;
    return found.primaryKey;
  }
}

async function openRow(unit: Unit, self: Self, key: string): Promise<void> {
  const row = await unit.get("messages", key);
  const from = row && writerOf(row);
  if (row === undefined || costlySender(row.retryKey) === undefined) return;
  if (from === undefined || row.sealed === undefined) return giveUp(unit, key);
  await tryAgain(unit, self, from, row, { alone: true });
}

/** True: there was one. */
async function openTransport(unit: Unit, self: Self): Promise<boolean> {
  let found = false;
  const [held] = await takeTransports(unit, ({ why }) => {
    const first = why === "costly" && !found;
    found ||= first;
    return first;
  });
  if (held === undefined) return false;
  await openSealed(unit, self, held.jid, held.omemo, { alone: true });
  return true;
}

async function giveUp(unit: Unit, key: string): Promise<void> {
  const row = await unit.get("messages", key);
  if (row === undefined || row.body.kind === "text") return;
  const body = { kind: "reason", reason: "malformed" } as const;
  await putMessage(unit, show({ ...row, body, retryKey: undefined, sealed: undefined }));
}

/** Whose device made the ciphertext of a row. */
function writerOf({ cipherKey }: MessageRow): DeviceAddress | undefined {
  const address = cipherKey?.split("\n")[0];
  const at = address?.lastIndexOf(".") ?? -1;
  if (address === undefined || at < 0) return undefined;
  return { jid: address.slice(0, at) as BareJid, device: Number(address.slice(at + 1)) as DeviceId };
}
