/** Everything the screens show, fed by the engine's events. Components bind to these signals and decide nothing. */
import { batch, computed, effect, type ReadonlySignal, signal } from "@preact/signals-core";
import type { Choice, Settings } from "../../worker/contract/choices.ts";
import type { ContactAction, ReportReason } from "../../worker/contract/calls.ts";
import type { Failure, Result } from "../../worker/contract/failures.ts";
import type { BareJid, Time } from "../../worker/contract/names.ts";
import type { ConnectionView, DevicesView, NoticeView, OwnProfile, SessionView } from "../engine/protocol/account.ts";
import type { ChatSummary, GapView, RoomView } from "../engine/protocol/conversations.ts";
import type { ExportWorker } from "../engine/protocol/exporting.ts";
import type { FileWorker } from "../engine/protocol/files.ts";
import type { SearchWorker } from "../engine/protocol/search.ts";
import type { ConnectedEngine, EngineEvent, Snapshot } from "../engine/protocol/engine.ts";
import { setAhead } from "./clock.ts";
import { isMuted } from "./chat-choices.ts";
import { ChatList } from "./chat-list.ts";
import { announcementOf, countAllUnread } from "./chats.ts";
import { Conversation } from "./conversation/conversation.ts";
import { Conversations } from "./conversation/conversations.ts";
import { type DialogView, NOWHERE, type Place, type SearchFilter } from "./places.ts";
import { SignIn } from "./sign-in.ts";
import { isLive, Told } from "./told.ts";
import { Typing } from "./typing.ts";
import { plainChoice } from "../../worker/shared/choices.ts";
import { drop } from "../../worker/shared/drop.ts";

/** How workers are started that the first screen does without: of the search, of files, and of what is written out. */
export type StartsWorkers = {
  readonly search?: () => SearchWorker;
  readonly files?: () => FileWorker;
  readonly export?: () => ExportWorker;
};

export class App {
  readonly engine: ConnectedEngine;
  readonly #conversations: Conversations;
  readonly #told = new Told();
  readonly session: ReadonlySignal<SessionView> = this.#told.session;
  /** The engine did not start: nothing else can be shown. */
  readonly stuck = signal(false);
  readonly connection: ReadonlySignal<ConnectionView> = this.#told.connection;
  readonly account = this.#told.account;
  readonly chats = this.#told.chats;
  readonly live = this.#told.live;
  readonly profile: ReadonlySignal<OwnProfile> = this.#told.profile;
  readonly notices: ReadonlySignal<readonly NoticeView[]> = this.#told.notices;
  readonly gaps: ReadonlySignal<readonly GapView[]> = this.#told.gaps;
  /** `choose` changes it. */
  readonly settings: ReadonlySignal<Settings> = this.#told.settings;
  readonly place = signal<Place>(NOWHERE);
  readonly dialog = signal<DialogView | undefined>(undefined);
  /** What is looked for in the list: as it is typed, and as chips. */
  readonly filter = signal("");
  readonly filters = signal<readonly SearchFilter[]>([]);
  readonly workers: StartsWorkers;
  readonly devices = signal<DevicesView | undefined>(undefined);
  readonly typing = new Typing();
  readonly roomView = signal<RoomView | undefined>(undefined);
  /** The page is visible and has the focus. */
  readonly attentive = signal(true);
  /** The page is drawn, with or without the focus. */
  #visible = true;
  /** One short line for people who listen. */
  readonly announcement = signal("");

  constructor(engine: ConnectedEngine, now: () => Time, workers: StartsWorkers = {}) {
    this.engine = engine;
    this.workers = workers;
    this.#conversations = new Conversations((chat) => new Conversation(engine, chat, now, this.gaps));
    this.list = new ChatList(this.chats, this.filter, this.openChat, now());
    engine.onEvent((event) => this.#apply(event));
    effect(() => {
      setAhead(this.#ahead.value);
      this.list.clock.value = now();
    });
    effect(() => this.#readWhatIsSeen());
  }

  readonly list: ChatList;
  readonly #ahead = computed(() => this.connection.value.ahead ?? 0);
  /** The sign-in of whoever is signed in here, for when their server wants the password once more. */
  readonly again: ReadonlySignal<SignIn | undefined> = computed(() => {
    const account = this.account.value;
    return account === undefined ? undefined : new SignIn(this.engine, account);
  });
  /** Somebody is in the middle of something that is only here: a text in a composer, a text on its way to the engine, a dialog. */
  readonly writing: ReadonlySignal<boolean> = computed(() => {
    const password = this.again.value?.password.value ?? "";
    return this.#conversations.holdText.value || password !== "" || this.dialog.value !== undefined;
  });
  readonly unread: ReadonlySignal<number> = computed(() =>
    this.account.value === undefined ? 0 : countAllUnread(this.chats.value, this.list.clock.value),
  );
  readonly openChat: ReadonlySignal<BareJid | undefined> = computed(() => {
    const place = this.place.value;
    return place.screen === "chats" ? place.chat : undefined;
  });

  /** Takes the engine's snapshot; events follow from here on. */
  async attach(visible: boolean): Promise<void> {
    this.#visible = visible;
    try {
      this.#restore(await this.engine.attach({ visible, open: this.openChat.peek() }));
    } catch (error) {
      this.stuck.value = true;
      throw error;
    }
  }

  #restore(snapshot: Snapshot): void {
    batch(() => {
      this.stuck.value = false;
      // First, for another account's session empties what the last one left.
      this.#setSession(snapshot.session);
      this.#told.restore(snapshot);
    });
    const chat = this.openChat.peek();
    if (chat !== undefined && snapshot.session.state === "signed-in") this.#enter(chat);
  }

  #apply(event: EngineEvent): void {
    switch (event.type) {
      case "session":
        this.#setSession(event.session);
        return;
      case "connection":
        this.#setConnection(event.connection);
        return;
      case "chats":
        this.#applyChats(event.chats, event.removed);
        return;
      case "messages":
        this.#applyMessages(event);
        return;
      case "profile":
        this.#told.profile.value = event.profile;
        return;
      case "typing":
        this.typing.tell(event.chat, event.who);
        return;
      case "notices":
        this.#told.setNotices(event.notices);
        return;
      case "gaps":
        this.#told.gaps.value = event.gaps;
        return;
      case "settings":
        this.#told.setSettings(event.settings);
        return;
      case "devices": {
        const place = this.place.peek();
        if (place.screen === "devices" && event.jid === (place.of ?? this.account.peek()))
          drop(this.loadDevices(place.of));
        return;
      }
      case "reset":
        // Another tab leads, and its engine could not open the store yet, perhaps since the tab before still closes it: who is
        // signed in is not known, and what is shown stays until it is.
        if (event.snapshot.session.state === "starting" && this.account.peek() !== undefined)
          drop(this.attach(this.#visible));
        // Of the same account: what is being typed and what is in sight stay, the open conversation is read again.
        else this.#restore(event.snapshot);
        return;
      default:
        // The engine of a tab of the next release tells more than this page can show.
        event satisfies never;
    }
  }

  #setConnection(connection: ConnectionView): void {
    const stood = isLive(this.connection.peek());
    this.#told.connection.value = connection;
    if (!isLive(connection)) this.typing.clear();
    if (stood || !isLive(connection)) return;
    this.#conversations.connected();
  }

  /** Another account, or none: nothing of the former may stay in memory. */
  #setSession(session: SessionView): void {
    const before = this.account.peek();
    batch(() => {
      this.#told.session.value = session;
      if (before === undefined || before === this.account.peek()) return;
      this.#conversations.empty();
      this.#told.empty();
      this.devices.value = undefined;
      this.roomView.value = undefined;
      this.dialog.value = undefined;
      this.endSearch();
      this.list.reset();
      this.announcement.value = "";
      this.typing.clear();
      this.place.value = NOWHERE;
    });
  }

  /** What comes into a conversation that somebody reads to its end is read as it comes: it is not counted for a moment. */
  #asSeen(chat: ChatSummary): ChatSummary {
    if (chat.unread === 0 || !this.attentive.peek() || chat.jid !== this.openChat.peek()) return chat;
    return this.#conversations.made(chat.jid)?.isReadToEnd === true ? { ...chat, unread: 0 } : chat;
  }

  #applyChats(changes: readonly ChatSummary[], removed: readonly BareJid[]): void {
    const before = this.chats.peek();
    const open = this.openChat.peek();
    batch(() => {
      this.#told.changeChats(
        changes.map((change) => this.#asSeen(change)),
        removed,
      );
      // What stays open without a row would be taken for a person.
      if (open !== undefined && removed.includes(open) && before.get(open)?.room !== undefined) this.go(NOWHERE);
      for (const change of changes) {
        const { jid } = change;
        this.#conversations.made(jid)?.kept.hear(change);
        const now = this.chats.peek().get(jid);
        const silent = now === undefined || (isMuted(now, this.list.clock.peek()) && jid !== open);
        const words = silent ? undefined : announcementOf(before.get(jid), { ...now, unread: change.unread });
        if (words !== undefined) this.announcement.value = words;
      }
    });
  }

  #applyMessages(event: Extract<EngineEvent, { readonly type: "messages" }>): void {
    const conversation = this.#conversations.made(event.chat);
    if (conversation === undefined) return;
    batch(() => {
      const seen = this.attentive.peek() && this.openChat.peek() === event.chat && conversation.loaded.atBottom.peek();
      // The row of the list is told a moment later.
      const { readTo } = event;
      if (!seen && event.items.some((item) => !item.outgoing && item.position > readTo)) conversation.divide(readTo);
      conversation.apply(event);
    });
  }

  #readWhatIsSeen(): void {
    const chat = this.openChat.value;
    const readTo = chat === undefined ? undefined : this.chats.value.get(chat)?.readTo;
    if (chat === undefined || readTo === undefined || !this.attentive.value) return;
    drop(this.conversation(chat).markRead(readTo));
  }

  /** The model of a conversation; made at first use, kept with its draft while signed in. */
  conversation(chat: BareJid): Conversation {
    return this.#conversations.of(chat);
  }

  /** Goes somewhere, in a conversation to a message (`at`). Entering one loads it and lets the engine look after its encryption. */
  go(place: Place, at?: string): void {
    const before = this.openChat.peek();
    this.place.value = place;
    const chat = this.openChat.peek();
    if (before !== undefined && before !== chat) this.conversation(before).typing.rest();
    if (chat !== undefined) this.#enter(chat, at);
    else if (before !== undefined) drop(this.engine.open({ chat: undefined }));
    if (place.screen === "devices") {
      this.devices.value = undefined;
      drop(this.loadDevices(place.of));
    }
  }

  #enter(chat: BareJid, at?: string): void {
    if (this.chats.peek().get(chat)?.choices?.unread !== undefined) drop(this.choose({ chat, name: "unread" }));
    drop(this.conversation(chat).open(this.chats.peek().get(chat), at));
    drop(this.engine.open({ chat }));
  }

  async loadDevices(of: BareJid | undefined): Promise<void> {
    const view = await this.engine.devices({ jid: of });
    const place = this.place.peek();
    if (place.screen === "devices" && place.of === of) this.devices.value = view;
  }

  /** Something is looked for. */
  readonly searching: ReadonlySignal<boolean> = computed(
    () => this.filter.value.trim() !== "" || this.filters.value.length > 0,
  );

  endSearch(): void {
    batch(() => {
      this.filter.value = "";
      this.filters.value = [];
    });
  }

  /** Goes to a message, wherever it is in this browser. */
  seek({ chat, key }: { readonly chat: BareJid; readonly key: string }): void {
    if (this.openChat.peek() === chat) drop(this.conversation(chat).seek(key));
    else this.go({ screen: "chats", chat }, key);
  }

  /** Declining or blocking somebody closes the conversation. */
  async answer(jid: BareJid, action: ContactAction, report?: ReportReason): Promise<Failure | undefined> {
    const answer = await this.engine.contact({ jid, action, ...(report && { report }) });
    if (!answer.ok) return answer.error;
    if ((action === "decline" || action === "block") && this.openChat.peek() === jid) this.go(NOWHERE);
    return undefined;
  }

  /** What somebody pressed who has nowhere to be told, for a menu is closed by then: a dialog says why it could not be done. */
  async orSay(doing: Promise<Result<unknown> | Failure | undefined>): Promise<void> {
    const answer = await doing;
    const failure = answer === undefined || "kind" in answer ? answer : answer.ok ? undefined : answer.error;
    if (failure !== undefined) this.dialog.value = { kind: "not-chosen", failure };
  }

  /**
   * The person has chosen something for a conversation or for themselves: shown at once, in every own browser soon. Without a
   * network it waits. A failure is for whoever asked; what was chosen is as it was before then.
   *
   * @example await app.choose({ name: "receipts", value: false });
   * @example await app.choose({ chat, name: "muted", value: "always" }, { chat, name: "pinned" });
   */
  async choose(...choices: readonly Choice[]): Promise<Failure | undefined> {
    const answer = await this.engine.choose({ choices: choices.map(plainChoice) });
    return answer.ok ? undefined : answer.error;
  }

  /** As `choose`, for whoever has nowhere to say it: a menu is closed by then. */
  async chooseOrSay(...choices: readonly Choice[]): Promise<void> {
    await this.orSay(this.choose(...choices));
  }

  /** The reader looked here or looked away. */
  look(visible: boolean, focused: boolean): void {
    this.#visible = visible;
    this.attentive.value = visible && focused;
    if (!visible) this.#conversations.hidden();
    drop(this.engine.visible({ visible }));
  }
}
