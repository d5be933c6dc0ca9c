/** Alice's browser, which is killed in every round and comes back on its profile, and what is found in it then. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "puppeteer-core";
import type { Person } from "../e2e/person.ts";
import { ALICE_JID, type Cast } from "./cast.ts";
import { judgeDatabase, type Promised, readDatabase, type Stored } from "./database.ts";
import { doom, type Doomed } from "./kill.ts";
import { acknowledgedBy } from "./object.ts";
import type { Round, Strike } from "./plan.ts";
import type { Finding } from "./verdict.ts";

/** Where the moment of a strike does not come by itself, it comes then. */
const LONGEST_ROUND_MS = 10_000;
/** Between two bursts. */
const PAUSE_MS = 60;

export class Victim {
  readonly findings: Finding[] = [];
  /** From asking for the page to standing connected. */
  readonly startsMs: number[] = [];
  /** Rounds whose moment did not come by itself. */
  late = 0;
  /** Databases that were looked into. */
  databases = 0;
  readonly #cast: Cast;
  readonly #profile: string;
  #before: Stored | undefined;

  constructor(cast: Cast, profile: string) {
    this.#cast = cast;
    this.#profile = profile;
  }

  /** Comes to stay: nothing is killed any more. @throws when it does not come back by itself. */
  async comeBack(): Promise<void> {
    const promised = await this.#promised();
    let start = 0;
    const person = await this.#cast.open("alice", {
      profile: this.#profile,
      prepare: async () => {
        start = performance.now();
      },
    });
    await this.#isBack(person, promised, start);
    await person.openChat("bob");
  }

  /** Comes, writes, is killed. @throws when it does not come back by itself. */
  async round({ strike, bursts }: Round): Promise<void> {
    const promised = await this.#promised();
    const author = this.#cast.authors.alice;
    const over = new AbortController();
    let doomed: Doomed | undefined;
    let person: Person | undefined;
    try {
      let start = 0;
      person = await this.#cast.open("alice", {
        profile: this.#profile,
        prepare: async (page) => {
          doomed = doom(page.browser());
          start = performance.now();
          if (strike.kind === "opening") this.#strikeAfter(strike.afterMs, doomed);
        },
      });
      await this.#isBack(person, promised, start);
      if (doomed !== undefined) this.#arm(strike, doomed, over.signal);
      await openFirstChat(person.page);
      for (let at = 0; ; at += 1) {
        if (!(await author.isAhead(person.page))) await author.burst(person.page, bursts[at % bursts.length] ?? 1);
        await sleep(PAUSE_MS);
      }
    } catch (error) {
      // Whatever was under way ends with the browser.
      if (doomed?.dead !== true) throw error;
    } finally {
      over.abort();
      this.#cast.traffic.alice.notice = () => undefined;
    }
    await doomed.gone();
    this.#cast.forget("alice");
    this.#note("noticed", person?.troubles.found ?? []);
  }

  #arm(strike: Strike, doomed: Doomed, over: AbortSignal): void {
    if (strike.kind === "opening") return;
    let left = strike.count;
    this.#cast.traffic.alice.notice = (moment) => {
      if (moment !== strike.kind) return;
      left -= 1;
      if (left === 0) this.#strikeAfter(strike.afterMs, doomed);
    };
    const kill = () => {
      this.late += 1;
      doomed.kill();
    };
    const timer = setTimeout(kill, LONGEST_ROUND_MS);
    over.addEventListener("abort", () => clearTimeout(timer));
  }

  /** At once is in this very turn: the bytes that were seen have not gone on yet. */
  #strikeAfter(ms: number, doomed: Doomed): void {
    if (ms === 0) doomed.kill();
    else setTimeout(() => doomed.kill(), ms);
  }

  async #isBack(person: Person, promised: Promised | undefined, start: number): Promise<void> {
    await person.isConnected();
    this.startsMs.push(performance.now() - start);
    const stored = await readDatabase(person.page, ALICE_JID);
    if (promised !== undefined) {
      this.databases += 1;
      this.#note("torn", judgeDatabase(stored, promised));
    }
    this.#before = stored;
    // Notices ask for a decision, and there is none to be made here.
    this.#note("noticed", await person.notices());
  }

  /** What the world had been told before the kill. Undefined before the first look. */
  async #promised(): Promise<Promised | undefined> {
    const before = this.#before;
    if (before?.device === undefined || before.cursor === undefined) return undefined;
    const { device, generation, cursor } = before;
    const told = await acknowledgedBy(this.#cast.stack, ALICE_JID, device);
    return { ...told, device, generation, epoch: cursor.epoch, taken: this.#cast.authors.alice.taken };
  }

  #note(kind: Finding["kind"], all: readonly string[]): void {
    for (const says of all) this.findings.push({ kind, says });
  }
}

/** In one step: of the several that a person's click is made of, those that come after a kill would fail unheard. */
function openFirstChat(page: Page): Promise<void> {
  return page.evaluate(() => document.querySelector<HTMLElement>("[role=listbox] [role=option]")?.click());
}
