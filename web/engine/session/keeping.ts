/**
 * The keeper of this browser's device (`devices/`), whose code is in the engine's second script: wanted when the object first
 * tells something, or soon after the start. It looks at what is so when it comes, so what it was told before is told once.
 */
import type { Account } from "../account.ts";
import type { DeviceKeeper } from "../devices/device-keeper.ts";
import type { Published } from "../devices/publication.ts";
import type { Outbox } from "../sending/outbox.ts";
import type { LoadLater } from "./later.ts";

/** After it could not be had, so long until it is asked for again by itself. */
const AGAIN_MS = 10_000;

type Told = "linkChanged" | "ownDevicesChanged" | "caughtUp" | "copyTold";

export class Keeping {
  readonly #account: Account;
  readonly #outbox: Outbox;
  readonly #load: LoadLater;
  readonly #changed: () => void;
  readonly #told = new Set<Told>();
  #keeper: DeviceKeeper | undefined;
  #missing = false;
  #soon: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;

  /** `changed`: `state` is another one. */
  constructor(account: Account, outbox: Outbox, load: LoadLater, changed: () => void) {
    this.#account = account;
    this.#outbox = outbox;
    this.#load = load;
    this.#changed = changed;
  }

  /** Whether this device is known to others. `not-loaded`: the script that would see to it could not be had. */
  get state(): Published | "not-loaded" {
    return this.#keeper?.publication.state ?? (this.#missing ? "not-loaded" : "starting");
  }

  /** Undefined: it could not be had; it may be asked for again. */
  async here(): Promise<DeviceKeeper | undefined> {
    const part = this.#keeper === undefined ? await this.#load() : undefined;
    if (part !== undefined && this.#keeper === undefined)
      this.#begin(new part.DeviceKeeper(this.#account, this.#outbox));
    if (this.#missing !== (this.#keeper === undefined)) {
      this.#missing = !this.#missing;
      this.#changed();
    }
    if (this.#missing) this.#want(AGAIN_MS);
    return this.#keeper;
  }

  /** Another browser of the account has said something to this one. */
  async heard(frame: Parameters<DeviceKeeper["siblings"]["heard"]>[0]): Promise<void> {
    (await this.here())?.siblings.heard(frame);
  }

  #begin(keeper: DeviceKeeper): void {
    this.#keeper = keeper;
    if (this.#stopped) {
      keeper.stop();
      return;
    }
    clearTimeout(this.#soon);
    keeper.publication.onChange(this.#changed);
    keeper.start();
    for (const what of this.#told) keeper[what]();
  }

  /** Keys go by the clock, whether anything else happens or not. */
  start(): void {
    if (this.#keeper === undefined) this.#want(this.#account.delays.upkeepMs);
    else this.#keeper.start();
  }

  #want(inMs: number): void {
    if (this.#stopped) return;
    clearTimeout(this.#soon);
    this.#soon = setTimeout(() => this.#account.store.inBackground(this.here()), inMs);
  }

  /** As the methods of the keeper. */
  tell(what: Told): void {
    if (this.#keeper !== undefined) {
      this.#keeper[what]();
      return;
    }
    // What was read before the link went is read anew.
    if (what === "linkChanged" && !this.#account.live.linked) this.#told.delete("caughtUp");
    this.#told.add(what);
    if (!this.#missing) this.#account.store.inBackground(this.here());
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#soon);
    this.#keeper?.stop();
  }
}
