/**
 * How long a new browser waits for 50,000 messages of before that another one hands over, and whether both can be used meanwhile.
 * Two real browsers, the object in real workerd; the past is put into their databases, as places alone in the new one.
 */
import type { Page, WebWorker } from "puppeteer-core";
import { Person } from "../e2e/person.ts";
import { until } from "../e2e/waiting.ts";
import { keptOf, named, putPast, readableIn } from "../handover/past.ts";
import { ALICE, type Stack } from "../stack.ts";
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
const LOOK_EVERY_MS = 100;
const FILLED_WITHIN_MS = 180_000;
const ENDS_WITHIN_MS = 600_000;

/** Prints the table. */
export async function measureHandover(stack: Stack, messages = MESSAGES): Promise<string> {
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
    const clocks = await Promise.all([older, newer].map((who) => watch(who.page)));
    const { first, all } = await taken(newer, messages);
    const [here, there] = await Promise.all(clocks.map((stop) => stop()));
    const [given, got] = [await older.page.evaluate(keptOf, DATABASE), await newer.page.evaluate(keptOf, DATABASE)];
    const wrong = given.filter((row, at) => row !== got[at]).length;
    if (wrong > 0 || given.length !== got.length) throw new Error(`${wrong} rows are others: ${got[0]} is ${given[0]}`);
    return table([
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
  let first = Number.NaN;
  for (;;) {
    const { shown, all } = await newer.page.evaluate(readableIn, DATABASE, PEOPLE, SCREENFUL);
    const passed = performance.now() - began;
    if (Number.isNaN(first) && shown === PEOPLE.length) first = passed;
    if (all >= messages) return { first, all: passed };
    if (passed > ENDS_WITHIN_MS) throw new Error(`${all} of ${messages} came`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

type Tasks = { readonly page: readonly number[]; readonly engine: readonly number[] };

/** Notes how long the page's own thread and that of the engine were held, from now until it is asked. */
async function watch(page: Page): Promise<() => Promise<Tasks>> {
  const engine = page.workers().find((worker) => worker.url().includes("engine-worker"));
  if (engine === undefined) throw new Error("There is no engine");
  for (const thread of [page, engine]) await (thread as WebWorker).evaluate(noteTurns);
  return async () => ({ page: await page.evaluate(turns), engine: await engine.evaluate(turns) });
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
