/**
 * While a release goes up, for seconds or longer by choice, a Worker of the release before meets objects of this one. What
 * it does not know of fails so that nothing is lost and the page tries again. The Worker of contract 2 passes on no proof of
 * a browser, and takes a sign-in for one step.
 */
import type { Failure } from "../../worker/contract/failures.ts";
import { OTHER_PAGE } from "../../worker/shared/other-page.ts";
import type { Presented } from "../store/browsers.ts";

/** A Worker of today says of each session whether the request was signed; one of before leaves that out. */
export function isOfOlderWorker(session: Presented): boolean {
  return !("proof" in session);
}

/** To a browser that has a key: not that its session is over, for the next Worker lets it in. */
export const ASK_AGAIN: { readonly ok: false; readonly error: Failure } = { ok: false, error: { kind: "offline" } };

/** It would answer any success with a cookie, also the question how the password is to be proved. */
export function refusesSignIn(args: object): { readonly ok: false; readonly error: Failure } | undefined {
  return "plain" in args ? { ok: false, error: { kind: "malformed", detail: OTHER_PAGE } } : undefined;
}
