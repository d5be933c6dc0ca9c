/** Where everything is asked for, and the headers beside it. */

export const ROUTES = {
  signIn: "/api/sign-in",
  finishSignIn: "/api/sign-in/finish",
  /** `POST`, by whoever has the link: what an invitation says of itself. */
  invitation: "/api/invitation",
  signOut: "/api/sign-out",
  /** `POST`, `{}`: another secret in the session cookie. The one before goes on until the browser has used the new one. */
  renew: "/api/renew",
  /** Followed by the call's name. */
  call: "/api/call/",
  /** `GET`, by anybody: whether Worker and objects answer, and of which release they are. */
  health: "/api/health",
  /** `POST`, followed by a command (`operator.ts`), by the operator alone: for everybody else there is nothing there. */
  operator: "/api/operator/",
  /** A WebSocket; `?epoch=…&since=…&at=…&contract=…&proof=…`: the cursor (`at` is the id of the entry `since`), what the browser
   * understands, then the proof. */
  live: "/api/live",
} as const;

/**
 * On calls and on sign-out: the browser in whose name they are made. Where the cookie is another's (somebody else has
 * signed in here meanwhile) the answer is `wrong-account`.
 */
export const BROWSER_HEADER = "x-alcove-for";

/**
 * On calls and on sign-out: that the browser has signed the request (`worker/shared/proof.ts`). The live socket carries the
 * same as the last part of its query, `proof=…`. Asked of every browser that has named a key.
 */
export const PROOF_HEADER = "x-alcove-proof";
