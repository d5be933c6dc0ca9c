import { useState } from "preact/hooks";
import { drop } from "../../../worker/shared/drop.ts";
import type { MessageItem } from "../../engine/protocol/conversations.ts";
import { text } from "../../i18n/text.ts";
import { shownName } from "../../words/names.ts";
import { unmarkedWords } from "../../model/message-words.ts";
import type { Conversation } from "../../model/conversation/conversation.ts";

type Properties = {
  readonly quote: NonNullable<MessageItem["quote"]>;
  /** The contact; in a room the quote itself says who it was. */
  readonly name: string | undefined;
  readonly conversation: Conversation;
  readonly stop: boolean;
};

/** What a message answers, above its own words; leads there. */
export function Quote({ quote, name, conversation, stop }: Properties) {
  const [missing, setMissing] = useState(false);
  const author = quote.outgoing
    ? text("message--you")
    : quote.author === undefined
      ? name
      : shownName(quote.author, "?");
  const go = async () => {
    setMissing(quote.key === undefined || !(await conversation.reveal(quote.key)));
  };
  return (
    <blockquote class="quote">
      <button
        type="button"
        class="quote-link"
        tabIndex={stop ? 0 : -1}
        title={text("quote--go")}
        onClick={() => drop(go())}
      >
        {author === undefined ? undefined : (
          <b>
            <bdi>{author}</bdi>
          </b>
        )}
        <q dir="auto">
          {quote.text === undefined
            ? text(quote.gone === true ? "message--quote-gone" : "message--quote-unreadable")
            : unmarkedWords(quote.text)}
        </q>
      </button>
      <small class="quote-missing" role="status">
        {missing ? text("quote--not-here") : undefined}
      </small>
    </blockquote>
  );
}
