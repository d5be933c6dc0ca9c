/**
 * Tells the person of what comes while nobody looks at any of their browsers. Which browser does is the object's to say
 * (`notifying`), which tab of it whoever holds a lock; the service worker shows it, for its notifications are found again
 * by every tab, and a press on one leads to the conversation also when its tab is gone.
 */
import { effect } from "@preact/signals-core";
import type { BareJid, Position } from "../../../worker/contract/names.ts";
import { drop } from "../../../worker/shared/drop.ts";
import type { EngineEvent } from "../../engine/protocol/engine.ts";
import type { App } from "../../model/app.ts";
import { isNews, notificationOf, wants } from "../../model/notifications.ts";
import { followNotifyChoice, notifies, notifyChoice } from "./notify-choice.ts";
import { playTone } from "./tone.ts";

const LOCK = "alcove-notifier";
/** What comes within this time in one conversation is one notification. */
const GATHER_MS = 400;

type Messages = Extract<EngineEvent, { readonly type: "messages" }>;
/** What a notification carries, for whoever presses it. */
type Notified = { readonly account: string; readonly chat: BareJid; readonly key: string };

let started = false;

/** For as long as the page is there. */
export function followNotifications(app: App): void {
  if (started) return;
  started = true;
  followNotifyChoice();
  effect(() => drop(app.engine.notifies({ on: notifies.value })));
  const workers = navigator.serviceWorker as ServiceWorkerContainer | undefined;
  if (workers === undefined) return;
  const notifier = new Notifier(app, workers);
  app.engine.onEvent((event) => {
    if (event.type === "messages") notifier.told(event);
    // Another engine, which nobody has told.
    if (event.type === "reset") drop(app.engine.notifies({ on: notifies.peek() }));
  });
  effect(() => notifier.read());
  workers.addEventListener("message", ({ data }: MessageEvent<unknown>) => openPressed(app, data));
  workers.startMessages();
  drop(navigator.locks.request(LOCK, () => new Promise(() => notifier.lead())));
}

class Notifier {
  readonly #app: App;
  readonly #workers: ServiceWorkerContainer;
  /** By conversation: up to where it was told of. */
  readonly #shown = new Map<BareJid, Position>();
  readonly #news = new Map<BareJid, Messages["items"][number]>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #leads = false;

  constructor(app: App, workers: ServiceWorkerContainer) {
    this.#app = app;
    this.#workers = workers;
  }

  /** The one tab of this browser that shows and takes away. */
  lead(): void {
    this.#leads = true;
    drop(this.#adopt());
  }

  /** What is shown from before this tab leads is taken away by it, too. */
  async #adopt(): Promise<void> {
    for (const { data } of await this.#all()) {
      const { chat } = { ...(data as Partial<Notified> | null) };
      if (chat !== undefined && !this.#shown.has(chat)) this.#shown.set(chat, 0 as Position);
    }
    this.read();
  }

  told({ chat, items, readTo }: Messages): void {
    if (!this.#leads || !notifies.peek() || this.#app.connection.peek().notifying !== true) return;
    const row = this.#app.chats.peek().get(chat);
    const now = Date.now();
    const heard = items.filter((item) => row !== undefined && isNews(item, readTo, now) && wants(item, row, now));
    const news = heard.toSorted((a, b) => b.position - a.position)[0];
    if (news === undefined || news.position <= (this.#shown.get(chat) ?? Number.NEGATIVE_INFINITY)) return;
    const before = this.#news.get(chat);
    if (before !== undefined && before.position >= news.position) return;
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
    for (const [jid, item] of news) {
      const chat = this.#app.chats.peek().get(jid);
      // Somebody has looked in the meantime.
      if (chat === undefined || chat.unread === 0 || this.#app.connection.peek().notifying !== true) continue;
      const told = notificationOf(item, chat, notifyChoice.peek().show);
      if (told === undefined) continue;
      this.#shown.set(jid, told.position);
      const data: Notified = { account, chat: jid, key: told.key };
      const { title, tag, body } = told;
      await registration.showNotification(title, {
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

  /** Takes away what was read, wherever that was; all of it where nobody is signed in. */
  read(): void {
    const chats = this.#app.chats.value;
    if (!this.#leads) return;
    const over = [...this.#shown.keys()].filter((jid) => (chats.get(jid)?.unread ?? 0) === 0);
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

/** A notification was pressed (`service-worker.ts`). */
function openPressed(app: App, said: unknown): void {
  const { type, account, chat, key } = { ...(said as Readonly<Record<string, unknown>> | null) };
  if (type !== "notification-pressed" || account !== app.account.peek()) return;
  const known = [...app.chats.peek().keys()].find((jid) => jid === chat);
  if (known === undefined) return;
  app.dialog.value = undefined;
  app.go({ screen: "chats", chat: known });
  if (typeof key === "string") drop(app.conversation(known).reveal(key, true));
}
