/** The stores of one account: everything that is kept, and the turn in which it changes. */
import type { ServerFrame } from "../../worker/contract/frames.ts";
import { ArchiveCursors } from "./archive-cursors.ts";
import { Bookmarks } from "./bookmarks.ts";
import { Browsers } from "./browsers.ts";
import { Choices } from "./choices.ts";
import { Contacts } from "./contacts.ts";
import { Conversations } from "./conversations.ts";
import { DeviceLists } from "./device-lists.ts";
import { FileLinks } from "./file-links.ts";
import { Gaps } from "../log/gaps.ts";
import { Deferred } from "../log/deferred.ts";
import { Invitations } from "./invitations.ts";
import type { Log } from "../log/log.ts";
import { Markers } from "../log/markers.ts";
import { Meta } from "./meta.ts";
import { migrate } from "./migrations.ts";
import { Outbox } from "./outbox.ts";
import { Presence } from "./presence.ts";
import { PushTargets } from "./push-targets.ts";
import { RoomBudgets } from "./room-budgets.ts";
import { Rooms } from "./rooms.ts";
import { SealedCopy } from "./sealed-copy.ts";
import { StreamStore } from "./resumable-stream.ts";
import { isStorageFull } from "../../worker/shared/storage-full.ts";
import type { AccountStorage, Fullness } from "./fullness.ts";
import { Strangers } from "./strangers.ts";
import { Typing } from "./typing.ts";

/**
 * How far an own message has come (sent, delivered, read) is told this much later: what follows within that time is one
 * frame, and browsers should not work on it while messages are being decrypted.
 */
const UNHURRIED_MS = 100;

/** The live sockets of the browsers, as far as the stores need them. */
export interface LiveSockets {
  /** Send a frame to every browser that is attached; `watched`: of those that somebody looks at. */
  broadcast(frame: ServerFrame, to?: "watched"): void;
  /** Send every attached browser what the log holds beyond what it was sent. */
  flush(): void;
  /** Whether anybody looks at any of them. */
  readonly visible: boolean;
  /** The same of those that have said so: a browser that has just come, as a hidden one does by itself, has not. */
  readonly looked: boolean;
}

export class Stores {
  readonly meta: Meta;
  readonly log: Log;
  readonly markers: Markers;
  readonly archiveCursors: ArchiveCursors;
  readonly gaps: Gaps;
  readonly deferred: Deferred;
  readonly outbox: Outbox;
  readonly browsers: Browsers;
  readonly contacts: Contacts;
  readonly conversations: Conversations;
  readonly choices: Choices;
  readonly bookmarks: Bookmarks;
  readonly copy: SealedCopy;
  readonly deviceLists: DeviceLists;
  readonly fileLinks: FileLinks;
  readonly presence: Presence;
  readonly pushTargets: PushTargets;
  readonly rooms: Rooms;
  readonly typing: Typing;
  readonly stream: StreamStore;
  readonly strangers: Strangers;
  readonly roomBudgets: RoomBudgets;
  readonly #sockets: LiveSockets;
  readonly fullness: Fullness;
  readonly #storage: AccountStorage;
  #stored: () => void = () => undefined;
  #next: ReturnType<typeof setTimeout> | undefined;
  #later: ReturnType<typeof setTimeout> | undefined;

  /** `storage` is migrated (`migrations.ts`) and guarded by `fullness`; `log` is the one that `sockets` serves from. */
  constructor(storage: AccountStorage, log: Log, sockets: LiveSockets, fullness: Fullness) {
    this.#storage = storage;
    this.fullness = fullness;
    this.#sockets = sockets;
    const { sql } = storage;
    this.meta = new Meta(sql);
    this.log = log;
    this.markers = new Markers(sql);
    this.archiveCursors = new ArchiveCursors(sql);
    this.gaps = new Gaps(sql, this.log, (archive) => archive !== this.meta.owner);
    this.deferred = new Deferred(sql);
    this.outbox = new Outbox(sql);
    this.browsers = new Browsers(sql, (change) => this.note(change));
    this.contacts = new Contacts(sql, this.log);
    this.conversations = new Conversations(sql, this.log);
    this.choices = new Choices(sql, this.meta, this.log);
    this.bookmarks = new Bookmarks(sql);
    this.copy = new SealedCopy(sql, this.meta);
    this.deviceLists = new DeviceLists(sql, (jid, devices) => sockets.broadcast({ type: "devices", jid, devices }));
    this.fileLinks = new FileLinks(sql);
    this.pushTargets = new PushTargets(sql);
    this.stream = new StreamStore(sql);
    this.strangers = new Strangers(this.meta);
    this.roomBudgets = new RoomBudgets(this.meta);
    this.presence = new Presence(sql, (presence) => sockets.broadcast({ type: "presence", presence }));
    this.typing = new Typing((frame) => sockets.broadcast(frame, "watched"));
    this.rooms = new Rooms(sql, this.log, new Invitations(this.meta), (frame) => sockets.broadcast(frame));
  }

  /** Called whenever the log has grown, after the browsers that are attached were told. */
  onStored(stored: () => void): void {
    this.#stored = stored;
  }

  /** Make the tables again after the storage was emptied. */
  prepare(): void {
    migrate(this.#storage.sql);
  }

  /**
   * Everything that `change` writes is stored together or not at all; then the browsers are told of new entries, in one
   * frame with what else was stored: at the end of this task, or 100 ms later where nothing is urgent (`Log.urgent`).
   */
  turn<T>(change: () => T): T {
    const { head, urgent } = this.log;
    const result = this.attempt(change);
    if (this.log.urgent !== urgent) this.#next ??= setTimeout(() => this.#flush(), 0);
    else if (this.log.head !== head) this.#later ??= setTimeout(() => this.#flush(), UNHURRIED_MS);
    return result;
  }

  /** Nothing is taken in. What is stored can be read; a turn throws what `isStorageFull` knows. */
  get full(): boolean {
    return this.fullness.full;
  }

  /** A change that nobody waits for (who is here, since when): in a storage that is full it is left undone. */
  note(change: () => void): void {
    try {
      this.attempt(change);
    } catch (error) {
      if (!isStorageFull(error)) throw error;
    }
  }

  /** Part of a turn that can be rolled back alone. Throws what `change` throws. */
  attempt<T>(change: () => T): T {
    try {
      return this.#storage.transactionSync(change);
    } catch (error) {
      this.log.reload();
      throw error;
    }
  }

  #flush(): void {
    for (const timer of [this.#next, this.#later]) if (timer !== undefined) clearTimeout(timer);
    this.#next = undefined;
    this.#later = undefined;
    this.#sockets.flush();
    this.#stored();
  }
}
