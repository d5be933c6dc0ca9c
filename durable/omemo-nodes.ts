/**
 * The account's OMEMO nodes at its server and those of its contacts (XEP-0384 §4, XEP-0163). The object is the only
 * writer of the own device list: changes stand in a queue, each fetches the list fresh, changes it and publishes it.
 */
import type { BareJid, DeviceId, OmemoBundle, Result } from "../worker/contract.ts";
import type { Connection } from "./connection.ts";
import { publishPublicly } from "./pep.ts";
import type { Rooms } from "./rooms.ts";
import { buildBundle, bundleNode, parseBundle } from "./xep/omemo-bundle.ts";
import { buildDeviceList, DEVICE_LIST_NODE, parseDeviceList } from "./xep/omemo-devices.ts";
import { parseItems, requestItems } from "./xep/pubsub.ts";
import { buildDeleteNode } from "./xep/pubsub-owner.ts";

/** Two clients that take each other off the list would go on for ever (protocol: three in a minute, then rest). */
const REPAIRS_MAX = 3;
const REPAIRS_WINDOW_MS = 60_000;

export class OmemoNodes {
  readonly #rooms: Rooms;
  readonly #connection: Connection;
  #queue: Promise<unknown> = Promise.resolve();
  #repairs: readonly number[] = [];

  constructor(rooms: Rooms, connection: Connection) {
    this.#rooms = rooms;
    this.#connection = connection;
  }

  /** A device list as the server has it now; no node means no devices. Fails with `offline`, `peer-refused`, `malformed`. */
  async fetchList(jid: BareJid): Promise<Result<readonly DeviceId[]>> {
    const answer = await this.#connection.request(requestItems(DEVICE_LIST_NODE, jid));
    if (!answer.ok) {
      if (answer.error.kind !== "stanza-error") return { ok: false, error: { kind: "offline" } };
      const { condition } = answer.error;
      if (!NO_NODE.has(condition)) return { ok: false, error: { kind: "peer-refused", detail: condition } };
      this.#rooms.deviceLists.put(jid, []);
      return { ok: true, value: [] };
    }
    const item = parseItems(answer.value, DEVICE_LIST_NODE)?.at(0);
    const devices = item === undefined ? [] : parseDeviceList(item.payload);
    if (!devices) return { ok: false, error: { kind: "malformed", detail: "device list" } };
    this.#rooms.deviceLists.put(jid, devices);
    return { ok: true, value: devices };
  }

  /** Fails with `offline`, `not-found`, `malformed`. */
  async fetchBundle(jid: BareJid, device: DeviceId): Promise<Result<OmemoBundle>> {
    const node = bundleNode(device);
    const answer = await this.#connection.request(requestItems(node, jid));
    if (!answer.ok) {
      return { ok: false, error: { kind: answer.error.kind === "stanza-error" ? "not-found" : "offline" } };
    }
    const item = parseItems(answer.value, node)?.at(0);
    if (!item) return { ok: false, error: { kind: "not-found" } };
    const bundle = parseBundle(item.payload);
    return bundle ? { ok: true, value: bundle } : { ok: false, error: { kind: "malformed", detail: "bundle" } };
  }

  /** Bundle first, the server's word, then the list: a listed device without a bundle is removed by other clients. */
  async publish(device: DeviceId, bundle: OmemoBundle): Promise<Result<{ readonly published: true }>> {
    if (!this.#connection.live) return { ok: false, error: { kind: "offline" } };
    const published = await publishPublicly(this.#connection, bundleNode(device), buildBundle(bundle));
    if (!published.ok) return this.#broken(published);
    const listed = await this.#changeList((devices) => (devices.includes(device) ? devices : [...devices, device]));
    if (!listed.ok) return this.#broken(listed);
    this.#connection.setPep("ok");
    return { ok: true, value: { published: true } };
  }

  /** Take a device off the list and its bundle off the server. Best effort: an unreachable server keeps them. */
  async remove(device: DeviceId): Promise<void> {
    if (!this.#connection.live) return;
    await this.#changeList((devices) => devices.filter((id) => id !== device));
    await this.#connection.request(buildDeleteNode(bundleNode(device)));
  }

  /** Somebody published our list without one of our browsers: put it back, without a fight that never ends. */
  async repairList(): Promise<void> {
    const now = Date.now();
    const ours = this.#rooms.browsers.devices();
    const listed = new Set(this.#rooms.deviceLists.get(this.#rooms.meta.account)?.devices);
    if ([...ours].every((id) => listed.has(id))) return;
    this.#repairs = this.#repairs.filter((at) => at > now - REPAIRS_WINDOW_MS);
    if (this.#repairs.length >= REPAIRS_MAX) return;
    this.#repairs = [...this.#repairs, now];
    await this.#changeList((devices) => [...new Set([...devices, ...ours])]);
  }

  #changeList(change: (devices: readonly DeviceId[]) => readonly DeviceId[]): Promise<Result<unknown>> {
    const step = this.#queue.then(async (): Promise<Result<unknown>> => {
      const { account } = this.#rooms.meta;
      const fetched = await this.fetchList(account);
      if (!fetched.ok) return fetched;
      const devices = change(fetched.value);
      if (devices === fetched.value || sameSet(devices, fetched.value)) return fetched;
      if (devices.length === 0) {
        // Clients in the field fail on an empty list; no list says the same.
        await this.#connection.request(buildDeleteNode(DEVICE_LIST_NODE));
        this.#rooms.deviceLists.put(account, []);
        return { ok: true, value: undefined };
      }
      const published = await publishPublicly(this.#connection, DEVICE_LIST_NODE, buildDeviceList(devices));
      if (published.ok) this.#rooms.deviceLists.put(account, devices);
      return published;
    });
    this.#queue = step;
    return step;
  }

  #broken<T>(result: Result<T> & { readonly ok: false }): Result<never> {
    if (result.error.kind !== "encryption-unavailable") return result;
    this.#connection.setPep("broken");
    return result;
  }
}

/** What servers say where there is no such node, or nobody who could have one. */
const NO_NODE: ReadonlySet<string> = new Set([
  "item-not-found",
  "service-unavailable",
  "feature-not-implemented",
  "remote-server-not-found",
  "forbidden",
  "not-authorized",
  "subscription-required",
]);

function sameSet(left: readonly DeviceId[], right: readonly DeviceId[]): boolean {
  return left.length === right.length && left.every((id) => right.includes(id));
}
