/**
 * Another session secret takes the place of the present one once its browser has shown it: until then the answer that
 * brought it may have been lost. The one before goes on for moments: requests with it may be on their way.
 */
import type { Base64, BrowserId, Time } from "../../worker/contract/names.ts";
import { type BrowserRow, type Renewal, renewalOf } from "./browser-row.ts";
import { isSameHash, type SessionSecret, type WrappedKey } from "./sealing.ts";

const RENEW_AFTER_MS = 24 * 60 * 60_000;
/** As long as a request may be on its way with the secret of before. */
const FORMER_MS = 2 * 60_000;

/** Makes a change that may be left undone. */
export type Note = (change: () => void) => void;

export class Renewals {
  readonly #sql: SqlStorage;
  readonly #note: Note;

  constructor(sql: SqlStorage, note: Note) {
    this.#sql = sql;
    this.#note = note;
  }

  /**
   * Whether a secret that is not the present one lets its browser in: the next, which is the present one from now on, or
   * the one of before while it still counts.
   */
  admits(row: BrowserRow, hash: Base64): boolean {
    const { next, former } = renewalOf(row);
    if (next && isSameHash(hash, next.hash)) {
      // A storage that is full lets it in as well; then both go on.
      this.#note(() => this.#change(row, next));
      return true;
    }
    return former !== undefined && isSameHash(hash, former.hash) && Date.now() <= former.until;
  }

  /** Whether it is time for another session secret. Only a browser with a key can get one. */
  wants(id: BrowserId, now: Time): boolean {
    const row = this.#row(id);
    return row !== undefined && row.signing_key !== null && row.secret_at < now - RENEW_AFTER_MS;
  }

  /** See `Renewal.next`. The last one that was made counts. */
  setNext(id: BrowserId, { hash, publicKey }: SessionSecret, wrappedKey: WrappedKey | undefined): void {
    this.#renew(id, { next: { hash, publicKey, ...(wrappedKey && { wrappedKey }) } });
  }

  /** What is sealed anew is wrapped for the next secret, too; unless that has become another one meanwhile. */
  setNextWrappedKey(id: BrowserId, publicKey: Base64, wrappedKey: WrappedKey): void {
    const row = this.#row(id);
    const next = row && renewalOf(row).next;
    if (next?.publicKey === publicKey) this.#renew(id, { next: { ...next, wrappedKey } });
  }

  /** The browser has shown the next secret: it has the answer that brought it. */
  #change(row: BrowserRow, { hash, publicKey, wrappedKey }: NonNullable<Renewal["next"]>): void {
    const now = Date.now();
    this.#sql.exec(
      "update browsers set secret_hash = ?, public_key = ?, wrapped_key = ?, secret_at = ?, renewal = ? where id = ?",
      hash,
      publicKey,
      wrappedKey ? JSON.stringify(wrappedKey) : null,
      now,
      JSON.stringify({ former: { hash: row.secret_hash ?? "", until: now + FORMER_MS } } satisfies Renewal),
      row.id,
    );
  }

  #renew(id: BrowserId, renewal: Renewal): void {
    // It may have signed out, or been signed out, meanwhile.
    this.#sql.exec(
      "update browsers set renewal = ? where id = ? and public_key is not null",
      JSON.stringify(renewal),
      id,
    );
  }

  #row(id: BrowserId): BrowserRow | undefined {
    return this.#sql.exec<BrowserRow>("select * from browsers where id = ?", id).toArray()[0];
  }
}
