import { signal } from "@preact/signals-core";
import { useEffect, useId, useMemo, useState } from "preact/hooks";
import type { Failure } from "../../../worker/contract/failures.ts";
import { drop } from "../../../worker/shared/drop.ts";
import { plural, text } from "../../i18n/aside.ts";
import type { SearchHit } from "../../engine/protocol/search.ts";
import type { ShownChat } from "../../model/chats.ts";
import { type MessageSearch, searchOf } from "../../model/search/message-search.ts";
import { parseTyped, queryOf } from "../../model/search/query.ts";
import { newAddress, targetsFor } from "../../model/search/targets.ts";
import { Dialog } from "../parts/dialog.tsx";
import { FailureNote } from "../parts/failure-note.tsx";
import { Icon } from "../parts/icon.tsx";
import { useApp } from "../hooks/use-app.ts";
import { useValue } from "../hooks/use-value.ts";
import { HitBody } from "./hit-row.tsx";
import { SuggestedBody } from "./suggested.tsx";
import { accountNow } from "../../model/clock.ts";
import { start } from "../../model/asking.ts";

/** Messages below the conversations; the search has all. */
const MESSAGES = 5;
/** A letter or two are in every message. */
const LETTERS_MIN = 3;
const KEYS_MS = 40;

type Option =
  | { readonly kind: "chat"; readonly id: string; readonly chat: ShownChat }
  | { readonly kind: "start"; readonly id: string; readonly address: string }
  | { readonly kind: "message"; readonly id: string; readonly hit: SearchHit; readonly chat: ShownChat };

/** The messages that hold what is typed. */
function useMessages(typed: string): readonly SearchHit[] {
  const app = useApp();
  const search = useMemo(() => searchOf(app, "switcher"), [app]);
  useEffect(() => () => search?.ask(undefined, 0), [search]);
  useEffect(() => {
    const timer = setTimeout(() => {
      const people = { chats: app.chats.peek(), account: app.account.peek() };
      search?.ask(typed.trim().length < LETTERS_MIN ? undefined : queryOf(parseTyped(typed), people), MESSAGES);
    }, KEYS_MS);
    return () => clearTimeout(timer);
  }, [search, typed]);
  const [none] = useState(() => signal({ state: "idle" } as const));
  const found = useValue<MessageSearch["found"]["value"]>(search?.found ?? none);
  return found.state === "found" ? found.answer.hits : [];
}

/** Ctrl/Cmd+K: leads to people, rooms and messages by a few letters (the combobox pattern of WAI-ARIA). */
export function Switcher({ onClose }: { readonly onClose: () => void }) {
  const app = useApp();
  const list = useId();
  const [typed, setTyped] = useState("");
  const [moved, setMoved] = useState<string | undefined>(undefined);
  const [failure, setFailure] = useState<Failure | undefined>(undefined);
  const chats = useValue(app.chats);
  const hits = useMessages(typed);
  const address = newAddress(chats, typed);
  const options: readonly Option[] = [
    ...targetsFor(chats.values(), typed, app.openChat.peek()).map(
      (chat) => ({ kind: "chat", id: chat.jid, chat }) as const,
    ),
    ...(address === undefined ? [] : [{ kind: "start", id: "start", address } as const]),
    ...hits.flatMap((hit) => {
      const chat = chats.get(hit.chat);
      return chat === undefined ? [] : [{ kind: "message", id: hit.key, hit, chat } as const];
    }),
  ];
  const active = Math.max(
    0,
    options.findIndex(({ id }) => id === moved),
  );
  const pick = async (option: Option) => {
    if (option.kind === "start") {
      setFailure(await start(app, option.address));
      return;
    }
    if (option.kind === "chat") app.go({ screen: "chats", chat: option.chat.jid });
    else app.seek(option.hit);
    onClose();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key] ?? 0;
    const option = options[active];
    if (step !== 0) setMoved(options[(active + step + options.length) % options.length]?.id);
    else if (event.key === "Enter" && !event.isComposing && option !== undefined) drop(pick(option));
    else return;
    event.preventDefault();
  };
  useEffect(() => {
    document.getElementById(`${list}-${active}`)?.scrollIntoView({ block: "nearest" });
  }, [active, list]);
  return (
    <Dialog title={text("switcher--title")} onClose={onClose}>
      <div class="filter switcher-field">
        <Icon name="search" />
        <input
          type="text"
          role="combobox"
          aria-label={text("switcher--label")}
          aria-autocomplete="list"
          aria-expanded={options.length > 0}
          aria-controls={list}
          aria-activedescendant={options.length > 0 ? `${list}-${active}` : undefined}
          placeholder={text("switcher--hint")}
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          dir={typed === "" ? undefined : "auto"}
          autofocus
          value={typed}
          onInput={(event) => {
            setTyped(event.currentTarget.value);
            setMoved(undefined);
            setFailure(undefined);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <FailureNote failure={failure} address={typed} />
      <div
        id={list}
        class="suggestions switcher-list"
        role="listbox"
        aria-label={text("switcher--label")}
        hidden={options.length === 0}
      >
        {options.map((option, at) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the field, which keeps the focus
          <div
            key={option.id}
            id={`${list}-${at}`}
            class={option.kind === "message" ? "suggestion hit" : "suggestion"}
            role="option"
            tabIndex={-1}
            aria-selected={at === active}
            data-kind={option.kind}
            onClick={() => drop(pick(option))}
          >
            <OptionBody option={option} />
          </div>
        ))}
      </div>
      {options.length === 0 ? <p class="search-nothing">{text("switcher--none")}</p> : undefined}
      <span class="unseen" role="status">
        {typed === "" ? "" : plural("switcher--count", options.length)}
      </span>
    </Dialog>
  );
}

function OptionBody({ option }: { readonly option: Option }) {
  switch (option.kind) {
    case "chat":
      return <SuggestedBody chat={option.chat} />;
    case "message":
      return <HitBody hit={option.hit} chat={option.chat} now={accountNow()} />;
    default:
      return (
        <>
          <Icon name="pencil" />
          <span class="person-words">
            <span>{text("switcher--start")}</span>
            <bdi dir="ltr">{option.address}</bdi>
          </span>
        </>
      );
  }
}
