/** Two tabs of one browser, each with a worker of its own, over one store: what went wrong elsewhere. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, it } from "node:test";
import type { Result } from "../../../worker/contract/failures.ts";
import { TabLeader } from "../tabs/leader.ts";
import { keysOf, usedTwice } from "../testing/message-keys.ts";
import type { Reply, Request } from "../tabs/messages.ts";
import type { TimelinePage } from "../protocol/conversations.ts";
import { newClientId, type Snapshot } from "../protocol/engine.ts";
import { ScriptedLocks } from "../testing/scripted-locks.ts";
import type { TestBrowser } from "../testing/browser.ts";
import { until } from "../testing/browser.ts";
import { ALICE, BOB, Fixture } from "../testing/fixture.ts";

/** A tab of a browser: its worker leads or follows, as the locks have it. */
class Tab {
  readonly #replies = new Map<string, (reply: Reply) => void>();
  readonly #channel = new BroadcastChannel("two-tabs-test");
  readonly #leader: TabLeader;
  readonly #engines: { stop(): Promise<void> }[] = [];

  constructor(of: TestBrowser, locks: ScriptedLocks, name: string) {
    of.useDisk();
    this.#leader = new TabLeader({
      startEngine: (emit) => {
        const engine = of.newEngine(emit);
        this.#engines.push(engine);
        return engine;
      },
      toPage: (reply) => reply.type !== "event" && this.#replies.get(reply.id)?.(reply),
      channel: this.#channel,
      locks: locks.of(name),
    });
  }

  /** What the engine answers, whichever tab has it. */
  ask<Answer>(request: Omit<Request, "id">): Promise<Answer> {
    const id = crypto.randomUUID();
    return new Promise((resolve, reject) => {
      this.#replies.set(id, (reply) => {
        if (reply.type === "answer") resolve(reply.value as Answer);
        else reject(new Error(JSON.stringify(reply)));
      });
      this.#leader.request({ ...request, id } as Request);
    });
  }

  async sends(text: string): Promise<void> {
    const answer = await this.ask<Result<unknown>>({
      name: "send",
      args: { client: newClientId(), chat: BOB, text },
    } as Request);
    assert.equal(answer.ok, true, text);
  }

  async texts(): Promise<readonly string[]> {
    const page = await this.ask<TimelinePage>({ name: "timeline", args: { chat: BOB } } as Request);
    return page.items.map(({ body }) => (body.kind === "text" ? body.text : `<${body.reason}>`));
  }

  async close(): Promise<void> {
    this.#channel.close();
    for (const engine of this.#engines) await engine.stop();
  }
}

let fixture: Fixture;
let alice: TestBrowser;
let bob: TestBrowser;
let locks: ScriptedLocks;
let tabs: readonly [Tab, Tab];

beforeEach(async () => {
  fixture = new Fixture();
  bob = await fixture.browser(BOB);
  alice = await fixture.browser(ALICE);
  await fixture.acquaint(alice, bob);
  await alice.die();
  locks = new ScriptedLocks();
  tabs = [new Tab(alice, locks, "first"), new Tab(alice, locks, "second")];
  for (const tab of tabs) await tab.ask({ name: "attach", args: { visible: true } } as Request);
});

afterEach(async () => {
  for (const tab of tabs) await tab.close();
  await fixture.end();
});

/** Every message that left alice. */
const messages = () =>
  fixture.sent(ALICE, BOB).flatMap(({ content }) => (content.kind === "omemo" ? [content.omemo] : []));

it("Converse 1: what is written in a second tab cannot be read by the contact, and the writer is told nothing", async () => {
  const written: string[] = [];
  for (let round = 0; round < 5; round++) {
    await Promise.all(tabs.map((tab, at) => tab.sends(`tab ${at}, ${round}`)));
    written.push(`tab 0, ${round}`, `tab 1, ${round}`);
  }
  await until(async () => (await bob.texts(ALICE)).length === written.length + 2);
  assert.deepEqual((await bob.texts(ALICE)).slice(2).toSorted(), written.toSorted());
  assert.deepEqual(usedTwice(messages()), []);
  assert.ok(messages().flatMap(keysOf).length > written.length);
});

it("Movim 16: the tab that comes second has no text, and writes over that of the first that there is none", async () => {
  await bob.send({ chat: ALICE, text: "for both tabs" });
  for (const tab of tabs) await until(async () => (await tab.texts()).at(-1) === "for both tabs");
  locks.kill("first");
  const [, second] = tabs;
  await bob.send({ chat: ALICE, text: "for the one that is left" });
  const expected = ["hello", "hello too", "for both tabs", "for the one that is left"];
  await until(async () => (await second.texts()).join() === expected.join());
  await second.sends("read");
  await until(async () => (await bob.texts(ALICE)).at(-1) === "read");
});

it("S3: a new device that is seen in two tabs at once is met once, and what waited leaves once", async () => {
  alice.attentive = false;
  const phone = await fixture.browser(BOB, "Chrome on Android");
  const trust = async () => {
    const [tab] = tabs;
    const { chats } = await tab.ask<Snapshot>({ name: "attach", args: { visible: true } } as Request);
    return chats.find(({ jid }) => jid === BOB)?.trust;
  };
  await until(async () => (await trust())?.kind === "new-device");
  await Promise.all(tabs.map((tab, at) => tab.sends(`waits, ${at}`)));
  const devices = (await trust())?.devices ?? [];
  await Promise.all(
    tabs.map((tab) => tab.ask<void>({ name: "devicesSeen", args: { devices } } as Omit<Request, "id">)),
  );
  for (const by of [bob, phone])
    await until(async () => (await by.texts(ALICE)).filter((text) => text.startsWith("waits")).length === 2);
  assert.equal(await trust(), undefined);
  assert.deepEqual(usedTwice(messages()), []);
});
