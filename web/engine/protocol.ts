/**
 * What a page may ask of the engine and what the engine tells the page. The engine is the only place that touches keys,
 * ratchets and the database; a page holds nothing but what is written here.
 */
import type {
  BareJid,
  BrowserId,
  BrowserKind,
  ClientId,
  DeviceId,
  EntryId,
  Failure,
  GapEntry,
  LinkState,
  Position,
  Result,
  RoomMember,
  Time,
} from "../../worker/contract.ts";

/**
 * What this browser thinks of an identity key of somebody.
 * - `undecided`: it came after one was verified, or after this account's browsers: nothing is encrypted to it.
 * - `blind`: believed without having been compared. - `verified`: compared by a person. - `distrusted`: refused by one.
 */
export type Trust = "undecided" | "blind" | "verified" | "distrusted";

/**
 * A listed device that a message is not encrypted to.
 * `undecided`: nobody has said here whether it may read. `distrusted`: somebody has said it may not. `key-changed`: it
 * shows another key than before. `no-session`: its keys are not there, or cannot be used.
 */
export type LeftOut = {
  readonly jid: BareJid;
  readonly device: DeviceId;
  readonly why: "undecided" | "distrusted" | "key-changed" | "no-session";
  /** 64 hex digits of the key that is pinned; undefined while none has been seen. */
  readonly fingerprint?: string;
};

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
  | "own-text-lost"
  /** In a room: nobody there is known to have the device that made it. */
  | "unknown-author";

export type SendState = "waiting" | "sent" | "delivered" | "read" | "failed";

/** A fresh name for a message that is about to be sent. */
export function newClientId(): ClientId {
  return crypto.randomUUID() as ClientId;
}

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
  readonly body:
    | { readonly kind: "text"; readonly text: string }
    | { readonly kind: "reason"; readonly reason: Reason };
  /** Its author has put this text in the place of another since. */
  readonly edited?: true;
  /** An own correction that has not arrived yet: the row whose text it will take the place of. */
  readonly edits?: string;
  /**
   * What it answers, where that is here, under its key (older rows know none), as it was then; without text: what it
   * answers could not be read. `author`: in a room, under which name it was said.
   */
  readonly quote?: {
    readonly key?: string;
    readonly outgoing: boolean;
    readonly text?: string;
    readonly author?: string;
  };
  /** The device that encrypted it. */
  readonly device?: DeviceId;
  /** A server's archive is known to hold it. */
  readonly archived?: true;
  /** Own messages only. */
  readonly state?: SendState;
  readonly failure?: Failure;
  /** It came from a device about which nobody has decided in this browser, or which was refused. */
  readonly doubt?: "undecided" | "distrusted";
  /** Own messages that were encrypted in this browser: listed devices of anybody, us included, that cannot read it. */
  readonly leftOut?: readonly LeftOut[];
};

/**
 * - `on`: every message is encrypted. - `ready`: nothing written yet, will be encrypted.
 * - `unavailable`: the contact has no device, or cannot be asked; nothing is sent without a confirmation.
 * - `exposed`: the person confirmed in this browser to write in clear.
 * - `checking`: not known yet.
 * - `open`: a room for everybody, which has never been private: what is said there is clear by nature.
 * - `blocked`: a room that was private and no longer is; nothing is sent without a confirmation.
 */
export type Encryption = "checking" | "ready" | "on" | "unavailable" | "exposed" | "open" | "blocked";

/** What a row of the conversation list has besides when it is a room. */
export type RoomSummary = {
  /** `invited`: somebody asks us in. */
  readonly state: "joining" | "joined" | "left" | "invited";
  readonly invitedBy?: BareJid;
  /** Why we are out. */
  readonly failure?: Failure;
  readonly subject?: string;
  /** How many belong to it or, where anybody may come, are there; ourselves included. 0: not known. */
  readonly people: number;
  /** Those who cannot read what is encrypted: they have no device for it. */
  readonly unable: readonly BareJid[];
  /** Those whose devices are trusted by nobody here: nothing is encrypted for them. */
  readonly undecided: readonly BareJid[];
  /** Those whose device shows another key than before: nothing is sent until somebody has decided. */
  readonly changed: readonly BareJid[];
};

/** Somebody in a room, or who belongs to it. */
export type RoomPerson = {
  readonly jid?: BareJid;
  readonly nick?: string;
  readonly affiliation: RoomMember["affiliation"] | "none";
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

/** Below every place: of a conversation nothing was read. History may stand at negative places. */
export const NOTHING_READ = Number.NEGATIVE_INFINITY as Position;

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

/** One row of the conversation list. */
export type ChatSummary = {
  readonly jid: BareJid;
  /** Roster name, else the local part of the address. */
  readonly name: string;
  readonly relation: "contact" | "asked" | "request" | "stranger";
  readonly available: boolean;
  readonly encryption: Encryption;
  readonly unread: number;
  /** Up to where this account has read. */
  readonly readTo: Position;
  readonly last?: Pick<MessageItem, "key" | "at" | "outgoing" | "body" | "state" | "author">;
  readonly room?: RoomSummary;
  readonly trust?: TrustView;
};

/**
 * What has to be said of a conversation's keys, and of whose. `key-changed` and `none-trusted`: nothing is sent until
 * somebody decides. `excluded`: messages go to the other devices only.
 */
export type TrustView = {
  readonly kind: "key-changed" | "none-trusted" | "excluded";
  readonly devices: readonly LeftOut[];
};

/**
 * A page of a timeline, oldest first. `more`: older rows are in this browser; they may be in the archive; there are none
 * before.
 */
export type TimelinePage = {
  readonly chat: BareJid;
  readonly items: readonly MessageItem[];
  readonly more: "here" | "server" | "none";
  /** Rows left out because they are older than this browser's device (one quiet line stands for them). */
  readonly beforeDevice: number;
};

/** A device as this browser knows it: the fingerprint comes from its own pins, never from what the object says. */
export type DeviceItem = {
  /** None: a browser that has not made its keys known (yet). */
  readonly device?: DeviceId;
  /** 64 lower-case hex digits; undefined while the bundle has not been seen. */
  readonly fingerprint?: string;
  /** The browser's name for own Alcove browsers. */
  readonly name?: string;
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
  /** The fingerprints as a link, to be shown to whoever wants to compare them: our own only. */
  readonly uri?: string;
};

/** The three hops that must stand for a message to travel. */
export type ConnectionView = {
  /** This browser to the object. */
  readonly socket: "connecting" | "open" | "waiting";
  /** Next try of the socket, while `waiting`. */
  readonly until?: Time;
  /** The object to the XMPP server; undefined until the object has spoken. */
  readonly link?: LinkState;
  /** This browser's own device. `behind`: its database was rolled back, so its keys must not be used any more. */
  readonly encryption: "starting" | "ready" | "missing-pep" | "broken-pep" | "unsupported" | "behind";
  /** The account is online with no browser attached; undefined until the object has spoken. */
  readonly stayOnline?: boolean;
  /** Page and object are of different releases; undefined while they are of one. */
  readonly skew?: VersionSkew;
};

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

export type SessionView =
  | { readonly state: "starting" }
  /**
   * `account` is the one that was here last. Its history is kept in this browser, but where it was `evicted`: the browser,
   * or somebody, has thrown it away, and a sign-in makes a new device.
   */
  | {
      readonly state: "signed-out";
      readonly account?: BareJid;
      readonly because?: "revoked" | "expired" | "evicted" | "by-choice";
    }
  /** Signed out, and what was kept here is to go: another tab still holds it open, so it is not gone yet. */
  | { readonly state: "erasing"; readonly account: BareJid; readonly because: "revoked" | "by-choice" }
  | { readonly state: "signed-in"; readonly account: BareJid };

export type NoticeView =
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
  /** This browser was away for so long that its device had been taken off the account; it is back on. */
  | { readonly kind: "returned"; readonly key: string }
  /** A session with a device was replaced by a new one. */
  | { readonly kind: "renewed"; readonly key: string; readonly jid: BareJid; readonly device: DeviceId }
  | { readonly kind: "storage-not-kept"; readonly key: string };

/** What the page may ask. Every answer is a value; a thrown error is a bug. */
export interface Engine {
  /** Current state of everything, for a page that has just attached. Events follow from here on. */
  attach(args: { readonly visible: boolean }): Promise<Snapshot>;
  visible(args: { readonly visible: boolean }): Promise<void>;
  /**
   * Fails as the server does, and with `evicted` where it would make a new device in place of one that was here: the
   * session says so then, and the next try makes it. With `still-erasing` while the last account is not gone.
   */
  signIn(args: {
    readonly address: string;
    readonly password: string;
    readonly plain: boolean;
  }): Promise<Result<{ readonly account: BareJid }>>;
  /** With `erase` the session says when everything is gone: see `erasing`. */
  signOut(args: { readonly erase: boolean }): Promise<Result<{ readonly done: true }>>;
  /** Newest page of a conversation, or the page before a position. */
  timeline(args: { readonly chat: BareJid; readonly before?: Position }): Promise<TimelinePage>;
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
  }): Promise<Result<{ readonly client: ClientId }>>;
  /** Send a failed message again, or forget it. */
  retry(args: { readonly key: string }): Promise<void>;
  discard(args: { readonly key: string }): Promise<void>;
  read(args: { readonly chat: BareJid; readonly position: Position }): Promise<void>;
  /** Begin a conversation by address. Fails with `address-invalid`. */
  start(args: { readonly address: string }): Promise<Result<{ readonly chat: BareJid }>>;
  contact(args: {
    readonly jid: BareJid;
    readonly action: "add" | "accept" | "decline" | "remove";
  }): Promise<Result<{ readonly done: true }>>;
  /**
   * Enter a room by address (one that does not exist is made, for members alone), leave it, or decline to come in. Fails
   * with `address-invalid`, `offline`, and with `peer-refused` and the reason.
   */
  room(args: {
    readonly address: string;
    readonly action: "join" | "leave" | "decline";
  }): Promise<Result<{ readonly chat: BareJid }>>;
  /** The domain where the account's server has rooms made. Fails with `offline`, `not-found`. */
  roomService(args: Record<string, never>): Promise<Result<{ readonly service: string }>>;
  /** Make somebody a member of a room and ask them in. Fails with `address-invalid`, `offline`, `peer-refused`. */
  invite(args: { readonly room: BareJid; readonly address: string }): Promise<Result<{ readonly done: true }>>;
  /** Who is in a room and who belongs to it. */
  members(args: { readonly room: BareJid }): Promise<RoomView>;
  /** The person confirmed, here, to write to this conversation without encryption. */
  expose(args: { readonly chat: BareJid }): Promise<void>;
  /** Ask again whether the contact can receive encrypted messages. */
  checkEncryption(args: { readonly chat: BareJid }): Promise<void>;
  devices(args: { readonly jid: BareJid | undefined }): Promise<DevicesView>;
  /** Sign out another browser of this account, or all others. Fails with `offline`, `not-found`. */
  revoke(args: { readonly browser: BrowserId | "others" }): Promise<Result<{ readonly done: true }>>;
  /** Whether the account stays online with no browser attached. Fails with `offline`, `locked`. */
  stayOnline(args: { readonly on: boolean }): Promise<Result<{ readonly on: boolean }>>;
  /**
   * Start a new session with a device that has been met before. Fails with `offline`, or `encryption-unavailable` when the
   * device is gone or shows another identity.
   */
  resetSession(args: { readonly jid: BareJid; readonly device: DeviceId }): Promise<Result<{ readonly done: true }>>;
  /**
   * The person has decided about a key, in this browser and for it alone. Fails with `not-found` when the device shows
   * another key by now.
   */
  decide(args: {
    readonly jid: BareJid;
    readonly device: DeviceId;
    readonly fingerprint: string;
    readonly trust: Exclude<Trust, "undecided">;
  }): Promise<Result<{ readonly done: true }>>;
  /**
   * Compares the fingerprints of a link with those of its owner, who must be `jid`. Fails with `malformed` when it is no
   * such link, `wrong-account` when it is somebody else's, and as asking for their devices does (`offline`, `peer-refused`).
   */
  verifyLink(args: { readonly jid: BareJid; readonly link: string }): Promise<Result<LinkOutcome>>;
  /** Takes an own device that is no Alcove browser off the account for good. Fails with `offline`, `not-found`. */
  removeDevice(args: { readonly device: DeviceId }): Promise<Result<{ readonly done: true }>>;
  dismiss(args: { readonly notice: string }): Promise<void>;
  reconnect(args: Record<string, never>): Promise<void>;
}

/** How many devices of a link have been verified by it, and which show another key than it says. */
export type LinkOutcome = { readonly verified: number; readonly differing: readonly DeviceId[] };

export type Snapshot = {
  readonly session: SessionView;
  readonly connection: ConnectionView;
  readonly chats: readonly ChatSummary[];
  readonly notices: readonly NoticeView[];
  readonly gaps: readonly GapView[];
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
  | { readonly type: "notices"; readonly notices: readonly NoticeView[] }
  /** All stretches that are missing now. */
  | { readonly type: "gaps"; readonly gaps: readonly GapView[] }
  /** Own or a contact's devices changed; ask again if they are on screen. */
  | { readonly type: "devices"; readonly jid: BareJid }
  /** Another engine took over or the database was closed under us: take a new snapshot. */
  | { readonly type: "reset"; readonly snapshot: Snapshot };
