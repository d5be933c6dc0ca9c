/**
 * Requests and their answers (RFC 6120 §8.2.3). An answer counts only from whom the question went to: an id alone is
 * something that anybody can send.
 */
import type { Element } from "@xmpp/xml";
import type { BareJid, Failure } from "../../worker/contract.ts";
import { toHex } from "../../worker/shared/hex.ts";
import { domainOf, normaliseAddress } from "../../worker/shared/jid.ts";
import { parseStanzaError, type StanzaError } from "../xep/errors.ts";

export const REQUEST_TIMEOUT_MS = 30_000;
const ID_BYTES = 16;

/** `stanza-error`: whoever was asked has refused. `lost`: the stream ended first, whether it took effect is not known. */
export type RequestError = ({ readonly kind: "stanza-error" } & StanzaError) | { readonly kind: "lost" | "timed-out" };
export type RequestResult =
  | { readonly ok: true; readonly value: Element }
  | { readonly ok: false; readonly error: RequestError };

type Open = {
  readonly from: readonly (string | undefined)[];
  readonly settle: (result: RequestResult) => void;
};

export class Requests {
  readonly #open = new Map<string, Open>();
  readonly #own: readonly (string | undefined)[];
  readonly #domain: string;

  /** `full`: the address the stream is bound to. */
  constructor(account: BareJid, full: string) {
    this.#domain = normaliseAddress(domainOf(account)) ?? "";
    // RFC 6120 §8.1.2.1: the server answers for the account without `from`, as the bare or as the full address; some
    // answer as the domain.
    this.#own = [undefined, normaliseAddress(account), normaliseAddress(full), this.#domain];
  }

  /** Gives the iq a random id, writes it and waits. `send` says false where there is no stream. */
  async request(iq: Element, send: (iq: Element) => boolean, timeoutMs: number): Promise<RequestResult> {
    const id = randomId();
    iq.attrs["id"] = id;
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#settle(id, { ok: false, error: { kind: "timed-out" } }), timeoutMs);
      const settle = (result: RequestResult): void => {
        clearTimeout(timer);
        resolve(result);
      };
      this.#open.set(id, { from: this.#expected(iq.attrs["to"]), settle });
      if (!send(iq)) this.#settle(id, { ok: false, error: { kind: "lost" } });
    });
  }

  /** Whether this iq answers an open request. Spoofed, late and repeated answers do not; nothing is done about them. */
  answer(iq: Element): boolean {
    const { id, from, type } = iq.attrs;
    const open = id === undefined ? undefined : this.#open.get(id);
    const error = parseStanzaError(iq);
    if (id === undefined || !open || (type !== "result" && !error)) return false;
    // An unreadable `from` must not pass for an absent one.
    const sender = from === undefined ? undefined : (normaliseAddress(from) ?? "");
    if (!open.from.includes(sender)) return false;
    this.#settle(id, error ? { ok: false, error: { kind: "stanza-error", ...error } } : { ok: true, value: iq });
    return true;
  }

  /** The stream ended: no answer will come. */
  lose(): void {
    for (const id of [...this.#open.keys()]) this.#settle(id, { ok: false, error: { kind: "lost" } });
  }

  #settle(id: string, result: RequestResult): void {
    const open = this.#open.get(id);
    this.#open.delete(id);
    open?.settle(result);
  }

  #expected(to: string | undefined): readonly (string | undefined)[] {
    const asked = to === undefined ? undefined : normaliseAddress(to);
    if (asked === undefined || asked === this.#own[1]) return this.#own;
    // Only our own server can leave `from` out.
    return asked === this.#domain ? [asked, undefined] : [asked];
  }
}

/** As a call fails with it: nobody answered (`offline`), or the one who was asked said no, with the condition. */
export function failureOfRequest(error: RequestError): Failure {
  return error.kind === "stanza-error" ? { kind: "peer-refused", detail: error.condition } : { kind: "offline" };
}

/** 128 bits: nobody guesses the id of an open request. */
function randomId(): string {
  return toHex(crypto.getRandomValues(new Uint8Array(ID_BYTES)));
}
