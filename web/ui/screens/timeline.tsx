import { useLayoutEffect, useRef } from "preact/hooks";
import { plural, text } from "../../i18n/text.ts";
import type { ChatSummary } from "../../engine/protocol.ts";
import type { Conversation } from "../../model/conversation.ts";
import { drop } from "../../engine/drop.ts";
import { dayHeader } from "../../model/format.ts";
import { missingCase } from "../../engine/missing-case.ts";
import { anchorsOf, correction, FETCH_PX, isNearBottom, type RowEdge } from "../../model/scroll-anchor.ts";
import type { Row } from "../../model/timeline.ts";
import { Icon } from "../parts/icon.tsx";
import { BubbleShapes } from "../parts/shapes.tsx";
import { HOUR_MS, useNow } from "../use-now.ts";
import { useValue } from "../use-value.ts";
import { GapRow, OlderRow } from "./missing-row.tsx";
import { MessageRow } from "./message-row.tsx";

/** Where the first unread message stands when a conversation opens, as a part of the scroller's height. */
const UNREAD_AT = 0.25;

function edgesOf(scroller: HTMLElement): readonly RowEdge[] {
  const { top } = scroller.getBoundingClientRect();
  return [...scroller.querySelectorAll<HTMLElement>("li[data-row]")].map((row) => {
    const edge = row.getBoundingClientRect();
    const lasting = row.dataset["key"] !== undefined;
    return { key: row.dataset["row"] ?? "", top: edge.top - top, bottom: edge.bottom - top, lasting };
  });
}

function RowView({
  row,
  now,
  name,
  conversation,
}: {
  readonly row: Row;
  readonly now: number;
  readonly name: string;
  readonly conversation: Conversation;
}) {
  switch (row.kind) {
    case "beginning":
      return (
        <li class="edge-line" data-row={row.key}>
          <span>{row.empty ? text("chat--empty", { name }) : text("chat--beginning")}</span>
        </li>
      );
    case "older":
      return <OlderRow row={row} conversation={conversation} />;
    case "gap":
      return <GapRow row={row} />;
    case "before-device":
      return (
        <li class="quiet-line" data-row={row.key}>
          <span>{plural("chat--before-device", row.count)}</span>
        </li>
      );
    case "while-away":
      return (
        <li class="quiet-line" data-row={row.key}>
          <span>{plural("chat--while-away", row.count)}</span>
        </li>
      );
    case "day":
      return (
        <li class="day" data-row={row.key}>
          <span>{dayHeader(row.at, now)}</span>
        </li>
      );
    case "unread":
      return (
        <li class="unread" data-row={row.key}>
          <span>{plural("chat--unread", row.count)}</span>
        </li>
      );
    case "message":
      return <MessageRow row={row} conversation={conversation} />;
    default:
      return missingCase(row);
  }
}

function JumpDown({ conversation, unread }: { readonly conversation: Conversation; readonly unread: number }) {
  const atBottom = useValue(conversation.atBottom);
  const hasNewer = useValue(conversation.hasNewer);
  if (atBottom && !hasNewer) return null;
  return (
    <button
      type="button"
      class="jump"
      aria-label={text("chat--jump")}
      title={text("chat--jump")}
      onClick={() => conversation.jump()}
    >
      <Icon name="down" />
      {unread > 0 ? <span class="badge">{unread}</span> : undefined}
    </button>
  );
}

/** The messages: a reversed scroller over a bounded number of rows, in which the row in sight never moves by itself. */
export function Timeline({ conversation, chat }: { readonly conversation: Conversation; readonly chat: ChatSummary }) {
  const rows = useValue(conversation.rows);
  const loading = useValue(conversation.loading);
  const opened = useValue(conversation.opened);
  const jumps = useValue(conversation.jumps);
  const now = useNow(HOUR_MS);
  const scroller = useRef<HTMLDivElement>(null);
  const anchors = useRef<readonly RowEdge[]>([]);
  const begun = useRef(0);
  const jumped = useRef(jumps);

  const measure = (element: HTMLElement) => {
    anchors.current = anchorsOf(edgesOf(element));
    conversation.anchor = anchors.current[0]?.key;
    conversation.atBottom.value = isNearBottom(element.scrollTop) && !conversation.hasNewer.peek();
    const above = element.scrollHeight - element.clientHeight + element.scrollTop;
    if (above < FETCH_PX) drop(conversation.older());
    else if (-element.scrollTop < FETCH_PX) conversation.newer();
  };

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null || loading === "first") return;
    if (begun.current !== opened) {
      begun.current = opened;
      const unread = edgesOf(element).find((edge) => edge.key === "unread");
      element.scrollTop = 0;
      if (unread !== undefined) element.scrollTop += Math.min(0, unread.top - element.clientHeight * UNREAD_AT);
    } else if (jumped.current !== jumps) {
      jumped.current = jumps;
      element.scrollTop = 0;
    } else {
      element.scrollTop += correction(anchors.current, edgesOf(element), conversation.atBottom.peek());
    }
    measure(element);
  }, [rows, loading, opened, jumps]);

  const unread = conversation.unread(chat.readTo);
  return (
    <div class="timeline">
      <div ref={scroller} class="scroller" tabIndex={-1} onScroll={(event) => measure(event.currentTarget)}>
        {loading === "first" && rows.length === 0 ? (
          <BubbleShapes />
        ) : (
          <ol class="messages" aria-label={text("chat--messages")} aria-busy={loading !== undefined}>
            {rows.map((row) => (
              <RowView key={row.key} row={row} now={now} name={chat.name} conversation={conversation} />
            ))}
          </ol>
        )}
      </div>
      <JumpDown conversation={conversation} unread={unread} />
    </div>
  );
}
