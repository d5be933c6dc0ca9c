/** The upper end of a conversation: what lies above the oldest message on screen, and what may be put there. */
import type { Failure } from "../../../worker/contract/failures.ts";
import { missingCase } from "../../../worker/shared/missing-case.ts";
import type { MessageItem, TimelinePage } from "../../engine/protocol/conversations.ts";
import type { Top } from "./timeline.ts";

/** The archive brought nothing to show, or could not be asked: it is asked again when the person wants it. */
export type Pause = { readonly state: "asking" } | { readonly state: "failed"; readonly failure: Failure };

export type TopInput = {
  /** Loaded rows that are not mounted. */
  readonly hidden: boolean;
  readonly more: TimelinePage["more"];
  readonly loading: boolean;
  readonly pause: Pause | undefined;
};

/** What is shown above the oldest mounted message. */
export function topOf({ hidden, more, loading, pause }: TopInput): Top {
  if (hidden) return { kind: "more" };
  switch (more) {
    case "here":
      return { kind: "more" };
    case "none":
      return { kind: "beginning" };
    case "server":
      return { kind: "older", ...(loading ? ({ state: "loading" } as const) : (pause ?? { state: "resting" })) };
    default:
      return missingCase(more);
  }
}

/**
 * The changes that may be merged: rows from before the oldest loaded one do not join on while others lie between, nor, where
 * they are `detached`, those behind the newest loaded one. They are read when it is their turn.
 */
export function joining(
  items: readonly MessageItem[],
  changes: readonly MessageItem[],
  more: TimelinePage["more"],
  detached = false,
): readonly MessageItem[] {
  const [oldest, newest] = [items[0], items.at(-1)];
  if ((more !== "here" && !detached) || oldest === undefined || newest === undefined) return changes;
  const known = new Set(items.map(({ key }) => key));
  const from = more === "here" ? oldest.position : Number.NEGATIVE_INFINITY;
  const to = detached ? newest.position : Number.POSITIVE_INFINITY;
  return changes.filter(({ key, position }) => (position > from && position < to) || known.has(key));
}
