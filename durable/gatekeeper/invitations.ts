/**
 * Invitations of the operator: which there are, who came by one, and how many may still. A place is held for an account from
 * its try to its end, so two people with one link do not both get in; it is used once the account was proved, and never by
 * a try. Whoever came by one stays let in, whatever becomes of it. Its address is sealed by the Worker.
 */
import type { Result } from "../../worker/contract/failures.ts";
import type { InvitationRefusal } from "../../worker/contract/invitation.ts";
import type { Time } from "../../worker/contract/names.ts";
import { failed } from "../../worker/shared/failed.ts";

/** What the operator has made. `account`: the name of the only one that it is for, and its address, sealed. */
export type Invitation = {
  readonly id: string;
  readonly uses: number;
  readonly made: Time;
  readonly ends: Time;
  readonly account?: string;
  readonly sealed?: string;
  readonly domain?: string;
};

export type KeptInvitation = Invitation & { readonly used: number; readonly takenBack: boolean };

/** Who comes with one: keyed hash of the account, and its domain. */
export type Comer = { readonly account: string; readonly domain: string };

/** As many as the operator's list shows at once. */
const KEPT_MAX = 500;
/** No sign-in takes longer: one that was given up holds no place any more. */
const HELD_MS = 2 * 60_000;
/** For so long one that is over says why. */
const REMEMBERED_MS = 30 * 24 * 60 * 60_000;

type Row = Readonly<Record<"id", string>> &
  Readonly<Record<"uses" | "used" | "made" | "ends", number>> &
  Readonly<Record<"taken_back", number | null>> &
  Readonly<Record<"account" | "sealed" | "domain", string | null>>;

export class Invitations {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(`create table if not exists invitations (
      id text primary key, uses integer not null, used integer not null default 0, made integer not null,
      ends integer not null, taken_back integer, account text, sealed text, domain text) strict, without rowid`);
    sql.exec(`create table if not exists invited (
      account text primary key, invitation text not null, since integer not null) strict, without rowid`);
    sql.exec(`create table if not exists held_places (
      invitation text not null, account text not null, at integer not null,
      primary key (invitation, account)) strict, without rowid`);
  }

  /** False where there are too many, or one of that id. */
  make({ id, uses, made, ends, account, sealed, domain }: Invitation): boolean {
    this.sweep(made);
    const { n } = this.#sql.exec<{ n: number }>("select count(*) as n from invitations").one();
    if (n >= KEPT_MAX || this.#row(id) !== undefined) return false;
    this.#sql.exec(
      "insert into invitations (id, uses, made, ends, account, sealed, domain) values (?, ?, ?, ?, ?, ?, ?)",
      ...[id, uses, made, ends, account ?? null, sealed ?? null, domain ?? null],
    );
    return true;
  }

  /** The newest first, those of the last month that are over among them. */
  all(now: Time): readonly KeptInvitation[] {
    this.sweep(now);
    return this.#sql.exec<Row>("select * from invitations order by made desc, id").toArray().map(keptOf);
  }

  /** Whether there was such a one to take back. Whoever came by it stays; a sign-in that is under way ends. */
  takeBack(id: string, now: Time): boolean {
    const taken = "update invitations set taken_back = ? where id = ? and taken_back is null";
    return this.#sql.exec(taken, now, id).rowsWritten > 0;
  }

  /** What it says of itself to whoever has the link. Writes nothing. Fails with `invitation`. */
  look(id: string, now: Time): Result<KeptInvitation> {
    const row = this.#open(id, now);
    return row.ok ? { ok: true, value: keptOf(row.value) } : row;
  }

  /** Whether it lets this account in now. Writes nothing. Fails with `invitation`. */
  offers(id: string, comer: Comer, now: Time): Result<true> {
    const open = this.#open(id, now);
    if (!open.ok) return open;
    const row = open.value;
    if (!isFor(row, comer)) return refused("for-another");
    const { n } = this.#sql
      .exec<{ n: number }>(
        "select count(*) as n from held_places where invitation = ? and account <> ? and at > ?",
        ...[id, comer.account, now - HELD_MS],
      )
      .one();
    return row.used + n >= row.uses ? refused("in-use") : { ok: true, value: true };
  }

  /** A place for an account that tries now. */
  hold(id: string, account: string, now: Time): void {
    this.#sql.exec("insert or replace into held_places (invitation, account, at) values (?, ?, ?)", id, account, now);
  }

  /**
   * Whether a sign-in that is under way may end, for it may have been taken back since; its place is held for that long.
   * Fails with `invitation`.
   */
  holds(id: string, account: string, now: Time): Result<true> {
    // Another browser of the same account was quicker.
    if (this.isInvited(account)) return { ok: true, value: true };
    const open = this.#open(id, now);
    if (!open.ok) return open;
    const held = "update held_places set at = ? where invitation = ? and account = ? and at > ?";
    const { rowsWritten } = this.#sql.exec(held, now, id, account, now - HELD_MS);
    return rowsWritten > 0 ? { ok: true, value: true } : refused("in-use");
  }

  release(id: string, account: string): void {
    this.#sql.exec("delete from held_places where invitation = ? and account = ?", id, account);
  }

  /** The account was proved. It counts once, however many browsers of one account come. */
  came(id: string, account: string, now: Time): void {
    this.release(id, account);
    const first = "insert or ignore into invited (account, invitation, since) values (?, ?, ?)";
    if (this.#sql.exec(first, account, id, now).rowsWritten > 0)
      this.#sql.exec("update invitations set used = used + 1 where id = ?", id);
  }

  isInvited(account: string): boolean {
    return this.#sql.exec("select 1 from invited where account = ?", account).toArray().length > 0;
  }

  /** Of an account that was deleted: what it has used stays used, or one link would let in one after the other. */
  forget(account: string): void {
    this.#sql.exec("delete from invited where account = ?", account);
    this.#sql.exec("delete from held_places where account = ?", account);
    this.#sql.exec("delete from invitations where account = ?", account);
  }

  sweep(now: Time): void {
    this.#sql.exec("delete from held_places where at <= ?", now - HELD_MS);
    this.#sql.exec("delete from invitations where min(ends, coalesce(taken_back, ends)) < ?", now - REMEMBERED_MS);
  }

  #open(id: string, now: Time): Result<Row> {
    const row = this.#row(id);
    // One that is signed and not here was forgotten long after its end.
    if (row === undefined) return refused("over");
    if (row.taken_back !== null) return refused("taken-back");
    if (row.used >= row.uses) return refused("used-up");
    return now >= row.ends ? refused("over") : { ok: true, value: row };
  }

  #row(id: string): Row | undefined {
    return this.#sql.exec<Row>("select * from invitations where id = ?", id).toArray()[0];
  }
}

function isFor(row: Row, { account, domain }: Comer): boolean {
  return (row.account === null || row.account === account) && (row.domain === null || row.domain === domain);
}

function refused(why: InvitationRefusal) {
  return failed("invitation", why);
}

function keptOf({ id, uses, used, made, ends, taken_back, account, sealed, domain }: Row): KeptInvitation {
  return {
    ...{ id, uses, used, made, ends, takenBack: taken_back !== null },
    ...(account !== null && { account }),
    ...(sealed !== null && { sealed }),
    ...(domain !== null && { domain }),
  };
}
