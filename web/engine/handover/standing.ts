/** How far each handover has come, kept with what the person is told of it: a browser that starts again goes on from there. */
import type { BareJid, DeviceId } from "../../../worker/contract/names.ts";
import type { Handover, HandoverState } from "../protocol/account.ts";
import type { Cache } from "../store/cache.ts";
import type { Store } from "../store/store.ts";
import { CommitError, type Unit } from "../store/unit.ts";
import { handoverKey, keyIn, mayHaveAll, newHandover, permit } from "../omemo/permission.ts";

export type Role = Handover["role"];
type Change = Partial<Pick<Handover, "state" | "done" | "of" | "gaps">>;

/** What goes on by itself as soon as there is a road. */
const OPEN: ReadonlySet<HandoverState> = new Set(["waiting", "going", "paused-there", "away", "full"]);
/** What ends with the engine, or with the road, that it was done by. */
const WORKING: ReadonlySet<HandoverState> = new Set(["going", "paused-there", "full"]);

/** Not over: by itself, by a person, or by what happened. */
export const UNDER_WAY: ReadonlySet<HandoverState> = new Set([...OPEN, "paused"]);

export function isOpen({ state }: Handover): boolean {
  return OPEN.has(state);
}

export class Standing {
  readonly #store: Store;
  readonly #cache: Cache;
  readonly #account: BareJid;
  readonly #unsaved: () => void;
  /** Giving to these was stopped, which is not on the disk. */
  readonly #stops = new Set<DeviceId>();

  /** `unsaved`: something is to be told that the disk did not take. */
  constructor(store: Store, account: BareJid, unsaved: () => void) {
    this.#store = store;
    this.#account = account;
    this.#cache = store.cache;
    this.#unsaved = unsaved;
  }

  of(role: Role, device: DeviceId): Handover | undefined {
    const notice = this.#cache.notices.get(handoverKey(role, device))?.notice;
    return notice?.kind === "handover" ? notice : undefined;
  }

  all(role: Role): readonly Handover[] {
    const notices = [...this.#cache.notices.values()].map(({ notice }) => notice);
    return notices.filter((notice): notice is Handover => notice.kind === "handover" && notice.role === role);
  }

  /** Whether a person has said here that this device may have everything. */
  mayHaveAll(device: DeviceId): boolean {
    return mayHaveAll(this.#cache, this.#account, device);
  }

  /** Allowed, or allowed again. */
  async allow(device: DeviceId): Promise<void> {
    if (this.mayHaveAll(device)) return;
    await this.#store.work((unit) => permit(unit, device, keyIn(this.#cache, this.#account, device)));
  }

  /** Begins, or begins again, and is shown. Giving that was stopped in between does not. */
  begin(role: Role, device: DeviceId, change: Change): Promise<void> {
    return this.#store.work(async (unit) => {
      if (role === "giving" && !this.mayHaveAll(device)) return;
      const { to } = this.of(role, device) ?? {};
      put(unit, { ...newHandover(role, device), ...(to !== undefined && { to }), state: "going", ...change });
    });
  }

  /**
   * Changes one that is there, and `from`: is in one of these states. A disk that has no room for that much is the very thing to
   * be told: then it is so in memory. A stop of giving is to last: then what allowed it is deleted, for which there is room where
   * there is none for more. Throws `CommitError` where the disk does not take that either.
   */
  async say(role: Role, device: DeviceId, change: Change, from?: ReadonlySet<HandoverState>): Promise<void> {
    const next = ({ state }: Handover) => (from === undefined || from.has(state) ? change : {});
    try {
      await this.#store.work((unit) => this.changeIn(unit, role, device, next));
    } catch (error) {
      const before = this.of(role, device);
      if (!(error instanceof CommitError) || before === undefined) throw error;
      const notice = { ...before, ...next(before) };
      const stop = role === "giving" && change.state === "cancelled";
      const unsaved = stop ? await this.#forget(device) : undefined;
      await this.#cache.apply([
        { store: "notices", key: notice.key, row: { key: notice.key, notice, dismissed: false } },
      ]);
      this.#unsaved();
      if (stop) this.#stops.add(device);
      if (unsaved !== undefined) throw unsaved;
    }
  }

  /** Of a stop that was not written down: whoever has nothing here may have nothing. */
  async #forget(device: DeviceId): Promise<CommitError | undefined> {
    try {
      await this.#store.work(async (unit) => unit.delete("notices", handoverKey("giving", device)));
      return undefined;
    } catch (error) {
      if (error instanceof CommitError) return error;
      throw error;
    }
  }

  /** What was stopped while the disk took nothing is written down as soon as it does. @throws `CommitError` as long as it does not */
  async keepStops(): Promise<void> {
    for (const device of this.#stops) {
      await this.#store.work(async (unit) => {
        const notice = this.of("giving", device);
        if (notice?.state === "cancelled") put(unit, notice);
      });
      this.#stops.delete(device);
    }
  }

  /** The same in a unit that writes other things as well. */
  async changeIn(unit: Unit, role: Role, device: DeviceId, change: (before: Handover) => Change): Promise<void> {
    const row = await unit.get("notices", handoverKey(role, device));
    if (row?.notice.kind !== "handover") return;
    const next = { ...row.notice, ...change(row.notice) };
    const same = (Object.keys(next) as (keyof Handover)[]).every(
      (name) => next[name] === (row.notice as Handover)[name],
    );
    // Whoever gives need not be told that nothing was asked for.
    if (!same) put(unit, next, role === "giving" && (next.state === "waiting" || next.state === "nothing"));
  }

  /** No road is there any more: what was being done stands still. */
  async stopped(devices: (device: DeviceId) => boolean): Promise<void> {
    const working = [...this.all("taking"), ...this.all("giving")].filter(
      (one) => WORKING.has(one.state) && devices(one.device),
    );
    if (working.length === 0) return;
    await this.#store.work(async (unit) => {
      for (const { role, device } of working)
        await this.changeIn(unit, role, device, ({ state }) => (WORKING.has(state) ? { state: "away" } : {}));
    });
  }
}

function put(unit: Unit, notice: Handover, dismissed = false): void {
  unit.put("notices", { key: notice.key, notice, dismissed });
}
