/**
 * One run: two accounts with two browsers each, a real Prosody and a real workerd, messages in both directions, and the
 * faults of the plan while they are under way. Then everything is left in peace, and what everybody holds is judged.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { startDevWorker } from "../../tools/dev-worker.ts";
import { drop } from "../../worker/shared/drop.ts";
import type { BareJid } from "../../worker/contract/names.ts";
import { ALICE, BOB, type Stack, startStack } from "../stack.ts";
import { FaultBrowser } from "./browser.ts";
import { Observer, type Acknowledged } from "./observer.ts";
import { type BrowserName, type FaultKind, makePlan, type Person, PEOPLE, personOf, type Plan } from "./plan.ts";
import { TcpProxy } from "./proxy.ts";
import { ObjectStorage, ServerArchive } from "./storage.ts";
import { accountOf, type Fixture, Striker } from "./strike.ts";
import { type Finding, halfKept, judge } from "./verdict.ts";

const LOOK_EVERY_MS = 20;
/** How far the slowest browser may stay behind what was accepted: faults shall strike a flow, not a heap. */
const BACKLOG = 60;
/** Without any progress for this long, what lasts is ended: it may be the very thing that stops everything. */
const STUCK_MS = 1_500;
const RECONNECT_EVERY_MS = 2_000;
const REPORT_EVERY_MS = 10_000;
/** After the last fault: so long may nothing happen before it is final, and so long may it take in all. */
const QUIET_MS = 20_000;
const SETTLE_MS = 240_000;
/** A copy that comes late is a copy. */
const LATE_MS = 1_500;
const PASSWORDS: Readonly<Record<Person, string>> = { alice: ALICE.password, bob: BOB.password };
const PORTS = { alice: 6, bob: 7, a1: 8, a2: 9, b1: 10, b2: 11 } as const;

export type RunOptions = {
  readonly messages: number;
  readonly faults: number;
  readonly seed: number;
  /** The first of twelve ports. */
  readonly basePort: number;
  readonly say: (line: string) => void;
};

export type RunResult = {
  readonly findings: readonly Finding[];
  /** Texts that the server kept for their sender alone, because it was killed between its two writes. */
  readonly halved: readonly string[];
  readonly acknowledged: Acknowledged;
  readonly decided: ReadonlyMap<FaultKind, number>;
  readonly struck: ReadonlyMap<FaultKind, number>;
  /** Connections each object has made to the server. */
  readonly connections: Readonly<Record<Person, number>>;
  readonly seconds: number;
  /** Everybody held everything before the time was over. */
  readonly settled: boolean;
};

/** @throws when the servers do not start; anything that goes wrong later is a finding. */
export async function runFaults(options: RunOptions): Promise<RunResult> {
  const plan = makePlan(options);
  const { basePort } = options;
  const stack = await startStack({
    name: "faults",
    basePort,
    endpoint: "ws",
    entry: "test/faults/inside/entry.ts",
    start: startDevWorker,
    variables: {
      FAULT_ENDPOINTS: JSON.stringify({
        // In clear on this machine, so that what is acknowledged can be seen from outside.
        [accountOf("alice")]: `ws://localhost:${basePort + PORTS.alice}/xmpp-websocket`,
        [accountOf("bob")]: `starttls://localhost:${basePort + PORTS.bob}`,
      }),
    },
  });
  const run = new Run(options, plan, stack);
  try {
    return await run.go();
  } finally {
    await run.end();
    await stack.stop();
  }
}

class Run {
  readonly #options: RunOptions;
  readonly #plan: Plan;
  readonly #fixture: Fixture;
  readonly #striker: Striker;
  readonly #observer: Observer;
  readonly #archives: Readonly<Record<Person, ServerArchive>>;
  readonly #shrunk: string[] = [];
  readonly #halved = new Set<string>();
  #storage: ObjectStorage | undefined;
  #accepted = 0;
  #movedAt = performance.now();
  #reconnectedAt = 0;
  #reportedAt = performance.now();

  constructor(options: RunOptions, plan: Plan, stack: Stack) {
    const { basePort } = options;
    this.#options = options;
    this.#plan = plan;
    this.#observer = new Observer((message) => this.#storage?.has(message) ?? true);
    this.#archives = {
      alice: new ServerArchive(stack.xmpp.state, "alice"),
      bob: new ServerArchive(stack.xmpp.state, "bob"),
    };
    const browserProxy = (name: BrowserName) => new TcpProxy(basePort + PORTS[name], Number(new URL(stack.url).port));
    const browser = (name: BrowserName) => this.#browser(name);
    this.#fixture = {
      stack,
      serverProxies: {
        alice: new TcpProxy(basePort + PORTS.alice, basePort + 2, () => this.#observer.tap()),
        bob: new TcpProxy(basePort + PORTS.bob, basePort),
      },
      browserProxies: {
        a1: browserProxy("a1"),
        a2: browserProxy("a2"),
        b1: browserProxy("b1"),
        b2: browserProxy("b2"),
      },
      browsers: { a1: browser("a1"), a2: browser("a2"), b1: browser("b1"), b2: browser("b2") },
    };
    this.#striker = new Striker(this.#fixture, () => this.#noteHalved());
  }

  async go(): Promise<RunResult> {
    const { stack } = this.#fixture;
    for (const proxy of this.#proxies) await proxy.start();
    for (const browser of this.#browsers) await browser.start();
    await this.#until(() => this.#browsers.every(({ settled }) => settled), "the first sign-in", SETTLE_MS);
    this.#storage = new ObjectStorage(await stack.objectDatabases(), accountOf("alice"));
    const start = performance.now();
    for (const { after, fault } of this.#plan.faults) {
      while (this.#accepted < after) await this.#look();
      this.#striker.strike(fault);
    }
    while (this.#browsers.some(({ outbox }) => outbox.left > 0)) await this.#look();
    await this.#striker.calm();
    const settled = await this.#settle();
    const seconds = (performance.now() - start) / 1_000;
    await sleep(LATE_MS);
    return { ...(await this.#judge()), settled, seconds };
  }

  async end(): Promise<void> {
    await Promise.all(this.#browsers.map((browser) => browser.stop()));
    await Promise.all(this.#proxies.map((proxy) => proxy.stop()));
    this.#storage?.close();
  }

  get #browsers(): readonly FaultBrowser[] {
    return Object.values(this.#fixture.browsers);
  }

  get #proxies(): readonly TcpProxy[] {
    return [...Object.values(this.#fixture.serverProxies), ...Object.values(this.#fixture.browserProxies)];
  }

  /** The server is dead. */
  async #noteHalved(): Promise<void> {
    for (const half of halfKept(await this.#archived())) this.#halved.add(half);
  }

  async #archived(): Promise<Readonly<Record<Person, readonly string[]>>> {
    return { alice: await this.#archives.alice.tokens(), bob: await this.#archives.bob.tokens() };
  }

  #browser(name: BrowserName): FaultBrowser {
    const person = personOf(name);
    const other: Person = person === "alice" ? "bob" : "alice";
    return new FaultBrowser({
      name,
      url: `http://localhost:${this.#options.basePort + PORTS[name]}`,
      account: accountOf(person) as BareJid,
      chat: accountOf(other) as BareJid,
      password: PASSWORDS[person],
      messages: this.#plan.messages.filter(({ browser }) => browser === name),
      progress: () => this.#moved(),
      mayGoOn: () => this.#backlog < BACKLOG || performance.now() - this.#movedAt > STUCK_MS,
    });
  }

  /** How many accepted messages the slowest browser does not hold yet. */
  get #backlog(): number {
    return this.#accepted - Math.min(...this.#browsers.map(({ textCount }) => textCount));
  }

  #moved(): void {
    this.#movedAt = performance.now();
    this.#accepted = this.#browsers.reduce((sum, { outbox }) => sum + outbox.acceptedCount, 0);
    this.#striker.progressed(this.#accepted);
  }

  /** A moment passes; what stands still is helped, what stands still for long is told. */
  async #look(): Promise<void> {
    for (const { outbox } of this.#browsers) outbox.pump();
    await sleep(LOOK_EVERY_MS);
    const now = performance.now();
    for (const person of PEOPLE) {
      if (await this.#archives[person].hasShrunk()) this.#shrunk.push(person);
    }
    if (now - this.#movedAt > STUCK_MS && now - this.#reconnectedAt > RECONNECT_EVERY_MS) {
      this.#reconnectedAt = now;
      drop(this.#striker.release());
      for (const browser of this.#browsers) {
        if (browser.link?.state === "waiting" || browser.link?.state === "off") drop(browser.reconnect());
      }
    }
    if (now - this.#reportedAt > REPORT_EVERY_MS) {
      this.#reportedAt = now;
      this.#options.say(`${this.#accepted} of ${this.#plan.messages.length} accepted`);
      if (now - this.#movedAt > STUCK_MS) this.#report();
    }
  }

  #report(): void {
    for (const browser of this.#browsers) {
      const missing = this.#plan.messages.filter(({ text }) => !browser.holds(text));
      const first = missing.slice(0, 3).map(({ text }) => text.split(" ")[0]);
      this.#options.say(`  ${browser.state}; ${missing.length} missing: ${first.join(" ")}`);
    }
  }

  async #until(condition: () => boolean, what: string, waitMs: number): Promise<void> {
    const end = performance.now() + waitMs;
    while (!condition()) {
      if (performance.now() > end) throw new Error(`${what} took more than ${waitMs} ms`);
      await this.#look();
    }
  }

  /** Until everybody holds everything and every message is confirmed, or nothing has happened for long. */
  async #settle(): Promise<boolean> {
    const end = performance.now() + SETTLE_MS;
    const wanted = (name: BrowserName) =>
      this.#plan.messages.length -
      [...this.#halved].filter((half) => personOf(half.slice(1, 3) as BrowserName) !== personOf(name)).length;
    const complete = () =>
      this.#browsers.every(
        ({ name, settled, textCount, unconfirmed }) => settled && textCount >= wanted(name) && unconfirmed === 0,
      );
    while (!complete()) {
      const now = performance.now();
      const quiet = now - this.#movedAt > QUIET_MS && this.#browsers.every(({ settled }) => settled);
      if (quiet || now > end) {
        this.#report();
        return false;
      }
      await this.#look();
    }
    return true;
  }

  async #judge(): Promise<Omit<RunResult, "settled" | "seconds">> {
    const findings = judge({
      written: this.#plan.messages,
      browsers: this.#browsers.map(({ view }) => view),
      archives: await this.#archived(),
      halved: this.#halved,
    });
    const shrunk = this.#shrunk.map(
      (person): Finding => ({ kind: "archive-lost", says: `the archive of ${person} shrank` }),
    );
    const unconfirmed = this.#browsers
      .filter((browser) => browser.unconfirmed > 0)
      .map(
        (browser): Finding => ({ kind: "noticed", says: `${browser.name}: ${browser.unconfirmed} never confirmed` }),
      );
    const acknowledged = this.#observer.result;
    const decided = new Map<FaultKind, number>();
    for (const { fault } of this.#plan.faults) decided.set(fault.kind, (decided.get(fault.kind) ?? 0) + 1);
    return {
      findings: [...findings, ...shrunk, ...unconfirmed],
      halved: [...this.#halved],
      acknowledged,
      decided,
      struck: this.#striker.struck,
      connections: {
        alice: this.#fixture.serverProxies.alice.connections,
        bob: this.#fixture.serverProxies.bob.connections,
      },
    };
  }
}
