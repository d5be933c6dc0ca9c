/**
 * What browsers say of somebody who writes, passed on (XEP-0085) to those who may know and within limits. What was told is
 * known in memory alone: after a reset the next change is told.
 */
import type { TypingState } from "../../worker/contract/frames.ts";
import type { BareJid, BrowserId } from "../../worker/contract/names.ts";
import type { CurrentLink } from "../connection/current-link.ts";
import type { Stores } from "../store/stores.ts";
import { buildTyping } from "../xep/chat-states.ts";
import { isPrivate } from "../xep/muc.ts";

/** In a room with more people than this nobody is told: each change would go to all of them. */
export const TYPING_ROOM_MAX = 20;
/** Changes in one conversation within a minute; a person who writes makes fewer, whatever is beyond is not told. */
export const TYPING_PER_MINUTE = 20;
const MINUTE_MS = 60_000;
/** Conversations of which is known what was told. */
const CHATS_MAX = 50;

type Told = { readonly state: TypingState; readonly by: BrowserId; readonly times: readonly number[] };

export class Composing {
  readonly #stores: Stores;
  readonly #link: Pick<CurrentLink, "caughtUp" | "send">;
  readonly #told = new Map<BareJid, Told>();

  constructor(stores: Stores, link: Pick<CurrentLink, "caughtUp" | "send">) {
    this.#stores = stores;
    this.#link = link;
  }

  /** A browser says what is done in its composer. */
  say(by: BrowserId, chat: BareJid, state: TypingState, now = Date.now()): void {
    const before = this.#told.get(chat);
    const same = before === undefined ? state !== "composing" : before.state === state;
    if (same || !this.#link.caughtUp || !this.#mayTell(chat)) return;
    const times = (before?.times ?? []).filter((at) => at > now - MINUTE_MS);
    // The end of it is always told: nobody is to be seen writing who does not.
    if (times.length >= TYPING_PER_MINUTE && state === "composing") return;
    this.#tell(chat, state);
    this.#told.delete(chat);
    this.#told.set(chat, { state, by, times: [...times, now] });
    const [oldest] = this.#told.keys();
    if (this.#told.size > CHATS_MAX && oldest !== undefined) this.#told.delete(oldest);
  }

  /** That browser is gone: whatever it was writing it does not go on with. */
  gone(by: BrowserId): void {
    for (const [chat, told] of this.#told)
      if (told.by === by && told.state === "composing") this.say(by, chat, "paused");
  }

  /**
   * A message leaves for that conversation. True where somebody was told that it is being written: the message then says
   * that this is over (§5.1), and else nothing of the kind.
   */
  ended(chat: BareJid): boolean {
    const told = this.#told.get(chat);
    if (told === undefined || told.state === "active") return false;
    this.#told.set(chat, { ...told, state: "active" });
    return true;
  }

  /** Only a contact who is there and sees when we are, and a private room that is small. */
  #mayTell(chat: BareJid): boolean {
    const { meta, contacts, presence, rooms, choices } = this.#stores;
    if (!choices.settings.typing || chat === meta.account) return false;
    const room = rooms.get(chat);
    if (room === undefined) {
      const { subscription, blocked } = contacts.get(chat);
      return subscription === "both" && !blocked && presence.isHere(chat);
    }
    const people = rooms.occupants.count(chat);
    const closed = room.features !== undefined && isPrivate(room.features);
    return room.state === "joined" && closed && people > 1 && people <= TYPING_ROOM_MAX;
  }

  #tell(to: BareJid, state: TypingState): void {
    const room = this.#stores.rooms.get(to) !== undefined;
    this.#link.send(buildTyping({ to, id: crypto.randomUUID(), state, room }));
  }
}
