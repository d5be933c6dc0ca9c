/**
 * An account whose storage is full: it takes nothing in and has no stream, so that the server keeps what comes. Now and then,
 * and whenever a browser asks, it is tried whether there is room again; then everything goes on where it was.
 */
import type { Time } from "../../worker/contract/names.ts";
import { drop } from "../../worker/shared/drop.ts";
import { report } from "../../worker/shared/report.ts";
import { isStorageFull } from "../../worker/shared/storage-full.ts";
import type { AccountStorage } from "../store/fullness.ts";
import { Pruning } from "../store/pruning.ts";
import type { Stores } from "../store/stores.ts";
import type { Alarm } from "./alarm.ts";
import type { Connection } from "./connection.ts";

/** As much as a large stanza takes with its indexes: what fits besides would only fail again. */
const ROOM_CHARACTERS = 256 * 1024;
/** A browser that comes back is given what there is before the object may end again. */
const AT_LEAST_MS = 2_000;

export type RoomParts = {
  readonly storage: AccountStorage;
  readonly stores: Stores;
  readonly alarm: Alarm;
  readonly connection: Connection;
};

export class MakingRoom {
  readonly #parts: RoomParts;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(parts: RoomParts) {
    this.#parts = parts;
    const { fullness } = parts.stores;
    // A write has failed in the middle of a turn, which is over first.
    fullness.onFull = () => setTimeout(() => this.stop(), 0);
    if (fullness.full) this.#wait();
  }

  /** Nothing can be stored: the stream ends, and every browser is told why. */
  stop(): void {
    const { stores, connection } = this.#parts;
    if (!stores.full) return;
    connection.stop();
    this.#wait();
  }

  /** The alarm has rung: it may be time to try. */
  async heartbeat(now: Time): Promise<void> {
    const { fullness } = this.#parts.stores;
    if (fullness.full && fullness.tryAt <= now) await this.tryAgain();
  }

  /**
   * Whether there is room. Where there was none, what every browser has goes first (`Pruning.now`), and something is written;
   * the object may end by that.
   */
  async tryAgain(): Promise<boolean> {
    const { storage, stores, alarm, connection } = this.#parts;
    const { fullness, meta } = stores;
    if (!fullness.full) return true;
    if (!fullness.beginTry(Date.now())) return false;
    try {
      const pruning = new Pruning(stores);
      while (!pruning.now(Date.now())) await storage.sync();
      stores.turn(() => meta.set("room", "x".repeat(ROOM_CHARACTERS)));
      await storage.sync();
      stores.turn(() => meta.delete("room"));
      await storage.sync();
    } catch (error) {
      if (!isStorageFull(error)) throw error;
      report("there is no room yet", error);
      return false;
    }
    fullness.endTry(Date.now());
    alarm.forget();
    connection.retryNow();
    return true;
  }

  #wait(): void {
    if (this.#timer !== undefined) clearTimeout(this.#timer);
    const waitMs = Math.max(AT_LEAST_MS, this.#parts.stores.fullness.tryAt - Date.now());
    this.#timer = setTimeout(() => drop(this.tryAgain()), waitMs);
  }
}
