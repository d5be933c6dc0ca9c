/** The stores of one account: everything that is kept, and the turn in which it changes. */
import { Archives } from "./archive-cursors.ts";
import { Browsers } from "./browsers.ts";
import { Contacts } from "./contacts.ts";
import { Conversations } from "./conversations.ts";
import { DeviceLists } from "./device-lists.ts";
import { Feed } from "../browsers/feed.ts";
import { Gaps } from "../log/gaps.ts";
import { Held } from "../log/deferred.ts";
import { Invitations } from "./invitations.ts";
import { Log } from "../log/log.ts";
import { Meta } from "./meta.ts";
import { migrate } from "./migrations.ts";
import { Outbox } from "./outbox.ts";
import { Presence } from "./presence.ts";
import { Rooms } from "./rooms.ts";
import { StreamStore } from "./resumable-stream.ts";

/** A tick may come a moment later than a text: it must not make every browser work while texts are being opened. */
const UNHURRIED_MS = 100;

export class Stores {
  readonly meta: Meta;
  readonly log: Log;
  readonly archives: Archives;
  readonly gaps: Gaps;
  readonly held: Held;
  readonly outbox: Outbox;
  readonly browsers: Browsers;
  readonly contacts: Contacts;
  readonly conversations: Conversations;
  readonly deviceLists: DeviceLists;
  readonly presence: Presence;
  readonly rooms: Rooms;
  readonly stream: StreamStore;
  readonly feed: Feed;
  readonly #storage: DurableObjectStorage;
  #next: ReturnType<typeof setTimeout> | undefined;
  #later: ReturnType<typeof setTimeout> | undefined;

  constructor(ctx: DurableObjectState) {
    this.#storage = ctx.storage;
    const { sql } = ctx.storage;
    this.prepare();
    this.meta = new Meta(sql);
    this.log = new Log(sql);
    this.archives = new Archives(sql);
    this.gaps = new Gaps(sql, this.log, (archive) => archive !== this.meta.get("account"));
    this.held = new Held(sql);
    this.outbox = new Outbox(sql);
    this.browsers = new Browsers(sql);
    this.contacts = new Contacts(sql, this.log);
    this.conversations = new Conversations(sql, this.log);
    this.feed = new Feed(ctx, this.log);
    this.deviceLists = new DeviceLists(sql, (jid, devices) => this.feed.broadcast({ type: "devices", jid, devices }));
    this.stream = new StreamStore(sql);
    this.presence = new Presence(sql, (presence) => this.feed.broadcast({ type: "presence", presence: [presence] }));
    this.rooms = new Rooms(sql, this.log, new Invitations(this.meta), (rooms) =>
      this.feed.broadcast({ type: "rooms", rooms }),
    );
  }

  /** Tables, where there are none yet. */
  prepare(): void {
    migrate(this.#storage.sql);
  }

  /**
   * Everything that `change` writes is stored together or not at all; then the browsers are told: as soon as what has
   * arrived with it is stored, too, or together with what comes in the next moment. One frame holds all of it.
   */
  turn<T>(change: () => T, urgency: "now" | "soon" = "now"): T {
    const result = this.attempt(change);
    if (urgency === "now") this.#next ??= setTimeout(() => this.#flush(), 0);
    else this.#later ??= setTimeout(() => this.#flush(), UNHURRIED_MS);
    return result;
  }

  /** Part of a turn that may be taken back alone. */
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
    this.feed.flush();
  }
}
