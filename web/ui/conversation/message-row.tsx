import { useState } from "preact/hooks";
import { type TextKey, text } from "../../i18n/text.ts";
import type { BareJid } from "../../../worker/contract/names.ts";
import type { MessageItem } from "../../engine/protocol/conversations.ts";
import type { Conversation } from "../../model/conversation/conversation.ts";
import { colourOf } from "../../model/avatar-colour.ts";
import { isFewEmoji } from "../../model/conversation/reactions.ts";
import type { Row } from "../../model/conversation/row.ts";
import { actionIn, insteadOf } from "../../model/message-words.ts";
import { speakersOf } from "../../words/mentions.ts";
import { nameOfAddress, shownName } from "../../words/names.ts";
import { Alike } from "../parts/alike.tsx";
import { FetchedPart } from "../parts/fetched.tsx";
import { Icon } from "../parts/icon.tsx";
import { useApp } from "../hooks/use-app.ts";
import { Face } from "./face.tsx";
import { FileBubble } from "./file-bubble.tsx";
import { LinkBeside } from "./link-beside.tsx";
import { menus } from "./later-menus.ts";
import { Meta, MetaRoom } from "./message-meta.tsx";
import { point, unpoint } from "./message-pointed.ts";
import { Covered, Words } from "./message-words.tsx";
import { Quote } from "./quote.tsx";
import { Reactions } from "./reactions.tsx";

function classOf({ row, subject, sought, chosen }: Properties): string {
  const { item } = row;
  const names = ["message", item.outgoing ? "mine" : "theirs"];
  if (row.first) names.push("first");
  if (row.last) names.push("last");
  if (row.tile !== undefined) names.push("tile", `tile-${row.tile}`);
  if (item.author !== undefined && !item.outgoing) names.push("faced");
  if (item.body.kind === "text" && isFewEmoji(item.body.text)) names.push("large");
  if (subject) names.push("subject");
  if (sought) names.push("sought");
  if (chosen === true) names.push("chosen");
  return names.join(" ");
}

/** In a room: whose words these are, once above all that one person says in a row. */
function Author({ row, alike, stop }: Pick<Properties, "row" | "alike" | "stop">) {
  const app = useApp();
  const { author, outgoing, chat } = row.item;
  if (author === undefined || outgoing || !row.first) return null;
  const { jid, nick } = author;
  const name = <bdi>{shownName(nick, jid ?? "?")}</bdi>;
  return (
    <span class="author" style={{ "--hue": String(colourOf(jid ?? `${chat}/${nick}`).hue) }} title={jid}>
      {jid === undefined ? (
        name
      ) : (
        <button
          type="button"
          class="author-name"
          tabIndex={stop ? 0 : -1}
          onClick={() => app.go({ screen: "person", of: jid, from: chat })}
        >
          {name}
        </button>
      )}
      {alike ? <Alike address={jid} why={text("nick--alike")} /> : undefined}
    </span>
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
  /** Whether it is one of several that are chosen; undefined: nobody chooses. */
  readonly chosen: boolean | undefined;
  readonly canAnswer: boolean;
  readonly onMenu: (button: HTMLElement) => void;
};

/**
 * Beside a message. The buttons stand there, for whoever listens; what is drawn on them only comes when it is seen, while the
 * message is pointed at or has the focus: half of all that there is of a hundred rows was that.
 */
function Actions({
  row: { item },
  conversation,
  stop,
  near,
  canAnswer,
  onMenu,
}: Properties & { readonly near: boolean }) {
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
        {near ? <Icon name="more" /> : undefined}
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
          {near ? <Icon name="reply" /> : undefined}
        </button>
      ) : undefined}
    </div>
  );
}

/** Between us and one other in the room alone: nobody else has seen it. */
function Whispered({ outgoing, nick }: { readonly outgoing: boolean; readonly nick: string }) {
  return (
    <p class="whisper">
      <Icon name="lock-open" />
      {outgoing ? text("whisper--to", { name: shownName(nick, "?") }) : text("whisper--from")}
    </p>
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
  /** Somebody has come to it. */
  const [near, setNear] = useState(false);
  const action = body.kind === "text" ? actionIn(body.text) : undefined;
  const instead: TextKey | undefined =
    body.kind === "text" ? insteadOf(body.text) : `reason--${item.asking ? "asking" : body.reason}`;
  const isFile = instead === "instead--file" || item.shared !== undefined || item.seen !== undefined;
  const names = item.author && {
    chat: item.chat,
    self: item.outgoing ? undefined : properties.self,
    others: speakersOf(conversation.loaded.items.peek()),
  };
  const above = (
    <>
      <Author row={row} alike={properties.alike} stop={stop} />
      {item.whisper === undefined ? undefined : <Whispered {...item} {...item.whisper} />}
      {item.quote === undefined ? undefined : (
        <Quote quote={item.quote} name={name} conversation={conversation} stop={stop} />
      )}
    </>
  );
  const meta = (
    <>
      <MetaRoom item={item} />
      <Meta item={item} stop={stop} plain={body.kind === "text" && instead === undefined && !isFile} />
    </>
  );
  return (
    <li
      class={classOf(properties)}
      tabIndex={stop ? 0 : -1}
      data-row={row.key}
      data-key={item.key}
      data-state={item.state ?? "received"}
      data-outgoing={item.outgoing}
      data-whisper={item.whisper?.nick}
      data-encrypted={item.encrypted}
      data-doubt={item.doubt}
      data-retold={item.retold}
      data-reason={body.kind === "reason" ? body.reason : undefined}
      onPointerMove={(event) => {
        setNear(true);
        point(event);
      }}
      onPointerLeave={unpoint}
      onFocusIn={() => setNear(true)}
    >
      <div class="message-line">
        {properties.chosen === undefined ? undefined : (
          <button
            type="button"
            class="pick"
            tabIndex={-1}
            aria-pressed={properties.chosen}
            aria-label={text("message--label")}
          >
            <Icon name="check" />
          </button>
        )}
        {item.author === undefined || item.outgoing ? undefined : (
          <Face author={item.author} chat={item.chat} first={row.first} stop={stop} />
        )}
        {isFile ? (
          <div class="bubble bubble-file">
            {above}
            <FileBubble {...{ item, stop, names }}>{meta}</FileBubble>
          </div>
        ) : body.kind === "text" && instead === undefined ? (
          <div class="bubble">
            {above}
            {body.details?.includes('"links"') === true ? (
              <LinkBeside words={body.text} details={body.details} stop={stop} />
            ) : undefined}
            <div class="bubble-words" dir="auto">
              <Words
                key={body.text}
                words={action ?? body.text}
                plain={item.unstyled === true}
                stop={stop}
                names={names}
                actor={action === undefined ? undefined : actorOf(item, name, app.account.peek())}
                meta={meta}
              />
            </div>
          </div>
        ) : (
          <div class="bubble bubble-reason">
            <Author row={row} alike={properties.alike} stop={stop} />
            <p>
              <span class="said">
                {instead === undefined ? undefined : text(instead)}
                {item.covered === undefined ? undefined : <Covered words={item.covered} stop={stop} />}
              </span>
              {meta}
            </p>
          </div>
        )}
        <Actions {...properties} near={near} />
      </div>
      <Reactions item={item} name={name} stop={stop} />
      {item.state === "failed" || item.notWithdrawn !== undefined ? (
        <FetchedPart
          later={menus}
          instead={<div class="failed">{item.state === "failed" ? text("message--not-sent") : "\u00a0"}</div>}
        >
          {({ NotDone }) => <NotDone item={item} conversation={conversation} />}
        </FetchedPart>
      ) : undefined}
    </li>
  );
}
