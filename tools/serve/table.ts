/** Reading a table of a configuration file key by key, with a sentence for each mistake and for each key that nobody knows. */

export class Table {
  readonly #entries: Readonly<Record<string, unknown>>;
  readonly #name: string;
  readonly #problems: string[];
  readonly #asked = new Set<string>();

  /** `name`: of the table within the file, empty for the file itself. Sentences are added to `problems`. */
  constructor(entries: Readonly<Record<string, unknown>>, name: string, problems: string[]) {
    this.#entries = entries;
    this.#name = name;
    this.#problems = problems;
  }

  /** Something is wrong with this key. */
  wrong(key: string, words: string): void {
    this.#problems.push(`${this.#path(key)}: ${words}`);
  }

  has(key: string): boolean {
    return Object.hasOwn(this.#entries, key);
  }

  text(key: string): string | undefined {
    const value = this.#take(key);
    if (value === undefined || (typeof value === "string" && value !== "")) return value;
    this.wrong(key, 'a text is wanted, as "…".');
    return undefined;
  }

  count(key: string): number | undefined {
    const value = this.#take(key);
    if (value === undefined || (typeof value === "number" && Number.isSafeInteger(value) && value >= 0)) return value;
    this.wrong(key, "a whole number is wanted, from 0 on.");
    return undefined;
  }

  /** A list of texts; one text is a list of one. */
  texts(key: string): readonly string[] | undefined {
    const value = this.#take(key);
    if (value === undefined) return undefined;
    const list: unknown[] = Array.isArray(value) ? value : [value];
    if (list.every((one): one is string => typeof one === "string" && one !== "")) return list;
    this.wrong(key, 'a list of texts is wanted, as ["…", "…"].');
    return undefined;
  }

  /** A table below this one; empty where it is missing. */
  table(key: string): Table {
    const value = this.#take(key);
    if (value === undefined || isTable(value)) return new Table(value ?? {}, this.#path(key), this.#problems);
    this.wrong(key, `a table is wanted: a line [${this.#path(key)}], and its keys below.`);
    return new Table({}, this.#path(key), this.#problems);
  }

  /** All keys, for tables whose keys are chosen by whoever writes the file. */
  keys(): readonly string[] {
    return Object.keys(this.#entries);
  }

  /** To be called last: a key that nobody asked for is a mistake, perhaps a misspelt one. */
  end(): void {
    for (const key of this.keys().filter((one) => !this.#asked.has(one)))
      this.wrong(key, `there is no such key here. There are: ${[...this.#asked].join(", ")}.`);
  }

  #take(key: string): unknown {
    this.#asked.add(key);
    return this.#entries[key];
  }

  #path(key: string): string {
    const word = /^[\w-]+$/.test(key) ? key : JSON.stringify(key);
    return this.#name === "" ? word : `${this.#name}.${word}`;
  }
}

function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
}
