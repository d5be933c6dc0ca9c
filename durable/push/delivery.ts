/** One push after the other to a browser, until its service has everything or does not take it now. */
import type { PushMessage, QuietHours } from "../../worker/contract/push.ts";
import type { BrowserId, Time } from "../../worker/contract/names.ts";
import { CONTRACT_VERSION } from "../../worker/contract/version.ts";
import { drop } from "../../worker/shared/drop.ts";
import { isQuiet, minuteOfDay } from "../../worker/shared/quiet-hours.ts";
import { missingCase } from "../../worker/shared/missing-case.ts";
import { epochOf } from "../browsers/own-epochs.ts";
import { entryFor } from "../log/entry-row.ts";
import { type Allowance, spend } from "../store/allowance.ts";
import type { Browser } from "../store/browser-row.ts";
import type { PushTargetRow } from "../store/push-targets.ts";
import type { Stores } from "../store/stores.ts";
import type { Due, Ringer } from "./due.ts";
import { MOST_BYTES, sealPush } from "./sealing.ts";
import { type Fetch, type PushReach, sendPush, type Sent } from "./sending.ts";
import { pushKeysOf, type PushKeys } from "./push-keys.ts";
import { Vapid } from "./vapid.ts";

/** The browsers that are there, as far as pushes depend on them. */
interface PresentBrowsers {
  attached(): ReadonlySet<BrowserId>;
  /** Whether anybody looks at any of them. */
  readonly visible: boolean;
}

export type PushParts = {
  readonly stores: Stores;
  readonly browsers: PresentBrowsers;
  /** A secret of the deployment, of which the key pair is made. */
  readonly secret: string;
  readonly reach: PushReach;
  readonly ask: Fetch;
};

/** What comes within this time is one push; tests make both shorter. */
export const PUSHING = {
  gatherMs: 400,
  /** Before another try, each time four times as long, where the service does not say how long. */
  retryMs: 1_000,
};
/**
 * Pushes that an account may cause: a hundred in a row, then one every five minutes, so less than four hundred a day
 * whatever others write (and thirty-four of strangers). What is over it is told with what comes once there is room. Further tries of one count as that one.
 */
export const MOST_PUSHES: Allowance = { atOnce: 100, everyMs: 5 * 60_000 };
/**
 * The same for what strangers alone have done, beside it: whoever writes first, or asks into rooms, uses up nothing of those whom the account
 * knows. So few that nobody is rung all night: ten in a row, then one an hour.
 */
export const MOST_OF_STRANGERS: Allowance = { atOnce: 10, everyMs: 60 * 60_000 };

const TRIES = 4;
/** A service that will not take so many in a row takes none for this subscription any more. */
const REFUSED_MAX = 3;
/** A service that could not be had for so many in a row, of which each is tried for a while, is none any more. */
const FAILED_MAX = 20;
/** More than this never fits into a push. */
const ENTRIES_MAX = 40;

export class Delivery {
  readonly #parts: PushParts;
  readonly #due: Due;
  /** Of browsers that a push is on its way to; `again`: something has come since. */
  readonly #going = new Map<BrowserId, { again: boolean }>();
  #keys: Promise<PushKeys> | undefined;
  #vapid: { readonly contact: string; readonly tokens: Vapid } | undefined;

  constructor(parts: PushParts, due: Due) {
    this.#parts = parts;
    this.#due = due;
  }

  /** A push is on its way. */
  get busy(): boolean {
    return this.#going.size > 0;
  }

  async publicKey(): Promise<string> {
    return (await this.#keyPair()).publicKey;
  }

  /** `perhaps`: something has come of which nobody here knows what, and the push says no more. */
  tell(browser: BrowserId, perhaps = false): void {
    const going = this.#going.get(browser);
    if (going !== undefined) {
      going.again ||= !perhaps;
      return;
    }
    this.#going.set(browser, { again: false });
    drop(this.#push(browser, perhaps).finally(() => this.#going.delete(browser)));
  }

  /** What was not taken is told with what comes next. */
  async #push(browser: BrowserId, perhaps: boolean): Promise<void> {
    const { stores, browsers } = this.#parts;
    let isShort = perhaps;
    for (let tries = 1; tries <= TRIES; tries += 1) {
      const target = stores.pushTargets.get(browser);
      const row = stores.browsers.get(browser);
      if (target === undefined || row === undefined || browsers.attached().has(browser)) return;
      // Since it was to be told somebody may have looked, or read it, or it has come and gone: a push that shows nothing costs the right.
      const ringer = perhaps ? "perhaps" : this.#due.ringer(target);
      if (browsers.visible || isQuietAt(target) || ringer === undefined) return;
      // That there may be something is counted by whoever says so, once for all browsers.
      if (tries === 1 && !isShort && ringer !== "perhaps" && !this.#mayPush(ringer)) return;
      const message = {
        ...this.#messageFor(row, target, isShort),
        ...(ringer === "perhaps" && { perhaps: true as const }),
      };
      const sent = await this.#send(target, message);
      if (sent.kind === "too-large" && !isShort) {
        // What it lacks it then asks for by itself.
        isShort = true;
        continue;
      }
      if (sent.kind !== "later") {
        this.#noteSent(target, sent.kind === "too-large" ? "refused" : sent.kind, message);
        const going = this.#going.get(browser);
        if (sent.kind !== "sent" || going?.again !== true) return;
        going.again = false;
        [tries, isShort, perhaps] = [0, false, false];
        continue;
      }
      if (tries < TRIES) await after(sent.afterMs ?? PUSHING.retryMs * 4 ** (tries - 1));
      else this.#noteSent(target, "failed", message);
    }
  }

  #noteSent(target: PushTargetRow, kind: "sent" | "gone" | "refused" | "failed", message: PushMessage): void {
    const { stores } = this.#parts;
    const targets = stores.pushTargets;
    const forget = () => stores.note(() => targets.forget(target));
    switch (kind) {
      case "sent":
        this.#due.told(target, message.invited ?? []);
        stores.note(() => targets.pushed(target, message.head));
        return;
      case "gone":
        forget();
        return;
      case "refused":
        if (target.refused + 1 >= REFUSED_MAX) forget();
        else stores.note(() => targets.refused(target));
        return;
      case "failed":
        if (target.failed + 1 >= FAILED_MAX) forget();
        else stores.note(() => targets.failed(target));
        return;
      default:
        missingCase(kind);
    }
  }

  #mayPush(ringer: Ringer): boolean {
    const { stores } = this.#parts;
    const [name, most] =
      ringer === "known" ? (["pushes", MOST_PUSHES] as const) : (["strangers-pushes", MOST_OF_STRANGERS] as const);
    const until = spend(stores.meta.get(name), Date.now() as Time, most);
    if (until !== undefined) stores.note(() => stores.meta.set(name, until));
    return until !== undefined;
  }

  async #send(target: PushTargetRow, message: PushMessage): Promise<Sent> {
    const { reach, ask } = this.#parts;
    const { endpoint, topic, origin } = target;
    const authorization = await (await this.#tokens(origin)).header(new URL(endpoint).origin, Date.now());
    const body = await sealPush(bytesOf(message), target);
    return sendPush({ endpoint, topic, body, authorization, urgency: "high" }, { ...reach, own: origin }, ask);
  }

  /** Everything that it lacks, as its socket would have told it, where that fits. */
  #messageFor(browser: Browser, target: PushTargetRow, isShort: boolean): PushMessage {
    const { stores } = this.#parts;
    const { head } = stores.log;
    const invited = this.#due.invitations(target);
    const short: PushMessage = {
      contract: CONTRACT_VERSION,
      browser: browser.id,
      epoch: epochOf(stores, browser.id),
      head,
      now: Date.now(),
      ...(invited.length > 0 && { invited }),
    };
    const since = this.#due.toldTo(target);
    if (isShort || head - since > ENTRIES_MAX) return short;
    const entries = stores.log.page(since, ENTRIES_MAX).entries.map((entry) => entryFor(entry, browser.device));
    const whole = { ...short, after: since, entries };
    return bytesOf(whole).length <= MOST_BYTES ? whole : short;
  }

  #keyPair(): Promise<PushKeys> {
    this.#keys ??= pushKeysOf(this.#parts.secret);
    return this.#keys;
  }

  async #tokens(contact: string): Promise<Vapid> {
    if (this.#vapid?.contact !== contact) this.#vapid = { contact, tokens: new Vapid(await this.#keyPair(), contact) };
    return this.#vapid.tokens;
  }
}

function isQuietAt({ quiet }: PushTargetRow): boolean {
  // A row of before that column has none.
  return quiet != null && isQuiet(JSON.parse(quiet) as QuietHours, minuteOfDay(Date.now(), "utc"));
}

function bytesOf(message: PushMessage): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(new TextEncoder().encode(JSON.stringify(message)));
}

function after(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
