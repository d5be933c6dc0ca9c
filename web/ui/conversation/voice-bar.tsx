import type { ComponentChildren } from "preact";
import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { drop } from "../../../worker/shared/drop.ts";
import { type TextKey, text } from "../../i18n/menus.ts";
import { lengthText } from "../../model/files/length.ts";
import type { Ended, NoMicrophone, Recording, VoiceState } from "../../model/files/recording.ts";
import { useApp } from "../hooks/use-app.ts";
import { useValue } from "../hooks/use-value.ts";
import { Icon } from "../parts/icon.tsx";
import { Why } from "../parts/why.tsx";
import { FileIcon } from "./file-icon.tsx";
import { SoundPlayer } from "./sound-player.tsx";
import { LiveWave } from "./sound-wave.tsx";
import { playingOf } from "./voice.ts";

const NO_MICROPHONE: Readonly<Record<NoMicrophone, TextKey>> = {
  refused: "voice--refused",
  none: "voice--none",
  busy: "voice--busy",
  unable: "voice--unable",
};
const ENDED: Readonly<Record<Ended, TextKey>> = {
  hidden: "voice--ended-hidden",
  lost: "voice--ended-lost",
  long: "voice--ended-long",
  left: "voice--ended-left",
  gone: "voice--ended-gone",
};
/** Of what is being recorded. */
const BARS = 56;
type Properties = {
  readonly recording: Recording;
  readonly state: Exclude<VoiceState, { readonly state: "idle" }>;
  readonly held: boolean;
  /** How far a finger has drawn it back, in CSS pixels. */
  readonly drawn: number;
};

/** In the place of the composer: what is being recorded, to be listened to, or why there is nothing. */
export function VoiceBar({ recording, state, held, drawn }: Properties) {
  const frame = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    // Whoever has stopped it by a button that is gone goes on here.
    if (state.state === "ready" && document.activeElement === document.body)
      frame.current?.querySelector<HTMLElement>(".sound-play")?.focus({ preventScroll: true });
  }, [state.state]);
  return (
    <section
      ref={frame}
      class="voice"
      aria-label={text("voice--message")}
      data-voice={state.state}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || state.state !== "recording") return;
        event.stopPropagation();
        drop(recording.finish());
      }}
    >
      <Content {...{ recording, state, held, drawn }} />
    </section>
  );
}

function Content({ recording, state, held, drawn }: Properties) {
  switch (state.state) {
    case "asking":
      return <p role="status">{text("voice--asking")}</p>;
    case "recording":
      return <Speaking {...{ recording, held, drawn }} />;
    case "finishing":
      return <p role="status">{text("file--ready")}</p>;
    case "ready":
      return <Ready {...{ recording, state }} />;
    case "failed":
      return <Failed {...{ recording, state }} />;
  }
}

function Act({
  label,
  onClick,
  children,
}: {
  readonly label: TextKey;
  readonly onClick: (event: MouseEvent) => void;
  readonly children: ComponentChildren;
}) {
  return (
    <button type="button" class="icon-button" aria-label={text(label)} title={text(label)} onClick={onClick}>
      {children}
    </button>
  );
}

function Speaking({ recording, held, drawn }: Pick<Properties, "recording" | "held" | "drawn">) {
  const bars = useValue(recording.bars);
  const elapsed = useValue(recording.elapsed);
  return (
    <>
      {held ? undefined : (
        <Act
          label="voice--drop"
          onClick={({ detail }) => {
            // Another one that was kept may come up in its place: the second press of two is not meant for that.
            if (detail <= 1) recording.drop();
          }}
        >
          <Icon name="bin" />
        </Act>
      )}
      <span class="voice-time" role="timer" aria-label={text("voice--elapsed", { time: lengthText(elapsed) })}>
        {lengthText(elapsed)}
      </span>
      {held ? (
        <span class="voice-cancel" style={{ "--drawn": `${drawn}px` }}>
          <Icon name="back" />
          {text("voice--slide")}
        </span>
      ) : undefined}
      <LiveWave bars={bars} count={held ? BARS / 2 : BARS} />
      {held ? undefined : (
        <Act label="voice--stop" onClick={() => drop(recording.finish())}>
          <FileIcon name="stop" />
        </Act>
      )}
    </>
  );
}

function Ready({
  recording,
  state,
}: Pick<Properties, "recording"> & { readonly state: Extract<VoiceState, { readonly state: "ready" }> }) {
  const { voice, ended } = state;
  const playing = playingOf(useApp());
  const { url } = voice;
  const sound = useMemo(() => ({ key: url, url, hold: () => () => undefined }), [url]);
  useLayoutEffect(
    () => () => {
      // It was sent, or thrown away.
      if (playing.now.peek()?.key === url) playing.stop();
    },
    [url],
  );
  const unsent = voice.keeping?.kept === true ? "voice--unsent-kept" : "voice--unsent";
  const why = ended === undefined ? undefined : text(ENDED[ended]);
  return (
    <>
      <p class="voice-why" role="status">
        {[why, voice.silent ? text("voice--silent") : undefined, text(unsent)]
          .filter((one) => one !== undefined)
          .join(" ")}
      </p>
      <Act label="voice--drop" onClick={() => recording.drop()}>
        <Icon name="bin" />
      </Act>
      <SoundPlayer
        of={url}
        name={text("voice--message")}
        sound={sound}
        seconds={voice.seconds}
        levels={voice.levels}
        stop
      />
      <Act
        label="voice--again"
        onClick={({ detail }) => {
          // It stands where "Stop" stood: the second press of two would throw away what the first one has kept.
          if (detail <= 1) drop(recording.start(false));
        }}
      >
        <FileIcon name="microphone" />
      </Act>
    </>
  );
}

function Failed({
  recording,
  state,
}: Pick<Properties, "recording"> & { readonly state: Extract<VoiceState, { readonly state: "failed" }> }) {
  const app = useApp();
  const { why } = state;
  return (
    <>
      <p class="voice-why" role="alert">
        {typeof why === "string" ? (
          text(NO_MICROPHONE[why])
        ) : why.kind === "file" && why.detail === "empty" ? (
          text("voice--empty")
        ) : (
          <Why failure={why} address={app.account.peek() ?? ""} />
        )}
      </p>
      <Act label="file--close" onClick={() => recording.drop()}>
        <Icon name="close" />
      </Act>
    </>
  );
}
