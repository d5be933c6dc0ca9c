/** Hostile words by a real server: what ill-meaning people send to somebody with the real page and the real engine. */
import type { Page } from "puppeteer-core";
import { startDevWorker } from "../../tools/dev-worker.ts";
import { Person } from "../e2e/person.ts";
import { until } from "../e2e/waiting.ts";
import { ALICE, BOB, type Stack, startStack } from "../stack.ts";
import { claimPorts } from "../xmpp-server/ports.ts";
import { configuration, DOMAIN, HostilePeers, MALLORY, ROOM, sendable } from "./hostile-peers.ts";
import { Looks, type RowShown, settled, stands } from "./looks.ts";
import { auditOf, notedIn, watch } from "./watching.ts";

const AT_ONCE = 10;
/** Above what `claimPorts` gives to the parts of a stack. */
const COMPONENT_PORT = 12;
const ALICE_JID = `${ALICE.name}@localhost`;
const TALL = { width: 1180, height: 3_000 } as const;

export type RealCount = {
  payloads: number;
  /** By place: how many payloads stood there in their own letters. */
  shown: Readonly<Record<string, number>>;
  executions: readonly string[];
  reports: readonly string[];
  requests: readonly string[];
  broken: readonly string[];
  /** Payload and place where it did not stand in its own letters; `refused`: the server does not carry it there. */
  missing: readonly string[];
  refused: number;
};

type Payload = { readonly n: string; readonly words: string };

export class RealStage {
  readonly #stack: Stack;
  readonly #peers: HostilePeers;
  readonly #alice: Person;
  readonly #looks: Looks;
  readonly #requests: string[] = [];
  readonly #broken: string[] = [];
  readonly #missing: string[] = [];
  readonly #shown: Record<string, number> = {};
  #refused = 0;
  #ends = 0;

  private constructor(stack: Stack, peers: HostilePeers, alice: Person) {
    this.#stack = stack;
    this.#peers = peers;
    this.#alice = alice;
    this.#looks = new Looks(alice.page);
  }

  static async open(): Promise<RealStage> {
    const basePort = await claimPorts();
    const xmppConfig = configuration(basePort + COMPONENT_PORT);
    const stack = await startStack({
      name: "xss-real",
      basePort,
      endpoint: "starttls",
      start: startDevWorker,
      accounts: [ALICE, BOB, MALLORY],
      xmppConfig,
    });
    const peers = await HostilePeers.arrive(stack, basePort + COMPONENT_PORT);
    const prepare = async (page: Page) => {
      await page.evaluateOnNewDocument(watch);
    };
    const alice = await Person.open(stack, { called: "alice", prepare });
    const stage = new RealStage(stack, peers, alice);
    await stage.#arrive();
    return stage;
  }

  async #arrive(): Promise<void> {
    const { page } = this.#alice;
    const own = new RegExp(
      `^(?:blob:)?${this.#stack.url}(?:/|/api/.*|/assets/[\\w.-]+|/[\\w-]+\\.(?:js|webmanifest|svg|png|ico))$`,
    );
    page.on("request", (request) => {
      if (!own.test(request.url())) this.#requests.push(request.url().slice(0, 120));
    });
    page.on("dialog", (dialog) => {
      this.#requests.push(`dialog ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.browser().on("targetcreated", (target) => {
      if (target.type() === "page") this.#requests.push(`window ${target.url().slice(0, 120)}`);
    });
    await this.#alice.signIn(ALICE);
    await page.setViewport(TALL);
    await this.#alice.joinsRoom(ROOM);
    await this.#alice.seesChat(ROOM, { relation: "contact" });
  }

  async close(): Promise<void> {
    await this.#peers.leave();
    await this.#alice.close();
    await this.#stack.stop();
  }

  /** All of them by every road. */
  async run(payloads: readonly string[], told: (done: number) => void = () => undefined): Promise<RealCount> {
    const all = payloads.map((words, n) => ({ n: String(n), words: sendable(words) }));
    for (let at = 0; at < all.length; at += AT_ONCE) {
      const batch = all.slice(at, at + AT_ONCE);
      const walks = [
        () => this.#talk(batch),
        () => this.#whispers(batch),
        () => this.#room(batch),
        () => this.#roomNames(batch),
        () => this.#names(batch),
      ];
      for (const walk of walks) {
        await walk();
        this.#broken.push(...(await auditOf(this.#alice.page)));
      }
      told(at + batch.length);
    }
    const { ran, reports } = await notedIn(this.#alice.page);
    this.#broken.push(...this.#alice.troubles.found);
    return {
      payloads: all.length,
      shown: this.#shown,
      executions: ran,
      reports,
      requests: this.#requests,
      broken: this.#broken,
      missing: this.#missing,
      refused: this.#refused,
    };
  }

  #judge(place: string, { words }: Payload, shown: string | undefined): void {
    this.#shown[place] ??= 0;
    if (stands(shown, words)) this.#shown[place] += 1;
    else this.#missing.push(`${place}: ${JSON.stringify(words.slice(0, 40))}: ${JSON.stringify(shown?.slice(0, 60))}`);
  }

  /** The rows once the last one of a batch is there. */
  async #rowsUpTo(chat: string, end: string): Promise<readonly RowShown[]> {
    await this.#looks.open(ALICE_JID, chat);
    const look = async () => {
      const rows = await this.#looks.rows();
      return rows.some(({ words }) => words === end) && rows;
    };
    return until(`“${end}” is shown`, look, { describe: () => this.#looks.rows() });
  }

  #end(): string {
    this.#ends += 1;
    return `end-${this.#ends}`;
  }

  async #talk(batch: readonly Payload[]): Promise<void> {
    for (const { n, words } of batch) this.#peers.talk(n, words);
    const end = this.#end();
    this.#peers.say(end);
    const rows = await this.#rowsUpTo("mallory@localhost", end);
    const after = (mark: string) => rows[rows.findIndex(({ words }) => words === mark) + 1];
    for (const one of batch) {
      this.#judge("text in clear", one, after(`mark-${one.n}`)?.words);
      this.#judge("quote", one, rows.find(({ words }) => words === `answer-${one.n}`)?.quote);
      this.#judge("corrected text", one, after(`edit-${one.n}`)?.words);
    }
  }

  async #whispers(batch: readonly Payload[]): Promise<void> {
    for (const { n, words } of batch) await this.#peers.whisper(n, words);
    const end = this.#end();
    await this.#peers.whisperEnd(end);
    const rows = await this.#rowsUpTo("bob@localhost", end);
    for (const one of batch) {
      const row = rows[rows.findIndex(({ words }) => words === `mark-${one.n}`) + 1];
      this.#judge("encrypted text", one, row?.encrypted === true ? row.words : undefined);
      if (row !== undefined) this.#judge("writing bar", one, await this.#looks.answering(row.key));
    }
  }

  async #room(batch: readonly Payload[]): Promise<void> {
    await this.#peers.enter("end", "the end");
    for (const { n, words } of batch) await this.#peers.enter(n, words);
    for (const { n } of batch) await this.#peers.answerInRoom("end", n);
    const end = this.#end();
    await this.#peers.sayInRoom("end", end);
    const rows = await this.#rowsUpTo(ROOM, end);
    const there = batch.filter(({ n }) => rows.some(({ words }) => words === `said-${n}`));
    this.#refused += batch.length - there.length;
    const members = await this.#looks.members(there.map(({ words }) => words));
    for (const one of there) {
      this.#judge("nickname of an author", one, rows.find(({ words }) => words === `said-${one.n}`)?.author);
      this.#judge("nickname that is answered", one, rows.find(({ words }) => words === `re-${one.n}`)?.quoted);
      this.#judge(
        "nickname of a member",
        one,
        members.find((name) => stands(name, one.words)),
      );
    }
    this.#broken.push(...(await auditOf(this.#alice.page)));
    for (const { n } of batch) await this.#peers.leaveRoom(n);
  }

  async #names(batch: readonly Payload[]): Promise<void> {
    // The same people each time, under other names: a list of hundreds is drawn as far as somebody scrolls.
    for (const [at, { words }] of batch.entries()) await this.#peers.befriend(String(at), words);
    for (const [at, { words }] of batch.entries()) await this.#peers.mutter(String(at), words);
    const jids = batch.map((_, at) => `n${at}@${DOMAIN}`);
    const rows = await settled(
      () => this.#looks.list(jids),
      (all) => batch.every(({ words }, at) => stands(all[at]?.name, words) && stands(all[at]?.preview, words)),
    );
    for (const [at, one] of batch.entries()) {
      this.#judge("name in the list", one, rows[at]?.name);
      this.#judge("label of the row", one, rows[at]?.label);
      this.#judge("line in the list", one, rows[at]?.preview);
    }
  }

  async #roomNames(batch: readonly Payload[]): Promise<void> {
    await this.#looks.open(ALICE_JID, ROOM);
    for (const one of batch) {
      await this.#peers.callRoom(one.words);
      const name = await settled(
        () => this.#looks.head(),
        (shown) => stands(shown, one.words),
      );
      this.#judge("name of a room", one, name);
      this.#judge("label of its conversation", one, await this.#looks.label());
    }
  }
}
