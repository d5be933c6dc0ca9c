import { text } from "../../i18n/text.ts";
import type { ShownItem } from "../../model/conversation/corrections.ts";
import { shownName } from "../../words/names.ts";
import { lineOf } from "../../model/message-words.ts";
import type { Mode } from "../../model/conversation/writing.ts";
import { Icon } from "../parts/icon.tsx";

/** What is written, in a few words: an answer to somebody, or another text. */
export function titleOf(mode: Exclude<Mode, { readonly kind: "message" }>, name: string): string {
  if (mode.kind === "edit") return text("writing--edit");
  const { outgoing, author } = mode.to;
  return outgoing
    ? text("writing--answer-self")
    : text("writing--answer", { name: author === undefined ? name : shownName(author.nick, "?") });
}

/** The words that it is about. */
export function wordsOf(item: ShownItem): string {
  return item.body.kind === "text" ? lineOf(item) : "";
}

type Properties = {
  readonly id: string;
  readonly mode: Mode;
  readonly name: string;
  readonly onCancel: () => void;
};

/** Over the words in the composer: what they answer, or that they take the place of others. */
export function WritingBar({ id, mode, name, onCancel }: Properties) {
  if (mode.kind === "message") return null;
  const about = mode.kind === "edit" ? mode.of : mode.to;
  const cancel = text(mode.kind === "edit" ? "writing--cancel-edit" : "writing--cancel-answer");
  return (
    <div class="writing-bar" data-writing={mode.kind}>
      <Icon name={mode.kind === "edit" ? "pencil" : "reply"} />
      <div class="writing-about" id={id}>
        <b>
          <bdi>{titleOf(mode, name)}</bdi>
        </b>
        <p dir="auto">{wordsOf(about)}</p>
      </div>
      <button type="button" class="icon-button" aria-label={cancel} title={cancel} onClick={onCancel}>
        <Icon name="close" />
      </button>
    </div>
  );
}
