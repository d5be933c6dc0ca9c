/**
 * Catching up from the server's archive (XEP-0313): pages after the newest id we hold, in order. The results arrive as
 * messages on the stream and are taken into the log there; only the cursor is moved here, after each page.
 */
import type { Time } from "../worker/contract.ts";
import type { Connection } from "./connection.ts";
import type { Stores } from "./stores.ts";
import { type ArchivePage, type ArchiveQuery, buildArchiveQuery, parseArchivePage } from "./xep/mam.ts";

const PAGE_MESSAGES = 100;
/** Clocks of two servers differ; what overlaps is found to be known. */
const CLOCK_SLACK_MS = 60 * 60_000;

export class Archive {
  readonly #stores: Stores;
  readonly #connection: Connection;
  readonly #open = new Set<string>();
  #newestAt: Time | undefined;

  constructor(stores: Stores, connection: Connection) {
    this.#stores = stores;
    this.#connection = connection;
  }

  /** Queries whose results may come now; any other result is somebody's invention. */
  get openQueries(): ReadonlySet<string> {
    return this.#open;
  }

  /** A result of an open query says when its message was. */
  arrived(at: Time): void {
    this.#newestAt = Math.max(at, this.#newestAt ?? 0);
  }

  /**
   * Everything since the cursor; at first sight the newest page. Throws when the stream ends meanwhile. An archive that
   * refuses is none: what this stream brings live is all there is.
   */
  async catchUp(): Promise<"done" | "refused"> {
    const { archives, meta } = this.#stores;
    const { cursor, at: time } = archives.get(meta.account);
    if (cursor === undefined && time === undefined) {
      const page = await this.#page({ max: PAGE_MESSAGES, before: "" });
      // An empty archive has no id to go on from; the next absence goes by time.
      if (archives.get(meta.account).at === undefined) archives.advance(meta.account, { at: Date.now() });
      return page === "refused" ? "refused" : "done";
    }
    const end = cursor === undefined ? "expired" : await this.#pages({}, cursor);
    return end === "expired" ? this.#since((time ?? 0) - CLOCK_SLACK_MS) : end;
  }

  /** The id has left the archive: by time, then. */
  async #since(start: Time): Promise<"done" | "refused"> {
    const end = await this.#pages({ start }, undefined);
    return end === "expired" ? "refused" : end;
  }

  async #pages(filter: { readonly start?: Time }, from: string | undefined): Promise<"done" | "refused" | "expired"> {
    for (let after = from; ; ) {
      const page = await this.#page({ max: PAGE_MESSAGES, ...filter, ...(after !== undefined && { after }) });
      if (typeof page === "string") return page;
      // A server that gives the same page again would give it for ever.
      if (page.complete || page.last === undefined || page.last === after) return "done";
      after = page.last;
    }
  }

  async #page(query: Omit<ArchiveQuery, "queryId">): Promise<ArchivePage | "expired" | "refused"> {
    const queryId = crypto.randomUUID();
    this.#open.add(queryId);
    try {
      const answer = await this.#connection.request(buildArchiveQuery({ ...query, queryId }));
      if (!answer.ok) {
        if (answer.error.kind !== "stanza-error") throw new Error(`the archive did not answer: ${answer.error.kind}`);
        return answer.error.condition === "item-not-found" ? "expired" : "refused";
      }
      const page = parseArchivePage(answer.value);
      if (!page) return "refused";
      this.#moveCursor(page);
      return page;
    } finally {
      this.#open.delete(queryId);
    }
  }

  #moveCursor(page: ArchivePage): void {
    if (!page.stable || page.last === undefined) return;
    const { archives, meta } = this.#stores;
    archives.advance(meta.account, {
      cursor: page.last,
      ...(this.#newestAt !== undefined && { at: this.#newestAt }),
    });
  }
}
