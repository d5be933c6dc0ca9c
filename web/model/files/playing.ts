/**
 * What is heard on this page: one sound at a time, whatever else was playing stops, and where it ends the next one begins. It is
 * all played by one element, because browsers that let no page sound by itself go by the element that was pressed.
 */
import { batch, type ReadonlySignal, signal } from "@preact/signals-core";
import { drop } from "../../../worker/shared/drop.ts";

export type Sound = {
  /** Of the row that brings it. */
  readonly key: string;
  readonly url: string;
  /** So that it stays in memory; returns what ends that. */
  readonly hold: () => () => void;
  /** What comes after it, if anything does. */
  readonly next?: (signal: AbortSignal) => Promise<Sound | undefined>;
  /** Its first note is heard. */
  readonly onHeard?: () => void;
};

/** `failed`: this browser cannot play it. Seconds; `total`: as the player knows it. */
export type Heard = {
  readonly key: string;
  readonly state: "playing" | "paused" | "failed";
  readonly at: number;
  readonly total?: number;
};

/** The element, as far as it is used. */
export interface Player {
  src: string;
  currentTime: number;
  readonly duration: number;
  playbackRate: number;
  play(): Promise<void>;
  pause(): void;
  load(): void;
  addEventListener(type: "ended" | "pause" | "play" | "error" | "timeupdate", listener: () => void): void;
}

const SPEEDS = [1, 1.5, 2] as const;
export type Speed = (typeof SPEEDS)[number];

/** Where a speed is remembered. */
export type Remembered = { read(): string | null; write(speed: string): void };

/** How often it is looked where it is: `timeupdate` comes four times a second, and its mark would jump. */
const LOOK_MS = 100;
/** So near to its end it is over. */
const END_S = 0.15;

export class Playing {
  readonly #start: () => Player;
  readonly #remembered: Remembered;
  readonly #now = signal<Heard | undefined>(undefined);
  readonly #speed;
  /** Where others were left. */
  readonly #left = new Map<string, number>();
  #player: Player | undefined;
  #sound: Sound | undefined;
  #release: (() => void) | undefined;
  #looking: ReturnType<typeof setInterval> | undefined;
  #coming: AbortController | undefined;
  /** Something else on the page that plays: a film. */
  #other: { pause(): void } | undefined;

  constructor(start: () => Player, remembered: Remembered) {
    this.#start = start;
    this.#remembered = remembered;
    this.#speed = signal<Speed>(SPEEDS.find((one) => String(one) === remembered.read()) ?? 1);
  }

  get now(): ReadonlySignal<Heard | undefined> {
    return this.#now;
  }

  get speed(): ReadonlySignal<Speed> {
    return this.#speed;
  }

  /** To the next one, and from the fastest back to the first. */
  changeSpeed(): void {
    this.#speed.value = SPEEDS[(SPEEDS.indexOf(this.#speed.peek()) + 1) % SPEEDS.length] ?? 1;
    this.#remembered.write(String(this.#speed.peek()));
    if (this.#player !== undefined) this.#player.playbackRate = this.#speed.peek();
  }

  /** Where a sound is, or was left, in seconds. */
  at(key: string): number {
    const now = this.#now.peek();
    return now?.key === key ? now.at : (this.#left.get(key) ?? 0);
  }

  /** Somebody has pressed: what comes later in that moment may be heard. */
  warm(): void {
    if (this.#player === undefined) this.#begin().load();
  }

  play(sound: Sound): void {
    this.#coming?.abort();
    this.#other?.pause();
    this.#other = undefined;
    const player = this.#begin();
    if (this.#sound?.key !== sound.key || this.#now.peek()?.state === "failed") {
      this.#leave();
      this.#release = sound.hold();
      player.src = sound.url;
      player.currentTime = this.#left.get(sound.key) ?? 0;
    }
    this.#sound = sound;
    player.playbackRate = this.#speed.peek();
    this.#now.value = { ...this.#heard(sound, player), state: "playing" };
    drop(this.#sounds(player, sound));
  }

  async #sounds(player: Player, sound: Sound): Promise<void> {
    try {
      await player.play();
      if (this.#sound === sound) sound.onHeard?.();
    } catch (error) {
      if (this.#sound !== sound || this.#now.peek()?.state === "failed") return;
      // Something else was wanted meanwhile, or the browser wants to be pressed once more; anything else it cannot play.
      const name = error instanceof DOMException ? error.name : "";
      const state = name === "AbortError" || name === "NotAllowedError" ? "paused" : "failed";
      this.#now.value = { ...this.#heard(sound, player), state };
    }
  }

  pause(): void {
    this.#coming?.abort();
    this.#player?.pause();
  }

  /** Nothing is heard any more, and nothing of it is in memory. */
  stop(): void {
    this.pause();
    this.#leave();
    this.#now.value = undefined;
  }

  /** `at`: seconds from its beginning. One that is not played begins there when it is. */
  seek(key: string, at: number): void {
    const place = Math.max(0, at);
    const now = this.#now.peek();
    if (now?.key !== key || this.#player === undefined) {
      this.#left.set(key, place);
      return;
    }
    this.#player.currentTime = place;
    this.#now.value = { ...now, at: place };
  }

  /** Another player of the page has begun: this one is silent, and it is silent as soon as this one begins. */
  yieldTo(other: { pause(): void }): void {
    if (this.#other !== other) this.#other?.pause();
    this.#other = other;
    this.pause();
  }

  #begin(): Player {
    if (this.#player !== undefined) return this.#player;
    const player = this.#start();
    this.#player = player;
    player.addEventListener("play", () => {
      clearInterval(this.#looking);
      this.#looking = setInterval(() => this.#look(), LOOK_MS);
    });
    player.addEventListener("pause", () => {
      clearInterval(this.#looking);
      this.#look("paused");
    });
    player.addEventListener("timeupdate", () => this.#look());
    player.addEventListener("error", () => {
      // Taking the last one away is none.
      if (this.#sound !== undefined) this.#look("failed");
    });
    player.addEventListener("ended", () => drop(this.#ended()));
    return player;
  }

  #look(state?: Heard["state"]): void {
    const [sound, player, now] = [this.#sound, this.#player, this.#now.peek()];
    if (sound === undefined || player === undefined || now?.key !== sound.key) return;
    const next = { ...this.#heard(sound, player), state: state ?? now.state };
    if (next.at !== now.at || next.state !== now.state || next.total !== now.total) this.#now.value = next;
  }

  #heard({ key }: Sound, player: Player): Omit<Heard, "state"> {
    const { duration } = player;
    return { key, at: player.currentTime, ...(Number.isFinite(duration) && duration > 0 && { total: duration }) };
  }

  async #ended(): Promise<void> {
    const sound = this.#sound;
    clearInterval(this.#looking);
    if (sound === undefined) return;
    this.#leave();
    batch(() => {
      this.#left.delete(sound.key);
      this.#now.value = undefined;
    });
    const coming = new AbortController();
    this.#coming = coming;
    const next = await sound.next?.(coming.signal);
    if (next !== undefined && !coming.signal.aborted) this.play(next);
  }

  /** Another one, or none. */
  #leave(): void {
    clearInterval(this.#looking);
    const [sound, player] = [this.#sound, this.#player];
    this.#sound = undefined;
    if (sound === undefined || player === undefined) return;
    const { currentTime, duration } = player;
    if (Number.isFinite(duration) && duration - currentTime < END_S) this.#left.delete(sound.key);
    else this.#left.set(sound.key, currentTime);
    this.#release?.();
    this.#release = undefined;
  }
}
