/**
 * The account's OMEMO nodes at its server and those of its contacts (XEP-0384 §4, XEP-0163). The object is the only
 * writer of the own device list: changes stand in a queue, each fetches the list fresh, changes it and publishes it.
 */
import type { Element } from "@xmpp/xml";
import type { Result } from "../../worker/contract/failures.ts";
import { LIMITS } from "../../worker/contract/limits.ts";
import type { BareJid, BrowserId, DeviceId, Time } from "../../worker/contract/names.ts";
import type { OmemoBundle } from "../../worker/contract/omemo.ts";
import { Mutex } from "../../worker/shared/mutex.ts";
import type { CurrentLink } from "../connection/current-link.ts";
import { failureOfRequest, type RequestError } from "../link/iq.ts";
import { fallenDormant, isEverybodyAway } from "./dormancy.ts";
import { publishItem } from "../pep/publish.ts";
import type { Stores } from "../store/stores.ts";
import { buildBundle, bundleNode, parseBundle } from "../xep/omemo-bundle.ts";
import {
  buildDeviceList,
  DEVICE_LIST_NODE,
  everyDeviceIn,
  holdsOthers,
  parseDeviceList,
} from "../xep/omemo-devices.ts";
import { parseItems, PUBLIC_NODE, requestItems, SINGLE_ITEM } from "../xep/pubsub.ts";
import { buildDeleteNode } from "../xep/pubsub-owner.ts";

/** Two clients that take each other off the list would go on for ever (protocol: three in a minute, then rest). */
const REPAIRS_MAX = 3;
const REPAIRS_WINDOW_MS = 60_000;
/** How often it is looked for browsers that are away; the limit is counted in days. */
const RETIRING_AGAIN_MS = 60 * 60_000;

/** How often a list that changes while it is fetched is fetched. */
const ASKED_AGAIN = 3;

/** `overtaken`: an announcement came before the answer, which has told these devices. */
type FetchedList = {
  readonly devices: readonly DeviceId[];
  readonly payload?: Element;
  readonly overtaken?: true;
};

export class OmemoNodes {
  readonly #stores: Stores;
  readonly #link: CurrentLink;
  readonly #changes = new Mutex();
  #repairs: readonly number[] = [];
  #retiredAt = 0;

  constructor(stores: Stores, link: CurrentLink) {
    this.#stores = stores;
    this.#link = link;
  }

  /** A device list as the server has it now; no node means no devices. Fails with `offline`, `peer-refused`, `malformed`. */
  async fetchList(jid: BareJid): Promise<Result<readonly DeviceId[]>> {
    const fetched = await this.#fetch(jid);
    return fetched.ok ? { ok: true, value: fetched.value.devices } : fetched;
  }

  async #fetch(jid: BareJid): Promise<Result<FetchedList>> {
    const { deviceLists } = this.#stores;
    const told = deviceLists.told(jid);
    const answer = await this.#link.request(requestItems(DEVICE_LIST_NODE, jid));
    // A notification that came meanwhile is as new as the answer or newer: they may arrive in one piece, and an answer
    // is taken up only after everything that came with it.
    const notified = deviceLists.told(jid) === told ? undefined : deviceLists.get(jid);
    if (notified) return { ok: true, value: { devices: notified.devices, overtaken: true } };
    if (!answer.ok) {
      if (!this.#meansNone(jid, answer.error)) return { ok: false, error: failureOfRequest(answer.error) };
      deviceLists.put(jid, []);
      return { ok: true, value: { devices: [] } };
    }
    const items = parseItems(answer.value, DEVICE_LIST_NODE);
    const item = items?.find(({ id }) => id === SINGLE_ITEM) ?? items?.at(0);
    const devices = item === undefined ? [] : parseDeviceList(item.payload);
    if (!devices) return { ok: false, error: { kind: "malformed", detail: "device list" } };
    deviceLists.put(jid, devices);
    return { ok: true, value: { devices, ...(item?.payload && { payload: item.payload }) } };
  }

  /** Fails with `offline`, `not-found`, `malformed`. */
  async fetchBundle(jid: BareJid, device: DeviceId): Promise<Result<OmemoBundle>> {
    const node = bundleNode(device);
    const answer = await this.#link.request(requestItems(node, jid));
    if (!answer.ok) {
      const absent = answer.error.kind === "stanza-error";
      return { ok: false, error: absent ? { kind: "not-found" } : failureOfRequest(answer.error) };
    }
    const item = parseItems(answer.value, node)?.at(0);
    if (!item) return { ok: false, error: { kind: "not-found" } };
    const bundle = parseBundle(item.payload);
    return bundle ? { ok: true, value: bundle } : { ok: false, error: { kind: "malformed", detail: "bundle" } };
  }

  /** Bundle first, the server's word, then the list: a listed device without a bundle is removed by other clients. */
  async publish(device: DeviceId, bundle: OmemoBundle): Promise<Result<{ readonly published: true }>> {
    if (!this.#link.live) return { ok: false, error: { kind: "offline" } };
    // One that was away for long is back: what was still to be done to take it off is not done any more.
    this.#strike("erased-devices", device);
    const published = await this.#publishPublicly(bundleNode(device), buildBundle(bundle));
    if (!published.ok) return this.#broken(published);
    this.#strike("dormant-devices", device);
    const listed = await this.#changeList((devices) => {
      // It may have been erased while the bundle was on its way.
      const isOurs = this.#stores.browsers.devices().has(device);
      return !isOurs || devices.includes(device) ? devices : [...devices, device];
    });
    if (!listed.ok) return this.#broken(listed);
    this.#link.setPep("ok");
    return { ok: true, value: { published: true } };
  }

  /** Take the devices of erased browsers off the list and their bundles off the server, now or on the next stream. */
  async removeErased(): Promise<void> {
    const erased = this.#stores.meta.get("erased-devices") ?? [];
    if (!this.#link.live || erased.length === 0) return;
    const unlisted = await this.#changeList((devices) => devices.filter((id) => !erased.includes(id)));
    if (!unlisted.ok) return;
    for (const device of erased) {
      // It may have come back while the others were taken off.
      if (this.#stores.meta.get("erased-devices")?.includes(device) !== true) continue;
      const removed = await this.#link.request(buildDeleteNode(bundleNode(device)));
      if (!removed.ok && removed.error.kind !== "stanza-error") return;
    }
    const later = this.#stores.meta.get("erased-devices") ?? [];
    this.#stores.meta.set(
      "erased-devices",
      later.filter((id) => !erased.includes(id)),
    );
  }

  /**
   * Takes the devices of browsers off that nobody has opened for 42 days (`dormancy.ts`). They stay known, and come back
   * with the same keys when they publish again. True: there were some.
   */
  async retireDormant(now: Time, attached: ReadonlySet<BrowserId>): Promise<boolean> {
    if (now - this.#retiredAt < RETIRING_AGAIN_MS) return false;
    const { meta, browsers } = this.#stores;
    // While all are away none leaves; it is looked again as soon as one is back.
    if (isEverybodyAway(browsers.all(), attached, now)) return false;
    this.#retiredAt = now;
    const known = browsers.devices();
    const dormant = (meta.get("dormant-devices") ?? []).filter((device) => known.has(device));
    const fallen = fallenDormant(browsers.all(), attached, dormant, now);
    if (fallen.length === 0) return false;
    this.#stores.turn(() => {
      meta.set("dormant-devices", [...dormant, ...fallen]);
      for (const device of fallen) meta.unlist(device);
    });
    await this.removeErased();
    return true;
  }

  /** Take another app's device off the account, and off again whenever it comes back. Fails with `offline`. */
  async removeForGood(device: DeviceId): Promise<Result<{ readonly done: true }>> {
    if (!this.#link.live) return { ok: false, error: { kind: "offline" } };
    const { meta } = this.#stores;
    this.#stores.turn(() => {
      const removed = (meta.get("removed-devices") ?? []).filter((id) => id !== device);
      meta.set("removed-devices", [...removed, device].slice(-LIMITS.devicesPerJid));
      meta.unlist(device);
    });
    await this.removeErased();
    return { ok: true, value: { done: true } };
  }

  /**
   * Somebody published our list without one of our browsers, or with a device that was taken off: put it right, without a
   * fight that never ends.
   */
  async repairList(): Promise<void> {
    const now = Date.now();
    const dormant = this.#stores.meta.get("dormant-devices") ?? [];
    const ours = () => [...this.#stores.browsers.devices()].filter((id) => !dormant.includes(id));
    const listed = new Set(this.#stores.deviceLists.get(this.#stores.meta.account)?.devices);
    const removed = this.#stores.meta.get("removed-devices") ?? [];
    if (ours().every((id) => listed.has(id)) && !removed.some((id) => listed.has(id))) return;
    this.#repairs = this.#repairs.filter((at) => at > now - REPAIRS_WINDOW_MS);
    if (this.#repairs.length >= REPAIRS_MAX) return;
    this.#repairs = [...this.#repairs, now];
    await this.#changeList((devices) => {
      const others = devices.filter((id) => !removed.includes(id));
      return [...new Set([...others, ...ours()])];
    });
  }

  /** Takes the device of a browser that is known off one of the notes about devices. */
  #strike(note: "erased-devices" | "dormant-devices", device: DeviceId): void {
    const { meta, browsers } = this.#stores;
    const noted = meta.get(note) ?? [];
    if (!noted.includes(device) || !browsers.devices().has(device)) return;
    meta.set(
      note,
      noted.filter((id) => id !== device),
    );
  }

  #changeList(change: (devices: readonly DeviceId[]) => readonly DeviceId[]): Promise<Result<unknown>> {
    return this.#changes.run(async (): Promise<Result<unknown>> => {
      const { account } = this.#stores.meta;
      const fetched = await this.#fetchWhole(account);
      // A list that cannot be read names no devices of other clients that publishing could remove.
      if (!fetched.ok && fetched.error.kind !== "malformed") return fetched;
      const payload = fetched.ok ? fetched.value.payload : undefined;
      const before = everyDeviceIn(payload);
      const devices = change(before);
      if (fetched.ok && sameSet(devices, before)) return fetched;
      // Some clients fail on an empty list, so the node is deleted instead, which means the same.
      if (devices.length === 0 && !holdsOthers(payload)) return this.#deleteList(account);
      const published = await this.#publishPublicly(DEVICE_LIST_NODE, buildDeviceList(devices, payload));
      if (published.ok) this.#stores.deviceLists.put(account, devices.slice(0, LIMITS.devicesPerJid));
      return published;
    });
  }

  /** The list as it stands, with what cannot be read of it: an announcement tells the devices alone. */
  async #fetchWhole(account: BareJid): Promise<Result<FetchedList>> {
    for (let asked = 0; asked < ASKED_AGAIN; asked += 1) {
      const fetched = await this.#fetch(account);
      if (!fetched.ok || fetched.value.overtaken !== true) return fetched;
    }
    return { ok: false, error: { kind: "peer-refused", detail: "the device list keeps changing" } };
  }

  /** One item, readable by everybody. Fails with `offline`, or `encryption-unavailable` and the server's condition. */
  async #publishPublicly(node: string, payload: Element): Promise<Result<true>> {
    const answer = await publishItem(this.#link, node, { id: SINGLE_ITEM, payload }, PUBLIC_NODE);
    if (answer.ok) return { ok: true, value: true };
    if (answer.error.kind !== "stanza-error") return { ok: false, error: failureOfRequest(answer.error) };
    return { ok: false, error: { kind: "encryption-unavailable", detail: answer.error.condition } };
  }

  async #deleteList(account: BareJid): Promise<Result<unknown>> {
    const deleted = await this.#link.request(buildDeleteNode(DEVICE_LIST_NODE));
    if (!deleted.ok && !(deleted.error.kind === "stanza-error" && deleted.error.condition === "item-not-found"))
      return { ok: false, error: failureOfRequest(deleted.error) };
    this.#stores.deviceLists.put(account, []);
    return { ok: true, value: undefined };
  }

  /**
   * Whether a refusal says that there are no devices. Of the own account only the plain word counts: anything else would
   * publish a list without the devices of other clients. A contact's known list stands when their server
   * refuses for a while.
   */
  #meansNone(jid: BareJid, error: RequestError): boolean {
    if (error.kind !== "stanza-error") return false;
    const { condition } = error;
    if (condition === "item-not-found") return true;
    const known = this.#stores.deviceLists.get(jid);
    return jid !== this.#stores.meta.account && NOBODY_HERE.has(condition) && !known?.devices.length;
  }

  #broken<T>(result: Result<T> & { readonly ok: false }): Result<never> {
    if (result.error.kind !== "encryption-unavailable") return result;
    this.#link.setPep("broken");
    return result;
  }
}

/** What servers say of somebody who has no such node or shows it to nobody. */
const NOBODY_HERE: ReadonlySet<string> = new Set([
  "service-unavailable",
  "feature-not-implemented",
  "forbidden",
  "not-authorized",
  "subscription-required",
]);

function sameSet(left: readonly DeviceId[], right: readonly DeviceId[]): boolean {
  return left.length === right.length && left.every((id) => right.includes(id));
}
