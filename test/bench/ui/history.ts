/** A long past in a browser: 10,000 messages scrolled through, and what 50,000 take of its memory. */
import type { CDPSession } from "puppeteer-core";
import { Person } from "../../e2e/person.ts";
import { until } from "../../e2e/waiting.ts";
import { ALICE, type Stack } from "../../stack.ts";
import { friends, isFilled, seed } from "../seeded.ts";
import { budgetRow, figureRow, type Goal, type Rows, scrollThrough } from "./budget.ts";

const [FEW, MANY] = [1_000, 50_000];
const CHATS = 5;
const [LONGEST = ""] = friends(CHATS);
const STEP_PX = 600;
const FILLED_WITHIN_MS = 120_000;
const SETTLE_MS = 2_000;
const HEAP_MAX_MB = 60;
const BYTES_PER_MB = 1_000_000;
const ROWS_MAX = 200;
/** Rows are as high as their letters, a scroller stands on whole pixels: as much is rounded when rows come in above. */
const DRIFT_MAX_PX = 1.5;
const GOALS = { frame: [25, 25] } as const satisfies Readonly<Record<string, Goal>>;

export async function measureHistory(stack: Stack): Promise<Rows> {
  const alice = await Person.open(stack, { called: "alice" });
  try {
    await alice.signIn(ALICE);
    const few = await heapsWith(alice, FEW);
    const many = await heapsWith(alice, MANY);
    await openLongest(alice);
    const { frames, most, drift, ends, passed, stopped } = await alice.page.evaluate(
      scrollThrough,
      ".scroller",
      "li[data-key]",
      -STEP_PX,
    );
    const length = MANY / CHATS;
    // Else the figures are those of something else.
    if (passed !== length) throw new Error(`${passed} of ${length} messages were scrolled through: ${stopped}`);
    return [
      budgetRow(`a frame while ${length} messages are scrolled through`, frames, GOALS.frame),
      figureRow("rows of them that are there at most", most, ROWS_MAX, ""),
      figureRow("how far a row in sight moved as others came", drift, DRIFT_MAX_PX, "px"),
      ["longest stop at the end of what is there", `${Math.round(ends)} ms`, "", "", ""],
      ...[few, many].flatMap(({ messages, page, engine }) => [
        figureRow(`memory of the page with ${messages} messages`, page, HEAP_MAX_MB, "MB"),
        figureRow("and of the engine", engine, HEAP_MAX_MB, "MB"),
      ]),
    ];
  } finally {
    await alice.close();
  }
}

type Heaps = { readonly messages: number; readonly page: number; readonly engine: number };

/** What scripts hold after a start, with a conversation open and nothing left to collect. */
async function heapsWith(person: Person, messages: number): Promise<Heaps> {
  const { page } = person;
  const database = `alcove:${ALICE.name}@localhost`;
  await page.evaluate(seed, database, messages, friends(CHATS));
  await person.reload();
  await until("all messages are on sheets", () => page.evaluate(isFilled, database), { withinMs: FILLED_WITHIN_MS });
  await person.reload();
  await person.isConnected();
  await openLongest(person);
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  const own = await page.createCDPSession();
  const engine = page.workers().find((worker) => worker.url().includes("engine-worker"));
  if (engine === undefined) throw new Error("There is no engine");
  const heaps = { messages, page: await heapOf(own), engine: await heapOf(engine.client) };
  await own.detach();
  return heaps;
}

/** Megabytes. */
async function heapOf(session: CDPSession): Promise<number> {
  await session.send("HeapProfiler.enable");
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  return usedSize / BYTES_PER_MB;
}

async function openLongest({ page }: Person): Promise<void> {
  await page.locator(`[role=option][data-jid="${LONGEST}"]`).click();
  await until("it is open", () => page.evaluate(() => document.querySelectorAll(".scroller li[data-key]").length > 40));
}
