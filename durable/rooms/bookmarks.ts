/**
 * Rooms that all clients of the account share (XEP-0402): entered here, they are written to the account's server; entered,
 * renamed or left by another client, they are so here. A room is in or out as the object wants it (`occupancy.ts`); what the
 * server remembers changes that wish, and nothing else does it for us.
 */
import type { Result } from "../../worker/contract/failures.ts";
import type { BareJid } from "../../worker/contract/names.ts";
import type { SavedRoom } from "../../worker/contract/rooms.ts";
import { LIMITS } from "../../worker/contract/limits.ts";
import { drop } from "../../worker/shared/drop.ts";
import { localOf } from "../../worker/shared/jid.ts";
import { missingCase } from "../../worker/shared/missing-case.ts";
import { Mutex } from "../../worker/shared/mutex.ts";
import type { BookmarksEvent, StanzaEvent } from "../ingest/stanza-event.ts";
import { failureOfRequest } from "../link/iq.ts";
import { publishItem } from "../pep/publish.ts";
import type { Room } from "../store/room.ts";
import type { Stores } from "../store/stores.ts";
import { type Bookmark, BOOKMARKS_COMPAT, buildBookmark, NS_BOOKMARKS, parseBookmark } from "../xep/bookmarks.ts";
import { buildRetract, FEATURE_PUBLISH_OPTIONS, parseItems, PRIVATE_NODE, requestItem } from "../xep/pubsub.ts";
import type { RoomLink } from "./administration.ts";
import { bookmarkStep } from "./bookmark-step.ts";
import { askRoom } from "./kind.ts";
import type { RoomOccupancy } from "./occupancy.ts";
import { isCut, readBookmarks } from "./read-bookmarks.ts";

/** Rooms that one list makes us enter: each is a stream of presence, and whoever can write there could fill the object. */
export const ENTERED_MAX = 100;

/** A server that could not be asked about a room is asked again so much later; then on the next stream. */
const AGAIN_MS = [30_000, 5 * 60_000] as const;
type Link = Pick<RoomLink, "live" | "request">;

export class RoomBookmarks {
  readonly #stores: Stores;
  readonly #link: Link;
  readonly #rooms: Pick<RoomOccupancy, "join" | "leave">;
  readonly #writes = new Mutex();
  /** Rooms that are being written: what is told of them meanwhile may be older than that. */
  readonly #writing = new Set<BareJid>();
  /** The server has taken the last one, or has said so of all. */
  #kept = false;

  constructor(stores: Stores, link: Link, rooms: Pick<RoomOccupancy, "join" | "leave">) {
    this.#stores = stores;
    this.#link = link;
    this.#rooms = rooms;
  }

  /** On each new stream, after the rooms that are wanted were begun. `pep`: the server has nodes of the account (XEP-0163). */
  async begin(pep: boolean): Promise<void> {
    const features = this.#stores.meta.get("server-features") ?? [];
    // Without options a node could become one that all contacts read.
    this.#kept = pep && features.includes(FEATURE_PUBLISH_OPTIONS);
    const told = await readBookmarks(this.#link, { pep, compat: features.includes(BOOKMARKS_COMPAT) });
    if (told === undefined) return;
    const { bookmarks, rooms } = this.#stores;
    const known = bookmarks.all();
    // Storage that was lost looks as one that was emptied: a room is no less wanted for that.
    const lost = told.bookmarks.size === 0 && known.length > 0;
    if (lost) this.#forgetAll();
    const here = rooms.all().flatMap(({ jid, wanted }) => (wanted ? [jid] : []));
    const jids = new Set([...told.bookmarks.keys(), ...(lost ? [] : known.map(({ jid }) => jid)), ...here]);
    const missing = known.some(({ jid }) => !told.bookmarks.has(jid));
    const cut = missing && (!told.whole || (await isCut(this.#link, told)));
    const left = { enter: ENTERED_MAX };
    for (const jid of jids) {
      const now = told.bookmarks.get(jid);
      if (now === undefined && cut && !lost && bookmarks.get(jid)?.owes !== true) continue;
      await this.#act(jid, now, left);
    }
  }

  /** The stream goes on where it was: what could not be written meanwhile is. */
  resumed(): void {
    const features = this.#stores.meta.get("server-features") ?? [];
    this.#kept = features.includes(FEATURE_PUBLISH_OPTIONS);
    for (const { jid, owes } of this.#stores.bookmarks.all()) if (owes) drop(this.#tell(jid));
  }

  /** A stanza has told of them; inside a turn, so what follows from it comes after that. */
  told(events: readonly StanzaEvent[]): void {
    for (const event of events) {
      if (event.kind === "bookmarks") drop(Promise.resolve().then(() => this.#changed(event)));
    }
  }

  /** A person has entered a room here. */
  entered(jid: BareJid, nick: string, password: string | undefined): void {
    const { bookmarks, rooms } = this.#stores;
    const known = bookmarks.get(jid);
    const room = rooms.get(jid);
    const secret = password ?? room?.password;
    this.#stores.turn(() =>
      bookmarks.put({
        ...known,
        jid,
        nick,
        autojoin: true,
        owes: true,
        ...(room?.name !== undefined && known?.name === undefined && { name: room.name }),
        ...(secret !== undefined && { password: secret }),
      }),
    );
    drop(this.#tell(jid));
  }

  /** A person has left it here: it is remembered, and nobody is in it by themselves. */
  left(jid: BareJid): void {
    const { bookmarks, rooms } = this.#stores;
    const name = rooms.get(jid)?.name;
    const known = bookmarks.get(jid) ?? { jid, ...(name !== undefined && { name }) };
    this.#stores.turn(() => bookmarks.put({ ...known, autojoin: false, owes: true }));
    drop(this.#tell(jid));
  }

  /** Rooms that are remembered and not entered. `kept`: other clients of the account see the same. */
  list(): { readonly rooms: readonly SavedRoom[]; readonly kept: boolean } {
    const { bookmarks, rooms } = this.#stores;
    const out = bookmarks.all().filter(({ jid }) => rooms.get(jid)?.wanted !== true);
    return { rooms: out.map(({ jid, name }) => ({ jid, ...(name !== undefined && { name }) })), kept: this.#kept };
  }

  /** It is remembered no more. Fails with `offline`, `peer-refused`. */
  async forget(jid: BareJid): Promise<Result<{ readonly done: true }>> {
    if (this.#kept) {
      const answer = await this.#writes.run(() => this.#link.request(buildRetract(NS_BOOKMARKS, jid)));
      const gone = answer.ok || (answer.error.kind === "stanza-error" && answer.error.condition === "item-not-found");
      if (!gone) return { ok: false, error: failureOfRequest(answer.error) };
    }
    this.#stores.turn(() => this.#stores.bookmarks.remove(jid));
    return { ok: true, value: { done: true } };
  }

  async #changed({ put, gone, all }: BookmarksEvent): Promise<void> {
    if (all) this.#forgetAll();
    const left = { enter: ENTERED_MAX };
    for (const bookmark of put) if (!this.#writing.has(bookmark.jid)) await this.#act(bookmark.jid, bookmark, left);
    for (const jid of gone) if (!this.#writing.has(jid)) await this.#act(jid, undefined, left);
  }

  async #act(jid: BareJid, told: Bookmark | undefined, left: { enter: number }): Promise<void> {
    const { bookmarks, rooms } = this.#stores;
    const known = bookmarks.get(jid);
    const room = rooms.get(jid);
    const step = bookmarkStep(known, told, room);
    switch (step) {
      case "nothing":
        if (!known?.owes && room?.tentative !== true) this.#note(jid, told);
        return;
      case "tell":
        return this.#tell(jid);
      case "leave":
        if ((await this.#rooms.leave(jid)).ok) this.#note(jid, told);
        return;
      case "rename":
      case "enter": {
        if (told === undefined) return;
        // Until it is entered it counts as one that is not: the next stream tries again.
        if (step === "enter") this.#note(jid, { ...told, autojoin: false });
        if (left.enter <= 0) return;
        left.enter -= 1;
        // Rooms are entered side by side: one may take half a minute to say no.
        drop(step === "enter" ? this.#enter(told) : this.#join(told));
        return;
      }
      default:
        missingCase(step);
    }
  }

  /**
   * Only what says that it is a room: an address of somebody would be told that we are here, and a room that is gone would be
   * made anew by whoever comes in.
   */
  async #enter(told: Bookmark, tries = 0): Promise<void> {
    const { jid } = told;
    const { kind } = await askRoom(this.#link, jid);
    if (kind === "told") await this.#join(told);
    const wait = AGAIN_MS[tries];
    if (kind !== "unknown" || wait === undefined) return;
    setTimeout(() => {
      const known = this.#stores.bookmarks.get(jid);
      const stands = known !== undefined && !known.owes && this.#stores.rooms.get(jid)?.wanted !== true;
      if (stands && this.#link.live) drop(this.#enter(told, tries + 1));
    }, wait);
  }

  async #join(told: Bookmark): Promise<void> {
    const { jid, nick = this.#nick, password } = told;
    const entered = await this.#rooms.join(jid, { nick, ...(password !== undefined && { password }) });
    if (entered.ok) this.#note(jid, told);
  }

  /** As the server has it. */
  #note(jid: BareJid, told: Bookmark | undefined): void {
    const { bookmarks } = this.#stores;
    const known = bookmarks.get(jid);
    if (JSON.stringify(known) === JSON.stringify(told)) return;
    this.#stores.turn(() => (told === undefined ? bookmarks.remove(jid) : bookmarks.put(told)));
  }

  #forgetAll(): void {
    const { bookmarks } = this.#stores;
    this.#stores.turn(() => {
      for (const { jid, owes } of bookmarks.all()) if (!owes) bookmarks.remove(jid);
    });
  }

  /** Writes what is so here, into what stands there now. */
  async #tell(jid: BareJid): Promise<void> {
    if (!this.#kept || !this.#link.live) return;
    this.#writing.add(jid);
    try {
      await this.#writes.run(() => this.#write(jid));
    } finally {
      this.#writing.delete(jid);
    }
  }

  async #write(jid: BareJid): Promise<void> {
    const { bookmarks, rooms } = this.#stores;
    const found = await this.#link.request(requestItem(NS_BOOKMARKS, jid));
    if (!found.ok && found.error.kind !== "stanza-error") return;
    const items = found.ok ? (parseItems(found.value, NS_BOOKMARKS) ?? []) : [];
    const before = items.find(({ id }) => id === jid)?.payload;
    // Now, for somebody may have changed their mind meanwhile.
    const room = rooms.get(jid);
    const known = bookmarks.get(jid) ?? { jid, autojoin: false };
    if (room?.tentative) return;
    const wanted = told(known, room);
    const item = buildBookmark(wanted, before);
    if (item === undefined) return;
    const answer = await publishItem(this.#link, NS_BOOKMARKS, item, PRIVATE_NODE);
    const now = told(bookmarks.get(jid) ?? known, rooms.get(jid));
    if (answer.ok && JSON.stringify(now) === JSON.stringify(wanted))
      this.#stores.turn(() => bookmarks.put(parseBookmark(item) ?? wanted));
    else if (!answer.ok && answer.error.kind === "stanza-error") this.#kept = false;
  }

  get #nick(): string {
    return localOf(this.#stores.meta.account).slice(0, LIMITS.nickLength);
  }
}

/** What the server is to remember of a room as it is here. */
function told(
  { jid, ...known }: Bookmark,
  room: Pick<Room, "wanted" | "nick" | "name" | "password"> | undefined,
): Bookmark {
  const name = known.name ?? room?.name;
  const nick = known.nick ?? room?.nick;
  const password = known.password ?? room?.password;
  return {
    jid,
    autojoin: room?.wanted === true,
    ...(name !== undefined && { name }),
    ...(nick !== undefined && { nick }),
    ...(password !== undefined && { password }),
  };
}
