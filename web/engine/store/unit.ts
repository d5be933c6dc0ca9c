/**
 * A unit of work: reads come from the database with this unit's own writes laid over it, writes are kept in memory and
 * become one strict transaction. An IndexedDB transaction does not survive waiting for WebCrypto, and a ratchet step must
 * never be stored without what it produced; so: read, compute, then commit everything or nothing.
 */
import type { BareJid, Position } from "../../../worker/contract/names.ts";
import { type Before, Cache, type Change, type SmallStore, type Write } from "./cache.ts";
import type { MessageLookup, MessageRow } from "./conversation-rows.ts";
import type { Database } from "./database.ts";
import { keyOf, type MetaName, type MetaRow, type RowKey, type Rows, type StoreName } from "./schema.ts";

/** Another engine has opened the database for writing: this one must not write any more. */
export class SupersededError extends Error {
  override readonly name = "SupersededError";
}

/** The disk refused the unit (it may be full); nothing of it was stored, and the same may succeed later. */
export class CommitError extends Error {
  override readonly name = "CommitError";
}

/** Rows of these may be lost with the power where the object would tell them again, or be told again. */
const REPAIRABLE: ReadonlySet<StoreName> = new Set(["messages", "outbox", "chats", "sheets"]);

export type Wanted = {
  readonly fits: (row: MessageRow) => boolean;
  readonly upTo?: Position;
  readonly within?: number;
};

/** By an index, or by the key of the row. */
export type Lookup = readonly [lookup: MessageLookup | "key", value: string];

export class Unit {
  readonly #database: Database;
  readonly #generation: number;
  readonly #cache: Cache;
  readonly #writes = new Map<StoreName, Map<RowKey, Write>>();
  readonly #from = new Map<BareJid, { readonly from: Position; readonly rows: readonly MessageRow[] }>();
  readonly #ahead = new Map<string, readonly MessageRow[]>();
  #store: ReturnType<typeof openMessages> | undefined;

  constructor(database: Database, generation: number, cache = new Cache(database)) {
    this.#database = database;
    this.#generation = generation;
    this.#cache = cache;
  }

  async get<S extends StoreName>(store: S, key: RowKey): Promise<Rows[S] | undefined> {
    const write = this.#writes.get(store)?.get(key);
    if (write !== undefined) return write.row as Rows[S] | undefined;
    if (store === "messages") return (await this.#messageAt(String(key))) as Rows[S] | undefined;
    if (store === "sheets") return (await this.#database.get("sheets", key)) as Rows[S] | undefined;
    if (store === "copies") return (await this.#database.get("copies", Number(key))) as Rows[S] | undefined;
    const rows: ReadonlyMap<RowKey, unknown> = await this.#cache.of(store as SmallStore);
    return rows.get(key) as Rows[S] | undefined;
  }

  async meta<N extends MetaName>(name: N): Promise<Extract<MetaRow, { name: N }> | undefined> {
    return (await this.get("meta", name)) as Extract<MetaRow, { name: N }> | undefined;
  }

  /** Every row of a small store, this unit's own writes included. */
  async all<S extends SmallStore>(store: S): Promise<readonly Rows[S][]> {
    const rows: ReadonlyMap<RowKey, Rows[S]> = await this.#cache.of(store);
    const writes = this.#writes.get(store);
    if (writes === undefined) return [...rows.values()];
    const kept = [...rows].flatMap(([key, row]) => (writes.has(key) ? [] : [row]));
    for (const { row } of writes.values()) if (row !== undefined) kept.push(row as Rows[S]);
    return kept;
  }

  /** Chunks of the sealed copy of which something was known before this unit. */
  chunks(): Promise<readonly number[]> {
    return this.#database.getAllKeys("copies");
  }

  /** Reads what many lookups will find, in one transaction: each by itself costs a round trip to the database. */
  async lookAhead(lookups: readonly Lookup[]): Promise<void> {
    if (lookups.length === 0) return;
    const store = this.#database.transaction("messages").store;
    // Whoever gives all of their messages one id has them read once.
    const named = new Map(lookups.map((lookup) => [nameOf(...lookup), lookup]));
    await Promise.all(
      [...named].map(async ([name, [lookup, value]]) => {
        this.#ahead.set(name, await rowsOf(store, lookup, value));
      }),
    );
  }

  /** Messages whose field has this value. */
  async messages(lookup: MessageLookup, value: string): Promise<readonly MessageRow[]> {
    const name = nameOf(lookup, value);
    const rows = this.#ahead.get(name) ?? (await this.#reading().index(lookup).getAll(value));
    this.#ahead.set(name, rows);
    const kept = rows.filter(({ key }) => !this.#hasWritten(key));
    for (const row of this.#written()) if (isCalled(row[lookup], value)) kept.push(row);
    return kept;
  }

  async message(lookup: MessageLookup, value: string): Promise<MessageRow | undefined> {
    return (await this.messages(lookup, value))[0];
  }

  /** The newest shown message of a conversation; a correction on its way is none. */
  newest(chat: BareJid): Promise<MessageRow | undefined> {
    // What a room says of itself is nobody's last word.
    const fits = ({ edits, body }: MessageRow) =>
      edits === undefined && (body.kind === "text" || body.reason !== "room");
    return this.newestOf(chat, { fits });
  }

  /** Whether a message is surely the last of its conversation; false: that has to be looked up. */
  isLast(row: MessageRow): boolean {
    if (!this.#cache.isLast(row)) return false;
    return ![...this.#written()].some(
      ({ key, chat, position }) => key !== row.key && chat === row.chat && position > row.position,
    );
  }

  /** The newest shown message up to a position that fits; `within`: of so many rows on the disk. */
  async newestOf(chat: BareJid, { fits, upTo, within }: Wanted): Promise<MessageRow | undefined> {
    const index = this.#database.transaction("messages").store.index("timeline");
    let best: MessageRow | undefined;
    let looked = 0;
    const range = IDBKeyRange.bound([chat, 0], upTo === undefined ? [chat, 1] : [chat, 0, upTo]);
    for (let cursor = await index.openCursor(range, "prev"); cursor !== null; cursor = await cursor.continue()) {
      const row = cursor.value;
      looked += 1;
      if (!this.#hasWritten(row.key) && fits(row)) best = row;
      if (best !== undefined || looked === within) break;
    }
    for (const row of this.#written()) {
      const shown = row.chat === chat && row.hidden === 0 && row.position <= (upTo ?? row.position) && fits(row);
      if (shown && (best === undefined || row.position >= best.position)) best = row;
    }
    return best;
  }

  /** Shown messages about a place, so many before and after it. */
  async around(chat: BareJid, position: Position, within: number): Promise<readonly MessageRow[]> {
    const index = this.#database.transaction("messages").store.index("timeline");
    const rows = new Map<string, MessageRow>();
    for (const direction of ["prev", "next"] as const) {
      const range =
        direction === "prev"
          ? IDBKeyRange.bound([chat, 0], [chat, 0, position])
          : IDBKeyRange.bound([chat, 0, position], [chat, 1]);
      let left = within;
      for (
        let cursor = await index.openCursor(range, direction);
        cursor && left > 0;
        cursor = await cursor.continue()
      ) {
        rows.set(cursor.value.key, cursor.value);
        left -= 1;
      }
    }
    const stored = [...rows.values()].filter(({ key }) => !this.#hasWritten(key));
    return [...stored, ...[...this.#written()].filter((row) => row.chat === chat && row.hidden === 0)];
  }

  /** Shown messages from a position on, so many at most. */
  async from(chat: BareJid, position: Position, most: number): Promise<readonly MessageRow[]> {
    const before = this.#from.get(chat);
    const left = before?.rows.filter((row) => row.position >= position) ?? [];
    // Read once for all that a flood asks about one after the other.
    const enough =
      before !== undefined && before.from <= position && (before.rows.length < most || left.length * 2 > most);
    const range = IDBKeyRange.bound([chat, 0, position], [chat, 1]);
    const rows = enough ? left : await this.#database.getAllFromIndex("messages", "timeline", range, most);
    if (!enough) this.#from.set(chat, { from: position, rows });
    const written = [...this.#written()].filter((row) => row.chat === chat && row.hidden === 0);
    return [...rows.filter(({ key }) => !this.#hasWritten(key)), ...written.filter((row) => row.position >= position)];
  }

  /** The rows up to a position that count as unread while they stand above the read position. */
  async counted(chat: BareJid, upTo: Position): Promise<readonly MessageRow[]> {
    const range = IDBKeyRange.bound([chat, 1], [chat, 1, upTo]);
    const rows = await this.#database.getAllFromIndex("messages", "unread", range);
    return rows.filter(({ key }) => !this.#hasWritten(key));
  }

  /** `before`: what stands there now, for a caller who has looked. */
  put<S extends StoreName>(store: S, row: Rows[S], before?: Before<S>): void {
    const key = keyOf(store, row);
    this.#write({ store, key, row, before });
  }

  /** `deleted`: the row as it was, for whoever hears of the commit. */
  delete<S extends StoreName>(store: S, key: RowKey, deleted?: Rows[S]): void {
    this.#write({ store, key, row: undefined, deleted, before: deleted && { row: deleted } });
  }

  /** What this unit writes, at most one change a row. */
  get changes(): readonly Change[] {
    return [...this.#writes.values()].flatMap((writes) => [...writes.values()]) as readonly Change[];
  }

  /** Runs a job within this unit. Where it throws, nothing of it is written, and what was written before it stays. */
  async part(job: (unit: Unit) => Promise<void>): Promise<void> {
    const before = [...this.#writes].map(([store, writes]) => [store, new Map(writes)] as const);
    try {
      await job(this);
    } catch (error) {
      this.#writes.clear();
      for (const [store, writes] of before) this.#writes.set(store, writes);
      throw error;
    }
  }

  /**
   * Everything or nothing, on the disk when it returns; `relaxed`: in the hands of the operating system, which may still
   * lose it with the power. Throws `SupersededError` when another writer has taken over, a TypeError for what may not be
   * relaxed.
   */
  async commit(durability: "strict" | "relaxed" = "strict"): Promise<void> {
    if (this.#writes.size === 0) return;
    if (durability === "relaxed") this.#checkRepairable();
    const stores = new Set<StoreName>(["meta", ...this.#writes.keys()]);
    const transaction = this.#database.transaction([...stores], "readwrite", { durability });
    const done = transaction.done.then(
      () => undefined,
      (error: unknown) => error ?? new DOMException("aborted", "AbortError"),
    );
    const requests: Promise<unknown>[] = [];
    const check = transaction.objectStore("meta").get("generation");
    try {
      for (const { store, key, row } of this.changes) {
        // Row and store belong together by the type of `Change`; TypeScript loses the link when it indexes.
        const target = transaction.objectStore(store) as unknown as AnyStore;
        requests.push(row === undefined ? target.delete(key) : target.put(row));
      }
    } catch (error) {
      // A value that cannot be cloned throws here, and what was asked before would commit by itself.
      transaction.abort();
      await Promise.allSettled([...requests, check, done]);
      throw error;
    }
    const settled = Promise.allSettled(requests);
    const generation = await check;
    const superseded = generation?.name !== "generation" || generation.value !== this.#generation;
    if (superseded) transaction.abort();
    await settled;
    const error = await done;
    if (superseded) throw new SupersededError("another engine writes");
    if (error !== undefined) throw error;
  }

  /** A key used twice, or an entry that was acknowledged and is gone, is repaired by nobody. */
  #checkRepairable(): void {
    for (const { store, key } of this.changes) {
      const fits = REPAIRABLE.has(store) || (store === "meta" && key === "receipts");
      if (!fits) throw new TypeError(`${store} is not written relaxed`);
    }
  }

  async #messageAt(key: string): Promise<MessageRow | undefined> {
    const ahead = this.#ahead.get(nameOf("key", key));
    return ahead === undefined ? this.#reading().get(key) : ahead[0];
  }

  /** A message is looked up under several names at once; opening a transaction for each costs more than the look. */
  #reading(): ReturnType<typeof openMessages> {
    const store = this.#store ?? openMessages(this.#database);
    if (this.#store === undefined) {
      this.#store = store;
      // It takes requests until control goes back to the browser.
      queueMicrotask(() => {
        this.#store = undefined;
      });
    }
    return store;
  }

  #write(write: Write): void {
    const writes = this.#writes.get(write.store) ?? new Map<RowKey, Write>();
    this.#writes.set(write.store, writes);
    const earlier = writes.get(write.key);
    writes.set(write.key, earlier === undefined ? write : { ...write, before: earlier.before });
  }

  #hasWritten(message: string): boolean {
    return this.#writes.get("messages")?.has(message) === true;
  }

  *#written(): Generator<MessageRow> {
    for (const { row } of this.#writes.get("messages")?.values() ?? []) if (row) yield row as MessageRow;
  }
}

type AnyStore = { put(row: unknown): Promise<unknown>; delete(key: RowKey): Promise<unknown> };

function openMessages(database: Database) {
  return database.transaction("messages").store;
}

async function rowsOf(
  store: ReturnType<typeof openMessages>,
  lookup: Lookup[0],
  value: string,
): Promise<readonly MessageRow[]> {
  return lookup === "key" ? store.getAll(value) : store.index(lookup).getAll(value);
}

function isCalled(field: string | readonly string[] | undefined, value: string): boolean {
  return typeof field === "string" ? field === value : field?.includes(value) === true;
}

function nameOf(lookup: Lookup[0], value: string): string {
  return `${lookup}\n${value}`;
}
