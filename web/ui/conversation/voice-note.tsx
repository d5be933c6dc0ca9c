import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { drop } from "../../../worker/shared/drop.ts";
import { text } from "../../i18n/menus.ts";
import { spokenDirection } from "../../i18n/text.ts";
import type { Conversation } from "../../model/conversation/conversation.ts";
import { isOn, type Recording } from "../../model/files/recording.ts";
import { CANCEL_PX, LOCK_PX, pulled, TAP_MS } from "../../model/files/voice-touch.ts";
import { isVisible } from "../../words/visible.ts";
import { useApp } from "../hooks/use-app.ts";
import { useValue } from "../hooks/use-value.ts";
import { Icon } from "../parts/icon.tsx";
import { FileIcon } from "./file-icon.tsx";
import { recordingOf, sendVoice, takeUp } from "./voice.ts";
import { VoiceBar } from "./voice-bar.tsx";

type Properties = { readonly conversation: Conversation; readonly encrypted: boolean };

type Pull = { readonly id: number; readonly x: number; readonly y: number; readonly at: number };

/**
 * The microphone beside the composer, and in its place what is being recorded. A tap or a key begins; a finger that stays down
 * speaks until it goes, and then it is sent; drawn up it may go, drawn back along the line nothing is wanted.
 */
export function VoiceNote({ conversation, encrypted }: Properties) {
  const app = useApp();
  const recording = recordingOf(app, conversation);
  const state = useValue(recording.now);
  const draft = useValue(conversation.writing.text);
  const files = useValue(conversation.chosenFiles);
  const mode = useValue(conversation.writing.mode);
  const button = useRef<HTMLButtonElement>(null);
  const pull = useRef<Pull | undefined>(undefined);
  const begun = useRef(0);
  /** The press that is under way has begun it: its click is no other one. */
  const own = useRef(false);
  const [drawn, setDrawn] = useState(0);
  useEnds(recording);
  useAnnounced(recording);
  useEffect(() => takeUp(app, conversation), [app, conversation]);
  const last = useRef(state.state);
  useLayoutEffect(() => {
    // Sent or thrown away: what was pressed is another button now, or gone. Under a finger no keyboard comes by itself.
    const over = state.state === "idle" && last.current !== "idle";
    last.current = state.state;
    const { activeElement } = document;
    const free = activeElement === document.body || activeElement === button.current;
    if (over && free && !matchMedia("(pointer: coarse)").matches)
      button.current?.closest("form")?.querySelector("textarea")?.focus({ preventScroll: true });
  }, [state.state]);
  const rests = state.state === "idle" || state.state === "failed";
  const held = isOn(state) && "held" in state && state.held;

  const restsNow = () => ["idle", "failed"].includes(recording.now.peek().state);
  const start = (byFinger: boolean) => {
    begun.current = performance.now();
    drop(recording.start(byFinger));
  };
  const send = async () => {
    if (isOn(recording.now.peek())) {
      // Two presses in a row are one: nobody means to send what they have not begun to say.
      if (performance.now() - begun.current < TAP_MS || !(await recording.finish())) return;
    }
    const voice = recording.taken();
    if (voice === undefined) return;
    sendVoice(app, conversation, voice, encrypted);
  };
  const leave = (event: PointerEvent): Pull | undefined => {
    const before = pull.current;
    if (before?.id !== event.pointerId) return undefined;
    pull.current = undefined;
    setDrawn(0);
    return before;
  };
  const moved = (event: PointerEvent) => {
    const from = pull.current;
    if (from?.id !== event.pointerId) return;
    const along = (from.x - event.clientX) * (spokenDirection() === "rtl" ? -1 : 1);
    const meant = pulled(along, from.y - event.clientY);
    setDrawn(Math.min(CANCEL_PX, Math.max(0, along)));
    if (meant === undefined) return;
    leave(event);
    if (meant === "lock") recording.lock();
    else recording.drop();
  };
  const released = (event: PointerEvent) => {
    const from = leave(event);
    if (from === undefined) return;
    // The browser has asked for the microphone meanwhile, or it was a tap: it goes on without the finger.
    if (recording.now.peek().state !== "recording" || performance.now() - from.at < TAP_MS) recording.lock();
    else drop(send());
  };
  if (rests && (isVisible(draft) || files.length > 0 || mode.kind === "edit") && state.state === "idle") return null;
  const label = text(rests || held ? "voice--record" : "voice--send");
  return (
    <>
      {state.state === "idle" ? undefined : <VoiceBar {...{ recording, state, held, drawn }} />}
      <button
        ref={button}
        type="button"
        class={`icon-button composer-send voice-main ${rests || held ? "voice-mic" : ""}`}
        aria-label={label}
        title={label}
        aria-disabled={state.state === "finishing"}
        data-held={held}
        onPointerDown={(event) => {
          own.current = restsNow() && event.button === 0 && event.isPrimary;
          if (!own.current) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          pull.current = { id: event.pointerId, x: event.clientX, y: event.clientY, at: performance.now() };
          start(true);
        }}
        onPointerMove={moved}
        onPointerUp={released}
        onPointerCancel={(event) => leave(event) && recording.lock()}
        onLostPointerCapture={(event) => leave(event) && recording.lock()}
        onContextMenu={(event) => pull.current !== undefined && event.preventDefault()}
        onKeyDown={(event) => {
          // A key that stays down says it once.
          if (event.repeat && event.key !== "Tab") event.preventDefault();
          if (event.key !== "Escape" || recording.now.peek().state !== "recording") return;
          event.stopPropagation();
          drop(recording.finish());
        }}
        onClick={({ detail }) => {
          // A key, or what listens to the page, presses without a pointer.
          if (detail !== 0 && own.current) return;
          if (restsNow()) start(false);
          // The second press of two is not meant for what may come up next.
          else if (detail <= 1 && recording.now.peek().state !== "finishing") drop(send());
        }}
      >
        {rests || held ? <FileIcon name="microphone" /> : <Icon name="send" />}
      </button>
      {held ? (
        <span class="voice-lock" aria-hidden="true" style={above(pull.current)}>
          <Icon name="lock" />
        </span>
      ) : undefined}
    </>
  );
}

/** Where the finger has to go. */
function above(pull: Pull | undefined): Readonly<Record<string, string>> {
  return { "--lock-x": `${pull?.x ?? 0}px`, "--lock-y": `${(pull?.y ?? 0) - LOCK_PX}px` };
}

/** A page that nobody sees records nothing, and neither does a conversation that was left: what was said stays. */
function useEnds(recording: Recording): void {
  useLayoutEffect(() => {
    const end = (why: "hidden" | "left") => {
      if (isOn(recording.now.peek())) drop(recording.finish(why));
    };
    const look = () => document.visibilityState === "hidden" && end("hidden");
    document.addEventListener("visibilitychange", look);
    return () => {
      document.removeEventListener("visibilitychange", look);
      end("left");
    };
  }, [recording]);
}

/** For whoever does not see it. */
function useAnnounced(recording: Recording): void {
  const app = useApp();
  const { state } = useValue(recording.now);
  const before = useRef(state);
  useEffect(() => {
    if (before.current === state) return;
    if (state === "recording") app.announcement.value = text("voice--announce-recording");
    else if (state === "ready") app.announcement.value = text("voice--announce-ready");
    else if (state === "idle" && before.current !== "ready") app.announcement.value = text("voice--announce-dropped");
    before.current = state;
  }, [state]);
}
