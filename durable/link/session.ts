/**
 * A bound stream: every element that arrives finds its place here, in order and within its own turn - stream
 * management first, then answers to our requests, then the host.
 */
import { xml, type Element } from "@xmpp/xml";
import parse from "@xmpp/xml/lib/parse.js";
import type { BareJid, Failure } from "../../worker/contract.ts";
import { drop } from "../../worker/shared/drop.ts";
import { domainOf } from "../../worker/shared/jid.ts";
import { missingCase } from "../../worker/shared/missing-case.ts";
import { Requests, REQUEST_TIMEOUT_MS, type RequestResult } from "./iq.ts";
import { ACK_REQUEST_DELAY_MS, type ManagedStream, Management } from "./management/management.ts";
import type { Resumption } from "./management/answers.ts";
import { NS_CLIENT } from "../xep/namespaces.ts";
import { NS_PING } from "../xep/ping.ts";
import type { Return } from "./management/resume.ts";

/** What a session needs of its stream. */
export interface SessionStream {
  onUnreadable: (outline: Element, broken: boolean) => void;
  send(element: Element): void;
  listen(listener: (element: Element) => void): void;
  fail(failure: Failure): unknown;
}

export interface SessionHost {
  /**
   * Synchronous: the stanza is stored when this returns, and with it `inbound`, where the stream can be resumed. True
   * where it stored the count; else that is done before it is told.
   */
  onStanza(stanza: Element, inbound: number | undefined): boolean;
  onUnreadable(outline: Element, broken: boolean): void;
  /** Runs `store` in the turn in which it stores what the ids mean. */
  onAcknowledged(ids: readonly string[], store: () => void): void;
}

export class Session {
  readonly #stream: SessionStream;
  readonly #host: SessionHost;
  readonly #requests: Requests;
  readonly #management: Management;
  readonly #domain: string;
  /** Ids of stanzas sent since the last proof of arrival, where the server has no stream management. */
  #unproven: string[] = [];
  #settleEnabled: (() => void) | undefined;
  #settleProved: (() => void) | undefined;
  #ended = false;

  constructor(stream: SessionStream, host: SessionHost, account: BareJid, managed: ManagedStream) {
    this.#stream = stream;
    this.#host = host;
    this.#domain = domainOf(account);
    this.#requests = new Requests(account, managed.full);
    this.#management = new Management(
      {
        send: (nonza) => stream.send(nonza),
        onAcknowledged: (ids, store) => host.onAcknowledged(ids, store),
      },
      managed,
    );
    stream.onUnreadable = (outline, broken) => this.#stepOver(outline, broken);
  }

  /** From here on everything that arrives finds its place, what has arrived already first. */
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
    this.#host.onAcknowledged(ids, () => this.#management.resume(stream.inbound, acknowledged));
    for (const { stanza } of rest) {
      if (stanza !== undefined) this.send(parse(stanza));
    }
  }

  /** Resolves when a resumed stream has proved itself by its first answer, or with the end of the session. */
  async proved(): Promise<void> {
    const settled = new Promise<void>((resolve) => {
      this.#settleProved = resolve;
    });
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

  send(stanza: Element): boolean {
    if (this.#ended) return false;
    this.#management.sent(stanza);
    this.#stream.send(stanza);
    const { id } = stanza.attrs;
    if (!this.#management.enabled && id !== undefined) {
      if (this.#unproven.length === 0) setTimeout(() => this.requestAck(), ACK_REQUEST_DELAY_MS);
      this.#unproven.push(id);
    }
    return true;
  }

  async request(iq: Element, timeoutMs: number = REQUEST_TIMEOUT_MS): Promise<RequestResult> {
    return this.#requests.request(iq, (finished) => this.send(finished), timeoutMs);
  }

  /** Stream management where there is some, else a ping (XEP-0199): stanzas arrive in order, so its answer proves them. */
  requestAck(): void {
    if (this.#ended) return;
    if (this.#management.enabled) this.#management.requestAck();
    else drop(this.#ping());
  }

  end(): void {
    this.#ended = true;
    this.#management.stop();
    this.#requests.lose();
    this.#settleEnabled?.();
    this.#settleProved?.();
  }

  /** It arrived, it can never be read, so it counts as dealt with; else the server would send it again for ever. */
  #stepOver(outline: Element, broken: boolean): void {
    if (!isStanza(outline)) return;
    // Whoever waits for this answer learns now that it says nothing of use.
    if (isAnswer(outline)) this.#requests.answer(outline);
    else this.#host.onUnreadable(outline, broken);
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
    const remembered = !answer && this.#host.onStanza(element, this.#management.next);
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
    const ids = this.#unproven;
    this.#unproven = [];
    const ping = xml("iq", { type: "get", to: this.#domain }, xml("ping", { xmlns: NS_PING }));
    const result = await this.#requests.request(ping, (iq) => this.#write(iq), REQUEST_TIMEOUT_MS);
    // An error is an answer too.
    const arrived = result.ok || result.error.kind === "stanza-error";
    if (arrived && ids.length > 0 && !this.#ended) this.#host.onAcknowledged(ids, () => undefined);
  }

  #write(iq: Element): boolean {
    if (this.#ended) return false;
    this.#stream.send(iq);
    return true;
  }
}

function isStanza(element: Element): boolean {
  const known = element.name === "message" || element.name === "presence" || element.name === "iq";
  return known && element.getNS() === NS_CLIENT;
}

function isAnswer({ name, attrs }: Element): boolean {
  return name === "iq" && (attrs["type"] === "result" || attrs["type"] === "error");
}
