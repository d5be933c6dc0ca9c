/** Files of messages as they are shown: fetched when somebody is about to see one, and let go when nobody does any more. */
import { type ReadonlySignal, type Signal, signal } from "@preact/signals-core";
import type { Failure } from "../../../worker/contract/failures.ts";
import type { BareJid } from "../../../worker/contract/names.ts";
import { drop } from "../../../worker/shared/drop.ts";
import { equal } from "../../alike.ts";
import type { MessageItem } from "../../engine/protocol/conversations.ts";
import type { Engine } from "../../engine/protocol/engine.ts";
import type { FileWorker, PageId, SeenFile, ShownFile } from "../../engine/protocol/files.ts";
import { FileAsking } from "./asking.ts";
import { AHEAD_BYTES, type FileView } from "./file-view.ts";

/**
 * `resting`: nobody has asked for it. `large`: it was more than is fetched by itself. `here`: `shown` is drawn or played, `file`
 * is what is saved; of a picture `shown` has no more points than a conversation has for it.
 */
export type FileState =
  | { readonly state: "resting"; readonly large?: number }
  | { readonly state: "loading"; readonly done: number; readonly total?: number }
  | { readonly state: "here"; readonly seen: SeenFile; readonly shown: string; readonly file: Blob }
  | { readonly state: "failed"; readonly failure: Failure };

/** Files that nobody looks at, and that are in memory still. */
const RESTING_MAX = 60;
const RESTING: FileState = { state: "resting" };

/** `shown`: as the worker gave it. */
type Held = { readonly now: Signal<FileState>; users: number; ends: (() => void) | undefined; shown?: ShownFile };
type Row = Pick<MessageItem, "key" | "seen">;

export class Files {
  readonly #engine: Pick<Engine, "noteFile">;
  readonly asking: FileAsking;
  readonly #held = new Map<string, Held>();

  constructor(
    engine: Pick<Engine, "noteFile">,
    { account, page, start }: { readonly account: BareJid; readonly page: PageId; readonly start: () => FileWorker },
  ) {
    this.#engine = engine;
    this.asking = new FileAsking(account, page, start);
  }

  /** What there is of the file of a message, by the key of its row. */
  of(key: string): ReadonlySignal<FileState> {
    return this.#heldOf(key).now;
  }

  /** It is on the screen; returns what ends that. */
  use(key: string): () => void {
    const held = this.#heldOf(key);
    held.users += 1;
    // The newest is the last to go.
    this.#held.delete(key);
    this.#held.set(key, held);
    return () => {
      held.users -= 1;
      this.#forgetOldest();
    };
  }

  /** Fetches it; `ahead`: before somebody has asked, and only where it is no large one. */
  load({ key, seen }: Row, { source }: FileView, how: "ahead" | "asked"): void {
    const held = this.#heldOf(key);
    const now = held.now.peek();
    if (now.state === "loading" || now.state === "here") return;
    if (how === "ahead" && (now.state === "failed" || now.large !== undefined)) return;
    held.now.value = { state: "loading", done: 0 };
    const most = how === "ahead" ? { most: AHEAD_BYTES } : {};
    held.ends = this.asking.ask({ kind: "show", source, ...most }, (reply) => {
      if ("done" in reply) held.now.value = { state: "loading", ...reply };
      else if ("shown" in reply) this.#show(held, { key, ...(seen && { seen }) }, reply.shown);
      else if ("failure" in reply) held.now.value = failed(reply.failure, reply.size);
    });
  }

  /** What was sent from here is here already. */
  keep(row: Row, shown: ShownFile): void {
    this.#show(this.#heldOf(row.key), row, shown);
  }

  /** Nobody waits for it any more. */
  stop(key: string): void {
    const held = this.#held.get(key);
    if (held?.now.peek().state !== "loading") return;
    held.ends?.();
    held.now.value = RESTING;
  }

  #show(held: Held, { key, seen: known }: Row, shown: ShownFile): void {
    const before = held.now.peek();
    if (before.state === "here") {
      this.asking.close(shown);
      return;
    }
    held.shown = shown;
    const { seen, file, picture } = shown;
    const all = { ...kept(known), ...seen };
    held.now.value = { state: "here", seen: all, file, shown: URL.createObjectURL(picture ?? file) };
    if (!equal(known, all)) drop(this.#engine.noteFile({ key, seen: all }));
  }

  /** What was found out of a file that is here: how loud it is, or that somebody has listened to it. */
  learn(key: string, more: Pick<SeenFile, "seconds" | "levels" | "played">): void {
    const held = this.#held.get(key);
    const now = held?.now.peek();
    if (held === undefined || now?.state !== "here") return;
    const seen = { ...now.seen, ...more };
    if (equal(now.seen, seen)) return;
    held.now.value = { ...now, seen };
    drop(this.#engine.noteFile({ key, seen }));
  }

  #heldOf(key: string): Held {
    const held: Held = this.#held.get(key) ?? { now: signal(RESTING), users: 0, ends: undefined };
    this.#held.set(key, held);
    return held;
  }

  #forgetOldest(): void {
    const resting = [...this.#held].filter(([, { users }]) => users === 0);
    for (const [key] of resting.slice(0, Math.max(0, resting.length - RESTING_MAX))) this.#forget(key);
  }

  #forget(key: string): void {
    const held = this.#held.get(key);
    this.#held.delete(key);
    held?.ends?.();
    const now = held?.now.peek();
    if (now?.state === "here") URL.revokeObjectURL(now.shown);
    if (held?.shown !== undefined) this.asking.close(held.shown);
  }

  /** Another account, or none: nothing of the former stays in memory. */
  end(): void {
    for (const key of [...this.#held.keys()]) this.#forget(key);
    this.asking.end();
  }
}

/** What does not stand in the bytes of a file. */
function kept({ name, seconds, levels, played }: Partial<SeenFile> = {}): Partial<SeenFile> {
  return {
    ...(name !== undefined && { name }),
    ...(seconds !== undefined && { seconds }),
    ...(levels && { levels }),
    ...(played && { played }),
  };
}

function failed(failure: Failure, size: number | undefined): FileState {
  if (failure.kind === "file" && failure.detail === "large") return { state: "resting", large: size ?? AHEAD_BYTES };
  return { state: "failed", failure };
}
