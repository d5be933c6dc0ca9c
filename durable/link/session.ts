/**
 * A bound stream: every element that arrives finds its place here, in order and within its own turn - stream
 * management first, then answers to our requests, then the host.
 */
import { xml, type Element } from "@xmpp/xml";
import type { BareJid, Failure } from "../../worker/contract.ts";
import { drop } from "../drop.ts";
import { missingCase } from "../missing-case.ts";
import { Requests, REQUEST_TIMEOUT_MS, type RequestResult } from "./iq.ts";
import { ACK_REQUEST_DELAY_MS, Management } from "./management.ts";
import { NS_CLIENT, NS_PING } from "./namespaces.ts";

/** What a session needs of its stream. */
export interface SessionStream {
  onUnreadable: (outline: Element, broken: boolean) => void;
  send(element: Element): void;
  listen(listener: (element: Element) => void): void;
  fail(failure: Failure): unknown;
}

export interface SessionHost {
  /** Synchronous: the stanza is stored when this returns. */
  onStanza(stanza: Element): void;
  onUnreadable(outline: Element, broken: boolean): void;
  onAcknowledged(ids: readonly string[]): void;
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
  #ended = false;

  constructor(stream: SessionStream, host: SessionHost, account: BareJid, full: string) {
    this.#stream = stream;
    this.#host = host;
    this.#domain = account.slice(account.indexOf("@") + 1);
    this.#requests = new Requests(account, full);
    this.#management = new Management(
      (nonza) => stream.send(nonza),
      (ids) => host.onAcknowledged(ids),
    );
    stream.onUnreadable = (outline, broken) => this.#stepOver(outline, broken);
    stream.listen((element) => this.#receive(element));
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
    this.#stream.send(stanza);
    this.#management.sent(stanza);
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
  }

  /** It arrived, it can never be read, so it counts as dealt with; else the server would send it again for ever. */
  #stepOver(outline: Element, broken: boolean): void {
    if (!isStanza(outline)) return;
    // Whoever waits for this answer learns now that it says nothing of use.
    if (isAnswer(outline)) this.#requests.answer(outline);
    else this.#host.onUnreadable(outline, broken);
    if (!broken) this.#management.stored();
  }

  #receive(element: Element): void {
    if (!isStanza(element)) {
      this.#receiveNonza(element);
      return;
    }
    // An answer that nobody waits for is late or forged: it counts as received and that is all.
    if (isAnswer(element)) this.#requests.answer(element);
    else this.#host.onStanza(element);
    this.#management.stored();
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
    if (arrived && ids.length > 0 && !this.#ended) this.#host.onAcknowledged(ids);
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
