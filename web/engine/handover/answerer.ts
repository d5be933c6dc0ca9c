/** Answers what the browser at the other end asks for, one question after the other, in messages that fit on the road. */
import { drop } from "../../../worker/shared/drop.ts";
import type { Bytes } from "../bytes.ts";
import type { RecordNames } from "../chunks/record.ts";
import type { MessageRow } from "../store/conversation-rows.ts";
import type { Database } from "../store/database.ts";
import { answersTo } from "./answering.ts";
import { type Answer, UNDER_WAY, writeFrame } from "./frames.ts";

/** Characters of texts that are packed at once; they may be three bytes each. */
const TOGETHER = 512 * 1_024;

type Question = { readonly ask: number; readonly names: readonly RecordNames[] };

export type AnswererParts = {
  readonly database: Database;
  readonly maxBytes: number;
  readonly send: (message: Bytes) => Promise<void>;
  /** Whether the other browser may have this message. */
  readonly may: (row: MessageRow) => boolean;
  /** So many were given. */
  readonly gave: (texts: number) => void;
  /** Reading failed: nothing more is answered. */
  readonly failed: (error: unknown) => void;
};

export class Answerer {
  readonly #parts: AnswererParts;
  readonly #questions: Question[] = [];
  #working = false;
  #held: Promise<void> = Promise.resolve();
  #ended = false;

  constructor(parts: AnswererParts) {
    this.#parts = parts;
  }

  /** @throws where more is asked than may be under way */
  ask(question: Question): void {
    if (this.#questions.length >= UNDER_WAY) throw new RangeError("more questions than may be under way");
    this.#questions.push(question);
    if (!this.#working) drop(this.#work());
  }

  /** What is answered waits until the function that this gives was called. */
  hold(): () => void {
    let release = (): void => undefined;
    this.#held = new Promise<void>((resolve) => {
      release = resolve;
    });
    return release;
  }

  end(): void {
    this.#ended = true;
    this.#questions.length = 0;
  }

  /** Apart from what hears the road: that must not wait for room to answer. */
  async #work(): Promise<void> {
    this.#working = true;
    try {
      for (let next = this.#questions[0]; next !== undefined && !this.#ended; next = this.#questions[0]) {
        await this.#answer(next);
        this.#questions.shift();
      }
    } catch (error) {
      if (!this.#ended) this.#parts.failed(error);
    } finally {
      this.#working = false;
    }
  }

  async #answer({ ask, names }: Question): Promise<void> {
    const { database, may, send, gave } = this.#parts;
    const answers = await answersTo(database, names, may);
    for (const { from, part } of partsOf(answers)) await this.#send(ask, from, part, send);
    gave(answers.filter((answer) => typeof answer !== "string").length);
  }

  /** Packed, and where that is too large in two halves; one alone without what it said before, or not at all. */
  async #send(ask: number, from: number, answers: readonly Answer[], send: AnswererParts["send"]): Promise<void> {
    const bytes = await writeFrame({ kind: "answers", ask, from, answers });
    await this.#held;
    if (this.#ended) return;
    const [only] = answers;
    if (bytes.length <= this.#parts.maxBytes) await send(bytes);
    else if (answers.length > 1) {
      const half = Math.ceil(answers.length / 2);
      await this.#send(ask, from, answers.slice(0, half), send);
      await this.#send(ask, from + half, answers.slice(half), send);
    } else if (only !== undefined) await this.#send(ask, from, [smaller(only)], send);
  }
}

function smaller(answer: Answer): Answer {
  if (typeof answer === "string" || answer.earlier === undefined) return "nothing";
  const { earlier: _earlier, ...rest } = answer;
  return rest;
}

function* partsOf(answers: readonly Answer[]): Generator<{ readonly from: number; readonly part: readonly Answer[] }> {
  let from = 0;
  let length = 0;
  for (const [at, answer] of answers.entries()) {
    const size = sizeOf(answer);
    if (length > 0 && length + size > TOGETHER) {
      yield { from, part: answers.slice(from, at) };
      [from, length] = [at, 0];
    }
    length += size;
  }
  yield { from, part: answers.slice(from) };
}

function sizeOf(answer: Answer): number {
  if (typeof answer === "string") return 1;
  const { text, earlier = [], quote } = answer;
  return text.length + earlier.reduce((sum, one) => sum + one.text.length, 0) + (quote?.text?.length ?? 0);
}
