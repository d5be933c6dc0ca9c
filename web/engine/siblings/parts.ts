/** What the two sides of a letting in have from the rest of the engine. */
import type { Result } from "../../../worker/contract/failures.ts";
import type { BrowserId, DeviceId } from "../../../worker/contract/names.ts";
import type { Account } from "../account.ts";
import type { Bytes } from "../bytes.ts";
import type { Own } from "./agreement.ts";
import type { Before } from "./roads.ts";

type Done = Result<{ readonly done: true }>;

export type Parts = {
  /**
   * The decision about an own device that everything else goes by; fails as that does. `history`: whether the person said with
   * it that the device may have everything, which is kept in the same transaction: told is only what is on the disk.
   */
  readonly decide: (
    device: DeviceId,
    fingerprint: string,
    trust: "verified" | "distrusted",
    history?: boolean,
  ) => Promise<Done>;
  /** Whether a person has said here that it may have everything. */
  readonly mayHaveAll: (device: DeviceId) => boolean;
  /** The key of an own device that is listed, as it is pinned here or, where it was never seen, as its bundle says. */
  readonly keyOf: (device: DeviceId) => Promise<Bytes | undefined>;
  /** Signs another own browser out. Fails as the call does. */
  readonly revoke: (browser: BrowserId) => Promise<Done>;
  /** A road to it may follow. */
  readonly remember: (device: DeviceId, before: Before) => void;
  /** What is shown is another. */
  readonly changed: () => void;
  /** After what is being done about this browser, and not waited for. */
  readonly inTurn: (device: DeviceId, work: () => Promise<void>) => void;
  /** Not waited for. */
  readonly inBackground: (work: Promise<unknown>) => void;
};

export const DONE = { ok: true, value: { done: true } } as const satisfies Done;
export const NOT_FOUND = { ok: false, error: { kind: "not-found" } } as const satisfies Done;

/** This browser, as it takes part. */
export function ownOf({ self }: Pick<Account, "self">): Own {
  return { account: self.jid, device: self.device, identityKey: self.identityKey, agreement: self.agreement };
}
