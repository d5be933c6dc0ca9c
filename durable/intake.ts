/** What stanzas mean for the log: takes the drafts of one stanza in, in one turn. */
import type { BareJid, DeviceId, EntryId, Failure, MessageContent, Seq } from "../worker/contract.ts";
import type { Draft, MessageDraft } from "./draft.ts";
import { missingCase } from "./missing-case.ts";
import type { Stores } from "./stores.ts";

export class Intake {
  readonly #stores: Stores;

  constructor(stores: Stores) {
    this.#stores = stores;
  }

  /** Synchronous. Answers with the newest archive id of the account's own archive among the drafts. */
  take(drafts: readonly Draft[]): { readonly archiveId: string; readonly at: number } | undefined {
    let newest: { readonly archiveId: string; readonly at: number } | undefined;
    for (const draft of drafts) {
      this.#one(draft);
      if (draft.kind === "message" && draft.archive?.by === this.#stores.meta.account) {
        newest = { archiveId: draft.archive.id, at: draft.at };
      }
    }
    return newest;
  }

  /** The server has it: acknowledged on the stream, or seen in its archive. */
  settle(client: string): void {
    if (!this.#stores.outbox.settle(client)) return;
    const own = this.#stores.log.own(this.#stores.meta.account, client);
    if (own) this.#advance(own.id, "sent");
  }

  #one(draft: Draft): void {
    const { log, outbox, contacts, deviceLists, presence } = this.#stores;
    const { account } = this.#stores.meta;
    switch (draft.kind) {
      case "message":
        this.#message(draft);
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

  #message(draft: MessageDraft): void {
    const { log, browsers, conversations } = this.#stores;
    const content = keepKeysOf(draft.content, browsers.devices());
    log.message({ ...draft, content });
    if (draft.sender === this.#stores.meta.account && draft.originId !== undefined) this.settle(draft.originId);
    if (content.kind === "omemo" && content.omemo.payload !== undefined) conversations.setEncrypted(draft.chat);
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

/** Keys for devices that are none of this account's browsers are dropped at the door. */
export function keepKeysOf(content: MessageContent, devices: ReadonlySet<DeviceId>): MessageContent {
  if (content.kind !== "omemo") return content;
  const keys = content.omemo.keys.filter((key) => devices.has(key.rid));
  return { kind: "omemo", omemo: { ...content.omemo, keys } };
}
