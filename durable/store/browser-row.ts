/** A row of `browsers`, and what is made of it: for the object, and as the other browsers are shown it. */
import type { Base64, BrowserId, DeviceId, Time } from "../../worker/contract/names.ts";
import type { BrowserInfo, BrowserKind } from "../../worker/contract/state.ts";
import type { WrappedKey } from "./sealing.ts";

export type BrowserRow = {
  id: string;
  name: string;
  given_name: string | null;
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
 * The session secret that takes the place of the present one (`next`) once its browser has shown it. The one before
 * (`former`) goes on for moments. See `renewals.ts`.
 */
export type Renewal = {
  readonly next?: { readonly hash: Base64; readonly publicKey: Base64; readonly wrappedKey?: WrappedKey };
  readonly former?: { readonly hash: Base64; readonly until: Time };
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

export function browserOf(row: BrowserRow): Browser {
  return {
    id: row.id as BrowserId,
    name: row.given_name ?? row.name,
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

/** What is on its way to take the secret's place; empty where nothing is. */
export function renewalOf({ renewal }: Pick<BrowserRow, "renewal">): Renewal {
  return renewal === null ? {} : (JSON.parse(renewal) as Renewal);
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
