/** What pages see of an account, made of its rows here and nowhere else, and told to them after every commit. */
import type { Choice } from "../../../worker/contract/choices.ts";
import type { BareJid } from "../../../worker/contract/names.ts";
import { equal } from "../../alike.ts";
import type { Account } from "../account.ts";
import type { NoticeView, OwnProfile } from "../protocol/account.ts";
import { type ChatSummary, type GapView, NOTHING_READ } from "../protocol/conversations.ts";
import type { EngineEvent } from "../protocol/engine.ts";
import type { Touched, TouchedMessages } from "../store/touched.ts";
import { hidesStrangers, profileOf, summariesOf, summaryOf } from "./chats.ts";
import { settingsIn } from "./choices.ts";
import { itemOf } from "./message.ts";
import { gapsOf, noticesOf } from "./notices.ts";

export class Views {
  readonly #account: Account;
  readonly #emit: (event: EngineEvent) => void;
  /** Conversations that are being counted, and how often: what is known of them meanwhile may be out of date. */
  readonly #counting = new Map<BareJid, number>();
  /** Each row of the list as it was told last; empty after a snapshot, which not all pages were given. */
  readonly #told = new Map<BareJid, ChatSummary>();
  /** Whether strangers' conversations were shown when that was last told. */
  #hides: boolean;
  /** Conversations whose row of the list is told in the next turn. */
  readonly #soon = new Set<BareJid>();

  constructor(account: Account, emit: (event: EngineEvent) => void) {
    this.#account = account;
    this.#emit = emit;
    this.#hides = hidesStrangers(account);
    account.store.onCommit((touched) => this.#committed(touched));
  }

  /** For a snapshot. */
  chats(): readonly ChatSummary[] {
    this.#told.clear();
    return summariesOf(this.#account);
  }

  profile(): OwnProfile {
    return profileOf(this.#account);
  }

  notices(): readonly NoticeView[] {
    return noticesOf(this.#account);
  }

  gaps(): readonly GapView[] {
    return gapsOf(this.#account);
  }

  settings(): readonly Choice[] {
    return settingsIn(this.#account);
  }

  /** Tells pages these rows of the conversation list as they are now; one that they were told just so draws nothing. */
  chatsChanged(jids: readonly BareJid[]): void {
    const chats: ChatSummary[] = [];
    const removed: BareJid[] = [];
    for (const jid of jids) {
      const chat = summaryOf(this.#account, jid);
      if (chat !== undefined && equal(this.#told.get(jid), chat)) continue;
      if (chat === undefined) {
        removed.push(jid);
        this.#told.delete(jid);
      } else {
        chats.push(chat);
        this.#told.set(jid, chat);
      }
    }
    if (chats.length > 0 || removed.length > 0) this.#emit({ type: "chats", chats, removed });
  }

  noticesChanged(): void {
    this.#emit({ type: "notices", notices: this.notices() });
  }

  /** Tells pages what a commit changed: the rows at once, the list when its counts are known. */
  #committed(touched: Touched): void {
    const { cache, store } = this.#account;
    const isCertain = (chat: BareJid) => !this.#counting.has(chat) && cache.isCounted(chat);
    const hiding = [...touched.messages].filter(
      ([chat, { rows }]) => !isCertain(chat) && rows.some(({ hidden }) => hidden === 1),
    );
    for (const [chat, changed] of touched.messages) {
      // A count of hidden rows that may be wrong is not told; the recount below tells it.
      if (!hiding.some(([other]) => other === chat)) this.#emitRows(chat, changed);
    }
    for (const jid of touched.devices) this.#emit({ type: "devices", jid });
    if (touched.settings) this.#settingsChanged();
    if (touched.notices) this.noticesChanged();
    if (touched.chats.has(this.#account.self.jid)) this.#emit({ type: "profile", profile: this.profile() });
    if (touched.gaps) this.#emit({ type: "gaps", gaps: this.gaps() });
    if (touched.chats.size === 0) return;
    // Who can read in a room is said in its row.
    const chats = [...new Set([...touched.chats, ...this.#roomsWith(touched.devices)])];
    const uncertain = chats.filter((chat) => !isCertain(chat));
    if (uncertain.length === 0) {
      if (hasIncoming(touched)) this.#tellSoon(chats);
      else this.chatsChanged(chats);
      return;
    }
    store.inBackground(
      this.#recount(uncertain).then(() => {
        for (const [chat, changed] of hiding) this.#emitRows(chat, changed);
        this.chatsChanged(chats);
      }),
    );
  }

  /** One of them says whose conversations are shown. */
  #settingsChanged(): void {
    this.#emit({ type: "settings", settings: this.settings() });
    const { chats, contacts, rooms } = this.#account.cache;
    const all = new Set([...chats.keys(), ...contacts.keys(), ...rooms.keys()]);
    const hides = hidesStrangers(this.#account);
    if (hides !== this.#hides) this.chatsChanged([...all]);
    this.#hides = hides;
  }

  /** In a turn of its own: what was said is drawn before the list, its number of unread and the page's title are. */
  #tellSoon(chats: readonly BareJid[]): void {
    if (this.#soon.size === 0) setTimeout(() => this.#tellNow());
    for (const chat of chats) this.#soon.add(chat);
  }

  #tellNow(): void {
    const chats = [...this.#soon];
    this.#soon.clear();
    if (!this.#account.store.closed) this.chatsChanged(chats);
  }

  async #recount(chats: readonly BareJid[]): Promise<void> {
    for (const chat of chats) this.#counting.set(chat, (this.#counting.get(chat) ?? 0) + 1);
    try {
      await this.#account.cache.count(chats);
    } finally {
      for (const chat of chats) {
        const others = (this.#counting.get(chat) ?? 1) - 1;
        if (others === 0) this.#counting.delete(chat);
        else this.#counting.set(chat, others);
      }
    }
  }

  #roomsWith(people: ReadonlySet<BareJid>): readonly BareJid[] {
    if (people.size === 0) return [];
    const rooms = [...this.#account.cache.rooms.values()];
    return rooms.flatMap(({ jid, members }) => (members?.some((member) => people.has(member.jid)) ? jid : []));
  }

  #emitRows(chat: BareJid, { rows, removed }: TouchedMessages): void {
    const { cache } = this.#account;
    const items = rows.filter((row) => row.hidden === 0).map(itemOf);
    const gone = [...removed, ...rows.filter((row) => row.hidden !== 0).map(({ key }) => key)];
    const beforeDevice = cache.counts.get(chat)?.beforeDevice ?? 0;
    const readTo = cache.chats.get(chat)?.readTo ?? NOTHING_READ;
    this.#emit({ type: "messages", chat, items, removed: gone, beforeDevice, readTo });
  }
}

function hasIncoming({ messages }: Touched): boolean {
  return [...messages.values()].some(({ rows }) => rows.some(({ outgoing }) => !outgoing));
}
