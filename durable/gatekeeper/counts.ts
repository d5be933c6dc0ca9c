/** How tries to sign in have ended, by day: numbers alone, for the operator. */
import type { DayCounts } from "../../worker/contract/operator.ts";
import type { Time } from "../../worker/contract/names.ts";

const DAY_MS = 24 * 60 * 60_000;
const KEPT_DAYS = 30;
const DATE_LENGTH = "2026-11-27".length;

type Counted = "proved" | "wrong" | "failed" | "refused";

export class Counts {
  readonly #sql: SqlStorage;
  /** What is refused writes nothing: it is written with the next try that is let in, or lost with the object's memory. */
  #refused = 0;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(`create table if not exists counts (
      day integer primary key, proved integer not null default 0, wrong integer not null default 0,
      failed integer not null default 0, refused integer not null default 0) strict`);
  }

  refused(): void {
    this.#refused += 1;
  }

  ended(how: Exclude<Counted, "refused">, now: Time): void {
    const day = Math.floor(now / DAY_MS);
    this.#sql.exec(
      `insert into counts (day, ${how}, refused) values (?, 1, ?)
       on conflict (day) do update set ${how} = ${how} + 1, refused = refused + excluded.refused`,
      day,
      this.#refused,
    );
    this.#refused = 0;
    this.#sql.exec("delete from counts where day < ?", day - KEPT_DAYS);
  }

  /** The newest day first. */
  days(): readonly DayCounts[] {
    const rows = this.#sql.exec<Record<Counted | "day" | "newAccounts", number>>(
      `select day, proved, wrong, failed, refused,
         (select count(*) from accounts where since >= day * ${DAY_MS} and since < (day + 1) * ${DAY_MS}) as newAccounts
       from counts order by day desc`,
    );
    return rows
      .toArray()
      .map((row) => ({ ...row, day: new Date(row.day * DAY_MS).toISOString().slice(0, DATE_LENGTH) }));
  }
}
