/** How far an archive was read, while its messages come live. */
import type { BareJid, Time } from "../../worker/contract/names.ts";
import type { ArchiveCursors } from "../store/archive-cursors.ts";

/** After this many live messages, or so much later, the cursor is written: a row for each would cost more than re-reading. */
const CURSOR_MESSAGES = 25;
const CURSOR_AGE_MS = 60 * 60_000;

export class LiveCursor {
  readonly #archive: BareJid;
  readonly #cursors: ArchiveCursors;
  /** Live messages since the cursor was written, and the time it was written for. */
  #unwritten = 0;
  #writtenAt: Time = 0;

  constructor(archive: BareJid, cursors: ArchiveCursors) {
    this.#archive = archive;
    this.#cursors = cursors;
  }

  /** A live message has this id in the archive; nothing can have been missed before it. Runs inside a turn. */
  passed(archiveId: string, at: Time): void {
    this.#unwritten += 1;
    if (this.#unwritten < CURSOR_MESSAGES && at - this.#writtenAt < CURSOR_AGE_MS) return;
    this.#unwritten = 0;
    this.#writtenAt = at;
    this.#cursors.advance(this.#archive, { cursor: archiveId, at });
  }
}
