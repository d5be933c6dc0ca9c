/** Where missing messages are shown. A gap of the whole account is told only where it could be missed by the eye. */
import type { BareJid } from "../../../worker/contract/names.ts";
import { missingCase } from "../../../worker/shared/missing-case.ts";
import type { GapView, MessageItem } from "../../engine/protocol/conversations.ts";

export type Stretch = {
  readonly chat: BareJid;
  /** The mounted messages, oldest first. */
  readonly items: readonly MessageItem[];
  /** None of this browser's messages stands before them, or after them. */
  readonly fromOldest: boolean;
  readonly toNewest: boolean;
};

/** Gaps by the message they stand before; those at `items.length` stand behind all. Of several alike in a place one is shown. */
export function placeGaps(gaps: readonly GapView[], stretch: Stretch): ReadonlyMap<number, readonly GapView[]> {
  const placed = new Map<number, GapView[]>();
  for (const gap of gaps.toSorted((a, b) => a.position - b.position)) {
    if (gap.chat !== undefined && gap.chat !== stretch.chat) continue;
    const after = stretch.items.findIndex((item) => item.position >= gap.position);
    const at = after === -1 ? stretch.items.length : after;
    if (!isShown(gap, at, stretch)) continue;
    const there = placed.get(at) ?? [];
    if (!there.some((other) => other.state === gap.state && other.why === gap.why)) there.push(gap);
    placed.set(at, there);
  }
  return placed;
}

/**
 * Between two messages always. Before all or behind all only what is known to belong here, and behind all what is on its
 * way: it may bring something.
 */
function isShown(gap: GapView, at: number, { items, fromOldest, toNewest }: Stretch): boolean {
  const own = gap.chat !== undefined;
  if (items.length === 0) return own;
  if (at === 0) return own && fromOldest;
  if (at < items.length) return true;
  if (!toNewest) return false;
  switch (gap.state) {
    case "open":
      return true;
    case "lost":
      return own;
    default:
      return missingCase(gap.state);
  }
}
