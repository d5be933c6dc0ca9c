/**
 * How long an engine puts off what nobody waits for, so that what comes in a burst is one. Milliseconds. They are handed in:
 * tests see what comes of it, not how long that takes.
 */
export type Delays = {
  /**
   * Until the object is told what was committed. A message, how far it has come and that it was read follow each other
   * within this time. Nothing waits for it but a browser that has fallen behind.
   */
  readonly acknowledgeMs: number;
  /** Until receipts and read positions are told. The sender's tick may come a little later, the decrypted text may not. */
  readonly tellMs: number;
  /** Until a round of upkeep: keys that were used, key transports that are due, sessions to rebuild, heads to compare. */
  readonly upkeepMs: number;
  /** Until a draft that nobody goes on with is told to the other own browsers. */
  readonly sealMs: number;
  /** Until texts go into the sealed copy, many at once. */
  readonly copyMs: number;
};

export const DELAYS: Delays = { acknowledgeMs: 500, tellMs: 100, upkeepMs: 1_000, sealMs: 5_000, copyMs: 120_000 };
