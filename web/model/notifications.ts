/** Which messages a person is told of while nobody looks, and in which words. No screen, no clock. */
import type { BareJid, Position, Time } from "../../worker/contract/names.ts";
import type { QuietHours } from "../../worker/contract/push.ts";
import type { ChatSummary, MessageItem } from "../engine/protocol/conversations.ts";
import { text } from "../i18n/aside.ts";
import { mentions } from "../words/mentions.ts";
import { lookAlikes } from "../words/names.ts";
import { isMuted } from "./chat-choices.ts";
import { calledName, isContact, markAlike, nameOf, saidBy, type ShownChat } from "./chats.ts";
import { lineOf, saysSomething } from "./message-words.ts";

/** What may be read on a screen that anybody could see: name and words, the name alone, or that something came. */
export type Showing = "all" | "who" | "nothing";

/** A device's choice. */
export type Notifying = {
  readonly on: boolean;
  readonly show: Showing;
  readonly sound: boolean;
  /** Also while no page of it is open. */
  readonly ring: boolean;
  /** By the clock of this device: nothing is told then. */
  readonly quiet?: QuietHours | undefined;
};

/** What a browser has read of the log without a page. `changed`: conversations of which anything is new. */
export type Pushed = {
  readonly account: BareJid;
  readonly chats: readonly ChatSummary[];
  readonly items: readonly MessageItem[];
  readonly changed: readonly BareJid[];
};

/** Nothing is shown before somebody has asked for it. */
export const QUIET: Notifying = { on: false, show: "all", sound: false, ring: false };

/** `tag`: of two with the same one the later takes the place of the first. */
export type Asked = {
  readonly chat: BareJid;
  readonly tag: string;
  readonly title: string;
  readonly body?: string;
};
/** Of a message. */
export type Notification = Asked & { readonly key: string; readonly position: Position };

/** What is older was not sent just now, whenever it comes: of a long absence the list tells. */
const NEWS_MS = 12 * 60 * 60_000;
const WORDS_MAX = 200;
/** Where not even the conversation is to be known there is one for all. */
export const ONE_TAG = "alcove";

/** What can be pressed beside a notification of a message, where the platform has that. A press on the rest of it opens the conversation. */
export function readAction(): { readonly action: "read"; readonly title: string } {
  return { action: "read", title: text("notify--read") };
}

/** Something new that somebody else has said or done here, and that the person has not seen. */
export function isNews(item: MessageItem, readTo: Position, now: Time): boolean {
  const recent = item.at > now - NEWS_MS;
  return !item.outgoing && item.position > readTo && recent && item.edits === undefined && saysSomething(item.body);
}

/** Nothing of it is to make itself noticed, by the person's choice. */
export function isSilenced(chat: ShownChat, now: Time): boolean {
  return chat.choices?.notify === "nothing" || isMuted(chat, now);
}

/** Somebody waits for an answer: they want to be a contact, or ask us into a room. */
export function isAsking({ relation }: Pick<ShownChat, "relation">): boolean {
  return relation === "request";
}

/** Whether the person wants to hear of it, by what they have chosen for the conversation, in whichever of their browsers. */
export function wants(item: MessageItem, chat: ShownChat, now: Time): boolean {
  const { choices, room } = chat;
  if (isSilenced(chat, now)) return false;
  if (choices?.notify !== "mentions" || room === undefined) return true;
  const named = item.whisper !== undefined || (item.body.kind === "text" && mentions(item.body.text, room.nick));
  return named || item.quote?.outgoing === true;
}

/**
 * What is shown of the newest news of a conversation; undefined: nothing is to be said. Of somebody who is no contact only
 * that they have written: their words, and the name that they give themselves, are not put before a person unasked (S18).
 */
export function notificationOf(item: MessageItem, chat: ShownChat, show: Showing): Notification | undefined {
  if (chat.relation === "blocked" || isAsking(chat)) return undefined;
  if (item.body.kind === "reason" && (item.body.reason === "retracted" || item.body.reason === "moderated"))
    return undefined;
  const told = { chat: chat.jid, key: item.key, position: item.position };
  if (show === "nothing") return { ...told, tag: ONE_TAG, title: text("app--name"), body: text("notify--something") };
  if (chat.relation === "stranger") return { ...told, tag: chat.jid, title: text("notify--stranger") };
  const title = calledName(chat);
  if (show === "who") return { ...told, tag: chat.jid, title, body: text("notify--something") };
  const words = lineOf(item).replace(/\s+/gu, " ").trim().slice(0, WORDS_MAX);
  const { author, whisper } = item;
  const body = author === undefined ? words : saidBy(author, whisper, words);
  return { ...told, tag: chat.jid, title, body };
}

/** What is shown of what a push has brought: of each conversation the newest, and who asks. Nothing where all of it was read. */
export function pushedNotifications(
  { account, chats, items, changed }: Pushed,
  show: Showing,
  now: Time,
): readonly (Notification | Asked)[] {
  const named = new Map(chats.map((chat) => [chat.jid, chat]));
  const known = markAlike(named, lookAlikes(chats, account));
  return [...known.values()].flatMap((chat) => {
    if (isAsking(chat))
      return changed.includes(chat.jid) && !isSilenced(chat, now) ? askedNotification(chat, known, show) : [];
    const [newest] = items
      .filter((item) => item.chat === chat.jid && isNews(item, chat.readTo, now) && wants(item, chat, now))
      .toSorted((a, b) => b.position - a.position);
    return newest === undefined ? [] : (notificationOf(newest, chat, show) ?? []);
  });
}

/**
 * What is shown of a request: who asks, by their address where they are no contact. What a room is called is said for a
 * contact's invitation alone: of a stranger no words are put before a person unasked (S18).
 */
export function askedNotification(chat: ShownChat, chats: ReadonlyMap<BareJid, ShownChat>, show: Showing): Asked {
  const { jid, room } = chat;
  if (show === "nothing") return { chat: jid, tag: ONE_TAG, title: text("app--name"), body: text("notify--request") };
  const by = room?.invitedBy;
  const name = (by === undefined ? calledName(chat) : nameOf(by, chats)).slice(0, WORDS_MAX);
  const told = { chat: jid, tag: jid, title: text(by === undefined ? "request--title" : "invited--title", { name }) };
  const from = by && chats.get(by);
  return show === "all" && from !== undefined && isContact(from)
    ? { ...told, body: calledName(chat).slice(0, WORDS_MAX) }
    : told;
}
