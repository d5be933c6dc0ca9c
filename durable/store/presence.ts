/**
 * Who is there (RFC 6121 §4), told to browsers as it changes. It is kept in the database, because a resumed stream does
 * not tell it again, and shown only while there is a stream.
 */
import type { BareJid } from "../../worker/contract/names.ts";
import type { PresenceInfo } from "../../worker/contract/state.ts";
import type { PresenceEvent } from "../ingest/stanza-event.ts";

/** Who comes and goes within this time is told in one frame: at sign-in all contacts do, one stanza each. */
const TELL_AFTER_MS = 50;

export class Presence {
  readonly #sql: SqlStorage;
  readonly #tell: (presence: readonly PresenceInfo[]) => void;
  readonly #changed = new Map<BareJid, boolean>();
  #shown = false;

  constructor(sql: SqlStorage, tell: (presence: readonly PresenceInfo[]) => void) {
    this.#sql = sql;
    this.#tell = tell;
  }

  /**
   * One resource came or went; `resource` is empty where the bare address speaks for all. Told where the contact as a
   * whole did.
   */
  put({ jid, resource, available }: PresenceEvent): void {
    const before = this.isHere(jid);
    if (available) this.#sql.exec("insert or ignore into presence (jid, resource) values (?, ?)", jid, resource);
    else if (resource === "") this.#sql.exec("delete from presence where jid = ?", jid);
    else this.#sql.exec("delete from presence where jid = ? and resource = ?", jid, resource);
    const after = this.isHere(jid);
    if (after !== before) this.#note(jid, after);
  }

  /** Somebody shows theirs no longer: nothing will tell when they leave. */
  forget(jid: BareJid): void {
    this.put({ kind: "presence", jid, resource: "", available: false });
  }

  /** Contacts that are there; nobody while no stream stands. */
  all(): readonly PresenceInfo[] {
    return this.#shown ? this.#here() : [];
  }

  /** What is known counts while the stream that told it stands. */
  show(shown: boolean): void {
    if (shown === this.#shown) return;
    this.#shown = shown;
    for (const { jid } of this.#here()) this.#note(jid, shown);
  }

  /** A new stream tells all presence again. */
  clear(): void {
    const here = this.all();
    this.#sql.exec("delete from presence");
    for (const { jid } of here) this.#note(jid, false);
  }

  #note(jid: BareJid, available: boolean): void {
    if (this.#changed.size === 0) setTimeout(() => this.#flush(), TELL_AFTER_MS);
    this.#changed.set(jid, available);
  }

  #flush(): void {
    const changed = [...this.#changed].map(([jid, available]) => ({ jid, available }));
    this.#changed.clear();
    this.#tell(changed);
  }

  #here(): readonly PresenceInfo[] {
    return this.#sql
      .exec<{ jid: string }>("select distinct jid from presence")
      .toArray()
      .map(({ jid }) => ({ jid: jid as BareJid, available: true }));
  }

  /** Whether a contact was told to be there; counts while a stream stands. */
  isHere(jid: BareJid): boolean {
    return this.#sql.exec("select 1 from presence where jid = ? limit 1", jid).toArray().length > 0;
  }
}
