/** The browsers of this account: who may speak, as which OMEMO device, and since when. */
import {
  type Base64,
  type BrowserId,
  type BrowserInfo,
  type DeviceId,
  LIMITS,
  type Seq,
  type Time,
} from "../worker/contract.ts";
import { hashSecret, type SessionSecret, type WrappedKey } from "./credentials.ts";

type Row = {
  id: string;
  name: string;
  secret_hash: string | null;
  public_key: string | null;
  wrapped_key: string | null;
  device: number | null;
  first_seen: number;
  last_seen: number;
  acked_seq: number;
};

/** What a request shows to be let in, out of the session cookie. */
export type Presented = { readonly browser: BrowserId; readonly secret: string };

export type Browser = {
  readonly id: BrowserId;
  readonly name: string;
  readonly device: DeviceId | undefined;
  readonly publicKey: Base64 | undefined;
  readonly wrappedKey: WrappedKey | undefined;
  readonly signedOut: boolean;
  readonly firstSeen: Time;
  readonly lastSeen: Time;
};

/** 42 days, as other clients count before they drop a silent device. */
const LOST_AFTER_MS = 42 * 24 * 60 * 60_000;

export class Browsers {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  all(): readonly Browser[] {
    return this.#sql.exec<Row>("select * from browsers order by first_seen, id").toArray().map(browserOf);
  }

  get(id: BrowserId): Browser | undefined {
    const row = this.#row(id);
    return row && browserOf(row);
  }

  /** The browser, if the secret is its own and it has not signed out. */
  async authenticate({ browser, secret }: Presented): Promise<Browser | undefined> {
    const hash = await hashSecret(secret);
    const row = this.#row(browser);
    if (!row || row.secret_hash === null) return undefined;
    const bytes = new TextEncoder();
    return crypto.subtle.timingSafeEqual(bytes.encode(hash), bytes.encode(row.secret_hash))
      ? browserOf(row)
      : undefined;
  }

  /** Whether one more may sign in; those that signed out and kept their device do not count, lost ones not for ever. */
  makeRoom(now: Time): boolean {
    if (this.#hasRoom()) return true;
    const lost = this.#sql.exec<{ id: string }>(
      "select id from browsers where secret_hash is not null and last_seen < ?",
      now - LOST_AFTER_MS,
    );
    for (const { id } of lost.toArray()) this.signOut(id as BrowserId);
    return this.#hasRoom();
  }

  #hasRoom(): boolean {
    const { active } = this.#sql
      .exec<{ active: number }>("select count(*) as active from browsers where secret_hash is not null")
      .one();
    return active < LIMITS.browsers;
  }

  /** A new browser, or one that was here and returns with a new secret. */
  signIn(id: BrowserId, name: string, secret: SessionSecret, now: Time): void {
    this.#sql.exec(
      `insert into browsers (id, name, secret_hash, public_key, first_seen, last_seen) values (?, ?, ?, ?, ?, ?)
       on conflict (id) do update set name = excluded.name, secret_hash = excluded.secret_hash,
         public_key = excluded.public_key, wrapped_key = null, last_seen = excluded.last_seen`,
      id,
      name,
      secret.hash,
      secret.publicKey,
      now,
      now,
    );
  }

  /** Forget the secret, keep the device: the same browser may come back. */
  signOut(id: BrowserId): void {
    this.#sql.exec("update browsers set secret_hash = null, public_key = null, wrapped_key = null where id = ?", id);
  }

  erase(id: BrowserId): void {
    this.#sql.exec("delete from browsers where id = ?", id);
  }

  setWrappedKey(id: BrowserId, wrapped: WrappedKey): void {
    this.#sql.exec("update browsers set wrapped_key = ? where id = ?", JSON.stringify(wrapped), id);
  }

  setDevice(id: BrowserId, device: DeviceId): void {
    this.#sql.exec("update browsers set device = ? where id = ?", device, id);
  }

  seen(id: BrowserId, now: Time): void {
    this.#sql.exec("update browsers set last_seen = ? where id = ?", now, id);
  }

  acknowledged(id: BrowserId, seq: Seq): void {
    this.#sql.exec("update browsers set acked_seq = max(acked_seq, ?) where id = ?", seq, id);
  }

  /** The OMEMO devices that are browsers of this account; only their keys are kept from a header. */
  devices(): ReadonlySet<DeviceId> {
    return new Set(this.all().flatMap((browser) => (browser.device === undefined ? [] : [browser.device])));
  }

  #row(id: BrowserId): Row | undefined {
    return this.#sql.exec<Row>("select * from browsers where id = ?", id).toArray()[0];
  }
}

export function infoOf(browser: Browser, attached: ReadonlySet<BrowserId>): BrowserInfo {
  return {
    id: browser.id,
    name: browser.name,
    firstSeen: browser.firstSeen,
    lastSeen: browser.lastSeen,
    attached: attached.has(browser.id),
    signedOut: browser.signedOut,
    ...(browser.device !== undefined && { device: browser.device }),
  };
}

function browserOf(row: Row): Browser {
  return {
    id: row.id as BrowserId,
    name: row.name,
    device: (row.device ?? undefined) as DeviceId | undefined,
    publicKey: row.public_key ?? undefined,
    wrappedKey: row.wrapped_key === null ? undefined : (JSON.parse(row.wrapped_key) as WrappedKey),
    signedOut: row.secret_hash === null,
    firstSeen: row.first_seen,
    lastSeen: row.last_seen,
  };
}
