/**
 * A voice message of one conversation, from the press on the microphone until it is sent or thrown away. Whatever ends it
 * (somebody's wish, a hidden page, a microphone that goes away, a message as long as the server takes), what was said is kept.
 */
import { type ReadonlySignal, type Signal, signal } from "@preact/signals-core";
import type { Failure } from "../../../worker/contract/failures.ts";
import { drop } from "../../../worker/shared/drop.ts";
import { report } from "../../../worker/shared/report.ts";
import type { PreparedFile } from "../../engine/protocol/files.ts";
import type { Keeping } from "./kept-voices.ts";

/** Why there is no microphone; `unable`: this browser records nothing. */
export type NoMicrophone = "refused" | "none" | "busy" | "unable";
/** Why a recording has ended, where nobody wanted it. */
export type Ended = "hidden" | "lost" | "long" | "left" | "gone";

/** `held`: under a finger that is still down. `heard`: nothing is wrong with the microphone. */
export type VoiceState =
  | { readonly state: "idle" }
  | { readonly state: "asking"; readonly held: boolean }
  | { readonly state: "recording"; readonly held: boolean }
  | { readonly state: "finishing" }
  | { readonly state: "ready"; readonly voice: Voice; readonly ended?: Ended }
  | { readonly state: "failed"; readonly why: NoMicrophone | Failure };

/** `seconds`, `levels`: as it is heard. `silent`: there is nothing to be heard in it. `keeping`: where it is kept beside the page. */
export type Voice = {
  readonly prepared: PreparedFile;
  readonly url: string;
  readonly seconds: number;
  readonly levels: Uint8Array<ArrayBuffer>;
  readonly silent: boolean;
  readonly keeping?: Keeping | undefined;
};

/** A microphone that is on. */
export interface Take {
  /** How loud it is, 0 to 255. */
  level(): number;
  /** What there is so far, in bytes. */
  size(): number;
  /** Told of every piece as it is recorded. */
  onPiece(listener: (piece: Blob) => void): void;
  /** Called once where it goes away by itself. */
  readonly lost: Promise<void>;
  /** Switches it off; all that was recorded. */
  stop(): Promise<Blob>;
  /** Switches it off; nobody wants what was recorded. */
  drop(): void;
}

export type RecordingParts = {
  /** @throws a `DOMException` as `getUserMedia` does; a `TypeError` where there is no such thing */
  readonly open: () => Promise<Take>;
  /** In a container that phones play. @throws a `Failure` */
  readonly prepare: (recorded: Blob) => Promise<PreparedFile>;
  /** How long it is and how loud; undefined: this browser does not tell. */
  readonly listen: (file: Blob) => Promise<Pick<Voice, "seconds" | "levels"> | undefined>;
  /** Bytes that the server takes. */
  readonly most: () => Promise<number | Failure>;
  readonly now: () => number;
  /** Begins to keep what is said beside the page; undefined: nothing is kept here. */
  readonly keep: () => Keeping | undefined;
};

/** As often as its bars are drawn. */
const LOOK_MS = 60;
/** Bars that are kept of what is being recorded: more do not fit on any screen. */
const BARS = 160;
/** Left for what a container adds, and for the tag of an encrypted file. */
const SPARE_BYTES = 16_384;
/** No message is longer, whatever the server takes. */
const LONGEST_MS = 60 * 60_000;
const MS_PER_S = 1_000;

export class Recording {
  readonly #parts: RecordingParts;
  readonly #now: Signal<VoiceState> = signal({ state: "idle" });
  readonly #bars = signal<readonly number[]>([]);
  readonly #elapsed = signal(0);
  #take: Take | undefined;
  #keeping: Keeping | undefined;
  #looking: ReturnType<typeof setInterval> | undefined;
  #begun = 0;
  #most = Number.POSITIVE_INFINITY;
  /** Of the attempt that is on: what a former one brings is not wanted. */
  #attempt = 0;

  constructor(parts: RecordingParts) {
    this.#parts = parts;
  }

  get now(): ReadonlySignal<VoiceState> {
    return this.#now;
  }

  /** How loud it was lately, 0 to 255, the newest last. */
  get bars(): ReadonlySignal<readonly number[]> {
    return this.#bars;
  }

  /** Whole seconds. */
  get elapsed(): ReadonlySignal<number> {
    return this.#elapsed;
  }

  /** Begins; what there was before is thrown away. */
  async start(held: boolean): Promise<void> {
    this.drop();
    const attempt = this.#attempt;
    this.#now.value = { state: "asking", held };
    drop(this.#limit(attempt));
    let take: Take;
    try {
      take = await this.#parts.open();
    } catch (error) {
      if (attempt === this.#attempt) this.#now.value = { state: "failed", why: reasonOf(error) };
      return;
    }
    const now = this.#now.peek();
    if (attempt !== this.#attempt || now.state !== "asking") return take.drop();
    this.#take = take;
    const keeping = this.#parts.keep();
    this.#keeping = keeping;
    take.onPiece((piece) => keeping?.add(piece));
    this.#begun = this.#parts.now();
    this.#now.value = { state: "recording", held: now.held };
    this.#looking = setInterval(() => this.#look(take), LOOK_MS);
    drop(take.lost.then(() => this.#take === take && this.finish("lost")));
  }

  async #limit(attempt: number): Promise<void> {
    this.#most = Number.POSITIVE_INFINITY;
    const most = await this.#parts.most();
    if (attempt !== this.#attempt) return;
    if (typeof most === "number") this.#most = most - SPARE_BYTES;
    // Whoever is offline may speak now: it is sent when the way stands again.
    else if (most.kind !== "offline" && isOn(this.#now.peek())) {
      this.drop();
      this.#now.value = { state: "failed", why: most };
    }
  }

  #look(take: Take): void {
    const bars = this.#bars.peek();
    this.#bars.value = [...bars.slice(-BARS + 1), take.level()];
    const elapsed = this.#parts.now() - this.#begun;
    this.#elapsed.value = Math.floor(elapsed / MS_PER_S);
    if (elapsed >= LONGEST_MS || take.size() >= this.#most) drop(this.finish("long"));
  }

  /** The finger may go. */
  lock(): void {
    const now = this.#now.peek();
    if (now.state === "asking" || now.state === "recording") this.#now.value = { ...now, held: false };
  }

  /** Ends it; true: there is a message now. What nobody had let begin yet is nothing. */
  async finish(ended?: Ended): Promise<boolean> {
    const take = this.#take;
    if (take === undefined) {
      if (this.#now.peek().state === "asking") this.drop();
      return false;
    }
    const attempt = this.#attempt;
    this.#off();
    this.#now.value = { state: "finishing" };
    try {
      const spoken = (this.#parts.now() - this.#begun) / MS_PER_S;
      return await this.#ready(attempt, await take.stop(), spoken, ended);
    } catch (error) {
      if (attempt !== this.#attempt) return false;
      const why = failureOf(error);
      // What may pass loses nothing of what was said: the next page has it, unless there is nothing to be heard.
      if (why.kind !== "file") this.#keeping = undefined;
      this.#now.value = { state: "failed", why };
      return false;
    }
  }

  /** What was said on a page that has gone. Where none of it can be played nobody is told: there is nothing to be done. */
  async restore(recorded: Blob, keeping: Keeping): Promise<void> {
    if (this.#now.peek().state !== "idle") return;
    this.#attempt += 1;
    const attempt = this.#attempt;
    this.#keeping = keeping;
    this.#now.value = { state: "finishing" };
    try {
      await this.#ready(attempt, recorded, 0, "gone");
    } catch (error) {
      if (attempt !== this.#attempt) return;
      // Somebody may hear it another time, unless there is nothing to be heard.
      if (failureOf(error).kind !== "file") this.#keeping = undefined;
      this.drop();
    }
  }

  async #ready(attempt: number, recorded: Blob, spoken: number, ended: Ended | undefined): Promise<boolean> {
    const prepared = await this.#parts.prepare(recorded);
    const heard = await this.#parts.listen(prepared.file);
    // Whoever is told that it is kept may go at once.
    await this.#keeping?.written;
    if (attempt !== this.#attempt) return false;
    const seconds = prepared.seen.seconds ?? heard?.seconds ?? spoken;
    const levels = heard?.levels ?? new Uint8Array();
    const silent = heard !== undefined && levels.every((level) => level === 0);
    const keeping = this.#keeping;
    const voice = { prepared, url: URL.createObjectURL(prepared.file), seconds, levels, silent, keeping };
    this.#now.value = { state: "ready", voice, ...(ended && { ended }) };
    return true;
  }

  /** What is ready, to be sent: it is nobody's any more, and kept until whoever sends it drops that. */
  taken(): Voice | undefined {
    const now = this.#now.peek();
    if (now.state !== "ready") return undefined;
    this.#keeping = undefined;
    this.drop();
    return now.voice;
  }

  /** Ends it without throwing away what is kept beside the page. */
  leave(): void {
    const keeping = this.#keeping;
    this.#keeping = undefined;
    this.drop();
    keeping?.leave();
  }

  /** Throws away what there is, or what is being recorded. */
  drop(): void {
    const now = this.#now.peek();
    this.#attempt += 1;
    const take = this.#take;
    this.#off();
    this.#keeping?.drop();
    this.#keeping = undefined;
    take?.drop();
    if (now.state === "ready") URL.revokeObjectURL(now.voice.url);
    this.#now.value = { state: "idle" };
    this.#bars.value = [];
    this.#elapsed.value = 0;
  }

  #off(): void {
    clearInterval(this.#looking);
    this.#take = undefined;
  }
}

function failureOf(error: unknown): Failure {
  const isFailure = typeof error === "object" && error !== null && "kind" in error && !(error instanceof Error);
  if (isFailure) return error as Failure;
  report("a recording could not be made ready", error);
  return { kind: "internal" };
}

/** The microphone is on, or is asked for. */
export function isOn({ state }: VoiceState): boolean {
  return state === "asking" || state === "recording";
}

/** Media Capture and Streams §10.2. */
function reasonOf(error: unknown): NoMicrophone {
  const name = error instanceof DOMException ? error.name : "";
  switch (name) {
    case "NotAllowedError":
    case "SecurityError":
      return "refused";
    case "NotFoundError":
    case "OverconstrainedError":
      return "none";
    case "NotReadableError":
    case "AbortError":
    case "InvalidStateError":
      return "busy";
    default:
      if (!(error instanceof TypeError) && name !== "NotSupportedError") report("no microphone could be had", error);
      return "unable";
  }
}
