/**
 * A browser may throw its databases away, all or one of them, and a person may. Whoever lived here then comes back as a new
 * device, and has to know that before it happens (never a silent new device).
 */
import type { BareJid } from "../../../worker/contract.ts";
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
   * Whose session this browser still has though it remembers nobody: databases are thrown away, cookies are kept. Asked
   * once, and again if nobody could be asked.
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

  /** The account that was here and is no longer, if a sign-in at this address would make a device in its place. */
  async replacedBy(address: BareJid): Promise<KnownAccount | undefined> {
    if ((await lastAccount()) === undefined) await this.recall();
    const known = await knownAccount(address);
    if (known === undefined || known.because === "evicted") return known;
    return (await holdsDevice(known.account)) ? undefined : noteEvicted(known);
  }
}

/** Remembers that what an account had here is gone. The object still knows it as the same browser. */
export async function noteEvicted({
  account,
  browser,
}: Pick<KnownAccount, "account" | "browser">): Promise<KnownAccount> {
  const known = { account, browser, signedIn: false, because: "evicted" } as const;
  await rememberAccount(known);
  return known;
}
