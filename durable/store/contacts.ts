/** The roster and requests, kept so that only real changes become entries. */
import type { ContactEntry } from "../../worker/contract/entries.ts";
import type { BareJid, PictureId } from "../../worker/contract/names.ts";
import type { Log } from "../log/log.ts";
import type { ContactEvent, PictureEvent } from "../ingest/stanza-event.ts";

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
  picture: string | null;
};

/** By whom it was said: what somebody's node says counts for more than their presence. */
export type KnownPicture = { readonly by: PictureEvent["by"]; readonly id: PictureId };

const DECLINED = { declined: true } as const;
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
    const { declined, name: _, ...rest } = contactAt(event.jid, row);
    // Whoever has something to do with us, by whichever client, is declined no longer.
    const stays = declined === true && (!listed || (event.subscription === "none" && !event.asked));
    const contact: Contact = {
      ...rest,
      subscription: event.subscription,
      asked: event.asked,
      request: row?.request === 1 && !answered && listed,
      ...(event.name !== undefined && { name: event.name }),
      ...(stays && DECLINED),
    };
    if (!listed || event.subscription === "both") this.setWelcome(event.jid, false);
    this.#save(row, contact, { groups: listed ? JSON.stringify(event.groups ?? []) : null });
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
        this.#save(row, { ...contact, subscription: "removed", asked: false }, { groups: null });
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

  /** What they write and ask from now on is shown to nobody, until somebody turns to them. */
  decline(jid: BareJid): void {
    this.setWelcome(jid, false);
    this.#change(jid, (contact) => ({
      ...contact,
      subscription: this.#standing(contact),
      ...DECLINED,
      request: false,
    }));
  }

  /** Somebody of this account turns to them after all. */
  forgive(jid: BareJid): void {
    this.#change(jid, (contact) => without(contact, "declined"));
  }

  /** The server keeps them away from us, or does so no longer (XEP-0191). */
  setBlocked(jid: BareJid, blocked: boolean): void {
    if (blocked) this.setWelcome(jid, false);
    const kept = blocked ? ({ blocked: true, request: false } as const) : {};
    this.#change(jid, (contact) => ({
      ...without(contact, "blocked"),
      subscription: this.#standing(contact),
      ...kept,
    }));
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
    this.#change(jid, (contact) => ({
      ...without(contact, "nick"),
      subscription: this.#standing(contact),
      ...(nick !== undefined && { nick }),
    }));
  }

  /** Which picture somebody has, and who said so. */
  picture(jid: BareJid): KnownPicture | undefined {
    return pictureOf(this.#row(jid));
  }

  /** Somebody says which picture they have, or that they have none. */
  setPicture({ jid, by, id }: PictureEvent): void {
    const row = this.#row(jid);
    if (by === "presence" && pictureOf(row)?.by === "node") return;
    const contact = without(contactAt(jid, row), "picture");
    const picture = id === undefined ? {} : { picture: id };
    const kept = id === undefined ? null : `${by} ${id}`;
    this.#save(row, { ...contact, subscription: this.#standing(contact), ...picture }, { picture: kept });
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

  #change(jid: BareJid, change: (contact: Contact) => Contact): void {
    const row = this.#row(jid);
    this.#save(row, change(contactAt(jid, row)));
  }

  /** Somebody whom the roster does not hold is no contact without a subscription. */
  #standing({ jid, subscription, asked }: Contact): Contact["subscription"] {
    return subscription === "none" && !asked && this.groups(jid) === undefined ? "removed" : subscription;
  }

  #row(jid: BareJid): Row | undefined {
    return this.#sql.exec<Row>("select * from contacts where jid = ?", jid).toArray()[0];
  }

  /** Of a change in the groups alone, or in who names a picture, no entry tells: browsers do not show them. */
  #save(row: Row | undefined, contact: Contact, kept: Partial<Pick<Row, "groups" | "picture">> = {}): void {
    const { groups, picture } = { groups: row?.groups ?? null, picture: row?.picture ?? null, ...kept };
    const known = contactAt(contact.jid, row);
    const same =
      known.name === contact.name &&
      known.subscription === contact.subscription &&
      known.asked === contact.asked &&
      known.request === contact.request &&
      known.declined === contact.declined &&
      known.blocked === contact.blocked &&
      known.nick === contact.nick &&
      known.picture === contact.picture;
    if (same && (row?.groups ?? null) === groups && (row?.picture ?? null) === picture) return;
    this.#sql.exec(
      `insert into contacts (jid, name, subscription, asked, request, groups, declined, blocked, nick, picture)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       on conflict (jid) do update set name = excluded.name, subscription = excluded.subscription,
         asked = excluded.asked, request = excluded.request, groups = excluded.groups,
         declined = excluded.declined, blocked = excluded.blocked, nick = excluded.nick,
         picture = excluded.picture`,
      contact.jid,
      contact.name ?? null,
      contact.subscription,
      Number(contact.asked),
      Number(contact.request),
      groups,
      Number(contact.declined ?? false),
      Number(contact.blocked ?? false),
      contact.nick ?? null,
      picture,
    );
    if (!same) this.#log.append({ kind: "contact", ...contact });
  }
}

function without(contact: Contact, key: "declined" | "blocked" | "nick" | "picture"): Contact {
  const { [key]: _, ...rest } = contact;
  return rest;
}

/** Somebody who is not on the roster is a stranger: no subscription, no request. */
function contactAt(jid: BareJid, row: Row | undefined): Contact {
  return row ? contactOf(row) : { jid, ...STRANGER };
}

function pictureOf(row: Row | undefined): KnownPicture | undefined {
  const [by, id] = row?.picture?.split(" ") ?? [];
  return by === undefined || id === undefined ? undefined : ({ by, id } as KnownPicture);
}

function contactOf(row: Row): Contact {
  const picture = pictureOf(row)?.id;
  return {
    jid: row.jid as BareJid,
    subscription: row.subscription as Contact["subscription"],
    asked: row.asked !== 0,
    request: row.request !== 0,
    ...(row.name !== null && { name: row.name }),
    ...(row.nick !== null && { nick: row.nick }),
    ...(picture !== undefined && { picture }),
    ...(row.declined !== 0 && DECLINED),
    ...(row.blocked !== 0 && { blocked: true as const }),
  };
}
