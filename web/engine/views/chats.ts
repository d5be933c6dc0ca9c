/** The rows of the conversation list. */
import type { BareJid, PictureId } from "../../../worker/contract/names.ts";
import type { PresenceInfo } from "../../../worker/contract/state.ts";
import { localOf } from "../../../worker/shared/jid.ts";
import type { Account } from "../account.ts";
import type { OwnProfile } from "../protocol/account.ts";
import { leftOutOf } from "../omemo/left-out.ts";
import { type Candidate, planSending } from "../omemo/trust.ts";
import { readersAmong, trustOf } from "../omemo/trust-pins.ts";
import {
  type ChatSummary,
  type Encryption,
  type KeptAway,
  NOTHING_READ,
  type TrustView,
} from "../protocol/conversations.ts";
import { roomEncryption } from "../rooms/audience.ts";
import { addressOf } from "../store/device-rows.ts";
import { type ChatRow, type ContactRow, listedContact, type RoomRow } from "../store/conversation-rows.ts";
import { addressText, nameOfAddress, shownName } from "../../words/names.ts";
import { choicesIn } from "./choices.ts";
import { lastOf } from "./message.ts";
import { roomSummary } from "./room-summary.ts";

export function summariesOf(account: Account): readonly ChatSummary[] {
  const { chats, contacts, rooms } = account.cache;
  const jids = new Set([...chats.keys(), ...contacts.keys(), ...rooms.keys()]);
  return [...jids].flatMap((jid) => summaryOf(account, jid) ?? []);
}

/** Undefined: neither a conversation nor a contact. */
export function summaryOf(account: Account, jid: BareJid): ChatSummary | undefined {
  const { cache, live } = account;
  const chat = cache.chats.get(jid);
  const known = cache.contacts.get(jid);
  const contact = listedContact(known);
  const room = cache.rooms.get(jid);
  const last = chat?.last;
  if (room !== undefined) {
    // One that was left without a word said is of no interest; neither is an invitation that was answered.
    if (!room.joined && room.invitedBy === undefined && last === undefined) return undefined;
  } else if (isOutOfSight(account, jid)) return undefined;
  return {
    jid,
    name: nameOf(jid, jid === account.self.jid ? known : contact, room, jid === account.self.jid),
    relation:
      room === undefined
        ? relationOf(known, chat?.answered === true, jid === account.self.jid)
        : room.invitedBy === undefined
          ? "contact"
          : "request",
    available: live.available.has(jid),
    ...(room === undefined && presenceOf(live.available.get(jid))),
    ...(room === undefined && contact?.nick !== undefined && { nick: shownName(contact.nick, "") }),
    ...pictureOf(room === undefined ? known?.picture : live.rooms.get(jid)?.picture),
    encryption: encryptionOf(account, jid),
    unread: cache.counts.get(jid)?.unread ?? 0,
    readTo: chat?.readTo ?? NOTHING_READ,
    last: lastOf(last),
    ...(chat?.draft && { draft: chat.draft }),
    ...(last && { newest: last.position }),
    ...choicesIn(account, jid),
    ...(last === undefined && (cache.counts.get(jid)?.beforeDevice ?? 0) > 0 && { earlier: true }),
    trust: trustViewOf(account, jid),
    ...(room === undefined && isVerified(account, jid) && { verified: true as const }),
    ...absentIn(account, jid, last !== undefined),
    ...(room && { room: roomSummary(account, room) }),
  };
}

function presenceOf({ show, idle }: Pick<PresenceInfo, "show" | "idle"> = {}): Pick<ChatSummary, "show" | "idle"> {
  return { ...(show !== undefined && { show }), ...(idle !== undefined && { idle }) };
}

function pictureOf(picture: PictureId | undefined): Pick<ChatSummary, "picture"> {
  return picture === undefined ? {} : { picture };
}

/** What this account calls itself, and which picture it has. */
export function profileOf({ cache, self }: Account): OwnProfile {
  const { nick, picture } = cache.contacts.get(self.jid) ?? {};
  return { ...(nick !== undefined && { nick }), ...(picture !== undefined && { picture }) };
}

/** No conversation and no contact; or deleted here, declined or blocked, and nobody to whom we have written. */
function isOutOfSight({ cache }: Account, jid: BareJid): boolean {
  const chat = cache.chats.get(jid);
  const known = cache.contacts.get(jid);
  if (listedContact(known) !== undefined) return false;
  if (known?.declined === true || known?.blocked === true) return chat?.answered !== true || isEmpty(chat);
  return chat === undefined || isEmpty(chat);
}

function isEmpty({ deleted, last, draft }: ChatRow): boolean {
  return deleted === true && last === undefined && draft === undefined;
}

/** Who is kept away, by name. */
export function keptAwayIn({ cache }: Account): readonly KeptAway[] {
  return [...cache.contacts.values()].flatMap(({ jid, name, declined, blocked }) => {
    if (declined !== true && blocked !== true) return [];
    const how = blocked === true ? "blocked" : "declined";
    return [{ jid, name: shownName(name ?? "", addressText(jid)), how } as const];
  });
}

/**
 * As this account calls them, else as they call themselves (XEP-0172), else by the first part of the address; whoever is no
 * contact by all of it (S18).
 */
function nameOf(jid: BareJid, contact: ContactRow | undefined, room: RoomRow | undefined, self: boolean): string {
  const known = self || room !== undefined || (contact !== undefined && !contact.request);
  // Some apps put the address into the roster as the name, which says nothing.
  const called = contact?.name === localOf(jid) || contact?.name === jid ? undefined : contact?.name;
  const nick = known ? contact?.nick : undefined;
  return shownName(called ?? nick ?? room?.name ?? "", known ? nameOfAddress(jid) : addressText(jid));
}

/**
 * The person has begun this conversation, and nobody has said a word in it: whether there is anybody may be asked by a
 * message, which would tell a stranger who has written that somebody is here.
 */
export function isTurnedTo({ cache, live, self }: Account, jid: BareJid): boolean {
  const chat = cache.chats.get(jid);
  const { subscription = "none", request = false } = cache.contacts.get(jid) ?? {};
  const silent = chat !== undefined && chat.last === undefined && chat.answered !== true && chat.deleted !== true;
  return live.linked && silent && jid !== self.jid && subscription === "none" && !request;
}

/** Whoever has written is there. */
function absentIn({ directory }: Account, jid: BareJid, spoken: boolean): Pick<ChatSummary, "absent"> {
  const absent = spoken ? undefined : directory.absent.get(jid);
  return absent === undefined ? {} : { absent };
}

/** Those that cannot read, because they were refused, do not count. */
function isVerified({ cache, self }: Account, jid: BareJid): boolean {
  const devices = (cache.deviceLists.get(jid)?.devices ?? []).filter((device) => device !== self.device);
  const pins = devices.map((device) => cache.pins.get(addressOf(jid, device)));
  const trusts = pins.map((pin) => (pin === undefined || pin.shown !== undefined ? "undecided" : trustOf(pin)));
  const readers = trusts.filter((trust) => trust !== "distrusted");
  return readers.length > 0 && readers.every((trust) => trust === "verified");
}

/** What keeps messages from some devices of a contact, or from leaving at all. */
function trustViewOf({ cache, self, directory }: Account, jid: BareJid): TrustView | undefined {
  const devices = (cache.deviceLists.get(jid)?.devices ?? []).filter((device) => device !== self.device);
  const addresses = devices.map((device) => ({ jid, device }));
  const candidates = readersAmong(cache, self.jid, addresses);
  const plan = planSending(self.jid, candidates, jid === self.jid);
  const named = (left: readonly Candidate[], unmet: readonly Candidate[] = []) =>
    leftOutOf(left, unmet, (address) => cache.pins.get(address));
  if (plan.kind === "send") {
    const unmet = plan.to.filter((candidate) => candidate.trust === undefined && directory.isPostponed(candidate));
    const devices = named(plan.excluded, unmet);
    return devices.length > 0 ? { kind: "excluded", devices } : undefined;
  }
  return plan.why === "no-device" ? undefined : { kind: plan.why, devices: named(plan.devices) };
}

/** Whether what is written here now is encrypted. */
export function encryptionOf(account: Account, jid: BareJid): Encryption {
  const { cache, directory } = account;
  const room = cache.rooms.get(jid);
  if (room !== undefined) return roomEncryption(account, room);
  const chat = cache.chats.get(jid);
  const devices = cache.deviceLists.get(jid)?.devices;
  if (jid === account.self.jid) return notesEncryption(account, chat?.encrypted === true);
  const usable = devices !== undefined && devices.length > 0 && !directory.unreachable.has(jid);
  if (usable) return chat?.encrypted === true ? "on" : "ready";
  if (chat?.exposed === true) return "exposed";
  if (directory.looking.has(jid)) return "checking";
  if (devices === undefined && !directory.unreachable.has(jid)) return chat?.encrypted === true ? "on" : "checking";
  return "unavailable";
}

/** Notes to ourselves have readers as soon as there is another device of ours. */
function notesEncryption({ self, cache }: Account, encrypted: boolean): Encryption {
  const others = cache.deviceLists.get(self.jid)?.devices.filter((device) => device !== self.device) ?? [];
  if (others.length === 0) return "notes";
  return encrypted ? "on" : "ready";
}

function relationOf(known: ContactRow | undefined, answered: boolean, self: boolean): ChatSummary["relation"] {
  // Nobody is a stranger to themselves.
  if (self) return "contact";
  if (known?.blocked === true) return "blocked";
  const contact = listedContact(known);
  if (contact === undefined) return answered ? "former" : "stranger";
  if (contact.request) return "request";
  if (contact.subscription === "to" || contact.subscription === "both") return "contact";
  return contact.asked ? "asked" : "unshared";
}
