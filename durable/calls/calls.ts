/** The contract's calls: each is a few lines into the stores, with the browser that asks already known. */
import type { CallArguments, CallName, CallValue } from "../../worker/contract/calls.ts";
import type { Result } from "../../worker/contract/failures.ts";
import type { BareJid, DeviceId } from "../../worker/contract/names.ts";
import { drop } from "../../worker/shared/drop.ts";
import type { Feed } from "../browsers/feed.ts";
import { Relay } from "../browsers/relay.ts";
import type { Keyring } from "../browsers/keyring.ts";
import type { BrowserSockets } from "../browsers/sockets.ts";
import type { Connection } from "../connection/connection.ts";
import type { CurrentLink } from "../connection/current-link.ts";
import type { MakingRoom } from "../connection/making-room.ts";
import type { Files } from "../files/files.ts";
import type { Pushes } from "../push/pushes.ts";
import type { OmemoNodes } from "../omemo/nodes.ts";
import type { DisplayedSync } from "../pep/displayed.ts";
import { Pictures } from "../pep/pictures.ts";
import { setNick, setPicture } from "../pep/profile.ts";
import type { RoomBookmarks } from "../rooms/bookmarks.ts";
import type { Browser } from "../store/browser-row.ts";
import type { Presented } from "../store/browsers.ts";
import type { SignInKeys } from "../store/sign-in-keys.ts";
import type { Stores } from "../store/stores.ts";
import { approveContact, askContact, blockContact, declineContact, removeContact, renameContact } from "./contacts.ts";
import { choose } from "./choose.ts";
import { lastSeen } from "./last-seen.ts";
import { lookFor } from "./look-for.ts";
import { changePassword, inviteNewcomer } from "./own-account.ts";
import { moveRead, takeReading } from "./reading.ts";
import { roomCalls, type ServeRooms } from "./rooms.ts";
import { copyCalls, type ServeCopy } from "./sealed-copy.ts";
import { whisper } from "./whisper.ts";
import { send, type SendParts } from "./send.ts";

type Serve = {
  readonly [Name in CallName]: (browser: Browser, args: CallArguments<Name>) => Promise<Result<CallValue<Name>>>;
};

/** How long a device list stands without a word from the server (XEP-0384 gives strangers no notification). */
const DEVICE_LIST_MS = 24 * 60 * 60_000;

const DONE = { ok: true, value: { done: true } } as const;

/** What the calls go into. */
export type CallParts = SendParts & {
  readonly feed: Feed;
  readonly sockets: BrowserSockets;
  readonly keys: SignInKeys;
  readonly keyring: Keyring;
  readonly connection: Connection;
  readonly room: MakingRoom;
  readonly nodes: OmemoNodes;
  readonly displayed: DisplayedSync;
  readonly bookmarks: RoomBookmarks;
  readonly files: Files;
  readonly pushes: Pushes;
  /** Characters of the sealed copy that are kept of one account. */
  readonly copyMost: number;
  /** Older messages of a conversation; they come as entries. Fails with `offline`, `peer-refused`. */
  readonly older: (chat: BareJid) => Promise<Result<{ readonly complete: boolean }>>;
};

export class Calls {
  readonly #parts: CallParts;
  readonly #stores: Stores;
  readonly #link: CurrentLink;
  readonly #nodes: OmemoNodes;
  readonly #pictures: Pictures;
  readonly #relay: Relay;
  readonly #serve: Serve;

  constructor(parts: CallParts) {
    this.#parts = parts;
    this.#stores = parts.stores;
    this.#link = parts.link;
    this.#nodes = parts.nodes;
    this.#pictures = new Pictures(parts.stores, parts.link);
    this.#relay = new Relay(parts.feed);
    this.#serve = { ...this.#own, ...roomCalls(parts), ...copyCalls(parts.stores, parts.feed, parts.copyMost) };
  }

  /** Fails as the call does; `Contract` says how. */
  answer<Name extends CallName>(
    browser: Browser,
    name: Name,
    args: CallArguments<Name>,
  ): Promise<Result<CallValue<Name>>> {
    return this.#serve[name](browser, args);
  }

  /**
   * `unlock` for a browser that has lost its key with everything else: whose session it is, and no more. It opens nothing.
   */
  whose({ browser }: Pick<Presented, "browser">): Result<CallValue<"unlock">> {
    return { ok: true, value: { unlocked: false, account: this.#stores.meta.account, browser } };
  }

  /** Something that waits to be sealed asks for this: of an account that rests it could miss every look, so one begins now. */
  #hurried<T>(answer: Result<T>): Result<T> {
    if (!answer.ok && answer.error.kind === "offline") drop(this.#parts.connection.absence.hurry());
    return answer;
  }

  readonly #own: Omit<Serve, keyof ServeRooms | keyof ServeCopy> = {
    send: async (browser, args) => {
      const answer = send(this.#parts, browser, args);
      drop(this.#parts.connection.absence.hurry());
      return answer;
    },

    devices: async (_browser, { jid, fresh }) => {
      const known = this.#stores.deviceLists.get(jid);
      const young = known !== undefined && known.fetchedAt > Date.now() - DEVICE_LIST_MS;
      if (known && young && !fresh) return { ok: true, value: { devices: known.devices } };
      const fetched = await this.#nodes.fetchList(jid);
      if (fetched.ok) return { ok: true, value: { devices: fetched.value } };
      // An old list is better than none while the server cannot be asked: what was encrypted stays encrypted.
      return known && !fresh ? { ok: true, value: { devices: known.devices } } : this.#hurried(fetched);
    },

    bundle: async (_browser, { jid, device }) => this.#hurried(await this.#nodes.fetchBundle(jid, device)),

    publish: async (browser, { device, bundle }) => {
      const taken = this.#stores.browsers.all().some((other) => other.id !== browser.id && other.device === device);
      if (taken) return { ok: false, error: { kind: "encryption-unavailable", detail: "device id in use" } };
      this.#setDevice(browser, device);
      const published = await this.#nodes.publish(device, bundle);
      if (published.ok) await this.#nodes.removeErased();
      this.#parts.sockets.tell();
      return published;
    },

    reading: async (browser, args) => {
      const receipts = takeReading(this.#stores, this.#link, browser, args);
      this.#parts.displayed.moved(args.positions.map(({ chat }) => chat));
      return { ok: true, value: { receipts } };
    },

    receipt: async (browser, { messages, state }) => {
      const told = { delivered: [], read: [], positions: [], [state]: messages };
      const taken = takeReading(this.#stores, this.#link, browser, told);
      return taken ? { ok: true, value: { done: true } } : { ok: false, error: { kind: "offline" } };
    },

    read: async (_browser, told) => {
      const position = this.#stores.turn(() => moveRead(this.#stores, told));
      this.#parts.displayed.moved([told.chat]);
      return { ok: true, value: { position } };
    },

    choose: async (_browser, args) => choose(this.#stores, this.#parts.feed, this.#link, args),

    contact: async (_browser, { jid, action, report, token }) => {
      const { contacts } = this.#stores;
      if (action === "allow") {
        this.#stores.turn(() => contacts.forgive(jid));
        return DONE;
      }
      if (!this.#link.live) return { ok: false, error: { kind: "offline" } };
      switch (action) {
        case "add":
          this.#stores.turn(() => {
            contacts.forgive(jid);
            contacts.setWelcome(jid, true);
          });
          return askContact(this.#link, contacts.get(jid), contacts.groups(jid), token);
        case "accept":
          this.#stores.turn(() => {
            contacts.forgive(jid);
            contacts.endRequest(jid, true);
          });
          return approveContact(this.#link, jid);
        case "decline": {
          const asked = contacts.get(jid).request;
          this.#stores.turn(() => contacts.decline(jid));
          // Somebody who only wrote has asked for nothing: an answer would tell them that they reached a person.
          return asked ? declineContact(this.#link, jid) : DONE;
        }
        case "remove":
          return removeContact(this.#link, jid);
        case "block":
        case "unblock":
          return blockContact(this.#link, jid, { block: action === "block", report });
      }
    },

    whisper: async (browser, args) => whisper(this.#stores, this.#link, browser, args),

    renameContact: (_browser, { jid, name }) => renameContact(this.#link, jid, name, this.#stores.contacts.groups(jid)),

    lastSeen: (_browser, { jid }) => lastSeen(this.#stores, this.#link, jid),

    picture: (_browser, wanted) => this.#pictures.fetch(wanted),

    setNick: (_browser, { nick }) => setNick(this.#stores, this.#link, nick),

    setPicture: (_browser, { picture }) => setPicture(this.#stores, this.#link, picture),

    lookFor: (_browser, { jid }) => lookFor(this.#link, jid),

    older: (_browser, { chat }) => this.#parts.older(chat),

    revoke: async (by, { browser }) => {
      const { keyring, feed, sockets } = this.#parts;
      const targets = await keyring.revoke(by, browser);
      if (!targets) return { ok: false, error: { kind: "not-found" } };
      if (targets === "revoked") return { ok: false, error: { kind: "revoked" } };
      for (const { id } of targets) feed.end(id, "revoked");
      await this.#nodes.removeErased();
      await sockets.changed();
      return { ok: true, value: { done: true } };
    },

    renameBrowser: async (_browser, { browser, name }) => {
      const { browsers } = this.#stores;
      if (browsers.get(browser) === undefined) return { ok: false, error: { kind: "not-found" } };
      this.#stores.turn(() => browsers.rename(browser, name));
      this.#parts.sockets.tell();
      return DONE;
    },

    removeDevice: async (_browser, { device }) => {
      if (this.#stores.browsers.devices().has(device)) return { ok: false, error: { kind: "not-found" } };
      const removed = await this.#nodes.removeForGood(device);
      if (removed.ok) this.#parts.sockets.tell();
      return removed;
    },

    relay: async (browser, args) => this.#relay.pass(browser, args),

    stayOnline: async (_browser, { on, looks }) => {
      const result = await this.#parts.keyring.stayOnline(on, looks);
      this.#link.tellState();
      await this.#parts.connection.replan();
      return result;
    },

    inviteNewcomer: () => inviteNewcomer(this.#link, this.#stores.meta.account),

    changePassword: (_browser, { password }) => changePassword(this.#link, this.#stores.meta.account, password),

    fileService: () => this.#parts.files.service(),

    fileSlot: ({ id }, wanted) => this.#parts.files.slot(id, wanted),

    // The secret that came with the call has opened the sign-in data already, if it could.
    unlock: async ({ id }) => ({
      ok: true,
      value: { unlocked: this.#parts.keys.current !== undefined, account: this.#stores.meta.account, browser: id },
    }),

    bindKey: (browser, { key }) => this.#parts.keyring.bindKey(browser, key),

    pushKey: async () => ({ ok: true, value: { key: await this.#parts.pushes.publicKey() } }),

    pushSubscribe: async (browser, args) => {
      const result = await this.#parts.pushes.subscribe(browser, args);
      // What its hello said is over.
      if (result.ok) this.#link.tellState();
      return result;
    },

    pushUnsubscribe: async (browser) => this.#parts.pushes.unsubscribe(browser),

    entries: async (browser, args) => this.#parts.pushes.entries(browser, args),

    reconnect: async () => {
      if (!(await this.#parts.room.tryAgain())) return { ok: false, error: { kind: "storage-full" } };
      this.#parts.connection.retryNow();
      return { ok: true, value: { state: this.#link.accountState } };
    },
  };

  #setDevice(browser: Browser, device: DeviceId): void {
    if (browser.device === device) return;
    this.#stores.turn(() => {
      // Its data was thrown away or erased and it began again: nobody reads with the former device any more.
      this.#stores.meta.unlist(browser.device);
      this.#stores.browsers.setDevice(browser.id, device);
    });
    this.#parts.feed.setDevice(browser.id, device);
  }
}
