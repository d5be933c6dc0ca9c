/** The browsers of this account: who may speak, as which OMEMO device, and since when. */
import { LIMITS } from "../../worker/contract/limits.ts";
import type { Base64, BrowserId, DeviceId, Seq, Time } from "../../worker/contract/names.ts";
import type { Proof } from "../../worker/shared/proof.ts";
import { type Browser, browserOf, type BrowserRow } from "./browser-row.ts";
import { type Note, Renewals } from "./renewals.ts";
import { hashSecret, isSameHash, type SessionSecret, type WrappedKey } from "./sealing.ts";

/** What a request shows to be let in, out of the session cookie. */
export type Presented = {
  readonly browser: BrowserId;
  readonly secret: string;
  /** Undefined where the request was not signed. */
  readonly proof?: Proof | undefined;
};

/** 42 days, as other clients count before they drop a silent device (Conversations). */
export const DORMANT_AFTER_MS = 42 * 24 * 60 * 60_000;

/** As long as a session cookie lives: a browser that was signed out by another learns it whenever it comes back. */
const REMEMBERED_MS = 366 * 24 * 60 * 60_000;

/** A browser, if the secret presented is its own; `revoked`: it was, until another browser signed it out. */
export type Entrant = Browser | "revoked" | undefined;

export class Browsers {
  readonly #sql: SqlStorage;
  readonly renewals: Renewals;

  /** `note`: see `Stores.note`. */
  constructor(sql: SqlStorage, note: Note) {
    this.#sql = sql;
    this.renewals = new Renewals(sql, note);
  }

  /** All that were not revoked, those that signed out by themselves included, in the order of their first sign-in. */
  all(): readonly Browser[] {
    return this.#sql
      .exec<BrowserRow>("select * from browsers where revoked_at is null order by first_seen, id")
      .toArray()
      .map(browserOf);
  }

  /** Undefined also for one that was revoked. */
  get(id: BrowserId): Browser | undefined {
    const row = this.#row(id);
    return row && row.revoked_at === null ? browserOf(row) : undefined;
  }

  /** Undefined also for one that has signed out by itself. */
  async authenticate({ browser, secret }: Presented): Promise<Entrant> {
    const hash = await hashSecret(secret);
    const row = this.#row(browser);
    if (!row || row.secret_hash === null) return undefined;
    if (!isSameHash(hash, row.secret_hash) && !this.renewals.admits(row, hash)) return undefined;
    return row.revoked_at === null ? this.get(browser) : "revoked";
  }

  /** Signed out by another browser, or erased; remembered for a year. */
  isRevoked(id: BrowserId): boolean {
    return typeof this.#row(id)?.revoked_at === "number";
  }

  /**
   * Signed out by another browser, or erased: only what tells it so is kept, should it come back. An erased browser can
   * come back out of a backup, and must not go on with keys that were used since.
   */
  revoke(id: BrowserId, now: Time): void {
    this.#sql.exec("delete from browsers where revoked_at < ?", now - REMEMBERED_MS);
    this.#sql.exec(
      "update browsers set name = '', given_name = null, device = null, public_key = null, wrapped_key = null, renewal = null, revoked_at = ? where id = ?",
      now,
      id,
    );
    this.#ringNoMore(id);
  }

  /** The number of the last send that was accepted from a browser. */
  accepted(id: BrowserId): number {
    return this.#row(id)?.accepted ?? 0;
  }

  /** See `accepted`; it only grows. */
  accept(id: BrowserId, number: number): void {
    this.#sql.exec("update browsers set accepted = max(accepted, ?) where id = ?", number, id);
  }

  /**
   * Whether one more may sign in. Those that signed out do not count; those that were away for 42 days are signed out
   * if needed.
   */
  makeRoom(now: Time): boolean {
    if (this.#hasRoom()) return true;
    const lost = this.#sql.exec<{ id: string }>(
      "select id from browsers where secret_hash is not null and revoked_at is null and last_seen < ?",
      now - DORMANT_AFTER_MS,
    );
    for (const { id } of lost.toArray()) this.signOut(id as BrowserId);
    return this.#hasRoom();
  }

  #hasRoom(): boolean {
    const { active } = this.#sql
      .exec<{ active: number }>(
        "select count(*) as active from browsers where secret_hash is not null and revoked_at is null",
      )
      .one();
    return active < LIMITS.browsers;
  }

  /** A new browser, or one that was here and returns with a new secret and a new key. */
  signIn(
    id: BrowserId,
    { name, kind, key }: Pick<Browser, "name" | "kind"> & { readonly key?: Base64 | undefined },
    secret: SessionSecret,
    now: Time,
  ): void {
    this.#sql.exec(
      `insert into browsers (id, name, kind, secret_hash, public_key, signing_key, first_seen, last_seen, secret_at)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?)
       on conflict (id) do update set name = excluded.name, kind = excluded.kind, secret_hash = excluded.secret_hash,
         public_key = excluded.public_key, wrapped_key = null, signing_key = excluded.signing_key, renewal = null,
         last_seen = excluded.last_seen, secret_at = excluded.secret_at`,
      id,
      name,
      kind,
      secret.hash,
      secret.publicKey,
      key ?? null,
      now,
      now,
      now,
    );
  }

  /** The key of a browser that has none yet; a key that was named once stays until the next sign-in. */
  bindKey(id: BrowserId, key: Base64): void {
    this.#sql.exec("update browsers set signing_key = ? where id = ? and signing_key is null", key, id);
  }

  /** Forget the secret, keep the device: the same browser may come back. */
  signOut(id: BrowserId): void {
    this.#sql.exec(
      "update browsers set secret_hash = null, public_key = null, wrapped_key = null, renewal = null where id = ?",
      id,
    );
    this.#ringNoMore(id);
  }

  /** Who is signed out is told nothing more, and where it could be rung is forgotten. */
  #ringNoMore(id: BrowserId): void {
    this.#sql.exec("delete from push_targets where browser = ?", id);
  }

  /** The sealing key, wrapped for this browser (`sealing.ts`). */
  setWrappedKey(id: BrowserId, wrapped: WrappedKey): void {
    // It may have signed out, or been signed out, while its key was being wrapped.
    this.#sql.exec(
      "update browsers set wrapped_key = ? where id = ? and public_key is not null",
      JSON.stringify(wrapped),
      id,
    );
  }

  /** What the person calls it from now on; empty: as it calls itself. */
  rename(id: BrowserId, name: string): void {
    this.#sql.exec("update browsers set given_name = ? where id = ?", name === "" ? null : name, id);
  }

  /** Its OMEMO device, from its first `publish` on. */
  setDevice(id: BrowserId, device: DeviceId): void {
    this.#sql.exec("update browsers set device = ? where id = ?", device, id);
  }

  /**
   * It came or left, having committed everything up to `acked`. One row for both: a row for each acknowledgement would cost
   * as much as the messages. What it commits in between is in its socket's attachment, so this may be behind, never ahead.
   */
  seen(id: BrowserId, now: Time, acked: Seq): void {
    this.#sql.exec("update browsers set last_seen = ?, acked_seq = max(acked_seq, ?) where id = ?", now, acked, id);
  }

  /** Up to where it has committed, as far as is written down: see `seen`. */
  acked(id: BrowserId): Seq {
    return (this.#row(id)?.acked_seq ?? 0) as Seq;
  }

  /**
   * Up to where every browser with a device has committed the log; those do not count that were not here since. 0 where
   * there is none.
   */
  consumed(since: Time): Seq {
    const { seq } = this.#sql
      .exec<{ seq: number | null }>(
        "select min(acked_seq) as seq from browsers where revoked_at is null and device is not null and last_seen > ?",
        since,
      )
      .one();
    return (seq ?? 0) as Seq;
  }

  /** The OMEMO devices that are browsers of this account; only their keys are kept from a header. */
  devices(): ReadonlySet<DeviceId> {
    const rows = this.#sql.exec<{ device: number }>(
      "select device from browsers where revoked_at is null and device is not null",
    );
    return new Set(rows.toArray().map(({ device }) => device as DeviceId));
  }

  #row(id: BrowserId): BrowserRow | undefined {
    return this.#sql.exec<BrowserRow>("select * from browsers where id = ?", id).toArray()[0];
  }
}
