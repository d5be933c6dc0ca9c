/** What a stream tells whoever keeps what it brings: declared once, and handed down from the connection to whoever tells it. */
import type { Element } from "@xmpp/xml";
import type { Failure } from "../../../worker/contract/failures.ts";
import type { InFlight } from "./resume.ts";

/** How a stream ended that nobody here has ended. */
export type StreamEnd = {
  readonly failure: Failure;
  /** By a stream error of the server (RFC 6120 §4.9). */
  readonly byServer: boolean;
  /** Stanzas of ours that it may not have received, oldest first. */
  readonly unacknowledged: readonly InFlight[];
};

/**
 * But for `begin` all of it is synchronous: what was told is stored when the call returns, and only then counted for
 * `<a h=…/>` (XEP-0198 §4). An exception ends the stream.
 */
export interface StreamListener {
  /**
   * A stream stands, before its first stanza. `resumed`: it is the one that was before (XEP-0198 §5). True where it can be
   * used as it is, because everything was read and nothing is left to begin.
   */
  stands(resumed: boolean): boolean;
  /**
   * On a stream that can be used as it is: what the server had not received was written to it again, so what was accepted
   * since may follow.
   */
  resent(): void;
  /**
   * A message, a presence, or an iq of type get or set; it may come before `begin`. `inbound`: the count that includes it,
   * where the stream can be resumed; true where that was stored in the same turn.
   */
  stanza(stanza: Element, inbound: number | undefined): boolean;
  /**
   * A stanza that cannot be read: its tags that say where it belongs (`guard.ts`). `broken`: no parser takes it, so the
   * stream ends after this and it is not counted; else it is over a limit and was stepped over.
   */
  unreadable(outline: Element, broken: boolean): void;
  /** The `id`s of stanzas that the server has taken over; runs `store`, which keeps the count, in the turn that settles them. */
  acknowledged(ids: readonly string[], store: () => void): void;
  /** The stream has ended by itself. True where it should not be resumed, though it could be. */
  broke(end: StreamEnd): boolean;
  /** From bound to live; a rejection ends the stream. `ready`: `stands` has said that nothing is left to begin. */
  begin(ready: boolean): Promise<void>;
  /** There is no stream any more: nobody answers what was asked on it. May be told more than once. */
  ended(): void;
}
