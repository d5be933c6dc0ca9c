/** Two browsers of one person: one writes, the other one sees it. What they wait is what the siege is about. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Entry } from "../../../worker/contract/entries.ts";
import type { BareJid } from "../../../worker/contract/names.ts";
import { newClient, type ScriptedBrowser } from "../../scripted-browser.ts";

/** Between two messages. */
const EVERY_MS = 20;
const LAST_MS = 30_000;

/** Times of `performance.now()`. */
export type Sent = {
  readonly text: string;
  readonly at: number;
  answeredAt?: number;
  seenAt?: number;
};

export class Owner {
  readonly writes: ScriptedBrowser;
  readonly sees: ScriptedBrowser;
  readonly sent: Sent[] = [];
  /** Kinds of failure. */
  readonly refused: string[] = [];
  /** Sends that had no answer and were sent again. */
  again = 0;
  readonly #to: BareJid;
  readonly #waiting = new Map<string, Sent>();
  #looked = 0;
  #over = false;

  constructor(writes: ScriptedBrowser, sees: ScriptedBrowser, to: BareJid) {
    this.writes = writes;
    this.sees = sees;
    this.#to = to;
  }

  /** Notes when each text is seen, until `leave`. */
  async watch(): Promise<void> {
    const seen = () => {
      this.#look();
      return this.#over;
    };
    // Where nothing was seen for so long it goes on looking: what is missing is counted at the end.
    while (!this.#over) await this.sees.until(seen, LAST_MS).catch(() => undefined);
  }

  leave(): void {
    this.#over = true;
    this.writes.detach();
    this.sees.detach();
  }

  /** Writes until `what` has ended; answers with what was sent meanwhile, when all of that has come or is given up. */
  async writeDuring(what: Promise<unknown>): Promise<readonly Sent[]> {
    const first = this.sent.length;
    let over = false;
    const ended = what.finally(() => {
      over = true;
    });
    const answers: Promise<void>[] = [];
    while (!over) {
      answers.push(this.#send());
      await Promise.race([ended, sleep(EVERY_MS)]);
    }
    await Promise.all([ended, ...answers]);
    for (const end = Date.now() + LAST_MS; Date.now() < end && this.unseen > 0; ) await sleep(10);
    return this.sent.slice(first);
  }

  get unseen(): number {
    return this.#waiting.size;
  }

  async #send(): Promise<void> {
    const sent: Sent = { text: `owner ${this.sent.length}`, at: performance.now() };
    this.sent.push(sent);
    this.#waiting.set(sent.text, sent);
    const content = { kind: "clear", text: sent.text, exposed: false } as const;
    const client = newClient();
    const ask = () => this.writes.send(this.#to, content, client);
    // A connection that was kept may be closed at the moment it is used again: as a page does, the same once more.
    const answer = await ask().catch(() => {
      this.again += 1;
      return ask();
    });
    if (answer.ok) sent.answeredAt = performance.now();
    else this.refused.push(answer.error.kind);
  }

  #look(): void {
    for (; this.#looked < this.sees.entries.length; this.#looked += 1) {
      const text = textOf(this.sees.entries[this.#looked]) ?? "";
      const sent = this.#waiting.get(text);
      if (sent) sent.seenAt = performance.now();
      this.#waiting.delete(text);
    }
  }
}

export function textOf(entry: Entry | undefined): string | undefined {
  return entry?.kind === "message" && entry.content.kind === "clear" ? entry.content.text : undefined;
}
