/**
 * Stanzas on their way to the server. A row is a finished stanza: it is written as it is, as often as needed, and goes
 * when the server has acknowledged it (XEP-0198) or its archive shows it. A failed one waits for its browser.
 */
import type { BareJid, ClientId, Seq } from "../../worker/contract/names.ts";

export type OutboxRow = { readonly seq: Seq; readonly client: ClientId; readonly stanza: string };

export class Outbox {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** From now on the stanza is on its way; runs in the turn that accepts its message. */
  put(row: OutboxRow): void {
    this.#sql.exec("insert into outbox (seq, client, stanza) values (?, ?, ?)", row.seq, row.client, row.stanza);
  }

  /**
   * What is to be written to the stream that stands now and was not yet, oldest first; but for what goes to rooms: we have
   * to be in them first.
   */
  waiting(): readonly OutboxRow[] {
    return this.#rows(
      `select outbox.* from outbox left join entries using (seq)
       where failed = 0 and client not in (select client from unacked where client is not null)
         and (chat is null or chat not in (select jid from rooms)) order by seq`,
    );
  }

  /** The same for one room: what is not known to be there. */
  waitingFor(room: BareJid): readonly OutboxRow[] {
    return this.#rows(
      `select outbox.* from outbox join entries using (seq)
       where failed = 0 and client not in (select client from unacked where client is not null)
         and chat = ? order by seq`,
      room,
    );
  }

  /** Written or not: the room has not reflected it. */
  unconfirmedIn(room: BareJid): readonly OutboxRow[] {
    return this.#rows(
      "select outbox.* from outbox join entries using (seq) where failed = 0 and chat = ? order by seq",
      room,
    );
  }

  #rows(query: string, ...bindings: readonly string[]): readonly OutboxRow[] {
    return this.#sql
      .exec<{ seq: number; client: string; stanza: string }>(query, ...bindings)
      .toArray()
      .map((row) => ({ seq: row.seq as Seq, client: row.client as ClientId, stanza: row.stanza }));
  }

  /**
   * No message to a person waits for its acknowledgement, so the account's archive holds none of ours that may be
   * missing here.
   */
  get empty(): boolean {
    return (
      this.#sql
        .exec(
          `select 1 from outbox left join entries using (seq)
           where failed = 0 and (chat is null or chat not in (select jid from rooms)) limit 1`,
        )
        .toArray().length === 0
    );
  }

  /**
   * The server has it. True where its row was still here, so that the browsers are told once. A failed one stays
   * failed.
   */
  settle(client: string): boolean {
    return this.#sql.exec("delete from outbox where client = ? and failed = 0", client).rowsWritten > 0;
  }

  /** It is on its way, or waits to be. */
  waits(client: string): boolean {
    return this.#sql.exec("select 1 from outbox where client = ? and failed = 0", client).toArray().length > 0;
  }

  /** It was refused or came back; the stanza is gone, its browser has the bytes. */
  fail(seq: Seq, client: string): void {
    this.#sql.exec(
      `insert into outbox (seq, client, stanza, failed) values (?, ?, '', 1)
       on conflict (client) do update set failed = 1, stanza = ''`,
      seq,
      client,
    );
  }

  /** A stream ended while these were on their way to the server. */
  suspect(clients: readonly string[], points: number): void {
    for (const client of clients) {
      this.#sql.exec("update outbox set suspicion = suspicion + ? where client = ? and failed = 0", points, client);
    }
  }

  /** They have arrived at the server, though a room may not have reflected them yet. */
  trust(clients: readonly string[]): void {
    for (const client of clients) this.#sql.exec("update outbox set suspicion = 0 where client = ?", client);
  }

  /** Whether one of them is suspected so much. */
  suspected(points: number): boolean {
    return this.#suspects(points, "limit 1").length > 0;
  }

  /** Those that are suspected so much, oldest first. */
  convicted(points: number): readonly ClientId[] {
    return this.#suspects(points, "order by seq");
  }

  #suspects(points: number, rest: "limit 1" | "order by seq"): readonly ClientId[] {
    return this.#sql
      .exec<{ client: string }>(`select client from outbox where failed = 0 and suspicion >= ? ${rest}`, points)
      .toArray()
      .map(({ client }) => client as ClientId);
  }

  /** A failed one is tried again with the same bytes. False where it did not fail. */
  retry(client: ClientId, stanza: string): boolean {
    return (
      this.#sql.exec(
        "update outbox set failed = 0, suspicion = 0, stanza = ? where client = ? and failed = 1",
        stanza,
        client,
      ).rowsWritten > 0
    );
  }
}
