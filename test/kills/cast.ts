/** Who is in a run: Alice's browser that will be killed, Alice's other one, Bob's, and the proxy before each. */
import { setTimeout as sleep } from "node:timers/promises";
import type { BareJid } from "../../worker/contract/names.ts";
import { noteEngine } from "../e2e/page-engine.ts";
import { Person } from "../e2e/person.ts";
import { until } from "../e2e/waiting.ts";
import { TcpProxy } from "../faults/proxy.ts";
import type { Random } from "../faults/random.ts";
import { ALICE, BOB, type Stack } from "../stack.ts";
import { Author } from "./author.ts";
import { Traffic } from "./traffic.ts";
import { acceptedClients, knownOrigins } from "./object.ts";
import { type Held, type Sent, type Writer, WRITERS, type Written } from "./verdict.ts";

export const ALICE_JID = "alice@localhost" as BareJid;
const BOB_JID = "bob@localhost" as BareJid;
export const ACCOUNTS: Readonly<Record<Writer, BareJid>> = { alice: ALICE_JID, sibling: ALICE_JID, bob: BOB_JID };

/** Behind the six of the stack. */
const PORTS: Readonly<Record<Writer, number>> = { alice: 6, sibling: 7, bob: 8 };
/** What those who are not killed leave between their texts. */
const PAUSES_MS = { sibling: [300, 1_500], bob: [50, 500] } as const;
const MOST_AT_ONCE = 3;

export class Cast {
  readonly stack: Stack;
  /** What passes the proxy before each. */
  readonly traffic: Readonly<Record<Writer, Traffic>>;
  readonly authors: Readonly<Record<Writer, Author>>;
  readonly #proxies: readonly TcpProxy[];
  readonly #basePort: number;
  readonly #people = new Map<Writer, Person>();

  constructor(stack: Stack, basePort: number) {
    const worker = Number(new URL(stack.url).port);
    this.stack = stack;
    this.#basePort = basePort;
    this.traffic = { alice: new Traffic(), sibling: new Traffic(), bob: new Traffic() };
    this.authors = {
      alice: new Author("alice", ALICE_JID, BOB_JID),
      sibling: new Author("sibling", ALICE_JID, BOB_JID),
      bob: new Author("bob", BOB_JID, ALICE_JID),
    };
    this.#proxies = WRITERS.map((writer) => new TcpProxy(basePort + PORTS[writer], worker, this.traffic[writer].tap));
  }

  /**
   * Everybody signs in, Alice's other browser is let in, everybody writes a first text. Then Alice's is closed in order:
   * Chromium writes cookies every half a minute, and a session that it never wrote down is none.
   */
  async enter(profile: string): Promise<void> {
    for (const proxy of this.#proxies) await proxy.start();
    const bob = await this.open("bob");
    await bob.signIn(BOB);
    const alice = await this.open("alice", { profile });
    await alice.signIn(ALICE);
    const sibling = await this.open("sibling", { others: () => [alice] });
    await sibling.signIn(ALICE);
    for (const [writer, person] of [
      ["alice", alice],
      ["bob", bob],
      ["sibling", sibling],
    ] as const) {
      await this.authors[writer].burst(person.page, 1);
      await until(`everybody has the first text of ${writer}`, () => this.#isEverywhere(this.authors[writer].written));
      await person.openChat(writer === "bob" ? "alice" : "bob");
    }
    await alice.close();
    this.forget("alice");
  }

  /** A browser with the page open behind its own proxy. */
  async open(
    writer: Writer,
    options: Pick<Parameters<typeof Person.open>[1], "profile" | "prepare" | "others"> = {},
  ): Promise<Person> {
    const person = await Person.open(this.stack, {
      ...options,
      called: writer,
      home: `http://localhost:${this.#basePort + PORTS[writer]}`,
      prepare: async (page) => {
        await noteEngine(page);
        await options.prepare?.(page);
      },
    });
    this.#people.set(writer, person);
    return person;
  }

  /** Whose browser is dead. */
  forget(writer: Writer): void {
    this.#people.delete(writer);
  }

  /** @throws for somebody who has no browser open. */
  person(writer: Writer): Person {
    const person = this.#people.get(writer);
    if (person === undefined) throw new Error(`${writer} is not here`);
    return person;
  }

  /** Writes until told to stop. */
  async talk(writer: keyof typeof PAUSES_MS, random: Random, signal: AbortSignal): Promise<void> {
    const [least, most] = PAUSES_MS[writer];
    const { page } = this.person(writer);
    const author = this.authors[writer];
    while (!signal.aborted) {
      if (!(await author.isAhead(page))) await author.burst(page, random.between(1, MOST_AT_ONCE));
      await sleep(random.between(least, most));
    }
  }

  get written(): readonly Written[] {
    return WRITERS.flatMap((writer) => this.authors[writer].written);
  }

  /** What engines refused, and what went wrong behind the pages that are open. */
  get noticed(): readonly string[] {
    const refused = WRITERS.flatMap((writer) => this.authors[writer].refused);
    const troubles = [...this.#people.values()].flatMap(({ called, troubles: { found } }) =>
      found.map((trouble) => `${called}: ${trouble}`),
    );
    return [...refused, ...troubles];
  }

  /** Every message that left any browser. */
  get sent(): readonly Sent[] {
    return WRITERS.flatMap((writer) =>
      this.traffic[writer].sent.map(({ client, content }) => {
        return { client, omemo: content.kind === "omemo" ? content.omemo : undefined };
      }),
    );
  }

  /** Client ids of the texts that the objects have accepted. */
  async accepted(): Promise<ReadonlySet<string>> {
    const of = (jid: BareJid) => acceptedClients(this.stack, jid);
    return new Set((await Promise.all([of(ALICE_JID), of(BOB_JID)])).flat());
  }

  async held(): Promise<Readonly<Record<Writer, readonly Held[]>>> {
    const of = (writer: Writer) => this.authors[writer].held(this.person(writer).page);
    return { alice: await of("alice"), sibling: await of("sibling"), bob: await of("bob") };
  }

  async #isEverywhere(written: readonly Written[]): Promise<boolean> {
    const logs = await Promise.all([ALICE_JID, BOB_JID].map((jid) => knownOrigins(this.stack, jid)));
    return written.every(({ client }) => logs.every((log) => log.has(client)));
  }

  async leave(): Promise<void> {
    await Promise.all([...this.#people.values()].map((person) => person.close()));
    await Promise.all(this.#proxies.map((proxy) => proxy.stop()));
  }
}
