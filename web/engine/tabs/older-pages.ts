/**
 * Pages of the last release: they break at a notice for which they have no words, and nobody can mend them any more. Later ones
 * pass over what they do not know (`model/told.ts`), and say so when they ask.
 */
import type { EngineEvent, Snapshot } from "../protocol/engine.ts";
import type { TurnEvents } from "./messages.ts";

const KNOWN: ReadonlySet<string> = new Set([
  "new-device",
  "awaiting",
  "own-devices",
  "renewed",
  "returned",
  "storage-not-kept",
]);

function known<Told extends Pick<Snapshot, "notices">>(told: Told): Told {
  const notices = told.notices.filter(({ kind }) => KNOWN.has(kind));
  return notices.length === told.notices.length ? told : { ...told, notices };
}

/** The snapshot as such a page can show it. */
export const olderSnapshot: (snapshot: Snapshot) => Snapshot = known;

/** The events of a turn as such a page can show them; undefined: just as they are. */
export function olderEvents({ event, more = [] }: TurnEvents): TurnEvents | undefined {
  const [first, ...others] = [event, ...more].map(olderEvent);
  if (first === undefined || (first === event && others.every((one, at) => one === more[at]))) return undefined;
  return { type: "event", event: first, more: others };
}

function olderEvent(event: EngineEvent): EngineEvent {
  if (event.type === "notices") return known(event);
  if (event.type !== "reset") return event;
  const snapshot = known(event.snapshot);
  return snapshot === event.snapshot ? event : { ...event, snapshot };
}
