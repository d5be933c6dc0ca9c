import { useLayoutEffect, useRef } from "preact/hooks";
import { LIMITS } from "../../../worker/contract.ts";
import { plural, text } from "../../i18n/text.ts";
import type { Conversation } from "../../model/conversation.ts";
import { drop } from "../../engine/drop.ts";
import { Icon } from "../parts/icon.tsx";
import { useValue } from "../use-value.ts";

type Properties = { readonly conversation: Conversation; readonly name: string; readonly encrypted: boolean };

/** On a touch screen Enter is a line break, as its keyboard shows; with keys it sends and Shift+Enter breaks the line. */
const touch = () => matchMedia("(pointer: coarse)").matches;
/** A key that an input method takes for itself (older browsers say so only by this code). */
const IME_KEY_CODE = 229;

/** Where a message is written. Grows with it; the draft stays with its conversation. */
export function Composer({ conversation, name, encrypted }: Properties) {
  const draft = useValue(conversation.draft);
  const area = useRef<HTMLTextAreaElement>(null);
  const excess = Math.max(0, draft.trim().length - LIMITS.textLength);
  const sendable = draft.trim() !== "" && excess === 0;

  useLayoutEffect(() => {
    const element = area.current;
    if (element === null) return;
    element.style.blockSize = "auto";
    element.style.blockSize = `${element.scrollHeight}px`;
  }, [draft]);
  useLayoutEffect(() => {
    if (!touch()) area.current?.focus({ preventScroll: true });
  }, [conversation]);

  const send = () => {
    if (!sendable) return;
    drop(conversation.send(encrypted));
    area.current?.focus({ preventScroll: true });
  };
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <div class="composer-box">
        <textarea
          ref={area}
          rows={1}
          dir="auto"
          aria-label={text("message--label")}
          placeholder={text("message--placeholder", { name })}
          enterkeyhint={touch() ? "enter" : "send"}
          autocomplete="off"
          value={draft}
          onInput={(event) => {
            conversation.draft.value = event.currentTarget.value;
          }}
          onKeyDown={(event) => {
            if (
              event.key !== "Enter" ||
              event.shiftKey ||
              event.isComposing ||
              event.keyCode === IME_KEY_CODE ||
              touch()
            )
              return;
            event.preventDefault();
            send();
          }}
        />
        {excess > 0 ? (
          <span class="composer-excess" role="status">
            {plural("message--too-long", excess)}
          </span>
        ) : undefined}
      </div>
      <button
        type="submit"
        class="icon-button composer-send"
        aria-label={text("message--send")}
        title={text("message--send")}
        disabled={!sendable}
      >
        <Icon name="send" />
      </button>
    </form>
  );
}
