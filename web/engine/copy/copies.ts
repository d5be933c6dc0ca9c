/**
 * The sealed copy of this account's texts, as this browser takes part in it. Every browser that has its key writes what the copy
 * lacks; the object lets the first of two through, and the second sees that nothing is lacking any more.
 */
import type { EntryId } from "../../../worker/contract/names.ts";
import type { Account } from "../account.ts";
import type { CopyAct, CopyTrouble } from "../protocol/copy.ts";
import type { CopyRow } from "../store/schema.ts";
import { CommitError } from "../store/unit.ts";
import { type ActParts, actOnCopy } from "./acts.ts";
import { newsOf, viewOf } from "./copy-view.ts";
import { Holding } from "./holding.ts";
import { Rounds } from "./rounds.ts";
import type { RoundEnd } from "./steps.ts";

const CONTRACT = 6;
/** Messages after which it is not waited for more. */
const ENOUGH = 300;
/** Of two browsers that write at once one looks again; not for ever. */
const TRIES = 5;
/** After something was refused or could not be reached, so many times the usual wait. */
const LATER = 5;
const OTHERS_LATER = 1.25;

export class Copies {
  readonly #account: Account;
  readonly #holding: Holding;
  readonly #rounds: Rounds;
  readonly #acts: ActParts;
  #keys = new Set<string>();
  #removed = new Set<EntryId>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #due = Number.POSITIVE_INFINITY;
  #running: Promise<void> | undefined;
  #again = false;
  #caughtUp = false;
  #stopped = false;
  /** What a person has begun and not had an answer to is not shown as begun: it may be refused. */
  #acting = 0;
  #done = 0;
  #of = 0;

  constructor(account: Account) {
    this.#account = account;
    this.#holding = new Holding(account);
    this.#acts = {
      ...{ account, holding: this.#holding },
      become: (row) => this.#become(row),
      look: (whole) => {
        if (whole) this.#rounds.compareAll();
        this.#soon(0);
      },
      seen: () => this.#seen(),
    };
    this.#rounds = new Rounds(account, (done, of) => {
      this.#done = done;
      this.#of = of;
      this.#tell();
    });
    account.store.onCommit(({ messages, copy }) => {
      // What there was before is compared as a whole.
      const row = this.#row;
      const held = row !== undefined && row.trouble !== "forged";
      for (const { rows, gone } of held ? messages.values() : []) {
        for (const { key, encrypted } of rows) if (encrypted) this.#keys.add(key);
        for (const id of gone) this.#removed.add(id);
      }
      if (copy) this.#tell();
      if (this.#changes > 0) this.#soon(this.#changes >= ENOUGH ? 0 : this.#pauseMs);
    });
    this.#tell();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  /** Everything that the object has was read: rows are there to be filled in. */
  caughtUp(): void {
    this.#caughtUp = true;
    this.told();
  }

  /** The object has told of the copy, or of browsers. */
  told(): void {
    this.#tell();
    const { copy } = this.#account.live.copy ?? {};
    const row = this.#row;
    if (row === undefined) return;
    const news = copy !== undefined && copy.generation === row.generation && copy.number !== row.number;
    if (row.begins || row.reading || news || !this.#looked) this.#soon(0);
  }

  /** What the person does; see `acts.ts`. */
  async act(args: CopyAct): ReturnType<typeof actOnCopy> {
    this.#acting += 1;
    try {
      return await actOnCopy(this.#acts, args);
    } finally {
      this.#acting -= 1;
      this.#tell();
    }
  }

  /** What the person was told is not told again; a copy that is no more is let go of. */
  async #seen(): Promise<void> {
    const view = this.#view();
    const news = view && newsOf(view, this.#account);
    if (news === undefined) return;
    await this.#account.store.work(async (unit) => {
      const { what = [] } = (await unit.meta("copySeen")) ?? {};
      unit.put("meta", { name: "copySeen", what: [...what.slice(-20), news.id] });
      const row = await unit.meta("copy");
      const { trouble, ...kept } = row ?? {};
      if (row !== undefined && trouble === "older") unit.put("meta", kept as CopyRow);
    });
    if (view?.here === "left") await this.#become(undefined);
  }

  /** Another copy is held, or none. */
  async #become(row: CopyRow | undefined): Promise<void> {
    clearTimeout(this.#timer);
    this.#due = Number.POSITIVE_INFINITY;
    await this.#running;
    await this.#hold(row);
  }

  async #hold(row: CopyRow | undefined): Promise<void> {
    this.#keys.clear();
    this.#removed.clear();
    await this.#holding.become(row);
    this.#rounds.forget();
    this.#looked = false;
  }

  get #row(): CopyRow | undefined {
    return this.#holding.row;
  }

  get #changes(): number {
    return this.#keys.size + this.#removed.size;
  }

  #looked = false;

  /** The nearest of what was asked for counts. */
  #soon(ms: number): void {
    if (this.#stopped || this.#row === undefined) return;
    if (this.#running !== undefined) {
      this.#again = true;
      return;
    }
    const due = Date.now() + ms;
    if (due >= this.#due) return;
    this.#due = due;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#due = Number.POSITIVE_INFINITY;
      const round = this.#round();
      this.#running = round.then(
        () => undefined,
        () => undefined,
      );
      this.#account.store.inBackground(round.then((next) => this.#after(next)));
    }, ms);
  }

  /** `next`: when it is tried again. */
  #after(next: number | undefined): void {
    this.#running = undefined;
    this.#done = 0;
    this.#of = 0;
    this.#tell();
    const { generation, number } = this.#account.live.copy?.copy ?? {};
    const elsewhere = generation === this.#row?.generation && number !== this.#row?.number;
    const wanted = this.#again && (this.#changes > 0 || elsewhere || this.#row?.reading === true);
    this.#again = false;
    if (next !== undefined) this.#soon(next);
    else if (wanted) this.#soon(this.#row?.reading ? 0 : this.#pauseMs);
  }

  /** Whoever has begun it writes first: the others see that, and have nothing to add. */
  get #pauseMs(): number {
    const { live, self, delays } = this.#account;
    return live.copy?.copy?.by === self.browser ? delays.copyMs : delays.copyMs * OTHERS_LATER;
  }

  async #round(): Promise<number | undefined> {
    const { live, store } = this.#account;
    const row = this.#row;
    const there = live.copy?.copy;
    const mayBe = live.hellos > 0 && live.contract >= CONTRACT && !store.closed && !this.#stopped;
    if (!mayBe || row === undefined || row.trouble === "forged") return undefined;
    if (row.begins !== undefined) {
      const failure = await this.#holding.begin();
      // There is another one, or none is kept. Whatever else it was passes.
      if (failure?.kind === "copy") await this.#hold(undefined);
      else if (failure !== undefined) return this.#account.delays.copyMs * LATER;
      if (failure !== undefined) return undefined;
    } else if (there?.generation !== row.generation) return undefined;
    if (!this.#caughtUp) return undefined;
    let end: RoundEnd = "again";
    for (let tries = 0; end === "again" && tries < TRIES; tries++) end = await this.#runOnce();
    return this.#ended(end);
  }

  async #runOnce(): Promise<RoundEnd> {
    const [keys, removed] = [this.#keys, this.#removed];
    this.#keys = new Set();
    this.#removed = new Set();
    let end: RoundEnd = { trouble: "disk" };
    try {
      end = await this.#rounds.run({ keys: [...keys], removed: [...removed] });
    } catch (error) {
      if (!(error instanceof CommitError)) throw error;
    } finally {
      // What was to be written still is.
      if (!isDone(end)) {
        for (const key of keys) this.#keys.add(key);
        for (const id of removed) this.#removed.add(id);
      }
    }
    return end;
  }

  async #ended(end: RoundEnd): Promise<number | undefined> {
    if (end === "over") return undefined;
    const trouble = typeof end === "object" && "trouble" in end ? end.trouble : undefined;
    if (isDone(end)) this.#looked = true;
    const failed = end === "again" || (typeof end === "object" && "failure" in end);
    if (!failed) await this.#setTrouble(trouble);
    // A forged copy is left alone; what is full or away may not be later.
    const later = failed || trouble === "full" || trouble === "disk";
    return later ? this.#account.delays.copyMs * LATER : undefined;
  }

  /** The disk may be what is full: then it is not kept, and said all the same. */
  async #setTrouble(trouble: CopyTrouble | undefined): Promise<void> {
    const before = this.#row?.trouble;
    if (before === trouble || (before === "older" && trouble === undefined)) return;
    try {
      await this.#holding.change(({ trouble: _trouble, ...row }) => ({ ...row, ...(trouble && { trouble }) }));
    } catch (error) {
      if (!(error instanceof CommitError)) throw error;
    }
  }

  #view() {
    const row = this.#acting > 0 && this.#row?.begins !== undefined ? undefined : this.#row;
    return viewOf(this.#account, row, { done: this.#done, of: this.#of, texts: this.#rounds.texts });
  }

  #tell(): void {
    const { live } = this.#account;
    const view = this.#view();
    const news = view && newsOf(view, this.#account)?.news;
    const next = view && { ...view, ...(news && { news }) };
    if (JSON.stringify(next) === JSON.stringify(live.copyView)) return;
    live.copyView = next;
    live.lettingInChanged();
  }
}

function isDone(end: RoundEnd): boolean {
  return end === "done" || end === "over" || (typeof end === "object" && "trouble" in end && end.trouble === "older");
}
