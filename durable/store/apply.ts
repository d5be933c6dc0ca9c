/** Applies what stanzas mean to the stores: the events of one stanza, in one turn. */
import type { MessageContent } from "../../worker/contract/entries.ts";
import type { Failure } from "../../worker/contract/failures.ts";
import type { BareJid, DeviceId, EntryId, Position, Seq, Time } from "../../worker/contract/names.ts";
import { replyInLog, targetInLog } from "./reply-names.ts";
import type { StanzaEvent, MessageEvent, UnreadableEvent } from "../ingest/stanza-event.ts";
import { missingCase } from "../../worker/shared/missing-case.ts";
import { report } from "../../worker/shared/report.ts";
import { type Look, Looks } from "./looks.ts";
import { isStorageFailure } from "./storage-failure.ts";
import type { Stores } from "./stores.ts";
import { writeTo } from "./first-word.ts";
import type { BlockChange } from "../xep/blocking.ts";
import { REQUESTS_MAX } from "./strangers.ts";

/**
 * The position for a message that is not in the log yet; undefined: at the end. It is called for known messages, too,
 * with their position.
 */
export type Positioner = (known: Position | undefined, own: boolean) => Position | undefined;

/** In the place of a name that is not known. */
const NOBODY = "" as BareJid;

const AT_THE_END: Positioner = () => undefined;

export class Applier {
  readonly #stores: Stores;
  readonly #looks = new Looks();

  constructor(stores: Stores) {
    this.#stores = stores;
  }

  /**
   * The events of one stanza, synchronously and all or none. A poison stanza, on which this program
   * throws, leaves a marker in its place (T61): unacknowledged, it would come again for ever. `history`: it is read
   * backwards, a page when it is wanted, so strangers have no budget for it. Throws only on a storage failure.
   */
  apply(events: readonly StanzaEvent[], positioner: Positioner = AT_THE_END, history = false): void {
    this.#orMarkers(events, (all) => {
      for (const event of all) this.#one(event, positioner, history);
    });
  }

  /** Keep the events of one stanza out of the log until older ones are in it. */
  defer(archive: BareJid, events: readonly StanzaEvent[]): void {
    const devices = this.#stores.browsers.devices();
    this.#orMarkers(events, (all) => {
      const kept = all.map((event) =>
        event.kind === "message" ? { ...event, content: keepKeysOf(event.content, devices) } : event,
      );
      this.#stores.deferred.put(archive, kept, this.#strangerOf(kept));
    });
  }

  /** The server has it: acknowledged on the stream, or seen in its archive. */
  settle(client: string): void {
    if (!this.#stores.outbox.settle(client)) return;
    const own = this.#stores.log.own(this.#stores.meta.account, client);
    if (own) this.#advance(own.id, "sent");
  }

  /** It will not be sent again: its browser is told why. What answers others' messages goes without a word. */
  refuse(client: string, failure: Failure): void {
    const { log, meta, outbox } = this.#stores;
    const own = log.own(meta.account, client);
    if (!own) outbox.settle(client);
    else if (outbox.waits(client)) {
      outbox.fail(own.seq, client);
      this.#failed(own.id, failure);
    }
  }

  #one(event: StanzaEvent, positioner: Positioner, history: boolean): void {
    const { log, markers, outbox, contacts, conversations, deviceLists, presence, rooms, typing } = this.#stores;
    const { account } = this.#stores.meta;
    switch (event.kind) {
      case "message":
        this.#message(event, positioner, history);
        return;
      case "unreadable":
        this.#unreadable(event, positioner, history);
        return;
      case "receipt": {
        const own = log.own(account, event.of);
        if (own?.chat !== event.chat) return;
        this.#advance(own.id, event.state, event.at);
        if (event.upTo) {
          for (const id of markers.ownBefore(account, event.chat, own.position, event.state))
            this.#advance(id, event.state, event.at);
        }
        return;
      }
      case "read-elsewhere": {
        const { chat, upTo } = event;
        const read = "origin" in upTo ? markers.marked(chat, upTo.origin) : markers.archived(upTo.by, upTo.id);
        if (read !== undefined && read.chat === chat) conversations.read(chat, read.position);
        return;
      }
      case "bounce": {
        const own = log.own(account, event.of);
        if (own?.chat !== event.chat) return;
        outbox.fail(own.seq, event.of);
        this.#failed(own.id, { kind: "peer-refused", detail: event.condition });
        return;
      }
      case "contact":
        contacts.put(event);
        if (!this.#isSubscribedTo(event.jid)) presence.forget(event.jid);
        return;
      case "request":
        if (event.pending) this.#ask(event.jid);
        else contacts.endRequest(event.jid, false);
        return;
      case "invitation": {
        const { kind: _, ...invitation } = event;
        rooms.invited(invitation);
        return;
      }
      case "presence":
        // Only those whom we asked to show it; a stranger could fill the memory with theirs.
        if (this.#isSubscribedTo(event.jid)) presence.put(event);
        if (!event.available) typing.stop(event.jid);
        return;
      case "typing":
        if (this.#showsTyping(event.chat)) typing.put(event);
        return;
      case "block":
        this.#block(event.change);
        return;
      case "nick":
        // Of strangers not: the name that they give themselves says nothing about them (S18).
        if (this.#looksOtherwise(event) && this.#looks.take(event, Date.now())) contacts.setNick(event.jid, event.nick);
        return;
      case "picture":
        if (this.#looksOtherwise(event) && this.#looks.take(event, Date.now())) contacts.setPicture(event);
        return;
      case "devices":
        if (event.jid === account || deviceLists.get(event.jid) || this.#isSubscribedTo(event.jid)) {
          deviceLists.put(event.jid, event.devices as readonly DeviceId[]);
        }
        return;
      case "bookmarks":
        // What is to be done about them takes more than a turn (`rooms/bookmarks.ts`).
        return;
      default:
        missingCase(event);
    }
  }

  /** Of contacts and in rooms where we are; and of nobody where the person does not tell it either. */
  #showsTyping(chat: BareJid): boolean {
    const { choices, rooms } = this.#stores;
    const room = rooms.get(chat);
    const known = room === undefined ? this.#isSubscribedTo(chat) : room.state === "joined";
    return known && choices.settings.typing;
  }

  #block(change: BlockChange): void {
    const { contacts } = this.#stores;
    if (change.kind === "none-blocked") contacts.replaceBlocked([]);
    else for (const jid of change.jids) contacts.setBlocked(jid, change.kind === "blocked");
  }

  #orMarkers(events: readonly StanzaEvent[], take: (events: readonly StanzaEvent[]) => void): void {
    try {
      this.#stores.attempt(() => take(events));
    } catch (error) {
      if (isStorageFailure(error)) throw error;
      report("a stanza was stepped over", error);
      const markers = events.flatMap(markerOf);
      if (markers.length > 0) this.#stores.attempt(() => take(markers));
    }
  }

  #message(event: MessageEvent, positioner: Positioner, history: boolean): void {
    const { log, browsers, contacts, conversations, typing } = this.#stores;
    if (!event.outgoing) typing.stop(event.chat, event.occupant?.nick ?? "");
    const content = keepKeysOf(event.content, browsers.devices());
    const known = log.learnArchiveId(event);
    const own = event.outgoing || event.sender === this.#stores.meta.account;
    const position = positioner(known?.position, own);
    const taken = known || history ? "keep" : this.#budgetOf(event);
    if (taken === "mark") log.insert(floodMarkerOf(event), position);
    if (taken !== "keep") return;
    const reply = event.reply && replyInLog(log, event.chat, event.reply);
    const act = event.act && { ...event.act, of: targetInLog(log, event.chat, event.act.of) };
    if (!known) log.insert({ ...event, content, ...(reply && { reply }), ...(act && { act }) }, position);
    if (event.sender === this.#stores.meta.account && event.originId !== undefined) this.settle(event.originId);
    const shows = content.kind === "omemo" ? content.omemo.payload !== undefined : content.kind !== "none";
    if (content.kind === "omemo" && shows) conversations.setEncrypted(event.chat);
    if (!event.outgoing || !shows) return;
    // By another client of ours. What is read again, of long ago, welcomes and forgives nobody.
    if (known || history) conversations.setWrittenTo(event.chat);
    else {
      writeTo(this.#stores, event.chat);
      contacts.forgive(event.chat);
    }
  }

  /** What cannot be read costs a row as well, and is made with less: an element with many attributes is enough (S8). */
  #unreadable(event: UnreadableEvent, positioner: Positioner, history: boolean): void {
    const { log } = this.#stores;
    const known = log.learnArchiveId(event);
    const position = positioner(known?.position, event.outgoing);
    if (known) return;
    const taken = history ? "keep" : this.#budgetOf(event);
    if (taken !== "leave") log.insert(taken === "mark" ? floodMarkerOf(event) : event, position);
  }

  /**
   * Whether there is room for what is new: for a stranger's and for what others say in a room within limits, and all that
   * names nobody is one stranger's.
   */
  #budgetOf(event: MessageEvent | UnreadableEvent): "keep" | "mark" | "leave" {
    const { chat, occupant, outgoing, sender } = event;
    const { meta, rooms, roomBudgets } = this.#stores;
    if (chat !== undefined && rooms.get(chat) !== undefined) {
      // A room may write as itself, which names no occupant, and under our name.
      const own = outgoing || sender === meta.account;
      return roomBudgets.take(
        { room: chat, occupant: occupant?.id ?? occupant?.nick ?? "", own },
        lengthOf(event),
        Date.now(),
      );
    }
    return this.#isOfStranger(event) ? this.#stores.strangers.take(event.chat ?? NOBODY, Date.now()) : "keep";
  }

  /** Receipts come more than once and again from the archive: only what was not known becomes an entry. */
  #advance(message: EntryId, state: "sent" | "delivered" | "read", at?: Time): void {
    const { log } = this.#stores;
    if (log.advance(message, state)) log.append({ kind: "progress", message, state, ...(at !== undefined && { at }) });
  }

  /** A server tells again what was passed over, at the beginning of each stream (RFC 6121 §3.1.3). */
  #ask(jid: BareJid): void {
    const { contacts, strangers } = this.#stores;
    const known = contacts.get(jid);
    if (known.request || known.declined || known.blocked) return;
    const stranger = known.subscription === "none" || known.subscription === "removed";
    if (stranger && !known.asked) {
      if (contacts.requests() >= REQUESTS_MAX || strangers.take(jid, Date.now()) !== "keep") return;
    }
    contacts.ask(jid);
  }

  /** Not on the roster, not asked, never written to, no room of ours, nobody of this account. */
  #isOfStranger({ chat, sender, outgoing }: MessageEvent | UnreadableEvent): boolean {
    const { meta, contacts, conversations, rooms } = this.#stores;
    if (chat === undefined) return !outgoing;
    if (outgoing || sender === meta.account || chat === meta.account) return false;
    const { subscription, asked } = contacts.get(chat);
    if (asked || (subscription !== "none" && subscription !== "removed")) return false;
    return !conversations.writtenTo(chat) && rooms.get(chat) === undefined;
  }

  /** Who has sent all of this, where that is a stranger. */
  #strangerOf(events: readonly StanzaEvent[]): string | undefined {
    const messages = events.flatMap((event) =>
      event.kind === "message" || event.kind === "unreadable" ? [event] : [],
    );
    const [first] = messages;
    if (first === undefined || messages.length < events.length) return undefined;
    return messages.every((event) => this.#isOfStranger(event)) ? (first.chat ?? NOBODY) : undefined;
  }

  #isSubscribedTo(jid: BareJid): boolean {
    const { subscription } = this.#stores.contacts.get(jid);
    return subscription === "to" || subscription === "both";
  }

  /** What they say about themselves is kept: ourselves, and contacts. */
  /** How somebody looks who has changed that too often: the newest of it, once its time has come (S8). */
  catchUp(now: Time): void {
    const due = this.#looks.due(now);
    if (due.length === 0) return;
    const { contacts } = this.#stores;
    this.#stores.turn(() => {
      for (const look of due) {
        if (!this.#isKnown(look.jid)) continue;
        if (look.kind === "nick") contacts.setNick(look.jid, look.nick);
        else contacts.setPicture(look);
      }
    });
  }

  /** What is known, or said by whom it does not count, costs nothing. */
  #looksOtherwise(look: Look): boolean {
    if (!this.#isKnown(look.jid)) return false;
    const { contacts } = this.#stores;
    const { nick, picture } = contacts.get(look.jid);
    if (look.kind === "picture" && look.by === "presence" && contacts.picture(look.jid)?.by === "node") return false;
    if (look.kind === "nick" ? look.nick !== nick : look.id !== picture) return true;
    this.#looks.forget(look);
    // Who says so may be another one.
    if (look.kind === "picture") contacts.setPicture(look);
    return false;
  }

  #isKnown(jid: BareJid): boolean {
    return jid === this.#stores.meta.account || this.#isSubscribedTo(jid);
  }

  #failed(message: EntryId, failure: Failure): Seq {
    return this.#stores.log.append({ kind: "progress", message, state: "failed", failure });
  }
}

/** What it takes in the log, about: of its keys only those for our browsers are kept. */
function lengthOf(event: MessageEvent | UnreadableEvent): number {
  if (event.kind === "unreadable" || event.content.kind === "unreadable") return 0;
  if (event.content.kind !== "omemo") return JSON.stringify(event.content).length;
  return event.content.omemo.payload?.length ?? 0;
}

/** In the place of the first message that somebody sent too many. */
function floodMarkerOf(event: MessageEvent | UnreadableEvent): UnreadableEvent {
  if (event.kind === "unreadable") return { ...event, why: "flood" };
  const { content: _, ...named } = event;
  return { ...named, kind: "unreadable", why: "flood" };
}

/** What is left of a message where taking it in failed. */
function markerOf(event: StanzaEvent): readonly UnreadableEvent[] {
  if (event.kind === "unreadable") return [event];
  if (event.kind !== "message") return [];
  const { content: _, ...named } = event;
  return [{ ...named, kind: "unreadable" }];
}

/** Keys for devices that are none of this account's browsers are not stored. */
export function keepKeysOf(content: MessageContent, devices: ReadonlySet<DeviceId>): MessageContent {
  if (content.kind !== "omemo") return content;
  const keys = content.omemo.keys.filter((key) => devices.has(key.rid));
  return { kind: "omemo", omemo: { ...content.omemo, keys } };
}
