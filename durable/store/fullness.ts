/**
 * Whether the storage takes anything. The first write that cannot be committed ends the object: the platform resets it, and
 * nothing inside hears why. So the Worker tells the next one (`askAccount`), and it is remembered beside the storage, in
 * the isolate, which outlives its objects. An object that knows it refuses to write before anything is tried, and is read
 * from as ever. An isolate that is new learns it anew, by the end of one more object.
 */
import type { Time } from "../../worker/contract/names.ts";
import { isStorageFull } from "../../worker/shared/storage-full.ts";

type Known = {
  readonly full: boolean;
  /** When it was found full, or last tried. */
  readonly at: Time;
  /** Since it last had room for long. */
  readonly failures: number;
};

const KNOWN = new Map<string, Known>();

/** A try that fails ends the object, and its browsers have to come back: first soon, then seldom. */
const FIRST_WAIT_MS = 20_000;
const LONGEST_WAIT_MS = 10 * 60_000;
/** Somebody who asks does not wait for that, but no object is ended in a loop. */
const ASKED_WAIT_MS = 5_000;
/** It had room for so long: the next time is another one. */
const OVER_MS = 2 * LONGEST_WAIT_MS;

/** What changes nothing; everything else counts as a write. */
const READS = /^\s*select\b/i;

/** Thrown in place of a write; `isStorageFull` knows it. */
class StorageFull extends Error {
  constructor() {
    super("SQLITE_FULL: nothing is written before there is room");
  }
}

/** Of a storage, what an account uses. */
export type AccountStorage = Pick<
  DurableObjectStorage,
  "sql" | "transactionSync" | "setAlarm" | "deleteAlarm" | "deleteAll" | "sync"
>;

export class Fullness {
  readonly #object: string;
  /** One try is under way: writing is allowed. */
  #trying = false;
  /** It was found to be full just now. Called in the middle of a turn. */
  onFull: () => void = () => undefined;

  /** `object` names it for good. */
  constructor(object: string) {
    this.#object = object;
  }

  /** Nothing is written now. */
  get full(): boolean {
    return !this.#trying && this.#known?.full === true;
  }

  /** When to try again, where it is full. */
  get tryAt(): Time {
    const { at, failures } = this.#known ?? { at: 0, failures: 1 };
    return at + Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (failures - 1));
  }

  /** A write has failed because nothing more fits. */
  mark(now: Time): void {
    const before = this.#known;
    const wasFull = this.full;
    this.#trying = false;
    if (!before?.full) {
      const failures = before && now - before.at < OVER_MS ? before.failures + 1 : 1;
      KNOWN.set(this.#object, { full: true, at: now, failures });
    }
    if (!wasFull) this.onFull();
  }

  /** Until `ended`, writing is allowed. False where it was tried a moment ago. If the object ends by it, the next one knows. */
  beginTry(now: Time): boolean {
    const before = this.#known;
    if (!this.full || (before && Math.abs(now - before.at) < ASKED_WAIT_MS)) return false;
    KNOWN.set(this.#object, { full: true, at: now, failures: (before?.failures ?? 0) + 1 });
    this.#trying = true;
    return true;
  }

  /** There was room. */
  endTry(now: Time): void {
    if (!this.#trying) return;
    this.#trying = false;
    KNOWN.set(this.#object, { full: false, at: now, failures: this.#known?.failures ?? 1 });
  }

  /** The storage was emptied: whether there is room will be seen. */
  forget(): void {
    KNOWN.delete(this.#object);
  }

  /** The same storage, which is not written to while it is full: a statement throws, an alarm stays as it is. */
  guard(storage: AccountStorage): AccountStorage {
    const exec: SqlStorage["exec"] = (query, ...bindings) => {
      if (this.full && !READS.test(query)) throw new StorageFull();
      try {
        return storage.sql.exec(query, ...bindings);
      } catch (error) {
        if (isStorageFull(error)) this.mark(Date.now());
        throw error;
      }
    };
    return {
      sql: { exec } as SqlStorage,
      transactionSync: (change) => storage.transactionSync(change),
      setAlarm: async (at) => {
        if (!this.full) await storage.setAlarm(at);
      },
      deleteAlarm: async () => {
        if (!this.full) await storage.deleteAlarm();
      },
      deleteAll: () => storage.deleteAll(),
      sync: () => storage.sync(),
    };
  }

  get #known(): Known | undefined {
    return KNOWN.get(this.#object);
  }
}
