/** Taking everything that this browser lacks: from one browser at a time; what that one lacks the next one is asked for. */
import type { DeviceId } from "../../../worker/contract/names.ts";
import type { Account } from "../account.ts";
import type { HandoverState } from "../protocol/account.ts";
import { leftOutIn } from "./holes.ts";
import type { HandoverRoad } from "./handover-road.ts";
import { type Standing, UNDER_WAY } from "./standing.ts";
import { takeAll } from "./taking.ts";

/** What begins by itself; the others wait for somebody, or for time. */
const READY: ReadonlySet<HandoverState> = new Set(["waiting", "going", "away"]);

const GOING: ReadonlySet<HandoverState> = new Set(["going"]);
const FULL: ReadonlySet<HandoverState> = new Set(["full"]);

type Turn = { readonly road: HandoverRoad; readonly woken: Set<() => void>; over: boolean };

export type TurnParts = {
  readonly account: Account;
  readonly standing: Standing;
  /** The road on which everything may be taken from this browser now. */
  readonly roadTo: (device: DeviceId) => HandoverRoad | undefined;
  readonly background: (work: Promise<unknown>) => void;
  /** A disk that is full may have room after this. */
  readonly fullMs: number;
};

export class Turns {
  readonly #parts: TurnParts;
  #now: Turn | undefined;
  #full: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;

  constructor(parts: TurnParts) {
    this.#parts = parts;
  }

  /** Everything is being taken: what is needed comes with it. One that is paused brings nothing. */
  get busy(): boolean {
    if (this.#now === undefined) return false;
    const state = this.#parts.standing.of("taking", this.#now.road.peer)?.state;
    return state !== "paused" && state !== "paused-there";
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#full);
    this.#wake();
  }

  /** Whether it is this browser's turn, working or waiting. */
  isOf(device: DeviceId): boolean {
    return this.#now?.road.peer === device;
  }

  /** Begins with the next one, if none has its turn. */
  begin(): void {
    const { standing, roadTo, background } = this.#parts;
    if (this.#now !== undefined || this.#stopped) return;
    const road = standing.all("taking").flatMap((one) => (READY.has(one.state) ? (roadTo(one.device) ?? []) : []))[0];
    if (road !== undefined) background(this.#take(road));
  }

  /** What its state says now is looked at. */
  changed(device: DeviceId): void {
    if (this.isOf(device)) this.#wake();
  }

  /** The road is gone, or the person wants no more of it. */
  end(road: HandoverRoad): void {
    if (this.#now?.road !== road) return;
    this.#now.over = true;
    this.#wake();
  }

  #wake(): void {
    const woken = [...(this.#now?.woken ?? [])];
    this.#now?.woken.clear();
    for (const wake of woken) wake();
  }

  async #take(road: HandoverRoad): Promise<void> {
    const { standing, account } = this.#parts;
    const { peer } = road;
    const turn: Turn = { road, woken: new Set(), over: false };
    this.#now = turn;
    let failed = true;
    try {
      const before = standing.of("taking", peer)?.done ?? 0;
      const lacking = await leftOutIn(account.store.database);
      await standing.say("taking", peer, { state: "going", of: before + lacking, gaps: 0 }, READY);
      await road.tell({ kind: "begin", of: lacking });
      const { how, left } = await takeAll({
        database: account.store.database,
        asker: road.asker,
        along: (unit, filled, gone) =>
          standing.changeIn(unit, "taking", peer, ({ done, of, gaps }) => {
            const [nowDone, nowGaps] = [done + filled, gaps + gone];
            return { done: nowDone, gaps: nowGaps, of: Math.max(of, nowDone + nowGaps) };
          }),
        mayGoOn: () => this.#mayGoOn(turn),
      });
      if (how === "full") await this.#wait(peer);
      else if (how === "done") await this.#finish(road, left);
      failed = how === "ended" && !turn.over;
    } finally {
      this.#now = undefined;
      // It ended while that was being written.
      if (turn.over && standing.of("taking", peer)?.state === "going")
        await standing.say("taking", peer, { state: "away" });
      // What cannot be worked on now cannot at once either: it is looked at again later.
      if (!failed) this.begin();
    }
  }

  async #finish(road: HandoverRoad, gaps: number): Promise<void> {
    const { standing } = this.#parts;
    const { done = 0 } = standing.of("taking", road.peer) ?? {};
    const state = done === 0 && gaps === 0 ? "nothing" : "finished";
    await standing.say("taking", road.peer, { state, of: done + gaps, gaps }, UNDER_WAY);
    await road.tell({ kind: "end", how: "done", filled: done, gaps });
  }

  /** Nothing of the last part is here; what is missing then is asked for again. */
  async #wait(device: DeviceId): Promise<void> {
    const { standing, fullMs, background } = this.#parts;
    await standing.say("taking", device, { state: "full" }, GOING);
    clearTimeout(this.#full);
    this.#full = setTimeout(() => background(this.#goOn()), fullMs);
  }

  /** There may be room now. */
  async #goOn(): Promise<void> {
    for (const { device } of this.#parts.standing.all("taking"))
      await this.#parts.standing.say("taking", device, { state: "waiting" }, FULL);
    this.begin();
  }

  async #mayGoOn(turn: Turn): Promise<boolean> {
    for (;;) {
      const state = this.#parts.standing.of("taking", turn.road.peer)?.state;
      if (turn.over || this.#stopped) return false;
      if (state !== "paused" && state !== "paused-there") return state === "going" || state === "waiting";
      await new Promise<void>((resolve) => turn.woken.add(resolve));
    }
  }
}
