/** The counters of all tries to sign in, the accounts that were proved here, and from where, and who is trying at this moment. */
import type { Result } from "../../worker/contract/failures.ts";
import type { Time } from "../../worker/contract/names.ts";
import type { DeploymentCounts } from "../../worker/contract/operator.ts";
import { failed } from "../../worker/shared/failed.ts";
import { Counts } from "./counts.ts";
import { oneLess, oneMore, type Tries } from "./delays.ts";
import { Invitations } from "./invitations.ts";
import { hereOf, type Knock, type Place, UNDER_WAY_MS, type Visitor } from "./rules.ts";
import { countersOf, keyOf, refusalOf } from "./walk.ts";

/** `proved`: the password was right. `wrong`: it was not. `failed`: nobody has looked at it. */
export type Outcome = "proved" | "wrong" | "failed";

/**
 * Let in to try. `invited`: by name, whatever the list of domains says. `invitation`: the one that holds a place for it, to be
 * named when it ends.
 */
export type Entry = { readonly ticket: string; readonly invited: boolean; readonly invitation?: string };

type Visit = Visitor & { readonly since: Time };

const DAY_MS = 24 * 60 * 60_000;
/** For so long a place where an account was proved is one of its own. */
const HOME_MS = 90 * DAY_MS;
const SWEEP_EVERY_MS = 60 * 60_000;

export class Door {
  readonly #sql: SqlStorage;
  readonly #counts: Counts;
  readonly invitations: Invitations;
  /** In memory: a reset of this object ends what was under way. */
  readonly #underWay = new Map<string, Visit>();
  #sweptAt = 0;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(`create table if not exists tries (
      key text primary key, count integer not null, at integer not null) strict, without rowid`);
    sql.exec(`create table if not exists accounts (
      name text primary key, since integer not null) strict, without rowid`);
    sql.exec(`create table if not exists homes (
      account text not null, neighbourhood text not null, at integer not null,
      primary key (account, neighbourhood)) strict, without rowid`);
    sql.exec("create index if not exists accounts_by_since on accounts (since)");
    this.#counts = new Counts(sql);
    this.invitations = new Invitations(sql);
  }

  /**
   * Let somebody try, or say why not. What is refused writes nothing. `newAccounts`: so many accounts that were never here
   * may come in a day. An invitation opens the list of domains and the day's number, and none of what counts tries. Fails with
   * `domain-refused`, `no-domains`, `too-many-tries`, `account-guarded`, `too-busy` (seconds to wait as `detail` where they
   * are known), `no-new-accounts`, and with `invitation` where it would have helped.
   */
  admit(knock: Knock, newAccounts: number, now: Time): Result<Entry> {
    const result = this.#admit(knock, newAccounts, now);
    if (!result.ok) this.#counts.refused();
    return result;
  }

  #admit(knock: Knock, newAccounts: number, now: Time): Result<Entry> {
    for (const [ticket, { since }] of this.#underWay) {
      if (now - since >= UNDER_WAY_MS) this.#underWay.delete(ticket);
    }
    const isNew = !this.#isKnown(knock.account);
    const { refused, invitation } = knock;
    const wasInvited = this.invitations.isInvited(knock.account);
    const helps = isNew || (refused !== undefined && !wasInvited);
    const offer = invitation !== undefined && helps ? this.invitations.offers(invitation, knock, now) : undefined;
    const invited = wasInvited || offer?.ok === true;
    if (refused !== undefined && !invited) return offer?.ok === false ? offer : failed(refused);
    const visitor = { ...knock, isNew, invited, place: this.#placeOf(knock, now) };
    const facts = {
      tries: (key: string) => this.#tries(key),
      underWay: [...this.#underWay.values()],
      enoughNew: () => this.#newSince(now - DAY_MS) >= newAccounts,
    };
    const refusal = refusalOf(visitor, facts, now);
    if (refusal?.kind === "no-new-accounts" && offer?.ok === false) return offer;
    if (refusal) return { ok: false, error: refusal };
    this.#sweep(now);
    // Counted before it is known how it ends: tries that come all at once are as many.
    for (const { rule, key } of countersOf(visitor)) this.#put(key, oneMore(rule, this.#tries(key), now));
    const ticket = crypto.randomUUID();
    this.#underWay.set(ticket, { ...visitor, since: now });
    if (invitation === undefined || offer?.ok !== true) return { ok: true, value: { ticket, invited } };
    this.invitations.hold(invitation, knock.account, now);
    return { ok: true, value: { ticket, invited, invitation } };
  }

  /** It has ended. A ticket that nobody knows any more still tells which account was proved, and by which invitation it came. */
  settle(ticket: string, account: string, outcome: Outcome, now: Time, invitation?: string): void {
    const visit = this.#underWay.get(ticket);
    this.#underWay.delete(ticket);
    // Nobody was asked for a password, so neither account nor place has proved anything.
    if (visit?.registers !== undefined) {
      if (invitation !== undefined) this.invitations.release(invitation, account);
      return;
    }
    this.#counts.ended(outcome, now);
    if (outcome === "proved")
      this.#sql.exec("insert or ignore into accounts (name, since) values (?, ?)", account, now);
    if (outcome === "proved" && visit !== undefined) this.#noteHome(visit, now);
    if (invitation !== undefined) {
      if (outcome === "proved") this.invitations.came(invitation, account, now);
      else this.invitations.release(invitation, account);
    }
    if (outcome === "wrong" || visit === undefined) return;
    for (const { rule, key } of countersOf(visit)) {
      const tries = this.#tries(key);
      if (!tries || (outcome === "failed" && rule.failed === "is one")) continue;
      const left = oneLess(tries);
      if (left.count === 0 || (outcome === "proved" && rule.proved === "forgives all")) this.#forget(key);
      else this.#put(key, left);
    }
  }

  #placeOf({ account, neighbourhood }: Knock, now: Time): Place {
    const [home] = this.#sql
      .exec(
        "select 1 from homes where account = ? and neighbourhood = ? and at > ?",
        account,
        neighbourhood,
        now - HOME_MS,
      )
      .toArray();
    if (home !== undefined) return "home";
    return this.#tries(keyOf("here", hereOf({ account, neighbourhood }))) === undefined ? "new" : "failed";
  }

  #noteHome({ account, neighbourhood }: Knock, now: Time): void {
    this.#sql.exec(
      "insert or replace into homes (account, neighbourhood, at) values (?, ?, ?)",
      account,
      neighbourhood,
      now,
    );
  }

  /** Names of accounts that were proved here, in an order of their own; those behind `after`. */
  names(after: string, limit: number): readonly string[] {
    const rows = this.#sql.exec<{ name: string }>(
      "select name from accounts where name > ? order by name limit ?",
      after,
      limit,
    );
    return rows.toArray().map(({ name }) => name);
  }

  /** As if it had never been here: its next sign-in is that of a new account. */
  forgetAccount(name: string): void {
    this.#sql.exec("delete from accounts where name = ?", name);
    this.#sql.exec("delete from homes where account = ?", name);
    this.invitations.forget(name);
  }

  counts(): DeploymentCounts {
    const { n } = this.#sql.exec<{ n: number }>("select count(*) as n from accounts").one();
    return { accounts: n, days: this.#counts.days() };
  }

  #isKnown(account: string): boolean {
    return this.#sql.exec("select 1 from accounts where name = ?", account).toArray().length > 0;
  }

  /** Those whom the operator has invited take nobody's place. */
  #newSince(since: Time): number {
    const uninvited = `select count(*) as n from accounts where since > ?
      and not exists (select 1 from invited where invited.account = accounts.name)`;
    return this.#sql.exec<{ n: number }>(uninvited, since).one().n;
  }

  #tries(key: string): Tries | undefined {
    return this.#sql.exec<{ count: number; at: number }>("select count, at from tries where key = ?", key).toArray()[0];
  }

  #put(key: string, { count, at }: Tries): void {
    this.#sql.exec("insert or replace into tries (key, count, at) values (?, ?, ?)", key, count, at);
  }

  #forget(key: string): void {
    this.#sql.exec("delete from tries where key = ?", key);
  }

  /** No rule remembers longer than a day, and no place longer than it is one. */
  #sweep(now: Time): void {
    if (now - this.#sweptAt < SWEEP_EVERY_MS) return;
    this.#sweptAt = now;
    this.#sql.exec("delete from tries where at < ?", now - DAY_MS);
    this.#sql.exec("delete from homes where at < ?", now - HOME_MS);
    this.invitations.sweep(now);
  }
}
