/**
 * Who is writing to us now (XEP-0085), told to the browsers that somebody looks at. Nothing of it is kept: whoever is told
 * late has missed nothing.
 */
import type { ServerFrame } from "../../worker/contract/frames.ts";
import type { BareJid, Time } from "../../worker/contract/names.ts";
import type { TypingEvent } from "../ingest/stanza-event.ts";

/** Whatever comes within this time is told together, so that nobody can have browsers told of them without end. */
const TELL_EVERY_MS = 1_000;
/** More than anybody follows; and nobody can fill the memory. */
const CHATS_MAX = 50;
const WRITERS_MAX = 20;
/** After so long without a word of it nobody writes any more, whether they have said so or not; pages believe it no longer. */
const BELIEVED_MS = 2 * 60_000;

type TypingFrame = Extract<ServerFrame, { readonly type: "typing" }>;

export class Typing {
  readonly #tell: (frame: TypingFrame) => void;
  /** By conversation and name, since when. */
  readonly #writers = new Map<BareJid, ReadonlyMap<string, Time>>();
  readonly #changed = new Set<BareJid>();
  #toldAt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(tell: (frame: TypingFrame) => void) {
    this.#tell = tell;
  }

  /** Somebody writes, or no longer; `nick`: in a room. */
  put({ chat, nick = "", composing }: Pick<TypingEvent, "chat" | "nick" | "composing">): void {
    this.#forget();
    const before = this.#writers.get(chat) ?? new Map<string, Time>();
    if (before.has(nick) === composing) return;
    if (!composing) this.#set(chat, new Map([...before].filter(([other]) => other !== nick)));
    else if (before.size < WRITERS_MAX && (before.size > 0 || this.#writers.size < CHATS_MAX))
      this.#set(chat, new Map([...before, [nick, Date.now()]]));
  }

  /**
   * Whoever writes there, or one of them, does so no longer: a message has come of it, or they have gone. Told at once, for
   * the message is too.
   */
  stop(chat: BareJid, nick?: string): void {
    if (nick !== undefined) this.put({ chat, nick, composing: false });
    else if (this.#writers.has(chat)) this.#set(chat, new Map());
    if (!this.#changed.has(chat)) return;
    if (this.#timer !== undefined) clearTimeout(this.#timer);
    this.#flush();
  }

  /** Nobody does. */
  clear(): void {
    for (const chat of [...this.#writers.keys()]) this.#set(chat, new Map());
  }

  /** For a browser that somebody has just begun to look at. */
  all(): readonly TypingFrame[] {
    this.#forget();
    return [...this.#writers.keys()].map((chat) => this.#frame(chat));
  }

  /** Of those who fell silent the pages that were told know it themselves; nobody else is to hear of them. */
  #forget(): void {
    const since = Date.now() - BELIEVED_MS;
    for (const [chat, before] of this.#writers) {
      const writers = new Map([...before].filter(([, at]) => at > since));
      if (writers.size === 0) this.#writers.delete(chat);
      else this.#writers.set(chat, writers);
    }
  }

  #set(chat: BareJid, writers: ReadonlyMap<string, Time>): void {
    if (writers.size === 0) this.#writers.delete(chat);
    else this.#writers.set(chat, writers);
    this.#changed.add(chat);
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(() => this.#flush(), Math.max(0, this.#toldAt + TELL_EVERY_MS - Date.now()));
  }

  #flush(): void {
    this.#timer = undefined;
    this.#toldAt = Date.now();
    const changed = [...this.#changed];
    this.#changed.clear();
    for (const chat of changed) this.#tell(this.#frame(chat));
  }

  #frame(chat: BareJid): TypingFrame {
    return { type: "typing", chat, who: [...(this.#writers.get(chat)?.keys() ?? [])] };
  }
}
