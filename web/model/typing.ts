/** Who writes to us now, as others tell it (XEP-0085), and the words for it. */
import { type ReadonlySignal, signal } from "@preact/signals-core";
import type { BareJid } from "../../worker/contract/names.ts";
import { plural, text } from "../i18n/text.ts";
import { shownName } from "../words/names.ts";

/**
 * After so long without a word of it nobody is believed to write any more. A person who goes on tells nothing new in
 * between (§5.3), and whoever went away in the middle of it never says so.
 */
const BELIEVED_MS = 2 * 60_000;

type Writers = ReadonlyMap<BareJid, readonly string[]>;

export class Typing {
  readonly #now = signal<Writers>(new Map());
  readonly #timers = new Map<BareJid, ReturnType<typeof setTimeout>>();

  /** By conversation: in a room the nicknames, else one empty name. */
  get now(): ReadonlySignal<Writers> {
    return this.#now;
  }

  /** As it is told; it ends by itself. */
  tell(chat: BareJid, who: readonly string[]): void {
    clearTimeout(this.#timers.get(chat));
    this.#timers.delete(chat);
    if (who.length > 0)
      this.#timers.set(
        chat,
        setTimeout(() => this.tell(chat, []), BELIEVED_MS),
      );
    if (who.length === 0 && !this.#now.peek().has(chat)) return;
    const next = new Map(this.#now.peek());
    if (who.length === 0) next.delete(chat);
    else next.set(chat, who);
    this.#now.value = next;
  }

  /** Nobody would tell. */
  clear(): void {
    for (const chat of [...this.#now.peek().keys()]) this.tell(chat, []);
  }
}

/** "Anna is typing…"; undefined where nobody does. `name`: of whoever a conversation is with. */
export function typingWords(who: readonly string[] | undefined, name: string): string | undefined {
  const [first, second, ...more] = who ?? [];
  if (first === undefined) return undefined;
  const called = (nick: string) => (nick === "" ? name : shownName(nick, "?"));
  if (second === undefined) return text("typing--one", { name: called(first) });
  if (more.length === 0) return text("typing--two", { first: called(first), second: called(second) });
  return plural("typing--more", 2 + more.length);
}
