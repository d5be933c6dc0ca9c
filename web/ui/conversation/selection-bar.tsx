import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { drop } from "../../../worker/shared/drop.ts";
import { missingCase } from "../../../worker/shared/missing-case.ts";
import type { ChatSummary } from "../../engine/protocol/conversations.ts";
import { plural, text } from "../../i18n/menus.ts";
import { calledName } from "../../model/chats.ts";
import type { Conversation } from "../../model/conversation/conversation.ts";
import type { ShownItem } from "../../model/conversation/corrections.ts";
import { writableIn } from "../../model/conversation/message-actions.ts";
import { CHOSEN_MAX, selectionOf } from "../../model/conversation/selection.ts";
import { chosenNow, type JointAction, jointActions, wordsTogether } from "../../model/conversation/together.ts";
import { dateAndTime } from "../../model/format.ts";
import { nameOfAddress, shownName } from "../../words/names.ts";
import { useApp } from "../hooks/use-app.ts";
import { useValue } from "../hooks/use-value.ts";
import { copyText } from "../page/clipboard.ts";
import { isCovered } from "../page/keyboard.ts";
import { Icon, type IconName } from "../parts/icon.tsx";
import { messageAt } from "./message-keys.ts";

const BUTTONS = {
  copy: { icon: "copy", label: "selection--copy" },
  forward: { icon: "forward", label: "selection--forward" },
  // One button for both: its dialog asks.
  forget: { icon: "bin", label: "selection--delete" },
} as const satisfies Record<Exclude<JointAction, "delete">, { readonly icon: IconName; readonly label: string }>;
type ButtonName = keyof typeof BUTTONS;
const ORDER: readonly ButtonName[] = ["copy", "forward", "forget"];

type Properties = { readonly conversation: Conversation; readonly chat: ChatSummary };

/**
 * In the place of the composer while several messages are chosen: how many, and what can be done with all of them. A press on a
 * message chooses it or not, with Shift all up to there; so do Space and Enter. Escape ends it.
 */
export function SelectionBar({ conversation, chat }: Properties) {
  const app = useApp();
  const selection = selectionOf(conversation);
  const end = () => {
    conversation.chosen.value = undefined;
  };
  const chosen = useValue(conversation.chosen) ?? new Map<string, ShownItem>();
  // Drawn again when one of them has changed: it was taken back, its text has arrived.
  useValue(conversation.rows);
  const bar = useRef<HTMLDivElement>(null);
  const items = chosenNow(chosen, conversation.shown());
  const writable = writableIn(chat, useValue(app.connection).encryption === "behind");
  const actions = jointActions(items, writable);

  const nameOf = ({ author, outgoing }: ShownItem) => {
    if (author !== undefined) return shownName(author.nick, author.jid ?? "?");
    const account = app.account.peek();
    return outgoing && account !== undefined ? (app.profile.peek().nick ?? nameOfAddress(account)) : calledName(chat);
  };
  const act = (action: ButtonName) => {
    switch (action) {
      case "copy":
        drop(copyText(app, wordsTogether(items, { nameOf, timeOf: dateAndTime })));
        end();
        return;
      case "forward":
        app.dialog.value = { kind: "forward", items };
        return;
      case "forget":
        app.dialog.value = { kind: "delete-messages", items, all: actions.includes("delete") };
        return;
      default:
        missingCase(action);
    }
  };
  const offered = ORDER.filter((action) => actions.includes(action));
  const now = useRef({ act, offered });
  now.current = { act, offered };

  // In the turn that draws the bar: a key pressed right after that is for it.
  useLayoutEffect(() => {
    const list = bar.current?.closest(".pane")?.querySelector<HTMLElement>(".messages");
    const stop = new AbortController();
    const { signal } = stop;
    const choose = (event: Event, whole: boolean) => {
      const key = messageAt(event.target)?.dataset["key"];
      const item = conversation.shown().find((one) => one.key === key);
      if (item === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      if (whole) selection.extend(conversation.shown(), item.key);
      else selection.toggle(item);
    };
    list?.addEventListener("click", (event) => choose(event, event.shiftKey), { signal, capture: true });
    list?.addEventListener(
      "keydown",
      (event) => (event.key === " " || event.key === "Enter") && choose(event, event.shiftKey),
      { signal, capture: true },
    );
    const onKey = (event: KeyboardEvent) => {
      if (event.isComposing || isCovered(app)) return;
      if (event.key === "Escape") end();
      else if (
        event.key.toLowerCase() === "c" &&
        (event.ctrlKey || event.metaKey) &&
        now.current.offered.includes("copy")
      )
        now.current.act("copy");
      else return;
      event.preventDefault();
      event.stopPropagation();
    };
    document.addEventListener("keydown", onKey, { signal, capture: true });
    return () => stop.abort();
  }, [conversation]);
  // Whoever leaves the conversation has stopped choosing.
  useEffect(() => end, [conversation]);

  return (
    <div ref={bar} class="selection" role="toolbar" aria-label={text("selection--label")}>
      <div class="column">
        <button
          type="button"
          class="icon-button"
          aria-label={text("selection--end")}
          title={text("selection--end")}
          onClick={end}
        >
          <Icon name="close" />
        </button>
        <p role="status">
          {items.length === CHOSEN_MAX
            ? plural("selection--full", items.length)
            : plural("selection--count", items.length)}
        </p>
        {offered.map((action) => (
          <button
            key={action}
            type="button"
            class="icon-button"
            aria-label={text(BUTTONS[action].label)}
            title={text(BUTTONS[action].label)}
            onClick={() => act(action)}
          >
            <Icon name={BUTTONS[action].icon} />
          </button>
        ))}
      </div>
    </div>
  );
}
