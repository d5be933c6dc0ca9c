/** What a page is told of conversations: messages, chats, rooms, what is missing. */
import type { ChatChoices } from "../../../worker/contract/choices.ts";
import type { GapEntry, Happening } from "../../../worker/contract/entries.ts";
import type { Failure } from "../../../worker/contract/failures.ts";
import type { BareJid, DeviceId, EntryId, PictureId, Position, Time } from "../../../worker/contract/names.ts";
import type { SharedFile } from "../../../worker/contract/media.ts";
import type { Occupant, RoomAbout, RoomChange, RoomMember } from "../../../worker/contract/rooms.ts";
import type { LeftOut } from "./account.ts";
import type { SeenFile } from "./files.ts";

/** Why there is no text (yet). Never final: a row with a reason is tried again when something changed. */
export type Reason =
  | "before-device"
  | "not-for-us"
  /** Came while this browser had been away for so long that nothing was encrypted to it any more. */
  | "while-away"
  | "no-session"
  | "broken-session"
  | "untrusted"
  /** Sent by another own browser before it had allowed this one. */
  | "not-allowed"
  | "malformed"
  | "other-encryption"
  /** Somebody in a room wrote to us alone; they got it back. */
  | "whisper"
  | "own-text-lost"
  /** In a room: nobody there is known to have the device that made it. */
  | "unknown-author"
  /** Opening it costs more than others should wait for: it is worked on next. */
  | "costly"
  /** The device that it names was never met, and its owner's list and bundle have not confirmed it yet. */
  | "unproven"
  /** The key that it shows is known here as somebody else's. */
  | "not-theirs"
  /** It was taken back: by whoever wrote it, or by the room. */
  | "retracted"
  | "moderated"
  /** The room says what has become of it or its people (`body.room`). */
  | "room"
  /** There are no words: somebody does something that only another app can answer or show. */
  | Happening;

/** When the other side said of an own message that it has arrived, or was read. */
export type ProgressTimes = { readonly delivered?: Time; readonly read?: Time };

export type SendState = "waiting" | "sent" | "delivered" | "read" | "failed";

/** A text before its author put another one in its place. */
export type EarlierText = { readonly text: string; readonly at: Time };

/** One person who has reacted to a message. `nick`: in a room. */
export type Reactor = { readonly own: boolean; readonly nick?: string; readonly emojis: readonly string[] };

/**
 * One row of a timeline. `key` never changes: the client id of a message that was sent from this browser, else the id of
 * its entry. `id` is missing only while an own message has not reached the object.
 */
export type MessageItem = {
  readonly key: string;
  readonly id?: EntryId;
  readonly chat: BareJid;
  readonly position: Position;
  readonly at: Time;
  readonly outgoing: boolean;
  readonly encrypted: boolean;
  /** In a room: who said it, under which name; without an address where the room does not tell whose name it is. */
  readonly author?: { readonly nick: string; readonly jid?: BareJid };
  /** In a room: said between us and the occupant of that name alone (XEP-0045 §7.5); `id`: the room's id of them. */
  readonly whisper?: { readonly nick: string; readonly id?: string };
  /** `details`: what its author says beside a text, within the encryption (`web/media/message-details.ts`). */
  readonly body:
    | { readonly kind: "text"; readonly text: string; readonly details?: string }
    | { readonly kind: "reason"; readonly reason: Reason; readonly room?: RoomChange };
  /** Its author wants it shown as it is written (XEP-0393 §6). */
  readonly unstyled?: true | undefined;
  /** The file that comes with it in clear, as its sender describes it. */
  readonly shared?: SharedFile;
  /** What the file that it brings, or is, was found to be. */
  readonly seen?: SeenFile;
  /** Its author has put this text in the place of another since. */
  readonly edited?: true;
  /** An own correction that has not arrived yet: the row whose text it will take the place of. */
  readonly edits?: string;
  /** What stood there before, the oldest first. */
  readonly earlier?: readonly EarlierText[] | undefined;
  /** Why it could not be taken back, where that was tried here. */
  readonly notWithdrawn?: Failure | undefined;
  /** Reactions to it (XEP-0444), each person once. */
  readonly reactions?: readonly Reactor[];
  /** What stood in a message that was taken back, where nothing proves that its author has done so. */
  readonly covered?: string;
  /** Under which name somebody in the room took it out of sight, and why. */
  readonly moderator?: string;
  readonly moderatedWhy?: string;
  /**
   * What it answers, where that is here, under its key (older rows know none), as it was then; without text: what it
   * answers could not be read. `author`: in a room, under which name it was said.
   */
  readonly quote?: {
    readonly key?: string;
    readonly outgoing: boolean;
    readonly text?: string;
    readonly author?: string;
    /** What it answers was taken back since. */
    readonly gone?: true;
  };
  /** It could not be opened here: an own browser of this name has handed its text over. Empty: it was in a file. */
  readonly handedBy?: string;
  /** Own browsers are being asked for its text. */
  readonly asking?: true;
  /** The device that encrypted it. */
  readonly device?: DeviceId;
  /** A server's archive is known to hold it. */
  readonly archived?: true;
  /** Own messages only. */
  readonly state?: SendState;
  /** When it is known to have got so far. */
  readonly times?: ProgressTimes;
  readonly failure?: Failure;
  /** It came from a device about which nobody has decided in this browser, or which was refused. */
  readonly doubt?: "undecided" | "distrusted";
  /** It was told again as something else, which was refused: what is shown is what was opened first. */
  readonly retold?: true;
  /** Own messages that were encrypted in this browser: listed devices of anybody, us included, that cannot read it. */
  readonly leftOut?: readonly LeftOut[];
};

/**
 * A page of a timeline, oldest first. `more`: older rows are in this browser; they may be in the archive; there are none
 * before.
 */
export type TimelinePage = {
  readonly chat: BareJid;
  readonly items: readonly MessageItem[];
  readonly more: "here" | "server" | "none";
  /** Rows behind these are in this browser. */
  readonly newer?: true;
  /** Rows left out because they are older than this browser's device (one quiet line stands for them). */
  readonly beforeDevice: number;
  /** Names of own browsers that were there before this one, and are still: they may be able to read those. */
  readonly elders?: readonly string[];
};

/** Messages that are missing at a place: in one conversation, or in whichever they belong to. */
export type GapView = {
  readonly gap: EntryId;
  readonly position: Position;
  /** When it was found. */
  readonly at: Time;
  readonly chat?: BareJid;
  readonly state: "open" | "lost";
  readonly why: GapEntry["why"];
};

/** Below every place: of a conversation nothing was read. History may stand at negative places. */
export const NOTHING_READ = Number.NEGATIVE_INFINITY as Position;

/**
 * - `on`: every message is encrypted. - `ready`: nothing written yet, will be encrypted.
 * - `unavailable`: the contact has no device, or cannot be asked; nothing is sent without a confirmation.
 * - `exposed`: the person confirmed in this browser to write in clear.
 * - `checking`: not known yet.
 * - `open`: a room for everybody, which has never been private: what is said there is clear by nature.
 * - `blocked`: a room that was private and no longer is; nothing is sent without a confirmation.
 * - `unknown`: a room that has not said whether it is private; what is written waits until it has.
 * - `unlisted`: a private room that keeps its list of members from us; nothing is sent without a confirmation.
 * - `notes`: our own address, and no other device of ours: what is written is kept here until there is one.
 */
export type Encryption =
  | "checking"
  | "ready"
  | "on"
  | "unavailable"
  | "exposed"
  | "open"
  | "blocked"
  | "unknown"
  | "unlisted"
  | "notes";

/** What stands unsent in the composer of a conversation. `reply`: the row that it answers. */
export type Draft = { readonly text: string; readonly reply?: string };

/** One row of the conversation list. */
export type ChatSummary = {
  readonly jid: BareJid;
  /**
   * Roster name, else what they or a room call themselves, fit for a line; else the local part of the address; of strangers and of
   * those who ask, the whole address.
   */
  readonly name: string;
  /**
   * `unshared`: a contact who does not show us when they are online. `asked`: that was asked for. `former`: no contact, and
   * somebody to whom we have written. `stranger`: no contact, and nobody we have ever answered. `blocked`: the server
   * keeps them away. Strangers who were declined or are blocked have no row, and
   * none has one where only contacts may write first.
   */
  readonly relation: "contact" | "unshared" | "asked" | "request" | "former" | "stranger" | "blocked";
  readonly available: boolean;
  /** What somebody who is there says of it, and since when they have done nothing. */
  readonly show?: "away" | "dnd" | "xa";
  readonly idle?: Time;
  /** What they call themselves, fit for a line, where that is known. */
  readonly nick?: string;
  /** Which picture they, or the room, have: `Engine.picture` has the bytes. */
  readonly picture?: PictureId;
  readonly encryption: Encryption;
  readonly unread: number;
  /** How many of them name us, in a room. */
  readonly mentions?: number;
  /** Up to where this account has read. */
  readonly readTo: Position;
  readonly last?: Pick<
    MessageItem,
    "key" | "at" | "outgoing" | "body" | "state" | "author" | "unstyled" | "shared" | "seen" | "whisper"
  >;
  readonly draft?: Draft;
  /** When the draft, or that there is none any more, was written in another own browser; missing: it is of this one. */
  readonly draftFrom?: Time;
  /** What the person alone calls it; it stands in `name`. */
  readonly ownName?: string;
  /** The place of the newest row that is shown; missing: there is none, or it is on its way and has no place yet. */
  readonly newest?: Position;
  /** What the person has chosen for it; missing: nothing. */
  readonly choices?: ChatChoices;
  /** There is no `last`, and messages from before this browser are left out. */
  readonly earlier?: true;
  readonly room?: RoomSummary;
  /** A room that is known and of no interest: it has no row in the list, and is a room wherever somebody comes to it. */
  readonly unlisted?: true;
  readonly trust?: TrustView;
  /** Every device that can read what is written here was compared by the person. */
  readonly verified?: true;
  /** Nobody was found under this address: there is no such account, or no such server. */
  readonly absent?: "account" | "server";
};

/**
 * Somebody who is kept away: `blocked` by the server, or `declined`, so that nothing of theirs is shown; or `waiting`, for
 * only contacts may write first, and they have written, asked, or invited into this room.
 */
export type KeptAway = {
  readonly jid: BareJid;
  readonly name: string;
  readonly how: "blocked" | "declined" | "waiting";
};

/**
 * What has to be said of a conversation's keys, and of whose. `key-changed` and `none-trusted`: nothing is sent until
 * somebody decides. `new-device`: what is written waits until somebody has seen these. `excluded`: messages go to the
 * other devices only.
 */
export type TrustView = {
  readonly kind: "key-changed" | "new-device" | "none-trusted" | "excluded";
  readonly devices: readonly LeftOut[];
};

/** What a row of the conversation list has besides when it is a room. */
export type RoomSummary = {
  /** `invited`: somebody asks us in. */
  readonly state: "joining" | "joined" | "left" | "invited";
  readonly invitedBy?: BareJid;
  /** Why we are out. */
  readonly failure?: Failure;
  readonly subject?: string;
  /** Nicknames of occupants that look like another one's (T24). */
  readonly alike?: readonly string[];
  /** Pictures of those who are there, by nickname; of a large room none are told. */
  readonly faces?: Readonly<Record<string, PictureId>>;
  /** Our own name there. */
  readonly nick: string;
  /** We may change what it is, and what it is called. */
  readonly owned?: true;
  /** What we are there and may do, and what the room says of itself besides; while we are there. */
  readonly rank?: Pick<Occupant, "affiliation" | "role">;
  readonly about?: RoomAbout;
  /** It keeps its list of members from us: only those who were seen there are known. */
  readonly unlisted?: true;
  /** How many belong to it or, where anybody may come, are there; ourselves included. 0: not known. */
  readonly people: number;
  /** Those who cannot read what is encrypted: they have no device for it. */
  readonly unable: readonly BareJid[];
  /** Those whose devices are trusted by nobody here: nothing is encrypted for them. */
  readonly undecided: readonly BareJid[];
  /** Those whose device shows another key than before: nothing is sent until somebody has decided. */
  readonly changed: readonly BareJid[];
  /** Further devices of those we have written to: what is written waits until somebody has seen them. */
  readonly newcomers: readonly LeftOut[];
};

/** Somebody in a room, or who belongs to it. */
export type RoomPerson = {
  readonly jid?: BareJid;
  readonly nick?: string;
  readonly picture?: PictureId;
  readonly affiliation: RoomMember["affiliation"] | "none";
  /** Of whoever is there. */
  readonly role?: Occupant["role"];
  readonly here: boolean;
  readonly self: boolean;
  /** No: not known to have a device, or none that can be used. */
  readonly unable: boolean;
};

/** `manages`: we may ask others in. `failure`: why the list may be out of date. */
export type RoomView = {
  readonly room: BareJid;
  readonly people: readonly RoomPerson[];
  readonly manages: boolean;
  readonly failure?: Failure;
};
