/**
 * One message through everything: page, engine, Worker, object, XMPP server and back, to the own second browser and to the
 * contact. Prints its stages, the processor time it costs each process, and what each browser does for it, in a
 * conversation that grows.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { CDPSession } from "puppeteer-core";
import { startDevWorker } from "../../tools/dev-worker.ts";
import { Person } from "../e2e/person.ts";
import { until } from "../e2e/waiting.ts";
import { ALICE, BOB, type Stack, startStack } from "../stack.ts";
import { PlainClient } from "../xmpp-server/plain-client.ts";
import { median, quantile, table } from "./samples.ts";
import { type Note, Probe } from "./trace/probe.ts";
import { browserProcesses, type Processes, processorTimes, runtimeProcesses, threadTimes } from "./trace/processes.ts";
import { profiled } from "./trace/profiles.ts";
import { countsOf, STAGES, stagesOf } from "./trace/stages.ts";

const BASE_PORT = 16_940;
/** One after the other, each with time for its receipts. */
const TRACED = 30;
const WARM_UP = 10;
const PAUSE_MS = 200;
/** Written without waiting for each, to make the conversation longer. */
const AT_ONCE = 20;
const FILLED_WITHIN_MS = 60_000;

export type TraceOptions = {
  /** Messages in the conversation when it is traced, least first. */
  readonly sizes: readonly number[];
  /** Contacts in the sender's list. */
  readonly conversations: number;
  /** Folder for profiles of the largest size. */
  readonly profiles?: string;
  /** By `wrangler dev` in place of workerd alone: its proxy and its router cost time and work that a deployment does not. */
  readonly wrangler: boolean;
};

type Cast = {
  readonly alice: Probe;
  readonly sibling: Probe;
  readonly bob: Probe;
  readonly processes: Processes;
  readonly stack: Stack;
};
type Traced = {
  readonly size: number;
  readonly stages: readonly (readonly number[])[];
  readonly processor: Readonly<Record<string, number>>;
  /** The same while the driver looks and nothing is sent, in the time of as many messages. */
  readonly watching: Readonly<Record<string, number>>;
  /** Of the renderers, by the names of their threads. */
  readonly threads: Readonly<Record<string, number>>;
  readonly counts: Readonly<Record<"alice" | "sibling" | "bob", ReadonlyMap<string, number>>>;
  /** Milliseconds a message while it was filled up to this size. */
  readonly bulkMs: number;
};

/** Its own stack: the server notes the times of what passes. */
export async function measureTrace(options: TraceOptions): Promise<string> {
  const stack = await startStack({
    name: "bench-trace",
    basePort: BASE_PORT,
    endpoint: "starttls",
    xmppConfig: "alcove_trace = true",
    ...(options.wrangler && { start: startDevWorker }),
  });
  try {
    return await measure(stack, options);
  } finally {
    await stack.stop();
  }
}

async function measure(stack: Stack, { sizes, conversations, profiles }: TraceOptions): Promise<string> {
  await addContacts(stack, conversations - 1);
  const first = await Person.open(stack, { called: "alice in A" });
  const people = [
    first,
    await Person.open(stack, { called: "alice in B", others: () => [first] }),
    await Person.open(stack, { called: "bob" }),
  ] as const;
  try {
    const cast = await meet(stack, people);
    const traced: Traced[] = [];
    let written = 0;
    for (const size of sizes) {
      const warm = traced.length === 0 ? WARM_UP : 0;
      for (let n = 0; n < warm; n += 1) await deliver(cast, `warm-up ${n}`);
      const missing = Math.max(0, size - written - warm);
      const bulkMs = missing === 0 ? Number.NaN : (await fill(cast, missing)) / missing;
      traced.push({ ...(await trace(cast, size)), bulkMs });
      written += warm + missing + 2 * TRACED;
    }
    if (profiles !== undefined) await profile(cast, profiles);
    return report(traced, conversations);
  } finally {
    for (const person of people) await person.close();
  }
}

async function meet(stack: Stack, [alice, sibling, bob]: readonly [Person, Person, Person]): Promise<Cast> {
  await alice.signIn(ALICE);
  await sibling.signIn(ALICE);
  await bob.signIn(BOB);
  await Promise.all([alice.openChat("bob"), sibling.openChat("bob"), bob.openChat("alice")]);
  const [ofAlice, ofSibling, ofBob] = await Promise.all(
    [alice, sibling, bob].map(({ page }) => browserProcesses(page.browser())),
  );
  const { objects, proxy } = await runtimeProcesses();
  return {
    stack,
    alice: await Probe.start(alice.page),
    sibling: await Probe.start(sibling.page),
    bob: await Probe.start(bob.page),
    processes: {
      "sender's renderer": ofAlice?.renderers ?? [],
      "second browser's renderer": ofSibling?.renderers ?? [],
      "contact's renderer": ofBob?.renderers ?? [],
      "all three browsers, the rest": [ofAlice, ofSibling, ofBob].flatMap((each) => each?.others ?? []),
      "servers: workerd, Worker and objects": objects,
      ...(proxy.length > 0 && { "servers: workerd, the proxy of wrangler dev": proxy }),
      "servers: Prosody": [stack.xmpp.pid() ?? 0],
    },
  };
}

/** By another client of Alice's, before the first browser comes. */
async function addContacts(stack: Stack, count: number): Promise<void> {
  if (count <= 0) return;
  const client = await PlainClient.signIn(stack.xmpp.endpoints.ws, ALICE.name, ALICE.password);
  for (let n = 1; n <= count; n += 1) {
    const item = `<item jid='contact-${n}@localhost' name='Contact ${n}'/>`;
    client.send(`<iq xmlns='jabber:client' type='set' id='c${n}'><query xmlns='jabber:iq:roster'>${item}</query></iq>`);
  }
  await client.until(`id='c${count}'`);
  client.close();
}

/** One message, and everything that follows from it. */
async function deliver({ alice, sibling, bob }: Cast, text: string): Promise<void> {
  await alice.send(text);
  await Promise.all([alice, sibling, bob].map((probe) => probe.shows(text)));
  await sleep(PAUSE_MS);
}

/** What the driver does for each message, and no message: what it costs is no part of one. */
async function ask({ alice, sibling, bob }: Cast, newest: string): Promise<void> {
  await alice.page.evaluate(() => undefined);
  await Promise.all([alice, sibling, bob].map((probe) => probe.shows(newest)));
  await sleep(PAUSE_MS);
}

async function trace(cast: Cast, size: number): Promise<Omit<Traced, "bulkMs">> {
  const { alice, sibling, bob } = cast;
  const stages: number[][] = STAGES.map(() => []);
  const all = { alice: [] as Note[], sibling: [] as Note[], bob: [] as Note[] };
  await takeAll(cast);
  for (let n = 0; n < TRACED; n += 1) {
    await deliver(cast, `traced ${size} ${n}`);
    const notes = await takeAll(cast);
    const { sender, own, contact, server } = notes;
    for (const [at, ms] of stagesOf({ sender, own, contact, server }).entries()) stages[at]?.push(ms);
    all.alice.push(...sender);
    all.sibling.push(...own);
    all.bob.push(...contact);
  }
  const before = await processorTimes(cast.processes);
  const threadsBefore = await threadTimes(renderersOf(cast));
  for (let n = 0; n < TRACED; n += 1) await deliver(cast, `weighed ${size} ${n}`);
  const after = await processorTimes(cast.processes);
  const threadsAfter = await threadTimes(renderersOf(cast));
  await Promise.all([alice, sibling, bob].map((probe) => probe.notes()));
  const idle = await processorTimes(cast.processes);
  for (let n = 0; n < TRACED; n += 1) await ask(cast, `weighed ${size} ${TRACED - 1}`);
  const watched = await processorTimes(cast.processes);
  return {
    size,
    stages,
    processor: eachMessage(before, after),
    watching: eachMessage(idle, watched),
    threads: eachMessage(threadsBefore, threadsAfter),
    counts: {
      alice: countsOf(all.alice, TRACED),
      sibling: countsOf(all.sibling, TRACED),
      bob: countsOf(all.bob, TRACED),
    },
  };
}

function eachMessage(before: Readonly<Record<string, number>>, after: Readonly<Record<string, number>>) {
  const each = Object.entries(after).map(([name, ms]) => [name, (ms - (before[name] ?? 0)) / TRACED] as const);
  return Object.fromEntries(each.filter(([, ms]) => ms > 0));
}

function renderersOf({ processes }: Cast): Processes {
  return Object.fromEntries(Object.entries(processes).filter(([name]) => name.endsWith("renderer")));
}

const serverLines = new WeakMap<Stack, number>();

async function takeAll({ alice, sibling, bob, stack }: Cast) {
  const [sender, own, contact] = await Promise.all([alice.notes(), sibling.notes(), bob.notes()]);
  const lines = (await readFile(join(stack.xmpp.state, "trace"), "utf8")).trim().split("\n");
  const fresh = lines.slice(serverLines.get(stack) ?? 0);
  serverLines.set(stack, lines.length);
  const server = fresh.flatMap((line): readonly Note[] => {
    const [at, direction, account, kind] = line.split(" ");
    const who = account === ALICE.name ? "sender" : "contact";
    return kind === "text" ? [{ what: `${direction} ${who}`, at: Number(at) }] : [];
  });
  return { sender, own, contact, server } as const;
}

/** Milliseconds it took until the contact had the last one. */
async function fill(cast: Cast, count: number): Promise<number> {
  const { alice, sibling, bob } = cast;
  const begin = performance.now();
  for (let done = 0; done < count; done += AT_ONCE) {
    const batch = Math.min(AT_ONCE, count - done);
    for (let n = 0; n < batch; n += 1) await alice.send(`filled ${done + n}`);
    const last = `filled ${done + batch - 1}`;
    await until(`${last} has left`, () => hasLeft(alice, last), { withinMs: FILLED_WITHIN_MS });
  }
  const last = `filled ${count - 1}`;
  if (count > 0) await Promise.all([sibling, bob].map((probe) => probe.shows(last)));
  const ms = performance.now() - begin;
  await sleep(2 * PAUSE_MS);
  await takeAll(cast);
  return ms;
}

function hasLeft({ page }: Probe, text: string): Promise<boolean> {
  return page.evaluate((wanted) => {
    const row = [...document.querySelectorAll<HTMLElement>("ol.messages > li[data-key]")].at(-1);
    return row?.querySelector(".words")?.textContent === wanted && row.dataset["state"] !== "waiting";
  }, text);
}

async function profile(cast: Cast, folder: string): Promise<void> {
  const sessions: Record<string, CDPSession> = {};
  for (const name of ["alice", "sibling", "bob"] as const) {
    sessions[`${name}-page`] = await cast[name].page.createCDPSession();
    sessions[`${name}-engine`] = cast[name].engine.client;
  }
  await profiled(folder, sessions, async () => {
    for (let n = 0; n < TRACED; n += 1) await deliver(cast, `profiled ${n}`);
  });
  // What the profiles call "program": styles, layout, paint.
  for (const name of ["alice", "sibling", "bob"] as const) {
    const { tracing } = cast[name].page;
    await tracing.start({ path: join(folder, `${name}-page.trace.json`), categories: ["devtools.timeline"] });
    for (let n = 0; n < TRACED; n += 1) await deliver(cast, `traced in ${name} ${n}`);
    await tracing.stop();
  }
}

function serversOf({ processor }: Traced): number {
  const servers = Object.entries(processor).filter(([name]) => name.startsWith("servers"));
  return servers.reduce((sum, [, ms]) => sum + ms, 0);
}

function report(traced: readonly Traced[], conversations: number): string {
  const sizes = traced.map(({ size }) => `${size} messages`);
  const ms = (samples: readonly number[]) =>
    `${median(samples).toFixed(1)} [${quantile(samples, 0.25).toFixed(1)}-${quantile(samples, 0.75).toFixed(1)}]`;
  const stages = STAGES.map(({ name }, at) => [name, ...traced.map((one) => ms(one.stages[at] ?? []))]);
  const names = Object.keys(traced[0]?.processor ?? {});
  const processor = names.map((name) => [name, ...traced.map((one) => (one.processor[name] ?? 0).toFixed(1))]);
  const watching = names
    .filter((name) => name.endsWith("renderer"))
    .map((name) => [`${name}, nothing sent`, ...traced.map((one) => (one.watching[name] ?? 0).toFixed(1))]);
  const threads = [...new Set(traced.flatMap((one) => Object.keys(one.threads)))].map((name) => [
    name,
    ...traced.map((one) => (one.threads[name] ?? 0).toFixed(1)),
  ]);
  const whats = (who: keyof Traced["counts"]) => [...new Set(traced.flatMap(({ counts }) => [...counts[who].keys()]))];
  const counts = (["alice", "sibling", "bob"] as const).flatMap((who) =>
    whats(who)
      .toSorted()
      .map((what) => [`${who}: ${what}`, ...traced.map((one) => (one.counts[who].get(what) ?? 0).toFixed(1))]),
  );
  return [
    `${conversations} conversations in the sender's list; ${TRACED} messages each, one after the other.`,
    table([["stage, ms: median [quartiles]", ...sizes], ...stages]),
    table([
      ["processor time a message, ms", ...sizes],
      ...processor,
      ...watching,
      ["servers, together", ...traced.map((one) => serversOf(one).toFixed(1))],
      ["filled in bulk, ms a message", ...traced.map(({ bulkMs }) => (Number.isNaN(bulkMs) ? "" : bulkMs.toFixed(1)))],
    ]),
    table([["processor time a message by thread, ms", ...sizes], ...threads]),
    table([["how often for each message", ...sizes], ...counts]),
  ].join("\n\n");
}
