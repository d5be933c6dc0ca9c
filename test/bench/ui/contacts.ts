/** Somebody with 5,000 contacts on a real server: when the list stands, how it scrolls, how fast somebody is found. */
import { Person } from "../../e2e/person.ts";
import { until } from "../../e2e/waiting.ts";
import type { Stack } from "../../stack.ts";
import { type Account, writeAccount, writeLargeRoster } from "../../xmpp-server/accounts.ts";
import { median } from "../samples.ts";
import { budgetRow, figureRow, type Goal, type Rows, scrollThrough, SLOWER, slowed } from "./budget.ts";
import { noteList, warmStarts } from "./starts.ts";

const ERIN: Account = { name: "erin", password: "erinnering" };
const CONTACTS = 5_000;
const ROUNDS = 20;
const PAUSE_MS = 300;
const STEP_PX = 600;
/** Each contact is told, kept and shown once. */
const TOLD_WITHIN_MS = 120_000;
const GOALS = { start: [500, 500], frame: [25, 25], filter: [100, 200] } as const satisfies Readonly<
  Record<string, Goal>
>;
/** What the page may hold of a list. */
const ROWS_MAX = CONTACTS + 10;

export async function measureContacts(stack: Stack): Promise<Rows> {
  await writeAccount(stack.xmpp.state, ERIN);
  await writeLargeRoster(stack.xmpp.state, ERIN.name, CONTACTS);
  const erin = await Person.open(stack, { called: "erin", prepare: noteList });
  try {
    const { page } = erin;
    await erin.signIn(ERIN);
    await until(
      "all of them are on the list",
      async () => {
        await page.evaluate(filter, `number ${CONTACTS - 1}`);
        return page.evaluate(() => document.querySelectorAll("[role=option]").length > 0);
      },
      { withinMs: TOLD_WITHIN_MS },
    );
    const starts = await warmStarts(erin);
    const { frames, most } = await page.evaluate(scrollThrough, ".rows", "[role=option]", STEP_PX);
    await page.evaluate(() => document.querySelector(".rows")?.scrollTo(0, 0));
    const keys: number[] = [];
    await slowed(page, async () => {
      for (let round = 0; round < ROUNDS; round += 1) {
        // A letter that thousands have in their names, and one that leaves a few.
        const words = round % 2 === 0 ? `number ${round}` : `number ${CONTACTS - 1 - round}`;
        keys.push(await page.evaluate(filter, words));
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
        await page.evaluate(filter, "");
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
    });
    return [
      budgetRow(`start of somebody with ${CONTACTS} contacts → the list`, starts.first, GOALS.start),
      budgetRow(`the page's own work for it, times ${SLOWER}`, starts.work, GOALS.start),
      ["and until all of them can be found", `${Math.round(median(starts.whole))} ms`, "", "", ""],
      budgetRow("a frame while it is scrolled through", frames, GOALS.frame),
      figureRow("rows of it that are there in the end", most, ROWS_MAX, ""),
      budgetRow("key in the search → the names that fit", keys, GOALS.filter),
    ];
  } finally {
    await erin.close();
  }
}

/** Milliseconds until the frame has been painted in which the rows are those that fit. Runs in the page. */
async function filter(words: string): Promise<number> {
  const field = document.querySelector<HTMLInputElement>("#filter");
  if (field === null) throw new Error("There is no search");
  field.focus();
  field.value = words;
  const stands = () => {
    const names = [...document.querySelectorAll<HTMLElement>("[role=option][data-jid]")].map(
      ({ dataset }) => dataset["name"],
    );
    const fits = names.length > 0 && names.every((name) => name?.toLowerCase().includes(words));
    return fits || document.querySelector(".search-nothing, .list-empty") !== null;
  };
  const began = performance.now();
  field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  do await new Promise(requestAnimationFrame);
  while (!stands());
  await new Promise((resolve) => setTimeout(resolve));
  return performance.now() - began;
}
