/**
 * How long a new browser waits for 50,000 messages of before that another one hands over, and whether both can be used meanwhile.
 * Two real browsers, the object in real workerd; the past is put into their databases, as places alone in the new one.
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page, WebWorker } from "puppeteer-core";
import { Person } from "../e2e/person.ts";
import { until } from "../e2e/waiting.ts";
import { filledIn, keptOf, named, putPast } from "../handover/past.ts";
import { ALICE, type Stack } from "../stack.ts";
import { browserProcesses, runtimeProcesses, threadTimes } from "./trace/processes.ts";
import { isFilled } from "./seeded.ts";
import { quantile, table } from "./samples.ts";

const MESSAGES = 50_000;
const CHATS = 40;
const SCREENFUL = 50;
const PEOPLE = named("friend", CHATS);
const DATABASE = `alcove:${ALICE.name}@localhost`;
const FIRST_GOAL_MS = 3_000;
const ALL_GOAL_MS = 60_000;
const TASK_GOAL_MS = 50;
const FILLED_WITHIN_MS = 180_000;
const BUSIEST = 12;
const ENDS_WITHIN_MS = 600_000;

/** Prints the table. `profiles`: a folder for what the processors did in both engines (`.cpuprofile`). */
export async function measureHandover(
  stack: Stack,
  { messages = MESSAGES, profiles }: { readonly messages?: number; readonly profiles?: string | undefined } = {},
): Promise<string> {
  const older = await Person.open(stack, { called: "the older browser" });
  const newer = await Person.open(stack, { called: "the new browser" });
  try {
    await older.signIn(ALICE);
    await put(older, "texts", messages);
    await until("all messages are on sheets", () => older.page.evaluate(isFilled, DATABASE), {
      withinMs: FILLED_WITHIN_MS,
    });
    await newer.signIn(ALICE);
    await put(newer, "places", messages);
    for (const who of [older, newer]) await who.isConnected();
    await open(older);
    await older.press("Allow and send history");
    await newer.reads(/Did it show this code\?/);
    const clocks = await Promise.all([older, newer].map((who) => watch(who.page, profiles !== undefined)));
    const before = await threads(older, newer);
    const { first, all } = await taken(newer, messages);
    const after = await threads(older, newer);
    const [here, there] = await Promise.all(clocks.map((stop) => stop()));
    for (const [name, { profile } = {}] of [["giving", here] as const, ["taking", there] as const])
      if (profiles !== undefined) await writeFile(join(profiles, `handover-${name}.cpuprofile`), profile ?? "");
    const [given, got] = [await older.page.evaluate(keptOf, DATABASE), await newer.page.evaluate(keptOf, DATABASE)];
    const wrong = given.filter((row, at) => row !== got[at]).length;
    if (wrong > 0 || given.length !== got.length) throw new Error(`${wrong} rows are others: ${got[0]} is ${given[0]}`);
    const rows = table([
      [`${messages} messages in ${CHATS} conversations`, "", "goal", ""],
      rowOf(`the new person’s word → ${SCREENFUL} of each conversation`, first, FIRST_GOAL_MS),
      rowOf("→ all of them", all, ALL_GOAL_MS),
      ...(here === undefined || there === undefined
        ? []
        : [
            ...tasks("the older page", here.page),
            ...tasks("its engine", here.engine),
            ...tasks("the new page", there.page),
            ...tasks("its engine", there.engine),
          ]),
    ]);
    return `${rows}\n${busiest(before, after)}`;
  } finally {
    await Promise.all([older.close(), newer.close()]);
  }
}

async function put(who: Person, as: "texts" | "places", messages: number): Promise<void> {
  await who.page.evaluate(putPast, DATABASE, { messages, people: PEOPLE, rooms: [], as });
  if (as === "texts") await who.page.evaluate(forgetSheets, DATABASE);
  await who.reload();
}

/** It runs in the page: messages of before there were sheets get theirs in the background. */
async function forgetSheets(name: string): Promise<void> {
  const opening = indexedDB.open(name);
  const database = await new Promise<IDBDatabase>((resolve) => {
    opening.onsuccess = () => resolve(opening.result);
  });
  const transaction = database.transaction("meta", "readwrite");
  transaction.objectStore("meta").delete("sheets");
  await new Promise((resolve) => {
    transaction.oncomplete = resolve;
  });
  database.close();
}

async function open(who: Person): Promise<void> {
  await who.openChat(PEOPLE[0]?.split("@")[0] ?? "");
}

/** From the press on; milliseconds. */
async function taken(newer: Person, messages: number): Promise<{ readonly first: number; readonly all: number }> {
  await newer.press("Yes, the same");
  const began = performance.now();
  const filled = async () => (await newer.page.evaluate(filledIn, DATABASE, PEOPLE, SCREENFUL)) === PEOPLE.length;
  await until("a screenful of each is there", filled, { withinMs: ENDS_WITHIN_MS });
  const first = performance.now() - began;
  const came = new RegExp(`${messages.toLocaleString("en")} older messages came from`);
  const over = async () => came.test((await newer.notices()).join("\n"));
  await until("all are there", over, { withinMs: ENDS_WITHIN_MS, describe: () => newer.notices() });
  return { first, all: performance.now() - began };
}

/** How long each turn held its thread, in milliseconds. */
type Tasks = {
  readonly page: readonly number[];
  readonly engine: readonly number[];
  readonly profile: string | undefined;
};

/** Notes how long the page's own thread and that of the engine were held, from now until it is asked. */
async function watch(page: Page, profiled: boolean): Promise<() => Promise<Tasks>> {
  const engine = page.workers().find((worker) => worker.url().includes("engine-worker"));
  if (engine === undefined) throw new Error("There is no engine");
  for (const thread of [page, engine]) await (thread as WebWorker).evaluate(noteTurns);
  if (profiled) {
    await engine.client.send("Profiler.enable");
    await engine.client.send("Profiler.start");
  }
  return async () => ({
    page: await page.evaluate(turns),
    engine: await engine.evaluate(turns),
    profile: profiled ? JSON.stringify((await engine.client.send("Profiler.stop")).profile) : undefined,
  });
}

/** Milliseconds of processor of each thread of both browsers, and of the object's process. */
async function threads(older: Person, newer: Person): Promise<Readonly<Record<string, number>>> {
  const giving = await browserProcesses(older.page.browser());
  const taking = await browserProcesses(newer.page.browser());
  const { objects } = await runtimeProcesses();
  return threadTimes({
    ...{ "older page": giving.renderers, "older browser": giving.others },
    ...{ "new page": taking.renderers, "new browser": taking.others, workerd: objects },
  });
}

/** Which threads had most of it: neighbours make that hardly more, so it says what a quiet machine would need. */
function busiest(before: Readonly<Record<string, number>>, after: Readonly<Record<string, number>>): string {
  const used = Object.entries(after).map(([name, ms]) => ({ name, ms: ms - (before[name] ?? 0) }));
  const all = used.reduce((sum, { ms }) => sum + ms, 0);
  const most = used.toSorted((a, b) => b.ms - a.ms).slice(0, BUSIEST);
  const words = most.map(({ name, ms }) => `${name} ${(ms / 1_000).toFixed(1)} s`);
  return `Processor: ${(all / 1_000).toFixed(1)} s together; ${words.join(", ")}.`;
}

type Noting = { turns: number[]; noting: boolean };

/** It runs in the thread: a message to itself comes back when every task before it is done. */
function noteTurns(): void {
  const noted = globalThis as unknown as Noting;
  noted.turns = [];
  noted.noting = true;
  const { port1, port2 } = new MessageChannel();
  let asked = performance.now();
  port1.onmessage = () => {
    const waited = performance.now() - asked;
    if (waited > 20) noted.turns.push(waited);
    if (!noted.noting) return;
    setTimeout(() => {
      asked = performance.now();
      port2.postMessage(undefined);
    }, 5);
  };
  port2.postMessage(undefined);
}

function turns(): number[] {
  const noted = globalThis as unknown as Noting;
  noted.noting = false;
  return noted.turns;
}

function tasks(who: string, held: readonly number[]): readonly (readonly string[])[] {
  const longest = Math.max(0, ...held);
  const over = held.filter((ms) => ms > TASK_GOAL_MS).length;
  const mostly = held.length === 0 ? "" : `, 95 % of those over 20 ms: ${Math.round(quantile(held, 0.95))} ms`;
  return [
    [
      `longest task of ${who}`,
      `${Math.round(longest)} ms; over ${TASK_GOAL_MS} ms: ${over}${mostly}`,
      `${TASK_GOAL_MS} ms`,
      longest <= TASK_GOAL_MS ? "met" : "MISSED",
    ],
  ];
}

function rowOf(name: string, ms: number, goal: number): readonly string[] {
  return [name, `${(ms / 1_000).toFixed(1)} s`, `${goal / 1_000} s`, ms <= goal ? "met" : "MISSED"];
}
