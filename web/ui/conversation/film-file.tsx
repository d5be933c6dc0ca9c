import type { FileDetails } from "../../media/file-details.ts";
import { roomStyle } from "../../model/file-room.ts";
import { lengthText } from "../../model/files/length.ts";
import { text } from "../../i18n/menus.ts";
import { useApp } from "../hooks/use-app.ts";
import { FileIcon } from "./file-icon.tsx";
import { TinyPicture } from "./tiny-picture.tsx";
import { playingOf } from "./voice.ts";

type Properties = {
  readonly name: string;
  readonly said: FileDetails | undefined;
  readonly seconds: number | undefined;
  /** Where it is played from, once it is here. */
  readonly shown: string | undefined;
  readonly stop: boolean;
  /** Undefined: it is on its way, or has failed; the line below says so. */
  readonly load: (() => void) | undefined;
};

/** A film. Where its sender says how large it is, it has its place before it is here; else that comes with it. */
export function FilmFile({ name, said, seconds, shown, stop, load }: Properties) {
  const app = useApp();
  const points = said?.points;
  const film =
    shown === undefined ? undefined : (
      // biome-ignore lint/a11y/useMediaCaption: nobody has written any
      <video
        class={points === undefined ? "file-player" : "file-film"}
        aria-label={name}
        controls
        preload="metadata"
        playsInline
        src={shown}
        onPlay={(event) => playingOf(app).yieldTo(event.currentTarget)}
      />
    );
  if (points === undefined) return <>{film}</>;
  const label = text("file--play-name", { name });
  return (
    <div class="file-frame file-film-frame" style={roomStyle(points)}>
      {shown === undefined && said?.tiny !== undefined ? <TinyPicture bytes={said.tiny} /> : undefined}
      {film}
      {shown !== undefined || load === undefined ? undefined : (
        <button
          type="button"
          class="icon-button file-play"
          tabIndex={stop ? 0 : -1}
          aria-label={label}
          title={label}
          onClick={load}
        >
          <FileIcon name="play" />
        </button>
      )}
      {shown === undefined && seconds !== undefined ? (
        <span class="file-length">{lengthText(seconds)}</span>
      ) : undefined}
    </div>
  );
}
