/** The live socket: what the object says and what a browser answers. */
import type { Choice, ChoicesInfo } from "./choices.ts";
import type { CopyTold } from "./copy.ts";
import type { Entry } from "./entries.ts";
import type { BareJid, Base64, BrowserId, DeviceId, RoadId, Seq, Time } from "./names.ts";
import type { Occupant, RoomInfo } from "./rooms.ts";
import type { AccountState, BrowserInfo, PresenceInfo } from "./state.ts";

/**
 * Devices of this account that somebody took off it for good: those of browsers that were signed out or erased, and of other
 * apps. Nothing is to be encrypted to one that comes back. Objects of before 2026-11-27 do not tell them.
 */
type RemovedDevices = readonly DeviceId[];

/** From the object. `hello` is first, then pages of `entries` up to `head`, then whatever happens. */
export type ServerFrame =
  | {
      readonly type: "hello";
      readonly contract: number;
      readonly epoch: string;
      readonly head: Seq;
      readonly account: BareJid;
      readonly browser: BrowserId;
      readonly state: AccountState;
      readonly browsers: readonly BrowserInfo[];
      readonly removed?: RemovedDevices;
      readonly presence: readonly PresenceInfo[];
      readonly rooms: readonly RoomInfo[];
      /** Missing from objects of before contract 5. */
      readonly choices?: ChoicesInfo;
      /** The sealed copy; missing from objects of before contract 6. */
      readonly copy?: CopyTold;
      /** The number of the last send that was accepted from this browser; more than it knows of: it was rolled back. */
      readonly accepted: number;
      /** The object's time: a computer whose own is wrong mutes and dates by it. Missing from objects of before contract 6. */
      readonly now?: Time;
      /** The session cookie is a day old: ask for another one (`ROUTES.renew`). */
      readonly renew?: true;
    }
  | { readonly type: "entries"; readonly entries: readonly Entry[]; readonly head: Seq }
  | { readonly type: "state"; readonly state: AccountState }
  | { readonly type: "browsers"; readonly browsers: readonly BrowserInfo[]; readonly removed?: RemovedDevices }
  | { readonly type: "presence"; readonly presence: readonly PresenceInfo[] }
  /** These rooms are now so; the others are unchanged. */
  | { readonly type: "rooms"; readonly rooms: readonly RoomInfo[] }
  /** A browser of this account has chosen these; the others are unchanged. */
  | { readonly type: "choices"; readonly revision: number; readonly changed: readonly Choice[] }
  /** In a large room: who has come or changed and who, by nickname, has gone. `all`: the list begins anew with these. */
  | {
      readonly type: "occupants";
      readonly room: BareJid;
      readonly all: boolean;
      readonly here: readonly Occupant[];
      readonly gone: readonly string[];
    }
  /** A device list changed: a contact's or our own (XEP-0384 §4.2). */
  | { readonly type: "devices"; readonly jid: BareJid; readonly devices: readonly DeviceId[] }
  /**
   * Who is writing in a conversation now, of those who tell it (XEP-0085): in a room their nicknames, else one empty name;
   * nobody: none. To browsers that are looked at alone; all of it goes with the connection to the server.
   */
  | { readonly type: "typing"; readonly chat: BareJid; readonly who: readonly string[] }
  /**
   * Whether this browser is the one that tells the person of what comes: nobody looks at any of the account's browsers, and
   * of those that may show something (`visible`) it was looked at last.
   */
  | { readonly type: "notifying"; readonly here: boolean }
  /** Another browser of the account says this to this one (the call `relay`); `from` is what the object has stamped it with. */
  | { readonly type: "relayed"; readonly from: DeviceId; readonly road: RoadId; readonly bytes: Base64 }
  /** The sealed copy is now so. */
  | ({ readonly type: "copy" } & CopyTold)
  /** The object woke without the key to its sign-in data: answer with the call `unlock`. */
  | { readonly type: "unlock" }
  | { readonly type: "bye"; readonly reason: "signed-out" | "revoked" | "replaced" };

/** From a browser. `ack` says: everything up to here is committed in my database. */
export type BrowserFrame =
  | { readonly type: "ack"; readonly epoch: string; readonly seq: Seq }
  /** `notifies`: the person lets this browser tell them of what comes while nobody looks. */
  | { readonly type: "visible"; readonly visible: boolean; readonly notifies?: boolean }
  /** What the person does in the composer of a conversation, each change once (XEP-0085 §5.3). */
  | { readonly type: "typing"; readonly chat: BareJid; readonly state: TypingState };

/** `active`: no longer at it, for what was written is gone. `paused`: it stands there, and nothing is added to it. */
export type TypingState = "active" | "composing" | "paused";

/** Answered by the platform itself without waking a sleeping object. */
export const PING = "ping";
export const PONG = "pong";
