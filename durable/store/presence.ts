/**
 * Who is there (RFC 6121 §4), told to browsers as it changes. It is kept in the database, because a resumed stream does
 * not tell it again, and shown only while there is a stream. When somebody was there last is kept over streams.
 */
import type { BareJid, Time } from "../../worker/contract/names.ts";
import type { PresenceInfo } from "../../worker/contract/state.ts";
import type { PresenceEvent } from "../ingest/stanza-event.ts";

/** Who comes and goes within this time is told in one frame: at sign-in all contacts do, one stanza each. */
const TELL_AFTER_MS = 50;

/** Clients of one person that are kept; more would be read again with every word of theirs. */
const CLIENTS_MAX = 50;

type Row = { jid: string; show: string | null; idle: number | null };

/** Of somebody's clients the one speaks for them that is there most. */
const ABSENCE: Readonly<Record<string, number>> = { dnd: 1, away: 2, xa: 3 };

export class Presence {
  readonly #sql: SqlStorage;
  readonly #tell: (presence: readonly PresenceInfo[]) => void;
  readonly #changed = new Map<BareJid, PresenceInfo>();
  #shown = false;

  constructor(sql: SqlStorage, tell: (presence: readonly PresenceInfo[]) => void) {
    this.#sql = sql;
    this.#tell = tell;
  }

  /**
   * One resource came, changed or went; `resource` is empty where the bare address speaks for all. Told where the contact
   * as a whole did. `now`: when somebody has gone who does not say it themselves.
   */
  put(event: PresenceEvent, now: Time = Date.now()): void {
    const { jid, resource, available, show, idle } = event;
    const before = this.#of(jid);
    if (available) {
      if (this.#isOneTooMany(jid, resource)) return;
      this.#sql.exec(
        `insert into presence (jid, resource, show, idle) values (?1, ?2, ?3, ?4)
         on conflict (jid, resource) do update set show = ?3, idle = ?4 where show is not ?3 or idle is not ?4`,
        ...[jid, resource, show ?? null, idle ?? null],
      );
    } else if (resource === "") this.#sql.exec("delete from presence where jid = ?", jid);
    else this.#sql.exec("delete from presence where jid = ? and resource = ?", jid, resource);
    const after = this.#of(jid);
    if (!after.available && (before.available || idle !== undefined)) this.sawLast(jid, idle ?? before.idle ?? now);
    if (JSON.stringify(after) !== JSON.stringify(before)) this.#note(after);
  }

  /** Somebody shows theirs no longer: nothing will tell when they leave, and when they were here is theirs again. */
  forget(jid: BareJid): void {
    this.put({ kind: "presence", jid, resource: "", available: false });
    this.#sql.exec("delete from last_seen where jid = ?", jid);
  }

  /** When somebody was there last; undefined: nobody knows. */
  lastSeen(jid: BareJid): Time | undefined {
    return this.#sql.exec<{ at: number }>("select at from last_seen where jid = ?", jid).toArray()[0]?.at;
  }

  /** They were there at this time, or later. */
  sawLast(jid: BareJid, at: Time): void {
    this.#sql.exec(
      `insert into last_seen (jid, at) values (?1, ?2)
       on conflict (jid) do update set at = ?2 where at < ?2`,
      ...[jid, at],
    );
  }

  /** Contacts that are there; nobody while no stream stands. */
  all(): readonly PresenceInfo[] {
    return this.#shown ? this.#here() : [];
  }

  /** What is known counts while the stream that told it stands. */
  show(shown: boolean): void {
    if (shown === this.#shown) return;
    this.#shown = shown;
    for (const info of this.#here()) this.#note(shown ? info : goneOf(info));
  }

  /** A new stream tells all presence again. */
  clear(): void {
    const here = this.all();
    this.#sql.exec("delete from presence");
    for (const info of here) this.#note(goneOf(info));
  }

  #isOneTooMany(jid: BareJid, resource: string): boolean {
    const others = "select count(*) as n from presence where jid = ? and resource <> ?";
    return this.#sql.exec<{ n: number }>(others, jid, resource).one().n >= CLIENTS_MAX;
  }

  #note(info: PresenceInfo): void {
    if (this.#changed.size === 0) setTimeout(() => this.#flush(), TELL_AFTER_MS);
    this.#changed.set(info.jid, info);
  }

  #flush(): void {
    const changed = [...this.#changed.values()];
    this.#changed.clear();
    this.#tell(changed);
  }

  #here(): readonly PresenceInfo[] {
    const clients = new Map<string, Row[]>();
    for (const row of this.#sql.exec<Row>("select jid, show, idle from presence").toArray()) {
      const rows = clients.get(row.jid);
      if (rows) rows.push(row);
      else clients.set(row.jid, [row]);
    }
    return [...clients].map(([jid, rows]) => infoOf(jid as BareJid, rows));
  }

  #of(jid: BareJid): PresenceInfo {
    return infoOf(jid, this.#sql.exec<Row>("select jid, show, idle from presence where jid = ?", jid).toArray());
  }

  /** Whether a contact was told to be there; counts while a stream stands. */
  isHere(jid: BareJid): boolean {
    return this.#sql.exec("select 1 from presence where jid = ? limit 1", jid).toArray().length > 0;
  }
}

function goneOf({ jid }: PresenceInfo): PresenceInfo {
  return { jid, available: false };
}

/** The client that is there most; of two that are so alike the one that did something last. */
function infoOf(jid: BareJid, rows: readonly Row[]): PresenceInfo {
  const [best] = [...rows].sort(
    (a, b) => absence(a) - absence(b) || (b.idle ?? Number.MAX_SAFE_INTEGER) - (a.idle ?? Number.MAX_SAFE_INTEGER),
  );
  if (best === undefined) return { jid, available: false };
  const { show, idle } = best;
  return {
    jid,
    available: true,
    ...(show !== null && { show: show as NonNullable<PresenceInfo["show"]> }),
    ...(idle !== null && { idle }),
  };
}

function absence({ show }: Row): number {
  return ABSENCE[show ?? ""] ?? 0;
}
