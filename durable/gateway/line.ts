/**
 * The gateway's own connection: one account of the deployment, always online, with no presence, so that nobody sees it and nobody's
 * messages are delivered to it but what names its full address. What to do and when is the plan's decision, as for any account.
 */
import type { Element } from "@xmpp/xml";
import type { Failure, Result } from "../../worker/contract/failures.ts";
import type { Time } from "../../worker/contract/names.ts";
import { drop } from "../../worker/shared/drop.ts";
import { report } from "../../worker/shared/report.ts";
import { type Plan, plan, type PlannedLink } from "../connection/plan.ts";
import type { Link } from "../link/link.ts";
import type { StreamListener } from "../link/management/listener.ts";
import { type PauseMemory, Pauses } from "./pauses.ts";

/** Where servers reach it, and since when without a break: what was pushed before may not have arrived. */
export type Standing = { readonly jid: string; readonly since: Time };

/** How it stands; `failure`: why it does not. */
export type GatewayState = { readonly standing?: Standing; readonly failure?: Failure };

/** As far as the line needs it. */
export type LineLink = Pick<Link, "lastByteAt" | "requestAck" | "cut" | "send">;

export type LineParts = {
  /** Begins to open a link, which always ends in an answer; `closed`: an opened one has ended. */
  readonly dial: (
    closed: (failure: Failure) => void,
    listener: StreamListener,
  ) => Promise<{ readonly link: LineLink; readonly opened: Promise<Result<{ readonly jid: string }>> }>;
  readonly pauses: PauseMemory;
  /** A message, a presence, or an iq that asks; `answer` writes on the same stream. */
  readonly heard: (stanza: Element, answer: (stanza: Element) => void) => void;
  /** Undefined takes the alarm away. */
  readonly setAlarm: (at: Time | undefined) => Promise<void>;
};

export class Line {
  readonly #parts: LineParts;
  readonly #pauses: Pauses;
  #link: LineLink | undefined;
  #opening: Promise<void> | undefined;
  #state: GatewayState = {};

  constructor(parts: LineParts) {
    this.#parts = parts;
    this.#pauses = new Pauses(parts.pauses);
  }

  /** Carries out the plan and arms the alarm; call it whenever that rings. */
  async beat(): Promise<void> {
    await this.#pauses.load();
    const now = Date.now();
    const waits = this.#link || this.#opening ? undefined : this.#pauses.until(now);
    const failure = this.#pauses.failureAt(now);
    if (waits !== undefined && failure !== undefined) {
      this.#state = { failure };
      await this.#parts.setAlarm(waits);
      return;
    }
    const { act, alarmAt } = plan({ ...ALWAYS, now, link: this.#planned });
    await this.#parts.setAlarm(alarmAt);
    this.#carryOut(act);
  }

  /** Somebody asks how it stands. Waits for what is under way. */
  async ask(): Promise<GatewayState> {
    if (this.#link === undefined) await this.beat();
    await this.#opening;
    return this.#state;
  }

  #carryOut(act: Plan["act"]): void {
    if (act === "open") {
      if (this.#link || this.#opening) return;
      this.#opening = this.#open().finally(() => (this.#opening = undefined));
      drop(this.#opening);
    } else if (act === "check") this.#link?.requestAck();
    else if (act === "drop" && this.#link) {
      const link = this.#link;
      drop(this.#lost(link, { kind: "connection-lost" }));
      link.cut();
    }
  }

  get #planned(): PlannedLink {
    if (this.#link) return { state: "live", lastByteAt: this.#link.lastByteAt };
    return this.#opening ? { state: "opening" } : { state: "idle" };
  }

  async #open(): Promise<void> {
    let link: LineLink | undefined;
    try {
      const dialled = await this.#parts.dial(
        (failure) => link && drop(this.#lost(link, failure)),
        this.#listener(() => link),
      );
      link = dialled.link;
      const opened = await dialled.opened;
      if (!opened.ok) {
        await this.#failed(opened.error);
        return;
      }
      this.#link = link;
      this.#state = { standing: { jid: opened.value.jid, since: Date.now() } };
      await this.#pauses.stands(Date.now());
      drop(this.beat());
    } catch (error) {
      report("the gateway cannot open its stream", error);
      await this.#failed({ kind: "internal" });
    }
  }

  async #lost(link: LineLink, failure: Failure): Promise<void> {
    if (this.#link !== link) return;
    this.#link = undefined;
    await this.#failed(failure);
  }

  async #failed(failure: Failure): Promise<void> {
    this.#state = { failure };
    await this.#pauses.failed(failure, Date.now());
    // Once what has failed is over.
    setTimeout(() => drop(this.beat()));
  }

  /** Nothing that comes is kept: what was told is told, and after a break the accounts look for themselves. */
  #listener(link: () => LineLink | undefined): StreamListener {
    return {
      stands: () => false,
      resent: () => undefined,
      stanza: (stanza) => {
        this.#parts.heard(stanza, (answer) => void link()?.send(answer));
        return false;
      },
      unreadable: () => undefined,
      acknowledged: (_ids, store) => store(),
      broke: () => true,
      begin: async () => undefined,
      ended: () => undefined,
    };
  }
}

/** It is wanted whoever is there, and its password is at hand. */
const ALWAYS = {
  attached: 0,
  leftAt: undefined,
  unwatched: undefined,
  rested: false,
  stayOnline: true,
  unlocked: true,
} as const;
