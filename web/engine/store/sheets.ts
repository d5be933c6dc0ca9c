/**
 * Sheets: the texts of messages once more, folded, some two hundred together, so that all of them can be looked through in
 * the time that a key press may take. A text goes into a sheet, changes in it and leaves it in the transaction in which its
 * message does: what was taken back or deleted here is in no sheet.
 *
 * A sheet with a number holds messages whose rows name it (`MessageRow.sheet`); one with a text was made of those that were
 * here before there were sheets, and holds them up to that key (`fill-sheets.ts`).
 */
import type { MessageRow } from "./conversation-rows.ts";
import type { Database } from "./database.ts";
import type { SheetRow } from "./schema.ts";
import { findable, lineOf, withLine } from "./sheet-lines.ts";
import type { Unit } from "./unit.ts";

/** From so many characters on nothing more is put into a sheet: each message has it written anew. */
const FULL = 32_768;
/** More than one writer makes. */
const CHANGES_MAX = 2 ** 32;
export class Sheets {
  readonly #database: Database;
  /** The newest sheet with a number. */
  #open: SheetRow | undefined;
  #changes: number;

  /** `generation`: of the writer, so that the number of changes grows from one to the next. */
  constructor(database: Database, generation: number) {
    this.#database = database;
    this.#changes = generation * CHANGES_MAX;
  }

  /** Lays what a unit writes of messages on their sheets, as part of the unit. */
  async keep(unit: Unit): Promise<void> {
    const written = unit.changes.filter((change) => change.store === "messages");
    for (const { key, row, before } of written) {
      const stored = before === undefined ? await this.#database.get("messages", String(key)) : before.row;
      const [was, is] = [findable(stored), findable(row)];
      const name = was === is ? stored?.sheet : await this.#lay(unit, { key: String(key), row, stored, was, is });
      if (row !== undefined && row.sheet !== name)
        unit.put("messages", { ...row, sheet: name }, before && { row: stored });
    }
  }

  /** @returns the number of the sheet on which the message stands now */
  async #lay(unit: Unit, { key, row, stored, was, is }: Laid): Promise<number | undefined> {
    const line = row === undefined || is === undefined ? "" : lineOf(row, is);
    if (was !== undefined) {
      const sheet = await this.#sheetOf(unit, key, stored?.sheet);
      const lines = sheet && withLine(sheet.lines, key, line);
      if (sheet !== undefined && lines !== undefined) {
        await this.put(unit, { ...sheet, lines });
        return stored?.sheet;
      }
    }
    if (line === "") return stored?.sheet;
    const last = await this.#opened();
    const full = last.lines.length >= FULL;
    const sheet = Number(last.sheet) + (full ? 1 : 0);
    await this.put(unit, { sheet, lines: (full ? "" : last.lines) + line });
    return sheet;
  }

  async #sheetOf(unit: Unit, key: string, number: number | undefined): Promise<SheetRow | undefined> {
    if (number !== undefined) return unit.get("sheets", number);
    if (key > ((await unit.meta("sheets"))?.filledTo ?? "")) return undefined;
    const name = await this.#database.getKey("sheets", IDBKeyRange.lowerBound(key));
    return name === undefined ? undefined : unit.get("sheets", name);
  }

  async #opened(): Promise<SheetRow> {
    if (this.#open === undefined) {
      const numbers = IDBKeyRange.upperBound(Number.POSITIVE_INFINITY);
      const newest = await this.#database.transaction("sheets").store.openCursor(numbers, "prev");
      this.#open = newest?.value ?? { sheet: 1, change: 0, lines: "" };
    }
    return this.#open;
  }

  /** Writes a sheet; whoever has read it before finds it again by its higher number of changes. */
  async put(unit: Unit, { sheet, lines }: Omit<SheetRow, "change">): Promise<void> {
    this.#changes += 1;
    const row = { sheet, change: this.#changes, lines };
    unit.put("sheets", row);
    if (typeof sheet === "number" && sheet >= Number((await this.#opened()).sheet)) this.#open = row;
  }

  /** What was laid on sheets last was not committed. */
  forget(): void {
    this.#open = undefined;
  }
}

type Laid = {
  readonly key: string;
  readonly row: MessageRow | undefined;
  readonly stored: MessageRow | undefined;
  readonly was: string | undefined;
  readonly is: string | undefined;
};
