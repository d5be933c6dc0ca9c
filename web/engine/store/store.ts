/**
 * The store of one account, opened for writing. Everything that writes does it through `work`, one unit at a time; whoever
 * listens hears of it after the commit.
 */
import type { BareJid } from "../../../worker/contract/names.ts";
import { drop } from "../../../worker/shared/drop.ts";
import { Mutex } from "../../../worker/shared/mutex.ts";
import { Cache } from "./cache.ts";
import { type Database, openAccount, takeOver } from "./database.ts";
import { Sheets } from "./sheets.ts";
import { type Touched, touchedBy } from "./touched.ts";
import { CommitError, SupersededError, Unit } from "./unit.ts";

/** `superseded`: another engine writes to the database now. `closed`: the browser, or another version, has closed it. */
export type Loss = "superseded" | "closed";

type Rider = {
  readonly job: (unit: Unit) => Promise<void>;
  readonly settle: () => void;
  readonly fail: (error: unknown) => void;
  readonly waiting: ReturnType<typeof setTimeout>;
};

export class Store {
  readonly database: Database;
  readonly cache: Cache;
  readonly sheets: Sheets;
  /** Settles when this store cannot be worked on any more though nobody has closed it. */
  readonly lost: Promise<Loss>;
  readonly #generation: number;
  readonly #mutex = new Mutex();
  readonly #listeners: ((touched: Touched) => void)[] = [];
  #lose: (why: Loss) => void = () => undefined;
  #closed = false;
  /** What is written with the next commit. */
  #riders: readonly Rider[] = [];

  private constructor(database: Database, generation: number, cache: Cache) {
    this.database = database;
    this.cache = cache;
    this.sheets = new Sheets(database, generation);
    this.#generation = generation;
    this.lost = new Promise((resolve) => {
      this.#lose = resolve;
    });
  }

  /** Opens (or makes) the database of an account and becomes its writer. @throws as `openAccount` does */
  static async open(account: BareJid): Promise<Store> {
    let closed = (): void => undefined;
    const gone = new Promise<void>((resolve) => {
      closed = resolve;
    });
    const database = await openAccount(account, () => closed());
    const store = await Store.over(database, await takeOver(database));
    drop(gone.then(() => store.#lose("closed")));
    return store;
  }

  /** A writer of this generation over a database that is open. */
  static async over(database: Database, generation: number): Promise<Store> {
    return new Store(database, generation, await Cache.open(database));
  }

  /** Calls back after each commit that has changed something. */
  onCommit(listener: (touched: Touched) => void): void {
    this.#listeners.push(listener);
  }

  /**
   * Runs a job alone and commits what it wrote in one strict transaction: all of it, or nothing. Throws what the job throws,
   * `SupersededError` when another engine writes now, `CommitError` when the disk did not take it.
   */
  work<T>(job: (unit: Unit) => Promise<T>): Promise<T> {
    return this.#run(job, "strict");
  }

  /**
   * As `work`, but does not wait for the disk: for what is done again when it is lost with the power, to the same end.
   * Throws a TypeError, too, for a unit that wrote what may not be lost.
   */
  note<T>(job: (unit: Unit) => Promise<T>): Promise<T> {
    return this.#run(job, "relaxed");
  }

  /**
   * As `note`, but as the last part of the next unit that writes anything, so that it costs no transaction; by itself when
   * there is none within `withinMs`, or the store is closed. Settles when it is committed; fails as that unit does, and
   * alone where the job itself throws.
   */
  along(job: (unit: Unit) => Promise<void>, withinMs: number): Promise<void> {
    return new Promise((settle, fail) => {
      const waiting = setTimeout(() => this.#depart(), withinMs);
      this.#riders = [...this.#riders, { job, settle, fail, waiting }];
    });
  }

  /** What still waits for another unit gets one of its own. Whoever asked for it is told how that ends. */
  #depart(): void {
    if (this.#riders.length === 0) return;
    drop(this.#mutex.run(() => this.#finish(this.#unit(), "relaxed")).catch(() => undefined));
  }

  #run<T>(job: (unit: Unit) => Promise<T>, durability: "strict" | "relaxed"): Promise<T> {
    return this.#mutex.run(async () => {
      const unit = this.#unit();
      const result = await job(unit);
      if (unit.changes.length > 0) await this.#finish(unit, durability);
      return result;
    });
  }

  #unit(): Unit {
    return new Unit(this.database, this.#generation, this.cache);
  }

  /** Commits a unit together with what waited for one. */
  async #finish(unit: Unit, durability: "strict" | "relaxed"): Promise<void> {
    const riders = this.#riders;
    const aboard: Rider[] = [];
    this.#riders = [];
    for (const { waiting } of riders) clearTimeout(waiting);
    for (const rider of riders) {
      await unit.part(rider.job).then(() => aboard.push(rider), rider.fail);
    }
    try {
      if (unit.changes.length > 0) await this.#store(unit, durability);
    } catch (error) {
      for (const { fail } of aboard) fail(error);
      throw error;
    }
    for (const { settle } of aboard) settle();
  }

  async #store(unit: Unit, durability: "strict" | "relaxed"): Promise<void> {
    await this.#commit(unit, durability);
    const { changes } = unit;
    await this.cache.apply(changes);
    const touched = touchedBy(changes);
    for (const listener of this.#listeners) listener(touched);
  }

  async #commit(unit: Unit, durability: "strict" | "relaxed"): Promise<void> {
    try {
      await this.sheets.keep(unit);
      await unit.commit(durability);
    } catch (error) {
      this.sheets.forget();
      if (error instanceof TypeError) throw error;
      if (!(error instanceof SupersededError)) throw new CommitError("the disk did not take it", { cause: error });
      this.#closed = true;
      this.#lose("superseded");
      throw error;
    }
  }

  /** For work that nobody waits for: what it fails with after the account was closed is of no interest. */
  inBackground(work: Promise<unknown>): void {
    drop(
      work.catch((error: unknown) => {
        if (!this.#closed) throw error;
      }),
    );
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Waits for work under way, then closes the database. */
  close(): Promise<void> {
    this.#depart();
    this.#closed = true;
    return this.#mutex.run(async () => this.database.close());
  }
}
