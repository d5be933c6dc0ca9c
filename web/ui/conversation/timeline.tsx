import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { plural, text } from "../../i18n/text.ts";
import { countText } from "../../model/format.ts";
import type { ChatSummary } from "../../engine/protocol/conversations.ts";
import type { Conversation, Sought } from "../../model/conversation/conversation.ts";
import { drop } from "../../../worker/shared/drop.ts";
import {
  anchorsOf,
  correction,
  seenOf,
  FETCH_PX,
  fewRows,
  isNearBottom,
  isTooMany,
  moreRows,
  type RowEdge,
  SCREENFUL_PX,
  spareRows,
} from "../../model/conversation/scroll-anchor.ts";
import { Icon } from "../parts/icon.tsx";
import { BubbleShapes } from "../parts/shapes.tsx";
import { useFrame } from "../hooks/use-frame.ts";
import { useValue } from "../hooks/use-value.ts";
import { MessageList } from "./message-list.tsx";

/** Where the first unread message stands when a conversation opens, as a part of the scroller's height. */
const UNREAD_AT = 0.25;

/** So long after there are more rows above a reader at the newest one than the screen needs they are taken away. */
const REST_MS = 1_000;

/** So long after rows were drawn the next ones above them are. */
const DRAW_MS = 60;

function edgesOf(scroller: HTMLElement): readonly RowEdge[] {
  const { bottom } = scroller.getBoundingClientRect();
  return [...scroller.querySelectorAll<HTMLElement>("li[data-row]")].map((row) => {
    const edge = row.getBoundingClientRect();
    const lasting = row.dataset["key"] !== undefined;
    return { key: row.dataset["row"] ?? "", top: edge.top - bottom, bottom: edge.bottom - bottom, lasting };
  });
}

function bringIntoSight(scroller: HTMLElement, { key, quiet }: Sought): void {
  const row = scroller.querySelector<HTMLElement>(`li[data-key="${CSS.escape(key)}"]`);
  row?.scrollIntoView({ block: quiet ? "nearest" : "center" });
  if (!quiet) row?.focus({ preventScroll: true });
}

function JumpDown({ conversation, unread }: { readonly conversation: Conversation; readonly unread: number }) {
  const atBottom = useValue(conversation.loaded.atBottom);
  const hasNewer = useValue(conversation.loaded.hasNewer);
  if (atBottom && !hasNewer) return null;
  return (
    <div class="jump">
      <button
        type="button"
        class="jump-button"
        aria-label={text("chat--jump")}
        title={text("chat--jump")}
        onClick={() => drop(conversation.jump())}
      >
        <Icon name="down" />
      </button>
      {unread > 0 ? (
        <span class="badge" role="img" aria-label={plural("list--unread", unread)}>
          {countText(unread)}
        </span>
      ) : undefined}
    </div>
  );
}

/** The messages: a reversed scroller over a bounded number of rows, in which the row in sight never moves by itself. */
export function Timeline({ conversation, chat }: { readonly conversation: Conversation; readonly chat: ChatSummary }) {
  const rows = useValue(conversation.rows);
  const loading = useValue(conversation.loaded.loading);
  const opened = useValue(conversation.opened);
  const jumps = useValue(conversation.jumps);
  const sought = useValue(conversation.sought);
  const mode = useValue(conversation.writing.mode);
  const { loaded } = conversation;
  const scroller = useRef<HTMLDivElement>(null);
  const anchors = useRef<readonly RowEdge[]>([]);
  const resting = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const begun = useRef(0);
  const jumped = useRef(jumps);
  const found = useRef<Sought | undefined>(undefined);
  const [drawn, setDrawn] = useState(() => fewRows(innerHeight));
  // At the newest row those in sight are drawn first, and above them a few at a time: nothing that is in sight moves.
  const few = drawn < rows.length && loaded.atBottom.peek() && sought === undefined;
  const count = few ? drawn : rows.length;

  const rest = (spare: number) => {
    resting.current = undefined;
    loaded.rest(spare);
  };
  const measure = (element: HTMLElement) => {
    const atBottom = isNearBottom(element.scrollTop) && !loaded.hasNewer.peek();
    // Whoever is at the newest row stays there: there is nothing to hold on to, and measuring each row is dear.
    const edges = atBottom ? [] : edgesOf(element);
    anchors.current = anchorsOf(edges, element.clientHeight);
    loaded.seen.value = seenOf(edges);
    loaded.anchor = anchors.current[0]?.key;
    loaded.atBottom.value = atBottom;
    const above = element.scrollHeight - element.clientHeight + element.scrollTop;
    const spare = spareRows(above, element.scrollHeight / count);
    // A moment later: where rows go all others are laid out again, and nobody waits for it.
    if (atBottom && isTooMany(spare)) resting.current ??= setTimeout(() => rest(spare), REST_MS);
    if (few) {
      if (above < SCREENFUL_PX) setDrawn(moreRows(rows.length, rows.length));
    } else if (above < FETCH_PX) drop(loaded.older());
    else if (-element.scrollTop < FETCH_PX) drop(loaded.newer());
  };

  // To ask for a distance is to have everything laid out: for a reader at the newest row not before the frame that needs it.
  const measureInFrame = useFrame(() => {
    const element = scroller.current;
    if (element === null) return;
    if (jumped.current !== jumps) element.scrollTop = 0;
    jumped.current = jumps;
    measure(element);
  });

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null || loading === "first") return;
    const seeks = sought !== undefined && found.current !== sought;
    if (begun.current !== opened) {
      begun.current = opened;
      const unread = edgesOf(element).find((edge) => edge.key === "unread");
      element.scrollTop = 0;
      if (loaded.left.length > 0) element.scrollTop += correction(loaded.left, edgesOf(element), false);
      else if (unread !== undefined)
        element.scrollTop += Math.min(0, unread.top + element.clientHeight * (1 - UNREAD_AT));
    } else if (!seeks && loaded.atBottom.peek()) {
      measureInFrame();
      return;
    } else if (!seeks) {
      element.scrollTop += correction(anchors.current, edgesOf(element), false);
    }
    loaded.left = [];
    if (seeks) bringIntoSight(element, sought);
    found.current = sought;
    measure(element);
  }, [rows, loading, opened, jumps, sought, count]);
  useEffect(() => {
    if (loading === "first" || drawn === Number.POSITIVE_INFINITY) return;
    const timer = setTimeout(() => setDrawn(moreRows(drawn, rows.length)), DRAW_MS);
    return () => clearTimeout(timer);
  }, [drawn, loading === "first"]);
  useLayoutEffect(
    () => () => {
      clearTimeout(resting.current);
      loaded.left = loaded.atBottom.peek() ? [] : anchors.current;
    },
    [loaded],
  );
  useLayoutEffect(() => {
    // Whoever answers or edits a message sees it.
    if (mode.kind !== "message") drop(conversation.reveal((mode.kind === "edit" ? mode.of : mode.to).key, true));
  }, [mode]);

  return (
    <div class="timeline">
      <div ref={scroller} class="scroller" tabIndex={-1} onScroll={(event) => measure(event.currentTarget)}>
        {loading === "first" && rows.length === 0 ? (
          <BubbleShapes />
        ) : (
          <MessageList conversation={conversation} chat={chat} rows={rows} drawn={count} busy={loading !== undefined} />
        )}
      </div>
      <JumpDown conversation={conversation} unread={chat.unread} />
    </div>
  );
}
