/**
 * How long somebody waits who looks for a word in 50,000 messages: after a start of the page, when nothing was looked for
 * before, and with the next key. Also how long the messages of before take to get their sheets, in the background.
 */
import type { Page } from "puppeteer-core";
import { Person } from "../e2e/person.ts";
import { until } from "../e2e/waiting.ts";
import { ALICE, type Stack } from "../stack.ts";
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
    await alice.page.evaluate(seed, database, MESSAGES, CHATS);
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

/** As a database of before version 7 would be: messages, and no sheets. */
async function seed(name: string, count: number, chats: number): Promise<void> {
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    const opening = indexedDB.open(name);
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
  });
  const words =
    "the of to and a in is it you that he was for on are with as they be at one have this from or had by hot but some what there we can out other were all your when up use word how said an each she which do their time if will way about many then them would write like so these her long make thing see him two has look more day could go come did my sound no most number who over know water than call first people may down side been now find any new work part take get place made live where after back little only round man year came show every good me give our under name very through just form much great think say help low line before turn cause same mean differ move right boy old too does tell sentence set three want air well also play small end put home read hand port large spell add even land here must big high such follow act why ask men change went light kind off need house picture try us again animal point mother world near build self earth father head stand own page should country found answer school grow study still learn plant cover food sun four thought let keep eye never last door between city tree cross since hard start might story saw far sea draw left late run while press close night real life few stop".split(
      " ",
    );
  let random = 42;
  const next = (below: number) => {
    random = (random * 1_103_515_245 + 12_345) % 2_147_483_648;
    return random % below;
  };
  const now = Date.now();
  const stores = ["messages", "chats", "meta", "sheets"];
  for (let from = 0; from < count; from += 2_000) {
    const transaction = database.transaction(stores, "readwrite");
    const messages = transaction.objectStore("messages");
    for (let n = from; n < Math.min(count, from + 2_000); n += 1) {
      const text = Array.from({ length: 4 + next(24) }, () => words[next(words.length)]).join(" ");
      const marked = n === 12_345 ? " needle4711" : n % 90 === 0 ? " meeting" : n % 700 === 0 ? " in der Straße" : "";
      const chat = `friend${n % chats}@localhost`;
      const key = crypto.randomUUID();
      messages.put({
        ...{
          key,
          id: key,
          chat,
          position: n + 1,
          at: now - (count - n) * 600_000,
          outgoing: n % 3 === 0,
          encrypted: true,
        },
        ...{ body: { kind: "text", text: text + marked }, hidden: 0, counted: 0, epoch: "seed", state: undefined },
        archiveKey: `${chat}\n${key}`,
        cipherKey: `${chat}.${n % 5}\n${key}`,
      });
    }
    if (from === 0) {
      transaction.objectStore("meta").delete("sheets");
      transaction.objectStore("sheets").clear();
      for (let n = 0; n < chats; n += 1) {
        const last = { key: "last", at: now, outgoing: false, body: { kind: "text", text: "x" }, position: count };
        transaction
          .objectStore("chats")
          .put({ jid: `friend${n}@localhost`, encrypted: true, exposed: false, readTo: count, answered: true, last });
      }
    }
    await new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onerror = () => reject(transaction.error);
    });
  }
  database.close();
}

async function isFilled(name: string): Promise<boolean> {
  const database = await new Promise<IDBDatabase>((resolve) => {
    const opening = indexedDB.open(name);
    opening.onsuccess = () => resolve(opening.result);
  });
  const row = await new Promise<{ filledTo?: string } | undefined>((resolve) => {
    const asking = database.transaction("meta").objectStore("meta").get("sheets");
    asking.onsuccess = () => resolve(asking.result);
  });
  database.close();
  return row?.filledTo === "\uffff";
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
