/**
 * One engine per browser. Every tab starts a worker; the one that holds the lock `alcove-engine` leads, the others pass
 * their page's requests to it over a channel and its events back. A leader that does not answer a visible page loses the
 * lock to it; the writer generation in the database keeps a leader that was only frozen from writing afterwards.
 */
import { drop } from "../../../worker/shared/drop.ts";
import { RestOfList } from "./in-parts.ts";
import { perform, type Reply, type Request, type TurnEvents } from "./messages.ts";
import { olderEvents, olderSnapshot } from "./older-pages.ts";
import type { Engine, EngineEvent, Snapshot } from "../protocol/engine.ts";

/** Held by whoever writes to the databases of this browser. */
export const LOCK = "alcove-engine";
const ANSWER_WITHIN_MS = 2_000;

/** What the leading worker runs. */
export interface LeadingEngine extends Engine {
  snapshot(): Snapshot;
  boot(): Promise<void>;
  stop(): Promise<void>;
}

export type LeaderParts = {
  readonly startEngine: (emit: (event: EngineEvent) => void) => LeadingEngine;
  readonly toPage: (reply: Reply) => void;
  readonly channel: BroadcastChannel;
  readonly locks: LockManager;
};

/** Between the workers of this browser. */
type TabMessage =
  /** `passes`: its page passes over what it does not know. */
  | { readonly type: "request"; readonly from: string; readonly request: Request; readonly passes?: true }
  /** A request was heard; its answer may take as long as an XMPP server does. */
  | { readonly type: "heard"; readonly to: string; readonly id: string; readonly by?: string }
  | { readonly type: "reply"; readonly to: string; readonly reply: Reply }
  /** Of a leader of the last release; `older`: for its pages. All others are told the same by `told`. */
  | (TurnEvents & { readonly older?: true })
  | { readonly type: "told"; readonly told: TurnEvents }
  /** A new leader: ask again what is unanswered, and was not heard by this one while it started. */
  | { readonly type: "leading"; readonly by?: string };

/** Requests that must not run twice: they end a session, or send a password. They fail when the leader that heard them is gone. */
const ONCE: ReadonlySet<Request["name"]> = new Set(["signIn", "signOut"]);

/** The part of one tab's worker: it leads, or passes on what its page asks to the worker that does. */
export class TabLeader {
  readonly #parts: LeaderParts;
  readonly #name = crypto.randomUUID();
  /** This tab's lock is held: until then a leader that hears of it would take it for gone. */
  readonly #here: Promise<void>;
  readonly #unanswered = new Map<string, Request>();
  /** Of those: the leader that has begun with them; tabs of older versions do not say who they are. */
  readonly #heard = new Map<string, string | undefined>();
  readonly #visiblePages = new Set<string>();
  /** Other tabs that have asked something of this one while it leads. */
  readonly #followers = new Set<string>();
  /** Those of them that are of the last release. */
  readonly #older = new Set<string>();
  /** Events of this turn that pages have still to be told. */
  readonly #told: EngineEvent[] = [];
  readonly #rest = new RestOfList();
  #engine: LeadingEngine | undefined;
  /** The page has had an answer to its `attach`: until then it asks for all there is by itself. */
  #attached = false;
  #visible = false;
  /** What this page has said last of that: where it rests, so does the next engine, which opens no socket first. */
  #notifies: Extract<Request, { readonly name: "notifies" }>["args"] | undefined;
  #watch: ReturnType<typeof setTimeout> | undefined;
  #stealing = false;

  constructor(parts: LeaderParts) {
    this.#parts = parts;
    parts.channel.addEventListener("message", ({ data }: MessageEvent<TabMessage>) => this.#receive(data));
    // Held as long as this worker lives, so that a leader notices when a tab is gone.
    this.#here = new Promise((here) => {
      drop(parts.locks.request(tabLock(this.#name), () => new Promise(() => here())));
    });
    drop(this.#lead({}));
  }

  /** A request of this worker's own page. */
  request(request: Request): void {
    if (request.name === "attach" || request.name === "visible") this.#visible = request.args.visible;
    if (request.name === "notifies") this.#notifies = request.args;
    if (this.#engine !== undefined) {
      drop(this.#run(this.#engine, this.#name, request, this.#parts.toPage));
      return;
    }
    this.#unanswered.set(request.id, request);
    this.#ask(request);
  }

  async #lead(options: LockOptions): Promise<void> {
    for (let next = options; ; next = {}) {
      try {
        await this.#parts.locks.request(LOCK, next, () => this.#leadWhileHeld());
      } catch (error) {
        // Stolen by a page that got no answer from us.
        if (!(error instanceof DOMException && error.name === "AbortError")) throw error;
      }
      await this.#resign();
      // The next leader may have said that it leads while this one still thought that it did: whoever asks is told again.
      this.#sayVisible();
    }
  }

  async #leadWhileHeld(): Promise<never> {
    this.#stealing = false;
    this.#endWatch();
    const engine = this.#parts.startEngine((event) => {
      if (this.#engine !== engine) return;
      this.#rest.hear(event);
      if (this.#told.length === 0) queueMicrotask(() => this.#flush());
      this.#told.push(event);
    });
    this.#engine = engine;
    if (this.#visible) this.#visiblePages.add(this.#name);
    if (this.#notifies !== undefined) drop(engine.notifies(this.#notifies));
    // A start that fails is told to the page by its `attach`, which waits for the same start.
    const booted = engine.boot();
    drop(booted);
    await Promise.allSettled([booted]);
    await engine.visible({ visible: this.#visible });
    this.#tellAnew(engine);
    this.#broadcast({ type: "leading", by: this.#name });
    const waiting = [...this.#unanswered.values()];
    this.#unanswered.clear();
    this.#heard.clear();
    for (const request of waiting) drop(this.#run(engine, this.#name, request, this.#parts.toPage));
    return new Promise<never>(() => undefined);
  }

  /** Pages that know what another engine had. Other tabs than those that have spoken ask when they hear who leads. */
  #tellAnew(engine: LeadingEngine): void {
    // What another leader had told, as far as this page has it.
    this.#rest.clear();
    const isFollowed = this.#followers.size > 0;
    if (!this.#attached && !isFollowed) return;
    const told: TurnEvents = { type: "event", event: { type: "reset", snapshot: engine.snapshot() } };
    if (this.#attached) this.#parts.toPage(told);
    if (isFollowed) this.#tellTabs(told);
  }

  /** Events of one turn go to pages together, and to other tabs only where there are any. */
  #flush(): void {
    const [event, ...more] = this.#told.splice(0);
    if (event === undefined) return;
    const told: TurnEvents = { type: "event", event, ...(more.length > 0 && { more }) };
    this.#parts.toPage(told);
    if (this.#followers.size > 0) this.#tellTabs(told);
  }

  /** Pages of the last release pass over what is `told`; those of them that have not asked yet are told by the answer. */
  #tellTabs(told: TurnEvents): void {
    if (this.#older.size > 0) this.#broadcast({ ...olderEvents(told), older: true });
    this.#broadcast({ type: "told", told });
  }

  async #resign(): Promise<void> {
    this.#told.length = 0;
    this.#rest.clear();
    this.#followers.clear();
    this.#older.clear();
    const engine = this.#engine;
    this.#engine = undefined;
    this.#visiblePages.clear();
    await engine?.stop();
  }

  async #run(engine: LeadingEngine, page: string, request: Request, reply: (reply: Reply) => void): Promise<void> {
    const { id } = request;
    try {
      const seen = this.#withVisibility(page, request);
      const value = await perform(engine, seen);
      // What it has changed is told before it is answered.
      this.#flush();
      if (request.name === "attach" && page === this.#name) this.#answerAttach(request, value as Snapshot);
      else reply({ type: "answer", id, value });
    } catch (error) {
      // It shows that there is none, until it is told of one.
      if (request.name === "attach" && page === this.#name) this.#attached = true;
      reply({ type: "failed", id, message: error instanceof Error ? `${error.name}: ${error.message}` : "failed" });
      throw error;
    }
  }

  /** This tab's own page, whoever leads: when it begins it is not given thousands of rows before it has drawn any. */
  #answerAttach({ id, args }: Extract<Request, { readonly name: "attach" }>, snapshot: Snapshot): void {
    const tell = (event: EngineEvent) => this.#parts.toPage({ type: "event", event });
    const value = this.#attached ? snapshot : this.#rest.cut(snapshot, args.open, tell);
    this.#attached = true;
    this.#parts.toPage({ type: "answer", id, value });
  }

  /** The engine is visible while any page is. */
  #withVisibility(page: string, request: Request): Request {
    if (request.name !== "attach" && request.name !== "visible") return request;
    if (request.args.visible) this.#visiblePages.add(page);
    else this.#visiblePages.delete(page);
    return { ...request, args: { visible: this.#visiblePages.size > 0 } };
  }

  #ask(request: Request): void {
    this.#pass(request);
    if (!this.#visible || this.#stealing) return;
    // Counted from the first request without a sign of life: a page that goes on asking would put it off for ever.
    this.#watch ??= setTimeout(() => this.#steal(), ANSWER_WITHIN_MS);
  }

  /** The leader has given a sign of life. */
  #endWatch(): void {
    clearTimeout(this.#watch);
    this.#watch = undefined;
  }

  #steal(): void {
    this.#watch = undefined;
    if (this.#engine !== undefined || this.#stealing || !this.#visible) return;
    this.#stealing = true;
    drop(this.#lead({ steal: true }));
  }

  #receive(message: TabMessage): void {
    switch (message.type) {
      case "request":
        if (this.#engine !== undefined) this.#serve(this.#engine, message);
        break;
      case "heard":
        if (message.to !== this.#name) break;
        this.#endWatch();
        if (this.#unanswered.has(message.id)) this.#heard.set(message.id, message.by);
        break;
      case "reply":
        if (message.to !== this.#name || message.reply.type === "event") break;
        this.#endWatch();
        this.#heard.delete(message.reply.id);
        this.#settle(message.reply);
        break;
      case "event":
        if (message.older !== true) this.#pageHears(message);
        break;
      case "told":
        this.#pageHears(message.told);
        break;
      case "leading":
        this.#askAgain(message.by);
        break;
      default:
        // A tab of another version may send messages that this one does not know.
        break;
    }
  }

  /** The leader tells its events. */
  #pageHears(told: TurnEvents): void {
    if (this.#engine !== undefined) return;
    for (const event of [told.event, ...(told.more ?? [])]) this.#rest.hear(event);
    this.#parts.toPage(told);
  }

  /** The leader's answer to what this page has asked. */
  #settle(reply: Exclude<Reply, TurnEvents>): void {
    const request = this.#unanswered.get(reply.id);
    if (request === undefined) return;
    this.#unanswered.delete(reply.id);
    if (request.name !== "attach") this.#parts.toPage(reply);
    else if (reply.type === "answer") this.#answerAttach(request, reply.value as Snapshot);
    else {
      this.#attached = true;
      this.#parts.toPage(reply);
    }
  }

  #askAgain(leader: string | undefined): void {
    if (this.#engine !== undefined) return;
    for (const request of this.#unanswered.values()) {
      if (leader !== undefined && this.#heard.get(request.id) === leader) continue;
      if (!this.#heard.delete(request.id) || !ONCE.has(request.name)) {
        this.#ask(request);
        continue;
      }
      this.#unanswered.delete(request.id);
      const value = { ok: false, error: { kind: "internal" } };
      this.#parts.toPage({ type: "answer", id: request.id, value });
    }
    this.#sayVisible();
  }

  /** A new leader does not know that this page is there, and whether it is looked at. */
  #sayVisible(): void {
    const visible: Request = { id: crypto.randomUUID(), name: "visible", args: { visible: this.#visible } };
    this.#pass(visible);
  }

  #pass(request: Request): void {
    drop(this.#here.then(() => this.#broadcast({ type: "request", from: this.#name, request, passes: true })));
  }

  #serve(engine: LeadingEngine, { from, request, passes }: Extract<TabMessage, { readonly type: "request" }>): void {
    this.#broadcast({ type: "heard", to: from, id: request.id, by: this.#name });
    if (passes !== true) this.#older.add(from);
    this.#follow(engine, from, request);
    const shown = (reply: Reply): Reply =>
      reply.type === "answer" && request.name === "attach" && passes !== true
        ? { ...reply, value: olderSnapshot(reply.value as Snapshot) }
        : reply;
    drop(
      this.#run(engine, from, request, (reply) => this.#broadcast({ type: "reply", to: from, reply: shown(reply) })),
    );
  }

  /** From here on it is told of events; those that it has missed are in the snapshot. */
  #follow(engine: LeadingEngine, from: string, request: Request): void {
    if (this.#followers.has(from)) return;
    this.#followers.add(from);
    drop(this.#watchTab(from));
    if (request.name !== "attach")
      this.#tellTabs({ type: "event", event: { type: "reset", snapshot: engine.snapshot() } });
  }

  /** Granted when that tab is gone. */
  async #watchTab(page: string): Promise<void> {
    await this.#parts.locks.request(tabLock(page), async () => {
      this.#followers.delete(page);
      this.#older.delete(page);
      if (!this.#visiblePages.delete(page)) return;
      await this.#engine?.visible({ visible: this.#visiblePages.size > 0 });
    });
  }

  #broadcast(message: TabMessage): void {
    this.#parts.channel.postMessage(message);
  }
}

function tabLock(page: string): string {
  return `alcove-tab-${page}`;
}
