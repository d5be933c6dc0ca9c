/**
 * Keeps this browser's OMEMO device known: published again when it fell off the list or its keys were replaced, once for
 * everything that comes meanwhile.
 */
import type { Result } from "../../../worker/contract/failures.ts";
import type { Account } from "../account.ts";
import { bundleOf } from "../omemo/identity.ts";
import type { Outbox } from "../sending/outbox.ts";
import type { OwnDevices } from "./own-devices.ts";

/** Two clients that keep removing each other's devices must not fight for ever (Conversations stops the same way). */
const PUBLICATIONS = 3;
const PUBLICATIONS_WITHIN_MS = 60_000;
const RETRY_MS = 30_000;
const RETURNED = "returned";

export type Published = "starting" | "ready" | "broken-pep";

export class Publication {
  readonly #account: Account;
  readonly #outbox: Outbox;
  readonly #own: OwnDevices;
  readonly #withdrawn: () => void;
  readonly #listeners: (() => void)[] = [];
  #state: Published = "starting";
  #publishing: Promise<void> | undefined;
  #again = false;
  #published: number[] = [];
  #retry: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;

  /** `withdrawn`: pre-keys that were used are in the published bundle no longer. */
  constructor(account: Account, outbox: Outbox, own: OwnDevices, withdrawn: () => void) {
    this.#account = account;
    this.#outbox = outbox;
    this.#own = own;
    this.#withdrawn = withdrawn;
  }

  /** Calls back when `state` is another one. */
  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** How far it is, as far as the server has a place for it. */
  get state(): Published {
    return this.#state;
  }

  /** The device is on the list, with the keys that it has. */
  get stands(): boolean {
    return this.#state === "ready";
  }

  /** Publishes where the device is not on the list or its keys are others by now; tried again while the link stands. */
  ensure(): void {
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
      if (this.#again && this.#account.live.linked) this.ensure();
    });
    this.#account.store.inBackground(this.#publishing);
  }

  async #ensurePublished(): Promise<void> {
    const { self, directory } = this.#account;
    const since = directory.hearing;
    const list = await directory.devices(self.jid, false);
    if (!list.ok) {
      this.#retryLater();
      return;
    }
    await this.#own.arrived(list.value);
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
      if (!told.includes(self.device)) await directory.learn(self.jid, [...told, self.device], since);
    }
    this.#become("ready");
    this.#outbox.hurry();
    await this.#own.watch();
  }

  #retryLater(): void {
    clearTimeout(this.#retry);
    // What fails because the account was closed must not be tried for ever.
    if (this.#stopped) return;
    this.#retry = setTimeout(() => {
      if (this.#account.live.linked) this.ensure();
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
    if (withdrawn.length > 0) this.#withdrawn();
    return answer;
  }

  #become(state: Published): void {
    if (this.#state === state) return;
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#retry);
  }
}
