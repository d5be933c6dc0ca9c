/**
 * Resuming a managed stream (XEP-0198 §5): what has to be remembered of it, and what the server's word at its return
 * means. Pure, but for the memory, which is the host's.
 */
import { xml, type Element } from "@xmpp/xml";
import { NS_MANAGEMENT } from "./namespaces.ts";

/** §4: "maximum of 2^32−1, wraps to zero". What is remembered does not wrap. */
export const MODULUS = 2 ** 32;

/** A stanza that was written and not acknowledged; without text where it needs not be written again. */
export type Unacked = { readonly id?: string; readonly stanza?: string };

/** What a server gave with `<enabled resume='true'/>`. */
export type Resumable = {
  readonly id: string;
  /** The full address it is bound to. */
  readonly full: string;
  /** Where the server would like to be found again (§3 `location`), unchecked. */
  readonly location?: string;
  /** URI it was opened at. */
  readonly endpoint: string;
  /** How long the server waits; 0 where it does not say. */
  readonly resumableMs: number;
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
  load(): SavedStream | undefined;
  /** A new stream stands; the one before is forgotten. */
  opened(stream: Resumable): void;
  /** The `n`-th stanza since then was written, or is about to be: the write waits until this is stored. */
  written(n: number, stanza: Element): void;
  acknowledged(n: number): void;
  received(inbound: number): void;
  /** After a return: those after `acknowledged` are written again and counted anew. */
  resumed(acknowledged: number): void;
  /** The server has ended it, or we have. */
  forget(): void;
}

/** §5: the request to go on where we were. */
export function buildResume({ id, inbound }: Pick<SavedStream, "id" | "inbound">): Element {
  return xml("resume", { xmlns: NS_MANAGEMENT, previd: id, h: String(inbound % MODULUS) });
}

/** How many of the unacknowledged a count `h` covers; undefined where it says more than was ever written (§5). */
export function covered(h: string | undefined, acknowledged: number, unacked: number): number | undefined {
  if (h === undefined || !/^[0-9]{1,10}$/.test(h)) return undefined;
  const count = (((Number(h) - acknowledged) % MODULUS) + MODULUS) % MODULUS;
  return count > unacked ? undefined : count;
}

export type Resumption =
  /** `settled`: stanzas of ours that had arrived after all. `rest` is to be written again. */
  | {
      readonly kind: "resumed";
      readonly stream: SavedStream;
      readonly acknowledged: number;
      readonly settled: readonly Unacked[];
      readonly rest: readonly Unacked[];
    }
  /** The server has let go of it; what it says to have received (§5 `h` of `<failed/>`) has arrived. */
  | { readonly kind: "gone"; readonly settled: readonly Unacked[] }
  /** It speaks of another stream or of more than was sent: whoever this is, nothing may be believed (CVE-2018-10847). */
  | { readonly kind: "lied" };

/** What the answer to `<resume/>` means; undefined for an element that is none. */
export function readResumption(answer: Element, saved: SavedStream): Resumption | undefined {
  if (answer.getNS() !== NS_MANAGEMENT) return undefined;
  const count = covered(answer.attrs["h"], saved.acknowledged, saved.unacked.length);
  switch (answer.getName()) {
    case "resumed":
      if (answer.attrs["previd"] !== saved.id || count === undefined) return { kind: "lied" };
      return {
        kind: "resumed",
        stream: saved,
        acknowledged: saved.acknowledged + count,
        settled: saved.unacked.slice(0, count),
        rest: saved.unacked.slice(count),
      };
    case "failed":
      return { kind: "gone", settled: saved.unacked.slice(0, count ?? 0) };
    default:
      return undefined;
  }
}

/** The stream that `<enabled/>` has opened; undefined where it cannot be resumed. */
export function readEnabled(enabled: Element, full: string, endpoint: string): Resumable | undefined {
  const { id, resume, max, location } = enabled.attrs;
  if (id === undefined || id === "" || (resume !== "true" && resume !== "1")) return undefined;
  const seconds = max !== undefined && /^[0-9]{1,9}$/.test(max) ? Number(max) : 0;
  return {
    id,
    full,
    endpoint,
    resumableMs: seconds * 1_000,
    ...(location !== undefined && location !== "" && { location }),
  };
}
