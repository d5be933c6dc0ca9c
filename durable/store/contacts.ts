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
  /** Of the roster that is coming: who was put since it began. */
  #listed: Set<BareJid> | undefined;

  constructor(sql: SqlStorage, log: Log) {
    this.#sql = sql;
    this.#log = log;
  }

  /** See `contactAt`. */
  get(jid: BareJid): Contact {
    return contactAt(jid, this.#row(jid));
  }

  /**
   * The groups that the roster has them in: whoever sets an item says them again, or they are gone (RFC 6121 §2.3.3).
   * Undefined where they are not on the roster.
   */
  groups(jid: BareJid): readonly string[] | undefined {
    const groups = this.#row(jid)?.groups;
    return typeof groups === "string" ? (JSON.parse(groups) as readonly string[]) : undefined;
  }

  /** One roster item that was pushed. */
  put(event: ContactEvent): void {
    this.#listed?.add(event.jid);
    const row = this.#row(event.jid);
    const answered = event.subscription === "from" || event.subscription === "both";
    const listed = event.subscription !== "removed";
    const contact: Contact = {
      jid: event.jid,
      subscription: event.subscription,
      asked: event.asked,
      request: row?.request === 1 && !answered && listed,
      ...(event.name !== undefined && { name: event.name }),
    };
    this.#save(row, contact, listed ? JSON.stringify(event.groups ?? []) : null);
  }

  /** The whole roster comes (RFC 6121 §2.1.4), in one part or in many; one that was begun before is given up. */
  beginRoster(): void {
    this.#listed = new Set();
  }

  /** Items of it. Of whom a push came since it was asked for, the push is newer (§2.1.6). */
  putListed(events: readonly ContactEvent[]): void {
    for (const event of events) if (!this.#listed?.has(event.jid)) this.put(event);
  }

  /** That was all of it: whoever was neither in it nor pushed was removed while we were away. */
  endRoster(): void {
    const listed = this.#listed;
    this.#listed = undefined;
    for (const row of this.#sql.exec<Row>("select * from contacts where subscription <> 'removed'").toArray()) {
      const contact = contactOf(row);
      if (listed?.has(contact.jid) === false && !contact.request)
        this.#save(row, { ...contact, subscription: "removed", asked: false }, null);
    }
  }

  /** How many requests wait for an answer. */
  requests(): number {
    return this.#sql.exec<{ n: number }>("select count(*) as n from contacts where request = 1").one().n;
  }

  /** Somebody asks to become a contact. */
  ask(jid: BareJid): void {
    const row = this.#row(jid);
    const contact = contactAt(jid, row);
    this.#save(row, {
      ...contact,
      request: true,
      subscription: contact.subscription === "removed" ? "none" : contact.subscription,
    });
  }

  /**
   * A request was accepted, declined or withdrawn. Who is on the list only because of a request that was not accepted
   * is removed.
   */
  endRequest(jid: BareJid, accepted: boolean): void {
    const row = this.#row(jid);
    const contact = contactAt(jid, row);
    const nothingElse = contact.request && contact.subscription === "none" && !contact.asked;
    const gone = !accepted && nothingElse ? ({ subscription: "removed" } as const) : undefined;
    this.#save(row, { ...contact, ...gone, request: false });
  }

  #row(jid: BareJid): Row | undefined {
    return this.#sql.exec<Row>("select * from contacts where jid = ?", jid).toArray()[0];
  }

  /** Of a change in the groups alone no entry tells: browsers do not show them. */
  #save(row: Row | undefined, contact: Contact, groups = row?.groups ?? null): void {
    const known = contactAt(contact.jid, row);
    const same =
      known.name === contact.name &&
      known.subscription === contact.subscription &&
      known.asked === contact.asked &&
      known.request === contact.request;
    if (same && (row?.groups ?? null) === groups) return;
    this.#sql.exec(
      `insert into contacts (jid, name, subscription, asked, request, groups) values (?, ?, ?, ?, ?, ?)
       on conflict (jid) do update set name = excluded.name, subscription = excluded.subscription,
         asked = excluded.asked, request = excluded.request, groups = excluded.groups`,
      contact.jid,
      contact.name ?? null,
      contact.subscription,
      Number(contact.asked),
      Number(contact.request),
      groups,
    );
    if (!same) this.#log.append({ kind: "contact", ...contact });
  }
}

/** Somebody who is not on the roster is a stranger: no subscription, no request. */
function contactAt(jid: BareJid, row: Row | undefined): Contact {
  return row ? contactOf(row) : { jid, ...STRANGER };
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
