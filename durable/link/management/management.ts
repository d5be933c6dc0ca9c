/**
 * Stream management (XEP-0198 1.6): who has received how much. What the peer acknowledged is told to the listener; what
 * we acknowledge is what the listener has stored, so `h` grows only after its synchronous `stanza` came back. Where the
 * server lets the stream be resumed, every count is in the memory before anything is said about it.
 */
import { xml, type Element } from "@xmpp/xml";
import { readAcknowledged, readEnabled, type Resumption } from "./answers.ts";
import type { StreamListener } from "./listener.ts";
import { NS_MANAGEMENT } from "../../xep/namespaces.ts";
import { covered, MODULUS, type Outgoing, type InFlight, type StreamMemory } from "./resume.ts";

/** A burst of stanzas asks for one acknowledgement. */
export const ACK_REQUEST_DELAY_MS = 100;
/** So much of a burst is not written without asking. */
export const ACK_REQUEST_BYTES = 8 * 1024;

/** `failed`: the server does not want to; the session goes on without. `lied`: it must end (§5, `undefined-condition`). */
export type ManagementEvent = "enabled" | "failed" | "handled" | "lied" | "not-mine";

export type ManagedStream = {
  readonly memory: StreamMemory;
  readonly full: string;
  readonly endpoint: string;
};

export class Management {
  readonly #send: (nonza: Element) => void;
  readonly #listener: Pick<StreamListener, "acknowledged">;
  readonly #stream: ManagedStream;
  #state: "off" | "asked" | "enabled" = "off";
  #resumable = false;
  #inbound = 0;
  /** What the memory holds of `#inbound`; it may lag behind what needs no storing, never behind what was acknowledged. */
  #remembered = 0;
  #acknowledged = 0;
  #unacked: InFlight[] = [];
  /** Bytes that were written since the peer was asked. */
  #unasked = 0;
  /** On a resumed stream, until its first `<a/>`: the count that it has to reach. Until then nothing else is asked. */
  #owed: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `send` writes an element that is no stanza. */
  constructor(send: (nonza: Element) => void, listener: Pick<StreamListener, "acknowledged">, stream: ManagedStream) {
    this.#send = send;
    this.#listener = listener;
    this.#stream = stream;
  }

  /** Stanzas of ours that the peer has not acknowledged, oldest first. */
  get unacked(): readonly InFlight[] {
    return this.#unacked;
  }

  /** Both sides count (§3). */
  get enabled(): boolean {
    return this.#state === "enabled";
  }

  /** Stanzas of the peer that count as received once the one that is being stored now is. */
  get next(): number | undefined {
    return this.#resumable ? this.#inbound + 1 : undefined;
  }

  /** §4: our outbound count starts at zero with this element. */
  enable(): void {
    this.#state = "asked";
    this.#send(xml("enable", { xmlns: NS_MANAGEMENT, resume: "true" }));
  }

  /** The sign-in has enabled it (XEP-0386): both counts start at zero. */
  adopt(resumption: Resumption | undefined): void {
    this.#state = "enabled";
    this.#remember(resumption);
  }

  /** Go on as the stream that was resumed, with what is still to be written again; then it has to prove itself. */
  resume(inbound: number, acknowledged: number): void {
    this.#state = "enabled";
    this.#resumable = true;
    this.#inbound = inbound;
    this.#remembered = inbound;
    this.#acknowledged = acknowledged;
    this.#owed = acknowledged;
    this.#stream.memory.resumed(acknowledged);
  }

  /**
   * Ask for the first `<a/>` on a resumed stream. The server handles elements in order, so its count covers everything
   * that was written before. A lower count (seen at Prosody 0.12 after half a frame) means that the server skipped some
   * stanzas and counted later ones in their place: such a stream must end.
   */
  prove(): void {
    this.#owed = undefined;
    this.requestAck();
    this.#owed = this.#acknowledged + this.#unacked.length;
  }

  /**
   * A stanza of so many bytes is about to be written; it is in the memory before it leaves. A server may read slowly (3 kB/s
   * is a default): in a long queue it is asked now and then, so that people see how far it is.
   */
  sent(stanza: Outgoing, bytes: number): void {
    if (this.#state === "off") return;
    const { id } = stanza;
    if (this.#unasked >= ACK_REQUEST_BYTES) this.requestAck();
    this.#unasked += bytes;
    this.#unacked.push({ ...(id !== undefined && { id }), bytes, at: Date.now() });
    if (this.#resumable) this.#stream.memory.written(this.#acknowledged + this.#unacked.length, stanza);
    this.requestAckSoon();
  }

  /** A stanza of the peer is stored; `remembered`: its count as well. */
  stored(remembered: boolean): void {
    if (this.#state !== "enabled") return;
    this.#inbound += 1;
    if (remembered) this.#remembered = this.#inbound;
  }

  /** Ask how far the peer is (§5 `<r/>`); its answer also proves that the connection lives. */
  requestAck(): void {
    this.#forgetTimer();
    this.#unasked = 0;
    if (this.#state === "enabled" && this.#owed === undefined) this.#send(xml("r", { xmlns: NS_MANAGEMENT }));
  }

  /** The same after `ACK_REQUEST_DELAY_MS`, once however often it is called until then. */
  requestAckSoon(): void {
    this.#timer ??= setTimeout(() => this.requestAck(), ACK_REQUEST_DELAY_MS);
  }

  /** An element that is no stanza. Takes effect before the next element of the same chunk is looked at. */
  receive(element: Element): ManagementEvent {
    if (element.getNS() !== NS_MANAGEMENT) return "not-mine";
    const name = element.getName();
    switch (name) {
      case "enabled":
        return this.#enabled(element);
      case "failed":
        this.stop();
        return "failed";
      case "r":
        if (this.#state === "enabled") this.#tellInbound();
        return "handled";
      case "a":
        return this.#peerHas(readAcknowledged(element));
      default:
        return "not-mine";
    }
  }

  /** The stream is over or goes on without. */
  stop(): void {
    this.#state = "off";
    this.#forgetTimer();
  }

  #enabled(element: Element): ManagementEvent {
    if (this.#state !== "asked") return "lied";
    this.#state = "enabled";
    this.#inbound = 0;
    // Stanzas that were written before `<enabled/>` are not in the memory, so a stream with such stanzas could not be
    // resumed completely.
    this.#remember(this.#unacked.length === 0 ? readEnabled(element) : undefined);
    return "enabled";
  }

  #remember(resumption: Resumption | undefined): void {
    const { memory, full, endpoint } = this.#stream;
    this.#resumable = resumption !== undefined;
    if (resumption) memory.opened({ ...resumption, full, endpoint });
    else memory.forget();
  }

  /** The row is written first: the platform holds outgoing bytes back until the row is on disk (output gate). */
  #tellInbound(): void {
    if (this.#resumable && this.#remembered !== this.#inbound) this.#stream.memory.received(this.#inbound);
    this.#remembered = this.#inbound;
    this.#send(xml("a", { xmlns: NS_MANAGEMENT, h: String(this.#inbound % MODULUS) }));
  }

  #peerHas(h: number | undefined): ManagementEvent {
    if (this.#state !== "enabled" || h === undefined) return "lied";
    // §5: more than was ever sent means that one of both counts wrongly.
    const count = covered(h, this.#acknowledged, this.#unacked.length);
    if (count === undefined) return "lied";
    if (this.#owed !== undefined && !this.#proved(this.#acknowledged + count)) return "lied";
    if (count === 0) return "handled";
    this.#acknowledged += count;
    const ids = this.#unacked.splice(0, count).flatMap(({ id }) => id ?? []);
    const total = this.#acknowledged;
    this.#listener.acknowledged(ids, () => {
      if (this.#resumable) this.#stream.memory.acknowledged(total);
    });
    return "handled";
  }

  #proved(total: number): boolean {
    if (this.#owed === undefined || total < this.#owed) return false;
    this.#owed = undefined;
    this.#stream.memory.proved();
    if (total < this.#acknowledged + this.#unacked.length) this.requestAckSoon();
    return true;
  }

  #forgetTimer(): void {
    if (this.#timer !== undefined) clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
