import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { type TextKey, text } from "../../i18n/text.ts";
import type { BareJid } from "../../../worker/contract/names.ts";
import type { MessageItem } from "../../engine/protocol/conversations.ts";
import type { Conversation } from "../../model/conversation/conversation.ts";
import { drop } from "../../../worker/shared/drop.ts";
import { colourOf } from "../../model/avatar-colour.ts";
import { foldedText } from "../../model/fold.ts";
import { clock, fullTime } from "../../model/format.ts";
import type { ShownItem } from "../../model/conversation/corrections.ts";
import type { Row } from "../../model/conversation/timeline.ts";
import { actionIn, insteadOf } from "../../model/message-words.ts";
import { nameOfAddress, shownName } from "../../words/names.ts";
import { Alike } from "../parts/alike.tsx";
import { Icon } from "../parts/icon.tsx";
import { Why } from "../parts/why.tsx";
import { Ticks } from "../parts/ticks.tsx";
import { useApp } from "../hooks/use-app.ts";
import { Face } from "./face.tsx";
import { Quote } from "./quote.tsx";
import { Reactions } from "./reactions.tsx";
import { StyledText } from "./styled-text.tsx";

/** Something about the message that whoever reads it should know. */
function Mark({ words }: { readonly words: string }) {
  return (
    <span class="meta-doubt" role="img" aria-label={words} title={words}>
      <Icon name="alert" />
    </span>
  );
}

/** Up to this many emoji and nothing else are shown large. */
const FEW_EMOJI =
  /^(?:\p{Extended_Pictographic}(?:\ufe0f|\u200d\p{Extended_Pictographic}|\p{Emoji_Modifier})*\s?){1,3}$/u;

/**
 * Room for the time beside the last word, which it takes along to the next line where there is none: so the time has no line
 * for itself. Nobody sees it or hears it.
 */
function MetaRoom({ item }: { readonly item: MessageItem }) {
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

type WordsProperties = {
  readonly words: string;
  readonly plain: boolean;
  readonly stop: boolean;
  /** Our own name in the room. */
  readonly self: string | undefined;
  /** Who does what the words say (XEP-0245); undefined: they are said. */
  readonly actor: string | undefined;
  readonly meta: ComponentChildren;
};

/** As much of the words as is shown, and a way to the rest of a wall of text. */
function Words({ words, actor, meta, ...how }: WordsProperties) {
  const [whole, setWhole] = useState(false);
  const place = useRef<{ readonly row: HTMLElement; readonly top: number } | undefined>(undefined);
  const folded = whole ? undefined : foldedText(words);
  useLayoutEffect(() => {
    const { row, top } = place.current ?? {};
    // What was read stays where it is, also for a reader at the newest row, from which the scroller measures.
    if (row !== undefined) row.closest(".scroller")?.scrollBy(0, row.getBoundingClientRect().top - (top ?? 0));
    row?.focus({ preventScroll: true });
  }, [whole]);
  return (
    <>
      <span class={`words${folded === undefined ? "" : " folded"}${actor === undefined ? "" : " action"}`}>
        {actor === undefined ? undefined : (
          <>
            <bdi class="actor">{actor}</bdi>{" "}
          </>
        )}
        <StyledText words={folded ?? words} {...how} />
        {folded === undefined ? undefined : "…"}
      </span>
      {folded === undefined ? undefined : (
        <button
          type="button"
          class="link read-more"
          onClick={(event) => {
            const row = event.currentTarget.closest<HTMLElement>(".message");
            place.current = row === null ? undefined : { row, top: row.getBoundingClientRect().top };
            setWhole(true);
          }}
        >
          {text("message--read-more")}
        </button>
      )}
      {meta}
    </>
  );
}

function Meta({ item, stop }: { readonly item: MessageItem; readonly stop: boolean }) {
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
        <time dir="ltr" dateTime={new Date(item.at).toISOString()} title={time}>
          {clock(item.at)}
        </time>
      </button>
      {item.state === undefined ? undefined : <Ticks state={item.state} />}
    </span>
  );
}

/** A message that has not left, or a correction of one that has. */
function Failed({ item, conversation }: { readonly item: ShownItem; readonly conversation: Conversation }) {
  const { correction, failure } = item;
  const key = correction ?? item.key;
  const what = text(correction === undefined ? "message--not-sent" : "message--change-not-sent");
  return (
    <div class="failed">
      <span>
        {what}
        {failure === undefined ? undefined : " "}
        {failure === undefined ? undefined : <Why failure={failure} address={item.chat} />}
      </span>
      <button type="button" class="link" onClick={() => drop(conversation.sending.retry(key))}>
        {text("message--retry")}
      </button>
      <button type="button" class="link link-bad" onClick={() => drop(conversation.sending.discard(key))}>
        {text(correction === undefined ? "message--delete" : "message--undo-change")}
      </button>
    </div>
  );
}

function classOf({ row, subject, sought }: Properties): string {
  const { item } = row;
  const names = ["message", item.outgoing ? "mine" : "theirs"];
  if (row.first) names.push("first");
  if (row.last) names.push("last");
  if (item.author !== undefined && !item.outgoing) names.push("faced");
  if (item.body.kind === "text" && FEW_EMOJI.test(item.body.text)) names.push("large");
  if (subject) names.push("subject");
  if (sought) names.push("sought");
  return names.join(" ");
}

/** In a room: whose words these are, once above all that one person says in a row. */
function Author({ row, alike }: Pick<Properties, "row" | "alike">) {
  const { author, outgoing, chat } = row.item;
  if (author === undefined || outgoing || !row.first) return null;
  return (
    <span
      class="author"
      style={{ "--hue": String(colourOf(author.jid ?? `${chat}/${author.nick}`).hue) }}
      title={author.jid}
    >
      <bdi>{shownName(author.nick, author.jid ?? "?")}</bdi>
      {alike ? <Alike address={author.jid} why={text("nick--alike")} /> : undefined}
    </span>
  );
}

/** What a message said that somebody asks us to forget: nothing proves that it was its author. */
function Covered({ words, stop }: { readonly words: string; readonly stop: boolean }) {
  const [shown, setShown] = useState(false);
  if (shown)
    return (
      <span class="words covered-words" dir="auto">
        <StyledText words={words} />
      </span>
    );
  return (
    <>
      {" "}
      <button type="button" class="link covered" tabIndex={stop ? 0 : -1} onClick={() => setShown(true)}>
        {text("message--show-covered")}
      </button>
    </>
  );
}

type Properties = {
  readonly row: Extract<Row, { readonly kind: "message" }>;
  readonly conversation: Conversation;
  /** The contact; undefined in a room, where each message says whose it is. */
  readonly name: string | undefined;
  /** Our own name in the room. */
  readonly self: string | undefined;
  /** In a room: its author's name there does not say who they are. */
  readonly alike: boolean;
  /** The one message that Tab comes to. */
  readonly stop: boolean;
  /** Its menu is open, or the composer answers it or edits it. */
  readonly subject: boolean;
  /** Somebody has looked for it. */
  readonly sought: boolean;
  readonly canAnswer: boolean;
  readonly onMenu: (button: HTMLElement) => void;
};

/** Beside a message, while it is pointed at or has the focus. */
function Actions({ row: { item }, conversation, stop, canAnswer, onMenu }: Properties) {
  const tabIndex = stop ? 0 : -1;
  return (
    <div class="message-actions">
      <button
        type="button"
        class="icon-button"
        tabIndex={tabIndex}
        aria-haspopup="menu"
        aria-label={text("message--actions")}
        title={text("message--actions")}
        onClick={(event) => onMenu(event.currentTarget)}
      >
        <Icon name="more" />
      </button>
      {canAnswer ? (
        <button
          type="button"
          class="icon-button action-answer"
          tabIndex={tabIndex}
          aria-label={text("message--answer")}
          title={text("message--answer")}
          onClick={() => conversation.writing.answer(item)}
        >
          <Icon name="reply" />
        </button>
      ) : undefined}
    </div>
  );
}

/** Who does what an own or another's message says: by the name in the room, else by what they are called. */
function actorOf({ outgoing, author }: MessageItem, name: string | undefined, account: BareJid | undefined): string {
  if (author !== undefined) return shownName(author.nick, author.jid ?? "?");
  return (outgoing ? account && nameOfAddress(account) : name) ?? "?";
}

/** One message: words in a bubble, or a quiet line with the reason why there are none. */
export function MessageRow(properties: Properties) {
  const { row, conversation, name, stop } = properties;
  const { item } = row;
  const { body } = item;
  const app = useApp();
  const action = body.kind === "text" ? actionIn(body.text) : undefined;
  const instead: TextKey | undefined = body.kind === "text" ? insteadOf(body.text) : `reason--${body.reason}`;
  return (
    <li
      class={classOf(properties)}
      tabIndex={stop ? 0 : -1}
      data-row={row.key}
      data-key={item.key}
      data-state={item.state ?? "received"}
      data-outgoing={item.outgoing}
      data-encrypted={item.encrypted}
      data-doubt={item.doubt}
      data-retold={item.retold}
      data-reason={body.kind === "reason" ? body.reason : undefined}
    >
      <div class="message-line">
        {item.author === undefined || item.outgoing ? undefined : (
          <Face author={item.author} chat={item.chat} first={row.first} stop={stop} />
        )}
        {body.kind === "text" && instead === undefined ? (
          <div class="bubble">
            <Author row={row} alike={properties.alike} />
            {item.quote === undefined ? undefined : (
              <Quote quote={item.quote} name={name} conversation={conversation} stop={stop} />
            )}
            <div class="bubble-words" dir="auto">
              <Words
                key={body.text}
                words={action ?? body.text}
                plain={item.unstyled === true}
                stop={stop}
                self={item.outgoing ? undefined : properties.self}
                actor={action === undefined ? undefined : actorOf(item, name, app.account.peek())}
                meta={
                  <>
                    <MetaRoom item={item} />
                    <Meta item={item} stop={stop} />
                  </>
                }
              />
            </div>
          </div>
        ) : (
          <div class="bubble bubble-reason">
            <Author row={row} alike={properties.alike} />
            <p>
              <span class="said">
                {instead === undefined ? undefined : text(instead)}
                {item.covered === undefined ? undefined : <Covered words={item.covered} stop={stop} />}
              </span>
              <MetaRoom item={item} />
              <Meta item={item} stop={stop} />
            </p>
          </div>
        )}
        <Actions {...properties} />
      </div>
      <Reactions item={item} name={name} stop={stop} />
      {item.notWithdrawn === undefined ? undefined : (
        <div class="failed">
          <span>
            {text("message--not-withdrawn")} <Why failure={item.notWithdrawn} address={item.chat} />
          </span>
          <button type="button" class="link" onClick={() => drop(app.engine.retract({ key: item.key }))}>
            {text("message--retry")}
          </button>
        </div>
      )}
      {item.state === "failed" ? <Failed item={item} conversation={conversation} /> : undefined}
    </li>
  );
}
