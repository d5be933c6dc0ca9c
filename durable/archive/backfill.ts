/**
 * Messages from before an archive was read for the first time: the last thousand are loaded in the background, page by
 * page; older ones when somebody scrolls back to them.
 */
import type { Result } from "../../worker/contract/failures.ts";
import type { BareJid } from "../../worker/contract/names.ts";
import { Mutex } from "../../worker/shared/mutex.ts";
import { type Archive, StreamEnded } from "./archive.ts";
import type { Stores } from "../store/stores.ts";

/** Messages of one archive that are loaded without being asked for. */
const BACKGROUND_MESSAGES = 1_000;
const BACKGROUND_PAGE_MESSAGES = 100;
const OLDER_PAGE_MESSAGES = 50;

export class Backfill {
  readonly #archive: Archive;
  readonly #stores: Stores;
  /** One page at a time: each is put below the oldest message of the log. */
  readonly #pages = new Mutex();
  #loading = false;

  constructor(archive: Archive, stores: Stores) {
    this.#archive = archive;
    this.#stores = stores;
  }

  /** Goes on where the last stream ended. Ends with the stream. */
  async load(): Promise<void> {
    if (this.#loading) return;
    this.#loading = true;
    try {
      while (await this.#pages.run(() => this.#loadPage()));
    } catch (error) {
      // The next stream goes on from the oldest id.
      if (!(error instanceof StreamEnded)) throw error;
    } finally {
      this.#loading = false;
    }
  }

  /**
   * One page of a conversation before the oldest message of it that is here. `complete`: nothing lies before it. Fails
   * with `offline` while the archive is not read to its end: what is older may still come by itself, in its place.
   */
  older(chat: BareJid): Promise<Result<{ readonly complete: boolean }>> {
    return this.#pages.run(() => this.#olderPage(chat));
  }

  async #loadPage(): Promise<boolean> {
    const { jid, end } = this.#archive;
    const { oldest, complete } = this.#stores.archiveCursors.get(jid);
    if (end !== "done" || oldest === undefined || complete) return false;
    if (this.#stores.log.holds(jid, BACKGROUND_MESSAGES)) return false;
    const page = await this.#archive.before(oldest, BACKGROUND_PAGE_MESSAGES);
    // What was before an id that has left the archive has left it, too.
    if (page === "expired") this.#stores.archiveCursors.advance(jid, { complete: true });
    return typeof page !== "string" && !page.complete && page.first !== undefined && page.first !== oldest;
  }

  async #olderPage(chat: BareJid): Promise<Result<{ readonly complete: boolean }>> {
    const { jid, end } = this.#archive;
    if (end === undefined) return { ok: false, error: { kind: "offline" } };
    if (end === "refused") return { ok: false, error: { kind: "peer-refused" } };
    if (end === "none" || this.#stores.archiveCursors.get(jid).complete) return { ok: true, value: { complete: true } };
    let before = this.#stores.log.oldestArchived(jid, chat) ?? "";
    try {
      for (;;) {
        // A room's archive holds one conversation; `with` would mean an occupant there (XEP-0313 §4.1.1).
        const page = await this.#archive.before(before, OLDER_PAGE_MESSAGES, chat === jid ? undefined : chat);
        if (page === "refused") return { ok: false, error: { kind: "peer-refused" } };
        if (page === "expired" || page.complete || page.first === undefined || page.first === before)
          return { ok: true, value: { complete: true } };
        if (page.fresh > 0) return { ok: true, value: { complete: false } };
        // Nothing but receipts and the like: there is nothing to show yet.
        before = page.first;
      }
    } catch (error) {
      if (!(error instanceof StreamEnded)) throw error;
      return { ok: false, error: { kind: "offline" } };
    }
  }
}
