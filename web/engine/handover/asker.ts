/** Asks the browser at the other end of a road for messages, and lays what it answers into their rows. */
import { drop } from "../../../worker/shared/drop.ts";
import type { Bytes } from "../bytes.ts";
import { isHole } from "../chunks/of-row.ts";
import type { MessageText, RecordNames } from "../chunks/record.ts";
import type { Store } from "../store/store.ts";
import { CommitError, SupersededError, type Unit } from "../store/unit.ts";
import type { Filling } from "./corrections.ts";
import { fill, lookupsFor } from "./filling.ts";
import { type Answer, type HandoverFrame, writeFrame } from "./frames.ts";
import type { Hole } from "./holes.ts";

/**
 * What became of a question. `unknown`: holes whose entries the other one does not know; `left`: those that it cannot read
 * either. `how`: `full`: the disk took nothing of the last part; `ended`: there is no road, or no store, any more.
 */
export type Outcome = {
  readonly how: "answered" | "full" | "ended";
  readonly filled: number;
  readonly unknown: readonly Hole[];
  readonly left: readonly Hole[];
};

type Pending = {
  readonly holes: readonly Hole[];
  readonly settle: (outcome: Outcome) => void;
  /** Written with what was filled in. */
  readonly along: Along | undefined;
  next: number;
  filled: number;
  unknown: Hole[];
  left: Hole[];
};

/** Called in the unit that fills, with how many texts it fills in and how many are not to be had. */
export type Along = (unit: Unit, filled: number, left: number) => Promise<void>;

export type AskerParts = {
  readonly store: Store;
  readonly filling: Filling;
  readonly send: (message: Bytes) => Promise<void>;
  readonly maxBytes: number;
  readonly silentMs?: number | undefined;
};

/** When nothing was answered for so long, it is tried whether the other end is there: it may have been loaded anew unseen. */
const SILENT_MS = 30_000;

export class Asker {
  readonly #parts: AskerParts;
  readonly #pending = new Map<number, Pending>();
  #asks = 0;
  #silence: ReturnType<typeof setTimeout> | undefined;
  #ended = false;

  constructor(parts: AskerParts) {
    this.#parts = parts;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** `named`: by all their names, where their entries alone are not known. Settles when all was answered and is on the disk. */
  async ask(holes: readonly Hole[], along?: Along, named = false): Promise<Outcome> {
    const { send, maxBytes } = this.#parts;
    this.#asks += 1;
    const ask = this.#asks;
    const names = holes.map((hole) => namesOf(hole, named));
    const message = await writeFrame({ kind: "ask", ask, names });
    // Whoever runs a room gives its messages names of any kind.
    if (message.length > maxBytes && holes.length > 1) return this.#askInHalves(holes, along, named);
    const answered = new Promise<Outcome>((settle) => {
      this.#pending.set(ask, { holes, settle, along, next: 0, filled: 0, unknown: [], left: [] });
    });
    if (this.#ended || holes.length === 0) this.#settle(ask, this.#ended ? "ended" : "answered");
    else {
      this.#listen();
      await send(message);
    }
    return answered;
  }

  async #askInHalves(holes: readonly Hole[], along: Along | undefined, named: boolean): Promise<Outcome> {
    const half = Math.ceil(holes.length / 2);
    const one = await this.ask(holes.slice(0, half), along, named);
    if (one.how !== "answered") return one;
    const { how, filled, unknown, left } = await this.ask(holes.slice(half), along, named);
    return {
      how,
      filled: one.filled + filled,
      unknown: [...one.unknown, ...unknown],
      left: [...one.left, ...left],
    };
  }

  /** Tries, as long as something is asked for and nothing comes, whether the other end is there. */
  #listen(): void {
    clearTimeout(this.#silence);
    if (this.#ended || this.#pending.size === 0) return;
    this.#silence = setTimeout(() => {
      drop(this.#try());
      this.#listen();
    }, this.#parts.silentMs ?? SILENT_MS);
  }

  async #try(): Promise<void> {
    await this.#parts.send(await writeFrame({ kind: "there" }));
  }

  /** @throws where it answers nothing that was asked, or not in its order: something was left out */
  async answers({ ask, from, answers }: Extract<HandoverFrame, { kind: "answers" }>): Promise<void> {
    const pending = this.#pending.get(ask);
    const fits = pending !== undefined && from === pending.next && from + answers.length <= pending.holes.length;
    if (!fits || answers.length === 0) throw new RangeError("an answer that nobody waits for");
    const holes = pending.holes.slice(from, from + answers.length);
    const how = await this.#fill(pending, holes, answers);
    if (how !== "answered") return this.#settle(ask, how);
    pending.next += answers.length;
    if (pending.next === pending.holes.length) this.#settle(ask, "answered");
    this.#listen();
  }

  end(): void {
    this.#ended = true;
    clearTimeout(this.#silence);
    for (const ask of [...this.#pending.keys()]) this.#settle(ask, "ended");
  }

  #settle(ask: number, how: Outcome["how"]): void {
    const pending = this.#pending.get(ask);
    this.#pending.delete(ask);
    pending?.settle({ how, filled: pending.filled, unknown: pending.unknown, left: pending.left });
  }

  /** One strict transaction: all of a part, and how far it has come, or nothing. */
  async #fill(pending: Pending, holes: readonly Hole[], answers: readonly Answer[]): Promise<Outcome["how"]> {
    const { store, filling } = this.#parts;
    const records = answers.filter((answer): answer is MessageText => typeof answer !== "string");
    try {
      const { filled, left } = await store.work(async (unit) => {
        await unit.lookAhead(lookupsFor(records));
        let count = 0;
        for (const record of records) if ((await fill(unit, filling, record)) === "filled") count += 1;
        // Whatever was answered: what still lacks its text is not to be had there.
        const lacking: Hole[] = [];
        for (const [at, hole] of holes.entries())
          if (answers[at] !== "unknown" && (await isLacking(unit, hole))) lacking.push(hole);
        await pending.along?.(unit, count, lacking.length);
        return { filled: count, left: lacking };
      });
      pending.filled += filled;
      pending.left.push(...left);
      pending.unknown.push(...holes.filter((_, at) => answers[at] === "unknown"));
      return "answered";
    } catch (error) {
      if (error instanceof CommitError) return "full";
      if (error instanceof SupersededError || store.closed) return "ended";
      throw error;
    }
  }
}

async function isLacking(unit: Unit, { key }: Hole): Promise<boolean> {
  const row = await unit.get("messages", key);
  return row !== undefined && isHole(row);
}

function namesOf({ id, archiveKey, cipherKey }: Hole, named: boolean): RecordNames {
  return named ? { id, archive: archiveKey, cipher: cipherKey } : { id };
}
