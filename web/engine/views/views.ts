/** What pages see, built from the store: the conversation list, timelines, devices. Tells them of every commit. */
import { localOf } from "../../../worker/shared/jid.ts";
import type { BareJid, BrowserInfo, DeviceId, Position } from "../../../worker/contract.ts";
import type { Account } from "../account.ts";
import { roomEncryption } from "../rooms/audience.ts";
import { roomSummary } from "./room-summary.ts";
import { fingerprintOf } from "../omemo/identity.ts";
import { leftOutOf } from "../omemo/left-out.ts";
import { type Candidate, isTrusted, planSending } from "../omemo/trust.ts";
import { codeOf } from "../omemo/trust-code.ts";
import { candidatesOf, trustOf } from "../omemo/trust-pins.ts";
import { type Claim, claimsUri } from "../omemo/trust-uri.ts";
import {
  type ChatSummary,
  type DeviceItem,
  type DevicesView,
  type Encryption,
  type EngineEvent,
  type GapView,
  NOTHING_READ,
  type NoticeView,
  type TimelinePage,
  type TrustView,
} from "../protocol.ts";
import { itemOf } from "../store/messages.ts";
import type { Touched } from "../store/mirror.ts";
import type { ContactRow, MessageRow } from "../store/schema.ts";

/** Rows of one page of a timeline. */
const PAGE = 50;

export class Views {
  readonly #account: Account;
  readonly #emit: (event: EngineEvent) => void;

  constructor(account: Account, emit: (event: EngineEvent) => void) {
    this.#account = account;
    this.#emit = emit;
  }

  /** Tells pages what a commit changed: the rows at once, the list when its counts are known. */
  committed(touched: Touched): void {
    const { mirror, database } = this.#account;
    for (const [chat, { rows, removed }] of touched.messages) {
      const hidden = rows.filter((row) => row.hidden === 1);
      // A count of hidden rows that may be wrong is not told; the recount below tells it.
      if (hidden.length > 0) continue;
      this.#emitRows(chat, rows, removed);
    }
    for (const jid of touched.devices) this.#emit({ type: "devices", jid });
    if (touched.notices) this.noticesChanged();
    if (touched.gaps) this.#emit({ type: "gaps", gaps: this.gaps() });
    if (touched.chats.size === 0) return;
    // Who can read in a room is said in its row.
    const changed = [...touched.chats];
    const chats = [...new Set([...changed, ...this.#roomsWith(touched.devices)])];
    const recount = mirror.count(database, chats).then(() => {
      for (const [chat, { rows, removed }] of touched.messages) {
        if (rows.some((row) => row.hidden === 1)) this.#emitRows(chat, rows, removed);
      }
      this.chatsChanged(chats);
    });
    this.#account.inBackground(recount);
  }

  #roomsWith(people: ReadonlySet<BareJid>): readonly BareJid[] {
    if (people.size === 0) return [];
    const rooms = [...this.#account.mirror.rooms.values()];
    return rooms.flatMap(({ jid, members }) => (members?.some((member) => people.has(member.jid)) ? jid : []));
  }

  #emitRows(chat: BareJid, rows: readonly MessageRow[], removed: readonly string[]): void {
    const items = rows.filter((row) => row.hidden === 0).map(itemOf);
    const gone = [...removed, ...rows.filter((row) => row.hidden === 1).map(({ key }) => key)];
    const beforeDevice = this.#account.mirror.counts.get(chat)?.beforeDevice ?? 0;
    const readTo = this.#account.mirror.chats.get(chat)?.readTo ?? NOTHING_READ;
    this.#emit({ type: "messages", chat, items, removed: gone, beforeDevice, readTo });
  }

  /** Tells pages these rows of the conversation list as they are now. */
  chatsChanged(jids: readonly BareJid[]): void {
    const chats: ChatSummary[] = [];
    const removed: BareJid[] = [];
    for (const jid of jids) {
      const chat = this.summary(jid);
      if (chat === undefined) removed.push(jid);
      else chats.push(chat);
    }
    if (chats.length > 0 || removed.length > 0) this.#emit({ type: "chats", chats, removed });
  }

  chats(): readonly ChatSummary[] {
    const { chats, contacts, rooms } = this.#account.mirror;
    return [...new Set([...chats.keys(), ...contacts.keys(), ...rooms.keys()])].flatMap(
      (jid) => this.summary(jid) ?? [],
    );
  }

  /** Undefined: neither a conversation nor a contact. */
  summary(jid: BareJid): ChatSummary | undefined {
    const { mirror, situation } = this.#account;
    const chat = mirror.chats.get(jid);
    const contact = mirror.contacts.get(jid);
    const room = mirror.rooms.get(jid);
    const last = chat?.last;
    if (room !== undefined) {
      // One that was left without a word said is of no interest; neither is an invitation that was answered.
      if (!room.joined && room.invitedBy === undefined && last === undefined) return undefined;
    } else if (chat === undefined && contact === undefined) return undefined;
    return {
      jid,
      name: contact?.name ?? localOf(jid),
      relation: room === undefined ? relationOf(contact) : room.invitedBy === undefined ? "contact" : "request",
      available: situation.available.has(jid),
      encryption: this.encryptionOf(jid),
      unread: mirror.counts.get(jid)?.unread ?? 0,
      readTo: chat?.readTo ?? NOTHING_READ,
      last: last && {
        key: last.key,
        at: last.at,
        outgoing: last.outgoing,
        body: last.body,
        state: last.state,
        author: last.author,
      },
      trust: this.#trustOf(jid),
      ...(room && { room: roomSummary(this.#account, room) }),
    };
  }

  /** What keeps messages from some devices of a contact, or from leaving at all. */
  #trustOf(jid: BareJid): TrustView | undefined {
    const { mirror, self } = this.#account;
    const devices = (mirror.deviceLists.get(jid)?.devices ?? []).filter((device) => device !== self.device);
    const addresses = devices.map((device) => ({ jid, device }));
    const candidates = candidatesOf(addresses, (address) => mirror.pins.get(address));
    const plan = planSending(self.jid, candidates, jid === self.jid);
    const named = (left: readonly Candidate[]) => leftOutOf(left, [], (address) => mirror.pins.get(address));
    if (plan.kind === "send") {
      return plan.excluded.length > 0 ? { kind: "excluded", devices: named(plan.excluded) } : undefined;
    }
    return plan.why === "no-device" ? undefined : { kind: plan.why, devices: named(plan.devices) };
  }

  encryptionOf(jid: BareJid): Encryption {
    const { mirror, unreachable } = this.#account;
    const room = mirror.rooms.get(jid);
    if (room !== undefined) return roomEncryption(this.#account, room);
    const chat = mirror.chats.get(jid);
    const devices = mirror.deviceLists.get(jid)?.devices;
    const usable = devices !== undefined && devices.length > 0 && !unreachable.has(jid);
    if (usable) return chat?.encrypted === true ? "on" : "ready";
    if (chat?.exposed === true) return "exposed";
    if (devices === undefined && !unreachable.has(jid)) return chat?.encrypted === true ? "on" : "checking";
    return "unavailable";
  }

  noticesChanged(): void {
    this.#emit({ type: "notices", notices: this.notices() });
  }

  notices(): readonly NoticeView[] {
    const { mirror, situation } = this.#account;
    const shown = [...mirror.notices.values()].flatMap(({ notice, dismissed }) => (dismissed ? [] : [notice]));
    // The object may tell the name of a browser a moment after its device.
    const nameOf = (of: DeviceId) => situation.browsers.find(({ device }) => device === of)?.name;
    return shown.map((notice) => {
      if (notice.kind === "new-device") return { ...notice, name: notice.name ?? nameOf(notice.device) };
      if (notice.kind !== "awaiting") return notice;
      return { ...notice, by: notice.by.map((one) => ({ ...one, name: nameOf(one.device) })) };
    });
  }

  gaps(): readonly GapView[] {
    return [...this.#account.mirror.gaps.values()];
  }

  /** The newest rows of a conversation, or those before a position. */
  async timeline(chat: BareJid, before: Position | undefined): Promise<TimelinePage> {
    const index = this.#account.database.transaction("messages").store.index("timeline");
    const range =
      before === undefined
        ? IDBKeyRange.bound([chat, 0], [chat, 1])
        : IDBKeyRange.bound([chat, 0], [chat, 0, before], false, true);
    const rows: MessageRow[] = [];
    let cursor = await index.openCursor(range, "prev");
    while (cursor !== null && rows.length < PAGE) {
      rows.push(cursor.value as MessageRow);
      cursor = await cursor.continue();
    }
    return {
      chat,
      items: rows.toReversed().map(itemOf),
      more: cursor !== null ? "here" : this.#account.mirror.chats.get(chat)?.complete === true ? "none" : "server",
      beforeDevice: this.#account.mirror.counts.get(chat)?.beforeDevice ?? 0,
    };
  }

  /** The devices of somebody, ours when `jid` is undefined: those listed now and those seen before. */
  async devices(jid: BareJid | undefined): Promise<DevicesView> {
    const { self, mirror, situation } = this.#account;
    const owner = jid ?? self.jid;
    const pins = [...mirror.pins.values()].filter((pin) => pin.jid === owner);
    const fingerprints = new Map<DeviceId, string>(pins.map((pin) => [pin.device, fingerprintOf(pin.identityKey)]));
    const listed = new Set(mirror.deviceLists.get(owner)?.devices ?? []);
    const own = owner === self.jid;
    if (own) fingerprints.set(self.device, fingerprintOf(self.identityKey));
    const browsers = own ? situation.browsers : [];
    const ids = new Set<DeviceId>([
      ...(own ? [self.device] : []),
      ...browsers.flatMap(({ device }) => device ?? []),
      ...listed,
      ...fingerprints.keys(),
    ]);
    const describe = async (device: DeviceId): Promise<DeviceItem> => {
      const browser = browsers.find((candidate) => candidate.device === device);
      const pin = pins.find((candidate) => candidate.device === device);
      const compared = own && device !== self.device && pin !== undefined;
      return {
        device,
        fingerprint: fingerprints.get(device),
        name: browser?.name,
        ...(browser !== undefined && { kind: browser.kind }),
        browser: browser?.id,
        here: own && device === self.device,
        attached: browser?.attached ?? false,
        firstSeen: browser?.firstSeen,
        lastSeen: browser?.lastSeen,
        listed: listed.has(device),
        signedOut: browser?.signedOut ?? false,
        ...(browser?.dormant === true && { dormant: true }),
        ...(pin !== undefined && {
          trust: trustOf(pin),
          changedTo: pin.shown && fingerprintOf(pin.shown),
          met: pin.firstSeen,
          used: pin.lastUsed,
        }),
        code: compared ? await codeOf(self.identityKey, pin.identityKey) : undefined,
      };
    };
    const devices = await Promise.all([...ids].map(describe));
    const keyless = browsers.filter(
      ({ id, device, signedOut }) => device === undefined && !signedOut && id !== self.browser,
    );
    const uri = own ? claimsUri({ jid: owner, devices: devices.flatMap(claimOf) }) : undefined;
    return { jid: owner, devices: [...devices, ...keyless.map(withoutDevice)], uri };
  }
}

/** Signed in, and its keys not known: the server cannot carry them, or it has only just come. */
function withoutDevice({ id, name, kind, attached, firstSeen, lastSeen }: BrowserInfo): DeviceItem {
  return { browser: id, name, kind, attached, firstSeen, lastSeen, here: false, listed: true, signedOut: false };
}

/** What we vouch for when somebody compares keys with us: this browser and those that were let in. */
function claimOf({ here, device, fingerprint, trust, changedTo, listed }: DeviceItem): readonly Claim[] {
  const ours = here || (listed && changedTo === undefined && trust !== undefined && isTrusted(trust));
  return ours && device !== undefined && fingerprint !== undefined ? [{ device, fingerprint }] : [];
}

function relationOf(contact: ContactRow | undefined): ChatSummary["relation"] {
  if (contact === undefined) return "stranger";
  if (contact.request) return "request";
  return contact.asked && (contact.subscription === "none" || contact.subscription === "from") ? "asked" : "contact";
}
