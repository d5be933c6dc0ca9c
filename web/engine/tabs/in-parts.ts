/**
 * A page that begins is given so much of a long list as it draws at first. All the others, thousands of contacts with whom
 * nothing has been said, follow in parts a moment later, so that it draws, and hears keys, before and in between.
 */
import type { BareJid } from "../../../worker/contract/names.ts";
import type { ChatSummary } from "../protocol/conversations.ts";
import type { EngineEvent, Snapshot } from "../protocol/engine.ts";

/** More silent contacts than a high window shows. */
const FIRST = 50;
/** So many are merged into the list between two frames of a slow computer. */
const PART = 500;
/** The first rows are drawn by then, also on a slow computer; and so long after each part. */
const FIRST_MS = 200;
const PART_MS = 50;

/** A name, and nothing that was said, asked or chosen: all else may be counted, announced, or above others in the list. */
function isSilent({ last, draft, choices, room, unread, relation }: ChatSummary): boolean {
  return (last ?? draft ?? choices ?? room) === undefined && unread === 0 && relation !== "request";
}

/** What a page has still to be told of the list. */
export class RestOfList {
  readonly #rest = new Map<BareJid, ChatSummary>();

  /** The snapshot as the page is given it now. `open`: the conversation that it shows. `tell`: with each part, in the order of the list. */
  cut(snapshot: Snapshot, open: BareJid | undefined, tell: (event: EngineEvent) => void): Snapshot {
    const silent = snapshot.chats.filter((chat) => isSilent(chat) && chat.jid !== open);
    if (silent.length < FIRST + PART) return snapshot;
    const { compare } = new Intl.Collator();
    for (const chat of silent.sort((a, b) => compare(a.name, b.name)).slice(FIRST)) this.#rest.set(chat.jid, chat);
    setTimeout(() => this.#tell(tell), FIRST_MS);
    return { ...snapshot, chats: snapshot.chats.filter(({ jid }) => !this.#rest.has(jid)) };
  }

  /** The page is told this: what was known of it before is out of date. */
  hear(event: EngineEvent): void {
    if (event.type === "session" || event.type === "reset") this.#rest.clear();
    else if (event.type === "chats")
      for (const jid of [...event.removed, ...event.chats.map((chat) => chat.jid)]) this.#rest.delete(jid);
  }

  /** Another engine tells all there is. */
  clear(): void {
    this.#rest.clear();
  }

  #tell(tell: (event: EngineEvent) => void): void {
    const chats = [...this.#rest.values()].slice(0, PART);
    if (chats.length === 0) return;
    for (const { jid } of chats) this.#rest.delete(jid);
    tell({ type: "chats", chats, removed: [] });
    setTimeout(() => this.#tell(tell), PART_MS);
  }
}
