import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { LIMITS } from "../../../worker/contract/limits.ts";
import { plural, spokenDirection, text } from "../../i18n/text.ts";
import type { Conversation } from "../../model/conversation/conversation.ts";
import { isVisible, withoutBlankEdges } from "../../words/visible.ts";
import { drop } from "../../../worker/shared/drop.ts";
import { Icon } from "../parts/icon.tsx";
import { useApp } from "../hooks/use-app.ts";
import { useValue } from "../hooks/use-value.ts";
import { FetchedDialog, FetchedPart } from "../parts/fetched.tsx";
import type { CompletionKeys } from "./completion.tsx";
import { emojiLines, menus } from "./later-menus.ts";
import { titleOf, WritingBar, wordsOf } from "./writing-bar.tsx";

type Properties = {
  readonly conversation: Conversation;
  readonly name: string;
  readonly encrypted: boolean;
  /** There are people who can be named. */
  readonly inRoom?: boolean;
};

/**
 * On a touch screen Enter is a line break, as its keyboard shows, and Ctrl (Cmd) and Enter of a keyboard beside it send; with
 * keys it sends and Shift+Enter breaks the line.
 */
const coarse = matchMedia("(pointer: coarse)");
const touch = () => coarse.matches;
/** Where the browser does it, nobody has to lay out the whole page twice for each letter. */
const GROWS_BY_ITSELF = CSS.supports("field-sizing", "content");
/** A key that an input method takes for itself (older browsers say so only by this code). */
const IME_KEY_CODE = 229;

/**
 * Keys of the composer besides Enter: ArrowUp where nothing is written edits the last own message, with Ctrl (Cmd) the
 * arrows choose the message to answer. True: the key was one.
 */
function isShortcut(event: KeyboardEvent, conversation: Conversation, encrypted: boolean): boolean {
  const step = event.key === "ArrowUp" ? -1 : event.key === "ArrowDown" ? 1 : undefined;
  if (step === undefined || event.altKey || event.shiftKey) return false;
  const { writing } = conversation;
  const empty = writing.text.peek() === "";
  // Where something is written, Cmd and an arrow move in it.
  if (event.ctrlKey || (event.metaKey && empty)) {
    conversation.answerNext(step, { encrypted });
    return true;
  }
  const resting = empty && writing.mode.peek().kind === "message" && !event.metaKey;
  return resting && step === -1 && conversation.editLast({ encrypted });
}

/** Something may stand behind it; what looks decides. */
const LINK = /https:\/\/|www\./i;
/** What `typedWord` may find something in: only then is it asked. */
const HELPED = /[@:]\S*$/u;

/** Where a message is written, an answer, or another text for one. Grows with it; the draft stays with its conversation. */
export function Composer({ conversation, name, encrypted, inRoom = false }: Properties) {
  const app = useApp();
  const { writing } = conversation;
  const draft = useValue(writing.text);
  const mode = useValue(writing.mode);
  const area = useRef<HTMLTextAreaElement>(null);
  const shown = useRef(mode);
  const about = useId();
  const offers = useId();
  /** Where something before it may be completed. */
  const [caret, setCaret] = useState<number | undefined>(undefined);
  const [active, setActive] = useState<string | undefined>(undefined);
  const [picking, setPicking] = useState<HTMLElement | undefined>(undefined);
  const keys = useRef<CompletionKeys | undefined>(undefined);
  const excess = Math.max(0, withoutBlankEdges(draft).length - LIMITS.textLength);
  const files = useValue(conversation.chosenFiles);
  const sendable = (isVisible(draft) || files.length > 0) && excess === 0;
  const sendLabel = text(mode.kind === "edit" ? "writing--save" : "message--send");

  useLayoutEffect(() => {
    const element = area.current;
    if (element === null || GROWS_BY_ITSELF) return;
    element.style.blockSize = "auto";
    element.style.blockSize = `${element.scrollHeight}px`;
  }, [draft]);
  useLayoutEffect(() => {
    // Whoever was led to a message is there.
    if (!touch() && conversation.sought.peek() === undefined) area.current?.focus({ preventScroll: true });
    shown.current = writing.mode.peek();
    setCaret(undefined);
  }, [conversation]);
  useLayoutEffect(() => {
    if (shown.current === mode) return;
    const element = area.current;
    shown.current = mode;
    // Also on a touch screen: whoever chose to answer or to edit wants to write.
    if (mode.kind !== "message" || !touch()) element?.focus({ preventScroll: true });
    element?.setSelectionRange(element.value.length, element.value.length);
    if (mode.kind === "message") return;
    const words = wordsOf(mode.kind === "edit" ? mode.of : mode.to);
    app.announcement.value = text("writing--announce", { what: titleOf(mode, name), text: words });
  }, [mode]);

  const look = ({ value, selectionStart, selectionEnd }: HTMLTextAreaElement) => {
    const helped = selectionStart === selectionEnd && HELPED.test(value.slice(0, selectionStart));
    setCaret(helped ? selectionStart : undefined);
  };
  const send = () => {
    if (!sendable) return;
    setCaret(undefined);
    const later = menus.now.peek();
    if (later.state === "here") later.part.sendFiles(app, conversation, encrypted);
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
      <div class="column">
        <div class="composer-box">
          {files.length === 0 ? undefined : (
            <FetchedPart later={menus} instead={<p class="tray">{text("later--loading")}</p>}>
              {({ FileTray }) => <FileTray conversation={conversation} encrypted={encrypted} />}
            </FetchedPart>
          )}
          {encrypted && mode.kind !== "edit" && LINK.test(draft) ? (
            <FetchedPart later={menus}>
              {({ LinkOffer }) => <LinkOffer conversation={conversation} area={area} />}
            </FetchedPart>
          ) : undefined}
          <WritingBar id={about} mode={mode} name={name} onCancel={() => writing.cancel()} />
          {caret === undefined ? undefined : (
            <FetchedPart later={menus}>
              {({ Completion }) => (
                <Completion
                  emoji={emojiLines}
                  area={area}
                  caret={caret}
                  conversation={conversation}
                  inRoom={inRoom}
                  list={offers}
                  keys={keys}
                  onActive={setActive}
                  onLeave={() => setCaret(undefined)}
                />
              )}
            </FetchedPart>
          )}
          <div class="composer-line">
            <FetchedPart later={menus} instead={<span class="icon-button composer-add" />}>
              {({ AddFiles }) => <AddFiles conversation={conversation} area={area} />}
            </FetchedPart>
            <textarea
              ref={area}
              rows={1}
              // Empty, it begins where the page does, as its placeholder: from the left by itself.
              dir={draft === "" && spokenDirection() === "rtl" ? undefined : "auto"}
              aria-label={text("message--label")}
              aria-autocomplete="list"
              aria-controls={active === undefined ? undefined : offers}
              aria-activedescendant={active}
              aria-describedby={mode.kind === "message" ? undefined : about}
              // An address stands above, and would be cut off here.
              placeholder={name.includes("@") ? text("message--label") : text("message--placeholder", { name })}
              enterkeyhint={touch() ? "enter" : "send"}
              autocomplete="off"
              value={draft}
              onInput={(event) => {
                writing.text.value = event.currentTarget.value;
                conversation.typing.wrote(event.currentTarget.value);
                look(event.currentTarget);
              }}
              onClick={() => setCaret(undefined)}
              onBlur={() => setCaret(undefined)}
              onKeyDown={(event) => {
                if (event.isComposing || event.keyCode === IME_KEY_CODE) return;
                const plain = !event.shiftKey && !event.ctrlKey && !event.metaKey && !event.altKey;
                if (plain && keys.current?.(event.key) === true) {
                  event.preventDefault();
                  event.stopPropagation();
                  return;
                }
                const sends = event.key === "Enter" && !event.shiftKey && (!touch() || event.ctrlKey || event.metaKey);
                if (!sends && !isShortcut(event, conversation, encrypted)) return;
                event.preventDefault();
                if (sends) send();
              }}
            />
            <button
              type="button"
              class="icon-button"
              aria-haspopup="dialog"
              aria-label={text("emoji--open")}
              onClick={(event) => setPicking(event.currentTarget)}
            >
              <Icon name="smile" />
            </button>
          </div>
          {excess > 0 ? (
            <span class="composer-excess" role="status">
              {plural("message--too-long", excess)}
            </span>
          ) : undefined}
        </div>
        {isVisible(draft) || files.length > 0 || mode.kind === "edit" ? (
          <button
            type="submit"
            class="icon-button composer-send"
            aria-label={sendLabel}
            title={sendLabel}
            disabled={!sendable}
          >
            <Icon name={mode.kind === "edit" ? "check" : "send"} />
          </button>
        ) : undefined}
        <FetchedPart later={menus}>
          {({ VoiceNote }) => <VoiceNote conversation={conversation} encrypted={encrypted} />}
        </FetchedPart>
      </div>
      {picking === undefined ? undefined : (
        <FetchedDialog later={menus} onClose={() => setPicking(undefined)}>
          {({ EmojiPicker }) => (
            <EmojiPicker
              emoji={emojiLines}
              opener={picking}
              area={area}
              writing={writing}
              onClose={() => setPicking(undefined)}
            />
          )}
        </FetchedDialog>
      )}
    </form>
  );
}
