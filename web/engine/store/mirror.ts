/**
 * The small stores of an account in memory: conversations, roster, device lists and pins, notices, counts. Read whole when the
 * account is opened and kept right by every commit, so that a page is answered without touching the disk.
 */
import type { BareJid } from "../../../worker/contract.ts";
import { missingCase } from "../../../worker/shared/missing-case.ts";
import { NOTHING_READ } from "../protocol.ts";
import type { Database } from "./database.ts";
import type { ChatRow, ContactRow, GapRow, MessageRow, MetaRow, NoticeRow, RoomRow } from "./schema.ts";
import type { DeviceListRow, PinRow } from "./device-rows.ts";
import type { Change } from "./copy.ts";

export type Counts = { readonly unread: number; readonly beforeDevice: number };

/** What a commit touched, as far as pages care. */
export type Touched = {
  readonly chats: ReadonlySet<BareJid>;
  readonly messages: ReadonlyMap<
    BareJid,
    { readonly rows: readonly MessageRow[]; readonly removed: readonly string[] }
  >;
  readonly notices: boolean;
  readonly gaps: boolean;
  readonly devices: ReadonlySet<BareJid>;
  /** A pre-key was used, or a device is owed an answer or a new session. */
  readonly debts: boolean;
  /** Somebody is to be told that a message has arrived, or was read. */
  readonly receipts: boolean;
};

export class Mirror {
  readonly chats = new Map<BareJid, ChatRow>();
  readonly contacts = new Map<BareJid, ContactRow>();
  readonly deviceLists = new Map<BareJid, DeviceListRow>();
  readonly pins = new Map<string, PinRow>();
  readonly notices = new Map<string, NoticeRow>();
  readonly gaps = new Map<string, GapRow>();
  readonly rooms = new Map<BareJid, RoomRow>();
  readonly counts = new Map<BareJid, Counts>();
  /** This database is older than what was sent from it: nothing may be encrypted with its ratchets any more. */
  behind = false;

  static async load(database: Database): Promise<Mirror> {
    const mirror = new Mirror();
    const names = ["chats", "contacts", "deviceLists", "pins", "notices", "gaps", "rooms", "meta"] as const;
    const transaction = database.transaction(names);
    const [chats, contacts, deviceLists, pins, notices, gaps, rooms, behind] = await Promise.all([
      transaction.objectStore("chats").getAll() as Promise<ChatRow[]>,
      transaction.objectStore("contacts").getAll() as Promise<ContactRow[]>,
      transaction.objectStore("deviceLists").getAll() as Promise<DeviceListRow[]>,
      transaction.objectStore("pins").getAll() as Promise<PinRow[]>,
      transaction.objectStore("notices").getAll() as Promise<NoticeRow[]>,
      transaction.objectStore("gaps").getAll() as Promise<GapRow[]>,
      transaction.objectStore("rooms").getAll() as Promise<RoomRow[]>,
      transaction.objectStore("meta").get("behind") as Promise<MetaRow | undefined>,
    ]);
    mirror.behind = behind !== undefined;
    for (const row of chats) mirror.chats.set(row.jid, row);
    for (const row of contacts) mirror.contacts.set(row.jid, row);
    for (const row of deviceLists) mirror.deviceLists.set(row.jid, row);
    for (const row of pins) mirror.pins.set(row.address, row);
    for (const row of notices) mirror.notices.set(row.key, row);
    for (const row of gaps) mirror.gaps.set(row.gap, row);
    for (const row of rooms) mirror.rooms.set(row.jid, row);
    await mirror.count(database, [...mirror.chats.keys()]);
    return mirror;
  }

  /** Counts again what is unread and what is left out. */
  async count(database: Database, chats: readonly BareJid[]): Promise<void> {
    if (chats.length === 0) return;
    const store = database.transaction("messages").store;
    const [unread, timeline] = [store.index("unread"), store.index("timeline")];
    await Promise.all(
      chats.map(async (jid) => {
        const readTo = this.chats.get(jid)?.readTo ?? NOTHING_READ;
        const [unseen, hidden] = await Promise.all([
          unread.count(IDBKeyRange.bound([jid, 1, readTo], [jid, 2], true)),
          timeline.count(IDBKeyRange.bound([jid, 1], [jid, 2])),
        ]);
        this.counts.set(jid, { unread: unseen, beforeDevice: hidden });
      }),
    );
  }

  /** Takes over what has been committed and says what it was about. */
  apply(changes: readonly Change[]): Touched {
    const chats = new Set<BareJid>();
    const devices = new Set<BareJid>();
    const messages = new Map<BareJid, { rows: MessageRow[]; removed: string[] }>();
    const listOf = (jid: BareJid) => {
      const list = messages.get(jid) ?? { rows: [], removed: [] };
      messages.set(jid, list);
      return list;
    };
    let notices = false;
    let gaps = false;
    let debts = false;
    let receipts = false;
    for (const change of changes) {
      switch (change.store) {
        case "chats":
          this.#set(this.chats, change.key as BareJid, change.row);
          chats.add(change.key as BareJid);
          break;
        case "contacts":
          this.#set(this.contacts, change.key as BareJid, change.row);
          chats.add(change.key as BareJid);
          break;
        case "deviceLists":
          this.#set(this.deviceLists, change.key as BareJid, change.row);
          chats.add(change.key as BareJid);
          devices.add(change.key as BareJid);
          break;
        case "pins":
          this.#set(this.pins, String(change.key), change.row);
          if (change.row === undefined) break;
          devices.add(change.row.jid);
          chats.add(change.row.jid);
          break;
        case "notices":
          this.#set(this.notices, String(change.key), change.row);
          notices = true;
          break;
        case "gaps":
          this.#set(this.gaps, String(change.key), change.row);
          gaps = true;
          break;
        case "rooms":
          this.#set(this.rooms, change.key as BareJid, change.row);
          chats.add(change.key as BareJid);
          break;
        case "messages": {
          const { row, deleted } = change;
          const jid = row?.chat ?? deleted?.chat;
          if (jid === undefined) break;
          chats.add(jid);
          if (row === undefined) listOf(jid).removed.push(String(change.key));
          else listOf(jid).rows.push(row);
          break;
        }
        case "preKeys":
          debts ||= change.row?.used !== undefined;
          break;
        case "sessions":
          debts ||= change.row?.owed !== undefined;
          break;
        case "meta":
          receipts ||= change.row?.name === "receipts" && change.row.owed.length > 0;
          if (change.key === "behind") this.behind = change.row !== undefined;
          debts ||= change.row?.name === "repairs" && change.row.wanted.length > 0;
          break;
        case "identity":
        case "signedPreKeys":
        case "outbox":
          break;
        default:
          missingCase(change);
      }
    }
    return { chats, devices, messages, notices, gaps, debts, receipts };
  }

  #set<Key, Row>(map: Map<Key, Row>, key: Key, row: Row | undefined): void {
    if (row === undefined) map.delete(key);
    else map.set(key, row);
  }
}
