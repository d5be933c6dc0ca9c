/**
 * The one object of a deployment that hears the pushes of accounts' servers (XEP-0357) and wakes the accounts that sleep. It is an
 * account of nobody: it keeps neither messages nor addresses nor a list of whom it wakes, only why it does not stand and until when.
 */
import type { Element } from "@xmpp/xml";
import { DurableObject } from "cloudflare:workers";
import { drop } from "../worker/shared/drop.ts";
import { gatewayAccount } from "../worker/shared/gateway-account.ts";
import { placed } from "../worker/network/placed.ts";
import { report } from "../worker/shared/report.ts";
import { type GatewayState, Line } from "./gateway/line.ts";
import { type Meant, Nodes } from "./gateway/node.ts";
import type { Remembered } from "./gateway/pauses.ts";
import { configurationOf, lineSettings, personOf } from "./gateway/settings.ts";
import { Wakes } from "./gateway/wakes.ts";
import { Link } from "./link/link.ts";
import { openInTime } from "./link/open.ts";
import { within } from "../worker/shared/within.ts";
import { type Allowance, spend } from "./store/allowance.ts";
import { iqError } from "./xep/errors.ts";
import { isPing } from "./xep/ping.ts";
import { parseNotification } from "./xep/push.ts";
import { iqResult } from "./xep/stanzas.ts";

export type { Standing } from "./gateway/line.ts";

/** Of everything that comes; what is more is thrown away unread and unanswered. */
const HEARING: Allowance = { atOnce: 500, everyMs: 20 };

/** A server that swallows what is said to it holds up nobody who asks how the gateway stands. */
const ASKED_WITHIN_MS = 5_000;

/** Where that is kept. */
const PAUSE = "pause";

export class Gateway extends DurableObject<Env> {
  readonly #nodes: Nodes;
  readonly #wakes = new Wakes((meant) => this.#tell(meant));
  readonly #line: Line | undefined;
  #heard: number | undefined;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#nodes = new Nodes(env.COOKIE_SECRET);
    const account = gatewayAccount(env);
    if (account === undefined) return;
    this.#line = new Line({
      dial: async (closed, listener) => {
        const host = { onState: () => undefined, onStream: () => false, onClosed: closed };
        const link = new Link(await lineSettings(env, account), host, listener);
        return { link, opened: openInTime(link, personOf(account), new AbortController().signal) };
      },
      pauses: {
        load: () => ctx.storage.get<Remembered>(PAUSE),
        save: async (remembered) => {
          if (remembered === undefined) await ctx.storage.delete(PAUSE);
          else await ctx.storage.put(PAUSE, remembered);
        },
        configuration: () => configurationOf(env, account),
      },
      heard: (stanza, answer) => drop(this.#hear(stanza, answer)),
      setAlarm: (at) => (at === undefined ? ctx.storage.deleteAlarm() : ctx.storage.setAlarm(at)),
    });
  }

  /** How it stands; from now on it is online, if the deployment has one at all. */
  async state(): Promise<GatewayState> {
    return (this.#line && (await within(this.#line.ask(), ASKED_WITHIN_MS, {}))) ?? {};
  }

  /** Without an account in the settings of the deployment it rings no more. */
  override async alarm(): Promise<void> {
    await this.#line?.beat();
  }

  async #hear(stanza: Element, answer: (stanza: Element) => void): Promise<void> {
    const now = Date.now();
    const until = spend(this.#heard, now, HEARING);
    if (until === undefined) return;
    this.#heard = until;
    const asks = stanza.name === "iq";
    const node = parseNotification(stanza);
    if (node === undefined) {
      if (asks) answer(isPing(stanza) ? iqResult(stanza) : iqError(stanza, "service-unavailable"));
      return;
    }
    const meant = await this.#nodes.open(node);
    const known = meant === undefined ? false : await this.#wakes.wake(meant);
    // A server that pushes to nobody gives it up when it is told so.
    if (asks && known !== undefined) answer(known ? iqResult(stanza) : iqError(stanza, "item-not-found"));
  }

  /** A refusal would make the server give up an account that only does not answer just now. */
  async #tell({ object, pass }: Meant): Promise<boolean> {
    try {
      const accounts = placed(this.env, this.env.ACCOUNT);
      return await accounts.get(accounts.idFromString(object)).wake(pass);
    } catch (error) {
      report("an account cannot be woken", error);
      return true;
    }
  }
}
