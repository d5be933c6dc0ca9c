/**
 * A browser may throw its databases away, all or one of them, and so may a person. The account then comes back as a new
 * device, and the person has to be told before that happens.
 */
import type { BareJid } from "../../../worker/contract/names.ts";
import type { Remote } from "../object/calls.ts";
import { holdsDevice } from "../store/database.ts";
import { lastAccount, type KnownAccount, rememberAccount, knownAccount } from "../store/known-accounts.ts";

export class Eviction {
  readonly #remote: Remote;
  #asked: Promise<void> | undefined;

  constructor(remote: Remote) {
    this.#remote = remote;
  }

  /**
   * Asks the object whose session the cookie is, where this browser knows no account: databases are thrown away, cookies
   * are kept. Asked once, and again if the object could not be reached.
   */
  async recall(): Promise<KnownAccount | undefined> {
    this.#asked ??= this.#ask();
    await this.#asked;
    const known = await lastAccount();
    return known?.because === "evicted" ? known : undefined;
  }

  async #ask(): Promise<void> {
    const answer = await this.#remote.call("unlock", {});
    if (!answer.ok) {
      if (answer.error.kind === "offline") this.#asked = undefined;
      return;
    }
    // Somebody may have signed in while it was asked.
    if ((await lastAccount()) === undefined) await noteEvicted(answer.value);
  }

  /** The account whose database is gone, if a sign-in at this address would make a new device for it. */
  async replacedBy(address: BareJid): Promise<KnownAccount | undefined> {
    if ((await lastAccount()) === undefined) await this.recall();
    const known = await knownAccount(address);
    if (known === undefined || known.because === "evicted") return known;
    return (await holdsDevice(known.account)) ? undefined : noteEvicted(known);
  }
}

/** Stores that the database of an account is gone. The object still knows this browser by the same name. */
export async function noteEvicted({
  account,
  browser,
}: Pick<KnownAccount, "account" | "browser">): Promise<KnownAccount> {
  const known = { account, browser, signedIn: false, because: "evicted" } as const;
  await rememberAccount(known);
  return known;
}
