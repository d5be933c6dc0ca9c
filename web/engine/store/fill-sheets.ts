/** Makes the sheets of messages that were here before there were sheets, a part at a time. */
import { FILLED, findable, lineOf } from "./sheet-lines.ts";
import type { Store } from "./store.ts";
import { CommitError } from "./unit.ts";

/** Rows of one sheet. */
const ROWS = 200;
/** Somebody may have just opened the page, or write: a thousand conversations' texts are not worth a wait. */
const BEGIN_MS = 3_000;
const PAUSE_MS = 40;
const FULL_MS = 60_000;

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Ends when all is done, or the store is closed. Whatever was done when it is killed need not be done again. */
export async function fillSheets(store: Store, begin = BEGIN_MS, between = PAUSE_MS): Promise<void> {
  for (let ms = begin; !(await isFilled(store)); ) {
    await pause(ms);
    if (store.closed) return;
    ms = (await fillOne(store).catch(isFull)) === "full" ? FULL_MS : between;
  }
}

/** A disk that is full may have room later; what is on no sheet yet is found all the same, only more slowly. */
function isFull(error: unknown): "full" {
  if (error instanceof CommitError) return "full";
  throw error;
}

async function isFilled(store: Store): Promise<boolean> {
  const row = (await store.cache.of("meta")).get("sheets");
  return row?.name === "sheets" && row.filledTo === FILLED;
}

function fillOne(store: Store): Promise<void> {
  return store.work(async (unit) => {
    const { filledTo = "" } = (await unit.meta("sheets")) ?? {};
    const rows = await store.database.getAll("messages", IDBKeyRange.lowerBound(filledTo, true), ROWS);
    const lines = rows.flatMap((row) => {
      const found = row.sheet === undefined ? findable(row) : undefined;
      return found === undefined ? [] : lineOf(row, found);
    });
    const last = rows.at(-1)?.key ?? filledTo;
    if (lines.length > 0) await store.sheets.put(unit, { sheet: last, lines: lines.join("") });
    unit.put("meta", { name: "sheets", filledTo: rows.length < ROWS ? FILLED : last });
  });
}
