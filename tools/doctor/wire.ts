/** One XML stream to one endpoint, read through the object's own guard and judged by its own failures. */
import { type Element, Parser, xml } from "@xmpp/xml";
import parse from "@xmpp/xml/lib/parse.js";
import type { ConnectionOptions } from "node:tls";
import type { Endpoint } from "../../durable/link/discovery/endpoint.ts";
import { Elements } from "../../durable/link/elements.ts";
import { failureOfStreamError } from "../../durable/link/failures.ts";
import type { SaslStream } from "../../durable/link/sasl/sasl.ts";
import { framedStanza } from "../../durable/link/transport/framing.ts";
import { Guard } from "../../durable/link/transport/guard.ts";
import { NS_CLIENT, NS_FRAMING, NS_STREAM, NS_TLS } from "../../durable/xep/namespaces.ts";
import { parseStanzaError, type StanzaError } from "../../durable/xep/errors.ts";
import type { Failure, Result } from "../../worker/contract/failures.ts";
import { failed } from "../../worker/shared/failed.ts";
import { codeOf } from "./asking.ts";
import { type Channel, dial, secured } from "./channel.ts";
import type { Route } from "./route.ts";
import type { TlsSeen } from "./tls.ts";

const ANSWER_MS = 10_000;

export type WireSettings = { readonly domain: string; readonly route: Route; readonly tls?: ConnectionOptions };

export class Wire implements SaslStream {
  readonly endpoint: Endpoint;
  readonly #domain: string;
  readonly #options: ConnectionOptions | undefined;
  #channel: Channel;
  #elements = new Elements();
  #guard: Guard;
  #parser = new Parser();
  #failure: Failure | undefined;

  private constructor(endpoint: Endpoint, domain: string, channel: Channel, options: ConnectionOptions | undefined) {
    this.endpoint = endpoint;
    this.#domain = domain;
    this.#options = options;
    this.#channel = channel;
    this.#guard = new Guard(channel.framed ? "framed" : "stream");
    this.#listen();
  }

  /** Fails as `dial` does. */
  static async to(endpoint: Endpoint, { domain, route, tls }: WireSettings): Promise<Result<Wire>> {
    const channel = await dial(endpoint, route, tls);
    return channel.ok ? { ok: true, value: new Wire(endpoint, domain, channel.value, tls) } : channel;
  }

  get tls(): TlsSeen | undefined {
    return this.#channel.seen;
  }

  get secure(): boolean {
    return this.tls !== undefined && this.tls.fault === undefined;
  }

  /** Open, or open anew. The value is `<stream:features/>`. Fails as the object's stream does. */
  async open(): Promise<Result<Element>> {
    const { framed } = this.#channel;
    this.#guard = new Guard(framed ? "framed" : "stream");
    this.#parser = this.#newParser();
    const to = xml("x", { to: this.#domain }).toString().slice("<x".length, -"/>".length);
    this.#channel.write(
      framed
        ? `<open xmlns='${NS_FRAMING}'${to} version='1.0'/>`
        : `<?xml version='1.0'?><stream:stream xmlns='${NS_CLIENT}' xmlns:stream='${NS_STREAM}'${to} version='1.0'>`,
    );
    const features = await this.next();
    if (!features.ok || features.value.is("features", NS_STREAM)) return features;
    return failed("not-xmpp", this.endpoint.hostname);
  }

  /** RFC 6120 §5, then the features within TLS. Fails with `no-encryption`. */
  async startTls(features: Element): Promise<Result<Element>> {
    const { hostname } = this.endpoint;
    if (!features.getChild("starttls", NS_TLS)) return failed("no-encryption", hostname);
    this.send(xml("starttls", { xmlns: NS_TLS }));
    const proceed = await this.next();
    if (!proceed.ok) return proceed;
    if (!proceed.value.is("proceed", NS_TLS)) return failed("no-encryption", hostname);
    try {
      this.#channel = await secured(this.#channel, hostname, this.#options);
    } catch (error) {
      return failed("no-encryption", codeOf(error));
    }
    this.#listen();
    return this.open();
  }

  send(element: Element): void {
    this.#channel.write(this.#channel.framed ? framedStanza(element.toString()) : element.toString());
  }

  async next(): Promise<Result<Element>> {
    if (this.#elements.empty && this.#failure) return { ok: false, error: this.#failure };
    return this.#elements.next(ANSWER_MS, { kind: "timed-out", detail: this.endpoint.hostname });
  }

  /** The answer to a request (RFC 6120 §8.2.3); what comes meanwhile is passed over. */
  async request(iq: Element): Promise<{ readonly answer?: Element; readonly error?: StanzaError }> {
    const id = crypto.randomUUID();
    iq.attr("id", id);
    this.send(iq);
    for (;;) {
      const next = await this.next();
      if (!next.ok) return {};
      if (!next.value.is("iq") || next.value.attrs["id"] !== id) continue;
      const error = parseStanzaError(next.value);
      return error ? { answer: next.value, error } : { answer: next.value };
    }
  }

  close(): void {
    this.#channel.write(this.#channel.framed ? `<close xmlns='${NS_FRAMING}'/>` : "</stream:stream>");
    this.#channel.end();
  }

  #listen(): void {
    const channel = this.#channel;
    channel.listen(
      (text) => this.#receive(text),
      // A connection that became TLS still ends when TLS does.
      (failure) => channel === this.#channel && this.#end(failure),
    );
  }

  #receive(text: string): void {
    this.#guard.write(text);
    for (let piece = this.#guard.next(); piece && !this.#failure; piece = this.#guard.next()) {
      if (piece.kind === "fault") this.#end({ kind: "not-xmpp", detail: this.endpoint.hostname });
      else if (piece.kind === "header" || piece.kind === "element") this.#read(piece.text);
      else if (piece.kind === "footer") this.#end({ kind: "connection-lost", detail: "closed by the server" });
    }
  }

  #read(text: string): void {
    try {
      if (this.#channel.framed) this.#deliver(parse(text));
      else this.#parser.write(text);
    } catch {
      // A prefix or a reference that nothing declares.
      this.#end({ kind: "not-xmpp", detail: this.endpoint.hostname });
    }
  }

  #newParser(): Parser {
    const parser = new Parser();
    parser.on("start", (root: Element) => {
      if (!root.is("stream", NS_STREAM)) this.#end({ kind: "not-xmpp", detail: this.endpoint.hostname });
    });
    parser.on("element", (element: Element) => this.#deliver(element));
    return parser;
  }

  #deliver(element: Element): void {
    if (element.is("open", NS_FRAMING)) return;
    if (element.is("error", NS_STREAM)) this.#end(failureOfStreamError(element));
    else this.#elements.put(element);
  }

  #end(failure: Failure): void {
    this.#failure ??= failure;
    this.#elements.end(this.#failure);
  }
}
