/**
 * The stream that can be resumed (XEP-0198 §5), in the database, so that a reset object goes on with it. A message is
 * remembered by its place in the outbox, other stanzas as they were written.
 */
import type { Outgoing, Resumable, SavedStream, StreamMemory, Unacked } from "../link/management/resume.ts";

/** How reading an archive forward ended: it was read to its end, it does not answer, or there is none. */
export type ArchiveEnd = "done" | "refused" | "none";

/** What the object knows of the stream beside its counts. */
export type StreamState = {
  /** Carbons are on: what comes live is all there is. */
  readonly copied: boolean;
  /** How reading the account's archive ended; undefined while it is read. */
  readonly archive: ArchiveEnd | undefined;
  /** The archive was read and presence sent: nothing is left to begin. */
  readonly ready: boolean;
};

type Row = {
  sm_id: string;
  full_jid: string;
  location: string | null;
  endpoint: string;
  inbound: number;
  acknowledged: number;
  resumable_ms: number;
  session: string;
};

const NEW: StreamState = { copied: false, archive: undefined, ready: false };

export class StreamStore implements StreamMemory {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  load(): SavedStream | undefined {
    const row = this.#sql.exec<Row>("select * from stream where proved = 1").toArray()[0];
    if (!row) return undefined;
    return {
      id: row.sm_id,
      full: row.full_jid,
      endpoint: row.endpoint,
      resumableMs: row.resumable_ms,
      inbound: row.inbound,
      acknowledged: row.acknowledged,
      unacked: this.#unacked(),
      location: row.location ?? undefined,
    };
  }

  opened({ id, full, location, endpoint, resumableMs }: Resumable): void {
    this.forget();
    this.#sql.exec(
      `insert into stream (one, sm_id, full_jid, location, endpoint, inbound, acknowledged, resumable_ms, session)
       values (1, ?, ?, ?, ?, 0, 0, ?, ?)`,
      id,
      full,
      location ?? null,
      endpoint,
      resumableMs,
      JSON.stringify(NEW),
    );
  }

  /** What stands in the outbox is named, anything else kept. A join would be prepared anew with each other value bound. */
  written(n: number, { id, text }: Outgoing): void {
    this.#sql.exec(
      `insert into unacked (n, client, stanza) values
       (?1, (select client from outbox where client = ?2), iif(exists (select 1 from outbox where client = ?2), null, ?3))`,
      n,
      id ?? null,
      text,
    );
  }

  acknowledged(n: number): void {
    this.#sql.exec("delete from unacked where n <= ?", n);
    this.#sql.exec("update stream set acknowledged = ?", n);
  }

  received(inbound: number): void {
    this.#sql.exec("update stream set inbound = ?", inbound);
  }

  resumed(acknowledged: number): void {
    this.#sql.exec("delete from unacked");
    this.#sql.exec("update stream set acknowledged = ?, proved = 0", acknowledged);
  }

  proved(): void {
    this.#sql.exec("update stream set proved = 1");
  }

  forget(): void {
    this.#sql.exec("delete from unacked");
    this.#sql.exec("delete from stream");
  }

  /** For how long the server keeps it; undefined where there is no stream to go on with. */
  get resumableMs(): number | undefined {
    return this.#sql.exec<{ ms: number }>("select resumable_ms as ms from stream where proved = 1").toArray()[0]?.ms;
  }

  /** Undefined where there is no stream to go on with. */
  get session(): StreamState | undefined {
    const row = this.#sql.exec<{ session: string }>("select session from stream").toArray()[0];
    return row && (JSON.parse(row.session) as StreamState);
  }

  /** Without effect where the stream cannot be resumed. */
  set session(state: StreamState) {
    this.#sql.exec("update stream set session = ?", JSON.stringify(state));
  }

  /**
   * A message that was settled by the archive has no outbox row and so no text any more: it has arrived and is not
   * written again.
   */
  #unacked(): readonly Unacked[] {
    return this.#sql
      .exec<{ client: string | null; stanza: string | null }>(
        `select unacked.client, coalesce(unacked.stanza, outbox.stanza) as stanza from unacked
         left join outbox on outbox.client = unacked.client and outbox.failed = 0 order by n`,
      )
      .toArray()
      .map(({ client, stanza }) => ({
        ...(client !== null && { id: client }),
        ...(stanza !== null && { stanza }),
      }));
  }
}
