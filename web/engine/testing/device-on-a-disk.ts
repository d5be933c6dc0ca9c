/** An OMEMO device with a database and nothing else, for tests of what the ratchets do. */
import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import type { BareJid, BrowserId } from "../../../worker/contract/names.ts";
import type { OmemoBundle, OmemoMessage } from "../../../worker/contract/omemo.ts";
import { type Database, openAccount, takeOver } from "../store/database.ts";
import type { Rows } from "../store/schema.ts";
import { Unit } from "../store/unit.ts";
import { checkBundle } from "../omemo/bundle.ts";
import { installCurve } from "../omemo/handles.ts";
import { bundleOf, createDevice, type DeviceKeys } from "../omemo/identity.ts";
import type { Received } from "../omemo/receive.ts";
import { openSession, sealMessage, sealTransport } from "../omemo/send.ts";
import type { Self } from "../omemo/sessions.ts";
import { receiveProven } from "./receive-proven.ts";
import type { DeviceAddress } from "../store/device-rows.ts";
import type { SmallStore } from "../store/cache.ts";

const NOW = Date.now();
/** The stores that reading and writing change. */
const KEPT = ["preKeys", "signedPreKeys", "sessions", "pins"] as const satisfies readonly SmallStore[];

export type Image = ReadonlyMap<SmallStore, readonly unknown[]>;

export class DeviceOnADisk {
  readonly self: Self;
  /** Where its database is: whoever opens it makes this the global one before. */
  readonly disk: IDBFactory;
  readonly #database: Database;
  readonly #generation: number;
  readonly #keys: DeviceKeys;

  private constructor(self: Self, disk: IDBFactory, database: Database, generation: number, keys: DeviceKeys) {
    this.self = self;
    this.disk = disk;
    this.#database = database;
    this.#generation = generation;
    this.#keys = keys;
  }

  static async make(jid: BareJid): Promise<DeviceOnADisk> {
    installCurve();
    const disk = new IDBFactory();
    globalThis.indexedDB = disk;
    const keys = await createDevice();
    const database = await openAccount(jid, () => undefined);
    const generation = await takeOver(database);
    const self: Self = {
      jid,
      browser: "browser" as BrowserId,
      device: keys.device,
      identityKey: keys.identity.publicKey,
      agreement: keys.identity.agreement,
      createdAt: NOW,
    };
    const unit = new Unit(database, generation);
    unit.put("signedPreKeys", { ...keys.signedPreKey, createdAt: NOW });
    for (const preKey of keys.preKeys) unit.put("preKeys", preKey);
    await unit.commit();
    return new DeviceOnADisk(self, disk, database, generation, keys);
  }

  get bundle(): OmemoBundle {
    return bundleOf(this.#keys.identity, this.#keys.signedPreKey, this.#keys.preKeys);
  }

  /** A copy of what stands on the disk now. */
  async image(): Promise<Image> {
    const rows = await Promise.all(KEPT.map((store) => this.#database.getAll(store)));
    return new Map(KEPT.map((store, at) => [store, rows[at] ?? []]));
  }

  /** The disk as it was then. */
  async restore(image: Image): Promise<void> {
    const transaction = this.#database.transaction(KEPT, "readwrite");
    for (const store of KEPT) {
      await transaction.objectStore(store).clear();
      for (const row of image.get(store) ?? []) await transaction.objectStore(store).put(row as never);
    }
    await transaction.done;
  }

  /** One unit of work, committed unless `forget`. Nothing keeps two of them apart: tests do one after the other. */
  async work<T>(job: (unit: Unit) => Promise<T>, forget = false): Promise<T> {
    const unit = new Unit(this.#database, this.#generation);
    const result = await job(unit);
    if (!forget) await unit.commit();
    return result;
  }

  /** False: the bundle was refused. */
  async meet(other: DeviceAddress, bundle: OmemoBundle): Promise<boolean> {
    const checked = await checkBundle(bundle);
    if (checked === undefined) return false;
    return this.work((unit) => openSession(unit, this.self, other, checked, NOW));
  }

  async meetDevice(other: DeviceOnADisk): Promise<boolean> {
    return this.meet(other.self, other.bundle);
  }

  write(to: DeviceAddress, text: string): Promise<OmemoMessage> {
    return this.work((unit) => sealMessage(unit, this.self, [to], text));
  }

  transport(to: DeviceAddress): Promise<OmemoMessage> {
    return this.work((unit) => sealTransport(unit, this.self, to));
  }

  /** Each message in a turn of its own, of a device that was looked up. */
  read(sender: BareJid, omemo: OmemoMessage): Promise<Received> {
    return this.work((unit) => receiveProven(unit, this.self, sender, omemo, NOW));
  }

  /** The text, else the reason in angle brackets, else what kind of nothing. */
  async hear(from: { readonly jid: BareJid }, omemo: OmemoMessage): Promise<string> {
    const received = await this.read(from.jid, omemo);
    switch (received.kind) {
      case "text":
        return received.text;
      case "reason":
        return `<${received.reason}>`;
      case "later":
        return `<${received.why}>`;
      case "transport":
      case "nothing":
        return `(${received.kind})`;
    }
  }

  rows<S extends SmallStore>(store: S): Promise<readonly Rows[S][]> {
    return this.work((unit) => unit.all(store));
  }
}
