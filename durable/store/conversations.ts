/** What all browsers share about a conversation: how far it was read, and that it is encrypted. */
import type { BareJid, Position } from "../../worker/contract/names.ts";
import type { Log } from "../log/log.ts";

type Row = { jid: string; read_to: number | null; encrypted: number; answered: number };

export class Conversations {
  readonly #sql: SqlStorage;
  readonly #log: Log;

  constructor(sql: SqlStorage, log: Log) {
    this.#sql = sql;
    this.#log = log;
  }

  /** Whether it was ever encrypted: clear text then needs a confirmation in the browser. */
  encrypted(chat: BareJid): boolean {
    return this.#row(chat)?.encrypted === 1;
  }

  /** May only tighten: there is no way back from here. */
  setEncrypted(chat: BareJid): void {
    if (this.encrypted(chat)) return;
    this.#sql.exec(
      "insert into conversations (jid, encrypted) values (?, 1) on conflict (jid) do update set encrypted = 1",
      chat,
    );
    this.#log.append({ kind: "policy", chat, encrypted: true });
  }

  /** Whether this account has written there (column `answered`): the other side knows then that it exists. */
  writtenTo(chat: BareJid): boolean {
    return this.#row(chat)?.answered === 1;
  }

  /** See `writtenTo`; there is no way back. */
  setWrittenTo(chat: BareJid): void {
    if (this.writtenTo(chat)) return;
    this.#sql.exec(
      "insert into conversations (jid, answered) values (?, 1) on conflict (jid) do update set answered = 1",
      chat,
    );
  }

  /** Up to where it was read; undefined: nothing was. */
  readTo(chat: BareJid): Position | undefined {
    return (this.#row(chat)?.read_to ?? undefined) as Position | undefined;
  }

  /** Only forward; answers with the position that stands. */
  read(chat: BareJid, position: Position): Position {
    const before = this.#row(chat)?.read_to ?? undefined;
    if (before !== undefined && before >= position) return before as Position;
    this.#sql.exec(
      "insert into conversations (jid, read_to) values (?, ?) on conflict (jid) do update set read_to = excluded.read_to",
      chat,
      position,
    );
    this.#log.append({ kind: "read", chat, position });
    return position;
  }

  #row(chat: BareJid): Row | undefined {
    return this.#sql.exec<Row>("select * from conversations where jid = ?", chat).toArray()[0];
  }
}
