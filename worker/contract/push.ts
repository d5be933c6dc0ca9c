/** How a browser that is closed is rung (RFC 8030): what it gives for that, and what a push says. */
import type { Entry } from "./entries.ts";
import type { BareJid, BrowserId, EntryId, Seq, Time } from "./names.ts";

/** The browser's own push subscription. `key`, `auth`: base64url, as `PushSubscription.getKey` gives their bytes. */
export type PushSubscribing = {
  readonly endpoint: string;
  /** P-256, 65 bytes. */
  readonly key: string;
  /** 16 bytes. */
  readonly auth: string;
  /** Of the page, `https:`: where somebody who runs a push service finds who pushes (RFC 8292 §2.1). */
  readonly origin: string;
  /** By UTC, so that nothing says where the browser is. */
  readonly quiet?: QuietHours | undefined;
};

/** Minutes of the day, from 0 to 1439, in which a browser is not rung: until the next message after them. Over midnight where `to` is smaller. */
export type QuietHours = { readonly from: number; readonly to: number };

/** `by` asks the account into `room`. */
export type Invited = { readonly room: BareJid; readonly by: BareJid };

/**
 * What a push says once its browser has opened it. Without `entries` there is too much for a push: the browser asks for what it
 * lacks (the call `entries`).
 */
export type PushMessage = {
  readonly contract: number;
  /** Of this browser: one that has become another in the meantime has nothing to do with it. */
  readonly browser: BrowserId;
  readonly epoch: string;
  /** The newest entry when it was made. */
  readonly head: Seq;
  readonly now: Time;
  /** The account cannot look: there may be more than it knows of. */
  readonly perhaps?: true;
  /** Rooms that somebody asks the account into, which is told by no entry. */
  readonly invited?: readonly Invited[];
  /** Everything from `after` up to `head`, oldest first, with the keys for this browser's device. */
  readonly after?: Seq;
  readonly entries?: readonly Entry[];
};

/** A stretch of the log from the place behind `since` on, for a browser without a live socket. */
export type EntriesAsked = { readonly epoch: string; readonly since: Seq; readonly at?: EntryId | undefined };
/** `since`: behind which place they stand; 0 and perhaps another epoch where the place that was named is none. */
export type EntriesGiven = {
  readonly epoch: string;
  readonly since: Seq;
  readonly head: Seq;
  readonly entries: readonly Entry[];
};

export const PUSH_LIMITS = {
  /** Characters of the address that a push service has given. */
  endpointLength: 2_000,
  /** Characters of a page's origin. */
  originLength: 300,
  /** Of a day. */
  lastMinute: 1_439,
  /** Entries of one answer. */
  entries: 200,
} as const;
