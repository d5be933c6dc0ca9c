/**
 * The keys with which this browser seals for the others: made when they are first needed, handed to each own browser that is
 * trusted, closed for all time when one of the account's devices is taken off. `key-ring.ts` takes those of the
 * others in.
 */
import type { DeviceId } from "../../../worker/contract/names.ts";
import type { Account } from "../account.ts";
import { mayEncryptTo } from "../omemo/trust-pins.ts";
import { withoutSession } from "../omemo/send.ts";
import { ASKING, handing, isOpen, sealingIn } from "./key-ring.ts";
import type { Outbox } from "../sending/outbox.ts";
import { newKey } from "./sealing-key.ts";
import type { Sealing, SealingKey } from "../store/schema.ts";
import type { Unit } from "../store/unit.ts";

/** The others are asked for keys that are missing no more often than this. */
const ASK_AGAIN_MS = 10 * 60 * 1_000;
/** Whoever is trusted and has no session yet is tried again so often. */
const TRIES = 8;

type Following = {
  /** Keys have come, or somebody asks for some. */
  readonly news: () => void;
  readonly closed: () => void;
};

export class SealingKeys {
  readonly #account: Account;
  readonly #outbox: Outbox;
  #follow: Following = { news: () => undefined, closed: () => undefined };
  #missing = false;
  #wait: ReturnType<typeof setTimeout> | undefined;
  #tries = 0;

  constructor(account: Account, outbox: Outbox) {
    this.#account = account;
    this.#outbox = outbox;
    account.store.onCommit(({ sealing, devices }) => {
      if (sealing) this.#follow.news();
      if (sealing || devices.has(account.self.jid)) this.#later(true);
    });
  }

  follow(following: Following): void {
    this.#follow = following;
  }

  stop(): void {
    clearTimeout(this.#wait);
  }

  /** The account's devices are others: somebody has come, or was taken off. */
  look(): void {
    this.#later(true);
  }

  /** A value cannot be opened here: the others are asked, once the log has been read, which may bring the key. */
  miss(): void {
    this.#missing = true;
    this.#later(true);
  }

  /** Some own browser can be given a key now; not while this one waits to be allowed itself. */
  async hasReaders(): Promise<boolean> {
    return this.#account.store.work(async (unit) => (await this.#readers(unit)).length > 0);
  }

  /** The key to seal with: one that all others have or can have. Called inside a unit. */
  async current(unit: Unit): Promise<SealingKey> {
    const sealing = await sealingIn(unit);
    const known = sealing.keys.find(isOpen);
    if (known !== undefined) return known;
    const made: SealingKey = { ...(await newKey()), given: [] };
    unit.put("meta", { ...sealing, keys: [...sealing.keys, made] });
    return made;
  }

  /**
   * Somebody was taken off the account, here or elsewhere, or an own device is not trusted any more: they may have every key
   * that is known by now. True: some were closed.
   */
  async close(): Promise<boolean> {
    const { live, store } = this.#account;
    return store.work(async (unit) => {
      const row = await unit.meta("sealing");
      const sealing: Sealing = row ?? { name: "sealing", keys: [], removed: live.removed };
      const gone = live.removed.some((device) => !sealing.removed.includes(device));
      const open = sealing.keys.filter(isOpen);
      const doubted = await this.#someDoubted(unit, new Set(open.flatMap(({ given }) => given)));
      const closes = open.length > 0 && (gone || doubted);
      if (row !== undefined && !gone && !closes) return false;
      const keys = closes ? sealing.keys.map((key) => ({ ...key, closed: true as const })) : sealing.keys;
      unit.put("meta", { ...sealing, keys, removed: live.removed });
      return closes;
    });
  }

  async #someDoubted(unit: Unit, devices: ReadonlySet<DeviceId>): Promise<boolean> {
    for (const device of devices) if (!(await mayEncryptTo(unit, { jid: this.#account.self.jid, device }))) return true;
    return false;
  }

  /** Gives each own browser the open keys that it was not given yet. */
  async handOver(): Promise<void> {
    const { self, store } = this.#account;
    let left = false;
    for (const device of await store.work((unit) => this.#readers(unit))) {
      const to = { jid: self.jid, device };
      const keys = await store.work(async (unit) => {
        const sealing = await sealingIn(unit);
        const lacking = sealing.keys.filter((key) => isOpen(key) && !key.given.includes(device));
        const reached = (await withoutSession(unit, [to])).length === 0 && (await unit.meta("numbers")) !== undefined;
        if (lacking.length > 0 && !reached) left = true;
        return reached && lacking.length > 0 ? { lacking, message: handing(lacking, sealing) } : undefined;
      });
      if (keys === undefined) continue;
      await this.#outbox.sendTransport(to, keys.message);
      await store.work(async (unit) => noteGiven(unit, keys.lacking, device));
    }
    if (left) this.#later(false);
  }

  async #ask(): Promise<void> {
    const { self, store } = this.#account;
    const due = await store.work(async (unit) => {
      const sealing = await sealingIn(unit);
      if ((sealing.askedAt ?? 0) > Date.now() - ASK_AGAIN_MS) return [];
      const readers = await this.#readers(unit);
      if (readers.length > 0) unit.put("meta", { ...sealing, askedAt: Date.now() });
      return readers;
    });
    for (const device of due) await this.#outbox.sendTransport({ jid: self.jid, device }, ASKING);
  }

  /** Own browsers that are trusted here, while this one is allowed itself. */
  async #readers(unit: Unit): Promise<readonly DeviceId[]> {
    const { self, live } = this.#account;
    if (((await unit.meta("admission"))?.by.length ?? 0) > 0) return [];
    const readers: DeviceId[] = [];
    for (const { device, signedOut } of live.browsers) {
      if (device === undefined || device === self.device || signedOut) continue;
      if (await mayEncryptTo(unit, { jid: self.jid, device })) readers.push(device);
    }
    return readers;
  }

  #later(anew: boolean): void {
    if (anew) this.#tries = 0;
    if (this.#wait !== undefined || this.#tries >= TRIES) return;
    const { store, delays } = this.#account;
    this.#wait = setTimeout(
      () => {
        this.#wait = undefined;
        if (!store.closed) store.inBackground(this.#round());
      },
      delays.upkeepMs * 2 ** this.#tries,
    );
    this.#tries += 1;
  }

  async #round(): Promise<void> {
    if (this.#account.cache.behind) return;
    if (await this.close()) this.#follow.closed();
    await this.handOver();
    // There may be somebody to seal for now.
    this.#follow.news();
    if (!this.#missing) return;
    this.#missing = false;
    await this.#ask();
  }
}

async function noteGiven(unit: Unit, keys: readonly SealingKey[], device: DeviceId): Promise<void> {
  const sealing = await sealingIn(unit);
  const given = new Set(keys.map(({ id }) => id));
  unit.put("meta", {
    ...sealing,
    keys: sealing.keys.map((key) =>
      given.has(key.id) && !key.given.includes(device) ? { ...key, given: [...key.given, device] } : key,
    ),
  });
}
