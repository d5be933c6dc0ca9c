import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
import { missingCase } from "../../../worker/shared/missing-case.ts";
import type { ChatSummary } from "../../engine/protocol/conversations.ts";
import { calledName } from "../../model/chats.ts";
import { plural, spokenDirection, text } from "../../i18n/text.ts";
import type { Conversation } from "../../model/conversation/conversation.ts";
import { dayHeader } from "../../model/format.ts";
import { canAnswer, writableIn } from "../../model/conversation/message-actions.ts";
import type { Row } from "../../model/conversation/row.ts";
import { alikeNicks } from "../../words/names.ts";
import { memo } from "../hooks/memo.ts";
import { useApp } from "../hooks/use-app.ts";
import { HOUR_MS, useNow } from "../hooks/use-now.ts";
import { useValue } from "../hooks/use-value.ts";
import { messageAt, walkMessages } from "./message-keys.ts";
import { FetchedDialog, FetchedPart } from "../parts/fetched.tsx";
import { emojiLines, menus } from "./later-menus.ts";
import type { OpenMenu } from "./message-menu.tsx";
import { MessageRow } from "./message-row.tsx";
import { followFingers } from "./message-touch.ts";
import { BeforeDeviceRow, GapRow, OlderRow } from "./missing-row.tsx";

type RowProperties = {
  readonly row: Row;
  readonly now: number;
  /** Of the conversation, as it is said in a sentence. */
  readonly name: string;
  /** In a room each message says whose it is. */
  readonly inRoom: boolean;
  /** Our own name there. */
  readonly self: string | undefined;
  readonly conversation: Conversation;
  /** It is the tab stop, a menu or the composer is about it, it was looked for. */
  readonly stop: boolean;
  readonly subject: boolean;
  readonly sought: boolean;
  /** Undefined: nobody chooses. */
  readonly chosen: boolean | undefined;
  /** Its author has a name that does not say who they are. */
  readonly alike: boolean;
  readonly canAnswer: boolean;
  readonly onMenu: (button: HTMLElement) => void;
};

/** Drawn again when it is another row, or stands otherwise: a list of many rows changes five times with each message. */
const RowView = memo((properties: RowProperties) => {
  const { row, now, name, inRoom, conversation } = properties;
  switch (row.kind) {
    case "beginning":
      return (
        <li class="edge-line" data-row={row.key}>
          <span>{text(!row.empty ? "chat--beginning" : inRoom ? "chat--empty-room" : "chat--empty", { name })}</span>
        </li>
      );
    case "older":
      return <OlderRow row={row} conversation={conversation} />;
    case "above":
      return (
        <li class="edge-line" data-row={row.key} aria-hidden="true">
          <span>{"\u00a0"}</span>
        </li>
      );
    case "gap":
      return <GapRow row={row} />;
    case "before-device":
      return <BeforeDeviceRow row={row} />;
    case "while-away":
      return (
        <li class="quiet-line" data-row={row.key}>
          <span>{plural("chat--while-away", row.count)}</span>
        </li>
      );
    case "room-line":
      return (
        <li class="quiet-line" data-row={row.key}>
          <span>
            <FetchedPart later={menus} instead={text("reason--room")}>
              {(part) => <part.RoomLine what={row.what} />}
            </FetchedPart>
          </span>
        </li>
      );
    case "day":
      return (
        <li class="day" data-row={row.key}>
          <span>{dayHeader(row.at, now)}</span>
        </li>
      );
    case "unread":
      return (
        <li class="unread" data-row={row.key}>
          <span>{text("chat--unread")}</span>
        </li>
      );
    case "message":
      return <MessageRow {...properties} row={row} name={inRoom ? undefined : name} />;
    default:
      return missingCase(row);
  }
});

/** The row that Tab comes to: where the focus was last, else the newest. */
function stopOf(rows: readonly Row[], walked: string | undefined): string | undefined {
  const keys = rows.flatMap((row) => (row.kind === "message" ? row.item.key : []));
  return walked !== undefined && keys.includes(walked) ? walked : keys.at(-1);
}

/** Those the room has now, and those whose messages are on the screen: whoever has gone may have been looked like. */
function alikeIn(rows: readonly Row[], there: readonly string[] | undefined): ReadonlySet<string> {
  const authors = rows.flatMap((row) =>
    row.kind === "message" && row.item.author !== undefined ? row.item.author : [],
  );
  return authors.length === 0 ? NOBODY : new Set([...alikeNicks(authors), ...(there ?? [])]);
}

const NOBODY: ReadonlySet<string> = new Set();

type OpenPicker = Pick<OpenMenu, "at" | "opener"> & { readonly onPick: (emoji: string) => void };

type Properties = {
  readonly conversation: Conversation;
  readonly chat: ChatSummary;
  readonly rows: readonly Row[];
  /** So many of the newest are drawn. */
  readonly drawn: number;
  readonly busy: boolean;
};

/** The rows of a conversation, and the menu of the message that it is open for. */
export function MessageList({ conversation, chat, rows, drawn, busy }: Properties) {
  const app = useApp();
  const now = useNow(HOUR_MS);
  const mode = useValue(conversation.writing.mode);
  const sought = useValue(conversation.sought);
  const chosen = useValue(conversation.chosen);
  const viewing = useValue(conversation.viewing);
  const view = (key: string | undefined) => {
    conversation.viewing.value = key;
  };
  const writable = writableIn(chat, useValue(app.connection).encryption === "behind");
  const [walked, setWalked] = useState<string | undefined>(undefined);
  const [menu, setMenu] = useState<OpenMenu | undefined>(undefined);
  const [picker, setPicker] = useState<OpenPicker | undefined>(undefined);
  const list = useRef<HTMLOListElement>(null);

  const itemAt = (key: string | undefined) =>
    rows.flatMap((one) => (one.kind === "message" && one.key === key ? one.item : []))[0];
  const itemOf = (row: HTMLElement) => itemAt(row.dataset["row"]);
  const openMenu = (row: HTMLElement, x: number, y: number, opener = row) => {
    const item = itemOf(row);
    if (item === undefined) return;
    // Whoever chooses presses longer, or with the other button, for all up to there.
    if (conversation.chosen.peek() !== undefined) extend(row, row);
    else setMenu({ item, at: { x, y }, opener });
  };
  const openMenuOf = (opener: HTMLElement, below: Element = opener) => {
    const { left, right, bottom } = below.getBoundingClientRect();
    const row = messageAt(opener);
    if (row !== undefined) openMenu(row, spokenDirection() === "rtl" ? right : left, bottom, opener);
  };
  const answer = (row: HTMLElement) => {
    const item = itemOf(row);
    if (item !== undefined) conversation.writing.answer(item);
  };
  const mayAnswer = (row: HTMLElement) => {
    const item = itemOf(row);
    return item !== undefined && conversation.chosen.peek() === undefined && canAnswer(item, writable);
  };
  const extend = (from: HTMLElement, to: HTMLElement) => {
    menus.want();
    const now = menus.now.peek();
    if (now.state === "here") now.part.extendChosen(conversation, from.dataset["key"], to.dataset["key"]);
  };
  const touch = useRef({ openMenu, canAnswer: mayAnswer, answer });
  touch.current = { openMenu, canAnswer: mayAnswer, answer };
  const menuOf = useRef(openMenuOf);
  menuOf.current = openMenuOf;
  // The same function each time: a row is drawn again when it is another one, not when the list is.
  const onMenu = useCallback((button: HTMLElement) => menuOf.current(button), []);
  useEffect(() => (list.current === null ? undefined : followFingers(list.current, () => touch.current)), []);

  const stop = stopOf(rows, walked);
  const alike = useMemo(() => alikeIn(rows, chat.room?.alike), [rows, chat.room?.alike]);
  const written = mode.kind === "message" ? undefined : (mode.kind === "edit" ? mode.of : mode.to).key;
  const subject = menu?.item.key ?? written;
  const soughtKey = sought?.quiet === false ? sought.key : undefined;
  const [name, inRoom] = [calledName(chat), chat.room !== undefined];
  return (
    <>
      <ol
        ref={list}
        class={chosen === undefined ? "messages" : "messages choosing"}
        aria-label={text("chat--messages")}
        aria-busy={busy}
        onFocusIn={(event) => setWalked(messageAt(event.target)?.dataset["key"] ?? walked)}
        onKeyDown={(event) =>
          walkMessages(
            event,
            event.currentTarget,
            (row) => openMenuOf(row, row.querySelector(".bubble") ?? row),
            extend,
          )
        }
        onContextMenu={(event) => {
          const row = messageAt(event.target);
          // A link, and words that were marked, have a menu of the browser's own.
          const others = event.target instanceof Element && event.target.closest("a") !== null;
          if (row === undefined || others || getSelection()?.isCollapsed === false) return;
          event.preventDefault();
          openMenu(row, event.clientX, event.clientY);
        }}
        onAnimationEnd={(event) => {
          if (event.animationName === "sought") conversation.sought.value = undefined;
        }}
      >
        {rows.slice(-drawn).map((row) => {
          const item = row.kind === "message" ? row.item : undefined;
          return (
            <RowView
              key={row.key}
              {...{ row, now, name, inRoom, conversation, onMenu }}
              self={chat.room?.nick}
              stop={row.key === stop}
              subject={row.key === subject}
              sought={row.key === soughtKey}
              chosen={chosen?.has(row.key)}
              alike={item?.author !== undefined && alike.has(item.author.nick)}
              canAnswer={item !== undefined && canAnswer(item, writable)}
            />
          );
        })}
      </ol>
      {menu === undefined ? undefined : (
        <FetchedDialog later={menus} onClose={() => setMenu(undefined)}>
          {({ MessageMenu }) => (
            <MessageMenu
              // What can be done with it may have become more while the menu is open: it has arrived.
              menu={{ ...menu, item: itemAt(menu.item.key) ?? menu.item }}
              conversation={conversation}
              writable={writable}
              onMore={(onPick) => setPicker({ ...menu, onPick })}
              onClose={() => setMenu(undefined)}
            />
          )}
        </FetchedDialog>
      )}
      {viewing === undefined ? undefined : (
        <FetchedDialog later={menus} onClose={() => view(undefined)}>
          {({ FileViewer }) => <FileViewer conversation={conversation} at={viewing} onGo={view} />}
        </FetchedDialog>
      )}
      {picker === undefined ? undefined : (
        <FetchedDialog later={menus} onClose={() => setPicker(undefined)}>
          {({ EmojiPicker }) => <EmojiPicker {...picker} emoji={emojiLines} onClose={() => setPicker(undefined)} />}
        </FetchedDialog>
      )}
    </>
  );
}
