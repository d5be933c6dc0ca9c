/** Which messages stand in the copy, as far as this browser has read its chunks. */
import type { EntryId } from "../../../worker/contract/names.ts";
import type { MessageText } from "../chunks/record.ts";
import type { Database } from "../store/database.ts";
import type { CopiedRow } from "../store/schema.ts";
import { tookBack } from "./chunk.ts";
import type { ChunkName } from "./manifest.ts";

/** Chunks that are worth being put together once there are so many, and what is rewritten in one step at the most. */
const SMALL_BYTES = 64 * 1_024;
const SMALL_RECORDS = 150;
const MANY_SMALL = 16;
const TOGETHER_BYTES = 384 * 1_024;
const TOGETHER_RECORDS = 1_200;

/** What is to be in no copy any more: messages, and what answers repeat; they have these quotes, without words, from now on. */
export type Leaving = {
  readonly messages: ReadonlySet<EntryId>;
  readonly quotes: ReadonlyMap<EntryId, MessageText["quote"]>;
};

export class Contents {
  readonly #rows = new Map<number, CopiedRow>();
  readonly #editions = new Map<EntryId, { readonly edition: number; readonly chunk: number }>();
  readonly #gone = new Set<EntryId>();
  #next = 1;

  static async load(database: Database): Promise<Contents> {
    const contents = new Contents();
    for (const row of await database.getAll("copies")) contents.note(row);
    return contents;
  }

  note(row: CopiedRow): void {
    this.#rows.set(row.chunk, row);
    this.#next = Math.max(this.#next, row.chunk + 1);
    for (const [id, edition] of row.records) {
      const known = this.#editions.get(id);
      if (known === undefined || known.edition <= edition) this.#editions.set(id, { edition, chunk: row.chunk });
    }
    for (const id of row.gone) this.#gone.add(id);
  }

  /** A chunk is no more. What stood in it alone is lacking. */
  forget(chunk: number): void {
    const row = this.#rows.get(chunk);
    this.#rows.delete(chunk);
    for (const [id] of row?.records ?? []) if (this.#editions.get(id)?.chunk === chunk) this.#editions.delete(id);
  }

  /** How many messages there are. */
  get texts(): number {
    return this.#editions.size;
  }

  get chunks(): readonly CopiedRow[] {
    return [...this.#rows.values()];
  }

  /** Above the number of every chunk that was known here: where an older copy is put back, none of them is given to another. */
  get next(): number {
    return this.#next;
  }

  has({ chunk, digest }: Pick<ChunkName, "chunk" | "digest">): boolean {
    return this.#rows.get(chunk)?.digest === digest;
  }

  /** The copy lacks this message, or has it as it was before it was edited. */
  lacks(id: EntryId, edition: number): boolean {
    return !this.#gone.has(id) && (this.#editions.get(id)?.edition ?? -1) < edition;
  }

  /** The copy holds this message, and nobody has said yet that it is to go. */
  holds(id: EntryId): boolean {
    return this.#editions.has(id) && !this.#gone.has(id);
  }

  isGone(id: EntryId): boolean {
    return this.#gone.has(id);
  }

  /** The copy holds this message with a quote that is to go out of it, as `edition` says. */
  repeats(id: EntryId, edition: number): boolean {
    const held = this.#editions.get(id)?.edition;
    return this.holds(id) && tookBack(edition) && held !== undefined && held < edition && !tookBack(held);
  }

  /** In which edition a message stands where; older ones are of no use. */
  isNewest(id: EntryId, edition: number): boolean {
    return this.#editions.get(id)?.edition === edition;
  }

  /**
   * Chunks to be rewritten now: those that hold what is to be gone, also what `leaving` says, and small ones when they are many.
   * Undefined: none.
   */
  compaction(names: readonly ChunkName[], { messages, quotes }: Leaving): readonly ChunkName[] | undefined {
    const known = names.filter((name) => this.has(name));
    const goes = (id: EntryId, edition: number) => {
      const newest = this.#editions.get(id)?.edition ?? 0;
      if (this.#gone.has(id) || messages.has(id) || (tookBack(newest) && edition < newest)) return true;
      return quotes.has(id) && !tookBack(edition);
    };
    const stale = known.filter(({ chunk }) => this.#rows.get(chunk)?.records.some((record) => goes(...record)));
    const small = known.filter((name) => !stale.includes(name) && this.#isSmall(name));
    if (stale.length === 0 && small.length < MANY_SMALL) return undefined;
    const group: ChunkName[] = [];
    let [bytes, records] = [0, 0];
    for (const name of [...stale, ...small]) {
      bytes += name.length;
      records += this.#countOf(name);
      if (group.length > 0 && (bytes > TOGETHER_BYTES || records > TOGETHER_RECORDS)) break;
      group.push(name);
    }
    return group;
  }

  #isSmall(name: ChunkName): boolean {
    return name.length < SMALL_BYTES && this.#countOf(name) < SMALL_RECORDS;
  }

  #countOf({ chunk }: ChunkName): number {
    return this.#rows.get(chunk)?.records.length ?? 0;
  }
}
