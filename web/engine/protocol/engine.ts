/**
 * What a page may ask of the engine and what the engine tells the page. The engine is the only place that touches keys,
 * ratchets and the database; a page holds nothing but what is written in this folder.
 */
import type { CallArguments, CallValue, ContactAction, ReportReason } from "../../../worker/contract/calls.ts";
import type { TypingState } from "../../../worker/contract/frames.ts";
import type { Choice } from "../../../worker/contract/choices.ts";
import type { Result } from "../../../worker/contract/failures.ts";
import type { SharedFile } from "../../../worker/contract/media.ts";
import type { BareJid, BrowserId, ClientId, DeviceId, Position } from "../../../worker/contract/names.ts";
import type {
  Handover,
  HandoverAct,
  OwnProfile,
  Trust,
  DevicesView,
  LinkOutcome,
  ConnectionView,
  SessionView,
  NoticeView,
} from "./account.ts";
import type { CopyAct } from "./copy.ts";
import type { Imported, NotImported } from "./exporting.ts";
import type { LetInAct } from "./letting-in.ts";
import type { SeenFile } from "./files.ts";
import type { ChatSummary, Draft, GapView, KeptAway, MessageItem, RoomView, TimelinePage } from "./conversations.ts";

/** A fresh name for a message that is about to be sent. */
export function newClientId(): ClientId {
  return crypto.randomUUID() as ClientId;
}

/** Calls of the account in which next to nothing of the engine takes part. */
type AskedCall =
  | "renameContact"
  | "lastSeen"
  | "picture"
  | "setNick"
  | "setPicture"
  | "roomService"
  | "findRooms"
  | "aboutRooms"
  | "savedRooms"
  | "forgetRoom"
  | "renameRoom"
  | "affiliate"
  | "setRole"
  | "banned"
  | "setSubject"
  | "whisper"
  | "setRoomPassword"
  | "setRoomPicture"
  | "destroyRoom"
  | "moderate"
  | "stayOnline"
  | "inviteNewcomer"
  | "changePassword"
  | "renameBrowser"
  | "fileService"
  | "pushKey"
  | "pushSubscribe"
  | "pushUnsubscribe";

/** What the page may ask. Every answer is a value; a thrown error is a bug. */
export interface Engine {
  /**
   * Current state of everything, for a page that has just attached. Events follow from here on; the first of them tell the rest
   * of a long list. `open`: the conversation that the page shows, which is not among that.
   */
  attach(args: { readonly visible: boolean; readonly open?: BareJid | undefined }): Promise<Snapshot>;
  visible(args: { readonly visible: boolean }): Promise<void>;
  /**
   * Fails as the server does, and with `evicted` where it would make a new device in place of one that was here: the
   * session says so then, and the next try makes it. With `revoked`, the same way, where another browser has signed this
   * one out. With `still-erasing` while the last account is not gone.
   */
  signIn(args: {
    readonly address: string;
    readonly password: string;
    readonly plain: boolean;
    /** The token of an invitation to this deployment. */
    readonly invitation?: string;
  }): Promise<Result<{ readonly account: BareJid }>>;
  /**
   * With `erase` the session says when everything is gone: see `erasing`. It also erases what a browser holds that was
   * signed out by another one. `deletes`: the whole account, as the call does; nothing is erased where that fails.
   */
  signOut(args: { readonly erase: boolean; readonly deletes?: boolean }): Promise<Result<{ readonly done: true }>>;
  /**
   * Newest page of a conversation, longer where it has to reach down to a position; or the page before a position, or after
   * one; or around a message: no rows where that is not here.
   */
  timeline(args: {
    readonly chat: BareJid;
    readonly before?: Position;
    readonly downTo?: Position;
    readonly after?: Position;
    readonly around?: string;
  }): Promise<TimelinePage>;
  /**
   * Fetches what stands in the archive before the oldest row of this browser; settles when it is here. `found`: rows
   * that are shown have come. Fails with `offline`, `peer-refused`.
   */
  older(args: { readonly chat: BareJid }): Promise<Result<{ readonly complete: boolean; readonly found: boolean }>>;
  /** The page shows this conversation (or none): look up its devices, keep its encryption state fresh. */
  open(args: { readonly chat: BareJid | undefined }): Promise<void>;
  /**
   * Answers as soon as the text is stored; what becomes of it arrives as `messages` events, in the row whose key is
   * `client`. The page names the message, so that the same command twice is one message. A correction is a row of its
   * own (`edits`) until it has left, then the corrected row changes. Fails with `too-large`, `behind`, and for a correction
   * with `would-expose` where an encrypted text would be replaced in clear, `not-found` where there is none to replace.
   */
  send(args: {
    readonly client: ClientId;
    readonly chat: BareJid;
    readonly text: string;
    /** The row of the own message whose place it takes, and of the one it answers. */
    readonly replaces?: string;
    readonly reply?: string;
    /** In clear alone: what the text, its link, is. */
    readonly file?: SharedFile;
    /** What is said beside it (`web/media/message-details.ts`); where it would leave in clear it fails with `would-expose`. */
    readonly details?: string;
  }): Promise<Result<{ readonly client: ClientId }>>;
  /** What somebody has found the file of a message to be; the row says so from now on. */
  noteFile(args: { readonly key: string; readonly seen: SeenFile }): Promise<Result<{ readonly done: true }>>;
  /** What stands unsent in the composer, kept in this browser; undefined: nothing does. */
  draft(args: { readonly chat: BareJid; readonly draft: Draft | undefined }): Promise<void>;
  /**
   * From now on these are our reactions to a message, none: they are taken back; shown at once. In clear, whatever the
   * conversation is. Fails with `not-found` where others could not know which message is meant, and with `behind`.
   */
  react(args: { readonly key: string; readonly emojis: readonly string[] }): Promise<Result<{ readonly done: true }>>;
  /**
   * Take an own message back: everybody is asked to forget it, and when the server has that, its text goes from this
   * browser, too; where it refuses, the message is shown again, with `notWithdrawn`. What is taken back already is not taken
   * back once more. Fails with `not-found` where it has not arrived or others could not know which one is meant, and with `behind`.
   */
  retract(args: { readonly key: string }): Promise<Result<{ readonly done: true }>>;
  /** Send a failed message again, or forget it. */
  retry(args: { readonly key: string }): Promise<void>;
  discard(args: { readonly key: string }): Promise<void>;
  /** What is done in the composer of a conversation, each change once. Whom that may be told the object decides. */
  typing(args: { readonly chat: BareJid; readonly state: TypingState }): Promise<void>;
  /**
   * The person has chosen these; shown at once, and in every own browser as soon as the object knows. Answers when it does, or
   * when it cannot be asked now: then they wait. Fails with `storage-full`, `too-large`; all is as it was then.
   */
  choose(args: { readonly choices: readonly Choice[] }): Promise<Result<{ readonly done: true }>>;
  /** Forget messages in this browser alone; what waits to be sent stays. */
  forget(args: { readonly keys: readonly string[] }): Promise<Result<{ readonly done: true }>>;
  read(args: { readonly chat: BareJid; readonly position: Position }): Promise<void>;
  /**
   * Whether the person lets this browser tell them of what comes while nobody looks; said anew to each new engine. `rests`: a push tells of
   * it, and until somebody looks at a page of this browser no socket is needed.
   */
  notifies(args: { readonly on: boolean; readonly rests?: boolean }): Promise<void>;
  /** Begin a conversation by address, or enter the room that a link leads into. Fails with `address-invalid`, and as `room`. */
  start(args: { readonly address: string }): Promise<Result<{ readonly chat: BareJid }>>;
  /** As the call of the account does. */
  contact(args: {
    readonly jid: BareJid;
    readonly action: ContactAction;
    readonly report?: ReportReason;
    readonly token?: string;
  }): Promise<Result<{ readonly done: true }>>;
  /** One of these calls, as it is: what the account answers is all there is to it. Fails as it does. */
  ask<Name extends AskedCall>(args: {
    readonly call: Name;
    readonly about: CallArguments<Name>;
  }): Promise<Result<CallValue<Name>>>;
  /** Who is blocked, and who was declined. */
  keptAway(args: Record<string, never>): Promise<readonly KeptAway[]>;
  /**
   * Forget, in this browser, what was said in a conversation; what waits to be sent stays. It is listed no more until
   * something comes, unless it is with a contact or in a room.
   */
  deleteChat(args: { readonly chat: BareJid }): Promise<Result<{ readonly done: true }>>;
  /**
   * Enter a room by address (one that does not exist is made, for members alone, and called `name`), leave it, or decline
   * to come in. `nick`: under which name, the one of before unless told otherwise; in a room where we are it changes it.
   * Fails with `address-invalid`, `offline`, and with `peer-refused` and the reason.
   */
  room(args: {
    readonly address: string;
    readonly action: "join" | "leave" | "decline";
    readonly nick?: string;
    readonly password?: string;
    readonly name?: string;
  }): Promise<Result<{ readonly chat: BareJid }>>;
  /** Make somebody a member of a room and ask them in. Fails with `address-invalid`, `offline`, `peer-refused`. */
  invite(args: { readonly room: BareJid; readonly address: string }): Promise<Result<{ readonly done: true }>>;
  /** Rooms of ours in which somebody is, or to which they belong. */
  sharedRooms(args: { readonly jid: BareJid }): Promise<readonly BareJid[]>;
  /** Who is in a room and who belongs to it. */
  members(args: { readonly room: BareJid }): Promise<RoomView>;
  /** The person confirmed, here, to write to this conversation without encryption. */
  expose(args: { readonly chat: BareJid }): Promise<void>;
  /** The person confirmed, here, to encrypt for those who are known in a room that keeps its members from us. */
  writeToKnown(args: { readonly chat: BareJid }): Promise<void>;
  /** Ask again whether the contact can receive encrypted messages. */
  checkEncryption(args: { readonly chat: BareJid }): Promise<void>;
  devices(args: { readonly jid: BareJid | undefined }): Promise<DevicesView>;
  /** Sign out another browser of this account, or all others. Fails with `offline`, `not-found`. */
  revoke(args: { readonly browser: BrowserId | "others" }): Promise<Result<{ readonly done: true }>>;
  /**
   * Start a new session with a device that has been met before. Fails with `offline`, or `encryption-unavailable` when the
   * device is gone or shows another identity.
   */
  resetSession(args: { readonly jid: BareJid; readonly device: DeviceId }): Promise<Result<{ readonly done: true }>>;
  /**
   * The person has decided about a key, in this browser; their others that know it hear of it. Fails with `not-found` when the device shows
   * another key by now.
   */
  decide(args: {
    readonly jid: BareJid;
    readonly device: DeviceId;
    readonly fingerprint: string;
    readonly trust: Exclude<Trust, "undecided">;
  }): Promise<Result<{ readonly done: true }>>;
  /**
   * What the person does about a browser that is let in: this one, which is new, or another one. Fails as `decide` and
   * `revoke` do, with `not-found` where it is no longer about anything, with `malformed` for a picture that is no browser's.
   */
  letIn(args: LetInAct): Promise<Result<{ readonly done: true }>>;
  /**
   * The person has seen that these devices of others are new: they are trusted as those before them, and what waited for
   * it leaves. Without effect on devices about which something else is to be decided, or that show another key by now than
   * the one that was seen.
   */
  devicesSeen(args: {
    readonly devices: readonly { readonly jid: BareJid; readonly device: DeviceId; readonly fingerprint?: string }[];
  }): Promise<void>;
  /**
   * Compares the fingerprints of a link with those of its owner, who must be `jid`. Fails with `malformed` when it is no
   * such link, `wrong-account` when it is somebody else's, and as asking for their devices does (`offline`, `peer-refused`).
   */
  verifyLink(args: { readonly jid: BareJid; readonly link: string }): Promise<Result<LinkOutcome>>;
  /**
   * Whether this browser encrypts only for devices of others that were compared in it (`verified`); with `on` it is so from
   * now on. For this browser alone: whoever could carry the choice elsewhere could take it back.
   */
  onlyVerified(args: { readonly on?: boolean }): Promise<boolean>;
  /** Takes an own device that is no Alcove browser off the account for good. Fails with `offline`, `not-found`. */
  removeDevice(args: { readonly device: DeviceId }): Promise<Result<{ readonly done: true }>>;
  /** What the person wants of texts that one of their browsers hands to another one. */
  handover(args: {
    readonly role: Handover["role"];
    readonly device: DeviceId;
    readonly act: HandoverAct;
  }): Promise<Result<{ readonly done: true }>>;
  /**
   * Fills in, from a file that was written under a passphrase, what cannot be read here. Fails with `storage-full`: what was
   * read until then stays.
   */
  importHistory(args: { readonly file: Blob; readonly passphrase: string }): Promise<Result<Imported | NotImported>>;
  /**
   * What the person does with the sealed copy. Fails with `copy` (`exists`, `none`, `key`: the recovery key is another one, `forged`,
   * `full`), `offline`, and with `storage-full` where this browser's disk takes no more.
   */
  copy(args: CopyAct): Promise<Result<{ readonly done: true }>>;
  dismiss(args: { readonly notice: string }): Promise<void>;
  /** Whether the browser has promised to keep what is stored here. A page alone may ask it to. */
  storage(args: { readonly kept: boolean }): Promise<void>;
  reconnect(args: Record<string, never>): Promise<void>;
}

/** The engine together with what it tells. */
export interface ConnectedEngine extends Engine {
  /** Calls back with every event; returns the function that ends that. */
  onEvent(callback: (event: EngineEvent) => void): () => void;
}

/** Current state of everything that a page shows before it has asked for more. */
export type Snapshot = {
  readonly session: SessionView;
  readonly connection: ConnectionView;
  readonly chats: readonly ChatSummary[];
  /** An engine of the release before tells none. */
  readonly profile?: OwnProfile;
  readonly notices: readonly NoticeView[];
  readonly gaps: readonly GapView[];
  /** Missing while nobody is signed in, and from engines of the release before. */
  readonly settings?: readonly Choice[];
};

/** What the engine tells every attached page. Rows replace those with the same `jid` or `key`. */
export type EngineEvent =
  | { readonly type: "session"; readonly session: SessionView }
  | { readonly type: "connection"; readonly connection: ConnectionView }
  | { readonly type: "chats"; readonly chats: readonly ChatSummary[]; readonly removed: readonly BareJid[] }
  | {
      readonly type: "messages";
      readonly chat: BareJid;
      readonly items: readonly MessageItem[];
      readonly removed: readonly string[];
      readonly beforeDevice: number;
      /** Up to where this account has read, these rows included. */
      readonly readTo: Position;
    }
  | { readonly type: "profile"; readonly profile: OwnProfile }
  /** Who writes in a conversation now: in a room their nicknames, else one empty name. */
  | { readonly type: "typing"; readonly chat: BareJid; readonly who: readonly string[] }
  | { readonly type: "notices"; readonly notices: readonly NoticeView[] }
  /** All stretches that are missing now. */
  | { readonly type: "gaps"; readonly gaps: readonly GapView[] }
  /** All that the person has set for themselves, in one of their browsers. */
  | { readonly type: "settings"; readonly settings: readonly Choice[] }
  /** Own or a contact's devices changed; ask again if they are on screen. */
  | { readonly type: "devices"; readonly jid: BareJid }
  /** Another engine took over or the database was closed under us: take a new snapshot. */
  | { readonly type: "reset"; readonly snapshot: Snapshot };
