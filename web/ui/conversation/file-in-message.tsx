import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { drop } from "../../../worker/shared/drop.ts";
import type { MessageItem } from "../../engine/protocol/conversations.ts";
import { text } from "../../i18n/menus.ts";
import { bytesText } from "../../model/format.ts";
import { cleanName } from "../../media/file-name.ts";
import { roomStyle } from "../../model/file-room.ts";
import type { FileState } from "../../model/files/files.ts";
import { type FileView, fileIn, comesAhead } from "../../model/files/file-view.ts";
import { filesOf } from "../../model/files/files-of.ts";
import type { Underway } from "../../model/files/told.ts";
import { useApp } from "../hooks/use-app.ts";
import { useValue } from "../hooks/use-value.ts";
import { saveFile } from "../page/save-file.ts";
import { Why } from "../parts/why.tsx";
import { whenNear } from "./coming-by.ts";
import { FileIcon } from "./file-icon.tsx";
import { FilmFile } from "./film-file.tsx";
import { RESTING, NOT_UNDERWAY } from "./file-resting.ts";
import { SoundFile } from "./sound-file.tsx";
import { TinyPicture } from "./tiny-picture.tsx";

export type FileProperties = {
  readonly item: MessageItem;
  /** The message is the one that Tab comes to. */
  readonly stop: boolean;
};

/** The file of a message: a picture in its own size, something to be played, or a line with what it is. */
export function FileInMessage({ item, stop }: FileProperties) {
  const app = useApp();
  const known = filesOf(app);
  const state = useValue(known?.files.of(item.key) ?? RESTING);
  const sending = known?.uploads.of(item.key);
  const underway = useValue(sending ?? NOT_UNDERWAY);
  const place = useRef<HTMLDivElement>(null);
  const view = fileIn(item);
  const link = view?.source.url;
  const hasEntry = view?.source.message !== undefined;

  useLayoutEffect(() => known?.files.use(item.key), [known?.files, item.key]);
  useEffect(() => {
    const element = place.current;
    const chat = app.chats.peek().get(item.chat);
    if (element === null || view === undefined || known === undefined || chat === undefined) return undefined;
    if (!hasEntry || !comesAhead(view, item, chat)) return undefined;
    return whenNear(element, () => known.files.load(item, view, "ahead"));
  }, [link, hasEntry, item.key, known?.files]);

  // Several in one text, or a link that names none.
  if (view === undefined && sending === undefined && state.state === "resting") return <>{text("instead--file")}</>;
  const load = () => {
    if (view !== undefined) known?.files.load(item, view, "asked");
  };
  const onOpen = () => {
    app.conversation(item.chat).viewing.value = item.key;
  };
  const parts = { item, state, view, stop, load, onOpen, halt: () => known?.files.stop(item.key) };
  const way = sending !== undefined && item.state === "waiting" ? underway : undefined;
  return (
    <div ref={place} class="file" data-file={state.state}>
      {isPicture(item, view, state) ? <PictureFile {...parts} way={way} /> : <OtherFile {...parts} way={way} />}
    </div>
  );
}

function isPicture({ seen }: MessageItem, view: FileView | undefined, state: FileState): boolean {
  if (state.state === "here") return state.seen.kind === "image";
  return (seen?.kind ?? view?.kind) === "image";
}

type Parts = {
  readonly item: MessageItem;
  readonly view: FileView | undefined;
  readonly state: FileState;
  readonly stop: boolean;
  readonly way: Underway | undefined;
  readonly load: () => void;
  readonly halt: () => void;
  readonly onOpen: () => void;
};

function PictureFile(parts: Parts) {
  const { item, state, view, stop, way, load, onOpen } = parts;
  const [drawn, setDrawn] = useState(false);
  const seen = state.state === "here" ? state.seen : item.seen;
  const points =
    seen?.width !== undefined && seen.height !== undefined ? { width: seen.width, height: seen.height } : view?.points;
  const style = roomStyle(points);
  const tiny = view?.said?.tiny === undefined || drawn ? undefined : <TinyPicture bytes={view.said.tiny} />;
  if (state.state === "here")
    return (
      <div class="file-frame" style={style}>
        {tiny}
        <button
          type="button"
          class="file-open"
          tabIndex={stop ? 0 : -1}
          aria-label={text("file--open")}
          onClick={onOpen}
        >
          <img src={state.shown} alt="" draggable={false} onLoad={() => setDrawn(true)} />
        </button>
        {way === undefined ? undefined : <Way {...{ way, item, stop }} over />}
      </div>
    );
  return (
    <div class={tiny === undefined ? "file-frame file-empty" : "file-frame file-empty file-tinted"} style={style}>
      {tiny}
      {state.state === "failed" ? (
        <Failed {...parts} />
      ) : state.state === "loading" ? (
        <Loading {...parts} />
      ) : way === undefined && view === undefined ? (
        <FileIcon name="file" />
      ) : way === undefined ? (
        <button type="button" class="button button-quiet file-load" tabIndex={stop ? 0 : -1} onClick={load}>
          {state.large === undefined ? text("file--show") : text("file--show-size", { size: bytesText(state.large) })}
        </button>
      ) : (
        <Way {...{ way, item, stop }} />
      )}
    </div>
  );
}

function OtherFile(parts: Parts) {
  const { item, state, view, stop, way, load } = parts;
  const here = state.state === "here" ? state : undefined;
  const seen = here?.seen ?? item.seen;
  const kind = seen?.kind ?? view?.kind ?? "file";
  const size = seen?.size ?? view?.size ?? (state.state === "resting" ? state.large : undefined);
  // On its way, nobody has looked at it yet: it is called as the person calls it.
  const name = cleanName(view?.name ?? seen?.name ?? item.seen?.name ?? "", way === undefined ? seen : undefined);
  // What plays it is in its frame.
  const framed = kind === "video" && view?.said?.points !== undefined;
  const save = here === undefined || way !== undefined ? undefined : <Save name={name} file={here.file} stop={stop} />;
  const act =
    way !== undefined ? (
      <Way {...{ way, item, stop }} />
    ) : state.state === "failed" ? (
      <Failed {...parts} />
    ) : state.state === "loading" ? (
      <Loading {...parts} />
    ) : undefined;
  if (kind === "audio" && (here !== undefined || view !== undefined))
    return <SoundFile {...{ item, view, state, stop, name, load, save }}>{act}</SoundFile>;
  return (
    <>
      {kind === "video" && way === undefined ? (
        <FilmFile
          {...{ name, said: view?.said, seconds: view?.seconds, shown: here?.shown, stop }}
          load={act === undefined && view !== undefined ? load : undefined}
        />
      ) : undefined}
      <Line {...{ kind, name, size }}>
        {act ??
          save ??
          (view === undefined || framed ? undefined : (
            <button type="button" class="link" tabIndex={stop ? 0 : -1} onClick={load}>
              {text(kind === "video" ? "file--play" : "file--get")}
            </button>
          ))}
      </Line>
    </>
  );
}

type LineProperties = {
  readonly kind: FileView["kind"];
  readonly name: string;
  readonly size: number | undefined;
  readonly children: ComponentChildren;
};

/** What it is, in a line. */
function Line({ kind, name, size, children }: LineProperties) {
  return (
    <div class="file-line">
      <span class="file-mark">
        <FileIcon name="file" />
      </span>
      <span class="file-words">
        <bdi class="file-name" title={name}>
          {name}
        </bdi>
        <small>
          {text(kind === "image" ? "file--picture" : `file--${kind}`)}
          {size === undefined ? undefined : ` · ${bytesText(size)}`}
        </small>
      </span>
      <span class="file-act">{children}</span>
    </div>
  );
}

function Save({ name, file, stop }: { readonly name: string; readonly file: Blob; readonly stop: boolean }) {
  const label = text("file--save", { name });
  return (
    <button
      type="button"
      class="icon-button"
      tabIndex={stop ? 0 : -1}
      aria-label={label}
      title={label}
      onClick={() => saveFile(file, name)}
    >
      <FileIcon name="save" />
    </button>
  );
}

function Loading({ state, stop, halt }: Parts) {
  if (state.state !== "loading") return null;
  return (
    <span class="file-way">
      <Progress {...(state.total === undefined ? { done: state.done } : { done: state.done, total: state.total })} />
      <Act words={text("file--stop")} sign="stop" stop={stop} act={halt} />
    </span>
  );
}

type WayProperties = Pick<Parts, "item" | "stop"> & { readonly way: Underway; readonly over?: boolean };

/** How far one's own is. */
function Way({ way, item, stop, over = false }: WayProperties) {
  const app = useApp();
  return (
    <span class={over ? "file-way file-over" : "file-way"}>
      {way.total === 0 ? text("file--ready") : <Progress done={way.done} total={way.total} sending />}
      {way.total > 0 && way.done >= way.total ? undefined : (
        <Act
          words={text("file--stop")}
          sign="stop"
          stop={stop}
          act={() => drop(app.conversation(item.chat).sending.discard(item.key))}
        />
      )}
    </span>
  );
}

function Progress({
  done,
  total,
  sending = false,
}: {
  readonly done: number;
  readonly total?: number;
  readonly sending?: boolean;
}) {
  const so: Record<string, string> = { done: bytesText(done), ...(total !== undefined && { total: bytesText(total) }) };
  const words = sending
    ? text("file--sending", so)
    : text(total === undefined ? "file--loading-some" : "file--loading", so);
  return (
    <progress
      class="file-progress"
      aria-label={words}
      title={words}
      {...(total !== undefined && { max: total, value: done })}
    />
  );
}

function Failed({ state, item, stop, load }: Parts) {
  if (state.state !== "failed") return null;
  return (
    <span class="file-failed" role="status">
      <span>
        <Why failure={state.failure} address={item.chat} />
      </span>
      <Act words={text("message--retry")} sign="again" stop={stop} act={load} />
    </span>
  );
}

type ActProperties = {
  readonly words: string;
  readonly sign: "stop" | "again";
  readonly stop: boolean;
  readonly act: () => void;
};

/** What can be done about it, in words; in an album, where they have no room, by a sign (`album.css`). */
function Act({ words, sign, stop, act }: ActProperties) {
  return (
    <button type="button" class="link file-do" tabIndex={stop ? 0 : -1} aria-label={words} title={words} onClick={act}>
      <span>{words}</span>
      <FileIcon name={sign} />
    </button>
  );
}
