/**
 * A tab and a service worker of one browser open the same messages, and one of them, or both with the whole browser, ends at a write to
 * the disk that a seed has chosen. Then a tab comes back, and nothing is lost, doubled, or written with a key that was used.
 */
import type { MessageEntry } from "../../../worker/contract/entries.ts";
import type { BareJid, Seq } from "../../../worker/contract/names.ts";
import type { OmemoMessage } from "../../../worker/contract/omemo.ts";
import { CONTRACT_VERSION } from "../../../worker/contract/version.ts";
import { newClientId } from "../protocol/engine.ts";
import { readPushed } from "../pushed/read-pushed.ts";
import { TabLeader } from "../tabs/leader.ts";
import type { Request } from "../tabs/messages.ts";
import { PROMPT, type TestBrowser, until } from "./browser.ts";
import { ALICE, BOB, Fixture } from "./fixture.ts";
import { usedTwice } from "./message-keys.ts";
import { Mortal } from "./mortal.ts";
import { ScriptedLocks } from "./scripted-locks.ts";

type Worker = { readonly process: Mortal; readonly leadBriefly: typeof import("../tabs/briefly.ts").leadBriefly };

/** Who ends. */
type Victim = "worker" | "tab" | "browser";
const VICTIMS: readonly Victim[] = ["worker", "tab", "browser"];
/** At which write of the round, at most; fewer come about where little is left to do. */
const MOST_WRITES = 10;
/** So much later than the write begins, at most: before its commit, in it, behind it. */
const LONGEST_AFTER_MS = 12;
const MOMENT_MS = 25;

export type Played = {
  /** What was found wrong, in words; none: all is well. */
  readonly wrong: readonly string[];
  /** How often each ended while it wrote, and how often in peace, for less was written than was waited for. */
  readonly struck: Readonly<Record<Victim, number>>;
  readonly inPeace: number;
  readonly texts: number;
  readonly engines: number;
};

/** The same for the same numbers as far as machines go: who ends, at which write, who says what. */
export async function playPushedAndKilled(
  { rounds, seed }: { readonly rounds: number; readonly seed: number },
  say: (line: string) => void = () => undefined,
): Promise<Played> {
  const play = new Play(random(seed));
  await play.begin();
  try {
    for (let round = 0; round < rounds; round += 1) {
      await play.round(round);
      if ((round + 1) % 10 === 0) say(`${round + 1} rounds`);
    }
    return await play.judged();
  } finally {
    await play.end();
  }
}

class Play {
  readonly #chance: () => number;
  readonly #fixture = new Fixture();
  #alice!: TestBrowser;
  #bob!: TestBrowser;
  readonly #locks = new ScriptedLocks();
  readonly #engines: TestBrowser["engine"][] = [];
  readonly #channels: BroadcastChannel[] = [];
  readonly #wrong: string[] = [];
  readonly #struck: Record<Victim, number> = { worker: 0, tab: 0, browser: 0 };
  #inPeace = 0;
  #texts = 0;
  #names = 0;
  #tab!: Mortal;
  #worker: Worker | undefined;
  #strike: { readonly victim: Victim; writes: number; readonly afterMs: number } | undefined;
  #due: Promise<void> = Promise.resolve();

  constructor(chance: () => number) {
    this.#chance = chance;
  }

  async begin(): Promise<void> {
    this.#bob = await this.#fixture.browser(BOB);
    this.#alice = await this.#fixture.browser(ALICE);
    await this.#fixture.acquaint(this.#alice, this.#bob);
    await this.#alice.die();
    this.#openTab();
  }

  async end(): Promise<void> {
    for (const channel of this.#channels) channel.close();
    this.#worker?.process.kill();
    this.#tab.kill();
    for (const engine of this.#engines) await engine.stop().catch(() => undefined);
    await this.#fixture.end();
  }

  get #object() {
    return this.#fixture.object(ALICE);
  }

  get #engine(): TestBrowser["engine"] | undefined {
    return this.#engines.at(-1);
  }

  #begins(name: string): Mortal {
    this.#names += 1;
    return new Mortal(`${name} ${this.#names}`, this.#locks, () => this.#writes());
  }

  #openTab(): void {
    const tab = this.#begins("tab");
    this.#tab = tab;
    const alice = this.#alice;
    const channel = new BroadcastChannel(`pushed-and-killed ${crypto.randomUUID()}`);
    this.#channels.push(channel);
    tab.run(() => {
      const leader = new TabLeader({
        startEngine: (emit) =>
          tab.run(() => {
            alice.useDisk(Mortal.disk);
            const way = {
              remote: tab.remote(alice.remote),
              openLive: tab.live((...args) => alice.remote.openLive(...args)),
            };
            const engine = alice.newEngine(emit, way);
            this.#engines.push(engine);
            return engine;
          }),
        toPage: () => undefined,
        channel,
        locks: tab.locks,
      });
      leader.request({ id: "1", name: "attach", args: { visible: false } } as Request);
    });
  }

  /** One of them is about to write. */
  #writes(): void {
    const strike = this.#strike;
    if (strike === undefined) return;
    strike.writes -= 1;
    if (strike.writes > 0) return;
    this.#strike = undefined;
    this.#due = after(strike.afterMs).then(() => {
      this.#struck[strike.victim] += 1;
      this.#kill(strike.victim);
    });
  }

  #kill(victim: Victim): void {
    if (victim !== "tab") this.#worker?.process.kill();
    if (victim === "worker") return;
    this.#tab.kill();
    this.#alice.remote.cut();
    const dead = this.#engine;
    void dead?.stop().catch(() => undefined);
    this.#openTab();
  }

  async round(round: number): Promise<void> {
    const [alice, bob, chance] = [this.#alice, this.#bob, this.#chance];
    await until(() => this.#engine?.snapshot().connection.socket === "open");
    const since = this.#object.log.length;
    const texts = Array.from({ length: 1 + Math.floor(chance() * 3) }, (_, at) => `round ${round}, text ${at}`);
    const heard = this.#said(BOB).length;
    // Else the tab has mostly read it before anybody is rung.
    const stalled = chance() < 0.7;
    if (stalled) alice.remote.unplug();
    for (const text of texts) await bob.send({ chat: ALICE, text });
    await until(() => this.#said(BOB).length >= heard + texts.length);

    this.#strike = {
      victim: VICTIMS[Math.floor(chance() * VICTIMS.length)] ?? "worker",
      writes: 1 + Math.floor(chance() * MOST_WRITES),
      afterMs: Math.max(0, (chance() * 2 - 1) * LONGEST_AFTER_MS),
    };
    const { victim } = this.#strike;
    if (stalled) alice.remote.plug();
    const answer = chance() < 0.8 ? `round ${round}, answer` : undefined;
    let taken = false;
    if (answer !== undefined) {
      const asked = this.#engine?.send({ client: newClientId(), chat: BOB, text: answer });
      void asked?.then(({ ok }) => (taken = ok)).catch(() => undefined);
    }
    const rings = Array.from({ length: 1 + Math.floor(chance() * 2) }, async () => {
      await after(chance() * MOMENT_MS);
      const worker = await this.#wakes();
      await Promise.race([this.#rung(worker, since), this.#dies(worker)]);
    });
    await Promise.all(rings);
    await this.#due;
    if (this.#strike !== undefined) {
      this.#strike = undefined;
      this.#inPeace += 1;
      this.#kill(victim);
    }
    // By the same chain as the answer before, whoever has written to the disk in between.
    const again = chance() < 0.8 ? `round ${round}, answered again` : undefined;
    if (again !== undefined) {
      await until(() => this.#engine?.snapshot().session.state === "signed-in");
      await this.#engine?.send({ client: newClientId(), chat: BOB, text: again });
    }
    const rest = again === undefined ? texts : [...texts, again];
    await this.#settles(round, rest, answer, () => taken);
  }

  /** The service worker that runs, or another one: what a process remembers ends with it, so each has modules of its own. */
  async #wakes(): Promise<Worker> {
    if (this.#worker?.process.dead === false) return this.#worker;
    const process = this.#begins("service worker");
    const briefly = (await import(`../tabs/briefly.ts?of=${this.#names}`)) as typeof import("../tabs/briefly.ts");
    this.#worker = { process, leadBriefly: briefly.leadBriefly };
    return this.#worker;
  }

  /** What reads it ends in its own way where it was overtaken. */
  async #rung(worker: Worker, since: number): Promise<void> {
    const alice = this.#alice;
    const { process } = worker;
    const read = () => {
      alice.useDisk(Mortal.disk);
      return readPushed(this.#push(since), process.remote(alice.remote), async () => undefined, PROMPT);
    };
    await process.run(() => worker.leadBriefly(process.locks, () => process.run(read)).catch(() => undefined));
  }

  async #dies({ process }: Worker): Promise<void> {
    while (!process.dead) await after(1);
  }

  /** Both sides show the same of this round: each text once, what was taken among them. */
  async #settles(round: number, texts: readonly string[], answer: string | undefined, taken: () => boolean) {
    this.#texts += texts.length;
    const ofRound = async (engine: TestBrowser["engine"] | undefined, chat: BareJid) =>
      ((await engine?.timeline({ chat }))?.items ?? [])
        .map(({ body }) => (body.kind === "text" ? body.text : `<${body.reason}>`))
        .filter((text) => text.startsWith(`round ${round},`) || text.startsWith("<"))
        .sort();
    const here = () => ofRound(this.#engine, BOB);
    const there = () => ofRound(this.#bob.engine, ALICE);
    const isRight = async () => {
      const [mine, theirs] = [await here(), await there()];
      if (mine.join("|") !== theirs.join("|")) return false;
      const expected = answer !== undefined && (taken() || mine.includes(answer)) ? [answer, ...texts] : texts;
      return mine.join("|") === expected.toSorted().join("|");
    };
    await until(isRight, async () => `round ${round}: ${(await here()).join()} / ${(await there()).join()}`).catch(
      (error: unknown) => {
        this.#wrong.push(error instanceof Error ? error.message : String(error));
      },
    );
  }

  /** What the object would push now. */
  #push(since: number): Parameters<typeof readPushed>[0] {
    const { browser } = this.#alice.remote;
    const answer = this.#object.entries(browser, since);
    if (!answer.ok) throw new Error(answer.error.kind);
    const { epoch, entries } = answer.value;
    const head = this.#object.log.length as Seq;
    return { contract: CONTRACT_VERSION, browser, epoch, head, now: Date.now(), after: since as Seq, entries };
  }

  #said(by: BareJid, of: BareJid = ALICE): readonly MessageEntry[] {
    const { log } = this.#fixture.object(of);
    return log.filter((entry): entry is MessageEntry => entry.kind === "message" && entry.sender === by);
  }

  async judged(): Promise<Played> {
    const sealed = (by: BareJid): readonly OmemoMessage[] =>
      this.#said(by, by).flatMap(({ content }) => (content.kind === "omemo" ? content.omemo : []));
    for (const by of [ALICE, BOB]) this.#wrong.push(...usedTwice(sealed(by)).map((place) => `key twice: ${place}`));
    const alice = this.#alice;
    alice.engine = this.#engine ?? alice.engine;
    const rows = await alice.rows("messages");
    const [keys, positions] = [rows.map(({ key }) => key), rows.map(({ chat, position }) => `${chat} ${position}`)];
    for (const [what, all] of [
      ["row", keys],
      ["place", positions],
    ] as const)
      if (new Set<unknown>(all).size !== all.length) this.#wrong.push(`a ${what} is there twice`);
    return {
      wrong: this.#wrong,
      struck: this.#struck,
      inPeace: this.#inPeace,
      texts: this.#texts,
      engines: this.#engines.length,
    };
  }
}

function after(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Seeded (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
