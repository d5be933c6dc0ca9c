/** For whom a message to a conversation is encrypted, and whether it is at all. Decisions without effects. */
import type { Failure } from "../../../worker/contract/failures.ts";
import type { BareJid } from "../../../worker/contract/names.ts";
import type { RoomMember } from "../../../worker/contract/rooms.ts";
import type { Account } from "../account.ts";
import { planSending } from "../omemo/trust.ts";
import { readersAmong } from "../omemo/trust-pins.ts";
import { leftOutOf } from "../omemo/left-out.ts";
import type { LeftOut } from "../protocol/account.ts";
import type { Encryption, RoomSummary } from "../protocol/conversations.ts";
import type { RoomRow } from "../store/people-rows.ts";

/**
 * `people`: at least one of them has to be able to read it. `clear`: a room for everybody. `exposed`: a room that was
 * private, where the person agreed in this browser to write in clear. `unknown`: it has to be asked first.
 */
export type Audience =
  | { readonly kind: "people"; readonly jids: readonly BareJid[] }
  | { readonly kind: "clear" | "exposed" | "unknown" }
  | { readonly kind: "refused"; readonly failure: Failure };

type Known = Pick<Account, "self" | "cache" | "live">;
type Reaching = Known & Pick<Account, "directory">;
type Cached = Pick<Account, "self" | "cache">;

/** The room is open now and was private when this was written, or at any time before. */
const NO_LONGER_PRIVATE: Failure = { kind: "encryption-unavailable", detail: "no longer private" };
/** It was not known to be open when this was written. */
export const OPEN_TO_ALL: Failure = { kind: "encryption-unavailable", detail: "open to everybody" };
const MEMBERS_KEPT: Failure = { kind: "encryption-unavailable", detail: "members kept" };
const NOBODY_ELSE: Failure = { kind: "encryption-unavailable", detail: "nobody else" };
const NOT_THERE: Failure = { kind: "peer-refused", detail: "not in the room" };

export function audienceOf(account: Known, chat: BareJid): Audience {
  const room = account.cache.rooms.get(chat);
  if (room === undefined) return { kind: "people", jids: [chat] };
  if (!room.joined) return { kind: "refused", failure: NOT_THERE };
  if (room.closed === undefined) return { kind: "unknown" };
  if (!room.closed) {
    const exposed = account.cache.chats.get(chat)?.exposed === true;
    const may = !mustEncrypt(account, room) || exposed;
    if (!may) return { kind: "refused", failure: NO_LONGER_PRIVATE };
    // What was true of it last need not be so now: in clear only where the room says it now.
    if (account.live.rooms.get(chat)?.closed !== false) return { kind: "unknown" };
    return { kind: exposed ? "exposed" : "clear" };
  }
  if (room.members === undefined) return { kind: "unknown" };
  if (isUnlisted(account, room)) return { kind: "refused", failure: MEMBERS_KEPT };
  const jids = othersIn(account, room);
  return jids.length === 0 ? { kind: "refused", failure: NOBODY_ELSE } : { kind: "people", jids };
}

/** Everybody who belongs to a room but us, there or not. */
export function othersIn({ self }: Pick<Account, "self">, { members }: RoomRow): readonly BareJid[] {
  return [...new Set((members ?? []).flatMap(({ jid }) => (jid === self.jid ? [] : [jid])))];
}

/** Those who belong to a room and have no device that could be used. */
export function unableIn(
  { self, cache, directory }: Cached & Pick<Account, "directory">,
  room: RoomRow,
): readonly BareJid[] {
  if (room.closed !== true) return [];
  return othersIn({ self }, room).filter(
    (jid) => directory.unreachable.has(jid) || cache.deviceLists.get(jid)?.devices.length === 0,
  );
}

/** Members whose keys keep them from reading, or the message from being sent (`planSending`). */
export function doubtfulIn(
  { self, cache }: Cached,
  room: RoomRow,
): Pick<RoomSummary, "undecided" | "changed" | "newcomers"> {
  const undecided: BareJid[] = [];
  const changed: BareJid[] = [];
  const newcomers: LeftOut[] = [];
  for (const jid of room.closed === true ? othersIn({ self }, room) : []) {
    const devices = (cache.deviceLists.get(jid)?.devices ?? []).map((device) => ({ jid, device }));
    const plan = planSending(self.jid, readersAmong(cache, self.jid, devices));
    if (plan.kind === "blocked" && plan.why === "key-changed") changed.push(jid);
    if (plan.kind === "blocked" && plan.why === "none-trusted") undecided.push(jid);
    if (plan.kind === "blocked" && plan.why === "new-device")
      newcomers.push(...leftOutOf(plan.devices, [], (address) => cache.pins.get(address)));
  }
  return { undecided, changed, newcomers };
}

/** What the header of a room says. */
export function roomEncryption(account: Reaching, room: RoomRow): Encryption {
  const chat = account.cache.chats.get(room.jid);
  const now = account.live.rooms.get(room.jid);
  const unsure = now?.state === "joined" && now.closed === undefined ? "unknown" : undefined;
  if (room.closed === undefined) return mustEncrypt(account, room) ? "on" : (unsure ?? "checking");
  if (!room.closed) {
    if (!mustEncrypt(account, room)) return unsure ?? "open";
    return chat?.exposed === true ? (unsure ?? "exposed") : "blocked";
  }
  // Who belongs to it is asked: until then nobody knows whether there is anybody to write to.
  if (room.members === undefined) return chat?.encrypted === true ? "on" : "checking";
  if (isUnlisted(account, room)) return "unlisted";
  const others = othersIn(account, room);
  if (unableIn(account, room).length === others.length) {
    return chat?.exposed === true && others.length > 0 ? "exposed" : "unavailable";
  }
  return chat?.encrypted === true ? "on" : "ready";
}

/** A room that was seen private once counts as encrypted, whatever it says of itself later. */
function mustEncrypt({ cache }: Pick<Account, "cache">, { jid, wasClosed }: RoomRow): boolean {
  return wasClosed === true || cache.chats.get(jid)?.encrypted === true;
}

/** Its list of members is kept from us, and nobody has agreed here to write to those alone who are known. */
function isUnlisted({ cache }: Pick<Account, "cache">, { jid, unlisted }: RoomRow): boolean {
  return unlisted === true && cache.chats.get(jid)?.partial !== true;
}

export function isMember(members: readonly RoomMember[] | undefined, jid: BareJid): boolean {
  return members?.some((member) => member.jid === jid) === true;
}
