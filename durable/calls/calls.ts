/** The contract's calls: each is a few lines into the stores, with the browser that asks already known. */
import type {
  BareJid,
  CallArguments,
  CallName,
  CallValue,
  DeviceId,
  Position,
  Result,
  SendArguments,
  SendReply,
} from "../../worker/contract.ts";
import { answeredInRoom } from "../store/reply-names.ts";
import type { Attendance } from "../rooms/occupancy.ts";
import type { Browser } from "../store/browsers.ts";
import type { Connection } from "../connection/connection.ts";
import { keepKeysOf } from "../store/apply.ts";
import { answerFor } from "./receipts.ts";
import type { Feed } from "../browsers/feed.ts";
import type { Keyring } from "../browsers/keyring.ts";
import type { OmemoNodes } from "../omemo/nodes.ts";
import { findRoomService } from "../rooms/service.ts";
import { inviteTo, membersOf } from "../rooms/administration.ts";
import type { Stores } from "../store/stores.ts";
import { legalText } from "../xep/element.ts";
import { buildMessage } from "../xep/message.ts";
import { approveContact, askContact, declineContact, removeContact } from "./contacts.ts";

type Serve = {
  readonly [Name in CallName]: (browser: Browser, args: CallArguments<Name>) => Promise<Result<CallValue<Name>>>;
};

type Older = (chat: BareJid) => Promise<Result<{ readonly complete: boolean }>>;

/** How long a device list stands without a word from the server (XEP-0384 gives strangers no notification). */
const DEVICE_LIST_MS = 24 * 60 * 60_000;

export class Calls {
  readonly #stores: Stores;
  readonly #feed: Feed;
  readonly #connection: Connection;
  readonly #nodes: OmemoNodes;
  readonly #keyring: Keyring;
  readonly #attendance: Attendance;
  readonly #older: Older;

  constructor(
    stores: Stores,
    feed: Feed,
    connection: Connection,
    nodes: OmemoNodes,
    keyring: Keyring,
    attendance: Attendance,
    older: Older,
  ) {
    this.#stores = stores;
    this.#feed = feed;
    this.#connection = connection;
    this.#nodes = nodes;
    this.#keyring = keyring;
    this.#attendance = attendance;
    this.#older = older;
  }

  answer<Name extends CallName>(
    browser: Browser,
    name: Name,
    args: CallArguments<Name>,
  ): Promise<Result<CallValue<Name>>> {
    return this.#serve[name](browser, args);
  }

  readonly #serve: Serve = {
    send: async (browser, args) => this.#send(browser, args),

    devices: async (_browser, { jid, fresh }) => {
      const known = this.#stores.deviceLists.get(jid);
      const young = known !== undefined && known.fetchedAt > Date.now() - DEVICE_LIST_MS;
      if (known && young && !fresh) return { ok: true, value: { devices: known.devices } };
      const fetched = await this.#nodes.fetchList(jid);
      if (fetched.ok) return { ok: true, value: { devices: fetched.value } };
      // An old list is better than none while the server cannot be asked: what was encrypted stays encrypted.
      return known && !fresh ? { ok: true, value: { devices: known.devices } } : fetched;
    },

    bundle: (_browser, { jid, device }) => this.#nodes.fetchBundle(jid, device),

    publish: async (browser, { device, bundle }) => {
      const taken = this.#stores.browsers.all().some((other) => other.id !== browser.id && other.device === device);
      if (taken) return { ok: false, error: { kind: "encryption-unavailable", detail: "device id in use" } };
      this.#setDevice(browser, device);
      const published = await this.#nodes.publish(device, bundle);
      if (published.ok) await this.#nodes.removeErased();
      return published;
    },

    receipt: async (browser, { messages, state }) =>
      answerFor(this.#stores, this.#connection, browser, messages, state),

    read: async (_browser, { chat, position }) => ({
      ok: true,
      value: {
        position: this.#stores.turn(() => {
          const seen = Math.min(position, this.#stores.log.position) as Position;
          return this.#stores.conversations.read(chat, seen);
        }),
      },
    }),

    contact: async (_browser, { jid, action }) => {
      if (!this.#connection.live) return { ok: false, error: { kind: "offline" } };
      switch (action) {
        case "add":
          return askContact(this.#connection, this.#stores.contacts.get(jid));
        case "accept":
          this.#stores.turn(() => this.#stores.contacts.endRequest(jid, true));
          return approveContact(this.#connection, jid);
        case "decline":
          // Somebody who only wrote has asked for nothing: an answer would tell him that he reached a person.
          if (!this.#stores.contacts.get(jid).request) return { ok: true, value: { done: true } };
          this.#stores.turn(() => this.#stores.contacts.endRequest(jid, false));
          return declineContact(this.#connection, jid);
        case "remove":
          return removeContact(this.#connection, jid);
      }
    },

    older: (_browser, { chat }) => this.#older(chat),

    room: (_browser, { jid, action, nick }) =>
      action === "join" ? this.#attendance.join(jid, nick) : this.#attendance.leave(jid),

    members: (_browser, { jid }) => membersOf(this.#connection, jid),

    invite: (_browser, { room, jid }) => inviteTo(this.#connection, room, jid),

    roomService: () => findRoomService(this.#connection, this.#stores.meta.account),

    revoke: async (by, { browser }) => {
      const targets = await this.#keyring.revoke(by, browser);
      if (!targets) return { ok: false, error: { kind: "not-found" } };
      for (const { id } of targets) this.#feed.end(id, "revoked");
      await this.#nodes.removeErased();
      return { ok: true, value: { done: true } };
    },

    removeDevice: async (_browser, { device }) =>
      this.#stores.browsers.devices().has(device)
        ? { ok: false, error: { kind: "not-found" } }
        : this.#nodes.removeForGood(device),

    stayOnline: (_browser, { on }) => this.#keyring.stayOnline(on),

    // The secret that came with the call has opened the sign-in data already, if it could.
    unlock: async ({ id }) => ({
      ok: true,
      value: { unlocked: this.#connection.unlocked, account: this.#stores.meta.account, browser: id },
    }),

    reconnect: async () => {
      this.#connection.retryNow();
      return { ok: true, value: { state: this.#connection.accountState } };
    },
  };

  #send(browser: Browser, args: SendArguments): Result<SendReply> {
    const { log, meta, outbox, conversations, browsers } = this.#stores;
    const { client, number, after, chat, content, replaces, reply } = args;
    const account = meta.account;
    const known = log.own(account, client);
    if (!known) {
      const accepted = browsers.accepted(browser.id);
      if (number <= accepted) return { ok: false, error: { kind: "behind" } };
      if (after > accepted) return { ok: false, error: { kind: "too-early" } };
    }
    // What was accepted stays accepted, even if a sibling has encrypted the conversation since.
    if (!known && content.kind === "clear" && !content.exposed && conversations.encrypted(chat)) {
      return { ok: false, error: { kind: "would-expose" } };
    }
    const room = this.#stores.rooms.get(chat);
    // To the address of a room nothing is ever sent as to a person.
    if (room && !room.wanted) return { ok: false, error: { kind: "peer-refused", detail: "not in the room" } };
    const receipt = chat !== account;
    const references = { ...(replaces !== undefined && { replaces }), ...(reply && { reply }) };
    const named = room && reply ? { reply: answeredInRoom(log, chat, reply) } : {};
    const stanza = buildMessage({
      to: chat,
      id: client,
      content,
      receipt,
      room: room !== undefined,
      references: { ...references, ...named },
    }).toString();
    const place =
      known ??
      this.#stores.turn(() => {
        const kept =
          content.kind === "omemo"
            ? keepKeysOf(content, browsers.devices())
            : ({ kind: "clear", text: legalText(content.text) } as const);
        const draft = {
          kind: "message",
          chat,
          sender: account,
          outgoing: true,
          at: Date.now(),
          originId: client,
          ...references,
          ...(room && { occupant: this.#stores.rooms.self(room) }),
        } as const;
        const placed = log.message({ ...draft, content: kept }, { browser: browser.id, client });
        outbox.put({ seq: placed.seq, client, stanza });
        browsers.accept(browser.id, number);
        const shows = content.kind === "clear" || content.omemo.payload !== undefined;
        if (content.kind === "omemo" && shows) conversations.setEncrypted(chat);
        if (shows) conversations.setAnswered(chat);
        return placed;
      });
    const toWrite = known ? outbox.retry(client, stanza) : true;
    const open = room ? this.#attendance.open(chat) : this.#connection.caughtUp;
    if (toWrite && open) this.#connection.sendText(stanza);
    return { ok: true, value: { id: place.id, seq: place.seq, position: place.position } };
  }

  #setDevice(browser: Browser, device: DeviceId): void {
    if (browser.device === device) return;
    this.#stores.turn(() => {
      // Its data was thrown away or erased and it began anew: nobody reads with the former device any more.
      this.#stores.meta.unlist(browser.device);
      this.#stores.browsers.setDevice(browser.id, device);
    });
    this.#feed.setDevice(browser.id, device);
  }
}
