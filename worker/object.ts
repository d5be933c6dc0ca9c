/** How the Worker reaches an account's object, and what it does when the object is reset under its call. */
import type { Account } from "../durable/account.ts";

/** What of the object the Worker may use, as plain promises; the stub's own types also promise pipelining. */
type AccountCalls = Pick<Account, "signIn" | "signOut" | "call" | "fetch">;

/**
 * Ask the object; once more with a fresh stub when it was reset or evicted in between. Only for what may be repeated:
 * every call of the contract may.
 */
export async function askAccount<T>(
  env: Env,
  name: string,
  question: (account: AccountCalls) => Promise<T>,
): Promise<T> {
  const stub = () => env.ACCOUNT.get(env.ACCOUNT.idFromName(name)) as unknown as AccountCalls;
  try {
    return await question(stub());
  } catch (error) {
    if (!wasReset(error)) throw error;
    return question(stub());
  }
}

function wasReset(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  // An overloaded object is not helped by another call.
  const { retryable, overloaded, durableObjectReset } = error as Error & Partial<Record<string, boolean>>;
  return (retryable === true || durableObjectReset === true) && overloaded !== true;
}
