/** What a signed-in browser asks of its account, call by call. */
import type { Choice } from "./choices.ts";
import type { CopyBeginning, CopyInfo, CopyRead, CopyToken, CopyWriting } from "./copy.ts";
import type { Act, Receipt, ReplyReference } from "./entries.ts";
import type { Result } from "./failures.ts";
import type { FileService, FileSlot, SharedFile, SlotWanted } from "./media.ts";
import type {
  BareJid,
  Base64,
  BrowserId,
  ClientId,
  DeviceId,
  EntryId,
  PictureId,
  Position,
  RoadId,
  Seq,
  Time,
} from "./names.ts";
import type { OmemoBundle, OmemoMessage } from "./omemo.ts";
import type { EntriesAsked, EntriesGiven, PushSubscribing } from "./push.ts";
import type { Affiliation, Banned, FoundRooms, RoomDetails, Role, RoomMember, SavedRoom } from "./rooms.ts";
import type { BrowserKey } from "./sign-in.ts";
import type { AccountState } from "./state.ts";

export type SendArguments = {
  readonly client: ClientId;
  /** Counts what this browser sends, from 1; kept with the message, the same in every try. */
  readonly number: number;
  /** The number of the one before it that has to be accepted first; 0: none. */
  readonly after: number;
  readonly chat: BareJid;
  readonly content:
    | { readonly kind: "omemo"; readonly omemo: OmemoMessage }
    /** `exposed`: the person has confirmed, in this browser, to write in clear into an encrypted conversation. */
    | {
        readonly kind: "clear";
        readonly text: string;
        readonly exposed: boolean;
        /** What the text names: with a text that is nothing but its `url` every app shows the file in its place. */
        readonly file?: SharedFile;
      }
    /** Nothing but what `act` says, which every server on the way can read. */
    | { readonly kind: "none" };
  /** The first id of an own message that this one takes the place of; travels in clear, the text does not. */
  readonly replaces?: ClientId;
  /** The message that this one answers; travels in clear, what is quoted of it does not. */
  readonly reply?: ReplyReference;
  /** What this message does to another one; in clear. What a person writes themselves has none. */
  readonly act?: Exclude<Act, { readonly kind: "moderation" }>;
};

export type WhisperArguments = {
  readonly room: BareJid;
  readonly nick: string;
  readonly occupant?: string | undefined;
  readonly client: ClientId;
  readonly text: string;
};

export type RelayArguments = { readonly to: DeviceId; readonly road: RoadId; readonly bytes: Base64 };

export type SendReply = { readonly id: EntryId; readonly seq: Seq; readonly position: Position };

/** What a browser tells of what others wrote; each list may be empty and has at most `LIMITS.receipts`. */
export type ReadingArguments = {
  /** Decrypted here. */
  readonly delivered: readonly EntryId[];
  /** Seen by the person; the newest of a conversation stands for those before it. */
  readonly read: readonly EntryId[];
  /** Everything in a conversation up to a position was seen. */
  readonly positions: readonly { readonly chat: BareJid; readonly position: Position }[];
};

export type ContactAction = "add" | "accept" | "decline" | "allow" | "remove" | "block" | "unblock";

/** A picture of our own: small enough to be published whole. */
export type NewPicture = {
  readonly type: "image/png" | "image/jpeg" | "image/webp";
  readonly data: Base64;
  readonly width: number;
  readonly height: number;
};

/** What somebody who is blocked has done (XEP-0377 §2). */
export type ReportReason = "spam" | "abuse";

/**
 * What a signed-in browser may ask of its account: `POST /api/call/<name>` with the arguments as JSON. Every call is
 * idempotent, so a browser that got no answer simply asks again.
 */
export interface Contract {
  /**
   * Accept a message: entry and outbox row are one transaction, the other browsers see it at once. The same `client`
   * again gives the same reply. A `chat` message without payload is a key transport. Sending a failed one again
   * (same `client`, same bytes) retries it. Fails with `would-expose`, `too-large`; `too-early` while the one before it
   * is not here; `behind` where the number was used up already: the browser's database was rolled back. What is refused
   * uses no number up; it is tried again under a new one.
   */
  send(args: SendArguments): Promise<Result<SendReply>>;
  /** A contact's or our own OMEMO device list; `fresh` asks the server again. Empty: no OMEMO. Fails with `offline`. */
  devices(args: {
    readonly jid: BareJid;
    readonly fresh: boolean;
  }): Promise<Result<{ readonly devices: readonly DeviceId[] }>>;
  /** One device's bundle, never cached (each session should use another pre-key). Fails with `offline`, `not-found`, `malformed`. */
  bundle(args: { readonly jid: BareJid; readonly device: DeviceId }): Promise<Result<OmemoBundle>>;
  /**
   * Make this browser's device known: publishes the bundle, waits for the server's word, then adds the id to the
   * device list. Also used to publish again when pre-keys were used up. Fails with `offline`, `encryption-unavailable`.
   */
  publish(args: {
    readonly device: DeviceId;
    readonly bundle: OmemoBundle;
  }): Promise<Result<{ readonly published: true }>>;
  /**
   * What this browser has decrypted and a person has seen. Senders are told once, whichever browser says it first, and only
   * where they may know; positions move forward alone. `receipts`: they were taken; false before the account has caught up
   * for the first time, when positions alone are.
   */
  reading(args: ReadingArguments): Promise<Result<{ readonly receipts: boolean }>>;
  /** As `reading`: one state alone. Of pages before contract 3; fails with `offline` where `reading` takes no receipts. */
  receipt(args: {
    readonly messages: readonly EntryId[];
    readonly state: Receipt;
  }): Promise<Result<{ readonly done: true }>>;
  /** As `reading`: one position alone. Of pages before contract 3. */
  read(args: { readonly chat: BareJid; readonly position: Position }): Promise<Result<{ readonly position: Position }>>;
  /**
   * What the person has chosen: all browsers are told before this is answered. `seen`: the highest revision that this browser
   * knows of; the answer's is higher. Fails with `too-large` where too many choices would be kept.
   */
  choose(args: {
    readonly choices: readonly Choice[];
    readonly seen: number;
  }): Promise<Result<{ readonly revision: number }>>;
  /**
   * Ask to become a contact, accept a request, decline somebody for good or hear them again (`allow`), take a contact off
   * the list, or have the server keep somebody away (XEP-0191) and do so no longer. `report`, with `block`: the server is
   * told why (XEP-0377). Fails with `offline`, and with `peer-refused` where the server cannot block.
   */
  contact(args: {
    readonly jid: BareJid;
    readonly action: ContactAction;
    readonly report?: ReportReason;
    /** With `add`: the token of their invitation, by which their server lets us in at once (XEP-0379). */
    readonly token?: string;
  }): Promise<Result<{ readonly done: true }>>;
  /**
   * What this account calls a contact, on its roster: seen by all its clients and by nobody else; empty: nothing. Their
   * groups stay. Fails with `offline`, `peer-refused`, and `not-found` where they are not on the roster.
   */
  renameContact(args: { readonly jid: BareJid; readonly name: string }): Promise<Result<{ readonly done: true }>>;
  /**
   * When a contact was there last, as far as they let us know: seen by ourselves, else their server's word (XEP-0012).
   * Fails with `offline` where nothing is known and nobody can be asked.
   */
  lastSeen(args: { readonly jid: BareJid }): Promise<Result<{ readonly at?: Time }>>;
  /**
   * The bytes of a picture that an entry or a room names: of a contact, of the account itself, of a room, and with `nick` of
   * somebody in it. Whether they are that picture is for the browser to check. Nothing of it is kept. Fails with `offline`,
   * `not-found`, `peer-refused`, `too-large`, `too-busy`.
   */
  picture(args: {
    readonly jid: BareJid;
    readonly nick?: string;
    readonly id: PictureId;
  }): Promise<Result<{ readonly data: Base64 }>>;
  /** What we call ourselves (XEP-0172), for our contacts; empty: nothing any more. Fails with `offline`, `peer-refused`. */
  setNick(args: { readonly nick: string }): Promise<Result<{ readonly done: true }>>;
  /**
   * Our picture (XEP-0084), for our contacts; without one it is taken back. Fails with `offline`, `peer-refused`, and
   * `malformed` where it is not what it says.
   */
  setPicture(args: { readonly picture?: NewPicture }): Promise<Result<{ readonly done: true }>>;
  /**
   * Whether there is anybody under an address that the person has just turned to: `missing` where a message without words
   * came back, because there is no such account (or it takes nothing from us), or no such server. Undefined says nothing.
   * Fails with `offline`.
   */
  lookFor(args: { readonly jid: BareJid }): Promise<Result<{ readonly missing?: "account" | "server" }>>;
  /**
   * Fetch older messages of a conversation from the archive; they come as entries. `complete`: there are none before.
   * Fails with `offline`, `peer-refused`.
   */
  older(args: { readonly chat: BareJid }): Promise<Result<{ readonly complete: boolean }>>;
  /**
   * Enter or leave a room; entering goes on by itself after every absence, but a first one that fails leaves nothing behind.
   * Entering under another name while we are in changes the name. Leaving one that we were asked into declines. Fails with
   * `offline`, `peer-refused`.
   */
  room(args: {
    readonly jid: BareJid;
    readonly action: "join" | "leave";
    readonly nick: string;
    /** Of a room that asks for one (XEP-0045 §7.2.6): kept, for every entering needs it again. */
    readonly password?: string;
    /** What a room that is made by this is called. */
    readonly name?: string;
  }): Promise<Result<{ readonly done: true }>>;
  /** Call a room otherwise (XEP-0045 §10.2): it tells everybody in it. Fails with `offline`, `peer-refused`. */
  renameRoom(args: { readonly jid: BareJid; readonly name: string }): Promise<Result<{ readonly done: true }>>;
  /**
   * Everybody who may read what is said in a members-only room, there or not: owners, admins and members. Asked of the
   * room each time. Fails with `offline`, `peer-refused`.
   */
  members(args: { readonly jid: BareJid }): Promise<Result<{ readonly members: readonly RoomMember[] }>>;
  /**
   * Make somebody a member of a room and invite them (XEP-0045 §9.3, §7.8.2). Fails with `offline`, and with `peer-refused`
   * where we may not.
   */
  invite(args: { readonly room: BareJid; readonly jid: BareJid }): Promise<Result<{ readonly done: true }>>;
  /**
   * A page of the rooms of a service: of the account's server, or of one that the person names (`service`), which learns who
   * asks. `text`: words to look for, where the service does that itself; `after`: the `next` of the page before. Fails with
   * `offline`, `peer-refused`, and `not-found` where there are no rooms.
   */
  findRooms(args: {
    readonly service?: string;
    readonly text?: string;
    readonly after?: string;
  }): Promise<Result<FoundRooms>>;
  /** What rooms say of themselves to whoever asks; at most `LIMITS.roomsAsked`. Fails with `offline`. */
  aboutRooms(args: { readonly jids: readonly BareJid[] }): Promise<Result<{ readonly rooms: readonly RoomDetails[] }>>;
  /**
   * Rooms that the account remembers (XEP-0402) and is not in. `kept`: its server keeps them, so that all clients of the
   * account have the same.
   */
  savedRooms(
    args: Record<string, never>,
  ): Promise<Result<{ readonly rooms: readonly SavedRoom[]; readonly kept: boolean }>>;
  /** Remember a room that we are not in no longer, in any client of the account. Fails with `offline`, `peer-refused`. */
  forgetRoom(args: { readonly jid: BareJid }): Promise<Result<{ readonly done: true }>>;
  /**
   * Where the account's server has rooms made: the domain of its service (XEP-0045 §6.1). `pictures`: it keeps one of each.
   * Fails with `offline`, `not-found`.
   */
  roomService(args: Record<string, never>): Promise<Result<{ readonly service: string; readonly pictures?: true }>>;
  /**
   * Say what somebody is in a room from now on (XEP-0045 §9, §10): `none` takes them off its members, `outcast` bans them.
   * Fails with `offline`, and with `peer-refused`: `not allowed`, `last owner`.
   */
  affiliate(args: {
    readonly room: BareJid;
    readonly jid: BareJid;
    readonly affiliation: Affiliation;
    readonly reason?: string;
  }): Promise<Result<{ readonly done: true }>>;
  /**
   * Say what somebody who is there may do (XEP-0045 §8): `none` puts them out. Fails with `offline`, and with `peer-refused`:
   * `not allowed`, `not there`.
   */
  setRole(args: {
    readonly room: BareJid;
    readonly nick: string;
    readonly role: Role;
    readonly reason?: string;
  }): Promise<Result<{ readonly done: true }>>;
  /** Whom a room lets in no more (XEP-0045 §9.2). Fails with `offline`, `peer-refused`. */
  banned(args: { readonly jid: BareJid }): Promise<Result<{ readonly banned: readonly Banned[] }>>;
  /**
   * Write to one occupant of a room alone, in clear (XEP-0045 §7.5). Never in a private room, where people have addresses to
   * encrypt for. Idempotent by `client`. `occupant`: who it is for, where the room has told (XEP-0421): a nickname can be
   * somebody else's by now. Fails with `offline`, `would-expose` (the room is private now), `peer-refused` (`not there`).
   */
  whisper(args: WhisperArguments): Promise<Result<SendReply>>;
  /** Say what a room is about (XEP-0045 §8.1); empty: nothing any more. Fails with `offline`, `peer-refused`. */
  setSubject(args: { readonly jid: BareJid; readonly subject: string }): Promise<Result<{ readonly done: true }>>;
  /** What it asks of whoever enters (XEP-0045 §10.2); empty: nothing any more. Fails with `offline`, `peer-refused`. */
  setRoomPassword(args: { readonly jid: BareJid; readonly password: string }): Promise<Result<{ readonly done: true }>>;
  /** The picture of a room (XEP-0054); without one it has none any more. Fails with `offline`, `peer-refused`, `malformed`. */
  setRoomPicture(args: {
    readonly jid: BareJid;
    readonly picture?: NewPicture;
  }): Promise<Result<{ readonly done: true }>>;
  /**
   * Close a room for good (XEP-0045 §10.9): everybody in it is told why, and where to go instead. Fails with `offline`,
   * `peer-refused`.
   */
  destroyRoom(args: {
    readonly jid: BareJid;
    readonly reason?: string;
    readonly instead?: BareJid;
  }): Promise<Result<{ readonly done: true }>>;
  /**
   * Take a message of somebody else out of everybody's sight (XEP-0425). Fails with `offline`, with `peer-refused`, and with
   * `not-found` where the room has no name for it.
   */
  moderate(args: {
    readonly chat: BareJid;
    readonly message: EntryId;
    readonly reason?: string;
  }): Promise<Result<{ readonly done: true }>>;
  /** Sign out another browser, or all others: each is told, and its device leaves the list. Fails with `not-found`. */
  revoke(args: { readonly browser: BrowserId | "others" }): Promise<Result<{ readonly done: true }>>;
  /** What the person calls a browser of theirs; empty: as it calls itself. Fails with `not-found`. */
  renameBrowser(args: { readonly browser: BrowserId; readonly name: string }): Promise<Result<{ readonly done: true }>>;
  /**
   * Take an own device that is no Alcove browser off the account: its list entry and its bundle go, and it is taken off
   * again should it come back. Fails with `offline`, `not-found` for the device of a browser (`revoke` is for those).
   */
  removeDevice(args: { readonly device: DeviceId }): Promise<Result<{ readonly done: true }>>;
  /**
   * Hand bytes to another browser of the account that is attached now, by its device; which device they come from the object
   * says. Nothing of it is kept, and what it is the object cannot know: browsers seal it. `road`: which of their talks it
   * belongs to. A second time it arrives a second time. Fails with `not-found` where it is not attached, is older than this
   * call, or this browser has no device; with `too-busy` beyond so much a minute.
   */
  relay(args: RelayArguments): Promise<Result<{ readonly done: true }>>;
  /**
   * Whether the account stays online with no browser attached; with `looks` it does not, and looks in now and then for the browsers that
   * are rung, by the same key. `renewed`, where it was switched off just now: what was kept
   * to sign in with is another one, so a copy of the storage from before signs in no more. Fails with `locked` where
   * nothing is kept to sign in with.
   */
  stayOnline(args: {
    readonly on: boolean;
    readonly looks?: boolean | undefined;
  }): Promise<Result<{ readonly on: boolean; readonly renewed?: boolean }>>;
  /**
   * The session secret travels with every call; this one only lets the object open its sign-in data with it. It also says
   * whose session it is, for a browser that has lost everything but its cookie.
   */
  unlock(
    args: Record<string, never>,
  ): Promise<Result<{ readonly unlocked: boolean; readonly account: BareJid; readonly browser: BrowserId }>>;
  /**
   * From now on this browser signs what it asks with this key (`BrowserKey`); for one that signed in before browsers had
   * keys. Fails with `not-proven` where another key was named before.
   */
  bindKey(args: { readonly key: BrowserKey }): Promise<Result<{ readonly bound: true }>>;
  /**
   * An invitation by the own server, for somebody without an account (XEP-0401): `uri`, and until when. `makesAccount`: it
   * lets them register there. Fails with `offline`, and with `peer-refused` where the server makes none.
   */
  inviteNewcomer(
    args: Record<string, never>,
  ): Promise<Result<{ readonly uri: string; readonly ends?: Time; readonly makesAccount: boolean }>>;
  /**
   * Another password for the account (XEP-0077 §3.3): it goes to the server and is kept nowhere. What is kept to sign in with
   * is that of before, until somebody signs in anew. Fails with `offline`, `peer-refused`.
   */
  changePassword(args: { readonly password: string }): Promise<Result<{ readonly done: true }>>;
  /**
   * Whether the account's server takes files, and how large (XEP-0363). Asked of the server once for each connection. Fails
   * with `offline`, and with `file`: `no-service`.
   */
  fileService(args: Record<string, never>): Promise<Result<FileService>>;
  /**
   * A place for one file at the account's server, and the ticket to put it there. Asked again it is another place. Fails with
   * `offline`, `peer-refused`, `malformed`, and with `file`: `no-service`, `empty`, `too-large`, `server-quota`, `day`, `address`.
   */
  fileSlot(args: SlotWanted): Promise<Result<FileSlot>>;
  /** What a browser subscribes with at its push service: the deployment's public key (RFC 8292), base64url. */
  pushKey(args: Record<string, never>): Promise<Result<{ readonly key: string }>>;
  /**
   * Ring this browser when something comes while it is closed and nobody looks at another one. The newest subscription of a
   * browser stands. Fails with `malformed`, and with `domain-refused` where its push service is at no address that this
   * deployment goes to.
   */
  pushSubscribe(args: PushSubscribing): Promise<Result<{ readonly done: true }>>;
  /** No longer. */
  pushUnsubscribe(args: Record<string, never>): Promise<Result<{ readonly done: true }>>;
  /** What a live socket would have told, for a browser that was rung. What stands before it is committed there. */
  entries(args: EntriesAsked): Promise<Result<EntriesGiven>>;
  /**
   * Begin a sealed copy (`copy.ts`): every browser is told by which one. Fails with `copy`: `exists`; the same once more is
   * the same.
   */
  copyBegin(args: CopyBeginning): Promise<Result<CopyInfo>>;
  /** The manifest of the copy, or a chunk. Fails with `copy`: `none`, `key`. */
  copyRead(args: { readonly token: CopyToken; readonly chunk?: number | undefined }): Promise<Result<CopyRead>>;
  /**
   * One step further: all of it or nothing. Fails with `copy`: `none`, `key`, `full`, and `behind` where somebody else has
   * written since `after`; the same step once more is the same.
   */
  copyWrite(args: CopyWriting): Promise<Result<CopyInfo>>;
  /**
   * Delete the copy: with its token now, and without it after `COPY_ENDS_MS`, unless somebody with the token keeps it. Every
   * browser is told, and by which one. Fails with `copy`: `key`.
   */
  copyEnd(args: { readonly token?: CopyToken | undefined }): Promise<Result<{ readonly ends?: Time }>>;
  /** It is not to be deleted. Fails with `copy`: `none`, `key`. */
  copyKeep(args: { readonly token: CopyToken }): Promise<Result<{ readonly done: true }>>;
  /** Do not wait for the next try. Fails with `storage-full` where there is no room yet. */
  reconnect(args: Record<string, never>): Promise<Result<{ readonly state: AccountState }>>;
}

export type CallName = keyof Contract;
export type CallArguments<Name extends CallName> = Parameters<Contract[Name]>[0];
export type CallValue<Name extends CallName> =
  Awaited<ReturnType<Contract[Name]>> extends Result<infer Value> ? Value : never;
