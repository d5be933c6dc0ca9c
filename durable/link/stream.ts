/**
 * One XML stream on one connection: `Client` of `@xmpp/client-core` for transports, framing and the parser, with the
 * guard before the parser and a queue of elements behind it. It is dialled once, dies once, and says why.
 */
import { TimeoutError } from "@xmpp/events";
import { XMLError, type Element } from "@xmpp/xml";
import type { Failure, Result } from "../../worker/contract/failures.ts";
import { drop } from "../../worker/shared/drop.ts";
import { domainOf } from "../../worker/shared/jid.ts";
import type { Endpoint } from "./discovery/endpoint.ts";
import { Elements } from "./elements.ts";
import { failureOfDial, failureOfUpgrade } from "./failures.ts";
import { GuardedClient } from "./guarded-client.ts";
import { failureOf } from "./transport/fault.ts";
import { Frame, framedStanza } from "./transport/framing.ts";
import { Guard } from "./transport/guard.ts";
import { NS_FRAMING, NS_STREAM, NS_TLS } from "../xep/namespaces.ts";
import type { StreamSettings } from "./settings.ts";
import { TcpSocket } from "./transport/tcp.ts";
import { TRANSPORTS } from "./transport/transport.ts";
import { XmppWebSocket } from "./transport/websocket.ts";
import { within } from "../../worker/shared/within.ts";

/** Time for each step: connecting, TLS, one answer. */
export const STEP_TIMEOUT_MS = 15_000;
/** Time for the other side to close its half of the stream. */
const CLOSE_TIMEOUT_MS = 2_000;

type Listener = (element: Element) => void;

export class Stream {
  readonly endpoint: Endpoint;
  /** `Date.now()` of the last received byte. */
  lastByteAt = Date.now();
  /** The outline of a stanza that cannot be read: too large, or (`broken`) so that the stream ends after it. */
  onUnreadable: (outline: Element, broken: boolean) => void = () => undefined;
  /** Whether somebody waits for this long stanza, of which the outline is known, in parts. */
  takesParts: (outline: Element) => boolean = () => false;
  /** All parts of such a stanza but the last, which comes as an element. */
  onPart: (part: Element) => void = () => undefined;
  onEnd: (failure: Failure) => void = () => undefined;

  readonly #settings: StreamSettings;
  readonly #domain: string;
  readonly #client = new GuardedClient();
  #guard: Guard;
  readonly #frame = new Frame();
  readonly #elements = new Elements();
  #listener: Listener | undefined;
  #failure: Failure | undefined;
  #resolveEnded: (failure: Failure) => void = () => undefined;
  readonly #ended: Promise<Failure> = new Promise((resolve) => {
    this.#resolveEnded = resolve;
  });
  #opened = false;
  #greeted = false;
  /** What is parsed now is a part. */
  #partial = false;
  #closing = false;

  constructor(settings: StreamSettings) {
    this.#settings = settings;
    this.endpoint = settings.endpoint;
    this.#domain = domainOf(settings.account);
    this.#guard = this.#newGuard();
    const client = this.#client;
    client.transports.push(...TRANSPORTS);
    client.timeout = settings.stepTimeoutMs;
    // Goes out as `from` of the header, over TLS only (RFC 6120 §4.7.1); whoever has no account yet says nothing.
    if (settings.account.includes("@")) client._jid(settings.account);
    client.onBytes = (text, more) => this.#receive(text, more);
    client.on("open", (root: Element) => {
      this.#greeted ||= isStreamHeader(root);
    });
    client.on("element", (element: Element) => this.#deliver(element));
    client.on("error", (reason: unknown) => this.#end(reason instanceof XMLError ? XML_FAULT : failureOf(reason)));
    client.on("close", () => this.#end({ kind: "connection-lost", detail: "closed by the server" }));
    client.on("disconnect", () => this.#end({ kind: "connection-lost" }));
  }

  /** Why it ended; undefined while it lives. */
  get failure(): Failure | undefined {
    return this.#failure;
  }

  /** The server has ended it by a stream error (RFC 6120 §4.9), or because a message was too large (RFC 6455 §7.4.1). */
  get refused(): boolean {
    const { socket } = this.#client;
    return this.#client.refused || (socket instanceof XmppWebSocket && socket.tooLarge);
  }

  /** The other side has shown that it speaks XMPP: it has opened a stream, whatever it said then. */
  get greeted(): boolean {
    return this.#greeted;
  }

  /** TLS with a verified certificate. */
  get secure(): boolean {
    return this.#client.isSecure();
  }

  /** Fails with `refused`, `timed-out`, `bad-certificate`, `not-xmpp`. */
  async dial(): Promise<Result<true>> {
    const { endpoint, probes, stepTimeoutMs, dialTimeoutMs = stepTimeoutMs } = this.#settings;
    const connected = this.#client.connect(endpoint.uri).then(() => undefined, failureOf);
    const late: Failure = { kind: "timed-out", detail: endpoint.hostname };
    const failure = await within(Promise.race([connected, this.#ended]), dialTimeoutMs, late);
    if (!failure) return { ok: true, value: true };
    this.#end(failure);
    if (failure.kind !== "connection-lost") return { ok: false, error: failure };
    const refused: Failure = { kind: "refused", detail: endpoint.hostname };
    return { ok: false, error: probes ? await failureOfDial(endpoint, probes) : refused };
  }

  /** Open, or open anew after TLS and SASL (RFC 6120 §4.3.3). The value is `<stream:features/>`. */
  async open(): Promise<Result<Element>> {
    if (this.#failure) return { ok: false, error: this.#failure };
    this.#guard = this.#newGuard();
    this.#client._detachParser();
    this.#opened = false;
    const notXmpp: Failure = { kind: "not-xmpp", detail: this.endpoint.hostname };
    const silent: Failure = { kind: "timed-out", detail: this.endpoint.hostname };
    // `Client.open` listens only once its header is written; a quick answer would pass it by.
    const answered = new Promise<Element>((resolve) => this.#client.once("open", resolve));
    const opened = Promise.race([answered, this.#client.open({ domain: this.#domain })]).then(
      (root) => (isStreamHeader(root) ? undefined : notXmpp),
      (reason: unknown) => (reason instanceof TimeoutError ? silent : failureOf(reason)),
    );
    const failure = await Promise.race([opened, this.#ended]);
    if (failure) return this.fail(failure);
    this.#opened = true;
    const features = await this.next();
    return !features.ok || features.value.is("features", NS_STREAM) ? features : this.fail(notXmpp);
  }

  /** The next element. Fails with whatever ended the stream, or with `timed-out`. */
  async next(): Promise<Result<Element>> {
    if (this.#elements.empty && this.#failure) return { ok: false, error: this.#failure };
    const late: Failure = { kind: "timed-out", detail: this.endpoint.hostname };
    const result = await this.#elements.next(this.#settings.stepTimeoutMs, late);
    if (!result.ok) this.#end(result.error);
    return result;
  }

  /** Elements that were taken too early wait again, before all others. */
  unread(elements: readonly Element[]): void {
    this.#elements.unread(elements);
  }

  /** From now on every element goes to the listener, those that wait included, in order. */
  listen(listener: Listener): void {
    this.#listener = listener;
    for (let element = this.#elements.take(); element; element = this.#elements.take()) this.#deliver(element);
  }

  /** In the order of the calls. A write that fails ends the stream. */
  send(element: Element): void {
    if (this.#failure) return;
    drop(this.#client.send(element).catch((reason: unknown) => this.#end(failureOf(reason))));
  }

  /** A stanza that was serialised before; else as `send`. */
  write(stanza: string): void {
    if (this.#failure) return;
    const text = this.#framed ? framedStanza(stanza) : stanza;
    drop(this.#client.write(text).catch((reason: unknown) => this.#end(failureOf(reason))));
  }

  /** TLS on a connection that `<proceed/>` has stopped. Fails with `bad-certificate`, `timed-out`. */
  async upgrade(): Promise<Result<true>> {
    const { socket } = this.#client;
    if (!(socket instanceof TcpSocket) || !socket.held) return this.fail({ kind: "no-encryption" });
    const hostname = this.endpoint.hostname;
    const secured = socket.upgrade().then(
      () => undefined,
      (reason: unknown) => failureOfUpgrade(reason, hostname),
    );
    const late: Failure = { kind: "timed-out", detail: hostname };
    const failure = await within(secured, this.#settings.stepTimeoutMs, late);
    return failure ? this.fail(failure) : { ok: true, value: true };
  }

  /** Ends the stream for this reason. */
  fail(failure: Failure): { readonly ok: false; readonly error: Failure } {
    this.#end(failure);
    return { ok: false, error: this.#failure ?? failure };
  }

  /** Politely: `</stream:stream>`, then the socket; bounded. `onEnd` is not called for it. */
  async close(): Promise<void> {
    if (this.#failure) return;
    this.#closing = true;
    const client = this.#client;
    const written = client.write(client.footer(client.footerElement())).then(() => this.#ended, failureOf);
    await within(written, CLOSE_TIMEOUT_MS, undefined);
    this.#end({ kind: "connection-lost", detail: "closed" });
  }

  /** `more`: of the same message, which is handed on as far as it is here. */
  #receive(text: string, more: boolean): void {
    this.lastByteAt = Date.now();
    this.#guard.write(text);
    const guard = this.#guard;
    for (let piece = guard.next(); piece && !this.#failure; piece = guard.next()) {
      if (piece.kind === "fault") {
        if (this.#opened) this.#tellUnreadable(true);
        // A server that speaks another protocol shows it in its first bytes.
        const notXmpp: Failure = { kind: "not-xmpp", detail: this.endpoint.hostname };
        this.#end(this.#opened ? { kind: "server-error", detail: piece.condition } : notXmpp);
        return;
      }
      if (this.#framed && !this.#frame.takes(piece)) {
        this.#end(XML_FAULT);
        return;
      }
      this.#partial = piece.kind === "part";
      if (piece.kind === "oversized") this.#tellUnreadable(false);
      else this.#parse(piece.text);
      const { socket } = this.#client;
      if (socket instanceof TcpSocket && socket.held) break;
    }
    const { socket } = this.#client;
    const injected = socket instanceof TcpSocket && socket.held && guard.pending;
    // RFC 6120 §5.4.3.3: nothing may stand between `<proceed/>` and TLS; RFC 7395 §3.3.3: one element, one message.
    if (injected) this.#end({ kind: "no-encryption", detail: "data before TLS" });
    if (!this.#framed || more) return;
    this.#frame.end();
    if (guard.pending) this.#end(XML_FAULT);
  }

  #parse(text: string): void {
    const { parser } = this.#client;
    if (!parser) {
      // RFC 6120 §4.2: the initiating entity speaks first.
      this.#end({ kind: "not-xmpp", detail: this.endpoint.hostname });
      return;
    }
    try {
      parser.write(text);
    } catch (reason) {
      if (reason instanceof ListenerBug) throw reason.cause;
      // The parser throws where a reference names no character (XML 1.0 §4.1).
      this.#tellUnreadable(true);
      this.#end(XML_FAULT);
    }
  }

  #tellUnreadable(broken: boolean): void {
    const outline = this.#guard.outline();
    if (outline) this.#listening(() => this.onUnreadable(outline, broken));
  }

  #deliver(element: Element): void {
    // The parser's error element is reported by `_onStreamError`.
    if (this.#failure) return;
    const { socket } = this.#client;
    if (socket instanceof TcpSocket && !socket.secure && element.is("proceed", NS_TLS)) socket.hold();
    const listener = this.#partial ? this.onPart : this.#listener;
    if (listener) this.#listening(() => listener(element));
    else this.#elements.put(element);
  }

  /** What was not stored must not be acknowledged: the stream ends. */
  #listening(hear: () => void): void {
    try {
      hear();
    } catch (reason) {
      this.#end({ kind: "internal" });
      throw new ListenerBug("a stanza was not stored", { cause: reason });
    }
  }

  #end(failure: Failure): void {
    if (this.#failure) return;
    this.#failure = failure;
    this.#resolveEnded(failure);
    this.#client._detachParser();
    this.#client.socket?.end();
    this.#elements.end(failure);
    if (!this.#closing) this.onEnd(failure);
  }

  #newGuard(): Guard {
    return new Guard(this.#framed ? "framed" : "stream", (outline) => this.takesParts(outline));
  }

  /** RFC 7395 §3.3.3: each element is one message, a document of its own. */
  get #framed(): boolean {
    return this.endpoint.scheme === "wss" || this.endpoint.scheme === "ws";
  }
}

function isStreamHeader(root: Element): boolean {
  return root.is("stream", NS_STREAM) || root.is("open", NS_FRAMING);
}

const XML_FAULT: Failure = { kind: "server-error", detail: "not-well-formed" };

/** Carries an exception of our own code through the parser, so that it is not taken for bad XML. */
class ListenerBug extends Error {}
