/** Browsers of one account with nothing but a store and roads in memory: what they hand each other is tested with them. */
import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { unwrap } from "idb";
import type { BareJid, BrowserId, DeviceId, EntryId, Position, Time } from "../../../../worker/contract/names.ts";
import type { BrowserInfo } from "../../../../worker/contract/state.ts";
import type { Account } from "../../account.ts";
import type { Handover } from "../../protocol/account.ts";
import type { EngineEvent } from "../../protocol/engine.ts";
import type { RoadReason, SiblingChannel, SiblingRoads } from "../../siblings/channel.ts";
import { type ChannelPair, channelPair } from "../../siblings/testing/channel-pair.ts";
import type { MessageRow } from "../../store/conversation-rows.ts";
import { Store } from "../../store/store.ts";
import { changeChat, putMessage } from "../../store/messages.ts";
import { Handovers } from "../handover.ts";

export const ALICE = "alice@a.example" as BareJid;
export const BOB = "bob@b.example" as BareJid;
const EPOCH = "log";
const PATIENCE_MS = 20_000;
const PROMPT = { firstMs: 5, everyMs: 50, fullMs: 20 };

/** Databases whose disk takes nothing, or nothing more: what is deleted has room there, as in Chromium. */
const full = new WeakMap<IDBDatabase, "for-all" | "for-more">();
// oxlint-disable-next-line typescript/unbound-method -- called with its own `this` below
const { transaction } = IDBDatabase.prototype;
IDBDatabase.prototype.transaction = function (...args) {
  if (args[1] === "readwrite" && full.get(this) === "for-all") throw new DOMException("full", "QuotaExceededError");
  return transaction.apply(this, args);
};
// oxlint-disable-next-line typescript/unbound-method -- called with its own `this` below
const { put: putIn } = IDBObjectStore.prototype;
IDBObjectStore.prototype.put = function (...args) {
  if (full.has(this.transaction.db)) throw new DOMException("full", "QuotaExceededError");
  return putIn.apply(this, args);
};

export class OwnBrowser {
  readonly device: DeviceId;
  readonly name: string;
  readonly events: EngineEvent[] = [];
  readonly #disk = new IDBFactory();
  readonly #createdAt: Time;
  readonly #others = new Map<DeviceId, { readonly other: OwnBrowser; readonly pair: ChannelPair }>();
  #listeners: ((channel: SiblingChannel, reason: RoadReason) => void)[] = [];
  /** Others that it can reach, and opens a road to by itself. */
  readonly reachable = new Map<DeviceId, OwnBrowser>();
  /** What the object tells of browsers. */
  readonly browsers: BrowserInfo[] = [];
  store!: Store;
  handovers!: Handovers;

  constructor(device: number, name: string, createdAt: Time) {
    this.device = device as DeviceId;
    this.name = name;
    this.#createdAt = createdAt;
  }

  /** What the object tells of it. */
  get info(): BrowserInfo {
    const { device, name } = this;
    const seen = { firstSeen: this.#createdAt, lastSeen: this.#createdAt };
    return { id: name as BrowserId, name, kind: "computer", device, ...seen, attached: true, signedOut: false };
  }

  /** Opens its page. */
  async open(): Promise<void> {
    globalThis.indexedDB = this.#disk;
    this.store = await Store.open(ALICE);
    this.#listeners = [];
    const self = { jid: ALICE, device: this.device, createdAt: this.#createdAt, browser: this.name as BrowserId };
    const live = { browsers: this.browsers, lettingIn: [], tell: (event: EngineEvent) => this.events.push(event) };
    const account = { self, store: this.store, cache: this.store.cache, live } as unknown as Account;
    const roads: SiblingRoads = {
      reachable: () => [...this.reachable].flatMap(([device, other]) => (other.isOpen ? [device] : [])),
      open: async (peer) => {
        const other = this.reachable.get(peer);
        if (!this.isOpen || other?.isOpen !== true) return { ok: false, error: { kind: "not-found" } };
        return { ok: true, value: this.#others.get(peer)?.pair.a ?? meet(this, other, "asked").a };
      },
      onRoad: (listener) => this.#listeners.push(listener),
    };
    this.isOpen = true;
    this.handovers = new Handovers(account, roads, PROMPT);
  }

  /** Its page is there. */
  isOpen = false;

  /** Its disk has no room any more, or has some again. */
  set full(is: boolean | "for-more") {
    const database = unwrap(this.store.database) as IDBDatabase;
    if (is === false) full.delete(database);
    else full.set(database, is === true ? "for-all" : is);
  }

  /** Closes its page: roads are cut, what was not committed is gone. */
  async close(): Promise<void> {
    this.isOpen = false;
    this.full = false;
    this.handovers.stop();
    for (const { pair } of [...this.#others.values()]) pair.cut();
    await this.store.close();
  }

  hear(other: OwnBrowser, pair: ChannelPair, channel: SiblingChannel, reason: RoadReason): void {
    this.#others.set(other.device, { other, pair });
    channel.onEnd(() => {
      if (this.#others.get(other.device)?.pair === pair) this.#others.delete(other.device);
    });
    for (const listener of this.#listeners) listener(channel, reason);
  }

  /** Both ends lose the road, as when the object was reset. */
  cut(): void {
    for (const { pair } of [...this.#others.values()]) pair.cut();
  }

  standing(role: Handover["role"], other: OwnBrowser): Handover | undefined {
    const row = this.store.cache.notices.get(`handover:${role}:${other.device}`);
    return row?.notice.kind === "handover" ? row.notice : undefined;
  }

  /** All rows, by their place. */
  async rows(): Promise<readonly MessageRow[]> {
    return (await this.store.database.getAll("messages")).toSorted((a, b) => a.position - b.position);
  }

  async texts(): Promise<readonly string[]> {
    return (await this.rows()).map(({ body }) => (body.kind === "text" ? body.text : `<${body.reason}>`));
  }

  async put(rows: readonly MessageRow[]): Promise<void> {
    await this.store.work(async (unit) => {
      for (const row of rows) {
        await changeChat(unit, row.chat, { encrypted: true });
        await putMessage(unit, row);
      }
    });
  }
}

/** A road between two, as both hear of it. */
export function meet(one: OwnBrowser, other: OwnBrowser, reason: RoadReason, maxBytes?: number): ChannelPair {
  const pair = channelPair(maxBytes === undefined ? {} : { maxBytes });
  const [a, b] = [
    { ...bound(pair.a), peer: other.device },
    { ...bound(pair.b), peer: one.device },
  ];
  one.hear(other, pair, a, reason);
  other.hear(one, pair, b, reason);
  return pair;
}

/** The pair knows no devices. */
function bound(channel: SiblingChannel): SiblingChannel {
  return {
    ...{ peer: channel.peer, initiator: channel.initiator, maxBytes: channel.maxBytes },
    send: (message) => channel.send(message),
    onMessage: (listener) => channel.onMessage(listener),
    onEnd: (listener) => channel.onEnd(listener),
    close: (why) => channel.close(why),
  };
}

type Told = Partial<MessageRow> & { readonly text?: string };

/** A message that was encrypted, under its number: with its text, or (no `text`) older than this device. */
export function row(n: number, { text, ...more }: Told = {}): MessageRow {
  const id = `entry-${n}` as EntryId;
  const from = more.outgoing === true ? ALICE : BOB;
  return {
    ...{ key: id, id, chat: BOB, position: (n * 10) as Position, at: 1_000_000 + n * 1_000, outgoing: false },
    ...{ encrypted: true, epoch: EPOCH, archiveKey: `${ALICE}\narchive-${n}`, cipherKey: `${from}.77\nhash-${n}` },
    ...{ originKey: `${from}\norigin-${n}`, counted: text === undefined ? 0 : 1 },
    hidden: text === undefined ? 1 : 0,
    body: text === undefined ? { kind: "reason", reason: "before-device" } : { kind: "text", text },
    ...more,
  };
}

/** Waits until something is so. */
export async function until(
  what: () => boolean | Promise<boolean>,
  say: () => string | Promise<string> = () => "it did not come about",
): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  while (!(await what())) {
    if (Date.now() > end) throw new Error(await say());
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
