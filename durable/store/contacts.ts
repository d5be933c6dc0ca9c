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
  declined: number;
  blocked: number;
  nick: string | null;
};

const DECLINED = { declined: true } as const;
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
    const { declined: _declined, name: _name, ...rest } = known;
    this.#save(known, {
      ...rest,
      subscription: event.subscription,
      asked: event.asked,
      request: known.request && !answered && event.subscription !== "removed",
      ...(event.name !== undefined && { name: event.name }),
      // Whoever has something to do with us, by whichever client, is declined no longer.
      ...(known.declined && event.subscription === "none" && !event.asked && DECLINED),
      ...(known.declined && !listed && DECLINED),
    });
    if (!listed || event.subscription === "both") this.setWelcome(event.jid, false);
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

  /** What they write and ask from now on is shown to nobody, until somebody turns to them. */
  decline(jid: BareJid): void {
    const known = this.get(jid);
    this.setWelcome(jid, false);
    this.#save(known, { ...known, subscription: this.#standing(known), ...DECLINED, request: false });
  }

  /** Somebody of this account turns to them after all. */
  forgive(jid: BareJid): void {
    const known = this.get(jid);
    const { declined: _, ...rest } = known;
    this.#save(known, rest);
  }

  /** The server keeps them away from us, or does so no longer (XEP-0191). */
  setBlocked(jid: BareJid, blocked: boolean): void {
    const known = this.get(jid);
    const { blocked: _, ...rest } = known;
    if (blocked) this.setWelcome(jid, false);
    const kept = blocked ? ({ blocked: true, request: false } as const) : {};
    this.#save(known, { ...rest, subscription: this.#standing(known), ...kept });
  }

  /** The whole list of who is blocked: nobody else is. */
  replaceBlocked(blocked: readonly BareJid[]): void {
    const listed = new Set<string>(blocked);
    for (const { jid } of this.#sql.exec<Row>("select * from contacts where blocked = 1").toArray())
      if (!listed.has(jid)) this.setBlocked(jid as BareJid, false);
    for (const jid of blocked) this.setBlocked(jid, true);
  }

  /** What somebody calls themselves (XEP-0172); undefined: nothing. */
  setNick(jid: BareJid, nick: string | undefined): void {
    const known = this.get(jid);
    const { nick: _, ...rest } = known;
    this.#save(known, { ...rest, ...(nick !== undefined && { nick }) });
  }

  /** We have asked them ourselves: when they ask back, the answer is known (RFC 6121 §3.4). */
  welcomes(jid: BareJid): boolean {
    return this.#sql.exec("select 1 from contacts where jid = ? and welcome = 1", jid).toArray().length > 0;
  }

  setWelcome(jid: BareJid, welcome: boolean): void {
    if (welcome === this.welcomes(jid)) return;
    this.#sql.exec(
      `insert into contacts (jid, subscription, welcome) values (?1, 'none', ?2)
       on conflict (jid) do update set welcome = ?2`,
      jid,
      Number(welcome),
    );
  }

  /** Somebody whom the roster does not hold is no contact without a subscription. */
  #standing({ jid, subscription, asked }: Contact): Contact["subscription"] {
    return subscription === "none" && !asked && this.groups(jid) === undefined ? "removed" : subscription;
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
      known.request === contact.request &&
      known.declined === contact.declined &&
      known.blocked === contact.blocked &&
      known.nick === contact.nick;
    if (same) return;
    this.#sql.exec(
      `insert into contacts (jid, name, subscription, asked, request, declined, blocked, nick)
       values (?, ?, ?, ?, ?, ?, ?, ?)
       on conflict (jid) do update set name = excluded.name, subscription = excluded.subscription,
         asked = excluded.asked, request = excluded.request, declined = excluded.declined,
         blocked = excluded.blocked, nick = excluded.nick`,
      contact.jid,
      contact.name ?? null,
      contact.subscription,
      Number(contact.asked),
      Number(contact.request),
      Number(contact.declined ?? false),
      Number(contact.blocked ?? false),
      contact.nick ?? null,
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
    ...(row.nick !== null && { nick: row.nick }),
    ...(row.declined !== 0 && DECLINED),
    ...(row.blocked !== 0 && { blocked: true as const }),
  };
}
