/**
 * Messages on their way to the server. A server that does not take one may end the stream for it, and would at every
 * stream: such a message is found and put aside, the others go on.
 */
import type { Failure } from "../../worker/contract/failures.ts";
import type { StreamEnd } from "../link/management/listener.ts";
import type { Applier } from "../store/apply.ts";
import type { OutboxRow } from "../store/outbox.ts";
import type { Stores } from "../store/stores.ts";

/** A finished stanza of the outbox. */
export type Written = Pick<OutboxRow, "client" | "stanza">;

/** What messages are written to. */
export interface MessageLink {
  /** False where the server does not take a stanza of this size. */
  fits(stanza: string): boolean;
  /** False where the stream has ended. */
  write(stanza: { readonly id: string; readonly text: string }): boolean;
  requestAck(): void;
}

/** A stream error of the server about what it was sent counts twice as much as a connection that was lost. */
const SUSPICION = { refused: 2, lost: 1 } as const;
/** A connection that is lost so soon after a message was written may have been lost because of it. */
const SOON_MS = 10_000;
/** From here on messages are written one by one, each when the one before has arrived: so it shows which one it is. */
const SUSPECTED = 2;
/** The server has ended two streams after it, or four were lost soon. */
const CONVICTED = 4;

/** Conditions that have nothing to do with what was sent (RFC 6120 §4.9.3). */
const BLAMELESS: ReadonlySet<string> = new Set([
  ...["host-gone", "host-unknown", "not-authorized", "remote-connection-failed", "reset", "resource-constraint"],
  ...["see-other-host", "system-shutdown"],
]);

const TOO_LARGE: Failure = { kind: "too-large", detail: "server" };
const ENDED_STREAMS: Failure = { kind: "server-error", detail: "ended streams" };

export class Writing {
  readonly #stores: Stores;
  readonly #applier: Pick<Applier, "refuse">;
  #link: MessageLink | undefined;
  /** They are written one by one. */
  #careful = false;
  #queue: Written[] = [];
  #onItsWay: string | undefined;

  constructor(stores: Stores, applier: Pick<Applier, "refuse">) {
    this.#stores = stores;
    this.#applier = applier;
  }

  /** Another stream, or none: what was not written is in the outbox. */
  begin(link: MessageLink | undefined): void {
    this.#link = link;
    this.#queue = [];
    this.#onItsWay = undefined;
    this.#careful = link !== undefined && this.#stores.outbox.suspected(SUSPECTED);
  }

  /** Writes it now or in its turn. False where there is no stream to write to. */
  write(message: Written): boolean {
    if (!this.#link) return false;
    if (!this.#careful) return this.#put(this.#link, message);
    this.#queue.push(message);
    this.#next();
    return true;
  }

  /** The server has these. */
  arrived(ids: readonly string[]): void {
    if (!this.#careful) return;
    this.#stores.outbox.trust(ids);
    if (this.#onItsWay === undefined || !ids.includes(this.#onItsWay)) return;
    this.#onItsWay = undefined;
    this.#next();
  }

  /**
   * The stream has ended by itself with these messages on their way. True where it should not be resumed: what is
   * suspected would all be written to it at once.
   */
  broke({ failure, byServer, unacknowledged }: StreamEnd): boolean {
    const { outbox } = this.#stores;
    const tooLarge = failure.kind === "server-error" && failure.detail === "stanza-too-big";
    if (tooLarge) {
      // If one of them is over the limit, the largest is.
      const largest = [...unacknowledged].sort((a, b) => b.bytes - a.bytes)[0];
      if (largest?.id !== undefined) this.#refuse(largest.id, TOO_LARGE);
      return true;
    }
    const points = suspicionOf(failure, byServer);
    if (points === 0) return false;
    const since = byServer ? 0 : Date.now() - SOON_MS;
    const ids = unacknowledged.flatMap(({ id, at }) => (id === undefined || at < since ? [] : id));
    this.#stores.turn(() => outbox.suspect(ids, points));
    for (const client of outbox.convicted(CONVICTED)) {
      this.#refuse(client, failure.detail === "policy-violation" ? TOO_LARGE : ENDED_STREAMS);
    }
    return outbox.suspected(SUSPECTED);
  }

  #next(): void {
    while (this.#link && this.#onItsWay === undefined) {
      const message = this.#queue.shift();
      if (!message) {
        this.#careful = this.#stores.outbox.suspected(SUSPECTED);
        return;
      }
      this.#onItsWay = message.client;
      if (!this.#put(this.#link, message)) return;
      if (this.#onItsWay !== undefined) this.#link.requestAck();
    }
  }

  #put(link: MessageLink, { client, stanza }: Written): boolean {
    if (link.fits(stanza)) return link.write({ id: client, text: stanza });
    if (this.#onItsWay === client) this.#onItsWay = undefined;
    this.#refuse(client, TOO_LARGE);
    return true;
  }

  #refuse(client: string, failure: Failure): void {
    this.#stores.turn(() => this.#applier.refuse(client, failure));
  }
}

function suspicionOf({ kind, detail = "" }: Failure, byServer: boolean): number {
  if (kind === "server-error") return byServer && !BLAMELESS.has(detail) ? SUSPICION.refused : 0;
  return kind === "connection-lost" ? SUSPICION.lost : 0;
}
