/** An OMEMO device with a database of its own in this browser, for measures: the engine's modules without an engine. */
import type { BareJid, BrowserId, DeviceId } from "../../../worker/contract/names.ts";
import type { OmemoBundle, OmemoMessage } from "../../../worker/contract/omemo.ts";
import { checkBundle } from "../../../web/engine/omemo/bundle.ts";
import { bundleOf, createIdentity, createPreKeys, createSignedPreKey } from "../../../web/engine/omemo/identity.ts";
import { openSession, sealMessage } from "../../../web/engine/omemo/send.ts";
import type { Self } from "../../../web/engine/omemo/sessions.ts";
import { eraseAccount } from "../../../web/engine/store/database.ts";
import { Store } from "../../../web/engine/store/store.ts";
import type { Unit } from "../../../web/engine/store/unit.ts";
import type { DeviceAddress } from "../../../web/engine/store/device-rows.ts";
import { receiveProven } from "../../../web/engine/testing/receive-proven.ts";

export class Writer {
  readonly self: Self;
  readonly bundle: OmemoBundle;
  readonly #store: Store;

  private constructor(self: Self, bundle: OmemoBundle, store: Store) {
    this.self = self;
    this.bundle = bundle;
    this.#store = store;
  }

  /** A new device; `name` also names its database, so it is one of each name. */
  static async make(jid: BareJid, device: number, preKeyCount: number): Promise<Writer> {
    const store = await Store.open(`${jid}#${device}` as BareJid);
    const identity = await createIdentity();
    const signed = await createSignedPreKey(identity, 1);
    const preKeys = await createPreKeys(1, preKeyCount);
    const self: Self = {
      jid,
      browser: "bench" as BrowserId,
      device: device as DeviceId,
      identityKey: identity.publicKey,
      agreement: identity.agreement,
      createdAt: Date.now(),
    };
    const writer = new Writer(self, bundleOf(identity, signed, preKeys), store);
    await writer.work(async (unit) => {
      unit.put("signedPreKeys", { ...signed, createdAt: Date.now() });
      for (const preKey of preKeys) unit.put("preKeys", preKey);
    });
    return writer;
  }

  work<T>(job: (unit: Unit) => Promise<T>): Promise<T> {
    return this.#store.work(job);
  }

  async meet(other: DeviceAddress, bundle: OmemoBundle): Promise<void> {
    const checked = await checkBundle(bundle);
    if (checked === undefined) throw new TypeError("a bundle of our own making");
    await this.work((unit) => openSession(unit, this.self, other, checked, Date.now()));
  }

  /** Several texts in one unit of work. */
  write(to: DeviceAddress, texts: readonly string[]): Promise<readonly OmemoMessage[]> {
    return this.work(async (unit) => {
      const messages: OmemoMessage[] = [];
      for (const text of texts) messages.push(await sealMessage(unit, this.self, [to], text));
      return messages;
    });
  }

  async read(sender: BareJid, message: OmemoMessage): Promise<void> {
    const received = await this.work((unit) => receiveProven(unit, this.self, sender, message, Date.now()));
    if (received.kind !== "text") throw new Error(`not read: ${received.kind}`);
  }

  async close(): Promise<void> {
    await this.#store.close();
    await eraseAccount(`${this.self.jid}#${this.self.device}` as BareJid).finished;
  }
}
