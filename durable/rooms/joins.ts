/** Presence that enters a room (XEP-0045 §7.2), and how that ends: one try a room at a time. */
import type { BareJid } from "../../worker/contract/names.ts";
import { buildJoin, type History, occupantAddress } from "../xep/muc.ts";
import type { RoomLink } from "./administration.ts";
import type { JoinResult } from "./events.ts";

/** How a join ended: the room answered, or nobody did. */
export type JoinEnd = JoinResult | { readonly kind: "lost" | "timed-out" };

const ENTER_TIMEOUT_MS = 30_000;

export class Joins {
  readonly #link: Pick<RoomLink, "send">;
  readonly #waiting = new Map<BareJid, (end: JoinEnd) => void>();

  constructor(link: Pick<RoomLink, "send">) {
    this.#link = link;
  }

  /** Resolves with our own presence in the room, its refusal, a timeout, or the end of the stream. */
  request(jid: BareJid, nick: string, history: History, password: string | undefined): Promise<JoinEnd> {
    const occupant = occupantAddress(jid, nick);
    if (occupant === undefined) return Promise.resolve({ kind: "refused", condition: "jid-malformed" });
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.settle(jid, { kind: "timed-out" }), ENTER_TIMEOUT_MS);
      this.#waiting.set(jid, (end) => {
        clearTimeout(timer);
        resolve(end);
      });
      if (!this.#link.send(buildJoin(occupant, history, password))) this.settle(jid, { kind: "lost" });
    });
  }

  /** The room has answered, or nobody will. */
  settle(jid: BareJid, end: JoinEnd): void {
    const settle = this.#waiting.get(jid);
    this.#waiting.delete(jid);
    settle?.(end);
  }

  /** The stream has ended. */
  lost(): void {
    for (const jid of [...this.#waiting.keys()]) this.settle(jid, { kind: "lost" });
  }
}
