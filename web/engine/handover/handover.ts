/**
 * What own browsers hand each other: one that was let in with the history is given everything that it cannot read, and any of
 * them what it asks for later. Whoever lacks something asks; nothing is given that was not asked for.
 */
import type { Result } from "../../../worker/contract/failures.ts";
import type { DeviceId, Time } from "../../../worker/contract/names.ts";
import { drop } from "../../../worker/shared/drop.ts";
import type { Account } from "../account.ts";
import type { HandoverAct } from "../protocol/account.ts";
import type { EngineEvent } from "../protocol/engine.ts";
import type { RoadReason, SiblingChannel, SiblingRoads } from "../siblings/channel.ts";
import { addressOf } from "../store/device-rows.ts";
import { CommitError } from "../store/unit.ts";
import { shownName } from "../../words/names.ts";
import { browserNames } from "../views/browser-names.ts";
import { noticesOf } from "../views/notices.ts";
import type { HandoverFrame } from "./frames.ts";
import { Given } from "./given.ts";
import { Needs } from "./needs.ts";
import { HandoverRoad, type Told } from "./handover-road.ts";
import { isOpen, type Role, Standing, UNDER_WAY } from "./standing.ts";
import { Turns } from "./turns.ts";

export type HandoverDelays = {
  /** How soon it is looked whether there is something to ask for, and how often from then on. */
  readonly firstMs: number;
  readonly everyMs: number;
  readonly fullMs: number;
};
const DELAYS: HandoverDelays = { firstMs: 1_000, everyMs: 15_000, fullMs: 60_000 };

const STOPPED_THERE = new Set(["cancelled-there"] as const);
const BEGUN = new Set([...UNDER_WAY].filter((state) => state !== "waiting"));

export class Handovers {
  readonly #account: Account;
  readonly #roads: SiblingRoads;
  readonly #delays: HandoverDelays;
  readonly #standing: Standing;
  readonly #needs: Needs;
  readonly #turns: Turns;
  readonly #given: Given;
  readonly #open = new Map<DeviceId, HandoverRoad>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #due = 0;
  /** Those that are being asked. */
  readonly #asking = new Set<DeviceId>();
  #looking = false;
  #stopped = false;

  constructor(account: Account, roads: SiblingRoads, delays = DELAYS) {
    this.#account = account;
    this.#roads = roads;
    this.#delays = delays;
    const tell = (event: EngineEvent) => account.live.tell(event);
    this.#standing = new Standing(account.store, account.self.jid, () =>
      tell({ type: "notices", notices: noticesOf(account) }),
    );
    this.#needs = new Needs(account.store, tell);
    this.#given = new Given(this.#standing, (work) => this.#background(work));
    this.#turns = new Turns({
      ...{ account, standing: this.#standing, fullMs: delays.fullMs },
      roadTo: (device) => this.#roadToTakeFrom(device),
      background: (work) => this.#background(work),
    });
    roads.onRoad((channel, reason) => this.#met(channel, reason));
    account.store.onCommit((touched) => {
      if (touched.devices.has(account.self.jid)) this.look();
      // What stands above what was taken, and comes out of the archive, is from before this device, too.
      const whole = this.#standing.all("taking").some(({ state }) => state === "finished" || state === "nothing");
      if (this.#needs.see(touched, whole)) this.#soon(delays.firstMs);
    });
    // What another engine was at when it ended.
    this.#background(this.#standing.stopped(() => true));
    this.#soon(delays.firstMs);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#given.stop();
    this.#turns.stop();
  }

  /** A person has said here that this browser may have everything: it is told, at the next road where there is none. */
  allow(device: DeviceId): void {
    this.#background(this.#allow(device));
  }

  async #allow(device: DeviceId): Promise<void> {
    await this.#standing.allow(device);
    const road = this.#open.get(device);
    if (road !== undefined) await this.#hello(road);
  }

  /**
   * A person wants it to wait, to go on or to begin again, or to be over. Fails with `storage-full`: all is as it was, or, where
   * giving was stopped, will be when this browser starts again before the disk takes anything.
   */
  async act(role: Role, device: DeviceId, act: HandoverAct): Promise<Result<{ readonly done: true }>> {
    try {
      await this.#act(role, device, act);
      return { ok: true, value: { done: true } };
    } catch (error) {
      if (error instanceof CommitError) return { ok: false, error: { kind: "storage-full" } };
      throw error;
    }
  }

  async #act(role: Role, device: DeviceId, act: HandoverAct): Promise<void> {
    const road = this.#open.get(device);
    if (act === "cancel") {
      const { done = 0, gaps = 0 } = this.#standing.of(role, device) ?? {};
      // It is so before it is said, and said before anything is held back: what is not given any more is not taken for what is
      // not there.
      const goOn = road?.hold();
      try {
        const said = this.#standing.say(role, device, { state: "cancelled" }, UNDER_WAY);
        const unsaved = await said.then(() => undefined, commitError);
        if (role === "taking" && road !== undefined) this.#turns.end(road);
        await road?.tell({ kind: "end", how: "cancelled", filled: done, gaps });
        if (unsaved !== undefined) throw unsaved;
      } finally {
        goOn?.();
      }
      return;
    }
    const here = role === "giving" || this.#turns.isOf(device);
    const state = act === "pause" ? "paused" : !road ? "away" : here ? "going" : "waiting";
    await this.#standing.say(role, device, { state }, act === "pause" ? UNDER_WAY : undefined);
    this.#turns.changed(device);
    await road?.tell({ kind: "pause", on: act === "pause" });
    if (act !== "resume" || role === "giving") return;
    this.#turns.begin();
    this.#soon(0);
  }

  #met(channel: SiblingChannel, reason: RoadReason): void {
    const { store, self } = this.#account;
    const { peer } = channel;
    const road: HandoverRoad = new HandoverRoad(channel, {
      store,
      filling: { account: self.jid, from: this.#nameOf(peer) },
      may: ({ at }) => this.#standing.mayHaveAll(peer) || at >= this.#metAt(peer),
      gave: (texts) => this.#given.note(peer, texts),
      told: (frame) => this.#saved(this.#told(road, frame)),
      ended: (gone) => this.#ended(gone),
    });
    // It may have ended before anybody heard of it, or have come too late.
    if (this.#stopped) channel.close("left");
    if (road.asker.ended) return;
    this.#open.set(peer, road);
    this.#background(this.#greet(road, reason));
  }

  async #greet(road: HandoverRoad, reason: RoadReason): Promise<void> {
    // Only whoever opens a road has been told by its own person why: what the other end says of itself allows it nothing.
    if (reason === "allowed-with-history" && road.initiator) await this.#standing.allow(road.peer);
    await this.#hello(road);
  }

  async #hello(road: HandoverRoad): Promise<void> {
    const history = this.#standing.mayHaveAll(road.peer);
    await road.tell({ kind: "hello", history, since: this.#account.self.createdAt });
  }

  /** Since when the key of the other one is known here: before that nothing was written for it. */
  #metAt(device: DeviceId): Time {
    const pin = this.#account.cache.pins.get(addressOf(this.#account.self.jid, device));
    return pin?.firstSeen ?? Number.POSITIVE_INFINITY;
  }

  #nameOf(device: DeviceId): string {
    const { browsers } = this.#account.live;
    const browser = browsers.find((one) => one.device === device);
    return (browser && browserNames(browsers).get(browser.id)) ?? shownName("", "-");
  }

  /** Each in its turn, and without waiting for room on the road: the other end may wait for the same. */
  async #told(road: HandoverRoad, frame: Told): Promise<void> {
    const { peer } = road;
    switch (frame.kind) {
      case "hello":
        this.#soon(0);
        // It was stopped there while nobody could be told.
        if (!frame.history) await this.#standing.say("taking", peer, { state: "cancelled-there" }, UNDER_WAY);
        if (this.#roadToTakeFrom(peer) !== road) return;
        // Whoever had stopped it has allowed it again.
        await this.#standing.say("taking", peer, { state: "waiting" }, STOPPED_THERE);
        if (this.#standing.of("taking", peer)?.state === "paused") await road.tell({ kind: "pause", on: true });
        await this.#offered(road);
        return;
      case "begin":
        if (!this.#standing.mayHaveAll(peer)) return;
        if (this.#standing.of("giving", peer)?.state === "paused") await road.tell({ kind: "pause", on: true });
        else await this.#standing.begin("giving", peer, { state: "going", of: frame.of });
        return;
      case "pause":
        return this.#pausedThere(road, frame.on);
      case "end":
        return this.#endedThere(road, frame);
    }
  }

  /** Everything is taken from browsers that were there before this one, and may give it. */
  #roadToTakeFrom(device: DeviceId): HandoverRoad | undefined {
    const road = this.#open.get(device);
    const { history = false, since = 0 } = road?.hello ?? {};
    const mayTake = history && since < this.#account.self.createdAt && road?.asker.ended === false;
    return mayTake ? road : undefined;
  }

  async #offered(road: HandoverRoad): Promise<void> {
    const before = this.#standing.of("taking", road.peer);
    if (before === undefined || before.state === "left")
      await this.#standing.begin("taking", road.peer, { state: "waiting" });
    this.#turns.begin();
  }

  async #pausedThere({ peer }: HandoverRoad, on: boolean): Promise<void> {
    const [from, to] = on ? (["going", "paused-there"] as const) : (["paused-there", "going"] as const);
    for (const role of ["giving", "taking"] as const)
      await this.#standing.say(role, peer, { state: to }, new Set([from]));
    this.#turns.changed(peer);
  }

  async #endedThere(
    road: HandoverRoad,
    { how, filled, gaps }: Extract<HandoverFrame, { readonly kind: "end" }>,
  ): Promise<void> {
    const { peer } = road;
    const nothing = how === "done" && filled === 0 && gaps === 0;
    const state = how === "cancelled" ? "cancelled-there" : nothing ? "nothing" : "finished";
    // It is said only of what was begun.
    await this.#standing.say("giving", peer, { state, done: filled, gaps }, BEGUN);
    if (how !== "cancelled") return;
    this.#turns.end(road);
    await this.#standing.say("taking", peer, { state: "cancelled-there" }, UNDER_WAY);
  }

  #ended(road: HandoverRoad): void {
    if (this.#open.get(road.peer) === road) this.#open.delete(road.peer);
    this.#turns.end(road);
    if (this.#stopped) return;
    this.#background(this.#standing.stopped((device) => device === road.peer));
    this.#soon(this.#delays.firstMs);
  }

  /** Who is attached, or trusted, is another. */
  look(): void {
    this.#soon(this.#delays.firstMs);
  }

  /** Never later than what is planned already. */
  #soon(ms: number): void {
    const due = Date.now() + ms;
    if (this.#stopped || (this.#timer !== undefined && this.#due <= due)) return;
    clearTimeout(this.#timer);
    this.#due = due;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#background(this.#look());
    }, ms);
  }

  /** Whether somebody has to be asked for something, and can be. */
  async #look(): Promise<void> {
    if (this.#looking || this.#stopped) return;
    this.#looking = true;
    try {
      await this.#saved(this.#standing.keepStops());
      await this.#noteLeft();
      const reachable = this.#roads.reachable();
      if (reachable.length > 0) await this.#needs.look();
      // A disk that was full when it was offered may have room now.
      for (const road of this.#open.values()) if (this.#roadToTakeFrom(road.peer) === road) await this.#offered(road);
      // One that is slow holds no other up.
      for (const device of reachable) this.#background(this.#askOnce(device));
      this.#turns.begin();
    } finally {
      this.#looking = false;
      this.#soon(this.#delays.everyMs);
    }
  }

  async #askOnce(device: DeviceId): Promise<void> {
    if (this.#asking.has(device)) return;
    this.#asking.add(device);
    try {
      await this.#askOf(device);
    } finally {
      this.#asking.delete(device);
    }
  }

  async #askOf(device: DeviceId): Promise<void> {
    const [taking, giving] = [this.#standing.of("taking", device), this.#standing.of("giving", device)];
    // Who was allowed everything, and was gone before that was said, is told now.
    const owed = (taking !== undefined && isOpen(taking)) || giving?.state === "waiting";
    const wanted = owed || this.#needs.isWorthAsking(device);
    if (!wanted || this.#stopped) return;
    if (!this.#open.has(device)) await this.#roads.open(device);
    const road = this.#open.get(device);
    // Who takes everything has the newest first anyway.
    if (road !== undefined && !this.#turns.busy) await this.#needs.ask(device, road.asker);
  }

  /** Browsers that were signed out before all was handed over. */
  async #noteLeft(): Promise<void> {
    const { browsers } = this.#account.live;
    if (browsers.length === 0) return;
    for (const { role, device, state } of [...this.#standing.all("taking"), ...this.#standing.all("giving")]) {
      const there = browsers.some((one) => one.device === device && !one.signedOut);
      const begun = role === "taking" || state !== "waiting";
      if (begun && !there && !this.#open.has(device) && UNDER_WAY.has(state))
        await this.#standing.say(role, device, { state: "left" }, UNDER_WAY);
    }
  }

  #background(work: Promise<unknown>): void {
    drop(this.#saved(work));
  }

  /** A full disk is said where something is taken; a store that was closed needs nothing any more. */
  async #saved(work: Promise<unknown>): Promise<void> {
    try {
      await work;
    } catch (error) {
      if (!(error instanceof CommitError) && !this.#account.store.closed) throw error;
    }
  }
}

/** What the disk did not take. Anything else is thrown. */
function commitError(error: unknown): CommitError {
  if (!(error instanceof CommitError)) throw error;
  return error;
}
