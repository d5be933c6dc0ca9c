import { type ReadonlySignal, signal } from "@preact/signals-core";
import type { ComponentChildren } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { plural, text } from "../../i18n/aside.ts";
import type { SearchHit } from "../../engine/protocol/search.ts";
import { chatsCalled } from "../../model/chat-list.ts";
import type { ShownChat } from "../../model/chats.ts";
import { date } from "../../model/format.ts";
import { Finding } from "../../model/search/finding.ts";
import type { Found } from "../../model/search/message-search.ts";
import { meant } from "../../model/search/query.ts";
import { ChatRow } from "../list/chat-row.tsx";
import { moveFocus } from "../list/move-focus.ts";
import { FILTER_ID } from "../page/keyboard.ts";
import { RowShapes } from "../parts/shapes.tsx";
import { useApp } from "../hooks/use-app.ts";
import { MINUTE_MS, useNow } from "../hooks/use-now.ts";
import { useValue } from "../hooks/use-value.ts";
import { Filters } from "./filters.tsx";
import { HitBody } from "./hit-row.tsx";
import { SuggestedBody } from "./suggested.tsx";

/** Conversations above the messages; all of them are a press away. */
const CHATS_FIRST = 4;
const SUGGESTED_MAX = 8;

const NOTHING: ReadonlySignal<Found> = signal({ state: "idle" });

const toField = () => document.getElementById(FILTER_ID)?.focus();

/** What was found: conversations by name, messages by their words. In the place of the list. */
export function SearchPanel() {
  const app = useApp();
  const finding = useMemo(() => new Finding(app), [app]);
  useEffect(() => finding.start(), [finding]);
  const found = useValue(finding.search?.found ?? NOTHING);
  const chats = useValue(app.chats);
  const open = useValue(app.openChat);
  const typed = useValue(finding.typed);
  const filter = useValue(finding.open);
  const now = useNow(MINUTE_MS);
  const clock = useValue(app.list.clock);
  const [all, setAll] = useState(false);
  const [focused, setFocused] = useState<string | undefined>(undefined);

  const suggested = filter === undefined ? [] : suggestionsFor(chats.values(), filter);
  const words = typed.filters.length > 0 ? undefined : typed.words.join(" ");
  // Of thousands, and not again with each message that is found.
  const named = useMemo(() => (words === undefined ? [] : chatsCalled(chats, words, clock)), [chats, words, clock]);
  const shown = all ? named : named.slice(0, CHATS_FIRST);
  const answer = found.state === "found" && filter === undefined ? found.answer : undefined;
  const hits = (answer?.hits ?? []).flatMap((hit) => {
    const chat = chats.get(hit.chat);
    return chat === undefined ? [] : [{ hit, chat }];
  });
  const rows = [...suggested, ...shown].map(({ jid }): string => jid).concat(hits.map(({ hit }) => hit.key));
  const stop = focused !== undefined && rows.includes(focused) ? focused : rows[0];
  return (
    <div class="search">
      <Filters finding={finding} />
      {answer?.reach === undefined ? undefined : (
        <p class="search-reach">{text("search--reach", { from: date(answer.reach) })}</p>
      )}
      <div class="rows" data-scrolls>
        <div
          role="listbox"
          hidden={rows.length === 0}
          aria-label={text("search--label")}
          onKeyDown={(event) => {
            const first = event.currentTarget.querySelector("[role=option]");
            if (event.key === "Escape") app.endSearch();
            else if (event.key !== "ArrowUp" || document.activeElement !== first) {
              moveFocus(event);
              return;
            }
            event.preventDefault();
            toField();
          }}
          onFocusIn={({ target }) => {
            if (target instanceof HTMLElement) setFocused(target.dataset["jid"] ?? target.dataset["key"]);
          }}
        >
          <Group id="search-suggested" head={text("search--suggested")} rows={suggested}>
            {(chat) => (
              <Option
                key={chat.jid}
                kind="suggestion"
                jid={chat.jid}
                stop={chat.jid === stop}
                onPick={() => {
                  if (filter !== undefined) finding.add({ kind: filter.kind, value: chat.jid });
                  toField();
                }}
              >
                <SuggestedBody chat={chat} />
              </Option>
            )}
          </Group>
          <Group id="search-chats" head={text("search--conversations")} rows={shown}>
            {(chat) => (
              <ChatRow
                key={chat.jid}
                chat={chat}
                now={now}
                clock={clock}
                selected={chat.jid === open}
                stop={chat.jid === stop}
              />
            )}
          </Group>
          <Group id="search-messages" head={plural("search--messages", answer?.total ?? 0)} rows={hits}>
            {({ hit, chat }) => (
              <Option
                key={hit.key}
                kind="row hit"
                message={hit.key}
                stop={hit.key === stop}
                onPick={() => app.seek(hit satisfies SearchHit)}
              >
                <HitBody hit={hit} chat={chat} now={now} />
              </Option>
            )}
          </Group>
        </div>
        {all || named.length <= CHATS_FIRST ? undefined : (
          <button type="button" class="link search-more" onClick={() => setAll(true)}>
            {plural("search--all-chats", named.length)}
          </button>
        )}
        {hits.length > 0 || filter !== undefined ? undefined : <Nothing found={found} />}
        {answer !== undefined && answer.total > answer.hits.length ? (
          <button type="button" class="button button-quiet search-more" onClick={() => finding.more()}>
            {text("search--more")}
          </button>
        ) : undefined}
      </div>
      <span class="unseen" role="status">
        {answer === undefined ? "" : plural("search--messages", answer.total)}
      </span>
    </div>
  );
}

/** Why there are no messages. */
function Nothing({ found }: { readonly found: Found }) {
  switch (found.state) {
    case "searching":
      return <RowShapes />;
    case "failed":
      return (
        <p class="search-nothing" role="alert">
          {text("search--failed")}
        </p>
      );
    case "found":
      return (
        <div class="search-nothing">
          <p>{text("search--none")}</p>
          <small>{text("search--none-text")}</small>
        </div>
      );
    default:
      return <p class="search-nothing">{text("search--nothing-yet")}</p>;
  }
}

type GroupProperties<Row> = {
  readonly id: string;
  readonly head: string;
  readonly rows: readonly Row[];
  readonly children: (row: Row) => ComponentChildren;
};

/** Some rows of the list under a head of their own; none, no head. */
function Group<Row>({ id, head, rows, children }: GroupProperties<Row>) {
  if (rows.length === 0) return null;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a list box holds groups of options, and no fieldset
    <div role="group" aria-labelledby={id}>
      <h2 id={id} class="search-head" role="presentation">
        {head}
      </h2>
      {rows.map((row) => children(row))}
    </div>
  );
}

type OptionProperties = {
  readonly kind: string;
  readonly jid?: string;
  readonly message?: string;
  readonly stop: boolean;
  readonly onPick: () => void;
  readonly children: ComponentChildren;
};

function Option({ kind, jid, message, stop, onPick, children }: OptionProperties) {
  return (
    <div
      class={kind}
      role="option"
      aria-selected={false}
      tabIndex={stop ? 0 : -1}
      data-jid={jid}
      data-key={message}
      onClick={onPick}
      onKeyDown={(event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        onPick();
      }}
    >
      {children}
    </div>
  );
}

/** Who or what may be meant by the filter that is being typed. */
function suggestionsFor(
  chats: Iterable<ShownChat>,
  { kind, value }: { readonly kind: string; readonly value: string },
) {
  const fitting = [...chats].filter(({ room, unlisted }) => (kind === "in" && unlisted !== true) || room === undefined);
  return meant(fitting, value)
    .toSorted((a, b) => (b.last?.at ?? 0) - (a.last?.at ?? 0))
    .slice(0, SUGGESTED_MAX);
}
