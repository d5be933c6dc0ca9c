/** Who may sign this account in and who may speak for it: proves passwords, lets browsers in, signs them out. */
import type { CallValue } from "../../worker/contract/calls.ts";
import type { Result } from "../../worker/contract/failures.ts";
import type { BareJid, Base64, BrowserId } from "../../worker/contract/names.ts";
import type { SignedIn, SignInArguments } from "../../worker/contract/sign-in.ts";
import { failed } from "../../worker/shared/failed.ts";
import type { Connection } from "../connection/connection.ts";
import type { Person } from "../link/link.ts";
import type { Browser } from "../store/browser-row.ts";
import type { Entrant, Presented } from "../store/browsers.ts";
import { newSessionSecret, type SessionSecret } from "../store/sealing.ts";
import type { SignInKeys } from "../store/sign-in-keys.ts";
import type { Stores } from "../store/stores.ts";
import { importSigningKey, Proofs } from "./proofs.ts";
import { epochOf } from "./own-epochs.ts";

/** The account is only known from the address typed until its first sign-in succeeds. */
export type SignInRequest = SignInArguments & Pick<Person, "keysFor"> & { readonly account: BareJid };

/** A browser that was let in, with the secret of its session. */
export type Admitted = SignedIn & { readonly secret: string };

export class Keyring {
  readonly #stores: Stores;
  readonly #keys: SignInKeys;
  readonly #connection: Connection;
  readonly #proofs = new Proofs();

  constructor(stores: Stores, keys: SignInKeys, connection: Connection) {
    this.#stores = stores;
    this.#keys = keys;
    this.#connection = connection;
  }

  /**
   * Fails with every kind the server's answer can have; with `wrong-account`, `too-many-browsers`; with `revoked` for a
   * browser that was signed out by another and has to erase its data first.
   */
  async signIn(args: SignInRequest): Promise<Result<Admitted>> {
    const { meta } = this.#stores;
    if (args.key !== undefined && !(await importSigningKey(args.key)))
      return { ok: false, error: { kind: "malformed" } };
    const bound = meta.get("account");
    if (bound !== undefined && bound !== args.account) return { ok: false, error: { kind: "wrong-account" } };
    const { password } = args;
    const proof = await this.#connection.signIn(args.account, {
      kind: "person",
      // A server that once spoke SCRAM and now wants the password itself is not to be believed.
      plain: password !== undefined && !meta.get("scram-seen"),
      prefersToken: meta.get("keys-unfit") ?? false,
      keysFor: args.keysFor,
      password: async () => (password === undefined ? failed("only-plain") : { ok: true, value: password }),
    });
    if (!proof.ok) {
      const lied = proof.error.kind === "only-plain" && password !== undefined;
      return lied ? { ok: false, error: { kind: "server-not-proven" } } : proof;
    }
    const secret = await newSessionSecret();
    const admitted = this.#stores.turn(() => this.#admit(args, secret));
    if (!admitted.ok) {
      // The server has replaced the token, so the browsers that are signed in need the new one.
      await this.#keys.keep(proof.value.keys);
      return admitted;
    }
    const id = admitted.value;
    // A token that was given for the password itself says nothing about SCRAM.
    if (proof.value.mechanism !== "PLAIN") meta.set("scram-seen", true);
    await this.#keys.keep(proof.value.keys);
    return {
      ok: true,
      value: { account: args.account, browser: id, epoch: epochOf(this.#stores, id), secret: secret.secret },
    };
  }

  /** Looks and writes in one turn: of several that come at once each finds those before it (and who was signed out). */
  #admit({ browser, ...named }: SignInRequest, secret: SessionSecret): Result<BrowserId> {
    const { browsers } = this.#stores;
    if (browser !== undefined && browsers.isRevoked(browser)) return { ok: false, error: { kind: "revoked" } };
    const known = browser === undefined ? undefined : browsers.get(browser);
    const now = Date.now();
    if ((!known || known.signedOut) && !browsers.makeRoom(now)) {
      return { ok: false, error: { kind: "too-many-browsers" } };
    }
    const id = known?.id ?? (crypto.randomUUID() as BrowserId);
    browsers.signIn(id, named, secret, now);
    return { ok: true, value: id };
  }

  /**
   * The browser of a session, whose secret also opens the sign-in data where the object has woken without it. `revoked`:
   * another browser has signed it out; `not-proven`: the request was not signed by its key, so it may be anybody's who has
   * a copy of the cookie; undefined: nobody who may speak.
   */
  async enter(session: Presented): Promise<Entrant | "not-proven"> {
    const browser = await this.#stores.browsers.authenticate(session);
    if (browser === undefined || browser === "revoked") return browser;
    const { signingKey } = browser;
    const isProven = async (key: Base64) => this.#proofs.holds(browser.id, key, session.proof, Date.now());
    if (signingKey !== undefined && !(await isProven(signingKey))) return "not-proven";
    if (this.#keys.current || this.#connection.live) return this.#still(browser);
    if (await this.#keys.open(browser, session.secret)) await this.#connection.replan();
    else if (!this.#stores.meta.get("credentials")) this.#connection.lock();
    return this.#still(browser);
  }

  /**
   * As it is now: while its proof was looked at it may have been signed out, and whoever is let in after that keeps their
   * socket, for theirs was not there yet to be closed.
   */
  #still({ id, signingKey }: Browser): Entrant {
    const { browsers } = this.#stores;
    const now = browsers.get(id);
    if (now === undefined) return browsers.isRevoked(id) ? "revoked" : undefined;
    const another = signingKey !== undefined && now.signingKey !== signingKey;
    return now.signedOut || another ? undefined : now;
  }

  /** See the call `bindKey`. */
  async bindKey(browser: Browser, key: Base64): Promise<Result<{ readonly bound: true }>> {
    const { browsers } = this.#stores;
    if (!(await importSigningKey(key))) return { ok: false, error: { kind: "malformed" } };
    browsers.bindKey(browser.id, key);
    const bound = browsers.get(browser.id)?.signingKey === key;
    return bound ? { ok: true, value: { bound } } : { ok: false, error: { kind: "not-proven" } };
  }

  /**
   * Another session secret, for a browser that signs what it asks. Fails with `not-proven` for any other one: whoever has
   * a copy of its cookie must not be the one who gets the next.
   */
  async renew(browser: Browser, { secret }: Presented): Promise<Result<{ readonly secret: string }>> {
    if (browser.signingKey === undefined) return { ok: false, error: { kind: "not-proven" } };
    return { ok: true, value: { secret: await this.#keys.renewSecret(browser, secret) } };
  }

  /** Answers whether other browsers are still signed in. */
  signOut(browser: Browser, erase: boolean): void {
    const { browsers, meta } = this.#stores;
    this.#stores.turn(() => {
      if (erase) browsers.revoke(browser.id, Date.now());
      else browsers.signOut(browser.id);
      if (erase) meta.removeForGood(browser.device);
      if (browsers.all().some((other) => !other.signedOut)) return;
      // Nobody could open it any more, so nobody needs it; and nobody is left who could end staying online.
      this.#keys.forgetStored();
      meta.delete("stay-online");
      meta.delete("looks-in");
      this.#connection.kept.forget();
    });
  }

  /**
   * Sign out another browser, or all but this one, and seal anew: a key unwrapped earlier opens nothing that is sealed
   * from now on. Answers with those that were signed out; undefined where there is no such other browser; `revoked` where
   * the one that wants it was signed out itself since it was let in: two that sign each other out do not both succeed.
   */
  async revoke(by: Browser, which: BrowserId | "others"): Promise<readonly Browser[] | "revoked" | undefined> {
    const { browsers, meta } = this.#stores;
    if (typeof this.#still(by) !== "object") return "revoked";
    if (which === by.id) return undefined;
    const targets = browsers.all().filter(({ id }) => (which === "others" ? id !== by.id : id === which));
    // Asked again, because the answer was lost: what came after the first step may be missing.
    const again = which !== "others" && browsers.isRevoked(which);
    if (which !== "others" && targets.length === 0 && !again) return undefined;
    this.#stores.turn(() => {
      for (const target of targets) {
        meta.removeForGood(target.device);
        // One that signed out by itself learns it at its next sign-in.
        browsers.revoke(target.id, Date.now());
      }
    });
    const keys = this.#keys.current;
    if (keys) await this.#keys.keep(keys);
    return targets;
  }

  /**
   * Whether the account may be online with nobody there, or look in now and then (`looks`): then the key is kept beside what it opens. Needs open data. When
   * it is switched off, what could be read until then is made worthless, if the server can do that (`renewed`).
   */
  async stayOnline(on: boolean, looks = false): Promise<Result<CallValue<"stayOnline">>> {
    const { meta } = this.#stores;
    const looksIn = () => (on && looks ? meta.set("looks-in", true) : meta.delete("looks-in"));
    if ((meta.get("stay-online") ?? false) === on) {
      looksIn();
      return { ok: true, value: { on } };
    }
    const keys = this.#keys.current;
    if (!keys) return { ok: false, error: { kind: "locked" } };
    await this.#keys.keep(keys, on);
    looksIn();
    return { ok: true, value: on ? { on } : { on, renewed: await this.#connection.kept.renew() } };
  }
}
