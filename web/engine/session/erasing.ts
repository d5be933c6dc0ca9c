/**
 * Erasing an account from this browser. It counts as erased only when the browser says so: a frozen tab, or one of an older
 * version, holds the database for as long as it is there.
 */
import { drop } from "../../../worker/shared/drop.ts";
import type { SessionView } from "../protocol/account.ts";
import { eraseAccount } from "../store/database.ts";
import { forgetAccount, type KnownAccount, rememberAccount } from "../store/known-accounts.ts";

/**
 * Erases what an account has here; settles when it is gone, or when it is clear that another tab holds it. `show` is told
 * which, and again at the end. A restart goes on where this stopped, because what is to be erased is stored first.
 */
export async function erase(
  { account, browser }: Pick<KnownAccount, "account" | "browser">,
  show: (session: SessionView) => void,
): Promise<void> {
  await rememberAccount({ account, browser, signedIn: false, because: "by-choice", erasing: true });
  const { finished, soon } = eraseAccount(account);
  const gone = async () => {
    await finished;
    await forgetAccount(account);
    show({ state: "signed-out", because: "by-choice" });
  };
  if (await soon) return gone();
  show({ state: "erasing", account });
  drop(gone());
}
