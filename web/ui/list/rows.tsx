import { useRef, useState } from "preact/hooks";
import type { BareJid, Time } from "../../../worker/contract/names.ts";
import type { ChatSummary } from "../../engine/protocol/conversations.ts";
import { isArriving } from "../../model/connection.ts";
import { countText } from "../../model/format.ts";
import { PART, partsOf, type ShownChat } from "../../model/chats.ts";
import type { ListView } from "../../model/chat-list.ts";
import { plural, text } from "../../i18n/text.ts";
import { memo } from "../hooks/memo.ts";
import { useApp } from "../hooks/use-app.ts";
import { useGrowing } from "../hooks/use-growing.ts";
import { MINUTE_MS, useNow } from "../hooks/use-now.ts";
import { useValue } from "../hooks/use-value.ts";
import { rowMenu } from "../page/row-menu.ts";
import { Icon } from "../parts/icon.tsx";
import { RowShapes } from "../parts/shapes.tsx";
import { ChatRow } from "./chat-row.tsx";
import { moveFocus } from "./move-focus.ts";
import { openMenuBelow, opensMenu, pressLong, rowAt } from "./row-press.ts";

type PartProperties = {
  readonly chats: readonly ChatSummary[];
  readonly now: Time;
  readonly clock: Time;
  readonly selected: BareJid | undefined;
  readonly stop: BareJid | undefined;
};

/** Rows that are laid out, and drawn again, together. */
const Part = memo(({ chats, now, clock, selected, stop }: PartProperties) => (
  <div class="rows-part" role="presentation" style={{ "--rows": String(chats.length) }}>
    {chats.map((chat) => (
      <ChatRow key={chat.jid} {...{ chat, now, clock }} selected={chat.jid === selected} stop={chat.jid === stop} />
    ))}
  </div>
));

type ListProperties = Omit<PartProperties, "chats"> & { readonly chats: readonly ShownChat[]; readonly label: string };

/** As many rows as were come to, in parts. */
function List({ chats, label, selected, stop, ...times }: ListProperties) {
  const { shown, end } = useGrowing(chats.length, PART);
  const parts = useRef<readonly (readonly ChatSummary[])[]>([]);
  parts.current = partsOf(chats.slice(0, shown), parts.current);
  return (
    <div class="rows-list" role="listbox" aria-label={label}>
      {parts.current.map((part, at) => {
        const within = (jid: BareJid | undefined) => (part.some((chat) => chat.jid === jid) ? jid : undefined);
        return <Part key={at} chats={part} {...times} selected={within(selected)} stop={within(stop)} />;
      })}
      {/* Another element each time: where it is still in sight, it is seen anew. */}
      {shown < chats.length ? <div key={`end-${shown}`} ref={end} class="rows-end" role="presentation" /> : undefined}
    </div>
  );
}

/** Why there is nothing, and what can be done about it. */
function Empty({ filter, view }: { readonly filter: string; readonly view: ListView | "archive" }) {
  const app = useApp();
  const arriving = isArriving(useValue(app.connection));
  if (filter !== "") return <p class="list-empty">{text("list--no-match", { filter })}</p>;
  if (view !== "all") return <p class="list-empty">{text(`list--none-${view}`)}</p>;
  if (arriving)
    return (
      <div class="list-arriving" role="status" aria-label={text("later--loading")}>
        <RowShapes />
      </div>
    );
  return (
    <div class="list-empty">
      <h2>{text("list--empty-title")}</h2>
      <p>{text("list--empty-text")}</p>
      {(["new-chat", "invite-somebody"] as const).map((kind) => (
        <button
          key={kind}
          type="button"
          class={kind === "new-chat" ? "button" : "button button-quiet invite-narrow"}
          onClick={() => {
            app.dialog.value = { kind };
          }}
        >
          {text(`list--${kind}`)}
        </button>
      ))}
    </div>
  );
}

/** What is out of the list, behind one row at its end. */
function ArchiveRow({ count, open }: { readonly count: number; readonly open: boolean }) {
  const app = useApp();
  return (
    <button
      type="button"
      class="archive-row"
      aria-expanded={open}
      title={plural("list--archived", count)}
      onClick={() => {
        app.list.archiveOpen.value = !open;
      }}
    >
      <Icon name="archive" />
      <span>{text("list--archive")}</span>
      <span>{countText(count)}</span>
    </button>
  );
}

/** The conversations; each has a menu. */
export function Rows() {
  const app = useApp();
  const { listed, archived } = useValue(app.list.listing);
  const filter = useValue(app.filter).trim();
  const view = useValue(app.list.view);
  const archiveOpen = useValue(app.list.archiveOpen);
  const open = useValue(app.openChat);
  const clock = useValue(app.list.clock);
  const now = useNow(MINUTE_MS);
  const [focused, setFocused] = useState<BareJid | undefined>(undefined);
  const openMenu = (opener: HTMLElement, x: number, y: number) => {
    const chat = app.chats.peek().get(opener.dataset["jid"] as BareJid);
    if (chat !== undefined && chat.relation !== "request") rowMenu.value = { jid: chat.jid, at: { x, y }, opener };
  };
  // One stop for the Tab key: where the focus was, else the open conversation, else the first.
  const seen = archiveOpen ? [...listed, ...archived] : listed;
  const stop = [focused, open].find((jid) => seen.some((chat) => chat.jid === jid)) ?? listed[0]?.jid;
  const marks = { now, clock, selected: open, stop };
  if (listed.length === 0 && archived.length === 0) return <Empty filter={filter} view={view} />;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the rows are what is pressed, it only hears of it for all of them
    <div
      class="rows"
      role="presentation"
      data-scrolls
      onKeyDown={(event) => {
        const row = opensMenu(event) ? rowAt(event.target) : undefined;
        if (row === undefined) return moveFocus(event);
        event.preventDefault();
        openMenuBelow(row, openMenu);
      }}
      onContextMenu={(event) => {
        const row = rowAt(event.target);
        if (row === undefined) return;
        event.preventDefault();
        openMenu(row, event.clientX, event.clientY);
      }}
      onPointerDown={(event) => pressLong(event, openMenu)}
      onFocusIn={(event) => setFocused((event.target as HTMLElement).dataset["jid"] as BareJid | undefined)}
    >
      {listed.length === 0 ? (
        <Empty filter={filter} view={view === "all" ? "archive" : view} />
      ) : (
        <List chats={listed} label={text("list--label")} {...marks} />
      )}
      {archived.length === 0 ? undefined : <ArchiveRow count={archived.length} open={archiveOpen} />}
      {archiveOpen && archived.length > 0 ? (
        <List chats={archived} label={text("list--archive")} {...marks} />
      ) : undefined}
    </div>
  );
}
