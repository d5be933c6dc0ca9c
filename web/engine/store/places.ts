/**
 * Up to where the messages of each conversation stand, in memory: an own message that gets its place from the object, and
 * goes back to it from behind all others, is the last one as a rule, and need not be looked up for that.
 */
import type { BareJid, Position } from "../../../worker/contract/names.ts";
import type { ChatRow, MessageRow } from "./conversation-rows.ts";
import { PENDING_POSITION } from "./pending-positions.ts";

type Place = { highest: Position; readonly pending: Set<string> };

const NOWHERE = Number.NEGATIVE_INFINITY as Position;

export class Places {
  readonly #places = new Map<BareJid, Place>();
  /** What was pending before this browser was started is not known by name. */
  readonly #unknown = new Set<BareJid>();

  constructor(chats: Iterable<ChatRow>) {
    for (const { jid, last } of chats) {
      if (last === undefined) continue;
      if (last.position >= PENDING_POSITION) this.#unknown.add(jid);
      else this.#of(jid).highest = last.position;
    }
  }

  /** A row as it was committed; of one that was deleted, what it was, where that is known. */
  note(key: string, row: MessageRow | undefined, deleted: MessageRow | undefined): void {
    const chat = (row ?? deleted)?.chat;
    if (chat === undefined) return;
    const place = this.#of(chat);
    if (row === undefined || row.position < PENDING_POSITION) place.pending.delete(key);
    else place.pending.add(key);
    if (row !== undefined && row.position < PENDING_POSITION && row.position > place.highest)
      place.highest = row.position;
  }

  /** Whether a message is surely the last one at a place of the object; false: that has to be looked up. */
  isLast(key: string, chat: BareJid, position: Position): boolean {
    if (this.#unknown.has(chat)) return false;
    const { highest, pending } = this.#of(chat);
    return highest <= position && (pending.size === 0 || (pending.size === 1 && pending.has(key)));
  }

  #of(chat: BareJid): Place {
    const place = this.#places.get(chat) ?? { highest: NOWHERE, pending: new Set<string>() };
    this.#places.set(chat, place);
    return place;
  }
}
