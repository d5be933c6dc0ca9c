/**
 * Which accounts the watchman looks at next. An alarm that has failed six times never rings again, so somebody has to look
 * after accounts that stay online; which these are their own objects say. The others come round more slowly.
 */
import type { Time } from "../../worker/contract/names.ts";

/** In one round, of those that stay online and of the others; the free plan allows 50 requests in an invocation. */
const STAYING_AT_ONCE = 30;
const OTHERS_AT_ONCE = 10;

/** What an account's object has answered. */
export type Seen = { readonly name: string; readonly staysOnline: boolean };

export class Rounds {
  readonly #sql: SqlStorage;

  /** `accounts` is made (`door.ts`). */
  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(`create table if not exists looked (
      name text primary key, stays integer not null, at integer not null) strict, without rowid`);
  }

  /** Those that were not looked at for longest. */
  next(): readonly string[] {
    const staying = this.#sql.exec<{ name: string }>(
      "select name from looked where stays = 1 order by at, name limit ?",
      STAYING_AT_ONCE,
    );
    const others = this.#sql.exec<{ name: string }>(
      `select accounts.name as name from accounts left join looked on looked.name = accounts.name
       where coalesce(looked.stays, 0) = 0 order by coalesce(looked.at, 0), accounts.name limit ?`,
      OTHERS_AT_ONCE,
    );
    return [...staying.toArray(), ...others.toArray()].map(({ name }) => name);
  }

  /** Those that have not answered were looked at, too: they are not to stand in the way of the others. */
  done(names: readonly string[], seen: readonly Seen[], now: Time): void {
    for (const name of names) {
      const stays = seen.find((one) => one.name === name)?.staysOnline;
      this.#sql.exec(
        `insert into looked (name, stays, at) values (?, ?, ?)
         on conflict (name) do update set stays = coalesce(?, stays), at = excluded.at`,
        name,
        stays ? 1 : 0,
        now,
        stays === undefined ? null : Number(stays),
      );
    }
  }

  forget(name: string): void {
    this.#sql.exec("delete from looked where name = ?", name);
  }
}
