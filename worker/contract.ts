/**
 * The contract between a browser and the object that holds its account: the calls a browser may make, the frames on
 * the live socket both ways, the entries of the log, the kinds of failure, the limits. Both sides compile against this
 * file; beside it they share `worker/shared/` alone. It imports nothing.
 */

/**
 * Raised with every change of a shape below. A release understands the page and the object of the release before it:
 * what is new is optional for one release, what goes is ignored for one. The object names its own in `hello`.
 */
export const CONTRACT_VERSION = 3;

// ---------------------------------------------------------------------------------------------------------- names

declare const brand: unique symbol;
type Brand<T, Name extends string> = T & { readonly [brand]: Name };

/** `local@domain`, normalised by RFC 7622, without a resource; of a server or a service the domain alone. */
export type BareJid = Brand<string, "BareJid">;
/** A browser as the account's registry knows it; made by the object at the first sign-in, kept by the browser. */
export type BrowserId = Brand<string, "BrowserId">;
/** XEP-0384: 1 … 2^31 − 1, chosen by the device. */
export type DeviceId = Brand<number, "DeviceId">;
/** The permanent name of an entry, made by the object. */
export type EntryId = Brand<string, "EntryId">;
/** The name a browser gives to something it sends; also the stanza's `id` and origin-id (XEP-0359). */
export type ClientId = Brand<string, "ClientId">;
/** Place in the order of delivery; only grows within an epoch. */
export type Seq = Brand<number, "Seq">;
/** Place in a conversation; the same in every browser. */
export type Position = Brand<number, "Position">;
/** Milliseconds since 1970. */
export type Time = number;
/** Standard base64 with padding. */
export type Base64 = string;

/** How far a browser has consumed the log. Another epoch means another log: start again, keep every text. */
export type Cursor = { readonly epoch: string; readonly seq: Seq; readonly id?: EntryId };

// --------------------------------------------------------------------------------------------------------- limits

export const LIMITS = {
  /** Characters (UTF-16 code units) of one message's text. */
  textLength: 20_000,
  /** Base64 characters of one OMEMO payload. */
  payloadLength: 128 * 1024,
  /** Keys in one OMEMO header. */
  keys: 2_000,
  /** Of them for one device number: two people may have drawn the same one, for clients of old draw from 2^14. */
  keysOfOne: 2,
  /** Base64 characters of one OMEMO key. */
  keyLength: 4_096,
  /** Devices read from one device list (XEP-0384 names no limit; 200 is generous). */
  devicesPerJid: 200,
  /** Pre-keys in one bundle. */
  preKeys: 200,
  addressLength: 3_071,
  passwordLength: 1_024,
  /** Rounds of PBKDF2 that a browser does for a server (RFC 7677 §4): fewer are guessed too cheaply, more are work for nothing. */
  leastIterations: 4_096,
  mostIterations: 1_000_000,
  /** Base64 characters of a salt. */
  saltLength: 1_024,
  browserNameLength: 60,
  browsers: 32,
  /** Sign-ins of one account that wait for their browser; one more ends the oldest wait. */
  waitingSignIns: 8,
  /** For a browser to make its keys: a million rounds take a slow phone some seconds. */
  signInWaitMs: 30_000,
  /** Messages that one call may answer for, and conversations it may tell a position of. */
  receipts: 200,
  /** Characters of an id that another client gave. */
  referenceLength: 256,
  /** Characters of a nickname in a room. */
  nickLength: 100,
  /** Characters of a room's name, and of the password that it asks for. */
  roomNameLength: 200,
  /** Entries in one frame. */
  pageEntries: 200,
  /** Entries sent to one browser beyond what it has acknowledged. */
  windowEntries: 400,
  /** Bytes of one frame from a browser. */
  browserFrameBytes: 16 * 1024,
} as const;

/** Answered by the platform itself without waking a sleeping object. */
export const PING = "ping";
export const PONG = "pong";

// ------------------------------------------------------------------------------------------------------- failures

/** Everything that can be expected to go wrong. The browser has words for each (`web/i18n`). */
export type FailureKind =
  // reaching and entering the XMPP server
  | "address-invalid"
  | "domain-refused"
  | "no-domains"
  | "unknown-domain"
  | "unproven-name"
  | "refused"
  | "timed-out"
  | "bad-certificate"
  | "no-encryption"
  | "not-xmpp"
  | "wrong-password"
  /** What is kept of the password does not fit what the server asks now; the password itself may be right. */
  | "keys-unfit"
  /** A sign-in that waited for its browser is over: it took too long, or the object was reset. */
  | "sign-in-lapsed"
  | "account-disabled"
  | "only-plain"
  | "no-mechanism"
  | "server-not-proven"
  | "server-error"
  | "stream-replaced"
  /** This account's storage takes nothing more. */
  | "storage-full"
  | "connection-lost"
  // the account and its browsers
  | "too-many-tries"
  | "account-guarded"
  | "too-busy"
  | "no-new-accounts"
  /** The page and the Worker are of different releases, and this cannot be done between them. */
  | "other-release"
  | "too-many-browsers"
  | "not-signed-in"
  /** The session is there, but the request was not signed by the key of its browser; `detail`: the object's clock. */
  | "not-proven"
  | "revoked"
  | "locked"
  | "wrong-account"
  /** What this browser kept is gone, so it would come back as a new device; or it is meant to go and another tab holds it. */
  | "evicted"
  | "still-erasing"
  // calls
  | "offline"
  | "malformed"
  | "too-large"
  | "not-found"
  | "would-expose"
  | "too-early"
  | "behind"
  | "encryption-unavailable"
  /** A device of the recipient shows another key than before, or none of its devices is trusted in this browser. */
  | "key-changed"
  | "none-trusted"
  | "peer-refused"
  | "internal";

/** `detail` is safe to show: a domain, a condition name, a count. Never a password, a key or a text. */
export type Failure = { readonly kind: FailureKind; readonly detail?: string };

export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: Failure };

// ---------------------------------------------------------------------------------------------------------- OMEMO

/** XEP-0384 0.3.0, the version in the field. */
export const OMEMO_NAMESPACE = "eu.siacs.conversations.axolotl";

/** The largest number of a device (they begin at 1) and of a pre-key: 31 bits (XEP-0384 §4.1). */
export const OMEMO_ID_MAX = 2 ** 31 - 1;

/** One `<key>`: a ratchet message for one device. `prekey` marks one that opens a session. */
export type OmemoKey = { readonly rid: DeviceId; readonly prekey: boolean; readonly data: Base64 };

/** One `<encrypted>`. Without `payload` it is a key transport: it moves the ratchet and shows nothing. */
export type OmemoMessage = {
  readonly sid: DeviceId;
  readonly iv: Base64;
  readonly keys: readonly OmemoKey[];
  readonly payload?: Base64;
};

/** Public keys are 33 bytes (0x05 and the Curve25519 u-coordinate), the signature 64. */
export type OmemoBundle = {
  readonly identityKey: Base64;
  readonly signedPreKey: { readonly id: number; readonly key: Base64; readonly signature: Base64 };
  readonly preKeys: readonly { readonly id: number; readonly key: Base64 }[];
};

// -------------------------------------------------------------------------------------------------------- the log

export type MessageContent =
  /** `keys` holds only those addressed to the browser that receives the entry: none, one, seldom more. */
  | { readonly kind: "omemo"; readonly omemo: OmemoMessage }
  | { readonly kind: "clear"; readonly text: string }
  /**
   * Something that claims to be encrypted and cannot be read by any of our browsers. `whisper`: what an occupant of a room
   * wrote to us alone (XEP-0045 §7.5), which has gone back to them unread.
   */
  | { readonly kind: "unreadable"; readonly why: "other-encryption" | "malformed" | "whisper" }
  /** No words, and something that a person has to know of. */
  | { readonly kind: "happening"; readonly what: Happening };

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
  /** The account and id under which an archive keeps it (XEP-0359 `by`, `id`), where known when the entry was made. */
  readonly archive?: { readonly by: BareJid; readonly id: string };
  readonly originId?: string;
  /** What its sender asks to be told of it (XEP-0184, XEP-0333). */
  readonly asks?: readonly Receipt[];
  /** The sender's own id of the message that this one is meant to take the place of (XEP-0308). In clear, proves nothing. */
  readonly replaces?: string;
  /** The message that this one answers (XEP-0461). In clear, proves nothing. */
  readonly reply?: ReplyReference;
  /** Sent by one of this account's browsers: which one, and its own name for it. */
  readonly sent?: { readonly browser: BrowserId; readonly client: ClientId };
  readonly content: MessageContent;
};

/** What became of a message that one of this account's browsers sent. */
export type ProgressEntry = EntryBase & {
  readonly kind: "progress";
  readonly message: EntryId;
  readonly state: "sent" | "delivered" | "read" | "failed";
  readonly failure?: Failure;
};

/** Somebody of this account has read a conversation up to and including a position. */
export type ReadEntry = EntryBase & { readonly kind: "read"; readonly chat: BareJid; readonly position: Position };

/** A roster item or a request to become one (RFC 6121). The latest entry of a JID stands. */
export type ContactEntry = EntryBase & {
  readonly kind: "contact";
  readonly jid: BareJid;
  readonly name?: string;
  readonly subscription: "none" | "to" | "from" | "both" | "removed";
  /** We have asked and wait for an answer. */
  readonly asked: boolean;
  /** They have asked and wait for ours. */
  readonly request: boolean;
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
   * `flood`: a stranger sent too many.
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

// --------------------------------------------------------------------------------- what is not kept: link, presence

/** The one XMPP connection. `caughtUp`: everything the archive held for us is in the log. */
export type LinkState =
  | { readonly state: "off"; readonly failure?: Failure }
  | { readonly state: "resolving" | "dialing" | "securing" | "authenticating" }
  | { readonly state: "live"; readonly caughtUp: boolean }
  | { readonly state: "waiting"; readonly until: Time; readonly failure: Failure };

/**
 * `pep`: can this account's server carry OMEMO at all; undefined until it is known. `stayOnline`: the account is online
 * with no browser attached, by a key the operator could use, too.
 */
export type AccountState = {
  readonly link: LinkState;
  readonly pep?: "ok" | "missing" | "broken";
  /** The server keeps no archive (XEP-0313): what came to others, or while nobody was here, cannot be had later. */
  readonly archive?: "missing";
  readonly stayOnline: boolean;
};

/** What sort of thing a browser runs on, as it says itself. */
export type BrowserKind = "computer" | "phone" | "tablet";

export type BrowserInfo = {
  readonly id: BrowserId;
  /** "Firefox on Linux" */
  readonly name: string;
  readonly kind: BrowserKind;
  readonly device?: DeviceId;
  readonly firstSeen: Time;
  readonly lastSeen: Time;
  /** Has a live socket now. */
  readonly attached: boolean;
  readonly signedOut: boolean;
  /** Away for more than 42 days: its device is off the list, and comes back when it publishes again. */
  readonly dormant?: true;
};

export type PresenceInfo = { readonly jid: BareJid; readonly available: boolean };

/** Somebody in a room. `jid`: their own address, which a non-anonymous room shows. */
export type Occupant = {
  readonly nick: string;
  readonly id?: string;
  readonly jid?: BareJid;
  readonly affiliation: "owner" | "admin" | "member" | "none" | "outcast";
  readonly role: "moderator" | "participant" | "visitor" | "none";
};

/** Somebody who belongs to a room, whether they are there or not. */
export type RoomMember = { readonly jid: BareJid; readonly affiliation: "owner" | "admin" | "member" };

/**
 * A room as it is now. `closed`: members-only and non-anonymous, so it can be encrypted; undefined while it has not said so
 * since it was entered or changed: then nobody knows, and nothing may be written there in clear.
 */
export type RoomInfo = {
  readonly jid: BareJid;
  readonly state: "joining" | "joined" | "left";
  readonly failure?: Failure;
  readonly closed?: boolean;
  /** What it calls itself. */
  readonly name?: string;
  readonly subject?: string;
  /** Somebody asks us in (XEP-0045 §7.8, XEP-0249), and nobody has answered yet. */
  readonly invitedBy?: BareJid;
  /** Our own name there comes first. Of a large room only that: who else is there is told by frames `occupants`. */
  readonly occupants: readonly Occupant[];
  /** How many there are in a large room; undefined where `occupants` is all of them. */
  readonly people?: number;
};

// ------------------------------------------------------------------------------------------------ the live socket

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
      readonly presence: readonly PresenceInfo[];
      readonly rooms: readonly RoomInfo[];
      /** The number of the last send that was accepted from this browser; more than it knows of: it was rolled back. */
      readonly accepted: number;
      /** The session cookie is a day old: ask for another one (`ROUTES.renew`). */
      readonly renew?: true;
    }
  | { readonly type: "entries"; readonly entries: readonly Entry[]; readonly head: Seq }
  | { readonly type: "state"; readonly state: AccountState }
  | { readonly type: "browsers"; readonly browsers: readonly BrowserInfo[] }
  | { readonly type: "presence"; readonly presence: readonly PresenceInfo[] }
  /** These rooms are now so; the others are unchanged. */
  | { readonly type: "rooms"; readonly rooms: readonly RoomInfo[] }
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
  /** The object woke without the key to its sign-in data: answer with the call `unlock`. */
  | { readonly type: "unlock" }
  | { readonly type: "bye"; readonly reason: "signed-out" | "revoked" | "replaced" };

/** From a browser. `ack` says: everything up to here is committed in my database. */
export type BrowserFrame =
  | { readonly type: "ack"; readonly epoch: string; readonly seq: Seq }
  | { readonly type: "visible"; readonly visible: boolean };

// ---------------------------------------------------------------------------------------------------------- calls

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
    | { readonly kind: "clear"; readonly text: string; readonly exposed: boolean };
  /** The first id of an own message that this one takes the place of; travels in clear, the text does not. */
  readonly replaces?: ClientId;
  /** The message that this one answers; travels in clear, what is quoted of it does not. */
  readonly reply?: ReplyReference;
};

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
  /** Ask to become a contact, accept a request, decline one, or end it. Fails with `offline`. */
  contact(args: {
    readonly jid: BareJid;
    readonly action: "add" | "accept" | "decline" | "remove";
  }): Promise<Result<{ readonly done: true }>>;
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
  /** Where the account's server has rooms made: the domain of its service (XEP-0045 §6.1). Fails with `offline`, `not-found`. */
  roomService(args: Record<string, never>): Promise<Result<{ readonly service: string }>>;
  /** Sign out another browser, or all others: each is told, and its device leaves the list. Fails with `not-found`. */
  revoke(args: { readonly browser: BrowserId | "others" }): Promise<Result<{ readonly done: true }>>;
  /**
   * Take an own device that is no Alcove browser off the account: its list entry and its bundle go, and it is taken off
   * again should it come back. Fails with `offline`, `not-found` for the device of a browser (`revoke` is for those).
   */
  removeDevice(args: { readonly device: DeviceId }): Promise<Result<{ readonly done: true }>>;
  /**
   * Whether the account stays online with no browser attached. `renewed`, where it was switched off just now: what was kept
   * to sign in with is another one, so a copy of the storage from before signs in no more. Fails with `locked` where
   * nothing is kept to sign in with.
   */
  stayOnline(args: { readonly on: boolean }): Promise<Result<{ readonly on: boolean; readonly renewed?: boolean }>>;
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
  /** Do not wait for the next try. */
  reconnect(args: Record<string, never>): Promise<Result<{ readonly state: AccountState }>>;
}

export type CallName = keyof Contract;
export type CallArguments<Name extends CallName> = Parameters<Contract[Name]>[0];
export type CallValue<Name extends CallName> =
  Awaited<ReturnType<Contract[Name]>> extends Result<infer Value> ? Value : never;

// ----------------------------------------------------------------------------------------- routes outside the calls

/** Public half of a browser's own key on P-256: the uncompressed point, 65 bytes, as base64. */
export type BrowserKey = Base64;

/**
 * On calls and on sign-out: that the browser has signed the request (`worker/shared/proof.ts`). The live socket carries the
 * same as the last part of its query, `proof=…`. Asked of every browser that has named a key.
 */
export const PROOF_HEADER = "x-alcove-proof";

/** SCRAM (RFC 5802, RFC 7677), the strongest first; without channel binding, which the platform does not offer. */
export const SCRAM_MECHANISMS = ["SCRAM-SHA-512", "SCRAM-SHA-256", "SCRAM-SHA-1"] as const;
export type ScramMechanism = (typeof SCRAM_MECHANISMS)[number];

/** What a server wants made of the password: the hash, and salt and rounds of PBKDF2 (RFC 5802 §3). */
export type ScramChallenge = { readonly mechanism: ScramMechanism; readonly salt: Base64; readonly iterations: number };

/** RFC 5802 §3: they sign in where salt and rounds are the same, and show that the server knows the password as well. */
export type ScramProof = { readonly clientKey: Base64; readonly serverKey: Base64 };

/** `POST /api/sign-in`, the first step: asks the XMPP server how it wants the password proved. */
export type SignInArguments = {
  readonly address: string;
  /** Only where the person agreed that this server gets the password itself (SASL PLAIN, over verified TLS only). */
  readonly password?: string;
  readonly name: string;
  readonly kind: BrowserKind;
  /** By which it will sign what it asks; a page of the release before sends none. */
  readonly key?: BrowserKey;
  /** This browser was here before and kept its device. */
  readonly browser?: BrowserId;
};
export type SignedIn = { readonly account: BareJid; readonly browser: BrowserId; readonly epoch: string };
export type SignInReply =
  /** The browser makes the keys. The server waits meanwhile, half a minute at most; `attempt` names this sign-in. */
  | ({ readonly step: "prove"; readonly attempt: string } & ScramChallenge)
  /** The server had the password itself: signed in, the session cookie is set. */
  | ({ readonly step: "done" } & SignedIn);

/**
 * `POST /api/sign-in/finish`, the second step: completes the exchange with the server; sets the session cookie. Once for
 * each attempt; fails with `sign-in-lapsed` where nothing waits for it.
 */
export type SignInProof = ScramProof & { readonly attempt: string };

/**
 * On calls and on sign-out: the browser in whose name they are made. Where the cookie is another's (somebody else has
 * signed in here meanwhile) the answer is `wrong-account`.
 */
export const BROWSER_HEADER = "x-alcove-for";

/** `POST /api/sign-out`. `erase` also removes the device from the list and its bundle from the server. */
export type SignOutArguments = { readonly erase: boolean };

export const ROUTES = {
  signIn: "/api/sign-in",
  finishSignIn: "/api/sign-in/finish",
  signOut: "/api/sign-out",
  /** `POST`, `{}`: another secret in the session cookie. The one before goes on until the browser has used the new one. */
  renew: "/api/renew",
  /** Followed by the call's name. */
  call: "/api/call/",
  /** A WebSocket; `?epoch=…&since=…&at=…&proof=…`: the cursor (`at` is the id of the entry `since`), then the proof. */
  live: "/api/live",
} as const;
