/**
 * The name of a sign-in under way, as the browser holds it between the two steps: the pass with which the first was let in,
 * and the object's own name for it. It is signed, as the cookie is, so that nobody can make the Worker wake objects of their
 * own invention; and it says when it was made, so that nobody can wake one with it for ever.
 */
import { LIMITS } from "./contract/limits.ts";
import type { Time } from "./contract/names.ts";
import type { Pass } from "./sign-in-gate.ts";
import { readName, signName } from "./signed-name.ts";

export type Attempt = Pass & { readonly id: string };

const PARTS = 4;
/** The object waits no longer than it says; the rest is for the way, and for clocks that differ. */
const VALID_MS = LIMITS.signInWaitMs + 30_000;

/** Signed with `COOKIE_SECRET`. */
export function writeAttempt(env: Env, { object, ticket, id, invitation = "" }: Attempt, now: Time): Promise<string> {
  return signName(env, "sign-in attempt", [object, ticket, id, invitation], now);
}

/** Undefined where the signature is not ours, or nothing waits for it any more. */
export async function readAttempt(env: Env, text: string, now: Time): Promise<Attempt | undefined> {
  const parts = await readName(env, "sign-in attempt", text, PARTS, { now, validMs: VALID_MS });
  const [object, ticket, id, invitation] = parts ?? [];
  if (!object || !ticket || !id) return undefined;
  return { object, ticket, id, ...(invitation && { invitation }) };
}
