/** OMEMO device lists as the server last told them, our own among them (XEP-0384 §4.2). */
import type { BareJid, DeviceId, Time } from "../../worker/contract/names.ts";

export type DeviceList = { readonly devices: readonly DeviceId[]; readonly fetchedAt: Time };

export class DeviceLists {
  readonly #sql: SqlStorage;
  readonly #changed: (jid: BareJid, devices: readonly DeviceId[]) => void;
  readonly #told = new Map<BareJid, number>();

  constructor(sql: SqlStorage, changed: (jid: BareJid, devices: readonly DeviceId[]) => void) {
    this.#sql = sql;
    this.#changed = changed;
  }

  /** Undefined where the server has never told it. */
  get(jid: BareJid): DeviceList | undefined {
    const row = this.#sql
      .exec<{ devices: string; fetched_at: number }>("select devices, fetched_at from device_lists where jid = ?", jid)
      .toArray()[0];
    return row && { devices: JSON.parse(row.devices) as DeviceId[], fetchedAt: row.fetched_at };
  }

  /** How often this list was told since the object woke: whether something came while one waited for an answer. */
  told(jid: BareJid): number {
    return this.#told.get(jid) ?? 0;
  }

  /** As the server tells it now; the browsers are told where it differs. */
  put(jid: BareJid, devices: readonly DeviceId[]): void {
    const before = this.get(jid)?.devices ?? [];
    this.#told.set(jid, this.told(jid) + 1);
    this.#sql.exec(
      "insert or replace into device_lists (jid, devices, fetched_at) values (?, ?, ?)",
      jid,
      JSON.stringify(devices),
      Date.now(),
    );
    const same = before.length === devices.length && before.every((id) => devices.includes(id));
    if (!same) this.#changed(jid, devices);
  }
}
