/**
 * A stream that outlives its connection (XEP-0198 §5): what has to be remembered of it, and what the server's `h` means
 * when it is resumed. Pure; the memory is implemented by the store.
 */
import type { Acknowledged, Resumption } from "./answers.ts";
import { PROVING } from "./proving.ts";

/** §4: "maximum of 2^32−1, wraps to zero". What is remembered does not wrap. */
export const MODULUS = 2 ** 32;

/** A stanza on its way out: built and serialised once. Its `id` is what an acknowledgement of it is told by. */
export type Outgoing = { readonly id: string | undefined; readonly text: string };

/** A stanza that was written and not acknowledged; without text where it needs not be written again. */
export type Unacked = { readonly id?: string; readonly stanza?: string };

/** The same as it is on its way: its name, its size, and when it was written. */
export type InFlight = { readonly id?: string; readonly bytes: number; readonly at: number };

/** What a server gave with `<enabled resume='true'/>`, and where. */
export type Resumable = Resumption & {
  /** The full address it is bound to. */
  readonly full: string;
  /** URI it was opened at. */
  readonly endpoint: string;
};

export type SavedStream = Resumable & {
  /** Stanzas of the server that are stored. */
  readonly inbound: number;
  /** Stanzas of ours that it has acknowledged. */
  readonly acknowledged: number;
  /** Those after it, oldest first. */
  readonly unacked: readonly Unacked[];
};

/** Keeps a stream where neither a lost connection nor a reset reaches it. All of it is synchronous. */
export interface StreamMemory {
  /**
   * Undefined also where a resumption was never confirmed by an `<a/>`: the server may have counted other stanzas than
   * were written.
   */
  load(): SavedStream | undefined;
  /** A new stream stands; the one before is forgotten. */
  opened(stream: Resumable): void;
  /** The `n`-th stanza since then was written, or is about to be: the write waits until this is stored. */
  written(n: number, stanza: Outgoing): void;
  acknowledged(n: number): void;
  received(inbound: number): void;
  /** After a return: those after `acknowledged` are written and counted again. */
  resumed(acknowledged: number): void;
  /** The first `<a/>` after a resumption has confirmed the counts. */
  proved(): void;
  /** The server has ended it, or we have. */
  forget(): void;
}

/** How many of the unacknowledged a count of the server covers; undefined where that is more than was written (§5). */
export function covered(h: number, acknowledged: number, unacked: number): number | undefined {
  const count = (((h - acknowledged) % MODULUS) + MODULUS) % MODULUS;
  return count > unacked ? undefined : count;
}

/** 3 kB/s is what ejabberd's own configuration allows. */
const SLOWEST_BYTES_PER_MS = 2;

/**
 * How long a resumed stream may take to answer. One that hears nothing any more broke off in the middle of a stanza of ours,
 * so one was `unacknowledged`: it is given up soon, but a server that reads slowly has to read everything that was written
 * again before it answers. Where the server had acknowledged all it is only slow, and gets `stepMs`, as at any step: a new
 * stream would show to all contacts.
 */
export function timeToProveMs(unacknowledged: readonly Pick<InFlight, "bytes">[], stepMs: number): number {
  if (unacknowledged.length === 0) return stepMs;
  return PROVING.withinMs + unacknowledged.reduce((sum, { bytes }) => sum + bytes, 0) / SLOWEST_BYTES_PER_MS;
}

/** A resumption: which stanzas had arrived, and which are to be written again. */
export type Return = {
  readonly stream: SavedStream;
  readonly acknowledged: number;
  readonly settled: readonly Unacked[];
  readonly rest: readonly Unacked[];
};

/** The stream was resumed with this `h`; undefined where the server claims more than was sent (§5). */
export function returnOf(stream: SavedStream, h: number): Return | undefined {
  const count = covered(h, stream.acknowledged, stream.unacked.length);
  if (count === undefined) return undefined;
  const [settled, rest] = [stream.unacked.slice(0, count), stream.unacked.slice(count)];
  return { stream, acknowledged: stream.acknowledged + count, settled, rest };
}

/** The server no longer has the stream; the stanzas that the `h` of its `<failed/>` covers have arrived (§5). */
export function arrivedOf(stream: SavedStream, h: Acknowledged): readonly Unacked[] {
  const count = h === undefined ? undefined : covered(h, stream.acknowledged, stream.unacked.length);
  return stream.unacked.slice(0, count ?? 0);
}
