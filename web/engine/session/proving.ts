/** Proving the password at the XMPP server, through the object and without telling it the password. */
import type { Result } from "../../../worker/contract/failures.ts";
import type { SignedIn, SignInArguments } from "../../../worker/contract/sign-in.ts";
import { failed } from "../../../worker/shared/failed.ts";
import type { Remote } from "../object/calls.ts";
import { makeScramKeys } from "../../../worker/shared/scram-keys.ts";

/** `plain`: the person agreed that the server, and what stands before it, gets the password itself. */
type Secret = { readonly password: string; readonly plain: boolean };

type SignInRemote = Pick<Remote, "signIn" | "finishSignIn">;

/** An object that was reset between the two steps has forgotten the first; the second time another reset is to blame. */
const TRIES = 2;

/**
 * Both steps of a sign-in, twice if the object lost the first. Fails as they do, and with `other-release` where the Worker
 * knows no sign-in like this one.
 */
export async function provePassword(
  remote: SignInRemote,
  request: Omit<SignInArguments, "password">,
  secret: Secret,
): Promise<Result<SignedIn>> {
  let answer: Result<SignedIn> = failed("sign-in-lapsed");
  for (let tries = 0; tries < TRIES; tries += 1) {
    answer = await tryOnce(remote, request, secret);
    if (answer.ok || answer.error.kind !== "sign-in-lapsed") return answer;
  }
  return answer;
}

async function tryOnce(
  remote: SignInRemote,
  request: Omit<SignInArguments, "password">,
  { password, plain }: Secret,
): Promise<Result<SignedIn>> {
  const begun = await remote.signIn({ ...request, ...(plain && { password }) });
  if (!begun.ok) return begun.error.kind === "malformed" ? failed("other-release") : begun;
  if (begun.value.step === "done") return { ok: true, value: begun.value };
  const keys = await makeScramKeys(password, begun.value);
  return keys.ok ? remote.finishSignIn({ attempt: begun.value.attempt, ...keys.value }) : keys;
}
