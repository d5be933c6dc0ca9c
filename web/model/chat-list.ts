/** Which conversations the list shows, and in which order: what is pinned first, what is archived behind a row at its end. */
import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals-core";
import type { BareJid, Time } from "../../worker/contract/names.ts";
import { missingCase } from "../../worker/shared/missing-case.ts";
import type { ChatSummary } from "../engine/protocol/conversations.ts";
import { folded } from "../words/folded.ts";
import { isArchived, isMarkedUnread, isPinned, nextMuteEnd } from "./chat-choices.ts";
import { NAMES, type ShownChat } from "./chats.ts";

/** What of the list is shown. */
export const VIEWS = ["all", "unread", "people", "rooms"] as const;
export type ListView = (typeof VIEWS)[number];

/** `archived`: those that are out of the list. Whoever looks for a name finds them all in `listed`. */
export type Listing = { readonly listed: readonly ShownChat[]; readonly archived: readonly ShownChat[] };

type Chats = ReadonlyMap<BareJid, ShownChat>;

export class ChatList {
  readonly view = signal<ListView>("all");
  /** The archived ones are shown below the others. */
  readonly archiveOpen = signal(false);
  /** The present, as far as it matters here: told anew when a silence ends (`nextEnd`). */
  readonly clock: Signal<Time>;
  readonly nextEnd: ReadonlySignal<Time | undefined>;
  readonly listing: ReadonlySignal<Listing>;
  /** Those that can be seen, in their order. */
  readonly listed: ReadonlySignal<readonly ShownChat[]>;

  constructor(
    chats: ReadonlySignal<Chats>,
    filter: ReadonlySignal<string>,
    open: ReadonlySignal<BareJid | undefined>,
    now: Time,
  ) {
    this.clock = signal(now);
    this.nextEnd = computed(() => nextMuteEnd(chats.value.values(), this.clock.value));
    this.listing = computed(() =>
      listChats(chats.value, {
        filter: filter.value,
        view: this.view.value,
        // What is being read stays where it is.
        open: this.view.value === "unread" ? open.value : undefined,
        now: this.clock.value,
      }),
    );
    this.listed = computed(() => this.listing.value.listed);
  }

  /** Another account, or something new to be looked at: nothing hides it. */
  reset(): void {
    this.view.value = "all";
    this.archiveOpen.value = false;
  }
}

/** Requests first, then what is pinned, then by the newest message, then by name. */
function compareChats(a: ChatSummary, b: ChatSummary): number {
  const request = Number(b.relation === "request") - Number(a.relation === "request");
  const pinned = Number(isPinned(b)) - Number(isPinned(a));
  return (
    request ||
    pinned ||
    (b.last?.at ?? 0) - (a.last?.at ?? 0) ||
    NAMES.compare(a.name, b.name) ||
    (a.jid < b.jid ? -1 : 1)
  );
}

type Wanted = {
  readonly filter: string;
  readonly view: ListView;
  readonly open?: BareJid | undefined;
  readonly now: Time;
};

/** Only those whose name or address holds the filter, and that belong to the view. */
export function listChats(chats: Chats, { filter, view, open, now }: Wanted): Listing {
  const wanted = folded(filter.trim());
  const listed: ShownChat[] = [];
  const archived: ShownChat[] = [];
  for (const chat of chats.values()) {
    if (chat.unlisted === true) continue;
    if (!isIn(view, chat) && chat.jid !== open) continue;
    if (wanted !== "" && !folded(chat.name).includes(wanted) && !folded(chat.jid).includes(wanted)) continue;
    if (wanted === "" && isArchived(chat, now)) archived.push(chat);
    else listed.push(chat);
  }
  return { listed: listed.sort(compareChats), archived: archived.sort(compareChats) };
}

function isIn(view: ListView, chat: ChatSummary): boolean {
  switch (view) {
    case "all":
      return true;
    case "unread":
      return chat.unread > 0 || isMarkedUnread(chat) || chat.relation === "request";
    case "people":
      return chat.room === undefined;
    case "rooms":
      return chat.room !== undefined;
    default:
      return missingCase(view);
  }
}

/** Everybody and every room whose name or address holds these words; none: all of them. */
export function chatsCalled(chats: Chats, words: string, now: Time): readonly ShownChat[] {
  const { listed, archived } = listChats(chats, { filter: words, view: "all", now });
  return [...listed, ...archived];
}
