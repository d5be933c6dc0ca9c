/**
 * A bound stream: every element that arrives is handled here, in order and in a turn of its own - by stream management,
 * as the answer to a request, or by the listener.
 */
import { xml, type Element } from "@xmpp/xml";
import type { Failure } from "../../worker/contract/failures.ts";
import type { BareJid } from "../../worker/contract/names.ts";
import { drop } from "../../worker/shared/drop.ts";
import { domainOf } from "../../worker/shared/jid.ts";
import { missingCase } from "../../worker/shared/missing-case.ts";
import { Requests, type RequestOptions, type RequestResult } from "./iq.ts";
import { ACK_REQUEST_DELAY_MS, type ManagedStream, Management } from "./management/management.ts";
import type { Resumption } from "./management/answers.ts";
import type { StreamListener } from "./management/listener.ts";
import { NS_CLIENT, NS_CLIENT_STATE } from "../xep/namespaces.ts";
import { NS_PING } from "../xep/ping.ts";
import type { InFlight, Outgoing, Return } from "./management/resume.ts";

/** What a session needs of its stream. */
export interface SessionStream {
  onUnreadable: (outline: Element, broken: boolean) => void;
  /** Whether somebody waits for this long stanza in parts; they come as `onPart`, all but the last. */
  takesParts: (outline: Element) => boolean;
  onPart: (part: Element) => void;
  /** An element that is no stanza. */
  send(nonza: Element): void;
  /** A stanza, serialised. */
  write(stanza: string): void;
  listen(listener: (element: Element) => void): void;
  fail(failure: Failure): unknown;
}

type Listener = Pick<StreamListener, "stanza" | "unreadable" | "acknowledged">;

export class Session {
  readonly #stream: SessionStream;
  readonly #listener: Listener;
  readonly #requests: Requests;
  readonly #management: Management;
  readonly #domain: string;
  /** Stanzas sent since the last proof of arrival, where the server has no stream management. */
  #unproven: InFlight[] = [];
  /** Those that a ping is to prove now. */
  #proving: readonly InFlight[] = [];
  /** Bytes of the largest stanza that the server takes; undefined: not known. */
  readonly #largest: number | undefined;
  #settleEnabled: (() => void) | undefined;
  #settleProved: (() => void) | undefined;
  #ended = false;

  constructor(stream: SessionStream, listener: Listener, account: BareJid, managed: ManagedStream, largest?: number) {
    this.#stream = stream;
    this.#listener = listener;
    this.#largest = largest;
    this.#domain = domainOf(account);
    this.#requests = new Requests(account, managed.full);
    this.#management = new Management((nonza) => stream.send(nonza), listener, managed);
    stream.onUnreadable = (outline, broken) => this.#stepOver(outline, broken);
    stream.takesParts = (outline) => this.#requests.takesParts(outline);
    stream.onPart = (part) => this.#requests.part(part);
  }

  /** From now on every element that arrives is handled, those that have arrived already first. */
  listen(): void {
    this.#stream.listen((element) => this.#receive(element));
  }

  /** The sign-in has enabled stream management (XEP-0386). */
  adopt(resumption: Resumption | undefined): void {
    this.#management.adopt(resumption);
  }

  /** Go on as the stream that was resumed: what the server did not receive is written again, in its order (§5). */
  resume({ stream, acknowledged, settled, rest }: Return): void {
    const ids = settled.flatMap(({ id }) => id ?? []);
    this.#listener.acknowledged(ids, () => this.#management.resume(stream.inbound, acknowledged));
    for (const { id, stanza } of rest) {
      if (stanza !== undefined) this.write({ id, text: stanza });
    }
  }

  /** Resolves when a resumed stream has proved itself by its first answer, or with the end of the session. */
  async proved(): Promise<void> {
    const settled = new Promise<void>((resolve) => {
      this.#settleProved = resolve;
    });
    // Prosody 0.12 remembers that nobody looked, stops writing some time after the return, and has forgotten what would make
    // it go on: only this does. A server without XEP-0352 ignores it.
    this.#stream.send(xml("active", { xmlns: NS_CLIENT_STATE }));
    this.#management.prove();
    await settled;
  }

  /** Resolves with `<enabled/>`, `<failed/>` or the end of the session. */
  async enableManagement(): Promise<void> {
    const settled = new Promise<void>((resolve) => {
      this.#settleEnabled = resolve;
    });
    this.#management.enable();
    await settled;
  }

  /** Nothing that was written or asked waits for its answer. */
  get quiet(): boolean {
    return this.unacknowledged.length === 0 && this.#requests.none;
  }

  /** Stanzas of ours that may not have arrived, oldest first. */
  get unacknowledged(): readonly InFlight[] {
    return this.#management.enabled ? this.#management.unacked : [...this.#proving, ...this.#unproven];
  }

  /** Whether the server takes a stanza of this size; it ends the stream for a larger one (XEP-0478). */
  fits(stanza: string): boolean {
    // No character of UTF-16 is more than three bytes of UTF-8.
    if (this.#largest === undefined || stanza.length * 3 <= this.#largest) return true;
    return bytesOf(stanza) + FRAME_BYTES <= this.#largest;
  }

  /** A stanza that was just built; see `write`. False also where the server would not take it. */
  send(stanza: Element): boolean {
    const text = stanza.toString();
    return this.fits(text) && this.write({ id: stanza.attrs["id"], text });
  }

  /** Writes a finished stanza, counted by stream management. False where the session has ended. */
  write(stanza: Outgoing): boolean {
    if (this.#ended) return false;
    const bytes = bytesOf(stanza.text);
    this.#management.sent(stanza, bytes);
    this.#stream.write(stanza.text);
    const { id } = stanza;
    if (!this.#management.enabled && id !== undefined) {
      if (this.#unproven.length === 0) setTimeout(() => this.requestAck(), ACK_REQUEST_DELAY_MS);
      this.#unproven.push({ id, bytes, at: Date.now() });
    }
    return true;
  }

  /** Gives the iq an id and waits for its answer. Fails with `lost`, `timed-out`, `too-large`, or the error that came back. */
  async request(iq: Element, options?: RequestOptions): Promise<RequestResult> {
    if (!this.fits(iq.toString())) return { ok: false, error: { kind: "too-large", which: "question" } };
    return this.#requests.request(iq, (finished) => this.send(finished), options);
  }

  /** Stream management where there is some, else a ping (XEP-0199): stanzas arrive in order, so its answer proves them. */
  requestAck(): void {
    if (this.#ended) return;
    if (this.#management.enabled) this.#management.requestAck();
    else drop(this.#ping());
  }

  /** The same in a moment, once for all that is written until then. */
  requestAckSoon(): void {
    if (this.#management.enabled) this.#management.requestAckSoon();
  }

  /** The stream is over: nothing is written any more, and whoever waits for an answer learns that none will come. */
  end(): void {
    this.#ended = true;
    this.#management.stop();
    this.#requests.lose();
    this.#settleEnabled?.();
    this.#settleProved?.();
  }

  /** A stanza that can never be read counts as handled; else the server would send it again on every resumption. */
  #stepOver(outline: Element, broken: boolean): void {
    if (!isStanza(outline)) return;
    if (isAnswer(outline)) this.#requests.unreadable(outline);
    else this.#listener.unreadable(outline, broken);
    if (!broken) this.#management.stored(false);
  }

  #receive(element: Element): void {
    if (!isStanza(element)) {
      this.#receiveNonza(element);
      return;
    }
    // An answer that nobody waits for is late or forged: it counts as received and that is all.
    const answer = isAnswer(element);
    if (answer) this.#requests.answer(element);
    const remembered = !answer && this.#listener.stanza(element, this.#management.next);
    this.#management.stored(remembered);
  }

  #receiveNonza(element: Element): void {
    const event = this.#management.receive(element);
    switch (event) {
      case "enabled":
      case "failed":
        this.#settleEnabled?.();
        return;
      case "lied":
        this.#stream.fail({ kind: "server-error", detail: "stream management" });
        return;
      case "handled":
        if (element.getName() === "a") this.#settleProved?.();
        return;
      case "not-mine":
        return;
      default:
        missingCase(event);
    }
  }

  async #ping(): Promise<void> {
    const before = this.#unproven;
    this.#proving = [...this.#proving, ...before];
    this.#unproven = [];
    const ids = before.flatMap(({ id }) => id ?? []);
    const ping = xml("iq", { type: "get", to: this.#domain }, xml("ping", { xmlns: NS_PING }));
    const result = await this.#requests.request(ping, (iq) => this.#writeUncounted(iq));
    // An error is an answer too.
    const arrived = result.ok || result.error.kind === "stanza-error";
    if (this.#ended || !arrived) return;
    this.#proving = this.#proving.filter((stanza) => !before.includes(stanza));
    if (ids.length > 0) this.#listener.acknowledged(ids, () => undefined);
  }

  /** For a stream without management: it is itself the question what has arrived. */
  #writeUncounted(iq: Element): boolean {
    if (this.#ended) return false;
    this.#stream.write(iq.toString());
    return true;
  }
}

/** Its namespace, which a frame of a WebSocket names as well (`framing.ts`). */
const FRAME_BYTES = 30;

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}

function isStanza(element: Element): boolean {
  const known = element.name === "message" || element.name === "presence" || element.name === "iq";
  return known && element.getNS() === NS_CLIENT;
}

function isAnswer({ name, attrs }: Element): boolean {
  return name === "iq" && (attrs["type"] === "result" || attrs["type"] === "error");
}
