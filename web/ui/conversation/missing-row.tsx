import { listText, plural, text } from "../../i18n/text.ts";
import { drop } from "../../../worker/shared/drop.ts";
import type { GapView } from "../../engine/protocol/conversations.ts";
import type { Conversation } from "../../model/conversation/conversation.ts";
import { fullDay } from "../../model/format.ts";
import { Why } from "../parts/why.tsx";
import type { Row } from "../../model/conversation/row.ts";
import { useApp } from "../hooks/use-app.ts";

function Busy() {
  return <span class="busy-dot" aria-hidden="true" />;
}

function wordsOf({ state, why }: GapView, until: number): string {
  if (state === "open") return text("gap--open");
  if (why === "flood") return text("gap--flood");
  return why === "unreadable" ? text("gap--unreadable") : text("gap--expired", { date: fullDay(until) });
}

/** Messages that are missing here: on their way, or gone. */
export function GapRow({ row }: { readonly row: Extract<Row, { readonly kind: "gap" }> }) {
  const open = row.gap.state === "open";
  return (
    <li class="edge-line gap" data-row={row.key} data-gap={open ? "open" : row.gap.why}>
      <span>
        {open ? <Busy /> : undefined}
        {wordsOf(row.gap, row.until)}
      </span>
    </li>
  );
}

/** Older messages that are in the archive, not here. */
export function OlderRow({
  row,
  conversation,
}: {
  readonly row: Extract<Row, { readonly kind: "older" }>;
  readonly conversation: Conversation;
}) {
  if (row.state === "loading") {
    return (
      <li class="edge-line edge-loading" data-row={row.key} data-older="loading">
        <span>
          <Busy />
          {text("older--loading")}
        </span>
      </li>
    );
  }
  const failed = row.state === "failed";
  return (
    <li class="edge-line" data-row={row.key} data-older={row.state}>
      {failed ? (
        <span>
          {text("older--failed")} <Why failure={row.failure} address={conversation.chat} />
        </span>
      ) : undefined}
      <button type="button" class="link" onClick={() => drop(conversation.loaded.fetchOlder())}>
        {text(failed ? "older--retry" : "older--ask")}
      </button>
    </li>
  );
}

/** What was encrypted before this browser came, and where it may be readable: in own browsers that were there before it. */
export function BeforeDeviceRow({ row }: { readonly row: Extract<Row, { readonly kind: "before-device" }> }) {
  const app = useApp();
  const names = listText(new Set(row.elders), "disjunction");
  return (
    <li class="quiet-line" data-row={row.key}>
      <span>
        {plural("chat--before-device", row.count)}
        {names === "" ? undefined : (
          <>
            {` ${text("chat--before-device-where", { names })}`}
            <button type="button" class="link" onClick={() => app.go({ screen: "devices" })}>
              {text("notice--look")}
            </button>
          </>
        )}
      </span>
    </li>
  );
}
