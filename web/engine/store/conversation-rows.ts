/** The rows of conversations: messages, what has to leave, what is missing. What stands around them is in `people-rows.ts`. */
import type { SealedName } from "../../../worker/contract/choices.ts";
import type { SendArguments } from "../../../worker/contract/calls.ts";
import type { Act, GapEntry, MessageEntry, Receipt, ReplyReference } from "../../../worker/contract/entries.ts";
import type { Failure } from "../../../worker/contract/failures.ts";
import type { BareJid, ClientId, EntryId, Position, Time } from "../../../worker/contract/names.ts";
import type { SharedFile } from "../../../worker/contract/media.ts";
import type { OmemoMessage } from "../../../worker/contract/omemo.ts";
import type { RoomChange } from "../../../worker/contract/rooms.ts";
import type { LeftOut } from "../protocol/account.ts";
import type { Draft, EarlierText, ProgressTimes, Reason, SendState } from "../protocol/conversations.ts";
import type { SeenFile } from "../protocol/files.ts";
import type { DeviceAddress } from "./device-rows.ts";

type MessageBody =
  /** `details`: what is said beside it within the encryption; of nobody but its author. */
  | { readonly kind: "text"; readonly text: string; readonly details?: string }
  /** `room`: what has happened to a room, where that is the reason. */
  | { readonly kind: "reason"; readonly reason: Reason; readonly room?: RoomChange };

/** In a room: who said it, under which name; without an address where the room does not tell whose name it is. */
type Author = { readonly nick: string; readonly jid?: BareJid };

/** A message, a correction that has not arrived yet, or the reason why there is no text (yet). */
export type MessageRow = {
  /** The client id of what was sent from this browser, else the id of its entry. Both are random: they never meet. */
  readonly key: string;
  /** Missing while an own message has not reached the object. */
  readonly id?: EntryId;
  readonly chat: BareJid;
  readonly position: Position;
  readonly at: Time;
  readonly outgoing: boolean;
  readonly encrypted: boolean;
  readonly author?: Author;
  readonly body: MessageBody;
  /** Its author wants it shown as it is written (XEP-0393 §6). */
  readonly unstyled?: true | undefined;
  /** The file that comes with it in clear, as its sender describes it. */
  readonly shared?: SharedFile | undefined;
  /** What the file that it brings was found to be, in this browser. */
  readonly seen?: SeenFile;
  /** Its author has put this text in the place of another since. */
  readonly edited?: true;
  /** An own correction that has not arrived yet: the row whose text it will take the place of. */
  readonly edits?: string;
  /** What it answers, as it was then; without text: what it answers could not be read. Older rows know no key. */
  readonly quote?: {
    readonly key?: string;
    readonly outgoing: boolean;
    readonly text?: string;
    readonly author?: string;
    /** What it answers was taken back since. */
    readonly gone?: true;
  };
  /** Own messages only. */
  readonly state?: SendState;
  readonly times?: ProgressTimes;
  readonly failure?: Failure;
  /** It came from a device about which nobody has decided in this browser, or which was refused. */
  readonly doubt?: "undecided" | "distrusted";
  /** It was told again as something else, which was refused. */
  readonly retold?: true;
  /** By what the same message in another encryption is known again, which is not shown. */
  readonly twin?: string;
  /** Its text could not be opened here: another own browser, of this name then, has handed it over. */
  readonly handedBy?: string;
  /** Own messages that were encrypted in this browser: listed devices of anybody, us included, that cannot read it. */
  readonly leftOut?: readonly LeftOut[];
  /**
   * 1: left out of the timeline (older than this device). 2: the person has deleted it here, and the row without its text
   * stays so that it is recognised when it is told again. Numbers, because an index takes no booleans.
   */
  readonly hidden: 0 | 1 | 2;
  /** 1: counts as unread while above the read position. */
  readonly counted: 0 | 1;
  /** In a room: what the room says of who said it; `whisper`: to whom alone, or by whom to us alone. */
  readonly occupant?: MessageEntry["occupant"];
  readonly whisper?: MessageEntry["whisper"];
  readonly epoch?: string;
  /** Archive and the id there. */
  readonly archiveKey?: string;
  /** `jid.device` that made the ciphertext, and a hash of it. */
  readonly cipherKey?: string;
  /** Sender and the id that the sender gave. */
  readonly originKey?: string;
  /** `jid.device` whose next session may open `sealed`, or of whose key `doubt` speaks; a room; or `costlyKeyOf`. */
  readonly retryKey?: string;
  readonly sealed?: OmemoMessage;
  /** What its sender asks to be told of it. */
  readonly asks?: readonly Receipt[];
  /** The sender's own id of the message that this one corrects, until that has been done. */
  readonly replaces?: string;
  readonly reply?: ReplyReference;
  /** What stood there before it was corrected, the oldest first; when each was written. */
  readonly earlier?: readonly EarlierText[] | undefined;
  /** When its author wrote what stands there now, where that is a correction. */
  readonly editedAt?: Time;
  /** The newest correction of this text: one that stood before it changes nothing. */
  readonly correctedAt?: Position;
  /** The log in which it stands there; missing: that of the row. */
  readonly correctedIn?: string | undefined;
  /** The key that the row of that correction had, or would have. */
  readonly correctedBy?: string;
  /** By what its newest corrections were called, each by its entry, its sender's id and its archive's: some name those. */
  readonly corrections?: readonly string[];
  readonly reactions?: readonly ReactionRow[];
  /** The sheet on which its text can be found. */
  readonly sheet?: number | undefined;
  /** It was taken back: by its author, or by a room, where it says so under whose name. */
  readonly retracted?:
    | { readonly by?: { readonly room: true; readonly nick?: string; readonly reason?: string } }
    | undefined;
  /** Taken back here by this act, which has not arrived: until then its text stays, unseen. */
  readonly withdrawing?: ClientId | undefined;
  /** Why it could not be taken back. */
  readonly notWithdrawn?: Failure | undefined;
};

/** All reactions of one person to a message. */
export type ReactionRow = {
  /** Their address; in a room that hides addresses, the room and its id of them, or their name. */
  readonly actor: string;
  readonly own: boolean;
  /** In a room: under which name. */
  readonly nick?: string;
  readonly emojis: readonly string[];
  readonly position: Position;
  readonly epoch?: string | undefined;
  /** Chosen here, and on its way under this id, or in the log; `before`: what is shown again should it not arrive. */
  readonly client?: ClientId;
  readonly accepted?: ClientId;
  readonly before?: readonly string[];
};

/** What somebody has done to a message that is not here yet; or what we have, from another browser, until it has arrived. */
export type HeldActRow = {
  readonly key: string;
  readonly chat: BareJid;
  readonly sender: BareJid;
  readonly act: Act | EarlyCorrection;
  readonly occupant?: MessageEntry["occupant"];
  readonly position: Position;
  readonly epoch: string;
  readonly client?: ClientId | undefined;
  /** Of ours, from another browser: the entry that says whether it arrives. */
  readonly entry?: EntryId | undefined;
  /** To which message it was done; our reactions to it from before. */
  readonly done?: { readonly to: string; readonly before: readonly string[] };
};

/** The message under `row` is to take the place of one that is not here yet; until then it stands by itself. */
type EarlyCorrection = {
  readonly kind: "correction";
  readonly of: { readonly id: string };
  readonly row: string;
};

/** Fields of a message that find its row; each is also the name of an index. */
export type MessageLookup = "id" | "archiveKey" | "cipherKey" | "originKey" | "retryKey" | "corrections";

/** One string per (archive, id): a JID holds no line feed. */
export function archiveKeyOf(archive: { readonly by: BareJid; readonly id: string }): string {
  return `${archive.by}\n${archive.id}`;
}

const COSTLY = "costly";

/** The `retryKey` of what costs much to open: by its sender, so that everybody's turn comes. */
export function costlyKeyOf(sender: BareJid): string {
  return `${COSTLY}\n${sender}`;
}

/** Whose turn a `retryKey` waits for; undefined where it waits for something else. */
export function costlySender(retryKey: string | undefined): BareJid | undefined {
  const [kind, sender] = retryKey?.split("\n") ?? [];
  return kind === COSTLY && sender !== undefined ? (sender as BareJid) : undefined;
}

export type OutboxRow = {
  readonly client: ClientId;
  readonly order: number;
  readonly chat: BareJid;
  readonly purpose: "text" | "transport" | "act";
  /** `waiting`: still to be encrypted. `finished`: bytes are final. `accepted`: the object has it. */
  readonly stage: "waiting" | "finished" | "accepted" | "failed";
  /** Counts finished messages in the order they have to be accepted in (`SendArguments.number`). */
  readonly number?: number;
  /** The newest place in the conversation when it was typed: there it stays if it fails before it has one of its own. */
  readonly typedAfter?: Position;
  readonly content?: SendArguments["content"];
  /** Of an encrypted text: whose device each of its keys is for, in their order. Older rows know none. */
  readonly readers?: readonly DeviceAddress[];
  /** What it takes the place of and what it answers: the part of a message that travels in clear. */
  readonly references?: Pick<SendArguments, "replaces" | "reply" | "act">;
  /** Of an act that was accepted: its entry, by which is told what becomes of it. A text has a row of its own that knows. */
  readonly entry?: EntryId;
};

/** What the conversation list shows of the newest message. */
export type LastMessage = Pick<
  MessageRow,
  | "key"
  | "at"
  | "outgoing"
  | "body"
  | "state"
  | "position"
  | "author"
  | "retracted"
  | "unstyled"
  | "shared"
  | "seen"
  | "whisper"
>;

export type ChatRow = {
  readonly jid: BareJid;
  /** Remembered for ever: this conversation has been encrypted. */
  readonly encrypted: boolean;
  /** The person confirmed, here, to write in clear. */
  readonly exposed: boolean;
  /** The person agreed, here, to encrypt for those who are known in a room that keeps its list of members from us. */
  readonly partial?: boolean;
  readonly readTo: Position;
  /** Read up to here, and the object has not been told yet. */
  readonly untold?: Position;
  /** Somebody of this account has written here: automatic answers tell them nothing new. */
  readonly answered?: boolean;
  readonly last?: LastMessage;
  /** In a room: places of messages that name us (`mentioned.ts`); those that were read may stand there still. */
  readonly mentions?: readonly Position[] | undefined;
  /** What stands unsent in the composer: a text as any other here, and like them nowhere else. */
  readonly draft?: Draft | undefined;
  /** What the person alone calls it. */
  readonly ownName?: string | undefined;
  /** Of the draft and of that name: what the other own browsers are told, sealed. */
  readonly sealed?: { readonly [Name in SealedName]?: SealedState };
  /** Somebody has written here in an encryption that is not read: their texts may come twice. */
  readonly twofold?: boolean;
  /** The archive holds nothing before what is in the log. */
  readonly complete?: true;
  /** The person has deleted the conversation here: it is listed again when there is something in it. */
  readonly deleted?: boolean;
};

/**
 * `at`: when what stands here was written; it only grows. `untold`: here, and the others have not been told. `elsewhere`: in
 * another own browser.
 */
export type SealedState = { readonly at: Time; readonly untold?: true; readonly elsewhere?: true };

/** Messages that are missing at a place: in one conversation, or in whichever they belong to. */
export type GapRow = {
  readonly gap: EntryId;
  readonly position: Position;
  /** When it was found. */
  readonly at: Time;
  readonly chat?: BareJid;
  readonly state: "open" | "lost";
  readonly why: GapEntry["why"];
};
