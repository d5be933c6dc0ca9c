/**
 * Keeps this browser's OMEMO device published and its keys fresh: publishes again when it fell off the list or its keys
 * were replaced; once everything has been read, sends pending key transports and rebuilds broken sessions; and watches for
 * own devices nobody has seen.
 */
import type { Result } from "../../../worker/contract/failures.ts";
import type { Account } from "../account.ts";
import { type Done, isAcquainted, rebuildSession } from "./new-session.ts";
import { greet } from "./greeting.ts";
import { bundleOf } from "../omemo/identity.ts";
import { takeHeads } from "../reading/heads.ts";
import { takeRepairs } from "../omemo/repair.ts";
import { WITHDRAWN_KEPT_MS } from "../omemo/used-pre-keys.ts";
import { forgetOldKeys, OVERDUE_MS, replaceUsedKeys, rotate } from "./key-upkeep.ts";
import type { Outbox } from "../sending/outbox.ts";
import { OwnDevices } from "./own-devices.ts";
import type { ConnectionView } from "../protocol/account.ts";
import { addressOf, type DeviceAddress } from "../store/device-rows.ts";

/** One publication and one round of upkeep for everything that comes in a burst. */
const SETTLE_MS = 1_000;
/** Two clients that keep removing each other's devices must not fight for ever (Conversations stops the same way). */
const PUBLICATIONS = 3;
const PUBLICATIONS_WITHIN_MS = 60_000;
const RETRY_MS = 30_000;
/** How often keys are looked at whose time may be over. */
const CLOCK_MS = 60 * 60 * 1_000;
const RETURNED = "returned";

export class DeviceKeeper {
  readonly #account: Account;
  readonly #outbox: Outbox;
  readonly #listeners: (() => void)[] = [];
  /** The other devices of this account, and what is decided about keys. */
  readonly own: OwnDevices;
  #encryption: ConnectionView["encryption"] = "starting";
  #publishing: Promise<void> | undefined;
  #again = false;
  #published: number[] = [];
  #settle: ReturnType<typeof setTimeout> | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #forget: ReturnType<typeof setTimeout> | undefined;
  #clock: ReturnType<typeof setInterval> | undefined;
  #caughtUp = false;
  #stopped = false;

  constructor(account: Account, outbox: Outbox) {
    this.#account = account;
    this.#outbox = outbox;
    this.own = new OwnDevices(account, outbox);
    account.store.onCommit(({ upkeep }) => upkeep && this.#upkeepLater());
  }

  /** Calls back when `encryption` is another one. */
  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  get encryption(): ConnectionView["encryption"] {
    if (this.#account.cache.behind) return "behind";
    const pep = this.#account.live.state?.pep;
    if (pep === "missing") return "missing-pep";
    return pep === "broken" ? "broken-pep" : this.#encryption;
  }

  /** The object told something about the link: publish when it can carry it. */
  linkChanged(): void {
    const { state } = this.#account.live;
    if (state?.link.state !== "live") {
      this.#caughtUp = false;
      return;
    }
    if (state.pep === "missing" || this.#encryption === "ready") return;
    this.#publishOnce();
  }

  /** Our own device list changed, or the names of our browsers. */
  ownDevicesChanged(): void {
    this.#account.store.inBackground(this.own.watch());
    if (this.#account.live.linked) this.#publishOnce();
  }

  /** Everything has been read: used pre-keys may go, and pending key transports leave. */
  caughtUp(): void {
    this.#caughtUp = true;
    this.#upkeepLater();
  }

  /** One round for everything that comes in a burst. */
  #upkeepLater(): void {
    if (!this.#caughtUp || this.#settle !== undefined || this.#stopped) return;
    this.#settle = setTimeout(() => {
      this.#settle = undefined;
      this.#account.store.inBackground(this.#upkeep());
    }, SETTLE_MS);
  }

  /** From now on keys go by the clock, whether anything else happens or not. */
  start(): void {
    if (this.#stopped) return;
    this.#tidySoon();
    clearInterval(this.#clock);
    this.#clock = setInterval(() => this.#tidySoon(), CLOCK_MS);
  }

  #tidySoon(): void {
    if (!this.#stopped) this.#account.store.inBackground(this.#tidy());
  }

  async #tidy(): Promise<void> {
    const { store, cache, live } = this.#account;
    if (cache.behind) return;
    await store.work((unit) => forgetOldKeys(unit, Date.now()));
    const rotated = await store.work((unit) => rotate(unit, Date.now() - OVERDUE_MS));
    if (rotated && live.linked) this.#publishOnce();
  }

  stop(): void {
    this.#stopped = true;
    clearInterval(this.#clock);
    clearTimeout(this.#settle);
    clearTimeout(this.#retry);
    clearTimeout(this.#forget);
    this.#caughtUp = false;
  }

  #publishOnce(): void {
    if (this.#stopped || this.#account.cache.behind) return;
    if (this.#publishing !== undefined) {
      this.#again = true;
      return;
    }
    this.#again = false;
    clearTimeout(this.#retry);
    this.#publishing = this.#ensurePublished().catch((error: unknown) => {
      this.#retryLater();
      throw error;
    });
    this.#publishing = this.#publishing.finally(() => {
      this.#publishing = undefined;
      if (this.#again && this.#account.live.linked) this.#publishOnce();
    });
    this.#account.store.inBackground(this.#publishing);
  }

  async #ensurePublished(): Promise<void> {
    const { self } = this.#account;
    const list = await this.#account.directory.devices(self.jid, false);
    if (!list.ok) {
      this.#retryLater();
      return;
    }
    await this.own.arrived(list.value);
    const [joined, stale] = await this.#account.store.work((unit) =>
      Promise.all([unit.meta("joined"), unit.meta("stale")]),
    );
    if (joined === undefined || stale !== undefined || !list.value.includes(self.device)) {
      const answer = await this.#publish();
      if (!answer.ok) {
        if (answer.error.kind === "encryption-unavailable") this.#become("broken-pep");
        this.#retryLater();
        return;
      }
      // Meanwhile the list may have been told, with another browser that came at the same moment.
      const told = this.#account.cache.deviceLists.get(self.jid)?.devices ?? list.value;
      if (!told.includes(self.device)) await this.#account.directory.learn(self.jid, [...told, self.device]);
    }
    this.#become("ready");
    this.#outbox.hurry();
    await this.own.watch();
  }

  #retryLater(): void {
    clearTimeout(this.#retry);
    // What fails because the account was closed must not be tried for ever.
    if (this.#stopped) return;
    this.#retry = setTimeout(() => {
      if (this.#account.live.linked) this.#publishOnce();
    }, RETRY_MS);
  }

  async #publish(): Promise<Result<unknown>> {
    const now = Date.now();
    this.#published = this.#published.filter((at) => at > now - PUBLICATIONS_WITHIN_MS);
    if (this.#published.length >= PUBLICATIONS) return { ok: false, error: { kind: "too-many-tries" } };
    this.#published.push(now);
    const { self, store, live } = this.#account;
    // Keys may be replaced while the server answers: only what this publication carries is up to date afterwards.
    const returns = live.browsers.find(({ id }) => id === self.browser)?.dormant === true;
    const carried = (await this.#account.store.work((unit) => unit.meta("stale")))?.since;
    const preKeys = await store.database.getAll("preKeys");
    const signed = (await store.database.getAll("signedPreKeys")).toSorted((a, b) => b.id - a.id)[0];
    if (signed === undefined) throw new TypeError("a device has a signed pre-key");
    const fresh = preKeys.filter(({ used }) => used === undefined);
    const withdrawn = preKeys.flatMap(({ id, ...row }) =>
      row.used !== undefined && row.withdrawn === undefined ? [id] : [],
    );
    const bundle = bundleOf({ publicKey: self.identityKey }, signed, fresh);
    const answer = await this.#account.remote.call("publish", { device: self.device, bundle });
    if (!answer.ok) {
      // What did not get through is no publication: the device comes back as soon as something does.
      if (answer.error.kind === "offline") this.#published.pop();
      return answer;
    }
    await this.#account.store.work(async (unit) => {
      if ((await unit.meta("stale"))?.since === carried) unit.delete("meta", "stale");
      for (const id of withdrawn) {
        const row = await unit.get("preKeys", id);
        if (row !== undefined) unit.put("preKeys", { ...row, withdrawn: Date.now() });
      }
      const epoch = (await unit.meta("cursor"))?.epoch;
      if (returns) unit.put("notices", { key: RETURNED, dismissed: false, notice: { kind: RETURNED, key: RETURNED } });
      if (returns && epoch !== undefined) unit.put("meta", { name: "returned", epoch, head: live.head });
      if (epoch === undefined || (await unit.meta("joined")) !== undefined) return;
      unit.put("meta", { name: "joined", epoch, head: live.head });
    });
    if (withdrawn.length > 0) this.#forgetLater();
    return answer;
  }

  /** Keys that were withdrawn now go even if nothing else happens until then. */
  #forgetLater(): void {
    clearTimeout(this.#forget);
    if (this.#stopped) return;
    this.#forget = setTimeout(() => this.#tidySoon(), WITHDRAWN_KEPT_MS);
  }

  #become(encryption: ConnectionView["encryption"]): void {
    if (this.#encryption === encryption) return;
    this.#encryption = encryption;
    for (const listener of this.#listeners) listener();
  }

  /** The person wants a new session. Fails as `rebuildSession` does. */
  resetSession(to: DeviceAddress): Promise<Done> {
    this.#account.directory.forgetBadBundles();
    return rebuildSession(this.#account, this.#outbox, to);
  }

  /** Replaces keys that were used or are old, forgets those whose time is over, sends pending key transports, rebuilds broken sessions. */
  async #upkeep(): Promise<void> {
    if (!this.#caughtUp || this.#account.cache.behind) return;
    const { database } = this.#account.store;
    await this.#account.store.work((unit) => forgetOldKeys(unit, Date.now()));
    const replaced = await this.#account.store.work((unit) => replaceUsedKeys(unit, Date.now()));
    const rotated = await this.#account.store.work((unit) => rotate(unit, Date.now()));
    const pending = await database.getAllFromIndex("sessions", "owed");
    for (const { jid, device } of pending) {
      // A key transport tells a stranger that this account is in use.
      if (isAcquainted(this.#account, { jid, device })) await this.#outbox.sendTransport({ jid, device });
    }
    if ((replaced || rotated) && this.#account.live.linked) this.#publishOnce();
    if (!this.#account.live.linked) return;
    const broken = await this.#account.store.work((unit) => takeRepairs(unit, Date.now()));
    for (const to of broken) if (isAcquainted(this.#account, to)) await this.#renew(to);
    if (this.#encryption === "ready") await greet(this.#account, this.#outbox);
    await this.#tellHeads();
  }

  /** Tells the account's other browsers what this one was told, so that they can compare. */
  async #tellHeads(): Promise<void> {
    const { self, store, live } = this.#account;
    const others = live.browsers.flatMap(({ device }) =>
      device === undefined || device === self.device ? [] : device,
    );
    if (others.length === 0) return;
    const heads = await store.work((unit) => takeHeads(unit, Date.now()));
    if (heads === undefined) return;
    for (const device of others) await this.#outbox.sendTransport({ jid: self.jid, device }, heads);
  }

  /** Rebuilds a session without being asked, and tells the person. */
  async #renew({ jid, device }: DeviceAddress): Promise<void> {
    const rebuilt = await rebuildSession(this.#account, this.#outbox, { jid, device });
    if (!rebuilt.ok) return;
    const key = `renewed:${addressOf(jid, device)}`;
    await this.#account.store.work(async (unit) =>
      unit.put("notices", { key, dismissed: false, notice: { kind: "renewed", key, jid, device } }),
    );
  }
}
