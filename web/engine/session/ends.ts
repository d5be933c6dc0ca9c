/**
 * How the session of this browser ends: the person signs out, the object no longer knows it, another browser has signed it
 * out. Only the first erases anything, and only where it was asked for (S4).
 */
import type { Failure, Result } from "../../../worker/contract/failures.ts";
import type { SignOutArguments } from "../../../worker/contract/sign-in.ts";
import type { SessionView } from "../protocol/account.ts";
import { type KnownAccount, lastAccount, rememberAccount } from "../store/known-accounts.ts";
import { erase } from "./erasing.ts";
import type { SignedInAccount } from "./signed-in.ts";

/** The session is over already, or was replaced by another account's: signing out has nothing left to do. */
const GONE: ReadonlySet<Failure["kind"]> = new Set(["not-signed-in", "revoked", "wrong-account"]);

/** What this is told of the session, and does to it. */
export type Ending = {
  /** Closes the account that is open. */
  readonly stop: () => Promise<void>;
  readonly isSignedIn: () => boolean;
  readonly view: () => SessionView;
  readonly become: (view: SessionView) => void;
};

type Done = Result<{ readonly done: true }>;
const DONE: Done = { ok: true, value: { done: true } };

export class Ends {
  readonly #session: Ending;
  /** A sign-out is under way. */
  #leaving = false;

  constructor(session: Ending) {
    this.#session = session;
  }

  /**
   * The person signs out. `signedIn`: whoever is; without one, what is locked here is erased if that was asked for. Fails as
   * the call does, and with `internal` where the store cannot be opened.
   */
  async signOut(signedIn: SignedInAccount | undefined, how: SignOutArguments): Promise<Done> {
    if (signedIn === undefined) {
      const view = this.#session.view();
      if (how.erase && view.state === "signed-out" && view.because === "revoked") return this.#eraseLocked();
      // Nobody is here to sign out, or the store that would have to be erased cannot be opened.
      return view.state === "signed-in" ? { ok: false, error: { kind: "internal" } } : DONE;
    }
    // The object also says goodbye on the socket; what is left to do is done here.
    this.#leaving = true;
    try {
      return await this.#leave(signedIn, how);
    } finally {
      this.#leaving = false;
    }
  }

  async #leave(signedIn: SignedInAccount, how: SignOutArguments): Promise<Done> {
    const { jid, browser } = signedIn.account.self;
    const answer = await signedIn.account.remote.signOut(how);
    // Unless the object has confirmed it, the session would go on behind the person's back, or the account would.
    if (!answer.ok && (how.deletes || !GONE.has(answer.error.kind))) return answer;
    await this.#session.stop();
    if (how.erase) {
      await this.erase({ account: jid, browser });
    } else {
      await rememberAccount({ account: jid, browser, signedIn: false, because: "by-choice" });
      this.#session.become({ state: "signed-out", account: jid, because: "by-choice" });
    }
    return DONE;
  }

  /** Somebody who has signed in meanwhile is not shown what became of another account. */
  erase(known: Pick<KnownAccount, "account" | "browser">): Promise<void> {
    return erase(known, (view) => {
      if (!this.#session.isSignedIn()) this.#session.become(view);
    });
  }

  /**
   * The object no longer knows this browser, or says that another one has signed it out. Texts and keys stay in any case:
   * who may end a session, or pretend to, may not erase what is here (S4).
   */
  async ended(signedIn: SignedInAccount, because: "revoked" | "expired"): Promise<void> {
    if (this.#leaving) return;
    const { jid, browser } = signedIn.account.self;
    await this.#session.stop();
    if (because === "revoked") return this.lock({ account: jid, browser });
    await rememberAccount({ account: jid, browser, signedIn: false, because });
    this.#session.become({ state: "signed-out", account: jid, because });
  }

  /** Another browser has signed this one out: what is here stays, and opens for nobody before they sign in. */
  async lock({ account, browser }: Pick<KnownAccount, "account" | "browser">): Promise<void> {
    await rememberAccount({ account, browser, signedIn: false, because: "revoked" });
    this.#session.become({ state: "signed-out", account, because: "revoked" });
  }

  /** The person at this browser wants nothing of it to stay. */
  async #eraseLocked(): Promise<Done> {
    const locked = await lastAccount();
    if (locked?.because === "revoked") await this.erase(locked);
    return DONE;
  }
}
