import assert from "node:assert/strict";
import { afterEach, describe, it, mock } from "node:test";
import type { BareJid } from "../../../worker/contract/names.ts";
import type { NoticeView } from "../protocol/account.ts";
import type { ChatSummary } from "../protocol/conversations.ts";
import { type LeadingEngine, TabLeader } from "./leader.ts";
import type { Reply, Request } from "./messages.ts";
import type { EngineEvent, Snapshot } from "../protocol/engine.ts";
import { ScriptedLocks } from "../testing/scripted-locks.ts";
import { until } from "../testing/browser.ts";

const channels: BroadcastChannel[] = [];

class Tab {
  readonly replies: Reply[] = [];
  readonly calls: string[] = [];
  readonly channel: BroadcastChannel;
  readonly leader: TabLeader;
  emit: (event: EngineEvent) => void = () => undefined;
  stopped = false;
  ending: Promise<void> = Promise.resolve();
  booted: Promise<void> = Promise.resolve();
  signedIn: Promise<unknown> = Promise.resolve();
  chats: readonly ChatSummary[] = [];
  notices: readonly NoticeView[] = [];
  /** Of each engine that began here: whether it knew by then that its page rests. */
  readonly boots: boolean[] = [];
  #frozen = false;

  constructor(locks: ScriptedLocks, name: string) {
    this.channel = new BroadcastChannel("leader-test");
    channels.push(this.channel);
    this.leader = new TabLeader({
      startEngine: (emit) => this.#engine(name, emit),
      toPage: (reply) => this.replies.push(reply),
      channel: this.#freezable(),
      locks: locks.of(name),
    });
  }

  freeze(): void {
    this.#frozen = true;
  }

  thaw(): void {
    this.#frozen = false;
  }

  async ask(request: Omit<Request, "id">, untilSeen: typeof until = until): Promise<unknown> {
    const id = crypto.randomUUID();
    this.leader.request({ ...request, id } as Request);
    let answer: Reply | undefined;
    await untilSeen(() => {
      answer = this.replies.find((reply) => reply.type !== "event" && reply.id === id);
      return answer !== undefined;
    });
    return answer?.type === "answer" ? answer.value : answer;
  }

  /** Timers and messages of a frozen tab stand still. */
  #freezable(): BroadcastChannel {
    return new Proxy(this.channel, {
      get: (channel, key) => {
        if (key === "addEventListener") {
          return (type: string, listener: (event: MessageEvent) => void) =>
            channel.addEventListener(type, (event) => {
              if (!this.#frozen) listener(event as MessageEvent);
            });
        }
        if (key === "postMessage") return (word: unknown) => this.#frozen || channel.postMessage(word);
        return Reflect.get(channel, key);
      },
    });
  }

  #engine(name: string, emit: (event: EngineEvent) => void): LeadingEngine {
    this.emit = emit;
    let rests = false;
    const engine = {
      boot: () => {
        this.boots.push(rests);
        return this.booted;
      },
      notifies: async (said: { rests?: boolean }) => {
        rests = said.rests === true;
      },
      stop: async () => {
        this.stopped = true;
        await this.ending;
      },
      snapshot: () =>
        ({
          session: { state: "signed-in", account: name as BareJid },
          chats: this.chats,
          notices: this.notices,
        }) as unknown as Snapshot,
      attach: async () => {
        await this.booted;
        return engine.snapshot();
      },
      visible: async ({ visible }: { visible: boolean }) => void this.calls.push(`visible ${visible}`),
      signIn: async () => {
        this.calls.push("signIn");
        await this.signedIn;
        // The first server never answers.
        return name === "first" ? new Promise(() => undefined) : { ok: true, value: { account: name } };
      },
      start: async ({ address }: { address: string }) => {
        this.calls.push(`start ${address}`);
        return { ok: true, value: { chat: name } };
      },
    };
    return engine as unknown as LeadingEngine;
  }
}

afterEach(() => {
  mock.timers.reset();
  for (const channel of channels.splice(0)) channel.close();
});

const silentContact = (n: number) =>
  ({
    jid: `number-${n}@somewhere.example`,
    name: `Number ${n}`,
    relation: "contact",
    unread: 0,
  }) as unknown as ChatSummary;

const manyContacts = () => Array.from({ length: 5_000 }, (_, n) => silentContact(n));

/** Contacts that a page was told of beside its first snapshot. */
const toldOf = (tab: Tab) =>
  tab.replies.flatMap((reply) => (reply.type === "event" && reply.event.type === "chats" ? reply.event.chats : []));

const LOOKS_MAX = 100_000;

/** While the clock is held: what another tab says comes all the same. */
async function untilWithoutTimers(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let looks = 0; !(await condition()); looks += 1) {
    if (looks > LOOKS_MAX) throw new Error("it did not come about");
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function passSecond(): void {
  for (let ms = 0; ms < 1_000; ms += 10) mock.timers.tick(10);
}

const leaderOf = (snapshot: unknown) => (snapshot as { session: { account: string } }).session.account;

describe("tabs of one browser", () => {
  it("share the engine of the first, whose events all of them see", async () => {
    const locks = new ScriptedLocks();
    const [first, second] = [new Tab(locks, "first"), new Tab(locks, "second")];
    assert.equal(leaderOf(await first.ask({ name: "attach", args: { visible: true } })), "first");
    assert.equal(leaderOf(await second.ask({ name: "attach", args: { visible: true } })), "first");
    first.emit({ type: "devices", jid: "bob@b.example" as BareJid });
    const sees = (tab: Tab) => tab.replies.some((reply) => reply.type === "event" && reply.event.type === "devices");
    await until(() => sees(first) && sees(second));
  });

  it("tell a page the events of one turn together, and other tabs only where there are any", async () => {
    const locks = new ScriptedLocks();
    const first = new Tab(locks, "first");
    await first.ask({ name: "attach", args: { visible: true } });
    const heard: unknown[] = [];
    const listener = new BroadcastChannel("leader-test");
    channels.push(listener);
    listener.addEventListener("message", ({ data }: MessageEvent) => heard.push(data));
    const [bob, carol] = ["bob@b.example", "carol@c.example"].map(
      (jid) => ({ type: "devices", jid: jid as BareJid }) as const,
    );
    assert.ok(bob && carol);
    first.emit(bob);
    first.emit(carol);
    await until(() => first.replies.some((reply) => reply.type === "event" && reply.more?.[0] === carol));
    assert.deepEqual(heard, []);
    const second = new Tab(locks, "second");
    await second.ask({ name: "attach", args: { visible: true } });
    first.emit(bob);
    await until(() => second.replies.some((reply) => reply.type === "event" && reply.event.type === "devices"));
  });

  it("a page of the last release is told of no notice for which it has no words, and pages of this one of all", async () => {
    const locks = new ScriptedLocks();
    const [first, second] = [new Tab(locks, "first"), new Tab(locks, "second")];
    const known: NoticeView = { kind: "returned", key: "returned" };
    const unknown: NoticeView = { kind: "no-archive", key: "no-archive" };
    first.notices = [known, unknown];
    assert.deepEqual(
      ((await second.ask({ name: "attach", args: { visible: true } })) as Snapshot).notices,
      first.notices,
    );
    const older = new BroadcastChannel("leader-test");
    channels.push(older);
    const heard: Snapshot["notices"][] = [];
    older.addEventListener("message", ({ data }: MessageEvent) => {
      if (data.type === "reply" && data.to === "older") heard.push(data.reply.value.notices);
      if (data.type === "event" && data.event.type === "notices") heard.push(data.event.notices);
      if (data.type === "event" && data.event.type === "reset") heard.push(data.event.snapshot.notices);
    });
    // Before it has asked for anything it hears what all tabs are told.
    first.emit({ type: "notices", notices: [unknown] });
    const told = () =>
      second.replies.flatMap((reply) =>
        reply.type === "event" && reply.event.type === "notices" ? [reply.event.notices] : [],
      );
    await until(() => told().length === 1);
    void locks.of("older").request("alcove-tab-older", {}, () => new Promise(() => undefined));
    older.postMessage({
      type: "request",
      from: "older",
      request: { id: "1", name: "attach", args: { visible: true } },
    });
    await until(() => heard.length === 1);
    first.emit({ type: "notices", notices: [unknown] });
    await until(() => heard.length === 2);
    assert.deepEqual(heard, [[known], []]);
    await until(() => told().length > 1);
    assert.deepEqual(told(), [[unknown], [unknown]]);
  });

  it("U19: a page that begins is given a long list once: the first rows with the answer, the others after it", async () => {
    const first = new Tab(new ScriptedLocks(), "first");
    first.chats = manyContacts();
    let start: () => void = () => undefined;
    first.booted = new Promise((resolve) => {
      start = resolve;
    });
    const attached = first.ask({ name: "attach", args: { visible: true } });
    first.emit({ type: "devices", jid: "bob@b.example" as BareJid });
    start();
    const { chats } = (await attached) as Snapshot;
    assert.ok(chats.length > 40 && chats.length < 100, `${chats.length} at first`);
    const jids = () => toldOf(first).map(({ jid }) => jid);
    await until(() => jids().length === 5_000 - chats.length);
    assert.equal(new Set([...jids(), ...chats.map(({ jid }) => jid)]).size, 5_000);
    assert.ok(
      !first.replies.some((reply) => reply.type === "event" && reply.event.type === "reset"),
      "all of it twice",
    );
    const again = (await first.ask({ name: "attach", args: { visible: true } })) as Snapshot;
    assert.equal(again.chats.length, 5_000, "a page that has them is not given fewer");
  });

  it("U19: so is the page of a second tab, which hears nothing older of a contact of whom something came meanwhile", async () => {
    mock.timers.enable({ apis: ["setTimeout"] });
    const locks = new ScriptedLocks();
    const [first, second] = [new Tab(locks, "first"), new Tab(locks, "second")];
    first.chats = manyContacts();
    await first.ask({ name: "attach", args: { visible: true } }, untilWithoutTimers);
    const attached = second.ask({ name: "attach", args: { visible: true } }, untilWithoutTimers);
    const { chats } = (await attached) as Snapshot;
    assert.ok(chats.length > 40 && chats.length < 100, `${chats.length} at first`);
    const some = { ...silentContact(4_000), unread: 1 };
    first.emit({ type: "chats", chats: [some], removed: [] });
    await untilWithoutTimers(() => toldOf(second).length > 0);
    passSecond();
    assert.equal(toldOf(second).length, 5_000 - chats.length);
    assert.equal(new Set([...toldOf(second), ...chats].map(({ jid }) => jid)).size, 5_000);
    assert.deepEqual(
      toldOf(second).filter(({ jid }) => jid === some.jid),
      [some],
    );
  });

  it("U19: a second tab that leads before its page was told all of a long list tells what it has itself", async () => {
    mock.timers.enable({ apis: ["setTimeout"] });
    const locks = new ScriptedLocks();
    const [first, second] = [new Tab(locks, "first"), new Tab(locks, "second")];
    first.chats = manyContacts();
    await second.ask({ name: "attach", args: { visible: true } }, untilWithoutTimers);
    first.freeze();
    locks.kill("first");
    await untilWithoutTimers(() =>
      second.replies.some((reply) => reply.type === "event" && reply.event.type === "reset"),
    );
    passSecond();
    assert.equal(toldOf(second).length, 0);
  });

  it("a follower takes over when the leader goes, tells its page, and answers what was open", async () => {
    const locks = new ScriptedLocks();
    const [first, second] = [new Tab(locks, "first"), new Tab(locks, "second")];
    await second.ask({ name: "attach", args: { visible: true } });
    first.freeze();
    const answer = second.ask({ name: "start", args: { address: "x" } });
    locks.kill("first");
    assert.deepEqual(await answer, { ok: true, value: { chat: "second" } });
    await until(() => second.replies.some((reply) => reply.type === "event" && reply.event.type === "reset"));
    assert.deepEqual(
      first.calls.filter((call) => call.startsWith("start")),
      [],
    );
  });

  it("a sign-in that no leader has heard is made by the next; one that has begun is not begun again", async () => {
    for (const heard of [false, true]) {
      const locks = new ScriptedLocks();
      const [first, second, third] = ["first", "second", "third"].map((name) => new Tab(locks, name));
      assert.ok(first && second && third);
      await third.ask({ name: "attach", args: { visible: true } });
      if (!heard) first.freeze();
      const args = { address: "alice@a.example", password: "secret", plain: false };
      const answer = third.ask({ name: "signIn", args });
      if (heard) await until(() => first.calls.includes("signIn"));
      locks.kill("first");
      const failed = { ok: false, error: { kind: "internal" } };
      assert.deepEqual(await answer, heard ? failed : { ok: true, value: { account: "second" } });
      assert.equal(second.calls.includes("signIn"), !heard);
      for (const channel of channels.splice(0)) channel.close();
    }
  });

  it("a sign-in that a leader has heard while it started is answered by it", async () => {
    const locks = new ScriptedLocks();
    const [first, second, third] = ["first", "second", "third"].map((name) => new Tab(locks, name));
    assert.ok(first && second && third);
    await third.ask({ name: "attach", args: { visible: true } });
    let start: () => void = () => undefined;
    second.booted = new Promise((resolve) => {
      start = resolve;
    });
    locks.kill("first");
    first.freeze();
    second.signedIn = second.booted.then(() => new Promise((resolve) => setTimeout(resolve, 50)));
    const answer = third.ask({
      name: "signIn",
      args: { address: "alice@a.example", password: "secret", plain: false },
    });
    await until(() => second.calls.includes("signIn"));
    start();
    assert.deepEqual(await answer, { ok: true, value: { account: "second" } });
    assert.equal(second.calls.filter((call) => call === "signIn").length, 1);
  });

  it("a follower that a new leader does not know gets a snapshot before it is told of events", async () => {
    const locks = new ScriptedLocks();
    const [first, second, third] = ["first", "second", "third"].map((name) => new Tab(locks, name));
    assert.ok(first && second && third);
    await third.ask({ name: "attach", args: { visible: true } });
    await second.ask({ name: "attach", args: { visible: true } });
    second.replies.length = 0;
    first.freeze();
    locks.kill("first");
    // The new leader is told of nobody: what its followers say to it now is lost.
    second.freeze();
    await until(() => second.replies.some((reply) => reply.type === "event" && reply.event.type === "reset"));
    second.thaw();
    third.replies.length = 0;
    await third.ask({ name: "start", args: { address: "x" } });
    second.emit({ type: "devices", jid: "bob@b.example" as BareJid });
    const events = () => third.replies.flatMap((reply) => (reply.type === "event" ? reply.event : []));
    await until(() => events().some(({ type }) => type === "devices"));
    const [told] = events();
    assert.ok(told?.type === "reset");
    assert.equal(leaderOf(told.snapshot), "second");
  });

  it("a leader that gives no answer loses the lock to a visible tab, and stops", async () => {
    const locks = new ScriptedLocks();
    const [first, second] = [new Tab(locks, "first"), new Tab(locks, "second")];
    await second.ask({ name: "attach", args: { visible: true } });
    first.freeze();
    const begin = Date.now();
    assert.deepEqual(await second.ask({ name: "start", args: { address: "x" } }), {
      ok: true,
      value: { chat: "second" },
    });
    assert.ok(Date.now() - begin < 4_000);
    await until(() => first.stopped);
  });

  it("D11: behind a page that rests the next engine rests, too, before it opens anything", async () => {
    const locks = new ScriptedLocks();
    const tab = new Tab(locks, "first");
    await tab.ask({ name: "attach", args: { visible: false } });
    await tab.ask({ name: "notifies", args: { on: true, rests: true } });
    // What a service worker does with a push.
    await locks.of("service worker").request("alcove-engine", { steal: true }, async () => undefined);
    await until(() => tab.boots.length === 2);
    assert.deepEqual(tab.boots, [false, true]);
  });

  it("a leader that was robbed shows what the next one has, also where it missed who that is", async () => {
    const locks = new ScriptedLocks();
    const [first, second] = [new Tab(locks, "first"), new Tab(locks, "second")];
    await first.ask({ name: "attach", args: { visible: true } });
    await second.ask({ name: "attach", args: { visible: true } });
    let end: () => void = () => undefined;
    first.ending = new Promise((resolve) => {
      end = resolve;
    });
    const heard: unknown[] = [];
    second.channel.addEventListener("message", ({ data }: MessageEvent) => heard.push(data));
    first.freeze();
    await second.ask({ name: "start", args: { address: "x" } });
    // What it says to all has come to them, and to the first as well, which still takes itself for the leader.
    const last = new BroadcastChannel("leader-test");
    channels.push(last);
    last.postMessage({ type: "later" });
    await until(() => heard.length > 0);
    first.thaw();
    first.replies.length = 0;
    end();
    const told = () => first.replies.flatMap((reply) => (reply.type === "event" ? reply.event : []));
    await until(() => told().length > 0);
    const [reset] = told();
    assert.ok(reset?.type === "reset");
    assert.equal(leaderOf(reset.snapshot), "second");
  });

  it("a page that asks again and again does not put off that a silent leader loses the lock", async () => {
    const locks = new ScriptedLocks();
    const [first, second] = [new Tab(locks, "first"), new Tab(locks, "second")];
    await second.ask({ name: "attach", args: { visible: true } });
    first.freeze();
    const again = setInterval(() => void second.ask({ name: "visible", args: { visible: true } }), 500);
    try {
      await until(() => first.stopped);
    } finally {
      clearInterval(again);
    }
  });

  it("D11: a tab that is looked at is not taken for gone because its lock was granted late", async () => {
    const locks = new ScriptedLocks();
    const first = new Tab(locks, "first");
    await first.ask({ name: "attach", args: { visible: true } });
    locks.late = (name, tab) => tab === "second" && name.startsWith("alcove-tab-");
    const second = new Tab(locks, "second");
    const attached = second.ask({ name: "attach", args: { visible: true } });
    await new Promise((resolve) => setImmediate(resolve));
    locks.catchUp();
    await attached;
    await first.ask({ name: "visible", args: { visible: false } });
    assert.equal(first.calls.at(-1), "visible true");
    first.emit({ type: "devices", jid: "bob@b.example" as BareJid });
    await until(() => second.replies.some((reply) => reply.type === "event" && reply.event.type === "devices"));
  });

  it("the engine is visible while any tab is, and learns that a tab has died", async () => {
    const locks = new ScriptedLocks();
    const [first, second] = [new Tab(locks, "first"), new Tab(locks, "second")];
    await first.ask({ name: "visible", args: { visible: false } });
    await second.ask({ name: "attach", args: { visible: true } });
    await second.ask({ name: "visible", args: { visible: true } });
    await until(() => first.calls.at(-1) === "visible true");
    locks.kill("second");
    await until(() => first.calls.at(-1) === "visible false");
  });
});
