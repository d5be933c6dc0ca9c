/** Makes the planned faults happen, and ends those that last: after so many messages, or when everything has to be calm. */
import { setTimeout as sleep } from "node:timers/promises";
import { drop } from "../../worker/shared/drop.ts";
import type { Stack } from "../stack.ts";
import type { FaultBrowser } from "./browser.ts";
import type { BrowserName, Fault, FaultKind, Person } from "./plan.ts";
import { PEOPLE } from "./plan.ts";
import type { TcpProxy } from "./proxy.ts";

const ASK_TIMEOUT_MS = 5_000;
const ASK_AGAIN_MS = 100;
const ASK_TIMES = 20;
/** As the plan's heartbeat: three of them without a byte are more than its watchdog bears. */
const HEARTBEAT_MS = 50_000;
const HEARTBEATS = 3;
const ROUND_TRIP_MS = 150;

/** What faults are struck in: servers and browsers, and the proxies that stand before either. */
export type Fixture = {
  readonly stack: Stack;
  /** Between an account's object and its XMPP server. */
  readonly serverProxies: Readonly<Record<Person, TcpProxy>>;
  /** Between a browser and its object. */
  readonly browserProxies: Readonly<Record<BrowserName, TcpProxy>>;
  readonly browsers: Readonly<Record<BrowserName, FaultBrowser>>;
};

type SetFuse = { readonly id: number; readonly kind: FaultKind; readonly account: string; readonly body: string };
type Lasting = { readonly until: number; readonly end: () => Promise<void> };

export class Striker {
  readonly #fixture: Fixture;
  readonly #serverDied: () => Promise<void>;
  /** Faults that took effect; a fuse counts when it has gone off. */
  readonly struck = new Map<FaultKind, number>();
  #accepted = 0;
  #offsetMs = 0;
  #fuses: readonly SetFuse[] = [];
  #fuseCount = 0;
  #lasting: readonly Lasting[] = [];
  /** One thing at a time is done to each program. */
  #worker: Promise<void> = Promise.resolve();
  #xmpp: Promise<void> = Promise.resolve();
  #under: Promise<unknown>[] = [];

  /** @param serverDied runs between the death of a killed server and its next start */
  constructor(fixture: Fixture, serverDied: () => Promise<void>) {
    this.#fixture = fixture;
    this.#serverDied = serverDied;
  }

  /** So many messages have been accepted: what lasted until now ends. */
  progressed(accepted: number): void {
    this.#accepted = accepted;
    const due = this.#lasting.filter(({ until }) => until <= accepted);
    if (due.length === 0) return;
    this.#lasting = this.#lasting.filter((lasting) => !due.includes(lasting));
    for (const { end } of due) this.#keepTrack(end());
  }

  /** Begins; what takes a while goes on by itself. */
  strike(fault: Fault): void {
    this.#keepTrack(this.#strike(fault));
  }

  /** Everything that lasts ends now; settles when all of it has. Fuses stay. */
  async release(): Promise<void> {
    this.progressed(Number.MAX_SAFE_INTEGER);
    const under = this.#under;
    this.#under = [];
    await Promise.all(under);
    await this.#worker;
    await this.#xmpp;
  }

  /** The last word: nothing more happens after this has settled. */
  async calm(): Promise<void> {
    await this.release();
    for (const proxy of Object.values(this.#fixture.serverProxies)) proxy.delay(0);
    await this.#noteFired();
    await this.#ask("fuses", "", undefined, "DELETE");
    await this.#noteFired();
  }

  #keepTrack(work: Promise<void>): void {
    drop(work);
    this.#under.push(work);
  }

  async #strike(fault: Fault): Promise<void> {
    const { serverProxies, browserProxies, browsers, stack } = this.#fixture;
    switch (fault.kind) {
      case "reset-in-turn":
        return this.#setFuse(fault, "turn", fault.moment);
      case "reset-at-statement":
        return this.#setFuse(fault, "statement", "before");
      case "reset-at-write":
        return this.#setFuse(fault, "write", fault.moment);
      case "reset-now":
        await this.#ask("reset", accountOf(fault.person));
        break;
      case "kill-worker":
        await this.#killWorker();
        break;
      case "cut-link":
        serverProxies[fault.person].cut(fault.how, fault.bytes);
        break;
      case "half-open": {
        const finish = serverProxies[fault.person].stall();
        const { end } = fault;
        this.#last(fault.messages, async () => {
          if (end === "watchdog") await this.#letTimePass();
          finish(end === "watchdog" ? "reset" : end);
        });
        break;
      }
      case "slow-link": {
        const proxy = serverProxies[fault.person];
        proxy.delay(fault.ms);
        this.#last(fault.messages, async () => proxy.delay(0));
        break;
      }
      case "restart-xmpp":
      case "kill-xmpp":
        this.#xmpp = this.#xmpp.then(async () => {
          if (fault.kind === "restart-xmpp") await stack.xmpp.stop();
          else {
            await stack.xmpp.kill();
            await this.#serverDied();
          }
          await stack.xmpp.start();
        });
        await this.#xmpp;
        break;
      case "send-again":
        browsers[fault.browser].outbox.sendAgain(fault.copies, fault.back);
        break;
      case "drop-browser": {
        const proxy = browserProxies[fault.browser];
        if (fault.how !== "silent") proxy.cut(fault.how, fault.bytes);
        else {
          const finish = proxy.stall();
          this.#last(fault.messages, async () => finish("reset"));
        }
        break;
      }
      case "clock":
        await this.#setClock(fault.offsetMs);
        break;
    }
    this.#count(fault.kind);
  }

  #last(messages: number, end: () => Promise<void>): void {
    this.#lasting = [...this.#lasting, { until: this.#accepted + messages, end }];
  }

  #count(kind: FaultKind): void {
    this.struck.set(kind, (this.struck.get(kind) ?? 0) + 1);
  }

  async #setFuse(
    fault: Fault & { readonly person: Person; readonly count: number },
    at: string,
    moment: string,
  ): Promise<void> {
    const id = ++this.#fuseCount;
    const body = JSON.stringify({ id, at, count: fault.count, moment });
    const fuse: SetFuse = { id, kind: fault.kind, account: accountOf(fault.person), body };
    this.#fuses = [...this.#fuses, fuse];
    await this.#ask("fuse", fuse.account, body);
  }

  /** SIGKILL takes the fuses and the clock with it: they are put back. */
  async #killWorker(): Promise<void> {
    await this.#noteFired();
    this.#worker = this.#worker.then(async () => {
      await this.#fixture.stack.restartWorker();
    });
    await this.#worker;
    await this.#setClock(this.#offsetMs);
    for (const { account, body } of this.#fuses) await this.#ask("fuse", account, body);
  }

  async #noteFired(): Promise<void> {
    const answer = await this.#ask("fuses", "", undefined, "GET");
    const { fired } = (answer ?? { fired: [] }) as { readonly fired: readonly number[] };
    for (const { kind } of this.#fuses.filter(({ id }) => fired.includes(id))) this.#count(kind);
    this.#fuses = this.#fuses.filter(({ id }) => !fired.includes(id));
  }

  async #setClock(offsetMs: number): Promise<void> {
    this.#offsetMs = offsetMs;
    await this.#ask("clock", "", JSON.stringify({ offsetMs }));
  }

  /** Minutes of silence within a moment: the clock goes on and the alarms ring. */
  async #letTimePass(): Promise<void> {
    for (let beat = 0; beat < HEARTBEATS; beat += 1) {
      await this.#setClock(this.#offsetMs + HEARTBEAT_MS);
      for (const person of PEOPLE) await this.#ask("beat", accountOf(person));
      await sleep(ROUND_TRIP_MS);
    }
  }

  /** Undefined where the Worker did not answer: it was killed, or the object was reset under the question. */
  async #ask(what: string, account: string, body?: string, method = "POST"): Promise<unknown> {
    const url = `${this.#fixture.stack.url}/api/test/${what}?account=${encodeURIComponent(account)}`;
    for (let tries = 0; tries < ASK_TIMES; tries += 1) {
      await this.#worker;
      try {
        const signal = AbortSignal.timeout(ASK_TIMEOUT_MS);
        const reply = await fetch(url, { method, signal, ...(body !== undefined && { body }) });
        const text = await reply.text();
        if (reply.ok) return JSON.parse(text) as unknown;
        // The object was reset in the middle of the question, by another fault.
        if (what === "beat" || what === "reset") return undefined;
      } catch {
        // Nobody listens: it is being started.
      }
      await sleep(ASK_AGAIN_MS);
    }
    throw new Error(`the Worker does not answer ${what}`);
  }
}

export function accountOf(person: Person): string {
  return `${person}@localhost`;
}
