/**
 * An opened account: its database, its identity, what is known of the object's side. Everything that writes does it
 * through `work`, one unit at a time; pages hear of it after the commit.
 */
import type { AccountState, BareJid, BrowserInfo, DeviceId, Result, RoomInfo, Seq } from "../../worker/contract.ts";
import { drop } from "../../worker/shared/drop.ts";
import { Mutex } from "./mutex.ts";
import { type CheckedBundle, checkBundle } from "./omemo/bundle.ts";
import { cleanDevices } from "./omemo/devices.ts";
import type { Self } from "./omemo/sessions.ts";
import type { Remote } from "./object/calls.ts";
import { Copy } from "./store/copy.ts";
import type { Database } from "./store/database.ts";
import { Mirror, type Touched } from "./store/mirror.ts";
import { CommitError, SupersededError, Unit } from "./store/unit.ts";
import { type DeviceAddress, addressOf } from "./store/device-rows.ts";

/** A device whose bundle could not be used is not asked for again for this long. */
const BAD_BUNDLE_MS = 60_000;

/** An unchanged device list is noted as confirmed no more often than this. */
const NOTED_AGAIN_MS = 60 * 60 * 1_000;

/** What the object has told since the socket was opened; nothing of it is kept. */
export type Situation = {
  state: AccountState | undefined;
  browsers: readonly BrowserInfo[];
  available: ReadonlySet<BareJid>;
  rooms: ReadonlyMap<BareJid, RoomInfo>;
  head: Seq;
};

export type FetchedBundle =
  | { readonly kind: "usable"; readonly bundle: CheckedBundle }
  | { readonly kind: "unusable" | "offline" };

export type AccountParts = {
  readonly self: Self;
  readonly database: Database;
  readonly generation: number;
  readonly remote: Remote;
  /** After each commit. */
  readonly committed: (touched: Touched) => void;
  /** Another engine writes now. */
  readonly superseded: () => void;
  /** This database turned out to be older than what was sent from it. */
  readonly behind: () => void;
};

export class Account {
  readonly self: Self;
  readonly database: Database;
  readonly remote: Remote;
  readonly mirror: Mirror;
  readonly situation: Situation = {
    state: undefined,
    browsers: [],
    available: new Set(),
    rooms: new Map(),
    head: 0 as Seq,
  };
  /** Contacts that could not be asked for their devices, or none of whose devices could be used. */
  readonly unreachable = new Set<BareJid>();
  readonly #parts: AccountParts;
  readonly #mutex = new Mutex();
  readonly #copy = new Copy();
  readonly #confirmed = new Set<BareJid>();
  /** How often each list has been told. */
  readonly #told = new Map<BareJid, number>();
  #closed = false;
  readonly #badBundles = new Map<string, number>();

  private constructor(parts: AccountParts, mirror: Mirror) {
    this.#parts = parts;
    this.self = parts.self;
    this.database = parts.database;
    this.remote = parts.remote;
    this.mirror = mirror;
  }

  static async open(parts: AccountParts): Promise<Account> {
    return new Account(parts, await Mirror.load(parts.database));
  }

  /** Runs a job alone, commits what it wrote in one strict transaction, tells the pages. */
  work<T>(job: (unit: Unit) => Promise<T>): Promise<T> {
    return this.#mutex.run(async () => {
      const unit = new Unit(this.database, this.#parts.generation, this.#copy);
      const result = await job(unit);
      try {
        await unit.commit();
      } catch (error) {
        if (error instanceof SupersededError) {
          this.#closed = true;
          this.#parts.superseded();
          throw error;
        }
        throw new CommitError("the disk did not take it", { cause: error });
      }
      await this.#copy.apply(unit.changes);
      this.#parts.committed(this.mirror.apply(unit.changes));
      return result;
    });
  }

  /** Waits for work under way, then closes the database. */
  close(): Promise<void> {
    this.#closed = true;
    return this.#mutex.run(async () => this.database.close());
  }

  get closed(): boolean {
    return this.#closed;
  }

  get live(): boolean {
    return this.situation.state?.link.state === "live";
  }

  /**
   * A device list. The object keeps lists current, this browser only while it is attached: so it asks once after each
   * `hello`, and again when `fresh` is wanted. While the object cannot tell, the known list stands.
   */
  async devices(jid: BareJid, fresh: boolean): Promise<Result<readonly DeviceId[]>> {
    const known = this.mirror.deviceLists.get(jid);
    if (known !== undefined && !fresh && this.#confirmed.has(jid)) return { ok: true, value: known.devices };
    const told = this.#told.get(jid) ?? 0;
    const answer = await this.remote.call("devices", { jid, fresh });
    // A change that was told while the answer was on its way is newer than the answer.
    if ((this.#told.get(jid) ?? 0) !== told) {
      await this.work(async () => undefined);
      return { ok: true, value: this.mirror.deviceLists.get(jid)?.devices ?? [] };
    }
    if (answer.ok) return { ok: true, value: await this.learnDevices(jid, answer.value.devices) };
    if (answer.error.kind !== "offline") this.unreachable.add(jid);
    if (known === undefined) return answer;
    this.#confirmed.add(jid);
    return { ok: true, value: known.devices };
  }

  /** Whether a device list, or who belongs to a room, has been asked for since the last `hello` and the last change. */
  isConfirmed(jid: BareJid): boolean {
    return this.#confirmed.has(jid);
  }

  /** What is known of a room is what it says now; or may be no longer. */
  setConfirmed(room: BareJid, confirmed: boolean): void {
    if (confirmed) this.#confirmed.add(room);
    else this.#confirmed.delete(room);
  }

  /** Lists may have changed while nobody told us. */
  forgetConfirmed(): void {
    this.#confirmed.clear();
  }

  /** Stores a device list as the object told it. */
  async learnDevices(jid: BareJid, listed: readonly DeviceId[]): Promise<readonly DeviceId[]> {
    const devices = cleanDevices(listed);
    this.#told.set(jid, (this.#told.get(jid) ?? 0) + 1);
    this.unreachable.delete(jid);
    this.#confirmed.add(jid);
    const known = this.mirror.deviceLists.get(jid);
    const now = Date.now();
    const same = known !== undefined && known.devices.join() === devices.join();
    if (same && known.at > now - NOTED_AGAIN_MS) return devices;
    await this.work(async (unit) => {
      unit.put("deviceLists", { jid, devices, at: now });
      // Whoever is on our own list now was there before this browser: later ones are told of.
      if (jid !== this.self.jid || (await unit.meta("ownDevices")) !== undefined) return;
      unit.put("meta", { name: "ownDevices", known: devices, first: devices });
    });
    return devices;
  }

  /** A bundle that has been checked; `unusable` ones are not asked for again for a while. */
  async bundle({ jid, device }: DeviceAddress): Promise<FetchedBundle> {
    const address = addressOf(jid, device);
    if ((this.#badBundles.get(address) ?? 0) > Date.now()) return { kind: "unusable" };
    const answer = await this.remote.call("bundle", { jid, device });
    if (!answer.ok && answer.error.kind === "offline") return { kind: "offline" };
    const bundle = answer.ok ? await checkBundle(answer.value) : undefined;
    if (bundle !== undefined) return { kind: "usable", bundle };
    this.#badBundles.set(address, Date.now() + BAD_BUNDLE_MS);
    return { kind: "unusable" };
  }

  /** Nothing is encrypted here any more: pages are told. */
  noticeBehind(): void {
    this.#parts.behind();
  }

  /** For work that nobody waits for: what it fails with after the account was closed is of no interest. */
  inBackground(work: Promise<unknown>): void {
    drop(
      work.catch((error: unknown) => {
        if (!this.#closed) throw error;
      }),
    );
  }

  /** Asks again even for bundles that were bad a moment ago. */
  forgetBadBundles(): void {
    this.#badBundles.clear();
  }
}
