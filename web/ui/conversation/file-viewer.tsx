import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { text } from "../../i18n/menus.ts";
import { spokenDirection } from "../../i18n/text.ts";
import type { Conversation } from "../../model/conversation/conversation.ts";
import { actionsOf } from "../../model/conversation/menu-actions.ts";
import { writableIn } from "../../model/conversation/message-actions.ts";
import { cleanName } from "../../media/file-name.ts";
import { fileIn } from "../../model/files/file-view.ts";
import { filesOf } from "../../model/files/files-of.ts";
import { isLargest, stepped } from "../../model/files/zoom.ts";
import { useApp } from "../hooks/use-app.ts";
import { useBackdrop } from "../hooks/use-backdrop.ts";
import { useValue } from "../hooks/use-value.ts";
import { saveFile } from "../page/save-file.ts";
import { Icon } from "../parts/icon.tsx";
import { Why } from "../parts/why.tsx";
import { FileIcon } from "./file-icon.tsx";
import { RESTING } from "./file-resting.ts";
import { ViewerStage } from "./viewer-stage.tsx";

type Properties = {
  readonly conversation: Conversation;
  /** The message whose picture is shown, by key. */
  readonly at: string;
  /** To another one; undefined: back to the conversation. */
  readonly onGo: (key: string | undefined) => void;
};

/** One picture as large as the window, and the way to the next one. */
export function FileViewer({ conversation, at, onGo }: Properties) {
  const app = useApp();
  const frame = useRef<HTMLDialogElement>(null);
  const known = filesOf(app);
  const pictures = conversation.shown().filter((item) => {
    const now = known?.files.of(item.key).peek();
    return now?.state === "here" ? now.seen.kind === "image" : fileIn(item)?.kind === "image";
  });
  const index = pictures.findIndex(({ key }) => key === at);
  const item = pictures[index];
  const state = useValue(known?.files.of(at) ?? RESTING);
  const [scale, setScale] = useState(1);
  const file = state.state === "here" ? state.file : undefined;
  const [whole, setWhole] = useState<string | undefined>(undefined);
  useLayoutEffect(() => {
    const opener = document.activeElement;
    frame.current?.showModal();
    return () => {
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, []);
  useLayoutEffect(() => known?.files.use(at), [at, known?.files]);
  useEffect(() => {
    setScale(1);
    const view = item && fileIn(item);
    if (item !== undefined && view !== undefined) known?.files.load(item, view, "asked");
  }, [at]);
  useLayoutEffect(() => {
    if (file === undefined) return setWhole(undefined);
    const url = URL.createObjectURL(file);
    setWhole(url);
    return () => URL.revokeObjectURL(url);
  }, [file]);

  const chat = app.chats.peek().get(conversation.chat);
  const writable = chat && writableIn(chat, app.connection.peek().encryption === "behind");
  const offered = item === undefined ? [] : actionsOf(item, writable);
  const go = (step: -1 | 1) => {
    const next = pictures[index + step];
    if (next !== undefined) onGo(next.key);
  };
  const zoom = (step: -1 | 1) => setScale((now) => stepped(now, step));
  // The next one is where lines go on.
  const along = spokenDirection() === "rtl" ? -1 : 1;
  const name = cleanName((item && fileIn(item)?.name) ?? "", state.state === "here" ? state.seen : item?.seen);
  const keys: Readonly<Record<string, () => void>> = {
    ArrowLeft: () => go(along === 1 ? -1 : 1),
    ArrowRight: () => go(along),
    "+": () => zoom(1),
    "=": () => zoom(1),
    "-": () => zoom(-1),
    s: () => file && saveFile(file, name),
  };
  const button = (icon: ComponentChildren, words: string, act: () => void, disabled = false) => (
    <button type="button" class="icon-button" aria-label={words} title={words} disabled={disabled} onClick={act}>
      {icon}
    </button>
  );
  return (
    <dialog
      ref={frame}
      class="viewer"
      aria-label={text("file--viewer")}
      onClose={() => frame.current !== null && onGo(undefined)}
      {...useBackdrop(() => onGo(undefined))}
      onKeyDown={(event) => {
        const act = event.ctrlKey || event.metaKey || event.altKey ? undefined : keys[event.key];
        if (act === undefined) return;
        event.preventDefault();
        act();
      }}
    >
      <header class="viewer-head">
        <bdi class="file-name">{name}</bdi>
        {pictures.length > 1 ? (
          <small>{text("file--viewer-of", { count: index + 1, total: pictures.length })}</small>
        ) : undefined}
        {button(<FileIcon name="smaller" />, text("file--smaller"), () => zoom(-1), scale === 1)}
        {button(<FileIcon name="bigger" />, text("file--bigger"), () => zoom(1), isLargest(scale))}
        {button(
          <FileIcon name="save" />,
          text("file--save", { name }),
          () => file && saveFile(file, name),
          file === undefined,
        )}
        {offered.includes("answer") && item !== undefined
          ? button(<Icon name="reply" />, text("message--answer"), () => {
              onGo(undefined);
              conversation.writing.answer(item);
            })
          : undefined}
        {offered.includes("forward") && item !== undefined
          ? button(<Icon name="forward" />, text("message--forward"), () => {
              onGo(undefined);
              app.dialog.value = { kind: "forward", items: [item] };
            })
          : undefined}
        {button(<Icon name="close" />, text("file--close"), () => onGo(undefined))}
      </header>
      <ViewerStage scale={scale} onScale={setScale} onDrawn={(drawn) => go(drawn * along < 0 ? 1 : -1)}>
        {whole === undefined ? (
          state.state === "failed" ? (
            <p role="alert">
              <Why failure={state.failure} address={conversation.chat} />
            </p>
          ) : (
            <p role="status">{text("file--ready")}</p>
          )
        ) : (
          <img src={whole} alt={text("file--picture")} draggable={false} style={{ "--zoom": String(scale) }} />
        )}
      </ViewerStage>
      <div class="viewer-ways">
        {button(<Icon name="back" />, text("file--previous"), () => go(-1), index <= 0)}
        {button(<Icon name="next" />, text("file--next"), () => go(1), index >= pictures.length - 1)}
      </div>
    </dialog>
  );
}
