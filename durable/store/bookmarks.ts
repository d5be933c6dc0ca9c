/** Rooms that the account remembers (XEP-0402), as this object has acted on them last. */
import type { BareJid } from "../../worker/contract/names.ts";
import type { Bookmark } from "../xep/bookmarks.ts";

/**
 * `autojoin`: we have entered because of it, or it was written because we have. `owes`: it was changed here, and the server
 * has not said yet that it has that.
 */
export type KnownBookmark = Bookmark & { readonly owes?: true };

type Row = { jid: string; detail: string };

export class Bookmarks {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  all(): readonly KnownBookmark[] {
    return this.#sql.exec<Row>("select * from bookmarks order by jid").toArray().map(bookmarkOf);
  }

  get(jid: BareJid): KnownBookmark | undefined {
    const row = this.#sql.exec<Row>("select * from bookmarks where jid = ?", jid).toArray()[0];
    return row && bookmarkOf(row);
  }

  put({ jid, ...detail }: KnownBookmark): void {
    this.#sql.exec("insert or replace into bookmarks (jid, detail) values (?, ?)", jid, JSON.stringify(detail));
  }

  remove(jid: BareJid): void {
    this.#sql.exec("delete from bookmarks where jid = ?", jid);
  }
}

function bookmarkOf({ jid, detail }: Row): KnownBookmark {
  return { jid: jid as BareJid, ...(JSON.parse(detail) as Omit<KnownBookmark, "jid">) };
}
