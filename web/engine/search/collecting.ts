/**
 * What a conversation has of pictures, files and links, a page at a time: read from its timeline, the newest first, so that
 * what is on no sheet - the key of an encrypted file is on none - is found as well. It reads, and never writes.
 */
import type { BareJid } from "../../../worker/contract/names.ts";
import { report } from "../../../worker/shared/report.ts";
import { readFileLink } from "../../media/aesgcm.ts";
import { readFileDetails } from "../../media/file-details.ts";
import { guessedKind, nameInLink } from "../../media/file-name.ts";
import type { Collected, CollectedItem, CollectedPage, CollectRequest, SearchReply } from "../protocol/search.ts";
import type { MessageRow } from "../store/conversation-rows.ts";
import { type Database, openForReading } from "../store/database.ts";

/** Rows that one page looks at: somebody waits for it, and whoever writes waits behind it. */
const ROWS = 2_000;
const LINK = /(?:^|[^\p{L}\p{N}])(?:https?:\/\/|www\.[^.\s]+\.)[^\s<>"]/iu;

/** As what a message is collected; undefined: as nothing. */
export function collectedAs(row: MessageRow): Collected | undefined {
  if (row.body.kind !== "text" || row.hidden !== 0 || row.retracted !== undefined || row.edits !== undefined)
    return undefined;
  const { text, details } = row.body;
  const url = readFileLink(text)?.url ?? row.shared?.url;
  if (url === undefined) return LINK.test(text) ? "links" : undefined;
  const { seen, shared } = row;
  const name = seen?.name ?? shared?.name ?? (URL.canParse(url) ? nameInLink(url) : "");
  const claimed = (shared?.type ?? readFileDetails(details)?.type)?.split("/", 1)[0];
  const kind = seen?.kind ?? (claimed === "image" || claimed === "video" ? claimed : guessedKind(name));
  return kind === "image" || kind === "video" ? "media" : "files";
}

/** One page. */
export async function collect(
  database: Database,
  { chat, what, before, most }: CollectRequest["collect"],
  rows = ROWS,
): Promise<CollectedPage> {
  const range =
    before === undefined
      ? IDBKeyRange.bound([chat, 0], [chat, 1])
      : IDBKeyRange.bound([chat, 0], [chat, 0, before], false, true);
  const items: CollectedItem[] = [];
  let looked = 0;
  let last: MessageRow["position"] | undefined;
  const index = database.transaction("messages").store.index("timeline");
  for (let cursor = await index.openCursor(range, "prev"); cursor !== null; cursor = await cursor.continue()) {
    const row = cursor.value;
    // Two may stand at one place; the next page begins below both.
    const full = items.length >= most || looked >= rows;
    if (full && last !== undefined && row.position !== last) return { items, before: last };
    looked += 1;
    last = row.position;
    if (collectedAs(row) === what) items.push(itemIn(row));
  }
  return { items };
}

function itemIn(row: MessageRow): CollectedItem {
  const { key, id, chat, position, at, outgoing, encrypted, author, body, shared, seen } = row;
  if (body.kind !== "text") throw new TypeError("a message without a text is not collected");
  return { key, id, chat, position, at, outgoing, encrypted, author, body, shared, seen };
}

/** Answers pages one after the other; a database that was closed meanwhile is opened again by the next. */
export class Collecting {
  readonly #reply: (reply: SearchReply) => void;
  #opened: { readonly account: BareJid; readonly database: Database } | undefined;

  constructor(reply: (reply: SearchReply) => void) {
    this.#reply = reply;
  }

  async ask({ id, account, collect: wanted }: CollectRequest): Promise<void> {
    try {
      const page = await collect(await this.#open(account), wanted);
      this.#reply({ id, page });
    } catch (error) {
      report("a conversation could not be looked through", error);
      this.close();
      this.#reply({ id });
    }
  }

  async #open(account: BareJid): Promise<Database> {
    if (this.#opened?.account !== account) {
      this.close();
      this.#opened = { account, database: await openForReading(account, () => this.close()) };
    }
    return this.#opened.database;
  }

  close(): void {
    this.#opened?.database.close();
    this.#opened = undefined;
  }
}
