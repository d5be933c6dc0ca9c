/** The sealed copy of an account's texts: rows that nothing here can read, and what the account's browsers are told of them. */
import type {
  CopyBeginning,
  CopyEnded,
  CopyGeneration,
  CopyInfo,
  CopyRead,
  CopyRefusal,
  CopyTold,
  CopyWriting,
} from "../../worker/contract/copy.ts";
import { LIMITS } from "../../worker/contract/limits.ts";
import type { BrowserId, Time } from "../../worker/contract/names.ts";
import type { Meta } from "./meta.ts";

type Row = {
  generation: string;
  token_hash: string;
  number: number;
  manifest: string;
  passkey: string | null;
  began_by: string;
  began_at: number;
  length: number;
  ending_by: string | null;
  ending_at: number | null;
};

/** A refusal leaves everything as it was. */
type Or<T> = T | CopyRefusal;

export class SealedCopy {
  readonly #sql: SqlStorage;
  readonly #meta: Meta;

  constructor(sql: SqlStorage, meta: Meta) {
    this.#sql = sql;
    this.#meta = meta;
  }

  /** What every browser is told. `most`: characters that this deployment keeps of one account. */
  told(most: number): CopyTold {
    const row = this.#row();
    const ended = this.#meta.get("copy-ended");
    return { most, ...(row && { copy: this.#info(row) }), ...(ended && { ended }) };
  }

  /** What is to be deleted by now goes. Runs inside a turn. True: it went. */
  settle(now: Time): boolean {
    const row = this.#row();
    if (row?.ending_at == null || row.ending_at > now) return false;
    this.#delete({ by: (row.ending_by ?? "") as BrowserId, at: now });
    return true;
  }

  /** Runs inside a turn, as what follows does. */
  begin(
    { generation, manifest, passkey }: CopyBeginning,
    by: { readonly browser: BrowserId; readonly at: Time; readonly hash: string; readonly most: number },
  ): Or<CopyInfo> {
    const row = this.#row();
    if (row !== undefined && (row.generation !== generation || row.token_hash !== by.hash)) return "exists";
    if (row === undefined) {
      if (manifest.length > by.most) return "full";
      this.#sql.exec(
        `insert into sealed_copy (id, generation, token_hash, number, manifest, passkey, began_by, began_at, length)
         values (1, ?, ?, 1, ?, ?, ?, ?, ?)`,
        ...[generation, by.hash, manifest, passkey ?? null, by.browser, by.at, manifest.length],
      );
    }
    return this.#info(this.#row() as Row);
  }

  read(hash: string, chunk: number | undefined): Or<CopyRead> {
    const row = this.#row();
    if (row === undefined) return "none";
    if (row.token_hash !== hash) return "key";
    const { number, manifest } = row;
    if (chunk === undefined) return { number, bytes: manifest };
    const [found] = this.#sql
      .exec<{ bytes: string }>("select bytes from sealed_chunks where chunk = ?", chunk)
      .toArray();
    return found === undefined ? "none" : { number, bytes: found.bytes };
  }

  write(
    { after, number, manifest, add, drop }: Omit<CopyWriting, "token">,
    { hash, most }: { readonly hash: string; readonly most: number },
  ): Or<CopyInfo> {
    const row = this.#row();
    if (row === undefined) return "none";
    if (row.token_hash !== hash) return "key";
    // The answer to this very step was lost.
    if (row.number === number && row.manifest === manifest) return this.#info(row);
    if (row.number !== after) return "behind";
    let { length } = row;
    for (const chunk of drop) length -= this.#drop(chunk);
    for (const { chunk, bytes } of add) {
      // A chunk is never written twice: what stands under its number stays what it is.
      if (this.#lengthOf(chunk) !== undefined) return this.#refused("behind");
      this.#sql.exec("insert into sealed_chunks (chunk, bytes) values (?, ?)", chunk, bytes);
      length += bytes.length;
    }
    length += manifest.length - row.manifest.length;
    if (length > most && length > row.length) return this.#refused("full");
    if (this.#count > LIMITS.copyChunks) return this.#refused("full");
    this.#sql.exec(
      "update sealed_copy set number = ?, manifest = ?, length = ? where id = 1",
      number,
      manifest,
      length,
    );
    return this.#info({ ...row, number, manifest, length });
  }

  /** `hash`: of the token; without it the copy goes at `later`. The time at which it will, or undefined: it is gone. */
  end(
    hash: string | undefined,
    { browser, now, later }: { readonly browser: BrowserId; readonly now: Time; readonly later: Time },
  ): Or<{ readonly ends: Time | undefined }> {
    const row = this.#row();
    if (row === undefined) return { ends: undefined };
    if (hash === undefined) {
      // Who asks again does not put it off, nor take it over.
      if (row.ending_at !== null) return { ends: row.ending_at };
      this.#sql.exec("update sealed_copy set ending_by = ?, ending_at = ? where id = 1", browser, later);
      return { ends: later };
    }
    if (row.token_hash !== hash) return "key";
    this.#delete({ by: browser, at: now });
    return { ends: undefined };
  }

  keep(hash: string): Or<"kept"> {
    const row = this.#row();
    if (row === undefined) return "none";
    if (row.token_hash !== hash) return "key";
    if (row.ending_at !== null)
      this.#sql.exec("update sealed_copy set ending_by = null, ending_at = null where id = 1");
    return "kept";
  }

  #delete(ended: CopyEnded): void {
    this.#sql.exec("delete from sealed_chunks");
    this.#sql.exec("delete from sealed_copy");
    this.#meta.set("copy-ended", ended);
  }

  /** Takes back what this step has written so far. */
  #refused(why: CopyRefusal): never {
    throw new Refused(why);
  }

  #drop(chunk: number): number {
    const length = this.#lengthOf(chunk) ?? 0;
    this.#sql.exec("delete from sealed_chunks where chunk = ?", chunk);
    return length;
  }

  #lengthOf(chunk: number): number | undefined {
    const query = "select length(bytes) as length from sealed_chunks where chunk = ?";
    return this.#sql.exec<{ length: number }>(query, chunk).toArray()[0]?.length;
  }

  get #count(): number {
    return this.#sql.exec<{ count: number }>("select count(*) as count from sealed_chunks").one().count;
  }

  #row(): Row | undefined {
    return this.#sql.exec<Row>("select * from sealed_copy").toArray()[0];
  }

  #info(row: Row): CopyInfo {
    const { generation, number, passkey, began_by, began_at, length, ending_by, ending_at } = row;
    return {
      generation: generation as CopyGeneration,
      ...{ by: began_by as BrowserId, since: began_at, number, chunks: this.#count, length },
      ...(passkey !== null && { passkey }),
      ...(ending_at !== null && { ending: { by: (ending_by ?? "") as BrowserId, at: ending_at } }),
    };
  }
}

/** Thrown inside a turn, so that the turn is rolled back. */
export class Refused extends Error {
  readonly why: CopyRefusal;

  constructor(why: CopyRefusal) {
    super(why);
    this.why = why;
  }
}
