/** The browsers of this account: who may speak, as which OMEMO device, and since when. */
import { LIMITS } from "../../worker/contract/limits.ts";
import type { Base64, BrowserId, DeviceId, Seq, Time } from "../../worker/contract/names.ts";
import type { BrowserInfo, BrowserKind } from "../../worker/contract/state.ts";
import type { Proof } from "../../worker/shared/proof.ts";
import { hashSecret, type SessionSecret, type WrappedKey } from "./sealing.ts";

type Row = {
  id: string;
  name: string;
  kind: BrowserKind;
  secret_hash: string | null;
  public_key: string | null;
  wrapped_key: string | null;
  device: number | null;
  first_seen: number;
  last_seen: number;
  acked_seq: number;
  accepted: number;
  signing_key: string | null;
  renewal: string | null;
  secret_at: number;
  revoked_at: number | null;
};

/**
 * The session secret that takes the place of the present one once its browser has shown it: until then the answer that
 * brought it may have been lost. The one before goes on for moments: requests with it may be on their way.
 */
type Renewal = {
  readonly next?: { readonly hash: Base64; readonly publicKey: Base64; readonly wrappedKey?: WrappedKey };
  readonly former?: { readonly hash: Base64; readonly until: Time };
};

/** What a request shows to be let in, out of the session cookie. */
export type Presented = {
  readonly browser: BrowserId;
  readonly secret: string;
  /** Undefined where the request was not signed. */
  readonly proof?: Proof | undefined;
};

export type Browser = {
  readonly id: BrowserId;
  readonly name: string;
  readonly kind: BrowserKind;
  readonly device: DeviceId | undefined;
  readonly publicKey: Base64 | undefined;
  readonly wrappedKey: WrappedKey | undefined;
  /** Of the session secret that is to take the present one's place: what is sealed is wrapped for both. */
  readonly nextPublicKey: Base64 | undefined;
  /** By which it signs what it asks; undefined for one that came before browsers had keys. */
  readonly signingKey: Base64 | undefined;
  readonly signedOut: boolean;
  readonly firstSeen: Time;
  readonly lastSeen: Time;
};

/** 42 days, as other clients count before they drop a silent device (Conversations). */
export const DORMANT_AFTER_MS = 42 * 24 * 60 * 60_000;

/** As long as a session cookie lives: a browser that was signed out by another learns it whenever it comes back. */
const REMEMBERED_MS = 366 * 24 * 60 * 60_000;

const RENEW_AFTER_MS = 24 * 60 * 60_000;
/** As long as a request may be on its way with the secret of before. */
const FORMER_MS = 2 * 60_000;

/** A browser, if the secret presented is its own; `revoked`: it was, until another browser signed it out. */
export type Entrant = Browser | "revoked" | undefined;

export class Browsers {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** All that were not revoked, those that signed out by themselves included, in the order of their first sign-in. */
  all(): readonly Browser[] {
    return this.#sql
      .exec<Row>("select * from browsers where revoked_at is null order by first_seen, id")
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
    if (!isSame(hash, row.secret_hash)) {
      const { next, former } = renewalOf(row);
      if (next && isSame(hash, next.hash)) this.#change(row, next);
      else if (!former || !isSame(hash, former.hash) || Date.now() > former.until) return undefined;
    }
    return row.revoked_at === null ? this.get(browser) : "revoked";
  }

  /** Whether it is time for another session secret. Only a browser with a key can get one. */
  wantsRenewal(id: BrowserId, now: Time): boolean {
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
  #change(row: Row, { hash, publicKey, wrappedKey }: NonNullable<Renewal["next"]>): void {
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
      "update browsers set name = '', device = null, public_key = null, wrapped_key = null, renewal = null, revoked_at = ? where id = ?",
      now,
      id,
    );
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

  #row(id: BrowserId): Row | undefined {
    return this.#sql.exec<Row>("select * from browsers where id = ?", id).toArray()[0];
  }
}

/** As the other browsers are shown it. `dormant`: devices that are off the list because they were away for long. */
export function infoOf(browser: Browser, attached: ReadonlySet<BrowserId>, dormant: readonly DeviceId[]): BrowserInfo {
  return {
    id: browser.id,
    name: browser.name,
    kind: browser.kind,
    firstSeen: browser.firstSeen,
    lastSeen: browser.lastSeen,
    attached: attached.has(browser.id),
    signedOut: browser.signedOut,
    ...(browser.device !== undefined && { device: browser.device }),
    ...(browser.device !== undefined && dormant.includes(browser.device) && { dormant: true }),
  };
}

function browserOf(row: Row): Browser {
  return {
    id: row.id as BrowserId,
    name: row.name,
    kind: row.kind,
    device: (row.device ?? undefined) as DeviceId | undefined,
    publicKey: row.public_key ?? undefined,
    wrappedKey: row.wrapped_key === null ? undefined : (JSON.parse(row.wrapped_key) as WrappedKey),
    nextPublicKey: renewalOf(row).next?.publicKey,
    signingKey: row.signing_key ?? undefined,
    signedOut: row.secret_hash === null,
    firstSeen: row.first_seen,
    lastSeen: row.last_seen,
  };
}

function renewalOf({ renewal }: Pick<Row, "renewal">): Renewal {
  return renewal === null ? {} : (JSON.parse(renewal) as Renewal);
}

function isSame(hash: Base64, other: Base64): boolean {
  const bytes = new TextEncoder();
  return crypto.subtle.timingSafeEqual(bytes.encode(hash), bytes.encode(other));
}
