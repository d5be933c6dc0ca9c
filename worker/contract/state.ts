/** What is not kept: the link, who is attached, who is there. A snapshot in `hello`, then changes. */
import type { Failure } from "./failures.ts";
import type { BareJid, BrowserId, DeviceId, Time } from "./names.ts";

/** The one XMPP connection. `caughtUp`: everything the archive held for us is in the log. */
export type LinkState =
  | { readonly state: "off"; readonly failure?: Failure }
  | { readonly state: "resolving" | "dialing" | "securing" | "authenticating" }
  | { readonly state: "live"; readonly caughtUp: boolean }
  | { readonly state: "waiting"; readonly until: Time; readonly failure: Failure };

/**
 * `pep`: can this account's server carry OMEMO at all; undefined until it is known. `stayOnline`: the account is online
 * with no browser attached, by a key the operator could use, too.
 */
export type AccountState = {
  readonly link: LinkState;
  readonly pep?: "ok" | "missing" | "broken";
  /** The server keeps no archive (XEP-0313): what came to others, or while nobody was here, cannot be had later. */
  readonly archive?: "missing";
  readonly stayOnline: boolean;
  /** In place of staying online it looks in now and then. */
  readonly looksIn?: true;
  /**
   * Its server tells it at once when something comes, by the gateway of this deployment (XEP-0357): it looks in seldom. One that does not
   * look in rings without knowing for what.
   */
  readonly pushed?: true;
  /** In `hello` alone: the object does not know where to ring this browser while it is closed (the call `pushSubscribe`). */
  readonly unrung?: true;
};

/** What sort of thing a browser runs on, as it says itself. */
export type BrowserKind = "computer" | "phone" | "tablet";

export type BrowserInfo = {
  readonly id: BrowserId;
  /** "Firefox on Linux" */
  readonly name: string;
  readonly kind: BrowserKind;
  readonly device?: DeviceId;
  readonly firstSeen: Time;
  readonly lastSeen: Time;
  /** Has a live socket now. */
  readonly attached: boolean;
  readonly signedOut: boolean;
  /** Away for more than 42 days: its device is off the list, and comes back when it publishes again. */
  readonly dormant?: true;
};

/**
 * Whether a contact is there, by the one of their clients that is there most. `show`: what they say of it (RFC 6121 §4.7.2.1).
 * `idle`: since when they have done nothing (XEP-0319).
 */
export type PresenceInfo = {
  readonly jid: BareJid;
  readonly available: boolean;
  readonly show?: "away" | "dnd" | "xa";
  readonly idle?: Time;
};
