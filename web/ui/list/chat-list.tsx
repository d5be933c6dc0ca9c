import { text } from "../../i18n/text.ts";
import { Icon } from "../parts/icon.tsx";
import { ConnectionLine } from "../parts/connection-line.tsx";
import { Notices } from "../parts/notices.tsx";
import { FILTER_ID } from "../page/keyboard.ts";
import { useApp } from "../hooks/use-app.ts";
import { useValue } from "../hooks/use-value.ts";
import { AccountBar } from "./account-bar.tsx";
import { Rows } from "./rows.tsx";
import { Views } from "./views.tsx";

function Filter() {
  const app = useApp();
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
        value={useValue(app.list.filter)}
        onInput={(event) => {
          app.list.filter.value = event.currentTarget.value;
        }}
        onKeyDown={(event) => {
          const first = document.querySelector<HTMLElement>("[role=option]");
          if (event.key === "ArrowDown") first?.focus();
          else if (event.key === "Enter" && app.list.filter.peek() !== "") first?.click();
          else return;
          event.preventDefault();
        }}
      />
      <kbd>{text("list--filter-key")}</kbd>
    </div>
  );
}

/** The conversations, the way to new ones, and the account. */
export function ChatList() {
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
      <Filter />
      <Views />
      <div class="list-notices">
        <Notices />
      </div>
      <Rows />
      <div class="list-connection">
        <ConnectionLine />
      </div>
      <AccountBar />
    </nav>
  );
}
