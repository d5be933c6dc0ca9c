import { computed } from "@preact/signals-core";
import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { text } from "../../i18n/menus.ts";
import { numberText } from "../../i18n/text.ts";
import { lengthText } from "../../model/files/length.ts";
import type { Sound } from "../../model/files/playing.ts";
import { useApp } from "../hooks/use-app.ts";
import { useValue } from "../hooks/use-value.ts";
import { FileIcon } from "./file-icon.tsx";
import { SoundWave } from "./sound-wave.tsx";
import { playingOf } from "./voice.ts";

/** Of an arrow key, and of Page Up. */
const [STEP_S, LEAP_S] = [2, 10];
/** Of the mark, while a finger moves it. */
const FINE_S = 0.05;

type Properties = {
  /** By which it is known what is played. */
  readonly of: string;
  /** What it is called, for whoever listens to the page. */
  readonly name: string;
  /** Undefined: it is not here yet. */
  readonly sound: Sound | undefined;
  /** Somebody wants to hear what is not here yet. */
  readonly onWanted?: () => void;
  readonly seconds: number | undefined;
  readonly levels: Uint8Array | undefined;
  /** The message is the one that Tab comes to. */
  readonly stop: boolean;
  /** Beside how far it is, and at the end of that line. */
  readonly children?: ComponentChildren;
  readonly save?: ComponentChildren;
};

/** Something to be listened to: it begins, goes on from any place of it, and faster for whoever is in a hurry. */
export function SoundPlayer({ of, name, sound, onWanted, seconds, levels, stop, children, save }: Properties) {
  const playing = playingOf(useApp());
  const own = useMemo(() => computed(() => (playing.now.value?.key === of ? playing.now.value : undefined)), [of]);
  const now = useValue(own);
  const speed = useValue(playing.speed);
  const [, moved] = useState(0);
  const wanted = useRef(false);
  useLayoutEffect(() => {
    wanted.current = false;
  }, [of]);
  useEffect(() => {
    if (!wanted.current || sound === undefined) return;
    wanted.current = false;
    playing.play(sound);
  }, [sound?.url]);
  const isPlaying = now?.state === "playing";
  const total = now?.total ?? seconds ?? 0;
  const at = Math.min(now?.at ?? playing.at(of), total);
  const press = () => {
    if (isPlaying) playing.pause();
    else if (sound !== undefined) playing.play(sound);
    else {
      wanted.current = true;
      playing.warm();
      onWanted?.();
    }
  };
  const seek = (to: number) => {
    playing.seek(of, Math.min(to, total));
    moved((times) => times + 1);
  };
  const keys: Readonly<Record<string, () => void>> = {
    ArrowRight: () => seek(at + STEP_S),
    ArrowLeft: () => seek(at - STEP_S),
    PageUp: () => seek(at + LEAP_S),
    PageDown: () => seek(at - LEAP_S),
    Home: () => seek(0),
    End: () => seek(total),
    " ": press,
  };
  const tabIndex = stop ? 0 : -1;
  const label = text(isPlaying ? "sound--pause" : "sound--play", { name });
  return (
    <div class="sound" data-playing={now?.state}>
      <button
        type="button"
        class="icon-button sound-play"
        tabIndex={tabIndex}
        aria-label={label}
        title={label}
        onClick={press}
      >
        <FileIcon name={isPlaying ? "pause" : "play"} />
      </button>
      <div class="sound-track" dir="ltr">
        <SoundWave levels={levels} part={total > 0 ? at / total : 0} />
        <input
          type="range"
          class="sound-seek"
          tabIndex={tabIndex}
          aria-label={text("sound--place")}
          aria-valuetext={text("sound--at", { at: lengthText(at), total: lengthText(total) })}
          min={0}
          max={total}
          step={FINE_S}
          value={at}
          disabled={total === 0}
          onInput={(event) => seek(event.currentTarget.valueAsNumber)}
          // Neither an answer that is drawn out of the message, nor a walk to another one.
          onPointerDown={(event) => event.stopPropagation()}
          onKeyDown={(event) => {
            const act = event.ctrlKey || event.metaKey || event.altKey || event.shiftKey ? undefined : keys[event.key];
            if (act === undefined) return;
            event.preventDefault();
            event.stopPropagation();
            act();
          }}
        />
      </div>
      <div class="sound-about">
        <span class="sound-time">
          {total === 0 ? undefined : lengthText(now === undefined && at === 0 ? total : at)}
        </span>
        {now?.state === "failed" ? <span role="alert">{text("sound--failed")}</span> : undefined}
        {children}
        <button
          type="button"
          class="sound-speed"
          tabIndex={tabIndex}
          aria-label={text("sound--speed", { speed: numberText(speed) })}
          title={text("sound--speed", { speed: numberText(speed) })}
          onClick={() => playing.changeSpeed()}
        >
          <bdi>{text("sound--times", { speed: numberText(speed) })}</bdi>
        </button>
        {save}
      </div>
    </div>
  );
}
