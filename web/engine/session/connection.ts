/** The connections that a message needs, as pages see them: to the object, from there to the server, and our own device. */
import { CONTRACT_VERSION } from "../../../worker/contract/version.ts";
import type { Account } from "../account.ts";
import { aheadMs } from "../object/object-clock.ts";
import type { SocketView } from "../object/socket.ts";
import type { ConnectionView, VersionSkew } from "../protocol/account.ts";
import type { EngineEvent } from "../protocol/engine.ts";
import type { OutboxRow } from "../store/conversation-rows.ts";
import type { Keeping } from "./keeping.ts";

export class Connection {
  readonly #account: Account;
  readonly #keeping: Pick<Keeping, "state">;
  readonly #emit: (event: EngineEvent) => void;
  #socket: SocketView = { socket: "connecting" };
  #spent = false;

  constructor(account: Account, keeping: Pick<Keeping, "state">, emit: (event: EngineEvent) => void) {
    this.#account = account;
    this.#keeping = keeping;
    this.#emit = emit;
    account.store.onCommit(({ behind, outbox }) => {
      if (behind || (outbox && this.#skew !== undefined)) this.changed();
    });
  }

  get view(): ConnectionView {
    const { state } = this.#account.live;
    const { until } = this.#socket;
    const ahead = aheadMs();
    return {
      ...this.#socket,
      ...(until !== undefined && { until: until + ahead }),
      ...(ahead !== 0 && { ahead }),
      ...(this.#spent && { spent: true }),
      link: state?.link,
      encryption: this.#encryption,
      stayOnline: state?.stayOnline,
      ...(state?.looksIn && { looksIn: true }),
      ...(state?.pushed && { pushed: true }),
      ...(state?.unrung && { unrung: true }),
      ...(this.#account.live.notifying && { notifying: true }),
      ...this.#skew,
    };
  }

  /** Whether this device can encrypt and be written to, and why not. */
  get #encryption(): ConnectionView["encryption"] {
    const { cache, live } = this.#account;
    if (cache.behind) return "behind";
    const pep = live.state?.pep;
    if (pep === "missing") return "missing-pep";
    return pep === "broken" ? "broken-pep" : this.#keeping.state;
  }

  /** Undefined while page and object are of one release. */
  get #skew(): { readonly skew: VersionSkew } | undefined {
    const { live, cache } = this.#account;
    const { contract } = live;
    if (contract === CONTRACT_VERSION) return undefined;
    const unsent = [...cache.outbox.values()].some(({ purpose, stage }) => purpose === "text" && !isOver(stage));
    return { skew: { contract, object: contract > CONTRACT_VERSION ? "newer" : "older", unsent } };
  }

  socketChanged(socket: SocketView): void {
    this.#socket = socket;
    if (socket.socket === "open") this.#spent = false;
    this.changed();
  }

  /** Whether the deployment's allowance of the day is spent, as it was answered while the socket is away. */
  quotaIs(spent: boolean): void {
    if (spent === this.#spent) return;
    this.#spent = spent;
    this.changed();
  }

  /** Tells pages the present state. */
  changed(): void {
    this.#emit({ type: "connection", connection: this.view });
  }
}

/** Taken by the object, or refused for good: nothing of it is on its way. */
function isOver(stage: OutboxRow["stage"]): boolean {
  return stage === "accepted" || stage === "failed";
}
