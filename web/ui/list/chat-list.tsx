import type { ComponentChildren } from "preact";
import { text } from "../../i18n/text.ts";
import { Icon } from "../parts/icon.tsx";
import { ConnectionLine } from "../parts/connection-line.tsx";
import { NoticesBanner } from "../parts/banner.tsx";
import { FILTER_ID } from "../page/keyboard.ts";
import { useApp } from "../hooks/use-app.ts";
import { useValue } from "../hooks/use-value.ts";
import { AccountBar } from "./account-bar.tsx";
import { Rows } from "./rows.tsx";
import { Views } from "./views.tsx";

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

type SearchParts = {
  /** What stands in the place of the list while something is looked for. */
  readonly search: ComponentChildren;
  /** Somebody turns to it. */
  readonly onSearch: () => void;
};

/** The conversations, the way to new ones, and the account. */
export function ChatList({ search, onSearch }: SearchParts) {
  const app = useApp();
  const searching = useValue(app.searching);
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
      {searching ? undefined : <Views />}
      <div class="list-notices">
        <NoticesBanner />
      </div>
      {searching ? search : <Rows />}
      <div class="list-connection">
        <ConnectionLine />
      </div>
      <AccountBar />
    </nav>
  );
}
