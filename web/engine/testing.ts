/** Browsers for tests: an engine each, with a database of its own, on a scripted network. */
import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { type IDBPDatabase, openDB } from "idb";
import type { BareJid } from "../../worker/contract.ts";
import { AlcoveEngine } from "./engine.ts";
import type { EngineEvent, MessageItem } from "./protocol.ts";
import type { ScriptedNetwork, ScriptedRemote } from "./scripted-network.ts";
import type { Rows, StoreName } from "./store/schema.ts";

const PATIENCE_MS = 10_000;
const LOOK_EVERY_MS = 5;

export type Backup = { readonly name: string; readonly stores: readonly (readonly [string, readonly unknown[]])[] };

export class TestBrowser {
  readonly remote: ScriptedRemote;
  readonly events: EngineEvent[] = [];
  engine: AlcoveEngine;
  readonly #disk = new IDBFactory();
  readonly #parts: ReturnType<ScriptedNetwork["browser"]>;

  constructor(network: ScriptedNetwork, name: string) {
    this.#parts = network.browser(name);
    this.remote = this.#parts.remote;
    this.engine = this.#newEngine();
  }

  /** Signs in and waits until the device is published. */
  async signIn(jid: BareJid): Promise<void> {
    this.useDisk();
    const answer = await this.engine.signIn({ address: jid, password: "secret", plain: false });
    if (!answer.ok) throw new Error(answer.error.kind);
    await until(() => this.engine.snapshot().connection.encryption === "ready");
  }

  /** The tab dies at once, whatever it was doing; another one starts over the same database. */
  async crash(): Promise<void> {
    this.remote.cut();
    await this.engine.stop();
    this.engine = this.#newEngine();
    this.useDisk();
    await this.engine.attach({ visible: true });
  }

  /** Everything on the disk, as a backup of the profile keeps it. */
  async backup(): Promise<Backup> {
    this.useDisk();
    const { session } = this.engine.snapshot();
    if (session.state !== "signed-in") throw new Error("nobody is here");
    const database = await openDB(`alcove:${session.account}`);
    const stores = await Promise.all(
      [...database.objectStoreNames].map(async (name) => [name, await database.getAll(name)] as const),
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
    this.engine = this.#newEngine();
    this.useDisk();
    await this.engine.attach({ visible: true });
  }

  /** Names of the databases there are. */
  async databases(): Promise<readonly string[]> {
    this.useDisk();
    return (await indexedDB.databases()).map(({ name }) => name ?? "");
  }

  /** Databases are opened through globals; each browser of a test has its own. */
  useDisk(): void {
    globalThis.indexedDB = this.#disk;
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

  #newEngine(): AlcoveEngine {
    return new AlcoveEngine({ ...this.#parts, userAgent: "", emit: (event) => this.events.push(event) });
  }
}

/** Waits until something is so. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  describe: () => string | Promise<string> = () => "it did not come about",
): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(await describe());
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
