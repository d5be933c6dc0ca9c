/**
 * What the account signs in with: in memory while it is open, and sealed in the storage for its browsers (`sealing.ts`),
 * which open it again when the object has lost its memory.
 */
import type { Base64 } from "../../worker/contract/names.ts";
import { knownBase64, toBase64 } from "../../worker/shared/base64.ts";
import { Mutex } from "../../worker/shared/mutex.ts";
import type { Keys } from "../link/sasl/credentials.ts";
import type { Browser } from "./browser-row.ts";
import { newSealingKey, newSessionSecret, seal, unseal, unwrap, wrapFor } from "./sealing.ts";
import type { Stores } from "./stores.ts";

export class SignInKeys {
  readonly #stores: Stores;
  #current: Keys | undefined;
  /** In memory while the keys are, because a token changes and has to be sealed again. */
  #sealingKey: Uint8Array | undefined;
  /** Sealing takes several steps: one after the other, or a browser is left with the key of an older seal. */
  readonly #sealing = new Mutex();

  constructor(stores: Stores) {
    this.#stores = stores;
  }

  /** Undefined where they are sealed, or there are none. */
  get current(): Keys | undefined {
    return this.#current;
  }

  /** Sign in with these from now on; what is stored stays as it is. */
  use(keys: Keys | undefined): void {
    this.#current = keys;
  }

  /** Opens what is stored with a browser's secret. False where there is none or it is not for this browser. */
  async open(browser: Browser, secret: string): Promise<boolean> {
    const sealed = this.#stores.meta.get("credentials");
    if (!sealed || !browser.wrappedKey) return false;
    const sealingKey = await unwrap(browser.wrappedKey, secret);
    const keys = sealingKey && (await unseal(sealed, sealingKey));
    if (!keys) return false;
    this.#sealingKey ??= sealingKey;
    this.#current = keys;
    return true;
  }

  /** After a reset of an account that stays online: opens it with the key that was kept for that. */
  async openKept(): Promise<void> {
    const { meta } = this.#stores;
    const sealingKey = meta.get("sealing-key");
    const sealed = meta.get("credentials");
    const keys = sealingKey === undefined || !sealed ? undefined : await unseal(sealed, knownBase64(sealingKey));
    if (!keys || sealingKey === undefined) return;
    this.#sealingKey = knownBase64(sealingKey);
    this.#current = keys;
  }

  /**
   * Use these in place of those before (a new token, a token's next count), sealed for the same browsers. Stored when it
   * resolves, unless a fresh sign-in or the last sign-out has settled it otherwise meanwhile.
   */
  renew(keys: Keys): Promise<void> {
    this.#current = keys;
    return this.#sealing.run(() => this.#reseal(keys));
  }

  /**
   * Use these, sealed under a new key for every browser, those that are away included: a key unwrapped earlier opens
   * nothing any more. Undefined: there is nothing to seal, and what is stored is forgotten. `stayOnline` is stored with it.
   */
  keep(keys: Keys | undefined, stayOnline?: boolean): Promise<void> {
    return this.#sealing.run(() => this.#seal(keys, stayOnline));
  }

  /**
   * Another session secret for a browser, in place of the one it has presented, once it shows it. What is sealed opens by
   * both until then.
   */
  renewSecret(browser: Browser, presented: string): Promise<string> {
    return this.#sealing.run(async () => {
      const next = await newSessionSecret();
      const kept = this.#sealingKey ?? (browser.wrappedKey && (await unwrap(browser.wrappedKey, presented)));
      const wrapped = kept && (await wrapFor(next.publicKey, kept));
      this.#stores.turn(() => this.#stores.browsers.renewals.setNext(browser.id, next, wrapped));
      return next.secret;
    });
  }

  /** What is stored opens nothing any more: the person has to sign in. Those in memory stay. */
  forgetStored(): void {
    this.#sealingKey = undefined;
    for (const key of ["credentials", "sealing-key"] as const) this.#stores.meta.delete(key);
  }

  async #reseal(keys: Keys): Promise<void> {
    const sealingKey = this.#sealingKey;
    if (!sealingKey) return;
    const sealed = await seal(keys, sealingKey);
    const { meta } = this.#stores;
    if (this.#sealingKey === sealingKey && meta.get("credentials")) meta.set("credentials", sealed);
  }

  async #seal(keys: Keys | undefined, stayOnline: boolean | undefined): Promise<void> {
    const { meta, browsers } = this.#stores;
    if (!keys) {
      this.#stores.turn(() => this.forgetStored());
      return;
    }
    const sealingKey = newSealingKey();
    const sealed = await seal(keys, sealingKey);
    const all = browsers.all();
    const wrapsFor = (keyOf: (browser: Browser) => Base64 | undefined) =>
      Promise.all(
        all.flatMap((browser) => {
          const publicKey = keyOf(browser);
          if (publicKey === undefined) return [];
          return [wrapFor(publicKey, sealingKey).then((wrapped) => ({ id: browser.id, publicKey, wrapped }))];
        }),
      );
    const wraps = await wrapsFor(({ publicKey }) => publicKey);
    const nextWraps = await wrapsFor(({ nextPublicKey }) => nextPublicKey);
    this.#stores.turn(() => {
      meta.set("credentials", sealed);
      if (stayOnline !== undefined) meta.set("stay-online", stayOnline);
      if (meta.get("stay-online")) meta.set("sealing-key", toBase64(sealingKey));
      else meta.delete("sealing-key");
      for (const { id, wrapped } of wraps) browsers.setWrappedKey(id, wrapped);
      for (const { id, publicKey, wrapped } of nextWraps) browsers.renewals.setNextWrappedKey(id, publicKey, wrapped);
    });
    this.#sealingKey = sealingKey;
    this.#current = keys;
  }
}
