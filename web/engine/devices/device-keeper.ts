/**
 * Looks after this browser's OMEMO device: has it published, keeps its keys fresh; once everything has been read, sends
 * pending key transports and rebuilds broken sessions; watches for own devices nobody has seen, and for people who may know from
 * now on that they were read.
 */
import type { Account } from "../account.ts";
import { type Done, isAcquainted, rebuildSession } from "./new-session.ts";
import { greet } from "./greeting.ts";
import { tellWhoIsAccepted } from "../reading/accepted.ts";
import { takeHeads } from "../reading/heads.ts";
import { takeRepairs } from "../omemo/repair.ts";
import { WITHDRAWN_KEPT_MS } from "../omemo/used-pre-keys.ts";
import { forgetOldKeys, OVERDUE_MS, replaceUsedKeys, rotate } from "./key-upkeep.ts";
import type { Outbox } from "../sending/outbox.ts";
import { OwnDevices } from "./own-devices.ts";
import { Copies } from "../copy/copies.ts";
import { Handovers } from "../handover/handover.ts";
import { mayHaveAll } from "../omemo/permission.ts";
import { Siblings } from "../siblings/siblings.ts";
import { Publication } from "./publication.ts";
import type { DeviceAddress } from "../store/device-rows.ts";

/** How often keys are looked at whose time may be over. */
const CLOCK_MS = 60 * 60 * 1_000;

export class DeviceKeeper {
  readonly #account: Account;
  readonly #outbox: Outbox;
  /** The other devices of this account, and what is decided about keys. */
  readonly own: OwnDevices;
  /** The other browsers, as they are talked with. */
  readonly siblings: Siblings;
  /** What they hand each other. */
  readonly handovers: Handovers;
  /** The sealed copy that the object keeps. */
  readonly copies: Copies;
  readonly publication: Publication;
  #settle: ReturnType<typeof setTimeout> | undefined;
  #forget: ReturnType<typeof setTimeout> | undefined;
  #clock: ReturnType<typeof setInterval> | undefined;
  #caughtUp = false;
  #stopped = false;

  constructor(account: Account, outbox: Outbox) {
    this.#account = account;
    this.#outbox = outbox;
    this.own = new OwnDevices(account, outbox);
    this.siblings = new Siblings(account, {
      decide: (device, fingerprint, trust, history) =>
        this.own.decide({ jid: account.self.jid, device, fingerprint, trust }, history),
      keyOf: (device) => this.own.keyOf({ jid: account.self.jid, device }),
      revoke: (browser) => this.own.revoke(browser),
      mayHaveAll: (device) => mayHaveAll(account.cache, account.self.jid, device),
    });
    this.handovers = new Handovers(account, this.siblings.roads);
    this.copies = new Copies(account);
    this.publication = new Publication(account, outbox, this.own, () => this.#forgetLater());
    account.store.onCommit(({ upkeep }) => upkeep && this.#upkeepLater());
    tellWhoIsAccepted(account);
    // A round before the keys were published has greeted nobody (P4).
    this.publication.onChange(() => this.publication.stands && this.#upkeepLater());
  }

  /** The object told something about the link: publish when it can carry it. */
  linkChanged(): void {
    this.siblings.look();
    this.handovers.look();
    this.copies.told();
    const { state } = this.#account.live;
    if (state?.link.state !== "live") {
      this.#caughtUp = false;
      return;
    }
    if (state.pep === "missing" || this.publication.stands) return;
    this.publication.ensure();
  }

  /** Our own device list changed, or the names of our browsers. */
  ownDevicesChanged(): void {
    this.handovers.look();
    this.#account.store.inBackground(this.own.watch().then(() => this.own.heedOthers()));
    if (this.#account.live.linked) this.publication.ensure();
  }

  /** Everything has been read: used pre-keys may go, and pending key transports leave. */
  caughtUp(): void {
    this.#caughtUp = true;
    this.copies.caughtUp();
    this.#upkeepLater();
  }

  /** The object has told of the sealed copy. */
  copyTold(): void {
    this.copies.told();
  }

  /** One round for everything that comes in a burst. */
  #upkeepLater(): void {
    if (!this.#caughtUp || this.#settle !== undefined || this.#stopped) return;
    this.#settle = setTimeout(() => {
      this.#settle = undefined;
      this.#account.store.inBackground(this.#upkeep());
    }, this.#account.delays.upkeepMs);
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
    // Keys of own devices that could not be looked up are shown late, not never.
    if (live.linked) await this.own.watch();
    if (rotated && live.linked) this.publication.ensure();
  }

  stop(): void {
    this.#stopped = true;
    clearInterval(this.#clock);
    clearTimeout(this.#settle);
    this.publication.stop();
    this.handovers.stop();
    this.copies.stop();
    this.siblings.stop();
    clearTimeout(this.#forget);
    this.#caughtUp = false;
  }

  /** Keys that were withdrawn now go even if nothing else happens until then. */
  #forgetLater(): void {
    clearTimeout(this.#forget);
    if (this.#stopped) return;
    this.#forget = setTimeout(() => this.#tidySoon(), WITHDRAWN_KEPT_MS);
  }

  /** The person wants a new session. Fails as `rebuildSession` does. */
  resetSession(to: DeviceAddress): Promise<Done> {
    this.#account.directory.forgetBadBundles();
    return rebuildSession(this.#account, this.#outbox, to);
  }

  /** Replaces keys that were used or are old, forgets those whose time is over, sends pending key transports, rebuilds broken sessions. */
  async #upkeep(): Promise<void> {
    if (!this.#caughtUp || this.#account.cache.behind) return;
    await this.own.heedOthers();
    await this.#account.store.work((unit) => forgetOldKeys(unit, Date.now()));
    const replaced = await this.#account.store.work((unit) => replaceUsedKeys(unit, Date.now()));
    const rotated = await this.#account.store.work((unit) => rotate(unit, Date.now()));
    const sessions = await this.#account.store.work((unit) => unit.all("sessions"));
    for (const { jid, device, owed } of sessions) {
      if (owed === undefined) continue;
      // A key transport tells a stranger that this account is in use.
      if (isAcquainted(this.#account, { jid, device })) await this.#outbox.sendTransport({ jid, device });
    }
    if ((replaced || rotated) && this.#account.live.linked) this.publication.ensure();
    if (!this.#account.live.linked) return;
    const broken = await this.#account.store.work((unit) => takeRepairs(unit, Date.now()));
    for (const to of broken) if (isAcquainted(this.#account, to)) await this.#renew(to);
    if (this.publication.stands) await greet(this.#account, this.#outbox);
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
    // One line a person, however many devices they have.
    const key = `renewed:${jid}`;
    await this.#account.store.work(async (unit) =>
      unit.put("notices", { key, dismissed: false, notice: { kind: "renewed", key, jid, device } }),
    );
  }
}
