/**
 * The database of one account, `alcove:<bare jid>`: its stores, each with the type of its rows.
 *
 * | store         | key               | holds                                                                |
 * |---------------|-------------------|----------------------------------------------------------------------|
 * | meta          | name              | cursor, writer generation, counters, what has been published         |
 * | identity      | "self"            | device id and identity, private halves as handles                    |
 * | preKeys       | id                | one-time keys (handles); `used` ones stay for a while                |
 * | signedPreKeys | id                | signed pre-keys (handles)                                            |
 * | sessions      | `jid.device`      | ratchets with their keys (handles), pending key transports           |
 * | pins          | `jid.device`      | the identity key of a device since it was first seen, and its trust  |
 * | deviceLists   | jid               | last known device list                                               |
 * | messages      | key               | a text, or the reason why there is none yet                          |
 * | outbox        | client id         | what is to be sent, with its final bytes                             |
 * | chats         | jid               | remembered encryption, read position, last message                   |
 * | contacts      | jid               | roster                                                               |
 * | gaps          | gap               | stretches of history that are missing, for now or for good           |
 * | rooms         | jid               | rooms: ours or left, whether they are private, who belongs to them   |
 * | choices       | chat, name        | what the person has chosen, for a conversation or for themselves     |
 * | acts          | chat, id, kind, who | what was done to messages that are not here, or may still fail       |
 * | notices       | key               | what the person should see once                                      |
 * | sheets        | number, or a key  | folded texts of messages, many together, for the search              |
 * | copies        | chunk             | which messages a chunk of the sealed copy holds                      |
 *
 * A handle is a `CryptoKey` that cannot be exported. What pages see of these rows is made of them in `views/`; the words
 * that both use (`Trust`, `Reason`, `SendState`, `LeftOut`) are the protocol's.
 */
import type { DBSchema } from "idb";
import type { Receipt } from "../../../worker/contract/entries.ts";
import type { BareJid, BrowserId, DeviceId, EntryId, Position, Seq, Time } from "../../../worker/contract/names.ts";
import type { CopyGeneration, CopyToken } from "../../../worker/contract/copy.ts";
import type { OmemoMessage } from "../../../worker/contract/omemo.ts";
import type { Bytes } from "../bytes.ts";
import type { ChatRow, GapRow, HeldActRow, MessageLookup, MessageRow, OutboxRow } from "./conversation-rows.ts";
import type { ChoiceRow, ContactRow, NoticeRow, RoomRow } from "./people-rows.ts";
import type { CopyOutcome, CopyTrouble } from "../protocol/copy.ts";
import type {
  DeviceAddress,
  DeviceListRow,
  IdentityRow,
  PinRow,
  PreKeyRow,
  Repairs,
  SessionRow,
  SignedPreKeyRow,
} from "./device-rows.ts";

export type MetaRow =
  /** Up to where the log was read. `id` is the entry at `seq`: with another one there it is not the same log. */
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
  /**
   * Own devices the person was told of; `first` are those that were there before this browser, which it trusts; `removed`
   * those that were taken off for good, of which the person is told again if they come back.
   */
  | {
      readonly name: "ownDevices";
      readonly known: readonly DeviceId[];
      readonly first?: readonly DeviceId[];
      readonly removed?: readonly DeviceId[];
    }
  /** The own browsers that can allow this one; empty once one has, by writing to it. */
  | { readonly name: "admission"; readonly by: readonly DeviceId[] }
  /** To whom this device is still to be made known; missing until that has begun. */
  | { readonly name: "greeting"; readonly left: readonly BareJid[] }
  | Blocks
  /** Sessions to be rebuilt because nothing that comes in them can be decrypted. */
  | ({ readonly name: "repairs" } & Repairs)
  /** Devices that were never met, whose messages wait until they were looked up. */
  | { readonly name: "unproven"; readonly devices: readonly Unproven[] }
  /** Messages without a text that could not be opened yet. */
  | { readonly name: "held"; readonly transports: readonly HeldTransport[] }
  /** The messages up to this key that were here before there were sheets are on some. */
  | { readonly name: "sheets"; readonly filledTo: string }
  /** Receipts that the object has not been given yet. */
  | { readonly name: "receipts"; readonly owed: readonly PendingReceipt[] }
  /** The person wants nothing encrypted for devices of others that they have not compared. */
  | { readonly name: "onlyVerified"; readonly since: Time }
  /** What the person has chosen is known up to this revision of the object's; `seen`: the highest that it ever had. */
  | { readonly name: "choices"; readonly revision: number; readonly seen: number }
  | Sealing
  | CopyRow
  /** What the person has seen of what became of the sealed copy. */
  | { readonly name: "copySeen"; readonly what: readonly string[] }
  /** What own devices have said of such keys, not read yet. */
  | { readonly name: "trustTold"; readonly told: readonly { readonly device: DeviceId; readonly inner: Bytes }[] }
  | { readonly name: "sealingTold"; readonly told: readonly { readonly device: DeviceId; readonly inner: Bytes }[] }
  | { readonly name: "browser"; readonly id: BrowserId };

export type MetaName = MetaRow["name"];

/** The sealed copy that this browser keeps up: how to open it, and how far it was known to be. The recovery key itself is nowhere. */
export type CopyRow = {
  readonly name: "copy";
  readonly generation: CopyGeneration;
  readonly key: CryptoKey;
  readonly token: CopyToken;
  /** The highest that was met, and the SHA-256 of the manifest that had it; 0: it is not known whether it was begun. */
  readonly number: number;
  readonly digest: string;
  /** What begins it, until the object has that. */
  readonly begins?: { readonly manifest: string; readonly passkey?: string | undefined };
  /** When it was last written, by whichever browser. */
  readonly writtenAt?: Time;
  /** It is to be read in here, and has not been to its end. */
  readonly reading?: true;
  readonly outcome?: CopyOutcome;
  readonly trouble?: CopyTrouble;
};

/** What stands in a chunk: entries, each with its edition (`editionOf`), and those that are to be in none any more. */
export type CopiedRow = {
  readonly chunk: number;
  readonly digest: string;
  readonly length: number;
  readonly records: readonly (readonly [EntryId, number])[];
  readonly gone: readonly EntryId[];
};

/** Keys under which own browsers seal choices for one another; `removed`: those own devices were known to be taken off. */
export type Sealing = {
  readonly name: "sealing";
  readonly keys: readonly SealingKey[];
  readonly removed: readonly DeviceId[];
  /** The others were asked for a key that is missing here. */
  readonly askedAt?: Time;
};

/**
 * `id`: in hex, the beginning of the key's SHA-256. `given`: own devices that have it. `closed`: somebody may have it who
 * was taken off, so nothing is sealed with it any more and nothing new that was is believed. `late`: the same, for whoever
 * has handed it over did not know yet who was taken off.
 */
export type SealingKey = {
  readonly id: string;
  readonly key: Bytes;
  readonly given: readonly DeviceId[];
  readonly closed?: true;
  readonly late?: true | undefined;
};

/** Hashes of what was read of a log: `open` of the block that is not complete, `done` of the newest that are; "" for what cannot be compared. */
export type Blocks = {
  readonly name: "blocks";
  readonly epoch: string;
  readonly last: Seq;
  readonly open?: string | undefined;
  readonly done: readonly { readonly block: number; readonly hash: string }[];
  /** A block was completed by what was read last. */
  readonly fresh?: boolean;
  /** Own browsers were told up to here, and when. */
  readonly toldUpTo?: number;
  readonly toldAt?: Time;
};

/** `identityKey`: what the bundle of this listed device has shown. */
export type Unproven = DeviceAddress & { readonly at: Time; readonly identityKey?: Bytes };

/** `costly`: its chain is far behind. `unproven`: of a device that was never met. */
export type HeldTransport = {
  readonly jid: BareJid;
  readonly omemo: OmemoMessage;
  readonly why: "costly" | "unproven";
};

/** Lines of messages, each begun by a line feed, with tabs between its parts. `change`: a higher one each time it is written. */
export type SheetRow = { readonly sheet: number | string; readonly change: number; readonly lines: string };

export type PendingReceipt = { readonly message: EntryId; readonly state: Receipt };

/** Each index is named after what it looks up. */
export interface AccountSchema extends DBSchema {
  meta: { key: string; value: MetaRow };
  identity: { key: string; value: IdentityRow };
  preKeys: { key: number; value: PreKeyRow; indexes: { used: Time } };
  signedPreKeys: { key: number; value: SignedPreKeyRow };
  sessions: { key: string; value: SessionRow; indexes: { owed: 1 } };
  pins: { key: string; value: PinRow; indexes: { jid: BareJid } };
  deviceLists: { key: BareJid; value: DeviceListRow };
  messages: {
    key: string;
    value: MessageRow;
    indexes: Record<MessageLookup, string> & {
      timeline: [chat: BareJid, hidden: 0 | 1 | 2, position: Position];
      unread: [chat: BareJid, counted: 0 | 1, position: Position];
    };
  };
  outbox: { key: string; value: OutboxRow };
  chats: { key: BareJid; value: ChatRow };
  contacts: { key: BareJid; value: ContactRow };
  notices: { key: string; value: NoticeRow };
  gaps: { key: string; value: GapRow };
  rooms: { key: BareJid; value: RoomRow };
  acts: { key: string; value: HeldActRow };
  sheets: { key: RowKey; value: SheetRow; indexes: { change: number } };
  choices: { key: string; value: ChoiceRow };
  copies: { key: number; value: CopiedRow };
}

export type StoreName =
  | "meta"
  | "identity"
  | "preKeys"
  | "signedPreKeys"
  | "sessions"
  | "pins"
  | "deviceLists"
  | "messages"
  | "outbox"
  | "chats"
  | "contacts"
  | "notices"
  | "gaps"
  | "rooms"
  | "acts"
  | "sheets"
  | "choices"
  | "copies";

export type Rows = { readonly [S in StoreName]: AccountSchema[S]["value"] };
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
  acts: "key",
  sheets: "sheet",
  choices: "key",
  copies: "chunk",
} as const satisfies { readonly [S in StoreName]: keyof Rows[S] & string };

export const STORE_NAMES = Object.keys(KEY_PATHS) as readonly StoreName[];

/** The primary key of a row, as `KEY_PATHS` names it. */
export function keyOf<S extends StoreName>(store: S, row: Rows[S]): RowKey {
  return (row as unknown as Record<string, RowKey>)[KEY_PATHS[store]] as RowKey;
}
