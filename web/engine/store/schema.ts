/**
 * The database of one account, `alcove:<bare jid>`, and its migrations:
 *
 * | store         | key               | holds                                                                |
 * |---------------|-------------------|----------------------------------------------------------------------|
 * | meta          | name              | cursor, writer generation, counters, what has been published         |
 * | identity      | "self"            | device id and identity, private halves as handles                    |
 * | preKeys       | id                | one-time keys (handles); `used` ones wait for the end of the catch-up |
 * | signedPreKeys | id                | signed pre-keys (handles)                                            |
 * | sessions      | `jid.device`      | ratchets with their keys (handles), what is owed to that device      |
 * | pins          | `jid.device`      | the identity key of a device since it was first seen, and its trust  |
 * | deviceLists   | jid               | last known device list                                               |
 * | messages      | key               | a text, or the reason why there is none yet                          |
 * | outbox        | client id         | what has to leave, with the finished bytes                           |
 * | chats         | jid               | remembered encryption, read position, last message                   |
 * | contacts      | jid               | roster                                                               |
 * | gaps          | gap               | stretches of history that are missing, for now or for good           |
 * | rooms         | jid               | rooms: ours or left, whether they are private, who belongs to them   |
 * | notices       | key               | what the person should see once                                      |
 *
 * A handle is a `CryptoKey` that cannot be exported. A migration is appended, never edited.
 */
import type {
  BareJid,
  BrowserId,
  ClientId,
  DeviceId,
  EntryId,
  MessageEntry,
  OmemoMessage,
  Position,
  Receipt,
  ReplyReference,
  RoomMember,
  SendArguments,
  Seq,
  Time,
} from "../../../worker/contract.ts";
import type { GapView, MessageItem, NoticeView } from "../protocol.ts";
import type {
  DeviceListRow,
  IdentityRow,
  PinRow,
  PreKeyRow,
  Repairs,
  SessionRow,
  SignedPreKeyRow,
} from "./device-rows.ts";

export type MetaRow =
  /** `id` is the entry at `seq`: a log that has another one there is another log. */
  | { readonly name: "cursor"; readonly epoch: string; readonly seq: Seq; readonly id?: EntryId }
  /** Grows with every engine that opens the database for writing; an older one may no longer commit. */
  | { readonly name: "generation"; readonly value: number }
  | { readonly name: "preKeys"; readonly next: number }
  | { readonly name: "outbox"; readonly next: number }
  /** The number of the last message whose bytes were made final here; none before the object has said where to begin. */
  | { readonly name: "numbers"; readonly last: number }
  /** The object has accepted more from this browser than this database knows of: it was rolled back. */
  | { readonly name: "behind"; readonly at: Time }
  /** The device was published for the first time: what stands in the log up to `head` cannot be addressed to it. */
  | { readonly name: "joined"; readonly epoch: string; readonly head: Seq }
  /** The device was off the list for long and is back: up to `head` what is not addressed to it was written meanwhile. */
  | { readonly name: "returned"; readonly epoch: string; readonly head: Seq }
  /** The published bundle is out of date. */
  | { readonly name: "stale"; readonly since: Time }
  /** Own devices that this browser has told of, or found at its own arrival; `first` are the latter, which it believes. */
  | { readonly name: "ownDevices"; readonly known: readonly DeviceId[]; readonly first?: readonly DeviceId[] }
  /** Own browsers that were here before this one: until one of them has written to it, it waits to be allowed. */
  | { readonly name: "admission"; readonly by: readonly DeviceId[] }
  /** Devices to be met anew because nothing they send can be opened. */
  | ({ readonly name: "repairs" } & Repairs)
  /** Whose senders are to be told that they arrived or were read, and have not been. */
  | { readonly name: "receipts"; readonly owed: readonly OwedReceipt[] }
  | { readonly name: "browser"; readonly id: BrowserId };

export type MetaName = MetaRow["name"];

export type OwedReceipt = { readonly message: EntryId; readonly state: Receipt };

/** A row of a timeline; the fields above the line are shown, those below are for finding it again. */
export type MessageRow = MessageItem & {
  /** 1: left out of the timeline (older than this device). Numbers, because an index takes no booleans. */
  readonly hidden: 0 | 1;
  /** 1: counts as unread while above the read position. */
  readonly counted: 0 | 1;
  /** In a room: the room's word on who said it. */
  readonly occupant?: MessageEntry["occupant"];
  readonly epoch?: string;
  readonly archiveKey?: string;
  readonly cipherKey?: string;
  readonly originKey?: string;
  /** `jid.device` whose next session may open `sealed`, or of whose key `doubt` speaks. */
  readonly retryKey?: string;
  readonly sealed?: OmemoMessage;
  /** What its sender asks to be told of it. */
  readonly asks?: readonly Receipt[];
  /** The sender's own id of the message that this one corrects, until that has been done. */
  readonly replaces?: string;
  readonly reply?: ReplyReference;
  /** The newest correction of this text: one that stood before it changes nothing. */
  readonly correctedAt?: Position;
  /** The key that the row of that correction had, or would have. */
  readonly correctedBy?: string;
};

export type OutboxRow = {
  readonly client: ClientId;
  readonly order: number;
  readonly chat: BareJid;
  readonly purpose: "text" | "transport";
  /** `waiting`: still to be encrypted. `finished`: bytes are final. `accepted`: the object has it. */
  readonly stage: "waiting" | "finished" | "accepted" | "failed";
  /** Counts finished messages in the order they have to be accepted in (`SendArguments.number`). */
  readonly number?: number;
  /** The newest place in the conversation when it was typed: there it stays if it fails before it has one of its own. */
  readonly typedAfter?: Position;
  readonly content?: SendArguments["content"];
  /** What it takes the place of and what it answers: the part of a message that travels in clear. */
  readonly references?: Pick<SendArguments, "replaces" | "reply">;
};

export type LastMessage = Pick<MessageItem, "key" | "at" | "outgoing" | "body" | "state" | "position" | "author">;

export type ChatRow = {
  readonly jid: BareJid;
  /** Remembered for ever: this conversation has been encrypted. */
  readonly encrypted: boolean;
  /** The person confirmed, here, to write in clear. */
  readonly exposed: boolean;
  readonly readTo: Position;
  /** Read up to here, and the object has not been told yet. */
  readonly untold?: Position;
  /** Somebody of this account has written here: automatic answers tell them nothing new. */
  readonly answered?: boolean;
  readonly last?: LastMessage;
  /** The archive holds nothing before what is in the log. */
  readonly complete?: true;
};

export type GapRow = GapView;

/** A room as this browser knew it last. */
export type RoomRow = {
  readonly jid: BareJid;
  readonly nick: string;
  /** The account wants to be there. */
  readonly joined: boolean;
  readonly invitedBy?: BareJid;
  /** Members-only and non-anonymous; undefined while that was never told. */
  readonly closed?: boolean;
  /** Was private at some time: nothing goes there in clear by itself any more. */
  readonly wasClosed?: true;
  readonly subject?: string;
  readonly members?: readonly RoomMember[];
};

export type ContactRow = {
  readonly jid: BareJid;
  readonly name?: string;
  readonly subscription: "none" | "to" | "from" | "both";
  readonly asked: boolean;
  readonly request: boolean;
};

export type NoticeRow = { readonly key: string; readonly notice: NoticeView; readonly dismissed: boolean };

export type Rows = {
  meta: MetaRow;
  identity: IdentityRow;
  preKeys: PreKeyRow;
  signedPreKeys: SignedPreKeyRow;
  sessions: SessionRow;
  pins: PinRow;
  deviceLists: DeviceListRow;
  messages: MessageRow;
  outbox: OutboxRow;
  chats: ChatRow;
  contacts: ContactRow;
  notices: NoticeRow;
  gaps: GapRow;
  rooms: RoomRow;
};

export type StoreName = keyof Rows;
export type RowKey = string | number;

/** The key path of each store. */
export const KEY_PATHS = {
  meta: "name",
  identity: "name",
  preKeys: "id",
  signedPreKeys: "id",
  sessions: "address",
  pins: "address",
  deviceLists: "jid",
  messages: "key",
  outbox: "client",
  chats: "jid",
  contacts: "jid",
  notices: "key",
  gaps: "gap",
  rooms: "jid",
} as const satisfies { readonly [S in StoreName]: keyof Rows[S] & string };

export const STORE_NAMES = Object.keys(KEY_PATHS) as readonly StoreName[];

/** Fields of a message that find its row; each is also the name of an index. */
export type MessageLookup = "id" | "archiveKey" | "cipherKey" | "originKey" | "retryKey";

const LOOKUPS: readonly MessageLookup[] = ["id", "archiveKey", "cipherKey", "originKey", "retryKey"];

/** Applied in order, from the version that is there. The first makes every store that is known today, so later ones look. */
export const MIGRATIONS: readonly ((database: IDBDatabase) => void)[] = [
  (database) => {
    for (const name of STORE_NAMES) {
      const store = database.createObjectStore(name, { keyPath: KEY_PATHS[name] });
      if (name === "pins") store.createIndex("jid", "jid");
      if (name === "sessions") store.createIndex("owed", "owed");
      if (name === "preKeys") store.createIndex("used", "used");
      if (name !== "messages") continue;
      store.createIndex("timeline", ["chat", "hidden", "position"]);
      store.createIndex("unread", ["chat", "counted", "position"]);
      for (const lookup of LOOKUPS) store.createIndex(lookup, lookup);
    }
  },
  (database) => {
    if (!database.objectStoreNames.contains("gaps")) database.createObjectStore("gaps", { keyPath: KEY_PATHS.gaps });
  },
  // The same stores: their private keys are handles, which `omemo/adopt-keys.ts` makes of the bytes once the database is
  // open. The number keeps older code, which knows nothing of handles, away from them.
  () => undefined,
  (database) => {
    if (!database.objectStoreNames.contains("rooms")) database.createObjectStore("rooms", { keyPath: KEY_PATHS.rooms });
  },
];

export const SCHEMA_VERSION = MIGRATIONS.length;

/** One string per (archive, id): a JID holds no line feed. */
export function archiveKeyOf(archive: { readonly by: BareJid; readonly id: string }): string {
  return `${archive.by}\n${archive.id}`;
}
