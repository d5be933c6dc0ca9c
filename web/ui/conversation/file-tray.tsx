import type { ComponentChildren, RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { domainOf } from "../../../worker/shared/jid.ts";
import { drop } from "../../../worker/shared/drop.ts";
import type { Failure } from "../../../worker/contract/failures.ts";
import type { FileService } from "../../../worker/contract/media.ts";
import type { PictureQuality, PreparedFile } from "../../engine/protocol/files.ts";
import { text } from "../../i18n/menus.ts";
import { spokenDirection } from "../../i18n/text.ts";
import type { App } from "../../model/app.ts";
import type { Conversation } from "../../model/conversation/conversation.ts";
import { moved, placeByKey } from "../../model/files/tray-order.ts";
import { filesOf } from "../../model/files/files-of.ts";
import type { Sent } from "../../model/files/uploads.ts";
import { bytesText } from "../../model/format.ts";
import { cleanName, guessedKind } from "../../media/file-name.ts";
import { useApp } from "../hooks/use-app.ts";
import { useValue } from "../hooks/use-value.ts";
import { lookAtFilm, type SeenFilm } from "../page/film.ts";
import { holdPage } from "../page/hold-page.ts";
import { Icon } from "../parts/icon.tsx";
import { Why } from "../parts/why.tsx";
import { FileIcon } from "./file-icon.tsx";

/** Of the tag of an encrypted file (XEP-0454 §3). */
const TAG_BYTES = 16;

type Ready = Pick<Sent, "said"> & {
  readonly prepared: PreparedFile;
  readonly quality: PictureQuality;
  readonly shown?: string;
};
type Made = Ready | { readonly failure: Failure };

/** What was made of the files in the trays, so that sending has not to make it again. */
const made = new WeakMap<File, Made>();
/** What the server takes, as it was said last; how pictures are to go. */
const services = new WeakMap<App, FileService>();
const qualities = new WeakMap<Conversation, PictureQuality>();

type Properties = { readonly conversation: Conversation; readonly encrypted: boolean };

/** The files that go along with the next press on the button that sends. */
export function FileTray({ conversation, encrypted }: Properties) {
  const app = useApp();
  const files = useValue(conversation.chosenFiles);
  const [quality, setQuality] = useState<PictureQuality>("smaller");
  const [service, setService] = useState<FileService | Failure | undefined>(undefined);
  const [, setDrawn] = useState(0);
  qualities.set(conversation, quality);
  useEffect(() => {
    const ask = async () => {
      const answer = await app.engine.ask({ call: "fileService", about: {} });
      if (answer.ok) services.set(app, answer.value);
      setService(answer.ok ? answer.value : answer.error);
    };
    drop(ask());
  }, [conversation]);
  useLayoutEffect(() => {
    const asking = filesOf(app)?.files.asking;
    const ends = files.map((file) => {
      const known = made.get(file);
      if (asking === undefined || (known !== undefined && (!("quality" in known) || known.quality === quality)))
        return undefined;
      return asking.ask({ kind: "prepare", file, quality }, (reply) => {
        if ("failure" in reply) made.set(file, { failure: reply.failure });
        else if ("prepared" in reply) made.set(file, readyOf({ prepared: reply.prepared }, quality));
        setDrawn((times) => times + 1);
        if ("prepared" in reply && reply.prepared.seen.kind === "video") drop(see(file, reply.prepared));
      });
    });
    return () => {
      for (const end of ends) end?.();
    };
  }, [files, quality]);
  const see = async (file: File, prepared: PreparedFile) => {
    const seen = await lookAtFilm(prepared);
    // It may have gone meanwhile, as it was.
    if (!made.has(file)) return;
    made.set(file, readyOf(seen, quality));
    setDrawn((times) => times + 1);
  };
  const list = useRef<HTMLUListElement>(null);
  const move = (from: number, to: number) => {
    const next = moved(files, from, to);
    const file = files[from];
    if (file === undefined || next === files) return;
    conversation.chosenFiles.value = next;
    const [name, count] = [cleanName(file.name, undefined), next.indexOf(file) + 1];
    app.announcement.value = text("file--moved", { name, count, total: next.length });
  };
  const remove = (file: File) => {
    conversation.chosenFiles.value = files.filter((other) => other !== file);
  };
  const pictures = files.some((file) => {
    const known = made.get(file);
    return known !== undefined && "prepared" in known && known.prepared.seen.kind === "image";
  });
  return (
    <section class="tray" aria-label={text("file--tray")}>
      <ul ref={list} class="tray-files">
        {files.map((file, at) => (
          <TrayFile
            key={keyOf(file)}
            {...{ file, service, encrypted, list }}
            place={files.length > 1 ? { at, count: files.length } : undefined}
            onRemove={() => remove(file)}
            onMove={move}
          />
        ))}
      </ul>
      {service !== undefined && "kind" in service ? (
        <p class="tray-bad" role="alert">
          <Why failure={service} address={app.account.peek() ?? ""} />
        </p>
      ) : undefined}
      {pictures ? (
        <label class="tray-choice">
          <input
            type="checkbox"
            checked={quality === "original"}
            onChange={(event) => setQuality(event.currentTarget.checked ? "original" : "smaller")}
          />
          <span>{text("file--original")}</span>
          <small>{text("file--lossless-note")}</small>
        </label>
      ) : undefined}
    </section>
  );
}

function readyOf({ prepared, seconds }: SeenFilm, quality: PictureQuality): Ready {
  const { picture } = prepared;
  const said = seconds === undefined ? {} : { said: { seconds } };
  return { prepared, quality, ...said, ...(picture && { shown: URL.createObjectURL(picture) }) };
}

type TrayFileProperties = {
  readonly file: File;
  readonly service: FileService | Failure | undefined;
  readonly encrypted: boolean;
  readonly list: RefObject<HTMLUListElement | null>;
  /** Undefined: it is the only one. */
  readonly place: { readonly at: number; readonly count: number } | undefined;
  readonly onRemove: () => void;
  readonly onMove: (from: number, to: number) => void;
};

/** The same file twice is two. */
const keys = new WeakMap<File, number>();
let nextKey = 0;

function keyOf(file: File): number {
  const known = keys.get(file);
  if (known !== undefined) return known;
  nextKey += 1;
  keys.set(file, nextKey);
  return nextKey;
}

function TrayFile({ file, service, encrypted, list, place, onRemove, onMove }: TrayFileProperties) {
  const app = useApp();
  const known = made.get(file);
  const ready = known !== undefined && "prepared" in known ? known : undefined;
  const name = cleanName(file.name, undefined);
  const size = ready?.prepared.file.size ?? file.size;
  const label = text("file--remove", { name });
  const account = app.account.peek() ?? "";
  return (
    <li class="tray-file">
      <Handle {...{ name, list, place, onMove }}>
        {ready?.shown === undefined ? <FileIcon name="file" /> : <img src={ready.shown} alt="" draggable={false} />}
      </Handle>
      <bdi class="file-name" title={name}>
        {name}
      </bdi>
      {known !== undefined && "failure" in known ? (
        <small class="tray-bad" role="alert">
          <Why failure={known.failure} address={account} />
        </small>
      ) : isTooLarge(size, service, encrypted) ? (
        <small class="tray-bad" role="alert">
          {text("file--too-large", { domain: domainOf(account), size: bytesText(mostOf(service)) })}
        </small>
      ) : (
        <small>{known === undefined ? text("file--ready") : bytesText(size)}</small>
      )}
      {ready !== undefined && tellsOfCamera(ready.prepared, name) ? <small>{text("file--as-it-is")}</small> : undefined}
      <button type="button" class="icon-button tray-remove" aria-label={label} title={label} onClick={onRemove}>
        <Icon name="close" />
      </button>
    </li>
  );
}

type HandleProperties = Pick<TrayFileProperties, "list" | "place" | "onMove"> & {
  readonly name: string;
  readonly children: ComponentChildren;
};

/** By this a file is put into another place: with the arrows, or drawn there. */
function Handle({ name, list, place, onMove, children }: HandleProperties) {
  const self = useRef<HTMLButtonElement>(null);
  const focused = useRef(false);
  useLayoutEffect(() => {
    // A browser may let the focus go where a part of the page is put elsewhere.
    if (focused.current) self.current?.focus();
  }, [place?.at]);
  if (place === undefined) return <span class="tray-picture">{children}</span>;
  const { at, count } = place;
  const label = text("file--move", { name });
  return (
    <button
      ref={self}
      type="button"
      class="tray-picture tray-handle"
      aria-label={label}
      title={label}
      onFocus={() => {
        focused.current = true;
      }}
      onBlur={({ relatedTarget }) => {
        if (relatedTarget !== null) focused.current = false;
      }}
      onKeyDown={(event) => {
        const to = placeByKey(event.key, at, count, spokenDirection() === "rtl");
        if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
        event.preventDefault();
        onMove(at, to);
      }}
      onPointerDown={(event) => {
        if (event.button === 0) event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={(event) => {
        if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
        const under = document.elementFromPoint(event.clientX, event.clientY)?.closest(".tray-file");
        const to = under ? [...(list.current?.children ?? [])].indexOf(under) : -1;
        if (to >= 0 && to !== at) onMove(at, to);
      }}
    >
      {children}
    </button>
  );
}

/** A film, and a picture that this browser cannot draw, cannot be drawn anew either. */
function tellsOfCamera({ seen }: PreparedFile, name: string): boolean {
  const photo = guessedKind(name) === "image" || /\.(?:hei[cf]|avif|tiff?|dng)$/i.test(name);
  return seen.kind === "video" || (seen.kind === "file" && photo);
}

function mostOf(service: FileService | Failure | undefined): number {
  return service !== undefined && "mostBytes" in service ? service.mostBytes : Number.POSITIVE_INFINITY;
}

function isTooLarge(size: number, service: FileService | Failure | undefined, encrypted: boolean): boolean {
  return size + (encrypted ? TAG_BYTES : 0) > mostOf(service);
}

/** What is written beside them goes after them. An answer, or another text for a message, is what it is. */
function captionOf({ writing, typing }: Conversation): string | undefined {
  if (writing.mode.peek().kind !== "message") return undefined;
  const words = writing.take()?.text;
  if (words !== undefined) typing.sent();
  return words;
}

/** Sends what is in the tray, in its order; what cannot be sent stays there with the reason. */
export function sendFiles(app: App, conversation: Conversation, encrypted: boolean): void {
  const uploads = filesOf(app)?.uploads;
  const files = conversation.chosenFiles.peek();
  if (uploads === undefined || files.length === 0) return;
  const quality = qualities.get(conversation) ?? "smaller";
  const stay = files.filter((file) => {
    const known = made.get(file);
    if (known !== undefined && "failure" in known) return true;
    return isTooLarge(known?.prepared.file.size ?? file.size, services.get(app), encrypted);
  });
  conversation.chosenFiles.value = stay;
  const go = files.filter((file) => !stay.includes(file));
  const words = go.length > 0 ? captionOf(conversation) : undefined;
  for (const [at, file] of go.entries()) {
    const known = made.get(file);
    const ready = known !== undefined && "prepared" in known ? known : undefined;
    if (ready?.shown !== undefined) URL.revokeObjectURL(ready.shown);
    made.delete(file);
    const { prepared, said } = ready?.quality === quality ? ready : { prepared: undefined, said: undefined };
    const caption = at === go.length - 1 && words !== undefined && { caption: words };
    uploads.send(conversation, { file, prepared, quality, ...(said && { said }), ...caption }, encrypted);
  }
  holdPage(uploads.unkept);
  drop(conversation.jump());
}
