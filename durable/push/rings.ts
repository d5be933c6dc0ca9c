/** What a person is rung for while nobody looks: as far as that can be known without reading what is encrypted. Pure. */
import type { ChatChoices, Settings } from "../../worker/contract/choices.ts";
import type { ContactEntry, Entry, MessageEntry } from "../../worker/contract/entries.ts";
import type { BareJid, Position, Time } from "../../worker/contract/names.ts";

/** What is known about a conversation. */
export type About = {
  readonly now: Time;
  readonly account: BareJid;
  readonly settings: Pick<Settings, "writesFirst">;
  readonly choices: ChatChoices;
  readonly contact: Pick<ContactEntry, "subscription" | "asked" | "declined" | "blocked">;
  /** This account has written there. */
  readonly writtenTo: boolean;
  /** Of a room: what the account is called in it. */
  readonly nick: string | undefined;
  readonly readTo: Position | undefined;
};

/** What is older was not sent just now, whenever it comes: of a long absence the list tells. */
export const NEWS_MS = 12 * 60 * 60_000;

/** Whether somebody is to be told of this entry where they have closed everything. */
export function rings(entry: Entry, about: About): boolean {
  switch (entry.kind) {
    case "message":
      return isNews(entry, about) && isWanted(entry, about);
    case "contact":
      return entry.request && entry.declined !== true && entry.blocked !== true && mayAsk(about);
    default:
      return false;
  }
}

/** The same of somebody who asks the account into a room: what is chosen for them, and for the room. */
export function ringsInvited(by: About, room: About): boolean {
  if (by.contact.declined === true || by.contact.blocked === true || isSilenced(by) || isSilenced(room)) return false;
  return isKnown(by) || mayAsk(by);
}

/**
 * Whether the account has nothing to do with them: not on its list, not asked, never written to. A room that it is in is none; who asks it
 * into one counts by themselves.
 */
export function isStranger(about: About): boolean {
  return about.nick === undefined && !isKnown(about);
}

function isNews({ at, position, sender, sent, act, replaces, content }: MessageEntry, about: About): boolean {
  if (sender === about.account || sent !== undefined || act !== undefined || replaces !== undefined) return false;
  if (at <= about.now - NEWS_MS || position <= (about.readTo ?? Number.NEGATIVE_INFINITY)) return false;
  if (content.kind === "omemo") return content.omemo.payload !== undefined;
  return content.kind === "clear" || content.kind === "happening" || content.kind === "unreadable";
}

function isWanted(entry: MessageEntry, about: About): boolean {
  const { contact, nick } = about;
  if (isSilenced(about)) return false;
  if (nick !== undefined) return about.choices.notify !== "mentions" || isForUs(entry, nick, about.account);
  if (contact.declined === true || contact.blocked === true) return false;
  return isKnown(about) || mayAsk(about);
}

/**
 * Of a room that is to be heard only where it names the person. What is encrypted names nobody here, and a browser must not be rung
 * for nothing: some take the right to be rung away from a page that then shows nothing.
 */
function isForUs({ whisper, reply, content }: MessageEntry, nick: string, account: BareJid): boolean {
  if (whisper !== undefined || reply?.to === account) return true;
  return content.kind === "clear" && content.text.toLowerCase().includes(nick.toLowerCase());
}

function isSilenced({ choices: { notify, muted }, now }: About): boolean {
  return notify === "nothing" || muted === "always" || (typeof muted === "number" && muted > now);
}

function isKnown({ contact: { subscription, asked }, writtenTo, choices }: About): boolean {
  return writtenTo || asked || choices.letIn === true || (subscription !== "none" && subscription !== "removed");
}

function mayAsk(about: About): boolean {
  return about.settings.writesFirst === "anybody" && !isSilenced(about);
}
