/**
 * What one stanza means for the log: entries that were not appended yet. Pure data; the log gives
 * them `id`, `seq` and `position`, or finds that it holds them already.
 */
import type { Act, MessageContent, Receipt, ReplyReference } from "../../worker/contract/entries.ts";
import type { BareJid, PictureId, Time } from "../../worker/contract/names.ts";
import type { Occupant } from "../../worker/contract/rooms.ts";
import type { BlockChange } from "../xep/blocking.ts";
import type { Bookmark } from "../xep/bookmarks.ts";
import type { Invitation } from "../xep/muc-invite.ts";

/**
 * A message as one stanza tells it (not the DOM's `MessageEvent`). The keys of an OMEMO header are complete; the log keeps
 * those for our browsers.
 */
export type MessageEvent = {
  readonly kind: "message";
  readonly chat: BareJid;
  /** Whose device made it. */
  readonly sender: BareJid;
  readonly outgoing: boolean;
  readonly at: Time;
  /** In a room: under which name, and the room's id of whoever said it. */
  readonly occupant?: { readonly nick: string; readonly id?: string };
  /** In a room: between us and this occupant alone. */
  readonly whisper?: string;
  /** Trusted archive id (XEP-0359 §5: only where `by` may speak for the archive). */
  readonly archive?: { readonly by: BareJid; readonly id: string };
  /** origin-id, else the stanza's own `id`; identifies only together with the sender. */
  readonly originId?: string;
  /** The stanza's own `id`, where it is not the origin-id: receipts name it (XEP-0184 §5.3). */
  readonly stanzaId?: string;
  readonly asks?: readonly Receipt[];
  readonly replaces?: string;
  readonly reply?: ReplyReference;
  readonly act?: Act;
  /** To be shown as it is written (XEP-0393 §6). */
  readonly unstyled?: true;
  /** The room repeats it of its past (XEP-0045 §7.2.13), outside any archive. */
  readonly repeated?: true;
  readonly content: MessageContent;
};

/**
 * A message that is not kept: it is over a limit, or a poison stanza, on which this program throws. Its place and its
 * names are kept, so that it is recognised when it comes again. Without `chat` where nobody can be named.
 */
export type UnreadableEvent = Omit<MessageEvent, "kind" | "content" | "chat" | "sender"> & {
  readonly kind: "unreadable";
  readonly chat?: BareJid;
  readonly sender?: BareJid;
  /** It could be read, but too much comes from a stranger. */
  readonly why?: "flood";
};

/** A receipt (XEP-0184) or displayed marker (XEP-0333) about something this account sent. */
export type ReceiptEvent = {
  readonly kind: "receipt";
  readonly chat: BareJid;
  /** The stanza `id` / origin-id it speaks of. */
  readonly of: string;
  readonly state: "delivered" | "read";
  /** When it was said. */
  readonly at?: Time;
  /** A marker speaks of everything up to that message (XEP-0333 §1). */
  readonly upTo?: true;
};

/**
 * Another client of this account has shown a conversation up to a message: by a marker of its own (XEP-0333), which names
 * it by the id that its author gave, or by what the account keeps (XEP-0490), by its id in an archive.
 */
export type ReadElsewhereEvent = {
  readonly kind: "read-elsewhere";
  readonly chat: BareJid;
  readonly upTo: { readonly origin: string } | { readonly by: BareJid; readonly id: string };
};

/** A message of ours came back as an error (RFC 6120 §8.3). */
export type BounceEvent = {
  readonly kind: "bounce";
  readonly chat: BareJid;
  readonly of: string;
  /** The defined condition, e.g. `service-unavailable`. */
  readonly condition: string;
};

export type ContactEvent = {
  readonly kind: "contact";
  readonly jid: BareJid;
  readonly name?: string;
  readonly subscription: "none" | "to" | "from" | "both" | "removed";
  readonly asked: boolean;
  /** What the roster has them in; none where it says nothing. */
  readonly groups?: readonly string[];
};

/** Somebody asks to see our presence, or takes that back (RFC 6121 §3). */
export type RequestEvent = { readonly kind: "request"; readonly jid: BareJid; readonly pending: boolean };

/** Somebody asks us into a room (XEP-0045 §7.8.2, XEP-0249). */
type InvitationEvent = Invitation & { readonly kind: "invitation" };

export type PresenceEvent = {
  readonly kind: "presence";
  readonly jid: BareJid;
  readonly resource: string;
  readonly available: boolean;
  readonly show?: "away" | "dnd" | "xa";
  /** Since when they have done nothing; of somebody who is not there: when they were there last. */
  readonly idle?: Time;
};

/** Somebody writes to us now, or no longer (XEP-0085); in a room under that name. */
export type TypingEvent = {
  readonly kind: "typing";
  readonly chat: BareJid;
  readonly nick?: string;
  readonly composing: boolean;
};

/** XEP-0384 §4.2: `jid`'s device list is now this. Invalid ids are left out, the rest is kept. */
export type DevicesEvent = { readonly kind: "devices"; readonly jid: BareJid; readonly devices: readonly number[] };

/** Our server says who is blocked now, or no longer, by whichever client of the account (XEP-0191). */
export type BlockEvent = { readonly kind: "block"; readonly change: BlockChange };

/** What somebody calls themselves (XEP-0172); without `nick`: nothing any more. */
export type NickEvent = { readonly kind: "nick"; readonly jid: BareJid; readonly nick?: string };

/**
 * Which picture somebody has; without `id`: none. `by`: their node says so (XEP-0084), which counts for more, or their
 * presence (XEP-0153).
 */
export type PictureEvent = {
  readonly kind: "picture";
  readonly jid: BareJid;
  readonly by: "node" | "presence";
  readonly id?: PictureId;
};

/** What the account remembers of rooms has changed, by whichever of its clients (XEP-0402). `all`: nothing is left of it. */
export type BookmarksEvent = {
  readonly kind: "bookmarks";
  readonly put: readonly Bookmark[];
  readonly gone: readonly BareJid[];
  readonly all?: true;
};

export type StanzaEvent =
  | MessageEvent
  | UnreadableEvent
  | ReceiptEvent
  | ReadElsewhereEvent
  | BounceEvent
  | ContactEvent
  | RequestEvent
  | InvitationEvent
  | PresenceEvent
  | DevicesEvent
  | BlockEvent
  | NickEvent
  | PictureEvent
  | BookmarksEvent
  | TypingEvent;

/** Whether it has a place in the order of a conversation; presence and device lists only have a present state. */
export function isOrdered({ kind }: StanzaEvent): boolean {
  return ["message", "unreadable", "receipt", "read-elsewhere", "bounce"].includes(kind);
}

/** Why we or others are out of a room (XEP-0045 §15.6.2); words, for `Failure.detail`. */
export type RoomExit =
  | "banned"
  | "kicked"
  | "affiliation changed"
  | "members-only"
  | "shutdown"
  | "connection problem"
  | "destroyed";

/** Who has done it, by their name in the room, and why they say they did (XEP-0045 §8.2). */
export type ToldWhy = { readonly by?: string; readonly reason?: string };

/** What a room tells about itself and who is in it (XEP-0045 §7). `self`: it is about us. */
export type RoomEvent =
  | (ToldWhy & {
      readonly kind: "room-here";
      readonly room: BareJid;
      readonly occupant: Occupant;
      readonly self: boolean;
      /** Our coming made the room (§10.1). */
      readonly created: boolean;
    })
  | {
      readonly kind: "room-renamed";
      readonly room: BareJid;
      readonly nick: string;
      readonly to: string;
      readonly self: boolean;
    }
  | (ToldWhy & {
      readonly kind: "room-gone";
      readonly room: BareJid;
      readonly nick: string;
      readonly self: boolean;
      readonly why?: RoomExit;
      /** Of a room that was closed: where to go (§10.9). */
      readonly instead?: BareJid;
    })
  /** Our presence there came back as an error, e.g. `conflict`. */
  | { readonly kind: "room-refused"; readonly room: BareJid; readonly condition: string }
  /** `by`: under which name; `at`: when, where the room tells it of the past. */
  | {
      readonly kind: "room-subject";
      readonly room: BareJid;
      readonly subject: string;
      readonly by?: string;
      readonly at?: Time;
    }
  /** What an occupant has sent to us alone (§7.5) is no clear text: it goes back to `from`, under the `id` that it bore. */
  | {
      readonly kind: "room-whisper";
      readonly room: BareJid;
      readonly nick: string;
      readonly from: string;
      readonly at: Time;
      readonly id?: string;
    }
  /** Which picture it has; without `id`: none. */
  | { readonly kind: "room-picture"; readonly room: BareJid; readonly id?: PictureId }
  /** Its configuration changed. */
  | { readonly kind: "room-changed"; readonly room: BareJid }
  /** Somebody who is not there has another affiliation. */
  | (ToldWhy & {
      readonly kind: "room-member";
      readonly room: BareJid;
      readonly jid: BareJid;
      readonly affiliation: Occupant["affiliation"];
    });
