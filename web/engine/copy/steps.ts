/** One step of the sealed copy: what the object is asked to keep and to let go of, and what is noted of it beside the messages. */
import type { Failure } from "../../../worker/contract/failures.ts";
import type { Time } from "../../../worker/contract/names.ts";
import type { Account } from "../account.ts";
import type { MessageText } from "../chunks/record.ts";
import type { CopyOutcome, CopyTrouble } from "../protocol/copy.ts";
import type { CopiedRow, CopyRow } from "../store/schema.ts";
import { type Chunk, editionOf, type PackedChunk } from "./chunk.ts";
import type { Contents } from "./contents.ts";
import type { Found, KeptCopy } from "./kept-copy.ts";
import type { ChunkName, Manifest } from "./manifest.ts";

/** `again`: somebody has written meanwhile. A failure is of the call that could not be made, or was refused. */
export type RoundEnd = "done" | "again" | "over" | { readonly trouble: CopyTrouble } | { readonly failure: Failure };

export type Stepped<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly end: RoundEnd };

export class Steps {
  readonly #account: Account;
  /** Numbers of chunks that are named no more: the object lets go of them with the next write. */
  readonly lost = new Set<number>();

  constructor(account: Account) {
    this.#account = account;
  }

  async row(): Promise<CopyRow | undefined> {
    return this.#account.store.work((unit) => unit.meta("copy"));
  }

  async take(contents: Contents, name: ChunkName, { records, gone }: Chunk): Promise<void> {
    const row: CopiedRow = { ...name, gone, records: namesOf(records) };
    await this.#account.store.work(async (unit) => unit.put("copies", row));
    contents.note(row);
  }

  async drop(contents: Contents, { chunk }: Pick<ChunkName, "chunk">): Promise<void> {
    contents.forget(chunk);
    await this.#account.store.work(async (unit) => unit.delete("copies", chunk));
  }

  /** What was met last; never less than what was met before. */
  async note(found: Found, at: Time, outcome?: CopyOutcome): Promise<void> {
    await this.#account.store.work(async (unit) => {
      const row = await unit.meta("copy");
      if (row === undefined) return;
      const { reading: _reading, begins: _begins, ...kept } = row;
      const newer = found.manifest.number >= row.number;
      unit.put("meta", {
        ...(outcome === undefined ? row : { ...kept, outcome }),
        ...(newer && { number: found.manifest.number, digest: found.digest, writtenAt: at }),
      });
    });
  }

  /** One write: chunks come, others go, and the manifest says both. */
  async step(
    kept: KeptCopy,
    found: Found,
    contents: Contents,
    { chunks, drop }: { readonly chunks: readonly PackedChunk[]; readonly drop: readonly ChunkName[] },
  ): Promise<Stepped<Found>> {
    const highest = (await this.row())?.number ?? 0;
    const { manifest } = found;
    const add = await Promise.all(chunks.map(({ content }, n) => kept.sealChunk(manifest.next + n, content)));
    const dropped = new Set(drop.map(({ chunk }) => chunk));
    const next: Manifest = {
      // Behind what others have met of a copy that was put back: they cannot take it for another history of the same.
      number: manifest.number === highest ? highest + 1 : highest + 2,
      before: found.digest,
      at: Date.now(),
      next: manifest.next + add.length,
      chunks: [...manifest.chunks.filter(({ chunk }) => !dropped.has(chunk)), ...add.map(({ name }) => name)],
    };
    const answer = await kept.write({ found, manifest: next, add, drop: [...dropped, ...this.lost] });
    if (!answer.ok) {
      const { kind, detail } = answer.error;
      if (kind === "copy" && detail === "behind") return { ok: false, end: "again" };
      const full = kind === "storage-full" || (kind === "copy" && detail === "full");
      return { ok: false, end: full ? { trouble: "full" } : { failure: answer.error } };
    }
    this.lost.clear();
    for (const name of drop) await this.drop(contents, name);
    for (const [n, { name }] of add.entries()) await this.take(contents, name, chunks[n] as PackedChunk);
    await this.note(answer.value.found, next.at);
    return { ok: true, value: answer.value.found };
  }
}

function namesOf(records: readonly MessageText[]): CopiedRow["records"] {
  return records.flatMap((record) => (record.id === undefined ? [] : [[record.id, editionOf(record)] as const]));
}
