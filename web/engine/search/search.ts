/** The search: keeps the sheets of an account in memory and answers what stands on them. It reads, and never writes. */
import type { BareJid, Time } from "../../../worker/contract/names.ts";
import type { SearchAnswer, SearchHit, SearchRequest } from "../protocol/search.ts";
import type { MessageRow } from "../store/conversation-rows.ts";
import type { Database } from "../store/database.ts";
import type { RowKey } from "../store/schema.ts";
import { FILLED, findable, lineOf } from "../store/sheet-lines.ts";
import { excerptOf } from "./excerpt.ts";
import { type Match, oldestIn, type Question, questionOf, scan } from "./scan.ts";

/** Sheets, and messages that are on none yet, that are read in one transaction: whoever writes waits for it. */
const SHEETS = 25;
const ROWS = 500;

type Sheet = { readonly lines: string; readonly oldest: ReadonlyMap<BareJid, number> };

export class Search {
  readonly #database: Database;
  readonly #sheets = new Map<RowKey, Sheet>();
  /** What was read is up to this change. */
  #change = 0;

  constructor(database: Database) {
    this.#database = database;
  }

  /** `wanted`: false as soon as nobody waits for the answer any more; then there is none. */
  async answer({ query, limit }: SearchRequest, wanted: () => boolean): Promise<SearchAnswer | undefined> {
    const question = questionOf(query);
    if (!(await this.#read(wanted))) return undefined;
    const found: Match[] = [];
    for (const { lines } of this.#sheets.values()) scan(lines, question, found);
    const rest = await this.#readRest(wanted);
    if (rest === undefined) return undefined;
    scan(rest.lines, question, found);
    found.sort((a, b) => b.at - a.at || (a.key < b.key ? 1 : -1));
    if (query.oldest === true) found.reverse();
    const hits = await this.#hitsOf(found.slice(0, limit), question);
    const reach = oldestOf([...this.#sheets.values(), rest], query.chats);
    return { hits, total: found.length, ...(reach !== undefined && { reach }) };
  }

  /** Brings the sheets in memory up to date. */
  async #read(wanted: () => boolean): Promise<boolean> {
    for (;;) {
      const later = IDBKeyRange.lowerBound(this.#change, true);
      const rows = await this.#database.getAllFromIndex("sheets", "change", later, SHEETS);
      for (const { sheet, change, lines } of rows) {
        this.#sheets.set(sheet, { lines, oldest: oldestIn(lines) });
        this.#change = change;
      }
      if (!wanted()) return false;
      if (rows.length < SHEETS) return true;
    }
  }

  /** Messages that are on no sheet yet, as one. */
  async #readRest(wanted: () => boolean): Promise<Sheet | undefined> {
    const done = await this.#database.get("meta", "sheets");
    let after = done?.name === "sheets" ? done.filledTo : "";
    let lines = "";
    while (after !== FILLED) {
      const rows = await this.#database.getAll("messages", IDBKeyRange.lowerBound(after, true), ROWS);
      for (const row of rows) {
        const said = row.sheet === undefined ? findable(row) : undefined;
        if (said !== undefined) lines += lineOf(row, said);
      }
      if (!wanted()) return undefined;
      after = rows.length < ROWS ? FILLED : (rows.at(-1)?.key ?? FILLED);
    }
    return { lines, oldest: oldestIn(lines) };
  }

  /** As they stand in their conversations now: what went meanwhile is not shown. */
  async #hitsOf(found: readonly Match[], question: Question): Promise<readonly SearchHit[]> {
    const store = this.#database.transaction("messages").store;
    const rows = await Promise.all(found.map(({ key }) => store.get(key)));
    return rows.flatMap((row) => (row !== undefined && findable(row) !== undefined ? hitOf(row, question) : []));
  }
}

function hitOf(row: MessageRow, { words }: Question): SearchHit {
  const { key, chat, position, at, outgoing, author, body } = row;
  const excerpt = excerptOf(body.kind === "text" ? body.text : "", words);
  return { key, chat, position, at, outgoing, ...(author && { author }), excerpt };
}

function oldestOf(sheets: readonly Sheet[], chats: readonly BareJid[]): Time | undefined {
  const places = new Set(chats);
  let reach = Number.POSITIVE_INFINITY;
  for (const { oldest } of sheets) for (const [chat, at] of oldest) if (at < reach && places.has(chat)) reach = at;
  return reach === Number.POSITIVE_INFINITY ? undefined : (reach as Time);
}
