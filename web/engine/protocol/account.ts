/** What a page is told of the account: its devices and those of others, its connection, its session, what to decide. */
import type { CopyView } from "./copy.ts";
import type { JoiningView, LettingInView } from "./letting-in.ts";
import type { Failure } from "../../../worker/contract/failures.ts";
import type { BareJid, BrowserId, DeviceId, PictureId, Time } from "../../../worker/contract/names.ts";
import type { BrowserKind, LinkState } from "../../../worker/contract/state.ts";

/**
 * What this browser thinks of an identity key of somebody.
 * - `undecided`: it came after one was verified, or after this account's browsers: nothing is encrypted to it.
 * - `blind`: believed without having been compared. - `verified`: compared by a person. - `distrusted`: refused by one.
 */
export type Trust = "undecided" | "blind" | "verified" | "distrusted";

/**
 * A listed device that a message is not encrypted to.
 * `undecided`: nobody has said here whether it may read. `new-device`: nobody has seen here that it came. `distrusted`: somebody has said it may not. `key-changed`: it
 * shows another key than before. `no-session`: its keys are not there, or cannot be used.
 */
export type LeftOut = {
  readonly jid: BareJid;
  readonly device: DeviceId;
  readonly why: "undecided" | "new-device" | "distrusted" | "key-changed" | "no-session";
  /** 64 hex digits of the key that is pinned; undefined while none has been seen. */
  readonly fingerprint?: string;
};

/** A device as this browser knows it: the fingerprint comes from its own pins, never from what the object says. */
export type DeviceItem = {
  /** None: a browser that has not made its keys known (yet). */
  readonly device?: DeviceId;
  /** 64 lower-case hex digits; undefined while the bundle has not been seen. */
  readonly fingerprint?: string;
  /** The browser's name for own Alcove browsers. */
  readonly name?: string;
  /** Of a device without a name: which one of its owner's it is, in the order in which they were met here. */
  readonly number?: number | undefined;
  readonly browser?: BrowserId;
  readonly here: boolean;
  readonly attached: boolean;
  /** Own browsers only, as the object says. */
  readonly firstSeen?: Time;
  readonly lastSeen?: Time;
  /** Listed in the account's device list now. */
  readonly listed: boolean;
  /** What an own browser runs on. */
  readonly kind?: BrowserKind;
  /** An own browser that was signed out and kept its device. */
  readonly signedOut: boolean;
  /** An own browser that was away for more than 42 days: nothing is encrypted to it until it comes back. */
  readonly dormant?: true;
  /** What this browser thinks of the fingerprint; undefined while there is none, and of itself. */
  readonly trust?: Trust;
  /** In which other browser of theirs the person has decided that. */
  readonly decidedBy?: string;
  /** Another fingerprint that the device shows now; nothing is sent to it until somebody decides. */
  readonly changedTo?: string;
  /** When this browser first saw the key, and when it last decrypted something with it. */
  readonly met?: Time;
  readonly used?: Time;
  /** Own devices only: the same digits stand on the other screen if nobody is in between. */
  readonly code?: string;
};

export type DevicesView = {
  readonly jid: BareJid;
  readonly devices: readonly DeviceItem[];
  /** They could not be looked at, and may be once more. */
  readonly failure?: Failure;
  /** The fingerprints as a link, to be shown to whoever wants to compare them: our own only. */
  readonly uri?: string;
};

/** How many devices of a link have been verified by it, and which show another key than it says. */
export type LinkOutcome = { readonly verified: number; readonly differing: readonly DeviceId[] };

/**
 * During a deployment, and in a tab that stayed open over one, the page and the object may be of different releases. Each
 * works with the release beside its own; the page loads anew as soon as nothing is lost by it.
 */
export type VersionSkew = {
  /** The contract that the object speaks (`hello.contract`). */
  readonly contract: number;
  readonly object: "newer" | "older";
  /** Texts that the object has not taken yet. */
  readonly unsent: boolean;
};

/** The three hops that must stand for a message to travel. */
export type ConnectionView = {
  /** This browser to the object. */
  readonly socket: "connecting" | "open" | "waiting";
  /** By how many milliseconds the object's clock is ahead of this computer's, where that is known to be wrong. All times are by it. */
  readonly ahead?: number;
  /** Next try of the socket, while `waiting`. */
  readonly until?: Time;
  /** Why it is `waiting`: the browser says that it has no network at all. */
  readonly offline?: true;
  /** Why it is `waiting`: the deployment's free allowance of this day (UTC) is used up. */
  readonly spent?: true;
  /** The object to the XMPP server; undefined until the object has spoken. */
  readonly link?: LinkState;
  /** This browser's own device. `not-kept`: it gives stored keys back as nothing. `behind`: its database was rolled back, so its keys must not be used any more. */
  readonly encryption:
    | "starting"
    | "ready"
    | "missing-pep"
    | "broken-pep"
    | "unsupported"
    | "not-kept"
    | "behind"
    | "not-loaded";
  /** The account is online with no browser attached; undefined until the object has spoken. */
  readonly stayOnline?: boolean;
  /** It does not, and looks in now and then instead. */
  readonly looksIn?: true;
  /** Its server wakes it when something comes, so it looks at once. */
  readonly pushed?: true;
  /** This browser is the one that tells the person of what comes, for nobody looks at any (`notifying` of the frames). */
  readonly notifying?: true;
  /** As its socket began the object did not know where to ring this browser: never told, or its push service has ended it. */
  readonly unrung?: true;
  /** Page and object are of different releases; undefined while they are of one. */
  readonly skew?: VersionSkew;
};

/** What our contacts see of us (XEP-0172, XEP-0084). */
export type OwnProfile = { readonly nick?: string; readonly picture?: PictureId };

export type SessionView =
  | { readonly state: "starting" }
  /**
   * `account` is the one that was here last. Its history is kept in this browser, but where it was `evicted`: the browser,
   * or somebody, has thrown it away, and a sign-in makes a new device. `revoked`: another browser has signed this one out;
   * what is kept is locked until somebody signs in, as a new device, or erases it.
   */
  | {
      readonly state: "signed-out";
      readonly account?: BareJid;
      readonly because?: "revoked" | "expired" | "evicted" | "by-choice";
    }
  /** Signed out, and what was kept here is to go: another tab still holds it open, so it is not gone yet. */
  | { readonly state: "erasing"; readonly account: BareJid }
  | { readonly state: "signed-in"; readonly account: BareJid };

/**
 * How far one browser has come with handing its texts to another one.
 * - `waiting`: allowed, and nothing has begun. - `going`. - `paused`: here; `paused-there`: by the other browser. - `away`: the
 *   other one is not there; it goes on when it is. - `full`: the disk of the one that takes has no room. - `left`: the one that
 *   gives was signed out. - `cancelled`: here; `cancelled-there`. - `finished`. - `nothing`: nothing was missing.
 */
export type HandoverState =
  | "waiting"
  | "going"
  | "paused"
  | "paused-there"
  | "away"
  | "full"
  | "left"
  | "cancelled"
  | "cancelled-there"
  | "finished"
  | "nothing";

/** What a person may want of it. `resume`: that it goes on, or begins again. */
export type HandoverAct = "pause" | "resume" | "cancel";

/** `taking`: from the other browser, `device`. Of so many messages (`of`) `done` have their text, and `gaps` are not to be had. */
export type Handover = {
  readonly kind: "handover";
  readonly key: string;
  readonly role: "taking" | "giving";
  readonly device: DeviceId;
  /** `giving`: the fingerprint of the key that it was allowed to. */
  readonly to?: string;
  readonly state: HandoverState;
  readonly done: number;
  readonly of: number;
  readonly gaps: number;
};

export type NoticeView =
  | (Handover & { readonly name?: string })
  | JoiningView
  | LettingInView
  | CopyView
  | {
      readonly kind: "new-device";
      readonly key: string;
      readonly device: DeviceId;
      readonly name?: string;
      /** Undefined while its keys could not be fetched. */
      readonly fingerprint?: string;
      readonly code?: string;
    }
  /** This browser is new and waits to be allowed in one of these. */
  | {
      readonly kind: "awaiting";
      readonly key: string;
      readonly by: readonly { readonly device: DeviceId; readonly name?: string; readonly code?: string }[];
    }
  /** Apps that were on the account when its first browser came: they read along. */
  | { readonly kind: "own-devices"; readonly key: string; readonly devices: number }
  /** Further devices have come, about which the person is asked later: nothing is encrypted to them. */
  | { readonly kind: "more-devices"; readonly key: string; readonly devices: number }
  /** Devices came and have left before anybody said here that they may read. */
  | { readonly kind: "devices-gone"; readonly key: string; readonly devices: number }
  /** This browser was away for so long that its device had been taken off the account; it is back on. */
  | { readonly kind: "returned"; readonly key: string }
  /** A session with a device was replaced by a new one. */
  | { readonly kind: "renewed"; readonly key: string; readonly jid: BareJid; readonly device: DeviceId }
  /** The account's server keeps no archive. */
  | { readonly kind: "no-archive"; readonly key: string }
  /** A message of this conversation was told again as something else; that was refused. */
  | { readonly kind: "retold"; readonly key: string; readonly jid: BareJid }
  /** Another browser of the account was told something else than this one. */
  | { readonly kind: "differs"; readonly key: string; readonly device: DeviceId; readonly name?: string }
  /** The browser has not promised to keep what is stored here. */
  | { readonly kind: "storage-not-kept"; readonly key: string };
