/**
 * How long somebody waits who looks for a word in 50,000 messages: after a start of the page, when nothing was looked for
 * before, and with the next key. Also how long the messages of before take to get their sheets, in the background.
 */
import type { Page } from "puppeteer-core";
import { Person } from "../e2e/person.ts";
import { until } from "../e2e/waiting.ts";
import { ALICE, type Stack } from "../stack.ts";
import { friends, isFilled, seed } from "./seeded.ts";
import { median, quantile, table } from "./samples.ts";

const MESSAGES = 50_000;
const CHATS = 40;
const ROUNDS = 16;
/** From the focus in the field to the first letter. */
const HAND_MS = 200;
const COLD_GOAL_MS = 300;
const WARM_GOAL_MS = 100;
const FILLED_WITHIN_MS = 180_000;

/** In many messages, in one, in none, and with accents that nobody types. */
const WORDS = ["meeting", "needle4711", "zeppelin", "strasse"] as const;

/** With each key less, others are marked than before: it can be seen when they stand. */
const FOUND_BY_PARTS: ReadonlySet<string> = new Set(["meeting", "needle4711"]);

/** Prints the table. */
export async function measureSearch(stack: Stack): Promise<string> {
  const alice = await Person.open(stack, { called: "alice" });
  try {
    await alice.signIn(ALICE);
    const database = `alcove:${ALICE.name}@localhost`;
    await alice.page.evaluate(seed, database, MESSAGES, friends(CHATS));
    await alice.reload();
    const began = performance.now();
    await until("all messages are on sheets", () => alice.page.evaluate(isFilled, database), {
      withinMs: FILLED_WITHIN_MS,
    });
    const filled = performance.now() - began;
    const cold: number[] = [];
    const handed: number[] = [];
    const warm: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      await alice.reload();
      await alice.isConnected();
      const word = WORDS[(round >> 1) % WORDS.length] ?? "";
      (round % 2 === 0 ? cold : handed).push(await searchMs(alice.page, word, round % 2 === 0 ? 0 : HAND_MS));
      if (!FOUND_BY_PARTS.has(word)) continue;
      for (let length = word.length - 1; length > 2; length -= 1)
        warm.push(await searchMs(alice.page, word.slice(0, length), 0));
    }
    const sizes = await alice.page.evaluate(sizesOf, database);
    return table([
      [`${MESSAGES} messages, ${sizes}`, "median", "95 %", "goal", ""],
      rowOf("first search after a start, key → all that fits", cold, COLD_GOAL_MS),
      rowOf("the same, typed by a hand", handed, COLD_GOAL_MS),
      rowOf("the next key", warm, WARM_GOAL_MS),
      ["messages of before on their sheets, in the background", `${(filled / 1_000).toFixed(0)} s`, "", "", ""],
    ]);
  } finally {
    await alice.close();
  }
}

function rowOf(name: string, samples: readonly number[], goal: number): readonly string[] {
  const middle = median(samples);
  const late = quantile(samples, 0.95);
  return [name, `${middle.toFixed(0)} ms`, `${late.toFixed(0)} ms`, `${goal} ms`, middle <= goal ? "met" : "MISSED"];
}

/** Until the frame after the one in which the count stands; the words are other ones than those of the search before. */
function searchMs(page: Page, word: string, pauseMs: number): Promise<number> {
  return page.evaluate(
    async (words, pause) => {
      const field = document.querySelector<HTMLInputElement>("#filter");
      if (field === null) throw new Error("There is no search");
      const stands = () => {
        const shown = [...document.querySelectorAll(".search .hit mark")];
        const fits = shown.some((mark) => mark.textContent?.replaceAll("ß", "ss").length === words.length);
        return fits || document.querySelector(".search-nothing small") !== null;
      };
      field.focus();
      // A hand needs longer from there to the first letter.
      await new Promise((resolve) => setTimeout(resolve, pause));
      field.value = words;
      const began = performance.now();
      field.dispatchEvent(new InputEvent("input", { bubbles: true }));
      do await new Promise(requestAnimationFrame);
      while (!stands());
      await new Promise((resolve) => setTimeout(resolve));
      return performance.now() - began;
    },
    word,
    pauseMs,
  );
}

async function sizesOf(name: string): Promise<string> {
  const database = await new Promise<IDBDatabase>((resolve) => {
    const opening = indexedDB.open(name);
    opening.onsuccess = () => resolve(opening.result);
  });
  const rows = await new Promise<{ lines: string }[]>((resolve) => {
    const asking = database.transaction("sheets").objectStore("sheets").getAll();
    asking.onsuccess = () => resolve(asking.result);
  });
  database.close();
  const letters = rows.reduce((sum, { lines }) => sum + lines.length, 0);
  return `${rows.length} sheets of ${Math.round(letters / rows.length / 1_000)} kB`;
}
