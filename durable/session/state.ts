/** What is known of the stream that stands, beside its counts, and the account's own archive, which outlives streams. */
import { Archive } from "../archive/archive.ts";
import { Backfill } from "../archive/backfill.ts";
import type { CurrentLink } from "../connection/current-link.ts";
import type { Applier } from "../store/apply.ts";
import type { Stores } from "../store/stores.ts";

export class SessionState {
  /** What the server announces (XEP-0030). Before its answer on this stream: the last one, for servers change seldom. */
  features: ReadonlySet<string> = new Set();
  /** Carbons are on, so live messages are all there are: what comes live may move the archive's cursor. */
  copied = false;
  readonly #stores: Stores;
  readonly #link: CurrentLink;
  readonly #applier: Applier;
  #own: { readonly archive: Archive; readonly backfill: Backfill } | undefined;

  constructor(stores: Stores, link: CurrentLink, applier: Applier) {
    this.#stores = stores;
    this.#link = link;
    this.#applier = applier;
  }

  /** False on the very first stream, which stands before the account is stored. */
  get hasArchive(): boolean {
    return this.#own !== undefined;
  }

  /** The account's own archive. Throws before the account is known. */
  get archive(): Archive {
    return this.#made.archive;
  }

  get backfill(): Backfill {
    return this.#made.backfill;
  }

  get #made(): { readonly archive: Archive; readonly backfill: Backfill } {
    if (!this.#own) {
      const archive = new Archive(this.#stores.meta.account, this.#stores, this.#link, this.#applier);
      this.#own = { archive, backfill: new Backfill(archive, this.#stores) };
    }
    return this.#own;
  }
}
