/** What stands unsent in a composer, kept by the engine so that it outlives the page. */
import { effect, signal } from "@preact/signals-core";
import type { BareJid } from "../../../worker/contract/names.ts";
import { drop } from "../../../worker/shared/drop.ts";
import type { ChatSummary, Draft } from "../../engine/protocol/conversations.ts";
import type { Engine } from "../../engine/protocol/engine.ts";
import { isVisible } from "../../words/visible.ts";
import type { Writing } from "./writing.ts";

/** So long after the last letter it is kept: whoever types is not waited for at each of them. */
const REST_MS = 250;
/** So long after it the page is not loaded anew by itself: it would take the composer out of somebody's hands. */
const BUSY_MS = 60_000;

/** So long after the last letter somebody may still be writing. */
const WRITING_MS = 3_000;

export class KeptDraft {
  readonly #engine: Engine;
  readonly #chat: BareJid;
  readonly #writing: Writing;
  readonly #unfollow: () => void;
  #resting: ReturnType<typeof setTimeout> | undefined;
  #calming: ReturnType<typeof setTimeout> | undefined;
  #kept = "";
  #answers: string | undefined;
  /** When that was written which came last from another own browser. */
  #from = 0;
  #writtenAt = 0;
  #waiting: ReturnType<typeof setTimeout> | undefined;
  /** Somebody has written here since the page began: what was kept before is over. */
  #begun = false;

  constructor(engine: Engine, chat: BareJid, writing: Writing) {
    this.#engine = engine;
    this.#chat = chat;
    this.#writing = writing;
    this.#unfollow = effect(() => this.#changed());
  }

  /** Somebody is in the middle of it: it is not kept yet, or they may write on in a moment. */
  readonly busy = signal(false);

  /** Puts back what was kept, unless something stands here already. */
  restore(draft: Draft | undefined): void {
    if (this.#begun || draft === undefined || this.#writing.draft.text !== "") return;
    this.#kept = draft.text;
    this.#writing.text.value = draft.text;
  }

  /** What another own browser has written, or taken away, stands here, too, unless somebody is writing here. */
  hear(told: Pick<ChatSummary, "draft" | "draftFrom">): void {
    const { draft, draftFrom = 0 } = told;
    const { text, mode } = this.#writing.draft;
    // What was written here since is newer.
    if (draftFrom <= this.#from || text !== this.#kept) return;
    if (Date.now() < this.#writtenAt + WRITING_MS) {
      this.#waiting = setTimeout(() => this.hear(told), WRITING_MS);
      return;
    }
    this.#from = draftFrom;
    this.#kept = draft?.text ?? "";
    this.#answers = mode.kind === "answer" ? mode.to.key : undefined;
    this.#writing.text.value = this.#kept;
  }

  /** Keeps what stands here now: the page may be gone in a moment. */
  async keep(): Promise<void> {
    clearTimeout(this.#resting);
    this.#resting = undefined;
    const { text, mode } = this.#writing.draft;
    const reply = mode.kind === "answer" ? mode.to.key : undefined;
    if (text === this.#kept && reply === this.#answers) return;
    this.#kept = text;
    this.#answers = reply;
    const draft = isVisible(text) ? { text, ...(reply !== undefined && { reply }) } : undefined;
    await this.#engine.draft({ chat: this.#chat, draft });
  }

  /** Another account is here now, and this is none of its drafts. */
  close(): void {
    clearTimeout(this.#resting);
    clearTimeout(this.#calming);
    this.#unfollow();
  }

  #calm(): void {
    clearTimeout(this.#calming);
    this.busy.value = false;
  }

  #changed(): void {
    const { text, mode } = this.#writing.draft;
    const same = text === this.#kept && (mode.kind === "answer" ? mode.to.key : undefined) === this.#answers;
    clearTimeout(this.#resting);
    if (same) {
      // What was begun and taken back is being written no longer.
      if (text === "") this.#calm();
      return;
    }
    this.#begun = true;
    this.#writtenAt = Date.now();
    clearTimeout(this.#waiting);
    clearTimeout(this.#calming);
    this.busy.value = text !== "";
    if (text !== "") this.#calming = setTimeout(() => this.#calm(), BUSY_MS);
    // What was sent is no draft any more: it would stand there again after a reload.
    if (text === "") drop(this.keep());
    else this.#resting = setTimeout(() => drop(this.keep()), REST_MS);
  }
}
