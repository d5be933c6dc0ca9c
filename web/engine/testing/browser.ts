/** Browsers for tests: an engine each, with a database of its own, on a scripted network. */
import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { type IDBPDatabase, openDB } from "idb";
import type { BareJid, DeviceId } from "../../../worker/contract/names.ts";
import { AlcoveEngine, type EngineParts } from "../engine.ts";
import { type Delays, DELAYS } from "../delays.ts";
import { drop } from "../../../worker/shared/drop.ts";
import type { LeftOut, NoticeView } from "../protocol/account.ts";
import type { ChatSummary, MessageItem } from "../protocol/conversations.ts";
import { type EngineEvent, newClientId } from "../protocol/engine.ts";
import { loadLater } from "../session/later.ts";
import type { ScriptedNetwork } from "./scripted-network.ts";
import type { ScriptedRemote } from "./scripted-remote.ts";
import type { Rows, StoreName } from "../store/schema.ts";

type Sent = Parameters<AlcoveEngine["send"]>[0];

/** Nobody waits long for what is told. Upkeep comes as late as in life: it would come in between what a test does. */
export const PROMPT: Delays = { acknowledgeMs: 50, tellMs: 10, upkeepMs: DELAYS.upkeepMs, sealMs: 50, copyMs: 50 };
/** For tests of upkeep itself. */
export const HASTY: Delays = { ...PROMPT, upkeepMs: 100 };

const PATIENCE_MS = 10_000;
const LOOK_EVERY_MS = 5;

export type Backup = { readonly name: string; readonly stores: readonly (readonly [StoreName, readonly unknown[]])[] };

export class TestBrowser {
  readonly remote: ScriptedRemote;
  readonly events: EngineEvent[] = [];
  /** Whoever sits there sees at once that others have new devices, and goes on (S3). */
  attentive = true;
  /** How long its next engine puts things off. */
  delays: Delays;
  /** The engine's second script cannot be had. */
  lacksLater = false;
  engine: AlcoveEngine;
  readonly #disk = new IDBFactory();
  readonly #parts: ReturnType<ScriptedNetwork["browser"]>;

  readonly #network: TestNetwork;

  constructor(network: ScriptedNetwork, name: string, delays = PROMPT) {
    this.delays = delays;
    this.#network = TestNetwork.of(network);
    this.#network.browsers.add(this);
    this.#parts = network.browser(name);
    this.remote = this.#parts.remote;
    this.engine = this.newEngine();
  }

  /**
   * Signs in and waits until the device is published. Where others of the account are in front of their browsers they let
   * it in at once, unless the test wants to see what is so before.
   */
  async signIn(jid: BareJid, { allowed = true }: { readonly allowed?: boolean } = {}): Promise<void> {
    this.useDisk();
    const answer = await this.engine.signIn({ address: jid, password: "secret", plain: false });
    if (!answer.ok) throw new Error(answer.error.kind);
    await until(() => this.engine.snapshot().connection.encryption === "ready");
    if (!allowed || !this.awaiting) return;
    const others = this.#network.browsersOf(jid).filter((other) => other !== this);
    for (const other of others) await other.allow(this.device);
    if (others.length > 0) await until(() => !this.awaiting);
  }

  /** Says that it waits to be let in. */
  get awaiting(): boolean {
    return this.engine.snapshot().notices.some(({ kind }) => kind === "awaiting");
  }

  get device(): DeviceId {
    const info = this.remote.object.browsers.find(({ id }) => id === this.remote.browser);
    if (info?.device === undefined) throw new Error("not published");
    return info.device;
  }

  /** What this browser says of a new own device, once it knows its key. */
  async newDevice(device: DeviceId): Promise<Extract<NoticeView, { kind: "new-device" }>> {
    let found: Extract<NoticeView, { kind: "new-device" }> | undefined;
    await until(() => {
      for (const notice of this.engine.snapshot().notices) {
        if (notice.kind === "new-device" && notice.device === device && notice.code !== undefined) found = notice;
      }
      return found !== undefined;
    });
    if (found === undefined) throw new Error("no notice");
    return found;
  }

  /** The person presses Allow. */
  async allow(device: DeviceId): Promise<void> {
    const { fingerprint = "" } = await this.newDevice(device);
    const { session } = this.engine.snapshot();
    if (session.state !== "signed-in") throw new Error("nobody is here");
    const answer = await this.engine.decide({ jid: session.account, device, fingerprint, trust: "blind" });
    if (!answer.ok) throw new Error(answer.error.kind);
  }

  /** The tab dies at once, whatever it was doing; another one starts over the same database. */
  async crash(): Promise<void> {
    await this.die();
    await this.engine.attach({ visible: true });
  }

  /** The tab dies at once; the one that takes its place has not opened the database yet. */
  async die(): Promise<void> {
    this.remote.cut();
    await this.engine.stop();
    this.engine = this.newEngine();
    this.useDisk();
  }

  /** Everything on the disk, as a backup of the profile keeps it. */
  async backup(): Promise<Backup> {
    this.useDisk();
    const { session } = this.engine.snapshot();
    if (session.state !== "signed-in") throw new Error("nobody is here");
    const database = await openDB(`alcove:${session.account}`);
    const stores = await Promise.all(
      [...database.objectStoreNames].map(async (name) => [name as StoreName, await database.getAll(name)] as const),
    );
    database.close();
    return { name: `alcove:${session.account}`, stores };
  }

  /** The tab is closed, the profile is put back as it was, and opened again. */
  async restore(backup: Backup): Promise<void> {
    this.remote.cut();
    await this.engine.stop();
    this.useDisk();
    const database = await openDB(backup.name);
    for (const [name, rows] of backup.stores) {
      const transaction = database.transaction(name, "readwrite");
      await Promise.all([
        transaction.store.clear(),
        ...rows.map((row) => transaction.store.put(row)),
        transaction.done,
      ]);
    }
    database.close();
    this.engine = this.newEngine();
    this.useDisk();
    await this.engine.attach({ visible: true });
  }

  /** Names of the databases there are. */
  async databases(): Promise<readonly string[]> {
    this.useDisk();
    return (await indexedDB.databases()).map(({ name }) => name ?? "");
  }

  /** Databases are opened through globals; each browser of a test has its own. `seenBy`: what stands before the disk. */
  useDisk(seenBy: (disk: IDBFactory) => IDBFactory = (disk) => disk): void {
    globalThis.indexedDB = seenBy(this.#disk);
  }

  /** Rows as they are on the disk. */
  async rows<S extends StoreName>(store: S): Promise<readonly Rows[S][]> {
    this.useDisk();
    const account = this.engine.snapshot().session;
    if (account.state !== "signed-in") return [];
    const database = await openDB(`alcove:${account.account}`);
    const rows = (await database.getAll(store)) as Rows[S][];
    database.close();
    return rows;
  }

  /** The browser was closed, and its database is found changed. */
  async meddle(job: (database: IDBPDatabase) => Promise<unknown>): Promise<void> {
    const { session } = this.engine.snapshot();
    if (session.state !== "signed-in") throw new Error("nobody is here");
    this.remote.cut();
    await this.engine.stop();
    this.useDisk();
    const database = await openDB(`alcove:${session.account}`);
    await job(database);
    database.close();
    await this.crash();
  }

  /** Sends as a page does, under a name that it has just made unless the test has one. */
  send({ client = newClientId(), ...message }: Omit<Sent, "client"> & Partial<Sent>): ReturnType<AlcoveEngine["send"]> {
    return this.engine.send({ client, ...message });
  }

  async items(chat: BareJid): Promise<readonly MessageItem[]> {
    return (await this.engine.timeline({ chat })).items;
  }

  /** Texts (or reasons, in angle brackets) in their order. */
  async texts(chat: BareJid): Promise<readonly string[]> {
    return (await this.items(chat)).map(({ body }) => (body.kind === "text" ? body.text : `<${body.reason}>`));
  }

  async waitForTexts(chat: BareJid, expected: readonly string[]): Promise<void> {
    await until(
      async () => (await this.texts(chat)).join("|") === expected.join("|"),
      async () => `expected ${expected.join("|")}, is ${(await this.texts(chat)).join("|")}`,
    );
  }

  /** Another engine of this browser, as each of its tabs has one. `way`: to its object, in place of its own. */
  newEngine(
    emit: (event: EngineEvent) => void = (event) => this.events.push(event),
    way: Pick<EngineParts, "remote" | "openLive"> = this.#parts,
  ): AlcoveEngine {
    const engine: AlcoveEngine = new AlcoveEngine({
      ...this.#parts,
      ...way,
      userAgent: "",
      delays: this.delays,
      later: async () => (this.lacksLater ? undefined : loadLater()),
      emit: (event) => {
        emit(event);
        const devices = event.type === "chats" ? event.chats.flatMap(newDevicesOf) : [];
        if (devices.length > 0 && this.attentive) drop(engine.devicesSeen({ devices }));
      },
    });
    return engine;
  }
}

function newDevicesOf({ trust, room }: ChatSummary): readonly LeftOut[] {
  return [...(trust?.kind === "new-device" ? trust.devices : []), ...(room?.newcomers ?? [])];
}

/** The browsers that a test has opened on a network. */
class TestNetwork {
  static readonly #all = new WeakMap<ScriptedNetwork, TestNetwork>();
  readonly browsers = new Set<TestBrowser>();
  readonly #network: ScriptedNetwork;

  constructor(network: ScriptedNetwork) {
    this.#network = network;
  }

  static of(network: ScriptedNetwork): TestNetwork {
    const known = TestNetwork.#all.get(network) ?? new TestNetwork(network);
    TestNetwork.#all.set(network, known);
    return known;
  }

  /** Those that are signed in and attached: who sits there hears of everything at once. */
  browsersOf(jid: BareJid): readonly TestBrowser[] {
    const attached = new Set([...this.#network.object(jid).attached].map(({ browser }) => browser));
    return [...this.browsers].filter((one) => {
      const { session } = one.engine.snapshot();
      return session.state === "signed-in" && session.account === jid && attached.has(one.remote.browser);
    });
  }
}

/** Waits until something is so. Looks are counted, not seconds: on a machine that is busy with others both are longer. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  describe: () => string | Promise<string> = () => "it did not come about",
): Promise<void> {
  for (let looks = 0; !(await condition()); looks += 1) {
    if (looks * LOOK_EVERY_MS > PATIENCE_MS) throw new Error(await describe());
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
