/**
 * Watches the devices of our own account and carries out the person's decisions about keys. Of a device that was not there
 * when this browser came the person is told at once, and nothing is encrypted to it before it is allowed (T42).
 */
import type { Result } from "../../../worker/contract/failures.ts";
import type { BareJid, BrowserId, DeviceId, Time } from "../../../worker/contract/names.ts";
import type { Account } from "../account.ts";
import { admittersOf, beginAdmission } from "../omemo/admission.ts";
import { type Bytes, sameBytes } from "../bytes.ts";
import { reviewMessages } from "../reading/opening.ts";
import { type Done, rebuildSession } from "./new-session.ts";
import { checkPin } from "../omemo/devices.ts";
import { fingerprintOf } from "../omemo/fingerprint.ts";
import { isTrusted } from "../omemo/trust.ts";
import { codeOf } from "../omemo/trust-code.ts";
import { type Decision, decide } from "../omemo/decisions.ts";
import { decisionMessage, heed, readDecision, type ToldDecision } from "../omemo/told-decisions.ts";
import { objectNow } from "../object/object-clock.ts";
import { noteRemoved } from "../omemo/removed.ts";
import { readClaims } from "../omemo/trust-uri.ts";
import { noteAnswered, tellOfDevices } from "./device-notices.ts";
import { permit, withdraw } from "../omemo/permission.ts";
import type { Outbox } from "../sending/outbox.ts";
import type { LinkOutcome } from "../protocol/account.ts";
import type { Notice } from "../store/people-rows.ts";
import { type DeviceAddress, addressOf } from "../store/device-rows.ts";

const OWN_DEVICES = "own-devices";
const NOT_FOUND = { ok: false, error: { kind: "not-found" } } as const;

export class OwnDevices {
  readonly #account: Account;
  readonly #outbox: Outbox;

  constructor(account: Account, outbox: Outbox) {
    this.#account = account;
    this.#outbox = outbox;
  }

  /** Once in the life of this device: the browsers that can allow it are noted, and other apps are made known. */
  async arrived(listed: readonly DeviceId[]): Promise<void> {
    const { self, live } = this.#account;
    const by = admittersOf(self, live.browsers, listed);
    const browsers = live.browsers.map(({ device }) => device);
    const apps = listed.filter((device) => device !== self.device && !browsers.includes(device)).length;
    await this.#account.store.work(async (unit) => {
      if ((await unit.meta("admission")) !== undefined) return;
      await beginAdmission(unit, by);
      if (apps === 0 || by.length > 0) return;
      const notice = { kind: OWN_DEVICES, key: OWN_DEVICES, devices: apps } as const;
      unit.put("notices", { key: OWN_DEVICES, dismissed: false, notice });
    });
  }

  /**
   * Makes notices for devices that this browser has not seen, some at a time, and takes those back that are about devices
   * which have left; keys are added once they are known.
   */
  async watch(): Promise<void> {
    const { self, cache, live } = this.#account;
    const listed = cache.deviceLists.get(self.jid)?.devices ?? [];
    await this.#account.store.work(async (unit) => {
      await noteRemoved(unit, self.jid, live.removed, listed);
      // Servers lose lists.
      if (listed.length > 0) await tellOfDevices(unit, self, listed);
    });
    for (const { notice } of [...cache.notices.values()]) await this.#complete(notice);
  }

  /** Adds to a notice what is shown of keys. */
  async #complete(notice: Notice): Promise<void> {
    const { self } = this.#account;
    if (notice.kind === "new-device" && notice.code === undefined) {
      const identityKey = await this.keyOf({ jid: self.jid, device: notice.device });
      if (identityKey === undefined) return;
      const fingerprint = fingerprintOf(identityKey);
      await this.#replace({ ...notice, fingerprint, code: await codeOf(self.identityKey, identityKey) });
    }
    if (notice.kind === "awaiting" && notice.by.some(({ code }) => code === undefined)) {
      const by = notice.by.map(async ({ device }) => {
        const identityKey = await this.keyOf({ jid: self.jid, device });
        return { device, code: identityKey && (await codeOf(self.identityKey, identityKey)) };
      });
      await this.#replace({ ...notice, by: await Promise.all(by) });
    }
  }

  #replace(notice: Notice): Promise<void> {
    return this.#account.store.work(async (unit) => {
      const row = await unit.get("notices", notice.key);
      if (row !== undefined) unit.put("notices", { ...row, notice });
    });
  }

  /** The pinned identity key, else that of the bundle, which is pinned. Undefined: neither is there, or it left meanwhile. */
  async keyOf(of: DeviceAddress): Promise<Bytes | undefined> {
    const { self, cache } = this.#account;
    const address = addressOf(of.jid, of.device);
    const pinned = cache.pins.get(address);
    if (pinned !== undefined) return pinned.identityKey;
    const answer = await this.#account.directory.bundle(of);
    if (answer.kind !== "usable") return undefined;
    const { identityKey } = answer.bundle;
    await this.#account.store.work(async (unit) => {
      const listed = cache.deviceLists.get(of.jid)?.devices ?? [];
      if (listed.includes(of.device)) await checkPin(unit, self, of, identityKey, Date.now());
    });
    return cache.pins.get(address)?.identityKey;
  }

  /** Pins the identities of listed devices that have none yet, so that their fingerprints can be shown. */
  async pinListed(jid: BareJid): Promise<void> {
    const { self, cache } = this.#account;
    for (const device of cache.deviceLists.get(jid)?.devices ?? []) {
      if (jid !== self.jid || device !== self.device) await this.keyOf({ jid, device });
    }
  }

  /**
   * Somebody to whom we have written has another list: further devices are to be seen before anything is written. True: some
   * were not looked up, too many came.
   */
  async meetNewcomers(jid: BareJid): Promise<boolean> {
    const { cache, directory } = this.#account;
    if (![...cache.pins.values()].some((pin) => pin.jid === jid && pin.writtenTo === true)) return false;
    await this.pinListed(jid);
    return directory.known(jid).some((device) => directory.isPostponed({ jid, device }));
  }

  /**
   * Carries out a decision about a key, and tells it to the other own browsers. An own device that is allowed gets a message,
   * by which it learns that. `history`: whether the person said with it that an own browser may have everything; undefined:
   * they said nothing of it. Fails with `not-found` when the device shows another key by now.
   */
  async decide(decision: Decision, history?: boolean): Promise<Done> {
    const at = objectNow();
    const answer = await this.#settle(decision, { at }, history);
    if (answer.ok) this.#account.store.inBackground(this.#tell({ ...decision, at }));
    return answer;
  }

  async #settle(
    decision: Decision,
    decided: { readonly at: Time; readonly by?: DeviceId },
    history?: boolean,
  ): Promise<Done> {
    const { self } = this.#account;
    const done = await this.#account.store.work(async (unit) => {
      if (!(await decide(unit, decision, decided))) return false;
      await reviewMessages(unit, self, decision);
      if (decision.jid === self.jid) await noteAnswered(unit, decision.device);
      const own = decision.jid === self.jid;
      if (own && (history === false || decision.trust === "distrusted")) await withdraw(unit, decision.device);
      if (own && history === true) await permit(unit, decision.device, decision.fingerprint);
      return true;
    });
    if (!done) return NOT_FOUND;
    if (decision.jid === self.jid) this.#account.store.inBackground(this.watch());
    // It may have been a newcomer, for which messages waited.
    this.#outbox.hurry();
    if (decision.jid === self.jid && isTrusted(decision.trust)) {
      this.#account.directory.forgetBadBundles();
      this.#account.store.inBackground(rebuildSession(this.#account, this.#outbox, decision));
    }
    return { ok: true, value: { done: true } };
  }

  /** To each own browser whose key was compared here, but the one that it is about. */
  async #tell(decision: ToldDecision): Promise<void> {
    const { self, live } = this.#account;
    for (const { device, signedOut } of live.browsers) {
      const about = decision.jid === self.jid && decision.device === device;
      if (device === undefined || device === self.device || signedOut || about || !this.#isVerified(device)) continue;
      await this.#outbox.sendTransport({ jid: self.jid, device }, decisionMessage(decision));
    }
  }

  /** Takes in what was decided in other own browsers; what is about keys that were not met here yet waits. */
  async heedOthers(): Promise<void> {
    const { store, self, cache } = this.#account;
    const told = (await store.work((unit) => unit.meta("trustTold")))?.told ?? [];
    if (told.length === 0) return;
    const over: (typeof told)[number][] = [];
    for (const one of told) {
      const decision = readDecision(one.inner);
      const about = decision?.jid === self.jid && decision.device === self.device;
      const heard = decision !== undefined && !about && this.#isVerified(one.device) ? decision : undefined;
      const what = heard && heed(cache.pins.get(addressOf(heard.jid, heard.device)), heard);
      if (what !== "wait") over.push(one);
      if (heard !== undefined && what === "apply") await this.#settle(heard, { at: heard.at, by: one.device });
    }
    await store.work(async (unit) => {
      const all = (await unit.meta("trustTold"))?.told ?? [];
      const left = all.filter(({ inner }) => !over.some((one) => sameBytes(one.inner, inner)));
      if (left.length === 0) unit.delete("meta", "trustTold");
      else if (left.length !== all.length) unit.put("meta", { name: "trustTold", told: left });
    });
  }

  #isVerified(device: DeviceId): boolean {
    const { self, cache, live } = this.#account;
    const pin = cache.pins.get(addressOf(self.jid, device));
    return pin?.trust === "verified" && pin.shown === undefined && !live.removed.includes(device);
  }

  /**
   * Verifies the keys that are the same in the link and here; those of unknown devices are pinned first. Fails with
   * `malformed`, `wrong-account`, and as asking for the devices does.
   */
  async verifyLink(jid: BareJid, link: string): Promise<Result<LinkOutcome>> {
    const claims = readClaims(link);
    if (claims === undefined) return { ok: false, error: { kind: "malformed" } };
    if (claims.jid !== jid) return { ok: false, error: { kind: "wrong-account" } };
    const listed = await this.#account.directory.devices(jid, false);
    if (!listed.ok) return listed;
    await this.pinListed(jid);
    const differing: DeviceId[] = [];
    let verified = 0;
    for (const { device, fingerprint } of claims.devices) {
      const known = this.#account.cache.pins.has(addressOf(jid, device));
      const answer = await this.decide({ jid, device, fingerprint, trust: "verified" });
      if (answer.ok) verified += 1;
      else if (known) differing.push(device);
    }
    return { ok: true, value: { verified, differing } };
  }

  /**
   * Signs out another browser of the account, or all but this one. If one of their devices comes back, nothing is encrypted to
   * it here, whatever the object goes on to say. Fails as the call does.
   */
  async revoke(which: BrowserId | "others"): Promise<Done> {
    const { self, live, store, remote } = this.#account;
    const others = live.browsers.filter(({ id }) => id !== self.browser && (which === "others" || id === which));
    const answer = await remote.call("revoke", { browser: which });
    const devices = others.flatMap(({ device }) => device ?? []);
    if (answer.ok) await store.work((unit) => noteRemoved(unit, self.jid, devices, devices));
    return answer;
  }

  /** Removes the device of another app from the account. If it comes back, nothing is encrypted to it here. */
  async remove(device: DeviceId): Promise<Done> {
    const { self, cache } = this.#account;
    const answer = await this.#account.remote.call("removeDevice", { device });
    if (!answer.ok) return answer;
    const pin = cache.pins.get(addressOf(self.jid, device));
    if (pin === undefined) return answer;
    return this.decide({ jid: self.jid, device, fingerprint: fingerprintOf(pin.identityKey), trust: "distrusted" });
  }
}
