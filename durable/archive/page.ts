/** Applies one page of an archive and advances its cursor, in one turn. */
import type { BareJid, Time } from "../../worker/contract/names.ts";
import type { StanzaEvent, MessageEvent, UnreadableEvent } from "../ingest/stanza-event.ts";
import type { Applier, Positioner } from "../store/apply.ts";
import { nextPosition, type OpenGap, type Positions, positionsBefore } from "../log/positions.ts";
import type { Stores } from "../store/stores.ts";

/** One result. `broken`: it ended the stream, nothing can come behind it. */
export type Collected = { readonly id: string; readonly events: readonly StanzaEvent[]; readonly broken?: boolean };

/** Ids of the first and the last message of a page. */
export type Bounds = { readonly first?: string; readonly last?: string };

export type CollectedPage = {
  readonly archive: BareJid;
  readonly results: readonly Collected[];
  readonly end: Bounds & { readonly complete: boolean; readonly stable: boolean };
};

/**
 * Which way a page was read. `by-time`: the archive no longer knows the id of the cursor; `lost`: where no message of
 * the page is known, some before it may be missing. `newest`: shown before the pages between are read. `before`: older
 * messages, of the `whole` archive or of one conversation.
 */
export type Way =
  | { readonly kind: "forward" }
  | { readonly kind: "by-time"; readonly lost: boolean }
  | { readonly kind: "newest" }
  | { readonly kind: "first-sight" }
  | { readonly kind: "before"; readonly whole: boolean };

type Forward = Way & { readonly kind: "forward" | "by-time" };
type Backward = Way & { readonly kind: "first-sight" | "before" };

/** How many messages a page held, and how many of them were not here yet. */
export type Taken = { readonly messages: number; readonly fresh: number };

/** Puts the messages into the open gaps, then at the end of the log. */
export function takeForward(stores: Stores, applier: Applier, page: CollectedPage, way: Forward): Taken {
  const { gaps, log, archiveCursors } = stores;
  const before = gaps.of(page.archive);
  const closed: OpenGap[] = [];
  let positions: Positions = { gaps: before, newest: log.position };
  let [messages, fresh] = [0, 0];
  const positioner: Positioner = (known, own) => {
    messages += 1;
    // An own message has the position where it was accepted, which says nothing about what others wrote before it.
    if (known !== undefined && own) return undefined;
    const step = nextPosition(positions, known);
    positions = step.positions;
    closed.push(...step.closed);
    if (step.position !== undefined) fresh += 1;
    return step.position;
  };
  if (way.kind === "by-time" && way.lost) markLoss(stores, page, positioner);
  [messages, fresh] = [0, 0];
  for (const { events } of page.results) applier.apply(events, positioner);
  for (const gap of closed) gaps.close(gap, Date.now());
  for (const gap of positions.gaps)
    if (before.every(({ id, next }) => id !== gap.id || next !== gap.next)) gaps.fill(gap);
  const at = newestAt(page);
  // §4.3: on what is not stable no cursor is built.
  const { last, stable } = page.end;
  if (stable && last !== undefined)
    archiveCursors.advance(page.archive, { cursor: last, ...(at !== undefined && { at }) });
  return { messages, fresh };
}

/**
 * The newest messages, ahead of those that lie between: behind a gap, unless the first of them joins what is here. The
 * cursor stays where it is, so reading forward fills the gap and finds them known.
 */
export function takeNewest({ log, gaps }: Stores, applier: Applier, page: CollectedPage): Taken {
  const messages = page.results.flatMap(({ events }) => events).filter(isPlaced);
  // One of ours that is known stands where it was accepted, which says nothing about what others wrote before it.
  const first = messages.find((event) => !event.outgoing || log.find(event) === undefined);
  if (first !== undefined && log.find(first) === undefined) gaps.open(page.archive, Date.now());
  let fresh = 0;
  for (const { events } of page.results) {
    applier.apply(events, (known) => {
      if (known === undefined) fresh += 1;
      return undefined;
    });
  }
  return { messages: messages.length, fresh };
}

/** Puts the messages below the oldest one of the log. */
export function takeBefore(stores: Stores, applier: Applier, page: CollectedPage, way: Backward): Taken {
  const { log, archiveCursors } = stores;
  const positions = positionsBefore(log.oldest, page.results.length);
  let [messages, fresh] = [0, 0];
  for (const [index, { events }] of page.results.entries()) {
    const positioner: Positioner = (known) => {
      messages += 1;
      if (known !== undefined) return undefined;
      fresh += 1;
      return positions(index);
    };
    applier.apply(events, positioner, true);
  }
  const { first, last, stable } = page.end;
  // An empty page has nothing before it, whatever it says.
  const complete = page.end.complete || first === undefined;
  const oldest = { ...(first !== undefined && { oldest: first }), complete };
  if (way.kind === "first-sight") {
    // Without an id to go on from, the next absence goes by time.
    const at = newestAt(page) ?? Date.now();
    archiveCursors.advance(page.archive, {
      ...(stable && { ...oldest, ...(last !== undefined && { cursor: last }) }),
      at,
    });
  } else if (way.whole && stable) {
    archiveCursors.advance(page.archive, oldest);
  }
  return { messages, fresh };
}

/** Nothing of what overlaps is known to us: between what we hold and the first message, others may have been. */
function markLoss({ log }: Stores, page: CollectedPage, positioner: Positioner): void {
  const messages = page.results.flatMap(({ events }) => events).filter(isPlaced);
  const [first] = messages;
  if (first === undefined || messages.some((event) => !event.outgoing && log.find(event) !== undefined)) return;
  const position = positioner(undefined, false);
  if (position !== undefined) log.gap({ kind: "gap", position, at: first.at, state: "lost", why: "expired" });
}

function newestAt(page: CollectedPage): Time | undefined {
  const times = page.results.flatMap(({ events }) => events.filter(isPlaced).map(({ at }) => at));
  return times.length > 0 ? Math.max(...times) : undefined;
}

function isPlaced(event: StanzaEvent): event is MessageEvent | UnreadableEvent {
  return event.kind === "message" || event.kind === "unreadable";
}
