/** The rows of the conversation list. */
import type { BareJid } from "../../../worker/contract/names.ts";
import { localOf } from "../../../worker/shared/jid.ts";
import type { Account } from "../account.ts";
import { leftOutOf } from "../omemo/left-out.ts";
import { type Candidate, planSending } from "../omemo/trust.ts";
import { candidatesOf } from "../omemo/trust-pins.ts";
import { type ChatSummary, type Encryption, NOTHING_READ, type TrustView } from "../protocol/conversations.ts";
import { roomEncryption } from "../rooms/audience.ts";
import type { ContactRow, RoomRow } from "../store/conversation-rows.ts";
import { addressText, shownName } from "../../words/names.ts";
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
  const contact = cache.contacts.get(jid);
  const room = cache.rooms.get(jid);
  const last = chat?.last;
  if (room !== undefined) {
    // One that was left without a word said is of no interest; neither is an invitation that was answered.
    if (!room.joined && room.invitedBy === undefined && last === undefined) return undefined;
  } else if (chat === undefined && contact === undefined) return undefined;
  return {
    jid,
    name: nameOf(jid, contact, room, jid === account.self.jid),
    relation:
      room === undefined
        ? relationOf(contact, chat?.answered === true, jid === account.self.jid)
        : room.invitedBy === undefined
          ? "contact"
          : "request",
    available: live.available.has(jid),
    encryption: encryptionOf(account, jid),
    unread: cache.counts.get(jid)?.unread ?? 0,
    readTo: chat?.readTo ?? NOTHING_READ,
    last: lastOf(last),
    ...(chat?.draft && { draft: chat.draft }),
    ...(last === undefined && (cache.counts.get(jid)?.beforeDevice ?? 0) > 0 && { earlier: true }),
    trust: trustViewOf(account, jid),
    ...(room && { room: roomSummary(account, room) }),
  };
}

/** By the roster's name; without one by the first part of the address, and whoever is no contact by all of it (S18). */
function nameOf(jid: BareJid, contact: ContactRow | undefined, room: RoomRow | undefined, self: boolean): string {
  const known = self || room !== undefined || (contact !== undefined && !contact.request);
  return shownName(contact?.name ?? room?.name ?? "", known ? localOf(jid) : addressText(jid));
}

/** What keeps messages from some devices of a contact, or from leaving at all. */
function trustViewOf({ cache, self, directory }: Account, jid: BareJid): TrustView | undefined {
  const devices = (cache.deviceLists.get(jid)?.devices ?? []).filter((device) => device !== self.device);
  const addresses = devices.map((device) => ({ jid, device }));
  const candidates = candidatesOf(addresses, (address) => cache.pins.get(address));
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
  if (devices === undefined && !directory.unreachable.has(jid)) return chat?.encrypted === true ? "on" : "checking";
  return "unavailable";
}

/** Notes to ourselves have readers as soon as there is another device of ours. */
function notesEncryption({ self, cache }: Account, encrypted: boolean): Encryption {
  const others = cache.deviceLists.get(self.jid)?.devices.filter((device) => device !== self.device) ?? [];
  if (others.length === 0) return "notes";
  return encrypted ? "on" : "ready";
}

function relationOf(contact: ContactRow | undefined, answered: boolean, self: boolean): ChatSummary["relation"] {
  // Nobody is a stranger to themselves.
  if (self) return "contact";
  if (contact === undefined) return answered ? "former" : "stranger";
  if (contact.request) return "request";
  if (contact.subscription === "to" || contact.subscription === "both") return "contact";
  return contact.asked ? "asked" : "unshared";
}
