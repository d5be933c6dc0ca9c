/** Rings at browsers that are closed while nobody looks at any: who, when, with what, and what becomes of it. */
import type { EntriesAsked, EntriesGiven, PushMessage, PushSubscribing } from "../../worker/contract/push.ts";
import { PUSH_LIMITS } from "../../worker/contract/push.ts";
import type { Entry } from "../../worker/contract/entries.ts";
import type { Result } from "../../worker/contract/failures.ts";
import type { BareJid, BrowserId, Seq, Time } from "../../worker/contract/names.ts";
import { CONTRACT_VERSION } from "../../worker/contract/version.ts";
import { drop } from "../../worker/shared/drop.ts";
import { failed } from "../../worker/shared/failed.ts";
import { missingCase } from "../../worker/shared/missing-case.ts";
import { toBase64Url } from "../../worker/shared/base64.ts";
import { epochOf, startOf } from "../browsers/own-epochs.ts";
import { entryFor } from "../log/entry-row.ts";
import type { Browser } from "../store/browser-row.ts";
import type { PushTargetRow } from "../store/push-targets.ts";
import type { Stores } from "../store/stores.ts";
import { type About, rings } from "./rings.ts";
import { isTarget, MOST_BYTES, sealPush } from "./sealing.ts";
import { type Fetch, mayPushTo, type PushReach, sendPush, type Sent } from "./sending.ts";
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

const DONE = { ok: true, value: { done: true } } as const;

/** What comes within this time is one push; tests make both shorter. */
export const PUSHING = {
  gatherMs: 400,
  /** Before another try, each time four times as long, where the service does not say how long. */
  retryMs: 1_000,
};
const TRIES = 4;
/** A service that will not take so many in a row takes none for this subscription any more. */
const REFUSED_MAX = 3;
/** A service that could not be had for so many in a row, of which each is tried for a while, is none any more. */
const FAILED_MAX = 20;
/** Entries that are looked at after a reset: what lies before is rung for by nobody. */
const LOOKED_BACK = 200;
/** More than this never fits into a push. */
const ENTRIES_MAX = 40;
const TOPIC_BYTES = 24;

export class Pushes {
  readonly #parts: PushParts;
  /** Of browsers that a push is on its way to; `again`: something has come since. */
  readonly #going = new Map<BrowserId, { again: boolean }>();
  #keys: Promise<PushKeys> | undefined;
  #vapid: { readonly contact: string; readonly tokens: Vapid } | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Up to here it was looked whether somebody is to be rung; undefined in an object that has just woken. */
  #looked: Seq | undefined;

  constructor(parts: PushParts) {
    this.#parts = parts;
  }

  /** A push is about to leave, or on its way. */
  get busy(): boolean {
    return this.#timer !== undefined || this.#going.size > 0;
  }

  /** Whether any browser is rung at all. */
  get any(): boolean {
    return this.#targets.any;
  }

  async publicKey(): Promise<string> {
    return (await this.#keyPair()).publicKey;
  }

  /** See the call `pushSubscribe`. */
  async subscribe(browser: Browser, subscribing: PushSubscribing): Promise<Result<{ readonly done: true }>> {
    const { stores, reach } = this.#parts;
    if (!mayPushTo(subscribing.endpoint, { ...reach, own: subscribing.origin })) return failed("domain-refused");
    if (!(await isTarget(subscribing))) return failed("malformed");
    const topic = toBase64Url(crypto.getRandomValues(new Uint8Array(TOPIC_BYTES)));
    const { browsers, log } = stores;
    // It may have been signed out while its key was looked at.
    if (browsers.get(browser.id)?.signedOut !== false) return failed("not-signed-in");
    stores.turn(() => this.#targets.put(browser.id, subscribing, topic, log.head));
    return DONE;
  }

  /** See the call `pushUnsubscribe`. */
  unsubscribe({ id }: Browser): Result<{ readonly done: true }> {
    const target = this.#targets.get(id);
    if (target !== undefined) this.#forget(target);
    return DONE;
  }

  /** See the call `entries`. */
  entries({ id, device }: Browser, { epoch, since: named, at }: EntriesAsked): Result<EntriesGiven> {
    const { stores } = this.#parts;
    const since = startOf(stores, id, { epoch, since: named, at: at ?? null });
    stores.note(() => stores.browsers.seen(id, Date.now(), since));
    const { entries } = stores.log.page(since, PUSH_LIMITS.entries);
    const value = {
      epoch: epochOf(stores, id),
      since,
      head: stores.log.head,
      entries: entries.map((entry) => entryFor(entry, device)),
    };
    return { ok: true, value };
  }

  /** Call after every turn that appended to the log. */
  flush(): void {
    if (!this.any) return;
    const { log } = this.#parts.stores;
    const from = this.#looked ?? this.#notRung();
    this.#looked = log.head;
    // Whoever looks sees it there, and nothing rings elsewhere.
    if (this.#timer !== undefined || this.#parts.browsers.visible || !this.#ringsAfter(from)) return;
    this.#timer = setTimeout(() => this.#ring(), PUSHING.gatherMs);
  }

  /** A browser has left, or was found gone: what was written to it after that it may never have had. */
  left(acked: Seq): void {
    if (!this.any) return;
    this.#looked = Math.min(this.#looked ?? this.#notRung(), acked) as Seq;
    this.flush();
  }

  #ring(): void {
    this.#timer = undefined;
    const { browsers } = this.#parts;
    // Somebody has come in the meantime.
    if (browsers.visible) return;
    for (const { browser } of this.#targets.all()) this.#tell(browser);
  }

  #tell(browser: BrowserId): void {
    const going = this.#going.get(browser);
    if (going !== undefined) {
      going.again = true;
      return;
    }
    this.#going.set(browser, { again: false });
    drop(this.#push(browser).finally(() => this.#going.delete(browser)));
  }

  /** Until its service has everything, or does not take it now. What was not taken is told with what comes next. */
  async #push(browser: BrowserId): Promise<void> {
    const { stores, browsers } = this.#parts;
    for (let tries = 1; tries <= TRIES; tries += 1) {
      const target = this.#targets.get(browser);
      const row = stores.browsers.get(browser);
      if (target === undefined || row === undefined || browsers.attached().has(browser)) return;
      // Since it was to be told somebody may have looked, or read it, or it has come and gone: a push that shows nothing costs the right.
      if (browsers.visible || !this.#ringsAfter(this.#toldTo(target))) return;
      const message = this.#messageFor(row, target);
      const sent = await this.#send(target, message);
      if (sent.kind !== "later") {
        this.#noteSent(target, sent.kind, message.head);
        const going = this.#going.get(browser);
        if (sent.kind !== "sent" || going?.again !== true) return;
        going.again = false;
        tries = 0;
        continue;
      }
      if (tries < TRIES) await after(sent.afterMs ?? PUSHING.retryMs * 4 ** (tries - 1));
      else this.#noteSent(target, "failed", message.head);
    }
  }

  #noteSent(target: PushTargetRow, kind: "sent" | "gone" | "refused" | "failed", head: Seq): void {
    const targets = this.#targets;
    const { stores } = this.#parts;
    switch (kind) {
      case "sent":
        stores.note(() => targets.pushed(target, head));
        return;
      case "gone":
        this.#forget(target);
        return;
      case "refused":
        if (target.refused + 1 >= REFUSED_MAX) this.#forget(target);
        else stores.note(() => targets.refused(target));
        return;
      case "failed":
        if (target.failed + 1 >= FAILED_MAX) this.#forget(target);
        else stores.note(() => targets.failed(target));
        return;
      default:
        missingCase(kind);
    }
  }

  async #send(target: PushTargetRow, message: PushMessage): Promise<Sent> {
    const { reach, ask } = this.#parts;
    const { endpoint, topic, origin } = target;
    const authorization = await (await this.#tokens(origin)).header(new URL(endpoint).origin, Date.now());
    const body = await sealPush(bytesOf(message), target);
    return sendPush({ endpoint, topic, body, authorization, urgency: "high" }, { ...reach, own: origin }, ask);
  }

  /** Everything that it lacks, as its socket would have told it, where that fits. */
  #messageFor(browser: Browser, target: PushTargetRow): PushMessage {
    const { stores } = this.#parts;
    const { head } = stores.log;
    const short: PushMessage = {
      contract: CONTRACT_VERSION,
      browser: browser.id,
      epoch: epochOf(stores, browser.id),
      head,
      now: Date.now(),
    };
    const since = this.#toldTo(target);
    if (head - since > ENTRIES_MAX) return short;
    const entries = stores.log.page(since, ENTRIES_MAX).entries.map((entry) => entryFor(entry, browser.device));
    const whole = { ...short, after: since, entries };
    return bytesOf(whole).length <= MOST_BYTES ? whole : short;
  }

  /** Whether anything behind it rings; what lies too far back does not. */
  #ringsAfter(seq: Seq): boolean {
    const { log } = this.#parts.stores;
    let from = Math.max(seq, log.head - LOOKED_BACK) as Seq;
    while (from < log.head) {
      const { entries } = log.page(from, LOOKED_BACK);
      if (entries.some((entry) => this.#rings(entry))) return true;
      from = entries.at(-1)?.seq ?? log.head;
    }
    return false;
  }

  #rings(entry: Entry): boolean {
    const chat = entry.kind === "message" ? entry.chat : entry.kind === "contact" ? entry.jid : undefined;
    return chat !== undefined && rings(entry, this.#about(chat));
  }

  #about(chat: BareJid): About {
    const { meta, choices, contacts, conversations, rooms } = this.#parts.stores;
    return {
      now: Date.now() as Time,
      account: meta.account,
      settings: choices.settings,
      choices: choices.of(chat),
      contact: contacts.get(chat),
      writtenTo: conversations.writtenTo(chat),
      nick: rooms.get(chat)?.nick,
      readTo: conversations.readTo(chat),
    };
  }

  /** Nobody may have been rung for what was stored right before a reset. */
  #notRung(): Seq {
    const { log } = this.#parts.stores;
    return Math.min(log.head, ...this.#targets.all().map((target) => this.#toldTo(target))) as Seq;
  }

  /** What the browser knows, by a push or by its socket, of which `pushed` hears nothing. */
  #toldTo({ browser, pushed }: PushTargetRow): Seq {
    return Math.max(pushed, this.#parts.stores.browsers.acked(browser)) as Seq;
  }

  #forget(target: PushTargetRow): void {
    this.#parts.stores.note(() => this.#targets.forget(target));
  }

  get #targets(): Stores["pushTargets"] {
    return this.#parts.stores.pushTargets;
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

function bytesOf(message: PushMessage): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(new TextEncoder().encode(JSON.stringify(message)));
}

function after(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
