/** Own corrections that are on their way, shown where they will stand. */
import type { MessageItem } from "../../engine/protocol/conversations.ts";

/** `correction`: the row of the correction whose text, state and failure are shown in this one's place. */
export type ShownItem = MessageItem & { readonly correction?: string };

/**
 * The rows with each correction laid on the one that it corrects. `all` are the rows that are loaded, typed ones included:
 * a correction whose message is among them is no row of its own, wherever that message is; the newest one shows.
 */
export function withCorrections(items: readonly MessageItem[], all: readonly MessageItem[]): readonly ShownItem[] {
  const corrections = all.filter(({ edits }) => edits !== undefined);
  if (corrections.length === 0) return items;
  const loaded = new Set(all.map(({ key }) => key));
  const newest = new Map(corrections.map((correction) => [correction.edits, correction]));
  return items.flatMap((item) => {
    if (item.edits !== undefined && loaded.has(item.edits)) return [];
    const correction = newest.get(item.key);
    return [correction === undefined ? item : corrected(item, correction)];
  });
}

function corrected(item: MessageItem, { key, body, state, failure }: MessageItem): ShownItem {
  return {
    ...item,
    body,
    edited: true,
    correction: key,
    ...(state !== undefined && { state }),
    ...(failure !== undefined && { failure }),
  };
}
