/**
 * The small stores of an account in memory: what pages are answered from is read when the account is opened, the others
 * when they are first needed, each whole and once. There is one writer and it commits one unit at a time, so what was
 * committed is what is on the disk; a writer that was superseded reads old rows here, and can commit nothing that it makes
 * of them. Messages are not kept: they are many and are looked up by index, only their counts are.
 */
import type { BareJid, Position } from "../../../worker/contract/names.ts";
import { NOTHING_READ } from "../protocol/conversations.ts";
import type { Database } from "./database.ts";
import type { MessageRow } from "./conversation-rows.ts";
import { Places } from "./places.ts";
import { type AccountSchema, keyOf, type RowKey, type Rows, type StoreName, type Unproven } from "./schema.ts";

export type SmallStore = Exclude<StoreName, "messages" | "sheets" | "copies">;

export type Write<S extends StoreName = StoreName> = {
  readonly store: S;
  readonly key: RowKey;
  readonly row: Rows[S] | undefined;
  readonly deleted?: Rows[S];
  /** What stood there before the unit, where whoever wrote had looked. */
  readonly before?: Before<S>;
};

/** A row, or that there was none. */
export type Before<S extends StoreName = StoreName> = { readonly row: Rows[S] | undefined };

/** One committed change; `row` is undefined when it was deleted, `deleted` then says what it was, where that was known. */
export type Change = { [S in StoreName]: Write<S> }[StoreName];

export type Counts = { readonly unread: number; readonly beforeDevice: number };

/** Rows of one store by key. Rows are shared: nobody changes one in place. */
type Held<S extends SmallStore> = ReadonlyMap<AccountSchema[S]["key"], Rows[S]>;

const READ_AT_OPENING = [
  "meta",
  "chats",
  "contacts",
  "deviceLists",
  "pins",
  "notices",
  "gaps",
  "rooms",
  "outbox",
  "choices",
] as const satisfies readonly SmallStore[];

type Opened = (typeof READ_AT_OPENING)[number];

export class Cache {
  readonly #database: Database;
  readonly #stores = new Map<SmallStore, Map<RowKey, unknown>>();
  readonly #loading = new Map<SmallStore, Promise<Map<RowKey, unknown>>>();
  readonly counts = new Map<BareJid, Counts>();
  #places: Places | undefined;
  /** The read position above which each was counted. */
  readonly #countedFrom = new Map<BareJid, Position>();
  /** Counts that a commit may have made wrong. */
  readonly #uncertain = new Set<BareJid>();

  constructor(database: Database) {
    this.#database = database;
  }

  /** With everything that the getters below give. */
  static async open(database: Database): Promise<Cache> {
    const cache = new Cache(database);
    const transaction = database.transaction(READ_AT_OPENING);
    await Promise.all(
      READ_AT_OPENING.map(async (name) => {
        cache.#stores.set(name, byKey(name, await transaction.objectStore(name).getAll()));
      }),
    );
    cache.#places = new Places(cache.chats.values());
    await cache.count([...cache.chats.keys()]);
    return cache;
  }

  get meta(): Held<"meta"> {
    return this.#opened("meta");
  }

  get chats(): Held<"chats"> {
    return this.#opened("chats");
  }

  get contacts(): Held<"contacts"> {
    return this.#opened("contacts");
  }

  get deviceLists(): Held<"deviceLists"> {
    return this.#opened("deviceLists");
  }

  get pins(): Held<"pins"> {
    return this.#opened("pins");
  }

  get notices(): Held<"notices"> {
    return this.#opened("notices");
  }

  get gaps(): Held<"gaps"> {
    return this.#opened("gaps");
  }

  get rooms(): Held<"rooms"> {
    return this.#opened("rooms");
  }

  get outbox(): Held<"outbox"> {
    return this.#opened("outbox");
  }

  get choices(): Held<"choices"> {
    return this.#opened("choices");
  }

  /** This database is older than what was sent from it: nothing may be encrypted with its ratchets any more. */
  get behind(): boolean {
    return this.#opened("meta").has("behind");
  }

  /** Nothing is encrypted for devices of others that nobody has compared here. */
  get onlyVerified(): boolean {
    return this.#opened("meta").has("onlyVerified");
  }

  /** Devices that have written and were never met. */
  get unproven(): readonly Unproven[] {
    const row = this.#opened("meta").get("unproven");
    return row?.name === "unproven" ? row.devices : [];
  }

  /** All rows of a store; a promise only for one that has not been read yet. */
  of<S extends SmallStore>(store: S): Held<S> | Promise<Held<S>> {
    return (this.#stores.get(store) as Held<S> | undefined) ?? this.#load(store);
  }

  /** Whether a message, at this place, is surely the last one of those that were committed. */
  isLast({ key, chat, position }: MessageRow): boolean {
    return this.#places?.isLast(key, chat, position) === true;
  }

  /** Takes over what has been committed, counts included where the rows say what they change. */
  async apply(changes: readonly Change[]): Promise<void> {
    // What is being read may have been read before the commit.
    if (this.#loading.size > 0) await Promise.allSettled(this.#loading.values());
    for (const change of changes) {
      if (change.store === "messages") this.#places?.note(String(change.key), change.row, change.deleted);
      if (change.store === "messages" || change.store === "sheets" || change.store === "copies") continue;
      const { store, key, row } = change;
      const rows = this.#stores.get(store);
      if (row === undefined) rows?.delete(key);
      else rows?.set(key, row);
    }
    this.#countChanges(changes);
  }

  /** Counts again what is unread and what is left out in these conversations. */
  async count(chats: readonly BareJid[]): Promise<void> {
    if (chats.length === 0) return;
    const store = this.#database.transaction("messages").store;
    const [unread, timeline] = [store.index("unread"), store.index("timeline")];
    await Promise.all(
      chats.map(async (jid) => {
        const readTo = this.chats.get(jid)?.readTo ?? NOTHING_READ;
        const [unseen, hidden] = await Promise.all([
          unread.count(IDBKeyRange.bound([jid, 1, readTo], [jid, 2], true)),
          timeline.count(IDBKeyRange.bound([jid, 1], [jid, 2])),
        ]);
        this.counts.set(jid, { unread: unseen, beforeDevice: hidden });
        this.#countedFrom.set(jid, readTo);
        this.#uncertain.delete(jid);
      }),
    );
  }

  /** Whether the counts of a conversation are right: false until it has been counted again. */
  isCounted(jid: BareJid): boolean {
    return this.counts.has(jid) && !this.#uncertain.has(jid);
  }

  #countChanges(changes: readonly Change[]): void {
    const messages = new Map<BareJid, Write<"messages">[]>();
    for (const change of changes) {
      const jid = conversationOf(change);
      if (jid === undefined) continue;
      const list = messages.get(jid) ?? [];
      messages.set(jid, list);
      if (change.store === "messages") list.push(change);
    }
    for (const [jid, writes] of messages) this.#countWrites(jid, writes);
  }

  /** Counts by difference: a count on the disk costs a turn for each message. */
  #countWrites(jid: BareJid, writes: readonly Write<"messages">[]): void {
    const counts = this.counts.get(jid);
    const { readTo = NOTHING_READ, last } = this.chats.get(jid) ?? {};
    const from = this.#countedFrom.get(jid) ?? NOTHING_READ;
    // The last message has the highest position, so what is read up to it has nothing unread.
    const allRead = last !== undefined && last.position <= readTo;
    const sure = readTo === from || (readTo > from && (allRead || counts?.unread === 0));
    if (counts === undefined || !sure || writes.some(({ before }) => before === undefined)) this.#uncertain.add(jid);
    if (counts === undefined || this.#uncertain.has(jid)) return;
    let { unread, beforeDevice } = counts;
    for (const { row, before } of writes) {
      unread += unreadIn(row, readTo) - unreadIn(before?.row, readTo);
      beforeDevice += hiddenIn(row) - hiddenIn(before?.row);
    }
    this.counts.set(jid, { unread: allRead ? 0 : unread, beforeDevice });
    this.#countedFrom.set(jid, readTo);
  }

  #opened<S extends Opened>(store: S): Held<S> {
    const rows = this.#stores.get(store);
    if (rows === undefined) throw new TypeError(`${store} is read with the account`);
    return rows as Held<S>;
  }

  #load<S extends SmallStore>(store: S): Promise<Held<S>> {
    let rows = this.#loading.get(store);
    if (rows === undefined) {
      rows = this.#read(store).finally(() => this.#loading.delete(store));
      this.#loading.set(store, rows);
    }
    return rows as Promise<Held<S>>;
  }

  /** A read that fails is tried again by whoever asks next; whoever waited for it is told. */
  async #read(name: SmallStore): Promise<Map<RowKey, unknown>> {
    const rows = byKey(name, await this.#database.getAll(name));
    this.#stores.set(name, rows);
    return rows;
  }
}

function byKey<S extends SmallStore>(store: S, rows: readonly Rows[S][]): Map<RowKey, unknown> {
  return new Map(rows.map((row) => [keyOf(store, row), row]));
}

/** Whose counts a change may touch. */
function conversationOf(change: Change): BareJid | undefined {
  if (change.store === "chats") return change.row?.jid;
  if (change.store !== "messages") return undefined;
  return (change.row ?? change.before?.row ?? change.deleted)?.chat;
}

function hiddenIn(row: MessageRow | undefined): number {
  return row?.hidden === 1 ? 1 : 0;
}

function unreadIn(row: MessageRow | undefined, readTo: Position): number {
  return row?.counted === 1 && row.position > readTo ? 1 : 0;
}
