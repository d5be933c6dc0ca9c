/** The largest stanza that the server takes: as it announces it (XEP-0478), or as the end of a stream has shown. */
import type { Time } from "../../worker/contract/names.ts";

/** `learnedAt`: it was not announced, and may have changed since. */
export type StanzaLimit = { readonly bytes: number; readonly learnedAt?: Time };

export interface LimitMemory {
  load(): StanzaLimit | undefined;
  save(limit: StanzaLimit | undefined): void;
}

/** What was learned is tried again after this time. */
const LEARNED_MS = 24 * 60 * 60_000;

export class Limit {
  readonly #memory: LimitMemory;

  constructor(memory: LimitMemory) {
    this.#memory = memory;
  }

  /** Bytes; undefined: not known. */
  current(now: Time): number | undefined {
    const limit = this.#memory.load();
    const old = limit?.learnedAt !== undefined && now - limit.learnedAt > LEARNED_MS;
    return old ? undefined : limit?.bytes;
  }

  /** A new stream announces this, or nothing. What was learned stays, for such a server announces nothing. */
  announced(bytes: number | undefined): void {
    const known = this.#memory.load();
    if (bytes !== undefined && (known?.bytes !== bytes || known.learnedAt !== undefined)) this.#memory.save({ bytes });
    else if (bytes === undefined && known && known.learnedAt === undefined) this.#memory.save(undefined);
  }

  /** A stanza of this size was too large. */
  exceededBy(bytes: number, now: Time): void {
    const known = this.current(now);
    if (known === undefined || bytes <= known) this.#memory.save({ bytes: bytes - 1, learnedAt: now });
  }
}
