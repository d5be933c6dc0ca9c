/**
 * The small stores of an account in memory, each read whole when it is first needed. There is one writer and it commits
 * one unit at a time, so what was committed is what is on the disk; a writer that was superseded reads old rows here, and
 * can commit nothing that it makes of them. Messages are never copied: they are many and are looked up by index.
 */
import type { Database } from "./database.ts";
import type { RowKey, Rows, StoreName } from "./schema.ts";

export type SmallStore = Exclude<StoreName, "messages">;

export type Write<S extends StoreName = StoreName> = {
  readonly store: S;
  readonly key: RowKey;
  readonly row: Rows[S] | undefined;
  readonly deleted?: Rows[S];
};

/** One committed change; `row` is undefined when it was deleted, `deleted` then says what it was, where that was known. */
export type Change = { [S in StoreName]: Write<S> }[StoreName];

export class Copy {
  readonly #stores = new Map<SmallStore, Promise<Map<RowKey, unknown>>>();

  /** All rows of a store by key. Rows are shared: nobody changes one in place. */
  of<S extends SmallStore>(database: Database, store: S): Promise<ReadonlyMap<RowKey, Rows[S]>> {
    let rows = this.#stores.get(store);
    if (rows === undefined) {
      rows = load(database, store);
      this.#stores.set(store, rows);
      // A read that failed is tried again; whoever waited for it is told.
      rows.catch(() => this.#stores.delete(store));
    }
    return rows as Promise<Map<RowKey, Rows[S]>>;
  }

  /** Takes over what has been committed. */
  async apply(changes: readonly Change[]): Promise<void> {
    for (const { store, key, row } of changes) {
      if (store === "messages") continue;
      const rows = await this.#stores.get(store);
      if (row === undefined) rows?.delete(key);
      else rows?.set(key, row);
    }
  }
}

async function load(database: Database, store: SmallStore): Promise<Map<RowKey, unknown>> {
  const transaction = database.transaction(store);
  const [keys, rows] = await Promise.all([transaction.store.getAllKeys(), transaction.store.getAll()]);
  return new Map(keys.map((key, at) => [key as RowKey, rows[at] as unknown]));
}
