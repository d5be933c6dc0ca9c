/** The log: what every browser of an account comes to know, in one order. */
import type { Failure } from "./failures.ts";
import type { BareJid, BrowserId, ClientId, EntryId, PictureId, Position, Seq, Time } from "./names.ts";
import type { SharedFile } from "./media.ts";
import type { OmemoMessage } from "./omemo.ts";
import type { RoomChange } from "./rooms.ts";

export type MessageContent =
  /** `keys` holds only those addressed to the browser that receives the entry: none, one, seldom more. */
  | { readonly kind: "omemo"; readonly omemo: OmemoMessage }
  /** `file`, `link`: from contract 6. */
  | { readonly kind: "clear"; readonly text: string; readonly file?: SharedFile; readonly link?: SaidLink }
  /**
   * Something that claims to be encrypted and cannot be read by any of our browsers. `whisper`: what an occupant of a room
   * has sent to us alone (XEP-0045 §7.5) and is no clear text, which has gone back to them unread.
   */
  | { readonly kind: "unreadable"; readonly why: "other-encryption" | "malformed" | "whisper" }
  /** No words, and something that a person has to know of. `file`: of what is one; from contract 6. */
  | { readonly kind: "happening"; readonly what: Happening; readonly file?: SharedFile }
  /** What a room says has become of it or of its people: nobody wrote it, and nothing waits for an answer. From contract 6. */
  | { readonly kind: "room"; readonly what: RoomChange }
  /** Nothing by itself: what the message does to another one is its `act`. */
  | { readonly kind: "none" };

/** What its sender says of the page behind a link of the text (XEP-0511), on one line each. `url`: `https:`. */
export type SaidLink = { readonly url: string; readonly title?: string; readonly description?: string };

/** Somebody calls (XEP-0353, XEP-0482), wants attention (XEP-0224), or shares a file without a word. */
export type Happening = "call" | "attention" | "file";

/** That a message has arrived and was decrypted, or that a person has seen it. */
export type Receipt = "delivered" | "read";

/**
 * `id`: the answered message's origin-id; in a room its archive id where the log does not know the other. `quote`: the
 * stretch of the text that repeats it for apps that know no replies, in code points (XEP-0428).
 */
export type ReplyReference = {
  readonly id: string;
  readonly to?: BareJid;
  readonly quote?: { readonly start: number; readonly end: number };
};

/**
 * Which message an act is about: named as `ReplyReference` names what is answered. `entry`: where a room's archive id names
 * it, the object says which entry that is, for in a room anybody may give their messages the ids of others'.
 */
export type ActTarget = Pick<ReplyReference, "id" | "to"> & { readonly entry?: EntryId };

/** What a message does to another one. In clear beside whatever is encrypted, so it proves nothing. */
export type Act =
  /** From now on these are all the reactions of its sender to that message (XEP-0444); none: they take theirs back. */
  | { readonly kind: "reactions"; readonly of: ActTarget; readonly emojis: readonly string[] }
  /** Its sender takes that message back (XEP-0424). */
  | { readonly kind: "retraction"; readonly of: ActTarget }
  /** A room takes it out of sight (XEP-0425); `by`: under which name somebody there did it. */
  | { readonly kind: "moderation"; readonly of: ActTarget; readonly by?: string; readonly reason?: string };

type EntryBase = { readonly id: EntryId; readonly seq: Seq };

/** A message in a conversation, received or sent, by whatever road it came. */
export type MessageEntry = EntryBase & {
  readonly kind: "message";
  readonly position: Position;
  readonly at: Time;
  /** The contact, or the room. */
  readonly chat: BareJid;
  /** Whose device made it: the contact, the account itself; in a room the occupant's own address where it is known. */
  readonly sender: BareJid;
  /** In a room: under which name it was said there (XEP-0045), and the room's id of whoever said it (XEP-0421). */
  readonly occupant?: { readonly nick: string; readonly id?: string };
  /** In a room: said between us and this occupant alone (XEP-0045 §7.5), in clear. From contract 6. */
  readonly whisper?: string;
  /** The account and id under which an archive keeps it (XEP-0359 `by`, `id`), where known when the entry was made. */
  readonly archive?: { readonly by: BareJid; readonly id: string };
  readonly originId?: string;
  /** What its sender asks to be told of it (XEP-0184, XEP-0333). */
  readonly asks?: readonly Receipt[];
  /** The sender's own id of the message that this one is meant to take the place of (XEP-0308). In clear, proves nothing. */
  readonly replaces?: string;
  /** The message that this one answers (XEP-0461). In clear, proves nothing. */
  readonly reply?: ReplyReference;
  readonly act?: Act;
  /** Its sender wants the text shown as it is written (XEP-0393 §6). In clear, proves nothing. */
  readonly unstyled?: true;
  /** Sent by one of this account's browsers: which one, and its own name for it. */
  readonly sent?: { readonly browser: BrowserId; readonly client: ClientId };
  readonly content: MessageContent;
};

/** What became of a message that one of this account's browsers sent. */
export type ProgressEntry = EntryBase & {
  readonly kind: "progress";
  readonly message: EntryId;
  readonly state: "sent" | "delivered" | "read" | "failed";
  /** When others said so, by their server's clock or the object's. Entries of before do not have it. */
  readonly at?: Time;
  readonly failure?: Failure;
};

/** Somebody of this account has read a conversation up to and including a position. */
export type ReadEntry = EntryBase & { readonly kind: "read"; readonly chat: BareJid; readonly position: Position };

/**
 * A roster item or a request to become one (RFC 6121). The latest entry of a JID stands. That of the account itself says
 * what it calls itself and which picture it has.
 */
export type ContactEntry = EntryBase & {
  readonly kind: "contact";
  readonly jid: BareJid;
  readonly name?: string;
  readonly subscription: "none" | "to" | "from" | "both" | "removed";
  /** We have asked and wait for an answer. */
  readonly asked: boolean;
  /** They have asked and wait for ours. */
  readonly request: boolean;
  /** What they call themselves (XEP-0172); `name` is what this account calls them. */
  readonly nick?: string;
  /** Which picture they have (XEP-0084, XEP-0153); asked for by the call `picture`. */
  readonly picture?: PictureId;
  /** Somebody of this account wants to hear nothing of them: what they write is kept and shown to nobody. */
  readonly declined?: true;
  /** The server keeps them away (XEP-0191). */
  readonly blocked?: true;
};

/** This conversation is encrypted from here on. There is no entry that says the opposite. */
export type PolicyEntry = EntryBase & { readonly kind: "policy"; readonly chat: BareJid; readonly encrypted: true };

/**
 * A stretch of history that is not here. `open`: being filled from the archive. `filled`: whole again. `lost`: it cannot
 * be had any more. The latest entry of a `gap` stands. It lies at `position`: in `chat`, or in every conversation.
 */
export type GapEntry = EntryBase & {
  readonly kind: "gap";
  readonly gap: EntryId;
  readonly position: Position;
  readonly at: Time;
  readonly chat?: BareJid;
  readonly state: "open" | "filled" | "lost";
  /**
   * `expired`: the archive no longer reaches back to what we hold. `unreadable`: a stanza over every limit.
   * `flood`: a stranger, or who is in a room, sent too many.
   */
  readonly why: "catching-up" | "expired" | "unreadable" | "flood";
};

/** A room this account is in, or has left (XEP-0045). The latest entry of a JID stands. */
export type RoomEntry = EntryBase & {
  readonly kind: "room";
  readonly jid: BareJid;
  readonly nick: string;
  /** The account wants to be there; who is there now is told by the frame `rooms`. */
  readonly joined: boolean;
};

export type Entry = MessageEntry | ProgressEntry | ReadEntry | ContactEntry | PolicyEntry | GapEntry | RoomEntry;
