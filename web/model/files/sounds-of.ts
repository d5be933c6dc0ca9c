/** The sounds of a conversation as they are played, one after the other. */
import { effect } from "@preact/signals-core";
import type { MessageItem } from "../../engine/protocol/conversations.ts";
import type { App } from "../app.ts";
import { fileIn } from "./file-view.ts";
import type { FileState } from "./files.ts";
import { filesOf } from "./files-of.ts";
import type { Sound } from "./playing.ts";

/** What a recording of this app is called; others call theirs otherwise, or say within the encryption that it is one. */
const VOICE_NAME = "voice-message";

/** `ending`: of its container. */
export function voiceName(ending: string): string {
  return `${VOICE_NAME}.${ending}`;
}

/** Somebody has spoken it for this conversation. */
export function isVoice(item: MessageItem): boolean {
  const view = fileIn(item);
  return view?.said?.voice === true || (view?.name ?? item.seen?.name ?? "").startsWith(`${VOICE_NAME}.`);
}

/** Undefined: it is not here. */
export function soundOf(app: App, { key, chat, outgoing }: MessageItem): Sound | undefined {
  const files = filesOf(app)?.files;
  const state = files?.of(key).peek();
  if (files === undefined || state?.state !== "here" || state.seen.kind !== "audio") return undefined;
  return {
    key,
    url: state.shown,
    hold: () => files.use(key),
    next: (signal) => soundAfter(app, { key, chat }, signal),
    onHeard: () => {
      if (!outgoing) files.learn(key, { played: true });
    },
  };
}

/** The next one of the conversation, as soon as it is here; undefined: there is none, or it cannot be had. */
async function soundAfter(
  app: App,
  { key, chat }: Pick<MessageItem, "key" | "chat">,
  signal: AbortSignal,
): Promise<Sound | undefined> {
  const files = filesOf(app)?.files;
  const shown = app.conversation(chat).shown();
  const at = shown.findIndex((item) => item.key === key);
  const next = at < 0 ? undefined : shown.slice(at + 1).find(isSound);
  const view = next && fileIn(next);
  if (files === undefined || next === undefined || view === undefined) return undefined;
  files.load(next, view, "asked");
  const state = await here(() => files.of(next.key).value, signal);
  return state === "here" ? soundOf(app, next) : undefined;
}

function isSound(item: MessageItem): boolean {
  return (item.seen?.kind ?? fileIn(item)?.kind) === "audio";
}

/** How it went, when it is not loading any more. */
function here(read: () => FileState, signal: AbortSignal): Promise<FileState["state"]> {
  return new Promise((resolve) => {
    const stop = effect(() => {
      const { state } = read();
      if (state !== "loading" && state !== "resting") settle(state);
    });
    function settle(state: FileState["state"]): void {
      resolve(state);
      queueMicrotask(() => stop());
    }
    signal.addEventListener("abort", () => settle("resting"), { once: true });
  });
}
