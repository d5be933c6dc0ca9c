/**
 * The gateway's own connection: one account of the deployment, always online, with no presence, so that nobody sees it and nobody's
 * messages are delivered to it but what names its full address. What to do and when is the plan's decision, as for any account.
 */
import type { Element } from "@xmpp/xml";
import type { Failure } from "../../worker/contract/failures.ts";
import type { Time } from "../../worker/contract/names.ts";
import { drop } from "../../worker/shared/drop.ts";
import { type Plan, plan, type PlannedLink } from "../connection/plan.ts";
import { Retries } from "../connection/retry.ts";
import { Link, type LinkSettings, type Person } from "../link/link.ts";
import type { StreamListener } from "../link/management/listener.ts";
import { openInTime } from "../link/open.ts";

/** Where servers reach it, and since when without a break: what was pushed before may not have arrived. */
export type Standing = { readonly jid: string; readonly since: Time };

/** How it stands; `failure`: why it does not. */
export type GatewayState = { readonly standing?: Standing; readonly failure?: Failure };

/** A password that was refused is not tried for everybody who asks. */
const GIVEN_UP_MS = 10 * 60_000;

export type LineParts = {
  readonly settings: () => Promise<LinkSettings>;
  readonly person: Person;
  /** A message, a presence, or an iq that asks; `answer` writes on the same stream. */
  readonly heard: (stanza: Element, answer: (stanza: Element) => void) => void;
  /** Undefined takes the alarm away. */
  readonly setAlarm: (at: Time | undefined) => Promise<void>;
};

export class Line {
  readonly #parts: LineParts;
  /** Nothing is kept of it: each life of the object begins anew, so another password is tried. */
  readonly #retries = new Retries({ load: () => undefined, save: () => undefined });
  #link: Link | undefined;
  #opening: Promise<void> | undefined;
  #waitsUntil: Time | undefined;
  #failedAt: Time = 0;
  #state: GatewayState = {};

  constructor(parts: LineParts) {
    this.#parts = parts;
  }

  get state(): GatewayState {
    return this.#state;
  }

  /** Carries out the plan and arms the alarm; call it whenever that rings. */
  async beat(): Promise<void> {
    const { act, alarmAt } = plan({ ...ALWAYS, now: Date.now(), link: this.#planned });
    await this.#parts.setAlarm(alarmAt);
    this.#carryOut(act);
  }

  /** Somebody asks how it stands: where it was given up a while ago, that is a reason to try again. Waits for what is under way. */
  async ask(): Promise<GatewayState> {
    if (this.#retries.stopped && Date.now() > this.#failedAt + GIVEN_UP_MS) this.#retries.recovered();
    if (this.#link === undefined) await this.beat();
    await this.#opening;
    return this.#state;
  }

  #carryOut(act: Plan["act"]): void {
    if (act === "open") {
      this.#opening = this.#open().finally(() => (this.#opening = undefined));
      drop(this.#opening);
    } else if (act === "check") this.#link?.requestAck();
    else if (act === "drop" && this.#link) {
      const link = this.#link;
      this.#lost(link, { kind: "connection-lost" });
      link.cut();
    }
  }

  get #planned(): PlannedLink {
    if (this.#link) return { state: "live", lastByteAt: this.#link.lastByteAt };
    if (this.#opening) return { state: "opening" };
    if (this.#retries.stopped) return { state: "off" };
    return this.#waitsUntil === undefined ? { state: "idle" } : { state: "waiting", until: this.#waitsUntil };
  }

  async #open(): Promise<void> {
    const settings = await this.#parts.settings();
    const link: Link = new Link(
      settings,
      { onState: () => undefined, onStream: () => false, onClosed: (failure) => this.#lost(link, failure) },
      this.#listener(() => link),
    );
    const opened = await openInTime(link, this.#parts.person, new AbortController().signal);
    if (!opened.ok) {
      this.#failed(opened.error);
      return;
    }
    this.#link = link;
    this.#waitsUntil = undefined;
    this.#retries.recovered();
    this.#state = { standing: { jid: opened.value.jid, since: Date.now() } };
    drop(this.beat());
  }

  #lost(link: Link, failure: Failure): void {
    if (this.#link !== link) return;
    this.#link = undefined;
    this.#failed(failure);
  }

  #failed(failure: Failure): void {
    const state = this.#retries.failed(failure);
    this.#state = { failure };
    this.#failedAt = Date.now();
    this.#waitsUntil = state.state === "waiting" ? state.until : undefined;
    // Once what has failed is over.
    setTimeout(() => drop(this.beat()));
  }

  /** Nothing that comes is kept: what was told is told, and after a break the accounts look for themselves. */
  #listener(link: () => Link): StreamListener {
    return {
      stands: () => false,
      resent: () => undefined,
      stanza: (stanza) => {
        this.#parts.heard(stanza, (answer) => void link().send(answer));
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
