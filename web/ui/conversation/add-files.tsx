/** Files are chosen, dropped on the conversation or pasted: they wait in the tray of the composer. */
import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { text } from "../../i18n/menus.ts";
import type { Conversation } from "../../model/conversation/conversation.ts";
import { useValue } from "../hooks/use-value.ts";
import { FileIcon } from "./file-icon.tsx";

/** Of one message that is not sent yet: more are a mistake. */
const MOST = 30;

function addFiles(conversation: Conversation, files: FileList): void {
  const { chosenFiles } = conversation;
  chosenFiles.value = [...chosenFiles.peek(), ...files].slice(0, MOST);
}

function take(conversation: Conversation, input: HTMLInputElement): void {
  if (input.files !== null) addFiles(conversation, input.files);
  // The same file once more is a choice as well.
  input.value = "";
}

const touch = matchMedia("(pointer: coarse)");

/** `area`: where one writes; what is pasted there, or dropped anywhere on its conversation, is taken. */
type Properties = { readonly conversation: Conversation; readonly area: RefObject<HTMLTextAreaElement | null> };

export function AddFiles({ conversation, area }: Properties) {
  const input = useRef<HTMLInputElement>(null);
  const camera = useRef<HTMLInputElement>(null);
  const empty = useValue(conversation.writing.text) === "";
  useLayoutEffect(() => takeFiles(area.current, conversation), [conversation]);
  return (
    <>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        onChange={({ currentTarget }) => take(conversation, currentTarget)}
      />
      <button
        type="button"
        class="icon-button composer-add"
        aria-label={text("file--add")}
        title={text("file--add")}
        onClick={() => input.current?.click()}
      >
        <FileIcon name="clip" />
      </button>
      {/* Where a finger presses there is a camera, and while somebody writes there is more room for words. */}
      {touch.matches && empty ? (
        <>
          <input
            ref={camera}
            type="file"
            accept="image/*"
            capture="environment"
            hidden
            onChange={({ currentTarget }) => take(conversation, currentTarget)}
          />
          <button
            type="button"
            class="icon-button composer-add"
            aria-label={text("file--camera")}
            title={text("file--camera")}
            onClick={() => camera.current?.click()}
          >
            <FileIcon name="camera" />
          </button>
        </>
      ) : undefined}
    </>
  );
}

function takeFiles(area: HTMLTextAreaElement | null, conversation: Conversation): (() => void) | undefined {
  const pane = area?.closest<HTMLElement>(".pane");
  if (area === null || pane === null || pane === undefined) return undefined;
  const end = new AbortController();
  area.addEventListener(
    "paste",
    (event) => {
      // Cells of a table come as a picture of them, too: their words are meant.
      const { clipboardData: pasted } = event;
      if (pasted === null || pasted.files.length === 0 || pasted.types.includes("text/plain")) return;
      event.preventDefault();
      addFiles(conversation, pasted.files);
    },
    end,
  );
  const on = (name: "dragover" | "dragleave" | "drop", act: (event: DragEvent) => void) => {
    pane.addEventListener(name, (event) => event.dataTransfer?.types.includes("Files") && act(event), end);
  };
  const show = (over: boolean) => {
    pane.classList.toggle("dropping", over);
    pane.dataset["drop"] = text("file--drop");
  };
  on("dragover", (event) => {
    event.preventDefault();
    show(true);
  });
  on("dragleave", (event) => {
    if (!(event.relatedTarget instanceof Node) || !pane.contains(event.relatedTarget)) show(false);
  });
  on("drop", (event) => {
    event.preventDefault();
    show(false);
    if (event.dataTransfer !== null) addFiles(conversation, event.dataTransfer.files);
  });
  return () => {
    show(false);
    end.abort();
  };
}
