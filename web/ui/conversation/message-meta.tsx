import { text } from "../../i18n/text.ts";
import type { MessageItem } from "../../engine/protocol/conversations.ts";
import { clock, fullTime } from "../../model/format.ts";
import { useApp } from "../hooks/use-app.ts";
import { Icon } from "../parts/icon.tsx";
import { Ticks } from "../parts/ticks.tsx";

/** Something about the message that whoever reads it should know. */
function Mark({ words }: { readonly words: string }) {
  return (
    <span class="meta-doubt" role="img" aria-label={words} title={words}>
      <Icon name="alert" />
    </span>
  );
}

/**
 * Room for the time beside the last word, which it takes along to the next line where there is none: so the time has no line
 * for itself. Nobody sees it or hears it.
 */
export function MetaRoom({ item }: { readonly item: MessageItem }) {
  const marks = [item.doubt, item.retold, item.encrypted ? undefined : true, item.state];
  return (
    <span
      class="meta-room"
      aria-hidden="true"
      style={{ "--marks": String(marks.filter((mark) => mark !== undefined).length) }}
      data-time={`${item.edited === true ? `${text("message--edited")} ` : ""}${clock(item.at)}`}
    />
  );
}

type MetaProperties = {
  readonly item: MessageItem;
  readonly stop: boolean;
  /** In a bubble of the usual colour. */
  readonly plain: boolean;
};

/** When it was said, and what else is to be known of it; a way to all of it. */
export function Meta({ item, stop, plain }: MetaProperties) {
  const app = useApp();
  const time = fullTime(item.at);
  return (
    <span class="meta">
      {item.edited === true ? <span class="meta-edited">{text("message--edited")}</span> : undefined}
      {item.doubt === undefined ? undefined : <Mark words={text(`message--${item.doubt}`)} />}
      {item.retold === undefined ? undefined : <Mark words={text("message--retold")} />}
      {item.encrypted ? undefined : (
        <span class="meta-clear" role="img" aria-label={text("message--clear")} title={text("message--clear")}>
          <Icon name="lock-open" />
        </span>
      )}
      <button
        type="button"
        class="meta-info"
        tabIndex={stop ? 0 : -1}
        aria-label={text("message-info--open", { time })}
        onClick={() => {
          app.dialog.value = { kind: "message-info", item };
        }}
      >
        <time dir="auto" dateTime={new Date(item.at).toISOString()} title={time}>
          {clock(item.at)}
        </time>
      </button>
      {item.state === undefined ? undefined : <Ticks state={item.state} plain={plain} />}
    </span>
  );
}
