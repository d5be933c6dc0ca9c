/**
 * Histories that are handed over between two real Chromiums, with a real Prosody and the object in real workerd, while browsers are
 * killed (SIGKILL to every process of one), the object is reset, sockets are cut, the disk is full, or one of both is signed
 * out. After each round both databases are looked into, and the new browser has to say in words how it ended.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ask, noteEngine } from "../e2e/page-engine.ts";
import { Person } from "../e2e/person.ts";
import { readText } from "../e2e/screen.ts";
import { until } from "../e2e/waiting.ts";
import { TcpProxy } from "../faults/proxy.ts";
import { doom, type Doomed } from "../kills/kill.ts";
import { ALICE, type Stack, startStack } from "../stack.ts";
import { keptOf, named, putPast } from "./past.ts";
import { describe, makeRounds, type Round, type Strike } from "./strikes.ts";

const DATABASE = `alcove:${ALICE.name}@localhost`;
const PEOPLE = named("friend", 6);
const ROOMS = named("room", 2, "rooms.localhost");
/** A page that was killed stands again, and what it was at. */
const BACK_MS = 180_000;
const ENDS_MS = 240_000;
/** A round whose strike did not come by then goes on without it. */
const MOMENT_MS = 90_000;
const NO_ROOM_BYTES = 1;
const WORKER_PORT = 3;
/** A browser that has ended may still write for a moment. */
const GONE = { recursive: true, force: true, maxRetries: 20 } as const;
const ENDS = [
  /[\d,]+ older messages came from|One older message came from/,
  /No older message was missing here/,
  /was signed out before all older messages were here/,
] as const;

export type BrowserRun = {
  readonly rounds: number;
  readonly seed: number;
  readonly messages: number;
  /** Which rounds are played, the first is 1. Default: all of them. */
  readonly only?: readonly number[] | undefined;
  /** The first of fifteen ports. */
  readonly basePort: number;
  readonly say: (line: string) => void;
};

/** @returns what was wrong, in words. */
export async function runBrowsers({
  rounds,
  seed,
  messages,
  only,
  basePort,
  say,
}: BrowserRun): Promise<readonly string[]> {
  const stack = await startStack({ name: "handover", basePort, endpoint: "starttls" });
  const folder = await mkdtemp(join(tmpdir(), "alcove-handover-"));
  const wrong: string[] = [];
  const older = async () => {
    const one = new Kept(stack, "the giver", join(folder, "giver"), basePort + 10, basePort + WORKER_PORT);
    await one.begin();
    await one.has("texts", messages);
    await ask(one.page, "revoke", { browser: "others" });
    return one;
  };
  let giver: Kept | undefined;
  try {
    giver = await older();
    const all = await giver.page.evaluate(keptOf, DATABASE);
    for (const [at, round] of makeRounds({ rounds, seed }).entries()) {
      if (only?.includes(at + 1) === false) continue;
      const taker = new Kept(
        stack,
        `taker ${at + 1}`,
        join(folder, `taker-${at}`),
        basePort + 11,
        basePort + WORKER_PORT,
      );
      const began = performance.now();
      let end = "";
      try {
        await taker.begin();
        await taker.has("places", messages);
        end = await new Played(stack, giver, taker, messages).play(round);
        wrong.push(...(await judged(round, giver, taker, all, end)).map((words) => `round ${at + 1}: ${words}`));
      } catch (error) {
        const seen = await Promise.all([giver, taker].map((who) => who.seen()));
        wrong.push(`round ${at + 1} (${describe(round)}): ${String(error)} ${JSON.stringify(seen)}`);
        say(wrong.at(-1) ?? "");
      }
      const seconds = Math.round((performance.now() - began) / 1_000);
      say(`${at + 1}: ${describe(round)}: ${end || "no end"} (${seconds} s, ${wrong.length} wrong so far)`);
      await taker.end();
      if (round.revoke === "giver") {
        await giver.end();
        giver = await older();
      } else await giver.alone();
    }
  } finally {
    await giver?.end();
    await stack.stop();
    await rm(folder, GONE);
  }
  return wrong;
}

/** A browser on a profile that outlives it, behind a proxy of its own. */
class Kept {
  readonly proxy: TcpProxy;
  readonly #stack: Stack;
  readonly #called: string;
  readonly #profile: string;
  #person: Person | undefined;
  #doomed: Doomed | undefined;

  constructor(stack: Stack, called: string, profile: string, port: number, worker: number) {
    this.#stack = stack;
    this.#called = called;
    this.#profile = profile;
    this.proxy = new TcpProxy(port, worker);
  }

  get person(): Person {
    if (this.#person === undefined) throw new Error(`${this.#called} is not open`);
    return this.#person;
  }

  get page() {
    return this.person.page;
  }

  async begin(): Promise<void> {
    await this.proxy.start();
    await this.open();
  }

  /** Opens it on its profile; whoever is asked for a password gives it. */
  async open(): Promise<void> {
    this.#person = await Person.open(this.#stack, {
      called: this.#called,
      profile: this.#profile,
      home: `http://localhost:${this.proxy.port}`,
      prepare: async (page) => {
        this.#doomed = doom(page.browser());
        await noteEngine(page);
      },
    });
    const { person, page } = this;
    await until(
      `${this.#called} is connected`,
      async () => {
        await this.signsInAgain();
        const stands = (await readText(page, "nav h1")) !== undefined;
        return stands && (await person.connection()) === undefined;
      },
      { describe: () => person.words() },
    );
  }

  /**
   * Where a form stands: also a moment after what was kept, for only then the object has said that nobody is signed in. A cookie is
   * on the disk after half a minute.
   */
  async signsInAgain(): Promise<void> {
    if ((await readText(this.page, "form h1")) === undefined) return;
    await this.person.fillSignIn(`${ALICE.name}@localhost`, ALICE.password);
    await until(`${this.#called} is signed in`, async () => (await readText(this.page, "form h1")) === undefined);
  }

  async has(as: "texts" | "places", messages: number): Promise<void> {
    await this.page.evaluate(putPast, DATABASE, { messages, people: PEOPLE, rooms: ROOMS, as });
    await this.person.reload();
    await this.person.isConnected();
  }

  async kill(): Promise<void> {
    this.#doomed?.kill();
    await this.#doomed?.gone();
  }

  async reload(): Promise<void> {
    await this.person.reload();
  }

  /** Everything that was allowed is over: what has come since the beginning of the round is signed out. */
  async alone(): Promise<void> {
    await ask(this.page, "revoke", { browser: "others" });
    for (const notice of await this.person.notices()) {
      if (/Got it/.test(notice)) await this.person.pressIfThere("Got it");
      if (/Close/.test(notice)) await this.person.pressIfThere("Close");
    }
  }

  /** Presses where there is something to press, without an error where the browser is gone meanwhile. */
  press(words: string): Promise<void> {
    return this.person.pressIfThere(words);
  }

  async words(): Promise<string> {
    return (await this.person.notices()).join("\n");
  }

  async seen(): Promise<readonly string[]> {
    if (this.#person === undefined || this.page.isClosed()) return ["closed"];
    return this.person.notices().catch(() => ["nothing"]);
  }

  /** As it says itself; looking into the database would hold it up. */
  async readable(): Promise<number> {
    const [, done = "0"] = /([\d,]+) of [\d,]+/.exec(await this.words()) ?? [];
    return Number(done.replaceAll(",", ""));
  }

  /** Its disk has no room any more, or as much as there is. */
  async hasRoom(has: boolean): Promise<void> {
    const session = await this.page.createCDPSession();
    const { origin } = new URL(this.page.url());
    await session.send("Storage.overrideQuotaForOrigin", { origin, ...(!has && { quotaSize: NO_ROOM_BYTES }) });
  }

  async end(): Promise<void> {
    await this.#person?.close().catch(() => undefined);
    await this.proxy.stop();
    await rm(this.#profile, GONE);
  }
}

/** One round. */
class Played {
  readonly #stack: Stack;
  readonly #giver: Kept;
  readonly #taker: Kept;
  readonly #messages: number;

  constructor(stack: Stack, giver: Kept, taker: Kept, messages: number) {
    this.#stack = stack;
    this.#giver = giver;
    this.#taker = taker;
    this.#messages = messages;
  }

  /** @returns the words in which it ended */
  async play({ strikes, revoke }: Round): Promise<string> {
    const [giver, taker] = [this.#giver, this.#taker];
    // It may be asked about before there is a code, and that may be another one a moment later: then it is pressed again.
    await until(
      "it is allowed",
      async () => {
        await giver.press("Allow and send history");
        return /Allowed here/.test(await giver.words());
      },
      { withinMs: BACK_MS, describe: async () => [await giver.seen(), await taker.seen()] },
    );
    const early = strikes.filter(({ at }) => at < 0);
    for (const strike of early) await this.#strike(strike);
    await until(
      "the new browser asks, and Yes is pressed",
      async () => {
        // After so many pages that were loaded anew each asks for a press before there is one more code.
        for (const who of [giver, taker])
          if (/Show another code/.test(await who.words())) await who.press("Show another code");
        await taker.signsInAgain();
        await giver.press("Allow and send history");
        await taker.press("Yes, the same");
        return (
          !/Did it show this code/.test(await taker.words()) && /older messages|No older/.test(await taker.words())
        );
      },
      { withinMs: BACK_MS, describe: async () => [await giver.seen(), await taker.seen()] },
    );
    for (const strike of strikes.filter(({ at }) => at >= 0)) {
      await this.#moment(strike.at);
      await this.#strike(strike);
    }
    if (revoke !== undefined) {
      await this.#moment(50);
      await this.#revoke(revoke);
      if (revoke === "taker") {
        await until("the new browser is signed out", () => readText(taker.page, "form h1"), { withinMs: BACK_MS });
        return "signed out";
      }
    }
    return until(
      "it ends, and says how",
      async () => {
        await taker.signsInAgain();
        if (/Make room and continue/.test(await taker.words())) await taker.press("Continue");
        return this.#end();
      },
      { withinMs: ENDS_MS, describe: async () => [await giver.seen(), await taker.seen()] },
    );
  }

  /** The words in which the new browser says that it is over. */
  async #end(): Promise<string | undefined> {
    const words = await this.#taker.words();
    return ENDS.map((end) => end.exec(words)?.[0]).find((found) => found !== undefined);
  }

  /** So many of a hundred messages are here, or it is over. */
  async #moment(percent: number): Promise<void> {
    const wanted = (this.#messages * percent) / 100;
    const over = async () => (await this.#end()) !== undefined || (await this.#taker.readable()) >= wanted;
    await until("the moment has come", over, { withinMs: MOMENT_MS }).catch(() => undefined);
  }

  async #strike({ kind }: Strike): Promise<void> {
    const [giver, taker] = [this.#giver, this.#taker];
    switch (kind) {
      case "kill-taker":
      case "kill-giver": {
        const who = kind === "kill-taker" ? taker : giver;
        await who.kill();
        await who.open();
        return;
      }
      case "reset-object":
        return this.#stack.resetObject(`${ALICE.name}@localhost`);
      case "cut-taker":
        taker.proxy.cut("reset");
        return;
      case "cut-giver":
        giver.proxy.cut("end");
        return;
      case "reload-taker":
        return taker.reload();
      case "full-disk": {
        await taker.hasRoom(false);
        const said = async () => (await this.#end()) !== undefined || /There is no room/.test(await taker.words());
        await until("it says that there is no room, or it was over", said, { withinMs: 10_000 }).catch(() => undefined);
        await taker.hasRoom(true);
      }
    }
  }

  async #revoke(whom: "taker" | "giver"): Promise<void> {
    const by = whom === "taker" ? this.#giver : this.#taker;
    await ask(by.page, "revoke", { browser: "others" });
  }
}

/** What is wrong in the databases afterwards. */
async function judged(
  { revoke }: Round,
  giver: Kept,
  taker: Kept,
  all: readonly string[],
  end: string,
): Promise<readonly string[]> {
  const wrong: string[] = [];
  // Whoever is signed out keeps nothing.
  const given = revoke === "giver" ? all : await giver.page.evaluate(keptOf, DATABASE);
  if (given.join("\n") !== all.join("\n")) wrong.push("the giver's messages are others");
  if (end === "signed out") return wrong;
  const got = await taker.page.evaluate(keptOf, DATABASE);
  const idOf = (row: string) => (JSON.parse(row) as { readonly id: string }).id;
  if (got.map(idOf).join() !== all.map(idOf).join()) wrong.push("rows were lost or doubled");
  const holes = got.filter((row) => row.includes('"before-device"')).length;
  if (/came from/.test(end) && holes > 0) wrong.push(`${holes} are missing though it says that it ended`);
  const theirs = new Set(all);
  const others = got.filter((row) => !row.includes('"before-device"') && !theirs.has(row));
  if (others.length > 0) wrong.push(`${others.length} rows say something else, like ${others[0]}`);
  return wrong;
}
