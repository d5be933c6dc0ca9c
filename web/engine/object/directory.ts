/** Devices of people: which there are as the object says, and their bundles. */
import type { Result } from "../../../worker/contract/failures.ts";
import type { BareJid, DeviceId } from "../../../worker/contract/names.ts";
import { type CheckedBundle, checkBundle } from "../omemo/bundle.ts";
import { cleanDevices } from "../omemo/devices.ts";
import type { Self } from "../omemo/sessions.ts";
import { forgetStrays } from "../omemo/strays.ts";
import { noteLeft } from "../omemo/trust-pins.ts";
import { addressOf, type DeviceAddress } from "../store/device-rows.ts";
import type { Store } from "../store/store.ts";
import type { Remote } from "./calls.ts";
import { LookUps } from "./look-ups.ts";

/** A device whose bundle could not be used is not asked for again for this long. */
const BAD_BUNDLE_MS = 60_000;

/** Of so many devices it is remembered that they were not looked up. */
const POSTPONED = 5_000;

/** An unchanged device list is noted as confirmed no more often than this. */
const NOTED_AGAIN_MS = 60 * 60 * 1_000;

export type FetchedBundle =
  | { readonly kind: "usable"; readonly bundle: CheckedBundle }
  /** `later`: too many of its owner's were asked for. */
  | { readonly kind: "unusable" | "offline" | "later" };

/** One stretch of time in which the object tells of every change: from a `hello` to the end of its socket. */
export type Hearing = Readonly<Record<never, never>>;

export class Directory {
  /** Contacts that could not be asked for their devices, or none of whose devices could be used. */
  readonly unreachable = new Set<BareJid>();
  /** Addresses under which nobody was found when the person turned to them, and what was missing. */
  readonly absent = new Map<BareJid, "account" | "server">();
  /** Those about whom that is being asked. */
  readonly looking = new Set<BareJid>();
  readonly #self: Self;
  readonly #store: Store;
  readonly #remote: Remote;
  readonly #confirmed = new Set<BareJid>();
  #hearing: Hearing | undefined;
  /** What was asked for while the socket is away, for the one message that is being sealed. */
  #asked: Set<BareJid> | undefined;
  /** How often each list has been told. */
  readonly #told = new Map<BareJid, number>();
  /** By `jid.device`, until when it is not asked for. */
  readonly #badBundles = new Map<string, number>();
  readonly #lookUps = new LookUps();
  /** By `jid.device`: those that were not asked for, because too many of their owner's were. */
  readonly #postponed = new Set<string>();

  constructor(self: Self, store: Store, remote: Remote) {
    this.#self = self;
    this.#store = store;
    this.#remote = remote;
  }

  /** The list as it is known here; empty where none is. */
  known(jid: BareJid): readonly DeviceId[] {
    return this.#store.cache.deviceLists.get(jid)?.devices ?? [];
  }

  /**
   * A device list. The object keeps lists current, this browser only while it is attached: so it asks once after each
   * `hello`, again when `fresh` is wanted, and for each message while the socket is away. While the object cannot tell, the
   * known list stands. Fails as asking does.
   */
  async devices(jid: BareJid, fresh: boolean): Promise<Result<readonly DeviceId[]>> {
    const known = this.#store.cache.deviceLists.get(jid);
    if (known !== undefined && !fresh && this.isConfirmed(jid)) return { ok: true, value: known.devices };
    const told = this.#told.get(jid) ?? 0;
    const since = this.hearing;
    const answer = await this.#remote.call("devices", { jid, fresh });
    // A change that was told while the answer was on its way is newer than the answer.
    if ((this.#told.get(jid) ?? 0) !== told) {
      await this.#store.work(async () => undefined);
      return { ok: true, value: this.known(jid) };
    }
    if (answer.ok) return { ok: true, value: await this.learn(jid, answer.value.devices, since) };
    if (answer.error.kind !== "offline") this.unreachable.add(jid);
    if (known === undefined) return answer;
    this.confirm(jid, since);
    return { ok: true, value: known.devices };
  }

  /** Stores a device list as the object told it, when `hearing` was `since`; returns it without what cannot be a device. */
  async learn(jid: BareJid, listed: readonly DeviceId[], since: Hearing | undefined): Promise<readonly DeviceId[]> {
    const devices = cleanDevices(listed);
    this.#told.set(jid, (this.#told.get(jid) ?? 0) + 1);
    this.unreachable.delete(jid);
    if (devices.length > 0) this.absent.delete(jid);
    this.confirm(jid, since);
    const known = this.#store.cache.deviceLists.get(jid);
    const now = Date.now();
    const same = known !== undefined && known.devices.join() === devices.join();
    if (same && known.at > now - NOTED_AGAIN_MS) return devices;
    await this.#store.work(async (unit) => {
      unit.put("deviceLists", { jid, devices, at: now });
      if (jid !== this.#self.jid) await noteLeft(unit, jid, devices);
      if (!same) await forgetStrays(unit, this.#self.jid, jid, devices);
      if (jid !== this.#self.jid) return;
      // Whoever is on our own list now was there before this browser: later ones are told of.
      if ((await unit.meta("ownDevices")) !== undefined) return;
      unit.put("meta", { name: "ownDevices", known: devices, first: devices });
    });
    return devices;
  }

  /** Undefined while the socket is away. */
  get hearing(): Hearing | undefined {
    return this.#hearing;
  }

  /** The socket said hello: what it does not tell stays as it is from now on. */
  beginHearing(): void {
    this.#confirmed.clear();
    this.#hearing = {};
  }

  /** The socket is away: lists may change while nobody tells us. */
  endHearing(): void {
    this.#confirmed.clear();
    this.#hearing = undefined;
  }

  /** Whether a device list, or who belongs to a room, is as it is now: asked for, and every change since then told. */
  isConfirmed(jid: BareJid): boolean {
    return this.#confirmed.has(jid) || this.#asked?.has(jid) === true;
  }

  /** This was asked for when `hearing` was `since`: what has changed after an earlier stretch nobody has told. */
  confirm(jid: BareJid, since: Hearing | undefined): void {
    if (since === undefined) this.#asked?.add(jid);
    else if (since === this.#hearing) this.#confirmed.add(jid);
  }

  /** It may have changed. */
  doubt(jid: BareJid): void {
    this.#confirmed.delete(jid);
    this.#asked?.delete(jid);
  }

  /** Seals one message: what it asks for while the socket is away counts until it is done. One at a time. */
  async forOneMessage<T>(seal: () => Promise<T>): Promise<T> {
    this.#asked = new Set();
    try {
      return await seal();
    } finally {
      this.#asked = undefined;
    }
  }

  /** A bundle that has been checked; `unusable` ones are not asked for again for a while. */
  async bundle({ jid, device }: DeviceAddress): Promise<FetchedBundle> {
    const address = addressOf(jid, device);
    if ((this.#badBundles.get(address) ?? 0) > Date.now()) return { kind: "unusable" };
    if (!this.#lookUps.take(jid, Date.now())) {
      if (this.#postponed.size < POSTPONED) this.#postponed.add(address);
      return { kind: "later" };
    }
    this.#postponed.delete(address);
    const answer = await this.#remote.call("bundle", { jid, device });
    if (!answer.ok && answer.error.kind === "offline") return { kind: "offline" };
    const bundle = answer.ok ? await checkBundle(answer.value) : undefined;
    if (bundle !== undefined) return { kind: "usable", bundle };
    this.#badBundles.set(address, Date.now() + BAD_BUNDLE_MS);
    return { kind: "unusable" };
  }

  /** Looks whether there is anybody where no device is; only for whoever the person has turned to: their server learns of us. */
  async lookFor(jid: BareJid): Promise<void> {
    const answer = this.known(jid).length > 0 ? undefined : await this.#remote.call("lookFor", { jid });
    this.looking.delete(jid);
    if (answer?.ok !== true) return;
    const { missing } = answer.value;
    if (missing === undefined) this.absent.delete(jid);
    else this.absent.set(jid, missing);
  }

  /** Whether this device was not looked up because too many of its owner's were: nothing is encrypted to it meanwhile. */
  isPostponed({ jid, device }: DeviceAddress): boolean {
    return this.#postponed.has(addressOf(jid, device));
  }

  /** A person wants it: asks again even for bundles that were bad a moment ago, however many were asked for. */
  forgetBadBundles(): void {
    this.#badBundles.clear();
    this.#lookUps.reset();
  }
}
