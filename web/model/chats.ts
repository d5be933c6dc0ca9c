/** The rows of the conversation list: names, previews, what is said aloud of them. */
import type { BareJid, Time } from "../../worker/contract/names.ts";
import { alike, equal } from "../alike.ts";
import type { ChatSummary, MessageItem } from "../engine/protocol/conversations.ts";
import { text } from "../i18n/text.ts";
import { isMuted } from "./chat-choices.ts";
import { addressText, shownName } from "../words/names.ts";
import { actionIn, lineOf, plainWords, saysSomething } from "./message-words.ts";

/** `alike`: its name, or its address, looks like another one here, so the name alone does not say who it is (S18). */
export type ShownChat = ChatSummary & { readonly alike?: true };

const marked = new WeakMap<ChatSummary, ShownChat>();

/** The same object for the same row: what did not change is not drawn again. */
function mark(chat: ChatSummary): ShownChat {
  let shown = marked.get(chat);
  if (shown === undefined) {
    shown = { ...chat, alike: true };
    marked.set(chat, shown);
  }
  return shown;
}

/** The conversations, with these marked whose names look like others. */
export function markAlike(
  told: ReadonlyMap<BareJid, ChatSummary>,
  alike: ReadonlySet<BareJid>,
): ReadonlyMap<BareJid, ShownChat> {
  if (alike.size === 0) return told;
  const shown = new Map<BareJid, ShownChat>(told);
  for (const jid of alike) {
    const chat = told.get(jid);
    if (chat !== undefined) shown.set(jid, mark(chat));
  }
  return shown;
}

/** How somebody is called within a sentence: with their address where the name does not say who it is. */
export function calledName({ jid, name, alike }: Pick<ShownChat, "jid" | "name" | "alike">): string {
  return alike === true && !name.startsWith(jid) ? `${name} (${addressText(jid)})` : name;
}

/** Conversations by address, with changed rows replaced and removed ones gone. */
export function mergeChats(
  chats: ReadonlyMap<BareJid, ChatSummary>,
  changes: readonly ChatSummary[],
  removed: readonly BareJid[] = [],
): ReadonlyMap<BareJid, ChatSummary> {
  const merged = new Map(chats);
  for (const jid of removed) merged.delete(jid);
  for (const chat of changes) merged.set(chat.jid, chat);
  return merged;
}

/** What of a conversation its row in the list shows, and nothing around its messages does. */
const LISTED_ONLY: ReadonlySet<string> = new Set<keyof ChatSummary>([
  "last",
  "newest",
  "readTo",
  "mentions",
  "draft",
  "draftFrom",
]);

/**
 * An open conversation as it is shown around its messages: the former object while nothing else than its row in the list has
 * changed, which each message changes several times. To a stranger is also said whether they have written.
 */
export function steadyChat(before: ShownChat | undefined, now: ShownChat | undefined): ShownChat | undefined {
  if (before === undefined || now?.relation !== "contact") return now;
  return equal(apart(before), apart(now)) ? before : now;
}

function apart(chat: ShownChat): unknown {
  return Object.fromEntries(Object.entries(chat).filter(([name]) => !LISTED_ONLY.has(name)));
}

/** Their picture, or the room's, as it is asked for. */
export function pictureOf({ jid, picture }: Pick<ChatSummary, "jid" | "picture">) {
  return picture === undefined ? undefined : { jid, id: picture };
}

/** Whether they are there and away from it, or not to be disturbed. */
export function isAway({ show }: Pick<ChatSummary, "show">): boolean {
  return show !== undefined;
}

/** Whether somebody is on the contact list, whatever they show us. */
export function isContact({ relation }: ChatSummary): boolean {
  return relation === "contact" || relation === "unshared" || relation === "asked";
}

/** `localeCompare` would set up the language's rules for every pair of thousands of contacts. */
export const NAMES = new Intl.Collator();

/** Rows of a list that are drawn together: so few that a frame has room for them. */
export const PART = 25;

/** The list in parts, from the first row on; a part that holds what it held before is the same array. */
export function partsOf<Row>(listed: readonly Row[], before: readonly (readonly Row[])[]): readonly (readonly Row[])[] {
  const parts: (readonly Row[])[] = [];
  for (let at = 0; at < listed.length; at += PART) {
    const part = listed.slice(at, at + PART);
    const old = before[parts.length];
    parts.push(old !== undefined && alike(old, part) ? old : part);
  }
  return parts;
}

/** One line about the newest message, or about why there is none. */
export function previewOf(chat: ChatSummary): string {
  if (chat.last === undefined) {
    if (chat.room?.invitedBy !== undefined) return text("invited--preview");
    if (chat.relation === "request") return text("list--request");
    if (chat.relation === "asked") return text("list--asked");
    return text(chat.earlier === true ? "list--earlier" : "list--no-messages");
  }
  const { author, outgoing, body, whisper } = chat.last;
  if (!saysSomething(body)) return lineOf(chat.last);
  const said = body.kind === "text" ? body.text.slice(0, PREVIEW_LENGTH) : "";
  const action = body.kind === "text" ? actionIn(said) : undefined;
  const shown = body.kind === "text" ? { ...body, text: action ?? said } : body;
  const words = lineOf({ ...chat.last, body: shown })
    .replace(/\s+/gu, " ")
    .trim();
  if (action !== undefined) {
    const name = author !== undefined ? shownName(author.nick, "?") : outgoing ? "*" : calledName(chat);
    return text("action--line", { name, text: words });
  }
  if (outgoing && whisper !== undefined)
    return text("whisper--you-said", { name: shownName(whisper.nick, "?"), text: words });
  if (outgoing && chat.room !== undefined) return text("room--said-by", { name: text("room--you-said"), text: words });
  return author === undefined || outgoing ? words : saidBy(author, whisper, words);
}

/** Who has said it in a room, and that it was said to us alone. */
export function saidBy(
  { nick }: NonNullable<MessageItem["author"]>,
  whisper: MessageItem["whisper"],
  words: string,
): string {
  return text(whisper === undefined ? "room--said-by" : "whisper--said-by", {
    name: shownName(nick, "?"),
    text: words,
  });
}

const PREVIEW_LENGTH = 200;

/** What stands unsent in a conversation, in one line; undefined: nothing does. */
export function draftOf({ draft }: ChatSummary): string | undefined {
  return draft && plainWords(draft.text.slice(0, PREVIEW_LENGTH)).replace(/\s+/gu, " ").trim();
}

/** Unread messages over all conversations that are not muted. */
export function countAllUnread(chats: ReadonlyMap<BareJid, ChatSummary>, now: Time): number {
  let count = 0;
  for (const chat of chats.values()) if (!isMuted(chat, now)) count += chat.unread;
  return count;
}

/** What to say aloud about a changed row: its newest message, when somebody else wrote it and it is new. */
export function announcementOf(before: ChatSummary | undefined, now: ShownChat): string | undefined {
  const { last } = now;
  if (last === undefined || last.outgoing || !saysSomething(last.body) || now.unread === 0) return undefined;
  if (before?.last !== undefined && (before.last.key === last.key || before.last.at > last.at)) return undefined;
  return text("chat--announce", { name: calledName(now), text: previewOf(now) });
}

/** How somebody is called within a sentence: by the roster, else by their address. */
export function nameOf(jid: BareJid, chats: ReadonlyMap<BareJid, ShownChat>): string {
  const chat = chats.get(jid);
  return chat === undefined ? addressText(jid) : calledName(chat);
}
