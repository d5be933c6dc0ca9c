/**
 * Ciphertext goes when nobody needs it any more: 42 days after every browser has it. What is left of such a message says
 * that it was there, who sent it and when. Done on the heartbeat that is there anyhow, a little at a time.
 */
import type { Seq, Time } from "../../worker/contract/names.ts";
import type { PruneMark } from "./meta.ts";
import type { Stores } from "./stores.ts";

const DAY_MS = 24 * 60 * 60_000;
/** As other clients count before they drop a silent device. */
const KEPT_MS = 42 * DAY_MS;
/** A browser that was not here for so long keeps nothing for itself any more: it asks the archive, or is told. */
const WAITED_FOR_MS = 90 * DAY_MS;
const LOOK_EVERY_MS = 60 * 60_000;
/** Entries looked at in one heartbeat. */
const BATCH = 2_000;
/** The same where there is hardly room: a row that loses something is written anew before the old one is free. */
const SMALL_BATCH = 100;

export class Pruning {
  readonly #stores: Stores;
  #lookedAt = 0;

  constructor(stores: Stores) {
    this.#stores = stores;
  }

  /** Call on every heartbeat: once an hour it notes how far all browsers are, and prunes what is due. */
  heartbeat(now: Time): void {
    if (Math.abs(now - this.#lookedAt) < LOOK_EVERY_MS) return;
    const { meta, browsers } = this.#stores;
    const marks = (meta.get("prune-marks") ?? []).filter(({ at }) => at <= now);
    const newest = marks.at(-1);
    if (newest === undefined || now - newest.at >= DAY_MS) {
      const seq = browsers.consumed(now - WAITED_FOR_MS);
      meta.set("prune-marks", [...withoutOld(marks, now), { at: now, seq }]);
    }
    const due = marks.findLast(({ at }) => at <= now - KEPT_MS);
    if (due === undefined || this.#prune(due.seq)) this.#lookedAt = now;
  }

  /**
   * The storage is full: a little of what every browser has goes at once. True where nothing of that is left. Throws where
   * not even that fits.
   */
  now(now: Time): boolean {
    return this.#prune(this.#stores.browsers.consumed(now - WAITED_FOR_MS), SMALL_BATCH);
  }

  /** One batch; true where nothing is left to be done up to there. */
  #prune(upTo: Seq, batch = BATCH): boolean {
    const { meta, log } = this.#stores;
    const from = meta.get("pruned-to") ?? 0;
    const to = Math.min(upTo, from + batch);
    if (to <= from) return true;
    this.#stores.turn(() => {
      log.prune(from as Seq, to as Seq);
      meta.set("pruned-to", to as Seq);
    });
    return to === upTo;
  }
}

/** The newest mark that is due stays: it says how far to prune. */
function withoutOld(marks: readonly PruneMark[], now: Time): readonly PruneMark[] {
  const due = marks.findLastIndex(({ at }) => at <= now - KEPT_MS);
  return marks.slice(Math.max(0, due));
}
