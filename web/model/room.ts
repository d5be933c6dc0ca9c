/** Words about rooms: names, and why entering one failed. */
import type { Failure, FailureKind } from "../../worker/contract/failures.ts";
import type { BareJid } from "../../worker/contract/names.ts";
import { addressText } from "../words/names.ts";
import { calledName, type ShownChat } from "./chats.ts";
import { plural, type TextKey, text } from "../i18n/text.ts";

/** What the object or the engine says of a room (`Failure.detail`), in words. */
const DETAILS: Readonly<Record<string, TextKey>> = {
  "members-only": "room-failure--members-only",
  banned: "room-failure--banned",
  "nick in use": "room-failure--nick-in-use",
  "nick not allowed": "room-failure--nick-not-allowed",
  "no such room": "room-failure--no-such-room",
  "password needed": "room-failure--password-needed",
  "wrong password": "room-failure--wrong-password",
  "now private": "room-failure--now-private",
  "open to everybody": "room-failure--open-to-everybody",
  "no list": "room-failure--no-list",
  "members kept": "room-failure--members-kept",
  "no room service": "room-failure--no-service",
  "not allowed": "room-failure--not-allowed",
  "room unavailable": "room-failure--unavailable",
  "no answer": "room-failure--no-answer",
  destroyed: "room-failure--destroyed",
  kicked: "room-failure--kicked",
  "affiliation changed": "room-failure--affiliation-changed",
  shutdown: "room-failure--shutdown",
  "connection problem": "room-failure--connection-problem",
  "not in the room": "room-failure--not-in-the-room",
  "no longer private": "room-failure--no-longer-private",
  "nobody else": "room-failure--nobody-else",
  "nobody can read": "room-failure--nobody-can-read",
};

const OF_ROOMS: readonly FailureKind[] = ["peer-refused", "encryption-unavailable", "would-expose", "not-found"];

/** It asks for a password, and none was given or not the right one. */
export function asksForPassword({ detail }: Failure): boolean {
  return detail === "password needed" || detail === "wrong password";
}

/** Undefined where it is not about a room. */
export function roomFailureText({ kind, detail }: Failure): string | undefined {
  if (!OF_ROOMS.includes(kind) || detail === undefined) return undefined;
  const key = Object.hasOwn(DETAILS, detail) ? DETAILS[detail] : undefined;
  return key && text(key);
}

/** How somebody is called within a sentence: by the roster, else by their address. */
export function nameOf(jid: BareJid, chats: ReadonlyMap<BareJid, ShownChat>): string {
  const chat = chats.get(jid);
  return chat === undefined ? addressText(jid) : calledName(chat);
}

/** "Carol cannot read …", "Carol and Dave …", "Carol, Dave and 3 others …"; undefined: everybody can. */
export function unableText(unable: readonly BareJid[], chats: ReadonlyMap<BareJid, ShownChat>): string | undefined {
  const [first, second] = unable.map((jid) => nameOf(jid, chats));
  if (first === undefined) return undefined;
  if (second === undefined) return text("room--unable-one", { name: first });
  if (unable.length === 2) return text("room--unable-two", { first, second });
  return plural("room--unable-more", unable.length - 2, { first, second });
}
