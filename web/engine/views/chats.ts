/** The rows of the conversation list. */
import type { BareJid, PictureId } from "../../../worker/contract/names.ts";
import type { PresenceInfo } from "../../../worker/contract/state.ts";
import { localOf } from "../../../worker/shared/jid.ts";
import type { Account } from "../account.ts";
import type { OwnProfile } from "../protocol/account.ts";
import { leftOutOf } from "../omemo/left-out.ts";
import { type Candidate, planSending } from "../omemo/trust.ts";
import { readersAmong, trustOf } from "../omemo/trust-pins.ts";
import { type ChatSummary, type Encryption, NOTHING_READ, type TrustView } from "../protocol/conversations.ts";
import { roomEncryption } from "../rooms/audience.ts";
import { mentionsIn } from "../store/mentioned.ts";
import { PENDING_POSITION } from "../store/pending-positions.ts";
import { addressOf } from "../store/device-rows.ts";
import type { ChatRow } from "../store/conversation-rows.ts";
import { choiceKeyOf, choiceOf, type ContactRow, listedContact, type RoomRow } from "../store/people-rows.ts";
import { addressText, nameOfAddress, shownName } from "../../words/names.ts";
import { chatsWithChoices, choicesIn } from "./choices.ts";
import { lastOf } from "./message.ts";
import { roomSummary } from "./room-summary.ts";

export function summariesOf(account: Account): readonly ChatSummary[] {
  const { chats, contacts, rooms } = account.cache;
  const jids = new Set([...chats.keys(), ...contacts.keys(), ...rooms.keys()]);
  const chosen = chatsWithChoices(account);
  return [...jids].flatMap((jid) => summaryOf(account, jid, chosen.has(jid)) ?? []);
}

/** Undefined: neither a conversation nor a contact. `chosen`: something may have been chosen for it. */
export function summaryOf(account: Account, jid: BareJid, chosen = true): ChatSummary | undefined {
  const { cache, live } = account;
  const chat = cache.chats.get(jid);
  const known = cache.contacts.get(jid);
  const contact = listedContact(known);
  const room = cache.rooms.get(jid);
  const last = chat?.last;
  if (waitsAtTheDoor(account, jid) || (room === undefined && isOutOfSight(account, jid))) return undefined;
  return {
    jid,
    name: shownName(
      chat?.ownName ?? "",
      nameOf(jid, jid === account.self.jid ? known : contact, room, jid === account.self.jid),
    ),
    ...(chat?.ownName && { ownName: chat.ownName }),
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
    ...(chat?.mentions && { mentions: mentionsIn(chat) }),
    readTo: chat?.readTo ?? NOTHING_READ,
    last: lastOf(last),
    ...(chat?.draft && { draft: chat.draft }),
    ...(chat?.sealed?.draft?.elsewhere && { draftFrom: chat.sealed.draft.at }),
    ...(last && last.position < PENDING_POSITION && { newest: last.position }),
    ...(chosen && choicesIn(account, jid)),
    ...(last === undefined && (cache.counts.get(jid)?.beforeDevice ?? 0) > 0 && { earlier: true }),
    trust: trustViewOf(account, jid),
    ...(room === undefined && isVerified(account, jid) && { verified: true as const }),
    ...absentIn(account, jid, last !== undefined),
    ...(room && { room: roomSummary(account, room) }),
    ...(room && isOfNoInterest(room, last) && { unlisted: true as const }),
  };
}

/** A room that was left without a word said, or an invitation that was answered: whoever comes back to it sees a room. */
function isOfNoInterest({ joined, invitedBy }: RoomRow, last: ChatRow["last"]): boolean {
  return !joined && invitedBy === undefined && last === undefined;
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

/**
 * Only contacts may write first, and this is somebody else's message, request or invitation: kept, read and found where
 * those are that are kept away, until the person lets them in or writes to them.
 */
export function waitsAtTheDoor(account: Account, jid: BareJid): boolean {
  const { cache, self } = account;
  if (jid === self.jid || !hidesStrangers(account)) return false;
  const room = cache.rooms.get(jid);
  const asks = room === undefined ? jid : room.joined ? undefined : room.invitedBy;
  if (asks === undefined || choicesIn(account, jid).choices?.letIn === true) return false;
  const contact = listedContact(cache.contacts.get(asks));
  const asksNow = contact?.request === true;
  const isKnown = contact !== undefined && (!asksNow || contact.subscription !== "none" || contact.asked);
  // Where there is nothing of theirs, it is the person who has begun.
  const spoke = cache.chats.get(jid)?.last?.outgoing === false || (cache.counts.get(jid)?.beforeDevice ?? 0) > 0;
  return !isKnown && (room !== undefined || asksNow || spoke) && cache.chats.get(asks)?.answered !== true;
}

/** Only contacts may write first. */
export function hidesStrangers({ cache }: Account): boolean {
  const row = cache.choices.get(choiceKeyOf({ name: "writesFirst" }));
  return row !== undefined && choiceOf(row).value === "contacts";
}

function isEmpty({ deleted, last, draft }: ChatRow): boolean {
  return deleted === true && last === undefined && draft === undefined;
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
  // Of thousands of contacts most have none that is known here.
  if (devices.length === 0) return undefined;
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
