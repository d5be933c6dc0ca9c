/** An archive that does what a real server cannot be made to do at will: forget ids, be slow, break off, refuse. */
import xml, { type Element } from "@xmpp/xml";
import type { Entry, MessageEntry } from "../../worker/contract/entries.ts";
import type { BareJid, Time } from "../../worker/contract/names.ts";
import { Archive } from "../archive/archive.ts";
import type { Collected } from "../archive/page.ts";
import type { MessageEvent } from "../ingest/stanza-event.ts";
import { Backfill } from "../archive/backfill.ts";
import { Applier } from "../store/apply.ts";
import type { RequestResult } from "../link/iq.ts";
import { NS_MAM } from "../xep/mam.ts";
import { storesOf } from "./stores.ts";
import { type MemoryStorage, memoryStorage } from "./sql-storage.ts";

export const ME = "me@a.example" as BareJid;
export const BOB = "bob@b.example" as BareJid;
const NS_RSM = "http://jabber.org/protocol/rsm";
const MINUTE_MS = 60_000;
/** When message 0 was archived; one a minute follows. */
const START = Date.UTC(2026, 0, 1);

/** Message `n`: its text, its archive id and its origin-id say so. */
export function message(n: number, change: Partial<MessageEvent> = {}): MessageEvent {
  return {
    kind: "message",
    chat: BOB,
    sender: BOB,
    outgoing: false,
    at: timeOf(n),
    archive: { by: ME, id: `a${n}` },
    originId: `o${n}`,
    content: { kind: "clear", text: `${n}` },
    ...change,
  };
}

/** The numbers of these messages, in order. */
export const numbers = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

/** What these messages say, in order. */
export const texts = (from: number, to: number): string[] => numbers(from, to).map(String);

const timeOf = (n: number): Time => START + n * MINUTE_MS;

export class ArchivedAccount {
  readonly storage: MemoryStorage;
  stores: ReturnType<typeof storesOf>;
  archive: Archive;
  backfill: Backfill;
  /** What the server keeps, in its order. */
  kept: Collected[] = [];
  live = true;
  /** Ids that stand for expired ones. */
  readonly forgotten = new Set<string>();
  refuses = false;
  stable = true;
  /** Runs before each page is answered, with the number of the page. */
  onPage: (page: number) => void | Promise<void> = () => undefined;
  pages = 0;

  constructor(storage = memoryStorage()) {
    this.storage = storage;
    // Of a stranger not everything would be kept.
    storage.sql.exec("insert or ignore into contacts (jid, subscription) values (?, 'both')", BOB);
    [this.stores, this.archive, this.backfill] = this.#start();
  }

  keep(...numbers: readonly number[]): void {
    for (const n of numbers) this.kept.push({ id: `a${n}`, events: [message(n)] });
  }

  /** The object loses its memory. */
  reset(): void {
    [this.stores, this.archive, this.backfill] = this.#start();
  }

  receive(...events: readonly MessageEvent[]): void {
    for (const event of events) this.stores.turn(() => this.archive.live([event]));
  }

  /** A new stream, from its beginning until everything is read. */
  async catchUp(): Promise<void> {
    void this.archive.begin();
    this.archive.settle(await this.archive.read());
  }

  entries(): readonly Entry[] {
    const entries: Entry[] = [];
    for (;;) {
      const page = this.stores.log.page((entries.at(-1)?.seq ?? 0) as Entry["seq"], 1_000).entries;
      if (page.length === 0) return entries;
      entries.push(...page);
    }
  }

  /** As `seen`, without the gaps. */
  messages(): readonly string[] {
    return this.seen().filter((text) => !text.includes(":"));
  }

  /** What a person sees, oldest first: texts, and gaps by their newest state. */
  seen(): readonly string[] {
    const entries = this.entries();
    const places = entries.flatMap((entry) => {
      if (entry.kind === "message") return [{ position: entry.position, text: textOf(entry) }];
      if (entry.kind !== "gap" || entry.gap !== entry.id) return [];
      const latest = entries.findLast((other) => other.kind === "gap" && other.gap === entry.gap);
      return [{ position: entry.position, text: latest?.kind === "gap" ? `${latest.state}:${latest.why}` : "" }];
    });
    return places.sort((a, b) => a.position - b.position).map(({ text }) => text);
  }

  #start(): [ReturnType<typeof storesOf>, Archive, Backfill] {
    const stores = storesOf(ME, this.storage);
    const live = () => this.live;
    const link = {
      get live() {
        return live();
      },
      request: (iq: Element) => this.#answer(iq),
    };
    const archive = new Archive(ME, stores, link, new Applier(stores));
    return [stores, archive, new Backfill(archive, stores)];
  }

  async #answer(iq: Element): Promise<RequestResult> {
    this.pages += 1;
    await this.onPage(this.pages);
    if (!this.live) return { ok: false, error: { kind: "lost" } };
    if (this.refuses) return refusal("forbidden");
    const query = iq.getChild("query", NS_MAM);
    const set = query?.getChild("set", NS_RSM);
    const read = (name: string) => set?.getChild(name)?.getText();
    const [max, after, before] = [Number(read("max")), read("after"), read("before")];
    if (this.forgotten.has(after ?? "") || this.forgotten.has(before ?? "")) return refusal("item-not-found");
    let found = this.kept.filter(matches(query));
    if (after !== undefined) found = found.slice(found.findIndex(({ id }) => id === after) + 1);
    if (before)
      found = found.slice(
        0,
        found.findIndex(({ id }) => id === before),
      );
    const page = before === undefined ? found.slice(0, max) : found.slice(-max);
    for (const result of page) {
      this.archive.result(query?.attrs["queryid"] ?? "", result);
      if (!result.broken) continue;
      this.live = false;
      return { ok: false, error: { kind: "lost" } };
    }
    return { ok: true, value: fin(page, page.length === found.length, this.stable) };
  }
}

/** Has seen an archive of ten messages for the first time, and all of it. */
export async function settled(): Promise<ArchivedAccount> {
  const account = new ArchivedAccount();
  account.keep(...numbers(1, 10));
  await account.catchUp();
  return account;
}

function matches(query?: Element): (result: Collected) => boolean {
  const fields = query?.getChild("x", "jabber:x:data")?.getChildren("field") ?? [];
  const field = (name: string) => fields.find(({ attrs }) => attrs["var"] === name)?.getChildText("value");
  const [start, chat] = [field("start"), field("with")];
  return ({ events }) =>
    events.every((event) => {
      if (!("at" in event) || event.at === undefined) return true;
      return (!start || event.at >= Date.parse(start)) && (!chat || event.chat === chat);
    });
}

function fin(page: readonly Collected[], complete: boolean, stable: boolean): Element {
  const ends = page.flatMap(({ id }, index) => [
    ...(index === 0 ? [xml("first", {}, id)] : []),
    ...(index === page.length - 1 ? [xml("last", {}, id)] : []),
  ]);
  const attributes = { xmlns: NS_MAM, complete: `${complete}`, stable: `${stable}` };
  return xml("iq", { type: "result" }, xml("fin", attributes, xml("set", { xmlns: NS_RSM }, ...ends)));
}

function refusal(condition: string): RequestResult {
  return { ok: false, error: { kind: "stanza-error", condition } };
}

function textOf({ content }: MessageEntry): string {
  return content.kind === "clear" ? content.text : content.kind;
}
