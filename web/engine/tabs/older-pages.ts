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
  return { ...told, notices: told.notices.filter(({ kind }) => KNOWN.has(kind)) };
}

/** The snapshot as such a page can show it. */
export const olderSnapshot: (snapshot: Snapshot) => Snapshot = known;

/** The events of a turn as such a page can show them. */
export function olderEvents({ event, more }: TurnEvents): TurnEvents {
  return { type: "event", event: olderEvent(event), ...(more && { more: more.map(olderEvent) }) };
}

function olderEvent(event: EngineEvent): EngineEvent {
  if (event.type === "notices") return known(event);
  return event.type === "reset" ? { ...event, snapshot: known(event.snapshot) } : event;
}
