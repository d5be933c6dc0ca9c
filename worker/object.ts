/** How the Worker reaches an account's object, and what it does when the object is reset under its call. */
import type { Account } from "../durable/account.ts";
import type { Gatekeeper } from "../durable/gatekeeper.ts";
import type { Gateway } from "../durable/gateway.ts";
import type { DeploymentCounts } from "./contract/operator.ts";
import { placed } from "./network/placed.ts";
import { GATEWAY_NAME } from "./shared/gateway-account.ts";
import { isStorageFull } from "./shared/storage-full.ts";

/** What of the object the Worker may use, as plain promises; the stub's own types also promise pipelining. */
export type AccountCalls = Pick<
  Account,
  | "signIn"
  | "finishSignIn"
  | "signOut"
  | "register"
  | "submit"
  | "renew"
  | "call"
  | "fetch"
  | "overview"
  | "exportPage"
  | "erase"
  | "rewind"
  | "lookIn"
  | "mayFetch"
  | "mayPreview"
> & { storageFull(): Promise<void>; passed(bytes: number): Promise<void> };

type GatekeeperCalls = {
  admit(...args: Parameters<Gatekeeper["admit"]>): Promise<ReturnType<Gatekeeper["admit"]>>;
  settle(...args: Parameters<Gatekeeper["settle"]>): Promise<void>;
  mayEnd(...args: Parameters<Gatekeeper["mayEnd"]>): Promise<ReturnType<Gatekeeper["mayEnd"]>>;
  invitation(id: string): Promise<ReturnType<Gatekeeper["invitation"]>>;
  invite(...args: Parameters<Gatekeeper["invite"]>): Promise<boolean>;
  invitations(): Promise<ReturnType<Gatekeeper["invitations"]>>;
  uninvite(id: string): Promise<boolean>;
  ready(): Promise<boolean>;
  admitOperator(nonce: string): Promise<boolean>;
  names(after: string, limit: number): Promise<readonly string[]>;
  forgetAccount(name: string): Promise<void>;
  counts(): Promise<DeploymentCounts>;
  toLookAt(): Promise<readonly string[]>;
  lookedAt(...args: Parameters<Gatekeeper["lookedAt"]>): Promise<void>;
};

/** The object of that name, wherever it lives. */
export function accountObject(env: Env, name: string): AccountCalls {
  return objectIn(env, env.ACCOUNT, name) as unknown as AccountCalls;
}

/** The one object that counts tries to sign in; see `Gatekeeper`. */
export function gatekeeper(env: Env): GatekeeperCalls {
  return objectIn(env, env.GATEKEEPER, "gatekeeper") as unknown as GatekeeperCalls;
}

/** The one object that hears of accounts' servers; see `Gateway`. */
export function gateway(env: Env): { state(): ReturnType<Gateway["state"]> } {
  return objectIn(env, env.GATEWAY, GATEWAY_NAME) as unknown as { state(): ReturnType<Gateway["state"]> };
}

/**
 * A jurisdiction is part of an object's id: under another one the same name is another object, with nothing in it. A place
 * is a wish that the platform hears when it makes the object; within a jurisdiction it chooses one itself.
 */
function objectIn<T extends Rpc.DurableObjectBranded>(env: Env, all: DurableObjectNamespace<T>, name: string) {
  const { JURISDICTION: jurisdiction, LOCATION: place } = env;
  const within = placed(env, all);
  if (jurisdiction && jurisdiction !== "none") return within.get(within.idFromName(name));
  const hint = place && place !== "auto" ? { locationHint: place as DurableObjectLocationHint } : {};
  return all.get(all.idFromName(name), hint);
}

/** A call that ends with the object's memory where it succeeds. @returns undefined then, else what it came to */
export async function untilItEnds<T>(ending: string, call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if (String(error).includes(ending)) return undefined;
    throw error;
  }
}

/**
 * Ask the object; once more with a fresh stub when it was reset or evicted in between. Only for what may be repeated:
 * every call of the contract may. One that has ended because its storage is full cannot know why: the next one is told.
 */
export async function askAccount<T>(
  env: Env,
  name: string,
  question: (account: AccountCalls) => Promise<T>,
): Promise<T> {
  try {
    return await question(accountObject(env, name));
  } catch (error) {
    const next = accountObject(env, name);
    if (!wasReset(error)) throw error;
    if (isStorageFull(error)) await next.storageFull();
    return question(next);
  }
}

function wasReset(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  // An overloaded object is not helped by another call.
  const { retryable, overloaded, durableObjectReset } = error as Error & Partial<Record<string, boolean>>;
  return (retryable === true || durableObjectReset === true) && overloaded !== true;
}
