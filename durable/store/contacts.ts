/** The roster and requests, kept so that only real changes become entries. */
import type { ContactEntry } from "../../worker/contract/entries.ts";
import type { BareJid } from "../../worker/contract/names.ts";
import type { Log } from "../log/log.ts";
import type { ContactEvent } from "../ingest/stanza-event.ts";

export type Contact = Omit<ContactEntry, "id" | "seq" | "kind">;
type Row = {
  jid: string;
  name: string | null;
  subscription: string;
  asked: number;
  request: number;
  groups: string | null;
};

const STRANGER = { subscription: "none", asked: false, request: false } as const;

export class Contacts {
  readonly #sql: SqlStorage;
  readonly #log: Log;

  constructor(sql: SqlStorage, log: Log) {
    this.#sql = sql;
    this.#log = log;
  }

  /** Somebody who is not on the roster is a stranger: no subscription, no request. */
  get(jid: BareJid): Contact {
    const row = this.#row(jid);
    return row ? contactOf(row) : { jid, ...STRANGER };
  }

  /**
   * The groups that the roster has them in: whoever sets an item says them again, or they are gone (RFC 6121 §2.3.3).
   * Undefined where they are not on the roster.
   */
  groups(jid: BareJid): readonly string[] | undefined {
    const groups = this.#row(jid)?.groups;
    return typeof groups === "string" ? (JSON.parse(groups) as readonly string[]) : undefined;
  }

  /** One roster item, from a push or from the whole roster. */
  put(event: ContactEvent): void {
    const known = this.get(event.jid);
    const answered = event.subscription === "from" || event.subscription === "both";
    const listed = event.subscription !== "removed";
    this.#save(known, {
      jid: event.jid,
      subscription: event.subscription,
      asked: event.asked,
      request: known.request && !answered && event.subscription !== "removed",
      ...(event.name !== undefined && { name: event.name }),
    });
    const groups = listed ? JSON.stringify(event.groups ?? []) : null;
    if (this.#row(event.jid)?.groups !== groups) this.#setGroups(event.jid, groups);
  }

  /** The whole roster (RFC 6121 §2.1.4): whoever is not in it any more was removed while we were away. */
  replaceAll(events: readonly ContactEvent[]): void {
    const listed = new Set(events.map((event) => event.jid));
    for (const event of events) this.put(event);
    for (const row of this.#sql.exec<Row>("select * from contacts").toArray()) {
      const gone = contactOf(row);
      if (listed.has(gone.jid) || gone.request || gone.subscription === "removed") continue;
      this.#save(gone, { ...gone, subscription: "removed", asked: false });
      this.#setGroups(gone.jid, null);
    }
  }

  /** How many requests wait for an answer. */
  requests(): number {
    return this.#sql.exec<{ n: number }>("select count(*) as n from contacts where request = 1").one().n;
  }

  /** Somebody asks to become a contact. */
  ask(jid: BareJid): void {
    const known = this.get(jid);
    this.#save(known, {
      ...known,
      request: true,
      subscription: known.subscription === "removed" ? "none" : known.subscription,
    });
  }

  /**
   * A request was accepted, declined or withdrawn. Who is on the list only because of a request that was not accepted
   * is removed.
   */
  endRequest(jid: BareJid, accepted: boolean): void {
    const known = this.get(jid);
    const nothingElse = known.request && known.subscription === "none" && !known.asked;
    const gone = !accepted && nothingElse ? ({ subscription: "removed" } as const) : undefined;
    this.#save(known, { ...known, ...gone, request: false });
  }

  #row(jid: BareJid): Row | undefined {
    return this.#sql.exec<Row>("select * from contacts where jid = ?", jid).toArray()[0];
  }

  /** Browsers do not show them: no entry tells of them. Somebody new on the roster without any change to tell has no row yet. */
  #setGroups(jid: BareJid, groups: string | null): void {
    this.#sql.exec(
      `insert into contacts (jid, subscription, groups) values (?1, 'none', ?2)
       on conflict (jid) do update set groups = ?2`,
      jid,
      groups,
    );
  }

  #save(known: Contact, contact: Contact): void {
    const same =
      known.name === contact.name &&
      known.subscription === contact.subscription &&
      known.asked === contact.asked &&
      known.request === contact.request;
    if (same) return;
    this.#sql.exec(
      `insert into contacts (jid, name, subscription, asked, request) values (?, ?, ?, ?, ?)
       on conflict (jid) do update set name = excluded.name, subscription = excluded.subscription,
         asked = excluded.asked, request = excluded.request`,
      contact.jid,
      contact.name ?? null,
      contact.subscription,
      Number(contact.asked),
      Number(contact.request),
    );
    this.#log.append({ kind: "contact", ...contact });
  }
}

function contactOf(row: Row): Contact {
  return {
    jid: row.jid as BareJid,
    subscription: row.subscription as Contact["subscription"],
    asked: row.asked !== 0,
    request: row.request !== 0,
    ...(row.name !== null && { name: row.name }),
  };
}
