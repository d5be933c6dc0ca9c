/** That an operator's request is fresh: made now, and here for the first time. Its signature the Worker has checked. */
import type { Time } from "../../worker/contract/names.ts";
import { timeOf } from "../../worker/shared/proof.ts";

/** The operator's clock may be off by so much; a nonce is remembered for as long as it would be taken. */
const CLOCK_MS = 2 * 60_000;

export class OperatorDoor {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(`create table if not exists operator_nonces (
      nonce text primary key, at integer not null) strict, without rowid`);
  }

  admit(nonce: string, now: Time): boolean {
    const at = timeOf(nonce);
    if (!(Math.abs(now - at) <= CLOCK_MS)) return false;
    this.#sql.exec("delete from operator_nonces where at < ?", now - CLOCK_MS);
    return this.#sql.exec("insert or ignore into operator_nonces (nonce, at) values (?, ?)", nonce, at).rowsWritten > 0;
  }
}
