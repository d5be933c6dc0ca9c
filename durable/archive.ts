/**
 * Catching up from the server's archive (XEP-0313): pages after the newest id we hold, in order. The results arrive as
 * messages on the stream and are taken into the log there; only the cursor is moved here, after each page.
 */
import type { Connection } from "./connection.ts";
import type { Rooms } from "./rooms.ts";
import { type ArchivePage, type ArchiveQuery, buildArchiveQuery, parseArchivePage } from "./xep/mam.ts";

const PAGE_MESSAGES = 100;
/** Clocks of two servers differ; what overlaps is found to be known. */
const CLOCK_SLACK_MS = 60 * 60_000;

export class Archive {
  readonly #rooms: Rooms;
  readonly #connection: Connection;
  readonly #open = new Set<string>();

  constructor(rooms: Rooms, connection: Connection) {
    this.#rooms = rooms;
    this.#connection = connection;
  }

  /** Queries whose results may come now; any other result is somebody's invention. */
  get openQueries(): ReadonlySet<string> {
    return this.#open;
  }

  /** Everything since the cursor; at first sight the newest page. Throws when the stream ends meanwhile. */
  async catchUp(): Promise<void> {
    const { meta } = this.#rooms;
    let after = meta.get("archive-cursor");
    if (after === undefined) {
      await this.#page({ max: PAGE_MESSAGES, before: "" });
      return;
    }
    for (;;) {
      const page = await this.#page({ max: PAGE_MESSAGES, after });
      if (page === "expired") {
        await this.#since((meta.get("archive-time") ?? Date.now()) - CLOCK_SLACK_MS);
        return;
      }
      if (page.complete || page.last === undefined) return;
      after = page.last;
    }
  }

  /** The id has left the archive: by time, then. */
  async #since(start: number): Promise<void> {
    let page = await this.#page({ max: PAGE_MESSAGES, start });
    while (page !== "expired" && !page.complete && page.last !== undefined) {
      page = await this.#page({ max: PAGE_MESSAGES, start, after: page.last });
    }
  }

  async #page(query: Omit<ArchiveQuery, "queryId">): Promise<ArchivePage | "expired"> {
    const queryId = crypto.randomUUID();
    this.#open.add(queryId);
    try {
      const answer = await this.#connection.request(buildArchiveQuery({ ...query, queryId }));
      if (!answer.ok) {
        if (answer.error.kind === "stanza-error" && answer.error.condition === "item-not-found") return "expired";
        throw new Error(`the archive did not answer: ${answer.error.kind}`);
      }
      const page = parseArchivePage(answer.value);
      if (!page) throw new Error("the archive's answer is none");
      if (page.stable && page.last !== undefined) this.#rooms.meta.set("archive-cursor", page.last);
      return page;
    } finally {
      this.#open.delete(queryId);
    }
  }
}
