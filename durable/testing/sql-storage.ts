/**
 * A Durable Object's storage for unit tests: the platform's interface over Node's own SQLite, so that the real SQL runs.
 * Only what this project uses; a statement is run to its end at once, as the platform does before the next `await`.
 */
import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { DatabaseSync, type SQLInputValue, type SQLOutputValue } from "node:sqlite";
import { fileURLToPath } from "node:url";

// The bundler makes texts of `.sql` files.
registerHooks({
  load: (url, context, next) =>
    url.endsWith(".sql")
      ? {
          format: "module",
          source: `export default ${JSON.stringify(readFileSync(fileURLToPath(url), "utf8"))}`,
          shortCircuit: true,
        }
      : next(url, context),
});
const { migrate } = await import("../store/migrations.ts");

type Row = Record<string, SQLOutputValue>;

class Cursor implements Iterable<Row> {
  readonly rowsWritten: number;
  readonly #rows: readonly Row[];

  constructor(rows: readonly Row[], rowsWritten: number) {
    this.#rows = rows;
    this.rowsWritten = rowsWritten;
  }

  [Symbol.iterator](): Iterator<Row> {
    return this.#rows[Symbol.iterator]();
  }

  toArray(): Row[] {
    return [...this.#rows];
  }

  one(): Row {
    const [row, ...more] = this.#rows;
    if (row === undefined || more.length > 0) throw new Error(`expected one row, not ${this.#rows.length}`);
    return row;
  }
}

export class MemoryStorage {
  /** Makes the next statements that write fail with this message, as a full disk would. */
  failure: string | undefined;
  /** Rows that statements changed, indexes not counted. */
  rowsWritten = 0;
  readonly #database = new DatabaseSync(":memory:");
  #depth = 0;

  readonly sql = {
    exec: (query: string, ...bindings: SQLInputValue[]): Cursor => {
      if (this.failure !== undefined && !/^\s*select\b/i.test(query)) throw new Error(this.failure);
      if (bindings.length === 0 && query.includes(";")) {
        this.#database.exec(query);
        return new Cursor([], 0);
      }
      const statement = this.#database.prepare(query);
      const before = this.#changes();
      const rows = statement.all(...bindings);
      const written = this.#changes() - before;
      this.rowsWritten += written;
      return new Cursor(rows, written);
    },
  } as unknown as SqlStorage;

  /** Everything is on the disk, as far as memory is one. */
  sync(): Promise<void> {
    return Promise.resolve();
  }

  /** Nested ones are savepoints, as on the platform. */
  transactionSync<T>(change: () => T): T {
    const name = `turn_${this.#depth}`;
    this.#depth += 1;
    this.#database.exec(`savepoint ${name}`);
    try {
      const result = change();
      this.#database.exec(`release ${name}`);
      return result;
    } catch (error) {
      this.#database.exec(`rollback to ${name}`);
      this.#database.exec(`release ${name}`);
      throw error;
    } finally {
      this.#depth -= 1;
    }
  }

  #changes(): number {
    return Number(this.#database.prepare("select total_changes() as n").get()?.["n"]);
  }
}

/** A storage with the newest schema. */
export function memoryStorage(): MemoryStorage {
  const storage = new MemoryStorage();
  migrate(storage.sql);
  return storage;
}
