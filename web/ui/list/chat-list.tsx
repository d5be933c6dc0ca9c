import type { ComponentChildren } from "preact";
import { useRef, useState } from "preact/hooks";
import type { BareJid, Time } from "../../../worker/contract/names.ts";
import type { ChatSummary } from "../../engine/protocol/conversations.ts";
import { text } from "../../i18n/text.ts";
import { partsOf } from "../../model/chats.ts";
import { Icon } from "../parts/icon.tsx";
import { ConnectionLine } from "../parts/connection-line.tsx";
import { Notices } from "../parts/notices.tsx";
import { FILTER_ID } from "../page/keyboard.ts";
import { memo } from "../hooks/memo.ts";
import { useApp } from "../hooks/use-app.ts";
import { useGrowing } from "../hooks/use-growing.ts";
import { MINUTE_MS, useNow } from "../hooks/use-now.ts";
import { useValue } from "../hooks/use-value.ts";
import { AccountBar } from "./account-bar.tsx";
import { ChatRow } from "./chat-row.tsx";
import { moveFocus } from "./move-focus.ts";

function Filter({ onFocus }: { readonly onFocus: () => void }) {
  const app = useApp();
  const searching = useValue(app.searching);
  const filter = useValue(app.filter);
  return (
    <div class="filter">
      <Icon name="search" />
      <input
        id={FILTER_ID}
        type="search"
        aria-label={text("list--filter")}
        placeholder={text("list--filter-short")}
        autocomplete="off"
        spellcheck={false}
        dir={filter === "" ? undefined : "auto"}
        value={filter}
        onFocus={onFocus}
        onInput={(event) => {
          app.filter.value = event.currentTarget.value;
        }}
        onKeyDown={(event) => {
          const first = document.querySelector<HTMLElement>("[role=option]");
          const empty = event.currentTarget.value === "";
          if (event.key === "ArrowDown") first?.focus();
          else if (event.key === "Enter" && !event.isComposing && searching) first?.click();
          else if (event.key === "Escape" && searching) app.endSearch();
          else if (event.key === "Backspace" && empty) app.filters.value = app.filters.peek().slice(0, -1);
          else return;
          event.preventDefault();
        }}
      />
      {searching ? (
        <button
          type="button"
          class="filter-clear"
          aria-label={text("list--filter-clear")}
          title={text("list--filter-clear")}
          onClick={() => {
            app.endSearch();
            document.getElementById(FILTER_ID)?.focus();
          }}
        >
          <Icon name="close" />
        </button>
      ) : (
        <kbd>{text("list--filter-key")}</kbd>
      )}
    </div>
  );
}

type PartProperties = {
  readonly chats: readonly ChatSummary[];
  readonly now: Time;
  readonly selected: BareJid | undefined;
  readonly stop: BareJid | undefined;
};

/** Rows that are laid out, and drawn again, together. */
const Part = memo(({ chats, now, selected, stop }: PartProperties) => (
  <div class="rows-part" role="presentation" style={{ "--rows": String(chats.length) }}>
    {chats.map((chat) => (
      <ChatRow key={chat.jid} chat={chat} now={now} selected={chat.jid === selected} stop={chat.jid === stop} />
    ))}
  </div>
));

function Rows() {
  const app = useApp();
  const chats = useValue(app.listed);
  const filter = useValue(app.filter);
  const open = useValue(app.openChat);
  const now = useNow(MINUTE_MS);
  const newChat = () => {
    app.dialog.value = { kind: "new-chat" };
  };
  const [focused, setFocused] = useState<BareJid | undefined>(undefined);
  const { shown, end } = useGrowing(chats.length);
  const parts = useRef<readonly (readonly ChatSummary[])[]>([]);
  parts.current = partsOf(chats.slice(0, shown), parts.current);
  if (chats.length === 0) {
    return filter.trim() === "" ? (
      <div class="list-empty">
        <h2>{text("list--empty-title")}</h2>
        <p>{text("list--empty-text")}</p>
        <button type="button" class="button" onClick={newChat}>
          {text("list--new-chat")}
        </button>
      </div>
    ) : (
      <p class="list-empty">{text("list--no-match", { filter: filter.trim() })}</p>
    );
  }
  // One stop for the Tab key: where the focus was, else the open conversation, else the first.
  const stop = [focused, open].find((jid) => chats.some((chat) => chat.jid === jid)) ?? chats[0]?.jid;
  return (
    <div
      class="rows"
      role="listbox"
      aria-label={text("list--label")}
      data-scrolls
      onKeyDown={moveFocus}
      onFocusIn={(event) => setFocused((event.target as HTMLElement).dataset["jid"] as BareJid | undefined)}
    >
      {parts.current.map((part, at) => {
        const within = (jid: BareJid | undefined) => (part.some((chat) => chat.jid === jid) ? jid : undefined);
        return <Part key={at} chats={part} now={now} selected={within(open)} stop={within(stop)} />;
      })}
      {/* Another element each time: where it is still in sight, it is seen anew. */}
      {shown < chats.length ? <div key={`end-${shown}`} ref={end} class="rows-end" role="presentation" /> : undefined}
    </div>
  );
}

/** The conversations that fit what is typed, until the search itself is there. */
export { Rows as FilteredRows };

type SearchParts = {
  /** What stands in the place of the list while something is looked for. */
  readonly search: ComponentChildren;
  /** Somebody turns to it. */
  readonly onSearch: () => void;
};

/** The conversations, the way to new ones, and the account. */
export function ChatList({ search, onSearch }: SearchParts) {
  const app = useApp();
  return (
    <nav class="list" aria-label={text("list--label")}>
      <header class="list-top">
        <h1>{text("app--name")}</h1>
        <button
          type="button"
          class="icon-button"
          aria-label={text("list--new-chat")}
          title={text("list--new-chat")}
          onClick={() => {
            app.dialog.value = { kind: "new-chat" };
          }}
        >
          <Icon name="pencil" />
        </button>
      </header>
      <Filter onFocus={onSearch} />
      <div class="list-notices">
        <Notices />
      </div>
      {useValue(app.searching) ? search : <Rows />}
      <div class="list-connection">
        <ConnectionLine />
      </div>
      <AccountBar />
    </nav>
  );
}
