/** What this browser holds of the sealed copy on its disk: the key, and what is known of each chunk. */
import type { CopyToken } from "../../../worker/contract/copy.ts";
import type { Failure } from "../../../worker/contract/failures.ts";
import type { Account } from "../account.ts";
import type { CopyRow } from "../store/schema.ts";

export class Holding {
  readonly #account: Account;

  constructor(account: Account) {
    this.#account = account;
  }

  /** Undefined: this browser has nothing to do with it. */
  get row(): CopyRow | undefined {
    const row = this.#account.cache.meta.get("copy");
    return row?.name === "copy" ? row : undefined;
  }

  /** Of the copy that the object has; undefined where this browser has not its key. */
  get token(): CopyToken | undefined {
    const { row } = this;
    return row?.generation === this.#account.live.copy?.copy?.generation ? row?.token : undefined;
  }

  /** In the place of whatever was held; undefined: nothing any more. */
  async become(row: CopyRow | undefined): Promise<void> {
    const { store } = this.#account;
    const chunks = await store.database.getAllKeys("copies");
    await store.work(async (unit) => {
      for (const chunk of chunks) unit.delete("copies", chunk);
      if (row === undefined) unit.delete("meta", "copy");
      else unit.put("meta", row);
    });
  }

  async change(change: (row: CopyRow) => CopyRow): Promise<void> {
    await this.#account.store.work(async (unit) => {
      const row = await unit.meta("copy");
      if (row !== undefined) unit.put("meta", change(row));
    });
  }

  /** Begins it in the object, where that is still to be done. Undefined: the object has it. */
  async begin(): Promise<Failure | undefined> {
    const { generation, token, begins } = this.row ?? {};
    if (generation === undefined || token === undefined || begins === undefined) return undefined;
    const { manifest, passkey } = begins;
    const about = { generation, token, manifest, ...(passkey !== undefined && { passkey }) };
    const answer = await this.#account.remote.call("copyBegin", about);
    if (!answer.ok) return answer.error;
    await this.change((row) => {
      if (row.generation !== generation) return row;
      const { begins: _begins, ...begun } = row;
      return { ...begun, number: Math.max(1, row.number) };
    });
    return undefined;
  }
}
