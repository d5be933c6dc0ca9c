/** Who may sign this account in: proves passwords, seals what is kept of them, opens it again for a browser's secret. */
import type { BareJid, BrowserId, Result, SignInArguments, SignInReply } from "../worker/contract.ts";
import type { Browser } from "./browsers.ts";
import type { Connection } from "./connection.ts";
import { newSealingKey, newSessionSecret, seal, unseal, unwrap, wrapFor } from "./credentials.ts";
import type { Keys, SignedIn } from "./link/link.ts";
import type { Stores } from "./stores.ts";

/** The account is only known from the address typed until its first sign-in succeeds. */
export type SignInRequest = SignInArguments & { readonly account: BareJid };

export class Keyring {
  readonly #stores: Stores;
  readonly #connection: Connection;
  /** In memory while the sign-in data is open, because a token changes and has to be sealed again. */
  #sealingKey: Uint8Array | undefined;
  /** One after the other, so that the newest stands at the end. */
  #storing: Promise<void> = Promise.resolve();

  constructor(stores: Stores, connection: Connection) {
    this.#stores = stores;
    this.#connection = connection;
  }

  /** Fails as the server does, or with `wrong-account`, `too-many-browsers`. */
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
    const known = args.browser === undefined ? undefined : browsers.get(args.browser);
    if ((!known || known.signedOut) && !browsers.makeRoom(Date.now())) {
      // The server has replaced the token: those who are in go on with the new one.
      await this.#keep(proof.value);
      return { ok: false, error: { kind: "too-many-browsers" } };
    }
    const id = known?.id ?? (crypto.randomUUID() as BrowserId);
    const secret = await newSessionSecret();
    this.#stores.turn(() => browsers.signIn(id, args.name, secret, Date.now()));
    await this.#keep(proof.value);
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
    this.#storing = this.#storing.then(() => this.#store(keys));
    return this.#storing;
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
      if (erase) browsers.erase(browser.id);
      else browsers.signOut(browser.id);
      if (erase && browser.device !== undefined) {
        meta.set("erased-devices", [...(meta.get("erased-devices") ?? []), browser.device]);
      }
      if (browsers.all().some((other) => !other.signedOut)) return true;
      // Nobody could open it any more, so nobody needs it.
      meta.delete("credentials");
      this.#sealingKey = undefined;
      this.#connection.forgetKeys();
      return false;
    });
  }

  /** Seal the keys of a fresh sign-in for every browser, those that are away included. */
  async #keep({ keys, mechanism }: SignedIn): Promise<void> {
    const { meta, browsers } = this.#stores;
    if (!keys) {
      this.#sealingKey = undefined;
      meta.delete("credentials");
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
      // A token that was given for the password itself says nothing about SCRAM.
      if (mechanism !== "PLAIN") meta.set("scram-seen", true);
      for (const { id, wrapped } of wraps) browsers.setWrappedKey(id, wrapped);
    });
    this.#sealingKey = sealingKey;
    this.#connection.unlock(keys);
  }
}
