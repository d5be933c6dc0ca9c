/** What stanzas mean for the log: takes the drafts of one stanza in, in one turn. */
import type { BareJid, DeviceId, EntryId, Failure, MessageContent, Position, Seq } from "../../worker/contract.ts";
import { answeredInLog } from "./reply-names.ts";
import type { Draft, MessageDraft, UnreadableDraft } from "../ingest/stanza-event.ts";
import { missingCase } from "../../worker/shared/missing-case.ts";
import { isStorageFailure, report } from "./storage-failure.ts";
import type { Stores } from "./stores.ts";

/** Where a message goes that is not here yet; is told of those that are, and where they stand. */
export type Placer = (known: Position | undefined, own: boolean) => Position | undefined;

const AT_THE_END: Placer = () => undefined;

export class Intake {
  readonly #stores: Stores;

  constructor(stores: Stores) {
    this.#stores = stores;
  }

  /**
   * The drafts of one stanza, synchronously and all or none. One that makes this program stumble is stepped over and
   * leaves a marker (T61): thrown out, it would come again for ever. Throws only where nothing can be stored.
   */
  take(drafts: readonly Draft[], placer: Placer = AT_THE_END): void {
    this.#orMarkers(drafts, (all) => {
      for (const draft of all) this.#one(draft, placer);
    });
  }

  /** Keep the drafts of one stanza out of the log until older ones are in it. */
  hold(archive: BareJid, drafts: readonly Draft[]): void {
    const devices = this.#stores.browsers.devices();
    this.#orMarkers(drafts, (all) => {
      const kept = all.map((draft) =>
        draft.kind === "message" ? { ...draft, content: keepKeysOf(draft.content, devices) } : draft,
      );
      this.#stores.held.put(archive, kept);
    });
  }

  /** The server has it: acknowledged on the stream, or seen in its archive. */
  settle(client: string): void {
    if (!this.#stores.outbox.settle(client)) return;
    const own = this.#stores.log.own(this.#stores.meta.account, client);
    if (own) this.#advance(own.id, "sent");
  }

  #one(draft: Draft, placer: Placer): void {
    const { log, outbox, contacts, deviceLists, presence, rooms } = this.#stores;
    const { account } = this.#stores.meta;
    switch (draft.kind) {
      case "message":
        this.#message(draft, placer);
        return;
      case "unreadable":
        this.#unreadable(draft, placer);
        return;
      case "receipt": {
        const own = log.own(account, draft.of);
        if (own?.chat === draft.chat) this.#advance(own.id, draft.state);
        return;
      }
      case "bounce": {
        const own = log.own(account, draft.of);
        if (own?.chat !== draft.chat) return;
        outbox.fail(own.seq, draft.of);
        this.#failed(own.id, { kind: "peer-refused", detail: draft.condition });
        return;
      }
      case "contact":
        contacts.put(draft);
        return;
      case "request":
        if (draft.pending) contacts.ask(draft.jid);
        else contacts.endRequest(draft.jid, false);
        return;
      case "invitation":
        rooms.invited(draft.room, draft.by);
        return;
      case "presence":
        // Only those whom we asked to show it; a stranger could fill the memory with his.
        if (this.#isSubscribedTo(draft.jid)) presence.put(draft);
        return;
      case "devices":
        if (draft.jid === account || deviceLists.get(draft.jid) || this.#isSubscribedTo(draft.jid)) {
          deviceLists.put(draft.jid, draft.devices as readonly DeviceId[]);
        }
        return;
      default:
        missingCase(draft);
    }
  }

  #orMarkers(drafts: readonly Draft[], take: (drafts: readonly Draft[]) => void): void {
    try {
      this.#stores.attempt(() => take(drafts));
    } catch (error) {
      if (isStorageFailure(error)) throw error;
      report(error);
      const markers = drafts.flatMap(markerOf);
      if (markers.length > 0) this.#stores.attempt(() => take(markers));
    }
  }

  #message(draft: MessageDraft, placer: Placer): void {
    const { log, browsers, conversations } = this.#stores;
    const content = keepKeysOf(draft.content, browsers.devices());
    const known = log.known(draft);
    const own = draft.outgoing || draft.sender === this.#stores.meta.account;
    const position = placer(known?.position, own);
    const reply = draft.reply && answeredInLog(log, draft.chat, draft.reply);
    if (!known) log.insert({ ...draft, content, ...(reply && { reply }) }, position);
    if (draft.sender === this.#stores.meta.account && draft.originId !== undefined) this.settle(draft.originId);
    const shows = content.kind !== "omemo" || content.omemo.payload !== undefined;
    if (content.kind === "omemo" && shows) conversations.setEncrypted(draft.chat);
    if (draft.outgoing && shows) conversations.setAnswered(draft.chat);
  }

  #unreadable(draft: UnreadableDraft, placer: Placer): void {
    const { log } = this.#stores;
    const known = log.known(draft);
    const position = placer(known?.position, draft.outgoing);
    if (!known) log.insert(draft, position);
  }

  /** Receipts come more than once and again from the archive: only what is news becomes an entry. */
  #advance(message: EntryId, state: "sent" | "delivered" | "read"): void {
    const { log } = this.#stores;
    if (log.advance(message, state)) log.event({ kind: "progress", message, state });
  }

  #isSubscribedTo(jid: BareJid): boolean {
    const { subscription } = this.#stores.contacts.get(jid);
    return subscription === "to" || subscription === "both";
  }

  #failed(message: EntryId, failure: Failure): Seq {
    return this.#stores.log.event({ kind: "progress", message, state: "failed", failure });
  }
}

/** What is left of a message where taking it in failed. */
function markerOf(draft: Draft): readonly UnreadableDraft[] {
  if (draft.kind === "unreadable") return [draft];
  if (draft.kind !== "message") return [];
  const { content: _, ...named } = draft;
  return [{ ...named, kind: "unreadable" }];
}

/** Keys for devices that are none of this account's browsers are dropped at the door. */
export function keepKeysOf(content: MessageContent, devices: ReadonlySet<DeviceId>): MessageContent {
  if (content.kind !== "omemo") return content;
  const keys = content.omemo.keys.filter((key) => devices.has(key.rid));
  return { kind: "omemo", omemo: { ...content.omemo, keys } };
}
