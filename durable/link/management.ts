/**
 * Stream management (XEP-0198 1.6): who has received how much. What the peer acknowledged is told to the host; what we
 * acknowledge is what the host has stored, so `h` grows only after its synchronous `onStanza` came back. Resumption
 * will stand beside this file and take `unacked` and the counters from here.
 */
import { xml, type Element } from "@xmpp/xml";
import { NS_MANAGEMENT } from "./namespaces.ts";

/** A burst of stanzas asks for one acknowledgement. */
export const ACK_REQUEST_DELAY_MS = 100;
/** §4: "maximum of 2^32−1, wraps to zero". */
const MODULUS = 2 ** 32;

/** `failed`: the server does not want to; the session goes on without. `lied`: it must end (§5, `undefined-condition`). */
export type ManagementEvent = "enabled" | "failed" | "handled" | "lied" | "not-mine";

export class Management {
  readonly #send: (nonza: Element) => void;
  readonly #onAcknowledged: (ids: readonly string[]) => void;
  #state: "off" | "asked" | "enabled" = "off";
  #inbound = 0;
  #acknowledged = 0;
  #unacked: Element[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(send: (nonza: Element) => void, onAcknowledged: (ids: readonly string[]) => void) {
    this.#send = send;
    this.#onAcknowledged = onAcknowledged;
  }

  /** Stanzas that were sent and not acknowledged, oldest first. */
  get unacked(): readonly Element[] {
    return this.#unacked;
  }

  get enabled(): boolean {
    return this.#state === "enabled";
  }

  /** §4: our outbound count starts at zero with this element. */
  enable(): void {
    this.#state = "asked";
    this.#send(xml("enable", { xmlns: NS_MANAGEMENT }));
  }

  /** The sign-in has enabled it (XEP-0386): both counts start at zero. */
  adopt(): void {
    this.#state = "enabled";
  }

  /** A stanza (never one of these elements) was written. */
  sent(stanza: Element): void {
    if (this.#state === "off") return;
    this.#unacked.push(stanza);
    this.#timer ??= setTimeout(() => this.requestAck(), ACK_REQUEST_DELAY_MS);
  }

  /** A stanza of the peer is stored. */
  stored(): void {
    if (this.#state === "enabled") this.#inbound = (this.#inbound + 1) % MODULUS;
  }

  /** Ask how far the peer is (§5 `<r/>`); its answer also proves that the connection lives. */
  requestAck(): void {
    this.#forgetTimer();
    if (this.#state === "enabled") this.#send(xml("r", { xmlns: NS_MANAGEMENT }));
  }

  /** An element that is no stanza. Takes effect before the next element of the same chunk is looked at. */
  receive(element: Element): ManagementEvent {
    if (element.getNS() !== NS_MANAGEMENT) return "not-mine";
    const name = element.getName();
    switch (name) {
      case "enabled":
        if (this.#state !== "asked") return "lied";
        this.#state = "enabled";
        this.#inbound = 0;
        return "enabled";
      case "failed":
        this.stop();
        return "failed";
      case "r":
        if (this.#state === "enabled") this.#send(xml("a", { xmlns: NS_MANAGEMENT, h: String(this.#inbound) }));
        return "handled";
      case "a":
        return this.#acknowledge(element.attrs["h"]);
      default:
        return "not-mine";
    }
  }

  /** The stream is over or goes on without. */
  stop(): void {
    this.#state = "off";
    this.#forgetTimer();
  }

  #forgetTimer(): void {
    if (this.#timer !== undefined) clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #acknowledge(text: string | undefined): ManagementEvent {
    if (this.#state !== "enabled" || text === undefined || !/^[0-9]{1,10}$/.test(text)) return "lied";
    const count = (((Number(text) - this.#acknowledged) % MODULUS) + MODULUS) % MODULUS;
    // §5: more than was ever sent means that one of both counts wrongly.
    if (count > this.#unacked.length) return "lied";
    this.#acknowledged = (this.#acknowledged + count) % MODULUS;
    const ids = this.#unacked.splice(0, count).flatMap(({ attrs }) => attrs["id"] ?? []);
    if (ids.length > 0) this.#onAcknowledged(ids);
    return "handled";
  }
}
