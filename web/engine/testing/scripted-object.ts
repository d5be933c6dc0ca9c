/** An account's object, in memory: it keeps the contract's promises and can be told to lose and to hold back. */
import type { CallValue, RelayArguments, SendArguments, SendReply } from "../../../worker/contract/calls.ts";
import type { Choice } from "../../../worker/contract/choices.ts";
import type { Entry, MessageEntry, Receipt } from "../../../worker/contract/entries.ts";
import type { Failure, Result } from "../../../worker/contract/failures.ts";
import type { ServerFrame } from "../../../worker/contract/frames.ts";
import type {
  BareJid,
  BrowserId,
  ClientId,
  Cursor,
  DeviceId,
  EntryId,
  Position,
  Seq,
} from "../../../worker/contract/names.ts";
import type { OmemoBundle } from "../../../worker/contract/omemo.ts";
import type { AccountState, BrowserInfo } from "../../../worker/contract/state.ts";
import { CONTRACT_VERSION } from "../../../worker/contract/version.ts";
import { ScriptedCopy } from "./scripted-copy.ts";
import { contentOf, type ScriptedRoom } from "./scripted-room.ts";

/** `Omit` over each member of a union. */
type Without<T, Key extends PropertyKey> = T extends unknown ? Omit<T, Key> : never;

/** Everybody that an object can reach. */
export interface Network {
  readonly rooms: Map<BareJid, ScriptedRoom>;
  readonly objects: ReadonlyMap<BareJid, ScriptedObject>;
  traffic: number;
  /** The object of an account; it is there from the first question on. */
  object(jid: BareJid): ScriptedObject;
}

export const LOST = { ok: false, error: { kind: "offline" } } as const;

export type ArchivedMessage = Pick<MessageEntry, "chat" | "sender" | "content" | "at">;

export type Relayed = RelayArguments & { readonly from: DeviceId };

/** One open socket. */
export type Attached = {
  readonly browser: BrowserId;
  readonly frame: (frame: ServerFrame) => void;
};

export class ScriptedObject {
  readonly jid: BareJid;
  /** What `hello` says that it speaks. */
  contract: number = CONTRACT_VERSION;
  #epoch = "epoch-1";
  log: Entry[] = [];
  devices: DeviceId[] = [];
  readonly bundles = new Map<DeviceId, OmemoBundle>();
  browsers: BrowserInfo[] = [];
  /** Devices that were taken off for good. */
  removed: DeviceId[] = [];
  readonly attached = new Set<Attached>();
  readonly acknowledged = new Map<BrowserId, number>();
  /** Every send as it arrived, repeats included. */
  readonly sends: SendArguments[] = [];
  /** What its browsers have told of others' messages. */
  readonly receipts: { readonly browser: BrowserId; readonly message: EntryId; readonly state: Receipt }[] = [];
  /** The number of the last send accepted from each browser. */
  readonly accepted = new Map<BrowserId, number>();
  /** What the person has chosen, and how often; undefined: it is of before there were choices. */
  choices: { revision: number; all: Choice[] } | undefined = { revision: 0, all: [] };
  /** Refuses every choice. */
  choiceFailure: Failure | undefined;
  /** Refuses for good what it is told to. */
  refuses: (args: SendArguments) => boolean = () => false;
  readonly revoked = new Set<BrowserId>();
  /** Its hello says that it does not know where to ring. */
  unrung = false;
  /** The link to the XMPP server; without it nothing reaches contacts and no device can be asked for. */
  linked = true;
  /** Addresses without an account. */
  readonly absent = new Set<BareJid>();
  /** Whether what was accepted travels on to contacts. */
  carries = true;
  /** What a question for anybody's device list is answered with: the server that holds it refuses, or is out of order. */
  listFailure: Failure | undefined;
  /** How long a send is on its way, in milliseconds: requests overtake each other. */
  delayOf: (args: SendArguments) => number = () => 0;
  /** So many texts are lost before the object sees them. Key transports come at times of their own and get through. */
  loseSends = 0;
  /** So many texts are taken, but the answer is lost. */
  loseReplies = 0;
  /** What the archive holds before the log, one page after the other, each oldest first; the last one is the beginning. */
  archived: (readonly ArchivedMessage[])[] = [];
  readonly #network: Network;
  readonly #replies = new Map<ClientId, SendReply>();
  /** What it tells a browser in the place of an entry; undefined: nothing. */
  distort: (entry: Entry, to: BrowserId) => Entry | undefined = (entry) => entry;
  readonly copy = new ScriptedCopy(() => this.tell({ type: "copy", ...this.copy.told() }));
  /** Everything that one browser has said to another, and what it hands on in the place of it. */
  readonly relayed: Relayed[] = [];
  meddle: (said: Relayed) => readonly Relayed[] = (said) => [said];
  /** Whether it says that everything the archive holds is in the log. */
  caughtUp = true;
  #positions = 0;
  #oldest = 0;

  constructor(network: Network, jid: BareJid) {
    this.#network = network;
    this.jid = jid;
  }

  get epoch(): string {
    return this.#epoch;
  }

  /** Another log: nothing of it is acknowledged yet. */
  set epoch(epoch: string) {
    this.#epoch = epoch;
    this.acknowledged.clear();
  }

  append(entry: Without<Entry, "id" | "seq">): Entry {
    const complete = { ...entry, id: crypto.randomUUID() as EntryId, seq: (this.log.length + 1) as Seq } as Entry;
    this.log.push(complete);
    for (const attached of this.attached) this.#push(attached, [complete]);
    return complete;
  }

  /** An object that lies: something that was told is told once more, as something else under the same id. */
  tellAgain(entry: Entry, change: Partial<MessageEntry>): void {
    const complete = { ...entry, ...change, seq: (this.log.length + 1) as Seq } as Entry;
    this.log.push(complete);
    for (const attached of this.attached) this.#push(attached, [complete]);
  }

  /** A message from outside, as the XMPP server delivers it. */
  deliver(
    message: Pick<MessageEntry, "chat" | "sender" | "content"> &
      Partial<
        Pick<
          MessageEntry,
          "archive" | "originId" | "at" | "position" | "occupant" | "asks" | "replaces" | "reply" | "act" | "unstyled"
        >
      >,
  ): Entry {
    if (message.position === undefined) this.#positions += 1;
    return this.append({
      kind: "message",
      position: this.#positions as Position,
      at: Date.now(),
      ...message,
    } as Without<MessageEntry, "id" | "seq">);
  }

  /** A page of the archive comes into the log, below everything that is there. The answer overtakes the entries. */
  older(): Result<{ readonly complete: boolean }> {
    if (!this.linked) return LOST;
    const page = this.archived.shift() ?? [];
    this.#oldest -= 1_000 + page.length;
    const first = this.#oldest;
    setTimeout(() => {
      for (const [index, message] of page.entries())
        this.deliver({ ...message, position: (first + index) as Position });
    });
    return { ok: true, value: { complete: this.archived.length === 0 } };
  }

  send(from: BrowserId, args: SendArguments): Result<SendReply> {
    this.sends.push(args);
    const before = this.#replies.get(args.client) ?? this.#archived(args.client);
    if (before !== undefined) return { ok: true, value: before };
    const accepted = this.accepted.get(from) ?? 0;
    if (args.number <= accepted) return { ok: false, error: { kind: "behind" } };
    if (args.after > accepted) return { ok: false, error: { kind: "too-early" } };
    if (this.refuses(args)) return { ok: false, error: { kind: "would-expose" } };
    const room = this.#network.rooms.get(args.chat);
    this.accepted.set(from, args.number);
    this.#positions += 1;
    const entry = this.append({
      kind: "message",
      position: this.#positions as Position,
      at: Date.now(),
      chat: args.chat,
      sender: this.jid,
      originId: args.client,
      sent: { browser: from, client: args.client },
      ...(room && { occupant: { nick: room.here.get(this.jid) ?? "?" } }),
      ...referencesOf(args),
      content: contentOf(args),
    } as Without<MessageEntry, "id" | "seq">);
    const reply = { id: entry.id, seq: entry.seq, position: this.#positions as Position };
    this.#replies.set(args.client, reply);
    if (this.linked) this.#forward(args, entry.id);
    return { ok: true, value: reply };
  }

  /** What has come out of the archive of the server under that name. */
  #archived(client: ClientId): SendReply | undefined {
    for (const entry of this.log) {
      if (entry.kind !== "message" || entry.sender !== this.jid || entry.originId !== client) continue;
      return { id: entry.id, seq: entry.seq, position: entry.position };
    }
    return undefined;
  }

  #forward(args: SendArguments, message: EntryId): void {
    this.append({ kind: "progress", message, state: "sent" } as Without<Entry, "id" | "seq">);
    if (args.chat === this.jid || !this.carries) return;
    const room = this.#network.rooms.get(args.chat);
    if (room !== undefined) {
      room.say(this.jid, args);
      return;
    }
    this.#network.object(args.chat).deliver({
      chat: this.jid,
      sender: this.jid,
      originId: args.client,
      asks: ["delivered", "read"],
      ...referencesOf(args),
      content: contentOf(args),
    });
  }

  publish(from: BrowserId, device: DeviceId, bundle: OmemoBundle): void {
    this.bundles.set(device, bundle);
    if (!this.devices.includes(device)) this.devices.push(device);
    this.browsers = this.browsers.map((info) => {
      if (info.id !== from) return info;
      const { dormant: _dormant, ...awake } = info;
      return { ...awake, device };
    });
    this.#tellBrowsers();
    for (const object of this.#network.objects.values()) {
      object.tell({ type: "devices", jid: this.jid, devices: [...this.devices] });
    }
  }

  unlist(device: DeviceId): void {
    this.bundles.delete(device);
    this.devices = this.devices.filter((listed) => listed !== device);
    for (const object of this.#network.objects.values()) {
      object.tell({ type: "devices", jid: this.jid, devices: [...this.devices] });
    }
  }

  /** Nobody has opened this browser for 42 days. */
  retire(browser: BrowserId): void {
    this.browsers = this.browsers.map((info) => (info.id === browser ? { ...info, dormant: true } : info));
    const { device } = this.browsers.find(({ id }) => id === browser) ?? {};
    if (device !== undefined) this.unlist(device);
    this.#tellBrowsers();
  }

  tell(frame: ServerFrame): void {
    for (const attached of this.attached) attached.frame(structuredClone(frame));
  }

  hello(attached: Attached, since: number): void {
    this.attached.add(attached);
    this.changed();
    attached.frame({
      type: "hello",
      contract: this.contract,
      epoch: this.epoch,
      head: this.log.length as Seq,
      account: this.jid,
      browser: attached.browser,
      state: { ...this.state, ...(this.unrung && { unrung: true }) },
      browsers: this.browsers,
      removed: [...this.removed],
      presence: [],
      rooms: [...this.#network.rooms.values()].filter(({ here }) => here.has(this.jid)).map((r) => r.info(this.jid)),
      ...(this.choices && { choices: this.choices }),
      copy: this.copy.told(),
      accepted: this.accepted.get(attached.browser) ?? 0,
    });
    const rest = this.log.slice(since);
    if (rest.length > 0) this.#push(attached, rest);
  }

  choose(choices: readonly Choice[], seen: number): Result<{ readonly revision: number }> {
    if (this.choiceFailure) return { ok: false, error: this.choiceFailure };
    if (this.choices === undefined) return { ok: false, error: { kind: "not-found" } };
    const same = (a: Choice, b: Choice) => a.chat === b.chat && a.name === b.name;
    const others = this.choices.all.filter((known) => !choices.some((choice) => same(choice, known)));
    const revision = Math.max(this.choices.revision, seen) + 1;
    this.choices = { revision, all: [...others, ...choices.filter(({ value }) => value !== undefined)] };
    this.tell({ type: "choices", revision, changed: choices });
    return { ok: true, value: { revision } };
  }

  /** Somebody came or left: all are told who is here, as the object does. */
  changed(): void {
    const here = new Set([...this.attached].map(({ browser }) => browser));
    const isNew = this.browsers.some(({ id, attached }) => attached !== here.has(id));
    if (!isNew) return;
    this.browsers = this.browsers.map((info) => ({ ...info, attached: here.has(info.id) }));
    this.#tellBrowsers();
  }

  /** From where to serve a browser; one that stands at an entry which is not here has read another log. */
  startOf(cursor: Cursor | undefined): number {
    if (cursor === undefined || cursor.epoch !== this.epoch || cursor.seq === 0) return 0;
    if (this.log[cursor.seq - 1]?.id === cursor.id) return cursor.seq;
    this.epoch = crypto.randomUUID();
    return 0;
  }

  /** The link to the XMPP server comes or goes, and the browsers hear of it. */
  setLinked(linked: boolean): void {
    this.linked = linked;
    this.tell({ type: "state", state: this.state });
  }

  get state(): AccountState {
    return {
      link: this.linked ? { state: "live", caughtUp: this.caughtUp } : { state: "off" },
      pep: "ok",
      stayOnline: false,
    };
  }

  /** A backup of the storage is put back: the newest entries are gone. What they were, for whoever has it elsewhere. */
  restore(lost: number): readonly Entry[] {
    const gone = this.log.splice(-lost);
    for (const entry of gone) if (entry.kind === "message" && entry.sent !== undefined) this.#unaccept(entry.sent);
    return gone;
  }

  #unaccept({ browser, client }: NonNullable<MessageEntry["sent"]>): void {
    this.#replies.delete(client);
    const number = this.sends.find((sent) => sent.client === client)?.number ?? 0;
    this.accepted.set(browser, Math.min(this.accepted.get(browser) ?? 0, number - 1));
  }

  /** Hands on what one browser says to another, after whoever runs it has laid hands on it. */
  relay(by: BrowserId, args: RelayArguments): Result<{ readonly done: true }> {
    const from = this.browsers.find(({ id }) => id === by)?.device;
    if (from === undefined) return { ok: false, error: { kind: "not-found" } };
    const said = { ...args, from };
    this.relayed.push(said);
    let heard = true;
    for (const one of this.meddle(said)) heard = this.hand(one);
    return heard ? { ok: true, value: { done: true } } : { ok: false, error: { kind: "not-found" } };
  }

  /** To the browser of a device, if it is attached. */
  hand({ from, to, road, bytes }: Relayed): boolean {
    const browser = this.browsers.find(({ device }) => device === to)?.id;
    const attached = [...this.attached].find((one) => one.browser === browser);
    attached?.frame({ type: "relayed", from, road, bytes });
    return attached !== undefined;
  }

  /** Another browser signs this one out. */
  revoke(browser: BrowserId): void {
    this.revoked.add(browser);
    const { device } = this.browsers.find(({ id }) => id === browser) ?? {};
    this.browsers = this.browsers.filter(({ id }) => id !== browser);
    for (const attached of this.attached)
      if (attached.browser === browser) attached.frame({ type: "bye", reason: "revoked" });
    if (device !== undefined) this.removeForGood(device);
  }

  removeForGood(device: DeviceId): void {
    this.removed.push(device);
    this.unlist(device);
    this.#tellBrowsers();
  }

  /** The server lists a device again that was taken off, with the keys that it had. */
  relist(device: DeviceId, bundle: OmemoBundle): void {
    this.bundles.set(device, bundle);
    this.devices.push(device);
    for (const object of this.#network.objects.values()) {
      object.tell({ type: "devices", jid: this.jid, devices: [...this.devices] });
    }
  }

  rename(browser: BrowserId, name: string): void {
    this.browsers = this.browsers.map((one) => (one.id === browser ? { ...one, name } : one));
    this.#tellBrowsers();
  }

  #tellBrowsers(): void {
    this.tell({ type: "browsers", browsers: this.browsers, removed: this.removed });
  }

  /** Storage lost: the same archive in a new log, under new ids. */
  startEpoch(epoch: string): void {
    this.epoch = epoch;
    this.log = this.log.map((entry) => ({ ...entry, id: crypto.randomUUID() as EntryId }));
  }

  /** Each browser gets only the keys addressed to its own device. */
  /** What the call of that name answers. */
  entries(to: BrowserId, since: number): Result<CallValue<"entries">> {
    const entries = structuredClone(this.#seenBy(to, this.log.slice(since)));
    return { ok: true, value: { epoch: this.epoch, since: since as Seq, head: this.log.length as Seq, entries } };
  }

  #push(attached: Attached, entries: readonly Entry[]): void {
    const seen = this.#seenBy(attached.browser, entries);
    attached.frame(structuredClone({ type: "entries", entries: seen, head: this.log.length as Seq }));
  }

  #seenBy(browser: BrowserId, entries: readonly Entry[]): readonly Entry[] {
    const device = this.browsers.find(({ id }) => id === browser)?.device;
    const all = entries.flatMap((entry) => this.distort(entry, browser) ?? []);
    return all.map((entry) => {
      if (entry.kind !== "message" || entry.content.kind !== "omemo") return entry;
      const { omemo } = entry.content;
      return {
        ...entry,
        content: { kind: "omemo" as const, omemo: { ...omemo, keys: omemo.keys.filter(({ rid }) => rid === device) } },
      };
    });
  }
}

function referencesOf({ replaces, reply, act }: SendArguments): Pick<MessageEntry, "replaces" | "reply" | "act"> {
  return { ...(replaces !== undefined && { replaces }), ...(reply && { reply }), ...(act && { act }) };
}
