/** Everything that can be expected to go wrong, and how a call says so. */

/** Everything that can be expected to go wrong. The browser has words for each (`web/i18n`). */
export type FailureKind =
  // reaching and entering the XMPP server
  | "address-invalid"
  | "domain-refused"
  | "no-domains"
  | "unknown-domain"
  | "unproven-name"
  | "refused"
  | "timed-out"
  | "bad-certificate"
  | "no-encryption"
  | "not-xmpp"
  | "wrong-password"
  /** What is kept of the password does not fit what the server asks now; the password itself may be right. */
  | "keys-unfit"
  /** A sign-in that waited for its browser is over: it took too long, or the object was reset. */
  | "sign-in-lapsed"
  | "account-disabled"
  | "only-plain"
  | "no-mechanism"
  | "server-not-proven"
  | "server-error"
  | "stream-replaced"
  /** This account's storage takes nothing more. */
  | "storage-full"
  | "connection-lost"
  // the account and its browsers
  | "too-many-tries"
  | "account-guarded"
  | "too-busy"
  | "no-new-accounts"
  /** The one that somebody came with does not let them in; `detail`: why (`invitation.ts`). */
  | "invitation"
  /** No account was made; `detail`: why (`registration.ts`). */
  | "registration"
  /** A file does not travel; `detail`: why (`media.ts`). */
  | "file"
  /** Nothing comes of it with the sealed copy; `detail`: why (`copy.ts`). */
  | "copy"
  /** The page and the Worker are of different releases, and this cannot be done between them. */
  | "other-release"
  | "too-many-browsers"
  | "not-signed-in"
  /** The session is there, but the request was not signed by the key of its browser; `detail`: the object's clock. */
  | "not-proven"
  | "revoked"
  | "locked"
  | "wrong-account"
  /** What this browser kept is gone, so it would come back as a new device; or it is meant to go and another tab holds it. */
  | "evicted"
  | "still-erasing"
  /** A part of the page or of its engine could not be had: offline, or a newer release has taken its place. */
  | "not-loaded"
  // calls
  | "offline"
  | "malformed"
  | "too-large"
  | "not-found"
  | "would-expose"
  | "too-early"
  | "behind"
  | "encryption-unavailable"
  /** A device of the recipient shows another key than before, or none of its devices is trusted in this browser. */
  | "key-changed"
  | "none-trusted"
  | "peer-refused"
  | "internal";

/** `detail` is safe to show: a domain, a condition name, a count. Never a password, a key or a text. */
export type Failure = { readonly kind: FailureKind; readonly detail?: string };

export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: Failure };
