/** Words about rooms: addresses that are proposed, names, and why entering one failed. */
import type { Failure, FailureKind, Result } from "../../worker/contract/failures.ts";
import type { BareJid } from "../../worker/contract/names.ts";
import { addressText } from "../words/names.ts";
import { calledName, type ShownChat } from "./chats.ts";
import type { RoomPerson } from "../engine/protocol/conversations.ts";
import { plural, type TextKey, text } from "../i18n/text.ts";

/** Letters and digits of a room's name that go into its address. */
const LOCAL_LENGTH_MAX = 60;

/** Where a new room of that name would be. */
function proposedAddress(name: string, service: string): string {
  const local = name
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, LOCAL_LENGTH_MAX);
  if (local === "") return "";
  return `${local}@${service}`;
}

/** The same where the account's server has rooms, else at the service that somebody names; empty while that is not known. */
export function addressOfNew(
  name: string,
  answer: Result<{ readonly service: string }> | undefined,
  elsewhere: string,
): string {
  const service = answer?.ok ? answer.value.service : elsewhere.trim();
  return service === "" ? "" : proposedAddress(name, service);
}

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

const NAMES = new Intl.Collator();
const RANK = { owner: 0, admin: 1, member: 2, none: 3 } as const;

/** We ourselves, then those who are there, then by rank and name. */
export function sortPeople(people: readonly RoomPerson[]): readonly RoomPerson[] {
  const name = ({ nick, jid }: RoomPerson) => nick ?? jid ?? "";
  return [...people].sort(
    (a, b) =>
      Number(b.self) - Number(a.self) ||
      Number(b.here) - Number(a.here) ||
      RANK[a.affiliation] - RANK[b.affiliation] ||
      NAMES.compare(name(a), name(b)),
  );
}
