/**
 * One look at the copy: what others have written is taken note of, what is to be read in is read in, what is lacking is written,
 * and what became too scattered is put together. Every step leaves the copy whole, whatever ends the browser in between; whoever
 * comes second, of two browsers that write at once, sees that and looks again.
 */
import type { Failure } from "../../../worker/contract/failures.ts";
import type { EntryId } from "../../../worker/contract/names.ts";
import type { Account } from "../account.ts";
import type { MessageText } from "../chunks/record.ts";
import { fill, lookupsFor } from "../handover/filling.ts";
import type { CopyOutcome } from "../protocol/copy.ts";
import type { CopyRow } from "../store/schema.ts";
import { type Chunk, editionOf, type PackedChunk, packChunks } from "./chunk.ts";
import { Contents, type Leaving } from "./contents.ts";
import { type Found, KeptCopy } from "./kept-copy.ts";
import { everyRow, type Lacking, lackingOf, removedOf, rowsOf } from "./lacking.ts";
import type { ChunkName } from "./manifest.ts";
import { type RoundEnd, type Stepped, Steps } from "./steps.ts";

/** Records of one transaction. */
const TOGETHER = 100;
/** Records that are made ready before they are written. */
const READY = 1_200;
const NOTHING: Leaving = { messages: new Set(), quotes: new Map() };

/** What has changed here since the last round: keys of rows, and entries of rows that were removed. */
export type Changed = { readonly keys: readonly string[]; readonly removed: readonly EntryId[] };

export class Rounds {
  readonly #account: Account;
  /** Tells how far reading in has come. */
  readonly #progress: (done: number, of: number) => void;
  #contents: Contents | undefined;
  /** Everything that is here was compared with the copy once. */
  #compared = false;
  readonly #skips = new Set<EntryId>();
  /** Digests of chunks of another release: they stay as they are, and are looked at once. */
  readonly #strange = new Set<string>();
  readonly #steps: Steps;

  constructor(account: Account, progress: (done: number, of: number) => void) {
    this.#account = account;
    this.#steps = new Steps(account);
    this.#progress = progress;
  }

  /** Messages that stand in the copy, as far as it was looked at. */
  get texts(): number | undefined {
    return this.#contents?.texts;
  }

  /** Another copy, or none. */
  forget(): void {
    this.#contents = undefined;
    this.#compared = false;
    this.#skips.clear();
    this.#strange.clear();
    this.#steps.lost.clear();
  }

  /** Everything is compared once more. */
  compareAll(): void {
    this.#compared = false;
  }

  /** `changed`: since the last round that was done. @throws `CommitError` where the disk takes no more */
  async run(changed: Changed): Promise<RoundEnd> {
    const row = await this.#steps.row();
    if (row === undefined) return "over";
    const kept = new KeptCopy(this.#account.remote, this.#account.self.jid, row);
    const answer = await kept.manifest();
    if (!answer.ok) return { failure: answer.error };
    if (answer.value === undefined) return { trouble: "forged" };
    const judged = judge(row, answer.value);
    if (judged === "forged") return { trouble: "forged" };
    const contents = await this.#loaded();
    const seen = await this.#see(kept, answer.value, contents, row);
    if (seen === "again" || "failure" in seen) return seen;
    const written = await this.#writeAll(kept, seen.found, contents, changed);
    if (written !== "done") return written;
    this.#compared = true;
    return judged === "older" ? { trouble: "older" } : "done";
  }

  async #loaded(): Promise<Contents> {
    this.#contents ??= await Contents.load(this.#account.store.database);
    return this.#contents;
  }

  /** Reads the chunks that are not known here, the newest first; where the copy is to be read in, all of them. */
  async #see(
    kept: KeptCopy,
    found: Found,
    contents: Contents,
    { reading }: CopyRow,
  ): Promise<{ readonly found: Found } | { readonly failure: Failure } | "again"> {
    const { chunks, at } = found.manifest;
    const there = new Set(chunks.map(({ digest }) => digest));
    const over = contents.chunks.filter(({ digest }) => !there.has(digest));
    const compared = this.#compared;
    // Until it is known what came in their place.
    if (over.length > 0) this.#compared = false;
    for (const row of over) await this.#steps.drop(contents, row);
    const isKnown = (name: ChunkName) => contents.has(name) || this.#strange.has(name.digest);
    const wanted = chunks.filter((name) => reading === true || !isKnown(name)).toReversed();
    let outcome: CopyOutcome = { filled: 0, known: 0, elsewhere: 0, bad: 0, lost: 0, upTo: at };
    const lost = new Set<ChunkName>();
    for (const [n, name] of wanted.entries()) {
      if (reading) this.#progress(n, wanted.length);
      const answer = await kept.chunk(name);
      if (!answer.ok) return { failure: answer.error };
      const chunk = answer.value;
      if (chunk === undefined) {
        lost.add(name);
        outcome = { ...outcome, lost: outcome.lost + 1 };
        continue;
      }
      if (chunk === "strange") {
        this.#strange.add(name.digest);
        outcome = { ...outcome, bad: outcome.bad + 1 };
        continue;
      }
      await this.#steps.take(contents, name, chunk);
      // Also what comes when it was read in already: whoever had begun it may have been at its first writes then.
      const filled = await this.#fillIn(chunk, contents, outcome);
      if (reading) outcome = { ...filled, bad: filled.bad + chunk.bad };
    }
    if (lost.size > 0) {
      // Put together by another browser meanwhile, it stands in another chunk.
      const now = await kept.manifest();
      if (!now.ok) return { failure: now.error };
      if (now.value?.digest !== found.digest) return "again";
    }
    // What is not there is not named any more by what is written next; what stood in it is written again, where it is here.
    this.#steps.lost.clear();
    for (const name of lost) {
      this.#steps.lost.add(name.chunk);
      await this.#steps.drop(contents, name);
    }
    const manifest = {
      ...{ ...found.manifest, next: Math.max(found.manifest.next, contents.next) },
      chunks: chunks.filter((name) => !lost.has(name)),
    };
    // Where chunks went, and what stood in them came back in no other: an older copy was put back.
    const fewer = over.some(({ records }) => records.some(([id, edition]) => contents.lacks(id, edition)));
    this.#compared = compared && lost.size === 0 && !fewer;
    await this.#steps.note(found, at, reading ? outcome : undefined);
    return { found: { ...found, manifest } };
  }

  /** By the way of every file that is read in: rows that lack their text, and nothing else. */
  async #fillIn({ records }: Chunk, contents: Contents, outcome: CopyOutcome): Promise<CopyOutcome> {
    const { store, self } = this.#account;
    const wanted = records.filter(({ id }) => id === undefined || !contents.isGone(id));
    let next = outcome;
    for (let from = 0; from < wanted.length; from += TOGETHER) {
      const part = wanted.slice(from, from + TOGETHER);
      next = await store.work(async (unit) => {
        await unit.lookAhead(lookupsFor(part));
        let counted = next;
        for (const record of part) {
          const filled = await fill(unit, { account: self.jid, from: "" }, record);
          const kind = filled === "refused" ? "bad" : filled;
          counted = { ...counted, [kind]: counted[kind] + 1 };
        }
        return counted;
      });
    }
    return next;
  }

  async #writeAll(kept: KeptCopy, found: Found, contents: Contents, changed: Changed): Promise<RoundEnd> {
    let at = found;
    let ready: Lacking = { records: [], gone: [] };
    let full: RoundEnd | undefined;
    const step = async (): Promise<RoundEnd> => {
      const { gone } = ready;
      const leaving = { messages: new Set(gone), quotes: quotesOf(ready.records, contents) };
      // What is to go goes first, and out of a copy that is full as well: that makes it smaller.
      const goes = gone.length + leaving.quotes.size > 0;
      const out = goes ? await this.#compact(kept, at, contents, leaving) : undefined;
      if (out?.ok === false) return out.end;
      at = out?.value ?? at;
      const records = ready.records.filter((one) => one.id === undefined || contents.lacks(one.id, editionOf(one)));
      ready = { records: [], gone: [] };
      if (full !== undefined) return "done";
      for await (const chunk of packChunks({ records, gone: [] })) {
        const stepped = await this.#steps.step(kept, at, contents, { chunks: [chunk], drop: [] });
        if (!stepped.ok && typeof stepped.end === "object" && "trouble" in stepped.end) {
          full = stepped.end;
          return "done";
        }
        if (!stepped.ok) return stepped.end;
        at = stepped.value;
      }
      this.#skipUnwritten(records, contents);
      return "done";
    };
    const { database } = this.#account.store;
    if (changed.removed.length > 0) ready = { ...ready, gone: await removedOf(database, changed.removed, contents) };
    for await (const rows of this.#compared ? rowsOf(database, changed.keys) : everyRow(database)) {
      const lacking = await lackingOf(database, rows, contents, this.#skips);
      ready = { records: [...ready.records, ...lacking.records], gone: [...ready.gone, ...lacking.gone] };
      if (ready.records.length < READY) continue;
      const end = await step();
      if (end !== "done") return end;
    }
    const end = await step();
    if (end !== "done") return end;
    const put = await this.#compact(kept, at, contents);
    if (!put.ok) return put.end;
    // What nobody here can write again is named no more all the same: else each look would ask for it, and miss it again.
    const named =
      this.#steps.lost.size > 0 ? await this.#steps.step(kept, put.value, contents, { chunks: [], drop: [] }) : put;
    return named.ok ? (full ?? "done") : named.end;
  }

  /** What fits into no chunk is not tried for ever. */
  #skipUnwritten(records: Lacking["records"], contents: Contents): void {
    for (const record of records)
      if (record.id !== undefined && contents.lacks(record.id, editionOf(record))) this.#skips.add(record.id);
  }

  /** `leaving`: what is to be gone from now on; it is written down as gone in the step that takes it out. */
  async #compact(
    kept: KeptCopy,
    found: Found,
    contents: Contents,
    leaving: Leaving = NOTHING,
  ): Promise<Stepped<Found>> {
    let at = found;
    for (;;) {
      const group = contents.compaction(at.manifest.chunks, leaving);
      if (group === undefined) return { ok: true, value: at };
      const merged = await this.#merged(kept, group, contents, leaving);
      if (!merged.ok) return merged;
      const chunks: PackedChunk[] = [];
      for await (const chunk of packChunks(merged.value)) chunks.push(chunk);
      const stepped = await this.#steps.step(kept, at, contents, { chunks, drop: group });
      if (!stepped.ok) return stepped;
      at = stepped.value;
    }
  }

  /** What is left of these chunks: each message once, as it was edited last, and none that is to be gone. */
  async #merged(
    kept: KeptCopy,
    group: readonly ChunkName[],
    contents: Contents,
    { messages, quotes }: Leaving,
  ): Promise<Stepped<Chunk>> {
    const records = new Map<EntryId, MessageText>();
    const gone = new Set<EntryId>();
    for (const name of group) {
      const answer = await kept.chunk(name);
      if (!answer.ok) return { ok: false, end: { failure: answer.error } };
      if (answer.value === undefined || answer.value === "strange") {
        // The next look does without it.
        await this.#steps.drop(contents, name);
        this.#compared = false;
        return { ok: false, end: "again" };
      }
      for (const id of answer.value.gone) gone.add(id);
      for (const record of answer.value.records) {
        const { id } = record;
        if (id !== undefined && messages.has(id)) gone.add(id);
        const stays = id !== undefined && !contents.isGone(id) && contents.isNewest(id, editionOf(record));
        if (stays && !messages.has(id)) records.set(id, quotes.has(id) ? { ...record, quote: quotes.get(id) } : record);
      }
    }
    return { ok: true, value: { records: [...records.values()], gone: [...gone] } };
  }
}

/** Of answers in the copy that repeat what was taken back since. */
function quotesOf(records: readonly MessageText[], contents: Contents): Leaving["quotes"] {
  return new Map(
    records.flatMap((record) => {
      const { id, quote } = record;
      return id !== undefined && contents.repeats(id, editionOf(record)) ? [[id, quote] as const] : [];
    }),
  );
}

/**
 * What the object shows, beside what was met before. A copy that a browser has never met can be an older one unseen: nothing says
 * how new it ought to be but the time that stands in it.
 */
function judge({ number, digest }: CopyRow, { manifest, digest: shown }: Found): "good" | "older" | "forged" {
  if (manifest.number < number) return "older";
  if (manifest.number === number && digest !== "" && shown !== digest) return "forged";
  return manifest.number === number + 1 && digest !== "" && manifest.before !== digest ? "forged" : "good";
}
