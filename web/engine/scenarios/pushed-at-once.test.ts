/**
 * The same messages opened by a tab and by a service worker at once, by chance of one seed after the other: whoever is overtaken, at whatever
 * moment, no key is used twice, no row is there twice, and the conversation goes on.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { MessageEntry } from "../../../worker/contract/entries.ts";
import type { BareJid, Seq } from "../../../worker/contract/names.ts";
import { CONTRACT_VERSION } from "../../../worker/contract/version.ts";
import { readPushed } from "../pushed/read-pushed.ts";
import { SupersededError } from "../store/unit.ts";
import { leadBriefly } from "../tabs/briefly.ts";
import { TabLeader } from "../tabs/leader.ts";
import type { Request } from "../tabs/messages.ts";
import { PROMPT, type TestBrowser, until } from "../testing/browser.ts";
import { ALICE, BOB, Fixture } from "../testing/fixture.ts";
import { usedTwice } from "../testing/message-keys.ts";
import { ScriptedLocks } from "../testing/scripted-locks.ts";

const ROUNDS = 12;
/** Of a page of the conversation. */
const NEWEST = 20;
const SEED = 20_261_128;
/** About as long as either needs for a message. */
const MOMENT_MS = 25;

let fixture: Fixture;
let alice: TestBrowser;
let bob: TestBrowser;
let channel: BroadcastChannel;
const engines: TestBrowser["engine"][] = [];
const locks = new ScriptedLocks();

before(async () => {
  fixture = new Fixture();
  bob = await fixture.browser(BOB);
  alice = await fixture.browser(ALICE);
  await fixture.acquaint(alice, bob);
  await alice.die();
  channel = new BroadcastChannel("pushed-at-once");
  const leader = new TabLeader({
    startEngine: (emit) => {
      alice.useDisk();
      const engine = alice.newEngine(emit);
      engines.push(engine);
      return engine;
    },
    toPage: () => undefined,
    channel,
    locks: locks.of("tab"),
  });
  leader.request({ id: "1", name: "attach", args: { visible: false } } as Request);
});
after(async () => {
  channel.close();
  for (const engine of engines) await engine.stop();
  await fixture.end();
});

const object = () => fixture.object(ALICE);
const textsOf = async (engine: TestBrowser["engine"] | undefined, chat: BareJid) =>
  ((await engine?.timeline({ chat }))?.items ?? []).map(({ body }) =>
    body.kind === "text" ? body.text : `<${body.reason}>`,
  );
const newest = (texts: readonly string[]) => texts.slice(-NEWEST).join("|");
const said = (by: BareJid, { log } = object()) =>
  log.filter((entry): entry is MessageEntry => entry.kind === "message" && entry.sender === by);
const sealedBy = (by: BareJid, of: BareJid) =>
  said(by, fixture.object(of)).flatMap(({ content }) => (content.kind === "omemo" ? content.omemo : []));

/** What the object would push now. */
function push(since: number): Parameters<typeof readPushed>[0] {
  const { browser } = alice.remote;
  const answer = object().entries(browser, since);
  assert.ok(answer.ok);
  const { epoch, entries } = answer.value;
  const head = object().log.length as Seq;
  return { contract: CONTRACT_VERSION, browser, epoch, head, now: Date.now(), after: since as Seq, entries };
}

/** What reads it ends in its own way where it was overtaken itself. */
async function rung(since: number): Promise<void> {
  const job = () => {
    alice.useDisk();
    return readPushed(push(since), alice.remote, async () => undefined, PROMPT);
  };
  await leadBriefly(locks.of("service worker"), job).catch((error: unknown) => {
    if (!(error instanceof SupersededError)) throw error;
  });
}

/** Seeded (mulberry32): the same seed, the same plan. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

test("a tab and a service worker that open the same messages at once", async () => {
  const chance = random(SEED);
  const expected = ["hello", "hello too"];
  for (let round = 0; round < ROUNDS; round += 1) {
    await until(() => engines.at(-1)?.snapshot().session.state === "signed-in");
    const since = object().log.length;
    const texts = Array.from({ length: 1 + Math.floor(chance() * 3) }, (_, at) => `round ${round}, text ${at}`);
    const heard = said(BOB).length;
    // A socket that has stalled, or one that tells at the same moment.
    const stalled = chance() < 0.3;
    if (stalled) alice.remote.unplug();
    for (const text of texts) await bob.send({ chat: ALICE, text });
    await until(() => said(BOB).length >= heard + texts.length);
    if (stalled) alice.remote.plug();
    const rings = Array.from({ length: 1 + Math.floor(chance() * 2) }, async () => {
      await sleep(chance() * MOMENT_MS);
      await rung(since);
    });
    await Promise.all(rings);
    expected.push(...texts);
    await until(
      async () => newest(await textsOf(engines.at(-1), BOB)) === newest(expected),
      async () => `round ${round}: expected ${newest(expected)}, is ${newest(await textsOf(engines.at(-1), BOB))}`,
    );
    if (chance() < 0.5) continue;
    const answer = `answer ${round}`;
    const client = crypto.randomUUID() as Parameters<TestBrowser["engine"]["send"]>[0]["client"];
    await engines.at(-1)?.send({ client, chat: BOB, text: answer });
    expected.push(answer);
    await until(async () => newest(await bob.texts(ALICE)) === newest(expected));
  }
  assert.ok(engines.length > ROUNDS / 2, "the tab was overtaken again and again");
  assert.deepEqual(usedTwice(sealedBy(ALICE, ALICE)), []);
  assert.deepEqual(usedTwice(sealedBy(BOB, BOB)), []);
  alice.engine = engines.at(-1) ?? alice.engine;
  const rows = await alice.rows("messages");
  assert.equal(new Set(rows.map(({ key }) => key)).size, rows.length);
  const shown = rows.filter(({ chat, hidden }) => chat === BOB && hidden === 0);
  assert.equal(shown.length, expected.length);
});
