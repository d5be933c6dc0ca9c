/**
 * Requests and their answers (RFC 6120 §8.2.3). An answer counts only from whom the question went to: an id alone is
 * something that anybody can send.
 */
import type { Element } from "@xmpp/xml";
import type { Failure } from "../../worker/contract/failures.ts";
import type { BareJid } from "../../worker/contract/names.ts";
import { toHex } from "../../worker/shared/hex.ts";
import { domainOf, normaliseAddress } from "../../worker/shared/jid.ts";
import { parseStanzaError, type StanzaError } from "../xep/errors.ts";

const REQUEST_TIMEOUT_MS = 30_000;
const ID_BYTES = 16;

/**
 * `stanza-error`: whoever was asked has refused. `lost`: the stream ended first, whether it took effect is not known.
 * `too-large`: there is an answer, over the limits of what is read (`guard.ts`), or the question is over the server's.
 */
export type RequestError =
  | ({ readonly kind: "stanza-error" } & StanzaError)
  | { readonly kind: "lost" | "timed-out" }
  | { readonly kind: "too-large"; readonly which: "question" | "answer" };
export type RequestResult =
  | { readonly ok: true; readonly value: Element }
  | { readonly ok: false; readonly error: RequestError };

export type RequestOptions = {
  readonly timeoutMs?: number;
  /**
   * Takes a list that is too long for one stanza in parts: each is the answer with some of its items. The last ones are in
   * the answer itself; where that fails, the list is not whole.
   */
  readonly part?: (part: Element) => void;
};

type Open = {
  readonly from: readonly (string | undefined)[];
  readonly part: ((part: Element) => void) | undefined;
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

  /** Nobody waits for an answer. */
  get none(): boolean {
    return this.#open.size === 0;
  }

  /** Gives the iq a random id, writes it and waits. `send` says false where there is no stream. */
  async request(
    iq: Element,
    send: (iq: Element) => boolean,
    { timeoutMs = REQUEST_TIMEOUT_MS, part }: RequestOptions = {},
  ): Promise<RequestResult> {
    const id = randomId();
    iq.attrs["id"] = id;
    return new Promise((resolve) => {
      const late = (): void => this.#settle(id, { ok: false, error: { kind: "timed-out" } });
      let timer = setTimeout(late, timeoutMs);
      const settle = (result: RequestResult): void => {
        clearTimeout(timer);
        resolve(result);
      };
      const took =
        part &&
        ((some: Element): void => {
          clearTimeout(timer);
          timer = setTimeout(late, timeoutMs);
          part(some);
        });
      this.#open.set(id, { from: this.#expected(iq.attrs["to"]), part: took, settle });
      if (!send(iq)) this.#settle(id, { ok: false, error: { kind: "lost" } });
    });
  }

  /** Whether this iq answers an open request. Spoofed, late and repeated answers do not; nothing is done about them. */
  answer(iq: Element): boolean {
    const error = parseStanzaError(iq);
    if (!this.#openFor(iq) || (iq.attrs["type"] !== "result" && !error)) return false;
    const result = error
      ? ({ ok: false, error: { kind: "stanza-error", ...error } } as const)
      : { ok: true as const, value: iq };
    this.#settle(iq.attrs["id"] ?? "", result);
    return true;
  }

  /** Whether this is the answer to a request that takes it in parts. */
  takesParts(iq: Element): boolean {
    return iq.name === "iq" && iq.attrs["type"] === "result" && this.#openFor(iq)?.part !== undefined;
  }

  /** A part of such an answer. */
  part(iq: Element): void {
    this.#openFor(iq)?.part?.(iq);
  }

  /** The answer was over a limit and stepped over; `outline` says whose it was. */
  unreadable(outline: Element): void {
    if (this.#openFor(outline))
      this.#settle(outline.attrs["id"] ?? "", { ok: false, error: { kind: "too-large", which: "answer" } });
  }

  /** The open request that this sender can answer. */
  #openFor({ attrs: { id, from } }: Element): Open | undefined {
    const open = id === undefined ? undefined : this.#open.get(id);
    // An unreadable `from` must not pass for an absent one.
    const sender = from === undefined ? undefined : (normaliseAddress(from) ?? "");
    return open?.from.includes(sender) ? open : undefined;
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

/**
 * As a call fails with it: nobody answered (`offline`), the one who was asked said no, with the condition, or the answer
 * cannot be read (`malformed`), or the server would not have taken the question (`too-large`).
 */
export function failureOfRequest(error: RequestError): Failure {
  if (error.kind === "too-large") return TOO_LARGE[error.which];
  return error.kind === "stanza-error" ? { kind: "peer-refused", detail: error.condition } : { kind: "offline" };
}

/** With details that the browser has words for. */
const TOO_LARGE = {
  question: { kind: "too-large", detail: "server" },
  answer: { kind: "malformed", detail: "answer too large" },
} as const;

/** 128 bits: nobody guesses the id of an open request. */
function randomId(): string {
  return toHex(crypto.getRandomValues(new Uint8Array(ID_BYTES)));
}
