/** Calls to the account's object over HTTPS. Whatever happens on the way is a value with a `kind`. */
import type { CallArguments, CallName, CallValue } from "../../../worker/contract/calls.ts";
import type { Failure, Result } from "../../../worker/contract/failures.ts";
import type { BrowserId } from "../../../worker/contract/names.ts";
import { BROWSER_HEADER, PROOF_HEADER, ROUTES } from "../../../worker/contract/routes.ts";
import type {
  SignedIn,
  SignInArguments,
  SignInProof,
  SignInReply,
  SignOutArguments,
} from "../../../worker/contract/sign-in.ts";
import { SPENT, saysQuotaSpent } from "../../../worker/shared/spent-quota.ts";
import { proofFor } from "./browser-key.ts";
import { learnObjectTime } from "./object-clock.ts";

const CALL_TIMEOUT_MS = 60_000;
const NOT_SIGNED_IN_STATUS = 401;
/** Above it (502 to 504, and those of the platform) speak gateways alone. */
const INTERNAL_STATUS = 500;
/** Of the platform, before it asks the Worker: too many requests. */
const TOO_MANY_STATUS = 429;

/** The object as the engine sees it; tests put a scripted one in its place. A call that cannot be made fails with `offline`. */
export interface Remote {
  call<Name extends CallName>(name: Name, args: CallArguments<Name>): Promise<Result<CallValue<Name>>>;
  signIn(args: SignInArguments): Promise<Result<SignInReply>>;
  finishSignIn(args: SignInProof): Promise<Result<SignedIn>>;
  signOut(args: SignOutArguments): Promise<Result<unknown>>;
  /** Another secret in the session cookie, which the answer brings along. */
  renew(): Promise<Result<unknown>>;
  /** The same object, called in the name of one browser: a call fails with `wrong-account` once the cookie is another's. */
  as(browser: BrowserId): Remote;
}

/** The object behind this page's own origin. The session cookie goes along by itself. */
export const originRemote: Remote = remoteFor(undefined);

function remoteFor(browser: BrowserId | undefined): Remote {
  return {
    call: (name, args) => ask(ROUTES.call + name, args, browser),
    signIn: (args) => ask(ROUTES.signIn, args, undefined),
    finishSignIn: (args) => ask(ROUTES.finishSignIn, args, undefined),
    signOut: (args) => ask(ROUTES.signOut, args, browser),
    renew: () => ask(ROUTES.renew, {}, browser),
    as: remoteFor,
  };
}

/** Once more by the object's clock where that was all that was wrong with the proof; else the session is as good as over. */
async function ask<Value>(path: string, args: unknown, browser: BrowserId | undefined): Promise<Result<Value>> {
  const askedAt = Date.now();
  const answer = await post<Value>(path, args, browser);
  if (answer.ok || answer.error.kind !== "not-proven") return answer;
  learnObjectTime(Number(answer.error.detail), askedAt);
  const again = await post<Value>(path, args, browser);
  return !again.ok && again.error.kind === "not-proven" ? failed({ kind: "not-signed-in" }) : again;
}

async function post<Value>(path: string, args: unknown, browser: BrowserId | undefined): Promise<Result<Value>> {
  const body = JSON.stringify(args);
  const proof = browser && (await proofFor(browser, `POST ${path}`, body));
  let response: Response;
  try {
    response = await fetch(path, {
      method: "POST",
      credentials: "same-origin",
      headers: {
        "content-type": "application/json",
        ...(browser !== undefined && { [BROWSER_HEADER]: browser }),
        ...(proof !== undefined && { [PROOF_HEADER]: proof }),
      },
      body,
      signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
    });
  } catch (error) {
    if (error instanceof TypeError || error instanceof DOMException) return failed({ kind: "offline" });
    throw error;
  }
  let text = "";
  try {
    text = await response.text();
    const result: unknown = JSON.parse(text);
    if (isResult<Value>(result)) return result;
  } catch (error) {
    // A proxy's error page, or a body that was cut off.
    if (!(error instanceof SyntaxError || error instanceof TypeError || error instanceof DOMException)) throw error;
  }
  return failed(saysQuotaSpent(text) ? { kind: "offline", detail: SPENT } : { kind: kindOf(response.status) });
}

/** Of an answer that no Worker gave. A proxy whose server is away at this moment says so; a call that never arrived is no refusal. */
function kindOf(status: number): "not-signed-in" | "offline" | "internal" {
  if (status === NOT_SIGNED_IN_STATUS) return "not-signed-in";
  return status > INTERNAL_STATUS || status === TOO_MANY_STATUS ? "offline" : "internal";
}

function failed(error: Failure): { readonly ok: false; readonly error: Failure } {
  return { ok: false, error };
}

function isResult<Value>(value: unknown): value is Result<Value> {
  if (typeof value !== "object" || value === null || !("ok" in value)) return false;
  if (value.ok === true) return true;
  return "error" in value && typeof value.error === "object" && value.error !== null && "kind" in value.error;
}
