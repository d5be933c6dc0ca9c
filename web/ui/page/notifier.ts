/**
 * Tells the person of what comes while nobody looks at any of their browsers. Which browser does is the object's to say
 * (`notifying`), which tab of it whoever holds a lock; the service worker shows it, for its notifications are found again
 * by every tab, and a press on one leads to the conversation also when its tab is gone.
 */
import { computed, effect } from "@preact/signals-core";
import type { BareJid, Position } from "../../../worker/contract/names.ts";
import { drop } from "../../../worker/shared/drop.ts";
import type { EngineEvent } from "../../engine/protocol/engine.ts";
import type { App } from "../../model/app.ts";
import type { ShownChat } from "../../model/chats.ts";
import {
  type Asked,
  askedNotification,
  isAsking,
  isNews,
  isSilenced,
  type Notification as Notice,
  notificationOf,
  readAction,
  wants,
} from "../../model/notifications.ts";
import { followNotifyChoice, isQuietNow, notifies, notifyChoice } from "./notify-choice.ts";
import { restsHere } from "./resting.ts";
import { ringing } from "./ringing.ts";
import { playTone } from "./tone.ts";
import { accountNow } from "../../model/clock.ts";

const LOCK = "alcove-notifier";
/** What comes within this time in one conversation is one notification. */
const GATHER_MS = 400;

type Messages = Extract<EngineEvent, { readonly type: "messages" }>;
/** What a notification carries, for whoever presses it. `key`: of the message; a request has none. */
type Notified = {
  readonly account: string;
  readonly chat: BareJid;
  readonly key?: string;
  readonly position?: Position | undefined;
};
/** Somebody wants an answer; else what they have said. */
type News = "request" | Messages["items"][number];
type Told = Asked & Partial<Pick<Notice, "key" | "position">>;

let started = false;

/** For as long as the page is there. */
export function followNotifications(app: App): void {
  if (started) return;
  started = true;
  followNotifyChoice();
  const rests = restsHere(
    app,
    computed(() => notifies.value && notifyChoice.value.ring && ringing.value === "on"),
  );
  effect(() => drop(app.engine.notifies({ on: notifies.value, rests: rests.value })));
  document.addEventListener("visibilitychange", () => {
    // Another tab may have said that it rests; hidden again, this one has its own time.
    if (document.visibilityState === "visible") drop(app.engine.notifies({ on: notifies.peek(), rests: false }));
  });
  const workers = navigator.serviceWorker as ServiceWorkerContainer | undefined;
  if (workers === undefined) return;
  const notifier = new Notifier(app, workers);
  app.engine.onEvent((event) => {
    if (event.type === "messages") notifier.told(event);
    if (event.type === "chats") notifier.asked([...event.removed, ...event.chats.map(({ jid }) => jid)]);
    if (event.type !== "reset") return;
    notifier.knowWhoAsks();
    notifier.adopt();
    // Another engine, which nobody has told.
    drop(app.engine.notifies({ on: notifies.peek(), rests: rests.peek() }));
  });
  effect(() => notifier.read());
  document.addEventListener("visibilitychange", () => notifier.adopt());
  workers.addEventListener("message", ({ data, ports }: MessageEvent<unknown>) => openPressed(app, data, ports[0]));
  workers.startMessages();
  drop(navigator.locks.request(LOCK, () => new Promise(() => notifier.lead())));
}

class Notifier {
  readonly #app: App;
  readonly #workers: ServiceWorkerContainer;
  /** By conversation: up to where it was told of, or that its request was. */
  readonly #shown = new Map<BareJid, Position | "request">();
  readonly #news = new Map<BareJid, News>();
  /** Whose request is there: it is new once. */
  readonly #asking = new Set<BareJid>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #leads = false;

  constructor(app: App, workers: ServiceWorkerContainer) {
    this.#app = app;
    this.#workers = workers;
    this.knowWhoAsks();
  }

  get #tells(): boolean {
    return this.#leads && notifies.peek() && !isQuietNow() && this.#app.connection.peek().notifying === true;
  }

  /** What is there already is no news. */
  knowWhoAsks(): void {
    this.#asking.clear();
    for (const chat of this.#app.chats.peek().values()) if (isAsking(chat)) this.#asking.add(chat.jid);
  }

  /** The one tab of this browser that shows and takes away. */
  lead(): void {
    this.#leads = true;
    this.adopt();
  }

  /** What is shown from before this tab leads, or by the service worker since, is taken away by it, too. */
  adopt(): void {
    if (this.#leads) drop(this.#adopt());
  }

  async #adopt(): Promise<void> {
    for (const notification of await this.#all()) {
      const { chat, key } = { ...(notification.data as Partial<Notified> | null) };
      // That there may be something is seen by whoever looks.
      if (chat === undefined && document.visibilityState === "visible") notification.close();
      if (chat !== undefined && !this.#shown.has(chat))
        this.#shown.set(chat, key === undefined ? "request" : (0 as Position));
    }
    this.read();
  }

  told({ chat, items, readTo }: Messages): void {
    const row = this.#app.chats.peek().get(chat);
    if (!this.#tells || row === undefined || isAsking(row)) return;
    const now = accountNow();
    const heard = items.filter((item) => isNews(item, readTo, now) && wants(item, row, now));
    const news = heard.toSorted((a, b) => b.position - a.position)[0];
    const shown = this.#shown.get(chat);
    if (news === undefined || (typeof shown === "number" && news.position <= shown)) return;
    const before = this.#news.get(chat);
    if (typeof before === "object" && before.position >= news.position) return;
    this.#gather(chat, news);
  }

  /** These rows have changed. */
  asked(changed: readonly BareJid[]): void {
    for (const jid of changed) {
      const chat = this.#app.chats.peek().get(jid);
      if (chat === undefined || !isAsking(chat)) this.#asking.delete(jid);
      else if (!this.#asking.has(jid)) {
        this.#asking.add(jid);
        if (this.#tells && !isSilenced(chat, accountNow())) this.#gather(jid, "request");
      }
    }
  }

  #gather(chat: BareJid, news: News): void {
    this.#news.set(chat, news);
    if (this.#timer === undefined) this.#timer = setTimeout(() => drop(this.#show()), GATHER_MS);
  }

  async #show(): Promise<void> {
    this.#timer = undefined;
    const news = [...this.#news];
    this.#news.clear();
    const registration = await this.#workers.getRegistration();
    const account = this.#app.account.peek();
    if (registration === undefined || account === undefined) return;
    let shown = false;
    for (const [jid, one] of news) {
      const chats = this.#app.chats.peek();
      const chat = chats.get(jid);
      const isRequest = one === "request";
      // Somebody has looked, or answered, in the meantime.
      if (chat === undefined || !isOpen(chat, isRequest) || this.#app.connection.peek().notifying !== true) continue;
      const { show } = notifyChoice.peek();
      const told: Told | undefined = isRequest ? askedNotification(chat, chats, show) : notificationOf(one, chat, show);
      if (told === undefined) continue;
      this.#shown.set(jid, told.position ?? "request");
      const { key, position } = told;
      const data: Notified = { account, chat: jid, ...(key !== undefined && { key, position }) };
      const { title, tag, body } = told;
      await registration.showNotification(title, {
        ...(key !== undefined && { actions: [readAction()] }),
        tag,
        data,
        icon: "/icon.svg",
        // The tone is ours, or there is none.
        silent: true,
        ...(body !== undefined && { body }),
      });
      shown = true;
    }
    if (shown && notifyChoice.peek().sound) drop(playTone());
  }

  /** Takes away what was read or answered, wherever that was; all of it where nobody is signed in. */
  read(): void {
    const chats = this.#app.chats.value;
    if (!this.#leads) return;
    const over = [...this.#shown].flatMap(([jid, told]) => (isOpen(chats.get(jid), told === "request") ? [] : jid));
    if (over.length === 0) return;
    for (const jid of over) {
      this.#shown.delete(jid);
      this.#news.delete(jid);
    }
    drop(this.#close(new Set(over)));
  }

  async #close(chats: ReadonlySet<BareJid>): Promise<void> {
    for (const notification of await this.#all()) {
      const { chat } = { ...(notification.data as Partial<Notified> | null) };
      if (chat !== undefined && chats.has(chat)) notification.close();
    }
  }

  async #all(): Promise<readonly Notification[]> {
    const registration = await this.#workers.getRegistration();
    return (await registration?.getNotifications()) ?? [];
  }
}

/** Whether what is told of a conversation still waits for the person: its request, or its messages. */
function isOpen(chat: ShownChat | undefined, isRequest: boolean): boolean {
  if (chat === undefined) return false;
  return isRequest ? isAsking(chat) : chat.unread > 0;
}

/** A notification was pressed (`service-worker.ts`), which hears by `done` that it was marked as read. */
function openPressed(app: App, said: unknown, done?: MessagePort): void {
  const { type, account, chat, key, position } = { ...(said as Readonly<Record<string, unknown>> | null) };
  if (account !== app.account.peek()) return;
  const known = [...app.chats.peek().keys()].find((jid) => jid === chat);
  if (known === undefined) return;
  if (type === "notification-read" && typeof position === "number")
    drop(app.engine.read({ chat: known, position: position as Position }).then(() => done?.postMessage(true)));
  if (type !== "notification-pressed") return;
  app.dialog.value = undefined;
  app.go({ screen: "chats", chat: known });
  if (typeof key === "string") drop(app.conversation(known).reveal(key, true));
}
