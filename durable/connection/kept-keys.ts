/**
 * What is kept to sign in with, as it is used up and replaced: a token counts its uses (XEP-0484), a server may give another
 * one, and it is given back when nobody needs it any more. Where the keys lie and who opens them: `sign-in-keys.ts`.
 */
import type { Failure } from "../../worker/contract/failures.ts";
import { drop } from "../../worker/shared/drop.ts";
import type { Credentials, Keys, LinkSettings } from "../link/link.ts";
import { invalidateToken, prove } from "../link/prove.ts";
import type { FastToken } from "../link/sasl/credentials.ts";
import { dueForRenewal, nextAttempt } from "../link/sasl/fast.ts";
import type { SignInKeys } from "../store/sign-in-keys.ts";
import type { Stores } from "../store/stores.ts";
import type { ConnectionParts } from "./parts.ts";
import { refusalOf } from "./refusal.ts";

export class KeptKeys {
  readonly #keys: SignInKeys;
  readonly #stores: Stores;
  readonly #near: () => LinkSettings;
  /** To try them has failed, or is under way. */
  #failed = false;

  /** `near`: how the server is reached now. */
  constructor({ keys, stores }: Pick<ConnectionParts, "keys" | "stores">, near: () => LinkSettings) {
    this.#keys = keys;
    this.#stores = stores;
    this.#near = near;
  }

  /** Whether what is kept signs in again at this server; undefined where that was never tried. */
  get fits(): boolean | undefined {
    const keys = this.#keys.current;
    if (keys === undefined || this.#failed) return false;
    if (keys.kind === "fast") return true;
    const { meta } = this.#stores;
    return meta.get("keys-unfit") === true ? false : meta.get("keys-fit");
  }

  /** Tries it, once in the life of this object, by an exchange of its own. */
  async tryKeys(): Promise<void> {
    const keys = this.#keys.current;
    if (keys?.kind !== "scram" || this.fits !== undefined) return;
    // Whatever becomes of it: it is not tried again and again.
    this.#failed = true;
    const tried = await prove(this.#near(), keys);
    this.#failed = !tried.ok;
    if (tried.ok) this.fitted();
  }

  /** They have signed in. */
  fitted(): void {
    const { meta } = this.#stores;
    meta.delete("keys-unfit");
    if (meta.get("keys-fit") !== true) meta.set("keys-fit", true);
  }

  /** The server does not take them. Answers with what that means; where they are good for nothing they are forgotten. */
  refused(keys: Keys, refused: Failure): Failure {
    const { failure, erase, wantsToken } = refusalOf(keys, refused);
    if (erase) {
      this.#keys.use(undefined);
      this.#keys.forgetStored();
    }
    if (wantsToken) {
      this.#stores.meta.set("keys-unfit", true);
      this.#stores.meta.delete("keys-fit");
    }
    return failure;
  }

  /** The last browser has signed out. A token is given back, if the server can be reached now. */
  forget(): void {
    const keys = this.#keys.current;
    this.#keys.use(undefined);
    if (keys?.kind === "fast") drop(invalidateToken(this.#near(), nextAttempt(keys)));
  }

  /**
   * Signs in by a new token and uses it once, which ends the one before (XEP-0484 § Token rotation): a copy of the storage
   * of before signs in no more. False where that cannot be had: what is kept are SCRAM keys, which end with the password
   * alone, or the server gives no other token now. What is kept still signs in then.
   */
  async renew(): Promise<boolean> {
    const keys = this.#keys.current;
    if (keys?.kind !== "fast") return false;
    const asked = await prove(this.#near(), dueForRenewal(await this.#spend(keys)));
    const fresh = asked.ok ? asked.value.keys : undefined;
    if (fresh?.kind !== "fast" || fresh.token === keys.token) return false;
    await this.#keys.keep(fresh);
    return (await prove(this.#near(), await this.#spend(fresh))).ok;
  }

  /** The same, as they may be used now. */
  async counted(credentials: Credentials): Promise<Credentials> {
    return credentials.kind === "fast" ? this.#spend(credentials) : credentials;
  }

  /** A token counts its uses and must know of each before it happens (XEP-0484). */
  async #spend(token: FastToken): Promise<FastToken> {
    const next = nextAttempt(token);
    await this.#keys.renew(next);
    return next;
  }

  /** The server gave something better for the next time: a first token, or a new one in place of the old. */
  replace(keys: Keys | undefined): void {
    if (keys && keys !== this.#keys.current) drop(this.#keys.renew(keys));
  }
}
