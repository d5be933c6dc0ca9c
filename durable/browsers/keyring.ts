/** Who may sign this account in: proves passwords, seals what is kept of them, opens it again for a browser's secret. */
import type { BareJid, BrowserId, Result, SignInArguments, SignInReply } from "../../worker/contract.ts";
import type { Browser } from "../store/browsers.ts";
import type { Connection } from "../connection/connection.ts";
import { knownBase64, toBase64 } from "../../worker/shared/base64.ts";
import { newSealingKey, newSessionSecret, seal, unseal, unwrap, wrapFor } from "../store/sealing.ts";
import type { Keys } from "../link/link.ts";
import type { Stores } from "../store/stores.ts";

/** The account is only known from the address typed until its first sign-in succeeds. */
export type SignInRequest = SignInArguments & { readonly account: BareJid };

export class Keyring {
  readonly #stores: Stores;
  readonly #connection: Connection;
  /** In memory while the sign-in data is open, because a token changes and has to be sealed again. */
  #sealingKey: Uint8Array | undefined;
  /** Sealing takes several steps: one after the other, or a browser is left with the key of an older seal. */
  #sealing: Promise<unknown> = Promise.resolve();

  constructor(stores: Stores, connection: Connection) {
    this.#stores = stores;
    this.#connection = connection;
  }

  /**
   * Fails as the server does, or with `wrong-account`, `too-many-browsers`; with `revoked` for a browser that presents
   * itself as one that was signed out by another, which has to forget what it holds first.
   */
  async signIn(args: SignInRequest): Promise<Result<SignInReply & { readonly secret: string }>> {
    const { meta, browsers } = this.#stores;
    const bound = meta.get("account");
    if (bound !== undefined && bound !== args.account) return { ok: false, error: { kind: "wrong-account" } };
    const proof = await this.#connection.signIn(args.account, {
      kind: "password",
      password: args.password,
      // A server that once spoke SCRAM and now wants the password itself is not to be believed.
      plain: args.plain && !meta.get("scram-seen"),
    });
    if (!proof.ok) {
      const lied = proof.error.kind === "only-plain" && args.plain;
      return lied ? { ok: false, error: { kind: "server-not-proven" } } : proof;
    }
    if (args.browser !== undefined && browsers.isRevoked(args.browser))
      return { ok: false, error: { kind: "revoked" } };
    const known = args.browser === undefined ? undefined : browsers.get(args.browser);
    if ((!known || known.signedOut) && !browsers.makeRoom(Date.now())) {
      // The server has replaced the token: those who are in go on with the new one.
      await this.#keep(proof.value.keys);
      return { ok: false, error: { kind: "too-many-browsers" } };
    }
    const id = known?.id ?? (crypto.randomUUID() as BrowserId);
    const secret = await newSessionSecret();
    this.#stores.turn(() => browsers.signIn(id, args, secret, Date.now()));
    // A token that was given for the password itself says nothing about SCRAM.
    if (proof.value.mechanism !== "PLAIN") meta.set("scram-seen", true);
    await this.#keep(proof.value.keys);
    return { ok: true, value: { account: args.account, browser: id, epoch: meta.epoch, secret: secret.secret } };
  }

  /** Open the sign-in data with a browser's secret. False where there is none or it is not for this browser. */
  async open(browser: Browser, secret: string): Promise<boolean> {
    const sealed = this.#stores.meta.get("credentials");
    if (!sealed || !browser.wrappedKey) return false;
    const sealingKey = await unwrap(browser.wrappedKey, secret);
    const keys = sealingKey && (await unseal(sealed, sealingKey));
    if (!keys) return false;
    this.#sealingKey ??= sealingKey;
    this.#connection.unlock(keys);
    return true;
  }

  /** Seal what takes the place of the kept keys (a new token, a token's next count) for the same browsers as before. */
  store(keys: Keys): Promise<void> {
    return this.#inOrder(() => this.#store(keys));
  }

  async #store(keys: Keys): Promise<void> {
    const sealingKey = this.#sealingKey;
    if (!sealingKey) return;
    const sealed = await seal(keys, sealingKey);
    const { meta } = this.#stores;
    // A fresh sign-in or the last sign-out may have settled it otherwise meanwhile.
    if (this.#sealingKey === sealingKey && meta.get("credentials")) meta.set("credentials", sealed);
  }

  /** Answers whether other browsers are still signed in. */
  signOut(browser: Browser, erase: boolean): boolean {
    const { browsers, meta } = this.#stores;
    return this.#stores.turn(() => {
      if (erase) browsers.revoke(browser.id, Date.now());
      else browsers.signOut(browser.id);
      if (erase) meta.unlist(browser.device);
      if (browsers.all().some((other) => !other.signedOut)) return true;
      // Nobody could open it any more, so nobody needs it; and nobody is left who could end staying online.
      this.forget();
      meta.delete("stay-online");
      this.#connection.forgetKeys();
      return false;
    });
  }

  /**
   * Sign out another browser, or all but this one, and seal anew: a key unwrapped earlier opens nothing that is sealed
   * from now on. Answers with those that were signed out; undefined where there is no such other browser.
   */
  async revoke(by: Browser, which: BrowserId | "others"): Promise<readonly Browser[] | undefined> {
    const { browsers, meta } = this.#stores;
    if (which === by.id) return undefined;
    const targets = browsers.all().filter(({ id }) => (which === "others" ? id !== by.id : id === which));
    // Asked again, because the answer was lost: what came after the first step may be missing.
    const again = which !== "others" && browsers.isRevoked(which);
    if (which !== "others" && targets.length === 0 && !again) return undefined;
    this.#stores.turn(() => {
      for (const target of targets) {
        meta.unlist(target.device);
        // One that left by itself presents no secret any more; what is kept tells it at its next sign-in.
        browsers.revoke(target.id, Date.now());
      }
    });
    const { keys } = this.#connection;
    if (keys) await this.#keep(keys);
    return targets;
  }

  /** Whether the account may be online with nobody there: then the key is kept beside what it opens. Needs open data. */
  async stayOnline(on: boolean): Promise<Result<{ readonly on: boolean }>> {
    const { meta } = this.#stores;
    if ((meta.get("stay-online") ?? false) === on) return { ok: true, value: { on } };
    const { keys } = this.#connection;
    if (!keys) return { ok: false, error: { kind: "locked" } };
    await this.#keep(keys, on);
    return { ok: true, value: { on } };
  }

  /** After a reset of an account that stays online: open with the key that was kept for that. */
  async openKept(): Promise<void> {
    const { meta } = this.#stores;
    const sealingKey = meta.get("sealing-key");
    const sealed = meta.get("credentials");
    const keys = sealingKey === undefined || !sealed ? undefined : await unseal(sealed, knownBase64(sealingKey));
    if (!keys || sealingKey === undefined) return;
    this.#sealingKey = knownBase64(sealingKey);
    this.#connection.unlock(keys);
  }

  /** What was kept opens nothing any more: the person has to sign in. */
  forget(): void {
    this.#sealingKey = undefined;
    for (const key of ["credentials", "sealing-key"] as const) this.#stores.meta.delete(key);
  }

  /** Seal what the account signs in with under a new key, for every browser, those that are away included. */
  #keep(keys: Keys | undefined, stayOnline?: boolean): Promise<void> {
    return this.#inOrder(() => this.#seal(keys, stayOnline));
  }

  #inOrder(work: () => Promise<void>): Promise<void> {
    const done = this.#sealing.then(work);
    this.#sealing = done.catch(() => undefined);
    return done;
  }

  async #seal(keys: Keys | undefined, stayOnline: boolean | undefined): Promise<void> {
    const { meta, browsers } = this.#stores;
    if (!keys) {
      this.#stores.turn(() => this.forget());
      return;
    }
    const sealingKey = newSealingKey();
    const sealed = await seal(keys, sealingKey);
    const wraps = await Promise.all(
      browsers
        .all()
        .flatMap((browser) =>
          browser.publicKey === undefined
            ? []
            : [wrapFor(browser.publicKey, sealingKey).then((wrapped) => ({ id: browser.id, wrapped }))],
        ),
    );
    this.#stores.turn(() => {
      meta.set("credentials", sealed);
      if (stayOnline !== undefined) meta.set("stay-online", stayOnline);
      if (meta.get("stay-online")) meta.set("sealing-key", toBase64(sealingKey));
      else meta.delete("sealing-key");
      for (const { id, wrapped } of wraps) browsers.setWrappedKey(id, wrapped);
    });
    this.#sealingKey = sealingKey;
    this.#connection.unlock(keys);
  }
}
