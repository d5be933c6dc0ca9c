/** How long it takes until there is something to see: of somebody who has never been here, and of somebody who comes back. */
import type { Page } from "puppeteer-core";
import { Person } from "../../e2e/person.ts";
import { until } from "../../e2e/waiting.ts";
import { ALICE, type Stack } from "../../stack.ts";
import { budgetRow, figureRow, type Goal, type Rows, SLOWER, slowed, workOf } from "./budget.ts";

const ROUNDS = 12;
const GOALS = { cold: [1_200, 1_200], warm: [500, 500] } as const satisfies Readonly<Record<string, Goal>>;
const REQUESTS_MAX = 12;
const PAUSE_MS = 1_000;

export async function measureStarts(stack: Stack): Promise<Rows> {
  const alice = await Person.open(stack, { called: "alice", prepare: noteList });
  try {
    const { page } = alice;
    const session = await page.createCDPSession();
    await session.send("Network.enable");
    await session.send("Network.setBypassServiceWorker", { bypass: true });
    await page.setCacheEnabled(false);
    const cold: number[] = [];
    await slowed(page, async () => {
      for (let round = 0; round < ROUNDS; round += 1) {
        await page.reload();
        cold.push(await until("something is painted", () => page.evaluate(firstPaint)));
      }
    });
    const requests = await page.evaluate(() => performance.getEntriesByType("resource").length + 1);
    await session.detach();
    await page.setCacheEnabled(true);
    await alice.signIn(ALICE);
    const warm = await warmStarts(alice);
    return [
      budgetRow("first start of the page, nothing kept → something is painted", cold, GOALS.cold),
      figureRow("requests by then", requests, REQUESTS_MAX, ""),
      budgetRow("start of somebody who is signed in → the conversations", warm.first, GOALS.warm),
      budgetRow(`the page's own work for it, times ${SLOWER}`, warm.work, GOALS.warm),
    ];
  } finally {
    await alice.close();
  }
}

type Samples = readonly number[];

/** Milliseconds from a reload to the frame in which the list stands; of them the page's own, slowed down; until a long list is whole. */
type Starts = { readonly first: Samples; readonly work: Samples; readonly whole: Samples };

/** Of a page that was prepared by `noteList`. */
export async function warmStarts(person: Person): Promise<Starts> {
  const { page } = person;
  // Once, so that the scripts are compiled and kept, as they are after a day.
  for (let round = 0; round < 2; round += 1) {
    await page.reload();
    await person.isConnected();
  }
  const work = await workOf(page, 0, async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      await page.reload();
      // Whoever asks whether it stands is work of the page, too.
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      await person.isConnected();
    }
  });
  const [first, whole]: [number[], number[]] = [[], []];
  await slowed(page, async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      // Nobody who comes back waits for what the start before has still to do.
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      await page.reload();
      first.push(await until("the list stands", () => page.evaluate(() => Reflect.get(globalThis, "listStands"))));
      await person.isConnected();
      whole.push(await page.evaluate(() => Reflect.get(globalThis, "listWhole") ?? Number.NaN));
    }
  });
  return { first, work: work.get("start") ?? [], whole };
}

/** Notes in each page when its list has been painted, and when the last part of a long one was taken in. */
export async function noteList(page: Page): Promise<void> {
  await page.evaluateOnNewDocument(() => {
    performance.mark("start begins");
    const look = () => {
      if (document.querySelector("[role=listbox] [role=option]") === null) requestAnimationFrame(look);
      else setTimeout(() => Reflect.set(globalThis, "listStands", performance.mark("start stands").startTime));
    };
    requestAnimationFrame(look);
    const Began = Worker;
    globalThis.Worker = class extends Began {
      constructor(...how: ConstructorParameters<typeof Began>) {
        super(...how);
        // Behind the page's own listener.
        queueMicrotask(() =>
          this.addEventListener(
            "message",
            ({ data }: MessageEvent<{ event?: { type: string; chats?: unknown[] } }>) => {
              if (data.event?.type === "chats" && (data.event.chats?.length ?? 0) > 100)
                Reflect.set(globalThis, "listWhole", performance.now());
            },
          ),
        );
      }
    };
  });
}

function firstPaint(): number | undefined {
  return performance.getEntriesByName("first-contentful-paint")[0]?.startTime;
}
